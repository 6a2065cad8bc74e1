from __future__ import annotations

import random
from dataclasses import replace
from typing import ClassVar

from promesa.domain.fleet import Load
from promesa.routing.checker import check
from promesa.routing.matrix import Matrix
from promesa.routing.params import DEFAULT_PARAMS, RoutingParams
from promesa.routing.plan import RELOAD
from promesa.routing.problem import Bond, Break
from promesa.routing.repair import idle_routes, repaired
from promesa.routing.solver import make_plan
from tests.support.routing_days import MINUTE_S, at, day, line, stop, van, window


def test_what_breaks_at_the_real_hour_moves_to_another_van() -> None:
    """At the mean of the day both fit in one van; by 09:00 the roads take three times as long."""
    travel = line(range(41), factors=[1.0, 3.0], hours=[8, 9])
    stops = [stop(20, windows=(window(0, 30),)), stop(40, windows=(window(0, 50),))]
    problem = day(stops, [van("V-1"), van("V-2")], travel=travel)
    assert repaired(problem, [(0, (0, 1))], DEFAULT_PARAMS) == {0: (0,), 1: (1,)}


def test_one_stop_too_many_is_left_out_when_there_is_no_other_van() -> None:
    room = Load(parcels=1, weight_g=9_000, volume_ml=90_000)
    problem = day([stop(5), stop(6)], [van(capacity=room)])
    kept = repaired(problem, [(0, (0, 1))], DEFAULT_PARAMS)
    assert [len(stops) for stops in kept.values()] == [1]


def test_a_van_without_the_skill_gives_the_stop_to_one_that_has_it() -> None:
    cold = frozenset({"cold"})
    problem = day([stop(5, skills=cold)], [van("V-1"), van("V-2", skills=cold)])
    assert repaired(problem, [(0, (0,))], DEFAULT_PARAMS) == {1: (0,)}


def test_no_van_leaves_for_less_than_it_costs() -> None:
    problem = day([stop(5)])
    assert repaired(problem, [], RoutingParams(unserved_price_clp=9_000)) == {}
    assert repaired(problem, [], RoutingParams(unserved_price_clp=20_000)) == {0: (0,)}


def test_idle_vans_of_a_kind_count_once_unless_a_stop_is_pinned_to_one() -> None:
    vans = [van("V-1"), van("V-2"), van("V-3", shift_end_s=at(300))]
    assert [route.vehicle for route in idle_routes(day([stop(1)], vans), [])] == [0, 2]
    pinned = day([stop(1, pinned_vehicle="V-2")], vans)
    assert [route.vehicle for route in idle_routes(pinned, [])] == [0, 1, 2]


class CountedMatrix(Matrix):
    """Counts how often a time is asked for."""

    __slots__ = ()
    asked: ClassVar[list[int]] = [0]

    def travel_s(self, origin: int, destination: int, departure_s: int) -> int:
        """Seconds, counted."""
        self.asked[0] += 1
        return super().travel_s(origin, destination, departure_s)


def test_far_too_few_vans_are_filled_without_asking_the_map_for_ever() -> None:
    """Three vans hold some 150 of 200 stops; the roads are twice as slow from nine o'clock."""
    rng = random.Random(3)
    travel = line([0, *(rng.randint(1, 60) for _ in range(200))], factors=[1.0, 2.0], hours=[8, 9])
    counted = CountedMatrix(travel.seconds, travel.metres, travel.departures_s)
    roomy = Load(parcels=500, weight_g=10**9, volume_ml=10**9)
    vans = [van(f"V-{number}", capacity=roomy) for number in range(3)]
    stops = [stop(place, service_time_s=600) for place in range(1, 201)]
    problem = day(stops, vans, travel=counted)
    CountedMatrix.asked[0] = 0
    sequences = repaired(problem, [(0, (0, 1)), (1, (2, 3)), (2, (4, 5))], DEFAULT_PARAMS)
    plan = make_plan(problem, sequences)
    assert check(problem, plan) == ()
    assert len(plan.unserved) > 20
    assert CountedMatrix.asked[0] < 300_000


def test_half_a_bond_is_dropped_and_put_back_whole() -> None:
    bond = Bond(stops=(0, 2))
    problem = replace(day([stop(5), stop(6), stop(7)]), bonds=(bond,))
    assert repaired(problem, [(0, (0, 1))], RoutingParams(repair_rounds=0)) == {0: (1,)}
    (stops,) = repaired(problem, [(0, (0, 1))], DEFAULT_PARAMS).values()
    assert set(stops) == {0, 1, 2}


def test_a_bond_that_is_not_worth_its_way_is_left_whole() -> None:
    """Together they bring 8,000 and cost a van's day of more than 10,000."""
    stops = [stop(5, unserved_price_clp=4_000), stop(60, unserved_price_clp=4_000)]
    problem = replace(day(stops), bonds=(Bond(stops=(0, 1)),))
    assert repaired(problem, [], DEFAULT_PARAMS) == {}


def test_trips_too_many_become_one() -> None:
    problem = day([stop(5), stop(6), stop(7)], [van(trips_max=2)])
    kept = repaired(problem, [(0, (0, RELOAD, 1, RELOAD, 2))], RoutingParams(repair_rounds=0))
    assert kept == {0: (0, RELOAD, 1, 2)}


def test_the_stop_that_leaves_no_time_for_a_break_goes() -> None:
    """Sharp at 10, 40 and 60; half an hour's rest in [12-45] is lost while P-20 stands between."""
    stops = [
        stop(10, windows=(window(10, 10),)),
        stop(20, windows=(window(35, 35),), unserved_price_clp=0),
        stop(30, windows=(window(80, 80),)),
    ]
    colacion = Break(start_s=at(12), end_s=at(45), duration_s=30 * MINUTE_S)
    problem = day(stops, [van(breaks=(colacion,), latest_start_s=at(0))])
    kept = repaired(problem, [(0, (0, 1, 2))], DEFAULT_PARAMS)
    assert kept == {0: (0, 2)}
    assert check(problem, make_plan(problem, kept)) == ()


def test_idle_vans_that_a_stop_excludes_are_no_kind_of_others() -> None:
    vans = [van("V-1"), van("V-2"), van("V-3")]
    problem = day([stop(1, excluded_vehicles=frozenset({"V-1"}))], vans)
    assert [route.vehicle for route in idle_routes(problem, [])] == [0, 1]
