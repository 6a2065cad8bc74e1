"""How slow an hour is follows the network that the city goes by at the moment."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from promesa.roads.learning import table_pace
from promesa.roads.learnt import LearntSpeeds, learn
from promesa.roads.network import RoadNetwork
from promesa.roads.speed_sums import SpeedSums
from promesa.roads.traces import EdgePass
from promesa.runtime.road_travel import RoadTravel
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
