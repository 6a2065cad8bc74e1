"""How slow an hour is follows the network that the city goes by at the moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from promesa.domain.fleet import Vehicle, VehicleKind
from promesa.kernel.geo import distance_m
from promesa.roads.learning import table_pace
from promesa.roads.learnt import LearntSpeeds, learn
from promesa.roads.live import DISPATCHER, FLEET
from promesa.roads.network import RoadNetwork
from promesa.roads.overlay import CLOSED_KPH, LiveOverlay, LiveSpeed
from promesa.roads.speed_sums import SpeedSums
from promesa.roads.traces import EdgePass
from promesa.runtime.road_travel import RoadTravel
from tests.support.dispatch_memory import VAN
from tests.support.straight_roads import SPEED_MPS, StraightRoads
from tests.support.towns import Street, Town

TUESDAY = datetime(2026, 11, 24, 11, 30, tzinfo=UTC)
# A block as wide as the trips that are asked for.
TOWN = Town(
    junctions={"a": (-20, -20), "b": (20, -20), "c": (20, 20), "d": (-20, 20)},
    streets=(Street(along="abcda"),),
)


def learnt_at_walking_pace(network: RoadNetwork) -> LearntSpeeds:
    graph = network.graph
    passes = [
        EdgePass(edge=edge, at=TUESDAY, length_m=1000.0, elapsed_s=720.0)
        for edge in range(len(graph.edge_segment))
        for _ in range(200)
    ]
    return learn(
        SpeedSums.of(passes),
        road_class=graph.segment_class[graph.edge_segment],
        table_pace=table_pace(network),
        version=1,
        days=(date(2026, 11, 24),),
        traces=1,
        graph_key="",
    )


def test_what_a_night_taught_is_in_how_slow_an_hour_is(tmp_path: Path) -> None:
    network = TOWN.network(tmp_path)
    by_now = [network]
    travel = RoadTravel(lambda: by_now[-1], TOWN.at(0, 0))
    before = travel.slowness(TUESDAY)
    by_now.append(network.with_learnt(learnt_at_walking_pace(network)))
    fresh = RoadTravel(lambda: by_now[-1], TOWN.at(0, 0)).slowness(TUESDAY)
    assert fresh > 1.5 * before
    assert travel.slowness(TUESDAY) == pytest.approx(fresh)


def test_a_truck_goes_round_a_street_that_is_closed_to_it(tmp_path: Path) -> None:
    town = Town(
        junctions={"a": (0, 0), "b": (2, 0), "c": (2, 2), "d": (0, 2)},
        streets=(Street(along="ab", tags={"hgv": "no"}), Street(along="adcb")),
    )
    network = town.network(tmp_path)
    travel = RoadTravel(lambda: network, town.at(1, 1))
    ends = town.at(0, 0.5), town.at(2, 0.5)
    van_s, truck_s = (
        travel.of(replace(VAN, kind=kind)).leg_s(*ends, TUESDAY)
        for kind in (VehicleKind.VAN, VehicleKind.TRUCK)
    )
    assert van_s == travel.leg_s(*ends, TUESDAY)
    assert truck_s > van_s


def test_a_bicycle_has_streets_of_its_own_and_no_queues(tmp_path: Path) -> None:
    network = TOWN.network(tmp_path)
    ends = TOWN.at(-20, -20), TOWN.at(20, -20)
    bicycle = replace(VAN, kind=VehicleKind.BICYCLE)
    without = RoadTravel(lambda: network, TOWN.at(0, 0))
    assert without.of(bicycle).leg_s(*ends, TUESDAY) == without.leg_s(*ends, TUESDAY)
    straight = cast("Any", StraightRoads)
    travel = RoadTravel(lambda: network, TOWN.at(0, 0), straight)
    assert travel.of(bicycle).leg_s(*ends, TUESDAY) == round(distance_m(*ends) / SPEED_MPS)
    assert travel.of(bicycle).slowness(TUESDAY) == 1.0


# A street of 184 m, and 628 m round the block.
BLOCK = Town(
    junctions={"a": (0, 0), "b": (2, 0), "c": (2, 2), "d": (0, 2)},
    streets=(Street(along="ab"), Street(along="adcb")),
)
ENDS = BLOCK.at(0, 0.5), BLOCK.at(2, 0.5)


def live_on_ab(
    network: RoadNetwork, kph: float = CLOSED_KPH, source: str = DISPATCHER
) -> LiveOverlay:
    """Something live on the street from a to b, from 11:30 to 12:30."""
    edges = [
        edge
        for edge in range(network.graph.edge_count)
        if network.graph.segment_way[network.graph.edge_segment[edge]] == 100
    ]
    spans = {"start": TUESDAY, "end": TUESDAY + timedelta(hours=1)}
    return LiveOverlay(
        tuple(LiveSpeed(edge=edge, speed_kph=kph, source=source, **spans) for edge in edges)
    )


@pytest.mark.parametrize("vehicle", [None, VAN, replace(VAN, kind=VehicleKind.TRUCK)])
def test_a_way_over_a_marked_street_is_longer_while_the_mark_stands(
    tmp_path: Path, vehicle: Vehicle | None
) -> None:
    network = BLOCK.network(tmp_path)
    travel = RoadTravel(lambda: network, BLOCK.at(1, 1)).of(vehicle)
    usual_s = travel.leg_s(*ENDS, TUESDAY)
    assert travel.marked_leg_s(*ENDS, TUESDAY) is None
    network.set_live(live_on_ab(network))
    assert (travel.marked_leg_s(*ENDS, TUESDAY) or 0) > usual_s
    network.set_live(live_on_ab(network, kph=3.0))
    assert (travel.marked_leg_s(*ENDS, TUESDAY) or 0) > usual_s
    assert travel.marked_leg_s(*ENDS, TUESDAY + timedelta(hours=2)) is None
    assert travel.marked_leg_s(BLOCK.at(2, 0.5), BLOCK.at(2, 1.5), TUESDAY) is None
    network.set_live(live_on_ab(network, kph=3.0, source=FLEET))
    assert travel.marked_leg_s(*ENDS, TUESDAY) is None


def test_marks_are_asked_of_the_roads_once_though_the_fleet_tells_other_speeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = BLOCK.network(tmp_path)
    travel = RoadTravel(lambda: network, BLOCK.at(1, 1))
    asked = []
    path = RoadNetwork.path

    def counted(self: RoadNetwork, *way: Any) -> Any:
        asked.append(way)
        return path(self, *way)

    monkeypatch.setattr(RoadNetwork, "path", counted)
    marks = live_on_ab(network).speeds
    for kph in (20.0, 30.0):
        # The street left of the block, whose own edges come after.
        seen = LiveSpeed(
            edge=network.graph.edge_count - 1,
            speed_kph=kph,
            start=TUESDAY,
            end=TUESDAY + timedelta(hours=1),
            source=FLEET,
        )
        network.set_live(LiveOverlay((*marks, seen)))
        for _ in range(3):
            travel.marked_leg_s(*ENDS, TUESDAY)
    # With the mark and without it.
    assert len(asked) == 2
