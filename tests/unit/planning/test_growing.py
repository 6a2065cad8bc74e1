"""Places added one by one are held as a matrix of them all would hold them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from promesa.kernel.geo import Position
from promesa.kernel.serviceday import ServiceDay
from promesa.planning import growing
from promesa.planning.growing import GrowingTravel
from promesa.planning.travel import detour_metres
from promesa.roads.network import RoadNetwork
from promesa.routing.matrix import UNREACHABLE
from tests.support.orders_memory import TODAY
from tests.support.towns import Street, Town

# One way round a block: there and back differ.
RING = Town(
    junctions={"a": (0, 0), "b": (1, 0), "e": (1, 1), "d": (0, 1)},
    streets=(Street(along="abeda", tags={"oneway": "yes"}),),
)
DAY = ServiceDay(TODAY)
HOURS_S = (8 * 3_600, 13 * 3_600)
FAR = Position(lon=-60.0, lat=-20.0)


def doors() -> list[Position]:
    return [RING.at(0.3, 0), RING.at(1, 0.4), RING.at(0.6, 1), RING.at(0, 0.5), FAR]


def whole(network: RoadNetwork, points: list[Position]) -> np.ndarray:
    squares = [network.matrix(points, DAY.instant_at(hour_s)) for hour_s in HOURS_S]
    stacked = np.stack(squares)
    for square in stacked:
        np.fill_diagonal(square, 0)
    return stacked


@pytest.mark.parametrize("spare", [1, 2, 64])
def test_places_added_one_by_one_have_the_times_of_the_whole_matrix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spare: int
) -> None:
    monkeypatch.setattr(growing, "SPARE_ROWS", spare)
    network, points = RING.network(tmp_path), doors()
    held = GrowingTravel(points[:2], DAY, network, HOURS_S)
    before = held.travel
    assert [held.location_of(point) for point in points] == [0, 1, 2, 3, 4]
    seconds = whole(network, points)
    assert np.array_equal(held.travel.seconds, seconds)
    assert np.array_equal(held.travel.metres[1], detour_metres(points, seconds[0]))
    assert held.travel.departures_s == HOURS_S
    # Who asked before is not disturbed.
    assert before.locations == 2
    assert np.array_equal(before.seconds, seconds[:, :2, :2])


def test_a_place_that_is_held_is_not_added_again(tmp_path: Path) -> None:
    held = GrowingTravel(doors()[:3], DAY, RING.network(tmp_path), HOURS_S)
    assert held.location_of(doors()[1]) == 1
    assert held.travel.locations == 3


def test_a_place_off_the_streets_is_out_of_reach(tmp_path: Path) -> None:
    held = GrowingTravel(doors()[:2], DAY, RING.network(tmp_path), HOURS_S)
    far = held.location_of(FAR)
    assert held.travel.seconds[0, 0, far] == UNREACHABLE
    assert held.travel.metres[0, far, 0] == UNREACHABLE
