"""Times and paths on towns small enough to check by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest

from promesa.kernel.geo import Position, distance_m
from promesa.roads.network import UNREACHABLE, RoadNetwork, UnreachableError
from tests.support.towns import Street, Town

# d---e---f
# |   |   |     two-way streets, 92 m east and 111 m north
# a---b---c
BLOCKS = Town(
    junctions={"a": (0, 0), "b": (1, 0), "c": (2, 0), "d": (0, 1), "e": (1, 1), "f": (2, 1)},
    streets=(
        Street(along="abc", tags={"name": "Sur"}),
        Street(along="def", tags={"name": "Norte"}),
        Street(along="ad"),
        Street(along="be"),
        Street(along="cf"),
    ),
)
# The same, round one block one way only:  a→b→e→d→a
RING = Town(
    junctions={"a": (0, 0), "b": (1, 0), "e": (1, 1), "d": (0, 1)},
    streets=(Street(along="abeda", tags={"oneway": "yes"}),),
)
WORKDAY_8 = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
WORKDAY_14 = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


def points_of(town: Town) -> list[Position]:
    places = [(0.3, 0.0), (0.6, 0.0), (1.7, 0.0), (0.0, 0.4), (1.0, 0.8), (1.2, 1.0), (2.0, 0.5)]
    return [town.at(column, row) for column, row in places]


@pytest.mark.parametrize("town", [BLOCKS, RING], ids=["blocks", "ring"])
def test_matrix_and_path_agree_to_the_second_and_metre(tmp_path: Path, town: Town) -> None:
    network = town.network(tmp_path)
    points = points_of(town)
    matrix = network.matrix_with_distances(points, WORKDAY_8)
    for (i, origin), (j, destination) in product(enumerate(points), repeat=2):
        path = network.path(origin, destination, WORKDAY_8)
        assert path.duration_s == matrix.duration_s[i, j]
        assert path.distance_m == matrix.distance_m[i, j]
    assert np.array_equal(matrix.duration_s, network.matrix(points, WORKDAY_8))


def test_a_path_is_as_long_as_its_drawing(tmp_path: Path) -> None:
    path = BLOCKS.network(tmp_path).path(BLOCKS.at(0.3, 0), BLOCKS.at(2, 0.5), None)
    places = path.geometry
    drawn_m = sum(distance_m(*pair) for pair in pairwise(places))
    assert path.distance_m == pytest.approx(drawn_m, abs=1)


def test_going_back_on_a_one_way_street_means_going_round_the_block(tmp_path: Path) -> None:
    network = RING.network(tmp_path)
    ahead = network.path(RING.at(0.3, 0), RING.at(0.6, 0), None)
    back = network.path(RING.at(0.6, 0), RING.at(0.3, 0), None)
    block_m = 2 * distance_m(RING.at(0, 0), RING.at(1, 0)) + 2 * distance_m(
        RING.at(0, 0), RING.at(0, 1)
    )
    assert back.distance_m == pytest.approx(block_m - ahead.distance_m, abs=2)


def test_going_back_on_a_two_way_street_takes_the_other_lane(tmp_path: Path) -> None:
    network = BLOCKS.network(tmp_path)
    there = network.path(BLOCKS.at(0.3, 0), BLOCKS.at(0.6, 0), None)
    back = network.path(BLOCKS.at(0.6, 0), BLOCKS.at(0.3, 0), None)
    assert (back.distance_m, back.duration_s) == (there.distance_m, there.duration_s)


def test_a_trip_takes_longer_at_eight_than_at_two(tmp_path: Path) -> None:
    network = BLOCKS.network(tmp_path)
    ends = BLOCKS.at(0.3, 0), BLOCKS.at(2, 0.9)
    at_8, at_14 = (network.path(*ends, hour).duration_s for hour in (WORKDAY_8, WORKDAY_14))
    assert at_8 > at_14


def test_a_forbidden_turn_is_driven_around(tmp_path: Path) -> None:
    # From Sur into be is forbidden at b, coming from a.
    town = Town(
        junctions=BLOCKS.junctions,
        streets=(Street(along="ab"), Street(along="bc"), *BLOCKS.streets[1:]),
        restrictions=(("no_left_turn", 0, "b", 4),),
    )
    (tmp_path / "free").mkdir()
    (tmp_path / "ruled").mkdir()
    ends = town.at(0.5, 0), town.at(1, 0.5)
    free = BLOCKS.network(tmp_path / "free").path(*ends, None)
    ruled = town.network(tmp_path / "ruled").path(*ends, None)
    assert free.distance_m == pytest.approx(46 + 56, abs=2)
    # Back over a and d to e, then down: 46 + 111 + 93 + 56 m.
    assert ruled.distance_m == pytest.approx(46 + 111 + 93 + 56, abs=2)


def test_an_only_restriction_forbids_the_other_turns(tmp_path: Path) -> None:
    town = Town(
        junctions=BLOCKS.junctions,
        streets=(Street(along="ab"), Street(along="bc"), *BLOCKS.streets[1:]),
        restrictions=(("only_straight_on", 0, "b", 1),),
    )
    path = town.network(tmp_path).path(town.at(0.5, 0), town.at(1, 0.5), None)
    assert path.distance_m == pytest.approx(46 + 111 + 93 + 56, abs=2)


def test_a_bollard_closes_the_street(tmp_path: Path) -> None:
    town = Town(
        junctions={**BLOCKS.junctions, "x": (0.5, 0)},
        streets=(Street(along="axbc"), *BLOCKS.streets[1:]),
        node_tags={"x": {"barrier": "bollard"}},
    )
    path = town.network(tmp_path).path(town.at(0.4, 0), town.at(0.6, 0), None)
    assert path.distance_m == pytest.approx(2 * (37 + 111) + 93 + 20 - 2, abs=20)


def test_nobody_is_put_on_a_street_without_a_way_back(tmp_path: Path) -> None:
    # A one-way street g←h points into the town from nowhere: it can be left, never reached.
    town = Town(
        junctions={**BLOCKS.junctions, "h": (0, -2)},
        streets=(*BLOCKS.streets, Street(along="ha", tags={"oneway": "yes"})),
    )
    network = town.network(tmp_path)
    snap = network.snap(town.at(0, -1))
    assert snap is not None
    assert snap.gap_m == pytest.approx(distance_m(town.at(0, -1), town.at(0, 0)), abs=1)


def test_a_point_far_from_every_street_is_unreachable(tmp_path: Path) -> None:
    network = BLOCKS.network(tmp_path)
    near, far = BLOCKS.at(0.5, 0), BLOCKS.at(0.5, -20)
    matrix = network.matrix_with_distances([near, far, near], None)
    assert matrix.duration_s[:, 1].tolist() == [UNREACHABLE] * 3
    assert matrix.distance_m[1].tolist() == [UNREACHABLE] * 3
    assert matrix.duration_s[0, 2] == 0
    with pytest.raises(UnreachableError):
        network.path(near, far, None)


def test_a_naive_departure_is_refused(tmp_path: Path) -> None:
    network: RoadNetwork = BLOCKS.network(tmp_path)
    with pytest.raises(ValueError, match="offset"):
        network.matrix(points_of(BLOCKS), WORKDAY_8.replace(tzinfo=None))


def test_no_points_make_an_empty_matrix(tmp_path: Path) -> None:
    assert BLOCKS.network(tmp_path).matrix([], None).shape == (0, 0)


@pytest.mark.parametrize("town", [BLOCKS, RING], ids=["blocks", "ring"])
def test_one_more_point_gets_the_row_and_column_the_whole_matrix_would_have(
    tmp_path: Path, town: Town
) -> None:
    network = town.network(tmp_path)
    points = [*points_of(town), town.at(0.5, -20)]
    whole = network.matrix(points, WORKDAY_8)
    for new in range(len(points)):
        others = [place for place in range(len(points)) if place != new]
        places = network.places([points[place] for place in others])
        found = network.row_and_column(places, points[new], WORKDAY_8)
        assert found.row_s.tolist() == whole[new, others].tolist()
        assert found.column_s.tolist() == whole[others, new].tolist()
        assert found.places.count == len(points)


def test_points_may_be_appended_one_by_one(tmp_path: Path) -> None:
    network = BLOCKS.network(tmp_path)
    points = points_of(BLOCKS)
    places = network.places([])
    grown = np.zeros((0, 0), dtype=np.int32)
    for point in points:
        found = network.row_and_column(places, point, WORKDAY_8)
        grown = np.block(
            [[grown, found.column_s[:, None]], [found.row_s[None, :], np.zeros((1, 1), np.int32)]]
        )
        places = found.places
    assert np.array_equal(grown, network.matrix(points, WORKDAY_8))
