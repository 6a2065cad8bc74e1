"""Traces matched to the streets they drove on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from promesa.roads.matching import Matcher
from promesa.roads.network import RoadNetwork
from promesa.roads.profiles import CLASS_INDEX
from promesa.roads.traces import TraceFix
from tests.support.towns import Street, Town

# d---e---f
# |   |   |
# a---b---c
TOWN = Town(
    junctions={"a": (0, 0), "b": (3, 0), "c": (6, 0), "d": (0, 3), "e": (3, 3), "f": (6, 3)},
    streets=(
        Street(along="abc"),
        Street(along="def"),
        Street(along="ad"),
        Street(along="be"),
        Street(along="cf"),
    ),
)
START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def fixes(places: list[tuple[float, float]], every_s: float = 10) -> list[TraceFix]:
    return [
        TraceFix(time=START + timedelta(seconds=every_s * index), position=TOWN.at(*place))
        for index, place in enumerate(places)
    ]


@pytest.fixture
def network(tmp_path: Path) -> RoadNetwork:
    return TOWN.network(tmp_path)


def test_a_noisy_drive_round_a_corner_is_put_on_its_two_streets(network: RoadNetwork) -> None:
    trace = fixes([(0.5, 0.1), (1.5, -0.1), (2.5, 0.1), (3.1, 0.6), (2.9, 1.6), (3.1, 2.5)])
    found = Matcher(network).match(trace)
    path = network.path(TOWN.at(0.5, 0), TOWN.at(3, 2.5), None)
    assert found.edges == path.edges
    assert found.share_matched == 1


def test_the_speed_on_a_street_is_metres_by_seconds(network: RoadNetwork) -> None:
    found = Matcher(network).match(fixes([(0.5, 0), (1.5, 0), (2.5, 0)]))
    # A column is 92.8 m: 9.28 m/s.
    (speed_kph,) = found.speeds_kph
    assert speed_kph == pytest.approx(33.4, abs=0.2)


def test_a_fix_in_the_fields_is_not_matched(network: RoadNetwork) -> None:
    found = Matcher(network).match(fixes([(0.5, 0), (1.5, 1.5), (1.5, 0), (2.5, 0)]))
    assert found.share_matched == 0.75


def test_a_standing_van_drives_nowhere(network: RoadNetwork) -> None:
    found = Matcher(network).match(fixes([(1.5, 0), (1.52, 0.02), (1.49, 0.01), (1.51, 0)]))
    assert len(found.edges) == 1
    assert found.share_matched == 1


def test_an_empty_trace_matches_nothing(network: RoadNetwork) -> None:
    assert Matcher(network).match([]).edges == ()


def test_a_van_that_turns_at_a_door_drives_both_sides_of_the_street(network: RoadNetwork) -> None:
    # East along a-b to a door at 2.0, then back west: no junction lies between.
    found = Matcher(network).match(fixes([(0.5, 0), (1.2, 0), (2.0, 0), (1.3, 0), (0.5, 0)]))
    assert len(found.edges) == 2
    assert network.graph.edge_twin[found.edges[0]] == found.edges[1]


def test_a_fast_van_is_on_the_motorway_and_not_on_the_lane_beside_it(tmp_path: Path) -> None:
    # The noise lies nearer to the lane, but nobody drives 100 km/h there.
    town = Town(
        junctions={
            "a": (0, 0), "b": (9, 0), "c": (18, 0), "d": (0, 0.2), "e": (9, 0.2), "f": (18, 0.2),
        },
        streets=(
            Street(along="abc", tags={"highway": "motorway", "oneway": "yes"}),
            Street(along="def", tags={"highway": "living_street", "oneway": "yes"}),
            Street(along="cf"),
            Street(along="da"),
        ),
    )  # fmt: skip
    network = town.network(tmp_path)
    # A column is 92.8 m: three columns in 10 s are 100 km/h.
    trace = fixes([(1, 0.12), (4, 0.11), (7, 0.12), (10, 0.11), (13, 0.12)])
    found = Matcher(network).match(trace)
    classes = {int(network.graph.segment_class[network.graph.edge_segment[e]]) for e in found.edges}
    assert classes == {CLASS_INDEX["motorway"]}


def test_the_seconds_of_a_trace_are_all_spent_on_its_edges(network: RoadNetwork) -> None:
    trace = fixes([(0.5, 0.1), (1.5, -0.1), (2.5, 0.1), (3.1, 0.6), (2.9, 1.6), (3.1, 2.5)])
    drives = Matcher(network).match(trace).drives
    assert sum(drive.elapsed_s for drive in drives) == pytest.approx(50)
    assert all(0 <= drive.turning_s <= drive.elapsed_s for drive in drives)
    assert [drive.entered_at for drive in drives] == sorted(drive.entered_at for drive in drives)
