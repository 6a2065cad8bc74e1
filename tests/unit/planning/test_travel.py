"""A plan is measured along the map, trip by trip, to where each route ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pytest
from numpy.typing import NDArray

from promesa.domain.fleet import Load
from promesa.kernel.geo import Position
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.travel import DayMap
from promesa.routing.checker import check
from promesa.routing.matrix import NEVER_S
from promesa.routing.plan import RELOAD
from promesa.routing.problem import Depot, Problem, Stop, Vehicle
from promesa.routing.schedule import make_plan
from tests.support.orders_memory import TODAY
from tests.support.straight_roads import StraightRoads

DAY = ServiceDay(TODAY)
# A depot, and two doors north of it, about one and two kilometres away.
POINTS = [Position(lon=-70.65, lat=-33.44 + 0.009 * number) for number in range(3)]


@pytest.mark.parametrize(
    ("sequence", "end_depot", "legs"),
    [
        ((0, 1), 0, 3),
        ((0, RELOAD, 1), 0, 4),
        ((0, RELOAD, 1), None, 3),
        ((0, 1), None, 2),
    ],
)
def test_every_leg_that_is_driven_has_its_way(
    sequence: tuple[int, ...], end_depot: int | None, legs: int
) -> None:
    day_map = DayMap.between(POINTS, DAY, StraightRoads(), start_s=28_800, end_s=64_800)
    van = Vehicle(
        id="V-1",
        start_depot=0,
        end_depot=end_depot,
        capacity=Load(parcels=9),
        shift_start_s=28_800,
        shift_end_s=64_800,
        km_cost_clp=100,
        trips_max=2,
        loading_time_s=600,
    )
    problem = Problem(
        travel=day_map.travel,
        depots=(Depot(id="CD", location=0),),
        vehicles=(van,),
        stops=(Stop(id="a", location=1), Stop(id="b", location=2)),
    )
    driven = day_map.driven(problem, make_plan(problem, {0: sequence}))
    (route,), (ways,) = driven.plan.routes, driven.ways
    assert len(ways) == legs
    assert route.sequence == sequence
    assert route.distance_m == sum(way.distance_m for way in ways if way is not None)
    assert check(driven.problem, driven.plan) == ()


class MarketRoads(StraightRoads):
    """Straight roads on which a street market keeps everybody from the last place until ten."""

    def matrix(self, points: Sequence[Position], departure: datetime | None) -> NDArray[np.int32]:
        seconds = super().matrix(points, departure)
        if departure is not None and departure < DAY.instant_at(36_000):
            seconds[:-1, -1] = seconds[-1, :-1] = -1
        return seconds

    def special(self, departure: datetime | None) -> bool:
        return departure is not None and departure < DAY.instant_at(36_000)


def test_a_place_closed_at_the_first_hour_is_as_far_as_ever_at_the_others() -> None:
    day_map = DayMap.between(POINTS, DAY, MarketRoads(), start_s=28_800, end_s=64_800)
    assert day_map.travel.travel_s(0, 2, 28_800) == NEVER_S
    assert day_map.travel.travel_s(0, 2, 43_200) < NEVER_S
    assert day_map.travel.distance_m(0, 2, 43_200) < 5_000
