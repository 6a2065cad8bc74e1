"""From which side of the street a stop is reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from promesa.roads.network import RoadNetwork
from promesa.roads.snapping import Kerb
from tests.support.towns import Street, Town

# d---e---f
# |   |   |     abc is an avenue, drawn from a to c; the others are side streets
# a---b---c
TOWN = Town(
    junctions={"a": (0, 0), "b": (1, 0), "c": (2, 0), "d": (0, 1), "e": (1, 1), "f": (2, 1)},
    streets=(
        Street(along="abc", tags={"highway": "primary"}),
        Street(along="def"),
        Street(along="ad"),
        Street(along="be"),
        Street(along="cf"),
    ),
)
# 0.06 of the grid are 7 m.
SOUTH, NORTH, MIDDLE = TOWN.at(1.5, -0.06), TOWN.at(1.5, 0.06), TOWN.at(1.5, 0.01)
WEST = TOWN.at(0.5, -0.06)


@pytest.fixture(name="network")
def _network(tmp_path: Path) -> RoadNetwork:
    return TOWN.network(tmp_path)


def headings(network: RoadNetwork, kerb: Kerb, column: float, row: float) -> list[bool]:
    """For each edge of the place whether it is driven the way it was drawn."""
    snap = network.with_kerb(kerb).snap(TOWN.at(column, row))
    assert snap is not None
    return [not bool(network.graph.edge_is_reverse[edge]) for edge in snap.edges]


@pytest.mark.parametrize(
    ("kerb", "row", "expected"),
    [
        (Kerb.ANY, -0.06, [True, False]),
        (Kerb.AVENUES, -0.06, [True]),
        (Kerb.AVENUES, 0.06, [False]),
        # Too near the middle to tell.
        (Kerb.AVENUES, 0.01, [True, False]),
        (Kerb.EVERY, -0.06, [True]),
    ],
)
def test_on_an_avenue_the_side_of_the_stop_tells_the_direction(
    network: RoadNetwork, kerb: Kerb, row: float, expected: list[bool]
) -> None:
    assert headings(network, kerb, 1.5, row) == expected


def test_a_side_street_is_crossed_on_foot_unless_every_kerb_counts(network: RoadNetwork) -> None:
    assert headings(network, Kerb.AVENUES, 1.5, 1.06) == [True, False]
    assert headings(network, Kerb.EVERY, 1.5, 1.06) == [False]


def test_a_stop_across_the_avenue_is_driven_to_round_the_block(network: RoadNetwork) -> None:
    crossing = network.path(WEST, NORTH, None)
    driving = network.with_kerb(Kerb.AVENUES).path(WEST, NORTH, None)
    assert driving.distance_m > crossing.distance_m + 200
    same_side = network.with_kerb(Kerb.AVENUES).path(WEST, SOUTH, None)
    assert same_side.distance_m == crossing.distance_m


def test_a_matrix_of_many_points_keeps_to_the_kerb_too(
    network: RoadNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = network.with_kerb(Kerb.EVERY)
    points = [WEST, NORTH, SOUTH, MIDDLE, TOWN.at(0.06, 0.5)]
    pairs = strict.matrix(points, None).tolist()
    monkeypatch.setattr("promesa.roads.network._PAIRS_POINTS_MAX", 0)
    assert strict.matrix(points, None).tolist() == pairs
