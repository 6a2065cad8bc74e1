"""What is known of streets right now, over the table: slow, closed, and when it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from promesa.roads.network import UNREACHABLE, RoadNetwork, UnreachableError
from promesa.roads.overlay import LiveOverlay, LiveSpeed, LiveSpeedError, both_ways
from promesa.roads.snapping import Snap
from tests.support.towns import Street, Town

# d---e---f
# |   |   |     two-way streets, 92 m east and 111 m north
# a---b---c---g     g is a dead end
BLOCKS = Town(
    junctions={
        "a": (0, 0),
        "b": (1, 0),
        "c": (2, 0),
        "d": (0, 1),
        "e": (1, 1),
        "f": (2, 1),
        "g": (3, 0),
    },
    streets=(
        Street(along="ab"),
        Street(along="bc"),
        Street(along="def"),
        Street(along="ad"),
        Street(along="be"),
        Street(along="cf"),
        Street(along="cg"),
    ),
)
AT_9_10 = datetime(2026, 11, 23, 12, 10, tzinfo=UTC)
AT_15 = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
WEST, EAST, END = BLOCKS.at(0.5, 0), BLOCKS.at(1.9, 0), BLOCKS.at(2.9, 0)
MIDDLE = BLOCKS.at(1.5, 0)


def live(
    edges: list[int], *, kph: float = 0.0, start: datetime = AT_9_10, minutes: int = 30
) -> LiveOverlay:
    end = start + timedelta(minutes=minutes)
    return LiveOverlay(
        tuple(
            LiveSpeed(edge=edge, speed_kph=kph, start=start, end=end, source="dispatcher")
            for edge in edges
        )
    )


def snapped(network: RoadNetwork, column: float, row: float) -> Snap:
    snap = network.snap(BLOCKS.at(column, row))
    assert snap is not None
    return snap


@pytest.fixture(name="network")
def _network(tmp_path: Path) -> RoadNetwork:
    return BLOCKS.network(tmp_path)


def street_bc(network: RoadNetwork) -> list[int]:
    return list(snapped(network, 1.5, 0).edges)


def test_a_closed_street_is_driven_around(network: RoadNetwork) -> None:
    network.set_live(live(street_bc(network)))
    open_m = network.path(WEST, END, AT_15).distance_m
    assert network.path(WEST, END, AT_9_10).distance_m == pytest.approx(open_m + 2 * 111, abs=3)


def test_a_closed_street_is_unreachable_and_not_slow(network: RoadNetwork) -> None:
    dead_end = list(snapped(network, 2.5, 0).edges)
    closed = network.with_live(live(dead_end))
    matrix = closed.matrix_with_distances([WEST, EAST, END], AT_9_10)
    assert matrix.duration_s[:2, 2].tolist() == [UNREACHABLE, UNREACHABLE]
    assert matrix.distance_m[:2, 2].tolist() == [UNREACHABLE, UNREACHABLE]
    assert matrix.duration_s[0, 1] > 0
    with pytest.raises(UnreachableError):
        closed.path(WEST, END, AT_9_10)


def test_a_van_that_stands_on_a_closed_street_may_leave_it(network: RoadNetwork) -> None:
    closed = network.with_live(live(street_bc(network)))
    seconds = closed.matrix([MIDDLE, EAST, WEST], AT_9_10)
    assert seconds[0, 0] == 0
    assert seconds[0, 2] > 0
    # Nobody drives along it either, not even from one door to the next.
    assert seconds[0, 1] == UNREACHABLE


def test_one_direction_may_be_closed_alone(network: RoadNetwork) -> None:
    eastward, westward = street_bc(network)
    closed = network.with_live(live([eastward]))
    there, back = closed.path(WEST, EAST, AT_9_10), closed.path(EAST, WEST, AT_9_10)
    # Into the closed one's other side: over e and f and c, back west along it.
    assert there.distance_m > back.distance_m
    assert eastward not in there.edges
    assert westward in there.edges


def test_a_live_speed_is_driven_as_told(network: RoadNetwork) -> None:
    edges = street_bc(network)
    points = [BLOCKS.at(1.1, 0), BLOCKS.at(1.9, 0)]
    seconds = network.with_live(live(edges, kph=5.0)).matrix(points, AT_9_10)
    expected_s = 0.8 * network.graph.segment_length_m[network.graph.edge_segment[edges[0]]] / 5
    assert seconds[0, 1] == pytest.approx(expected_s * 3.6, abs=1)


def test_a_jam_of_the_morning_says_nothing_of_the_afternoon(network: RoadNetwork) -> None:
    points = [WEST, MIDDLE, END]
    before = network.matrix(points, AT_15)
    network.set_live(live(street_bc(network)))
    assert np.array_equal(network.matrix(points, AT_15), before)
    network.set_live(live(street_bc(network), minutes=6 * 60))
    assert network.matrix(points, AT_15)[0, 1] == UNREACHABLE


@pytest.mark.parametrize(
    ("departure", "holds"),
    [
        (AT_9_10 - timedelta(minutes=10), True),
        (AT_9_10 - timedelta(minutes=11), False),
        (AT_9_10 + timedelta(minutes=49), True),
        (AT_9_10 + timedelta(minutes=50), False),
    ],
)
def test_an_entry_counts_for_every_half_hour_it_touches(
    departure: datetime, *, holds: bool
) -> None:
    assert (live([3]).at(departure) is not None) == holds


def test_a_closure_wins_and_then_the_last_one_told() -> None:
    overlay = LiveOverlay(
        (*live([1, 2], kph=20.0).speeds, *live([2]).speeds, *live([1, 2], kph=9.0).speeds)
    )
    found = overlay.at(AT_9_10)
    assert found is not None
    assert (found.edges.tolist(), found.speed_kph.tolist()) == ([1, 2], [9.0, 0.0])


def test_what_is_over_is_left_out() -> None:
    overlay = LiveOverlay((*live([1]).speeds, *live([2], minutes=60).speeds))
    left = overlay.since(AT_9_10 + timedelta(minutes=30))
    assert [speed.edge for speed in left.speeds] == [2]


def test_the_same_news_twice_make_one_metric(network: RoadNetwork) -> None:
    network.set_live(live(street_bc(network)))
    first = network.metric(AT_9_10)
    network.set_live(live(street_bc(network)))
    assert network.metric(AT_9_10 + timedelta(minutes=5)) is first


def test_another_overlay_leaves_the_network_it_was_made_from(network: RoadNetwork) -> None:
    before = network.path(WEST, END, AT_9_10)
    network.with_live(live(street_bc(network)))
    assert network.path(WEST, END, AT_9_10) == before


@pytest.mark.parametrize("kph", [-1.0, 0.5, 400.0, float("nan")])
def test_an_impossible_speed_is_refused(kph: float) -> None:
    with pytest.raises(LiveSpeedError):
        live([1], kph=kph)


def test_an_edge_that_is_not_there_is_refused(network: RoadNetwork) -> None:
    with pytest.raises(LiveSpeedError):
        network.with_live(live([network.graph.edge_count])).metric(AT_9_10)


def test_a_street_is_its_edges_both_ways(network: RoadNetwork) -> None:
    edges = street_bc(network)
    segment = int(network.graph.edge_segment[edges[0]])
    assert both_ways(network.graph, [segment]) == sorted(edges)
