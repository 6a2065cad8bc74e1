from dataclasses import replace

import numpy as np
import pytest

from promesa.domain.fleet import Load
from promesa.routing.budget import Budget
from promesa.routing.checker import check
from promesa.routing.engine.flatten import Changes
from promesa.routing.plane import Plane
from promesa.routing.problem import Depot, Problem, Vehicle
from promesa.routing.solver import improve, solve
from promesa.routing.validation import ProblemInvalidError
from tests.support.routing_days import at, day, pickup, stop, van, window

BUDGET = Budget(iterations=500)


def test_the_same_seed_and_iterations_give_the_same_plan() -> None:
    problem = day([stop(place, windows=(window(0, 100),)) for place in range(1, 30)], [van()])
    wide = replace(problem, vehicles=tuple(van(f"V-{n}") for n in range(4)))
    assert solve(wide, BUDGET, seed=3) == solve(wide, BUDGET, seed=3)


def test_a_day_without_stops_is_an_empty_plan() -> None:
    plan = solve(day([]), BUDGET, seed=1)
    assert (plan.routes, plan.unserved, plan.cost_clp) == ((), (), 0)


def test_faults_are_told_before_any_search() -> None:
    with pytest.raises(ProblemInvalidError):
        solve(day([stop(1, service_time_s=-1)]), BUDGET, seed=1)


def test_a_stop_with_two_windows_is_visited_once_in_one_of_them() -> None:
    problem = day([stop(10, windows=(window(0, 5), window(60, 70))), stop(12)])
    plan = solve(problem, BUDGET, seed=1)
    assert plan.unserved == ()
    assert check(problem, plan) == ()


def test_alike_vans_are_told_apart_by_their_stop_limit() -> None:
    problem = day(
        [stop(place) for place in (1, 2, 3, 4)],
        [van("V-1", stops_max=2), van("V-2", stops_max=2), van("V-3", stops_max=2)],
    )
    plan = solve(problem, BUDGET, seed=1)
    assert sorted(len(route.visits) for route in plan.routes) == [2, 2]


def test_a_pinned_stop_goes_with_its_van_and_skills_are_kept() -> None:
    vans = [van("V-1"), van("V-2", skills=frozenset({"cold"}))]
    problem = day([stop(1, pinned_vehicle="V-1"), stop(2, skills=frozenset({"cold"}))], vans)
    plan = solve(problem, BUDGET, seed=1)
    assert {route.vehicle: route.stops for route in plan.routes} == {0: (0,), 1: (1,)}


def test_grams_or_millilitres_fill_a_van_as_well_as_parcels() -> None:
    bulky = Load(parcels=1, weight_g=1_000, volume_ml=600_000)
    problem = day([stop(1, delivered=bulky), stop(2, delivered=bulky)], [van("V-1"), van("V-2")])
    assert len(solve(problem, BUDGET, seed=1).routes) == 2


def test_a_pickup_rides_home_in_the_room_a_delivery_left() -> None:
    room = Load(parcels=2, weight_g=9_000, volume_ml=90_000)
    problem = day([stop(1), stop(2), pickup(3), pickup(4)], [van(capacity=room)])
    plan = solve(problem, BUDGET, seed=1)
    assert plan.unserved == ()
    assert check(problem, plan) == ()


def test_a_cheap_stop_far_away_is_left_out() -> None:
    problem = day([stop(1), stop(200, unserved_price_clp=500)], [van(shift_end_s=at(600))])
    assert solve(problem, BUDGET, seed=1).unserved == (1,)


@pytest.mark.parametrize("limit", [{"driving_max_s": at(100) - at(0)}, {"duty_max_s": 6_000}])
def test_a_cheap_van_that_may_not_be_out_so_long_hides_no_other(limit: dict[str, int]) -> None:
    vans = [van("V-0", fixed_cost_clp=0, **limit), *(van(f"V-{n}") for n in range(1, 9))]
    problem = day([stop(place) for place in range(90, 98)], vans)
    plan = solve(problem, BUDGET, seed=1)
    assert plan.unserved == ()
    assert check(problem, plan) == ()


def timeless(stops: int, vehicle: Vehicle, depot: Depot) -> Problem:
    """A day on which nothing takes any time."""
    visits = [stop(place, service_time_s=0) for place in range(1, stops + 1)]
    still = replace(vehicle, hour_cost_clp=0)
    travel = Plane(xy=np.zeros((stops + 1, 2)))
    return replace(day(visits, [still]), travel=travel, depots=(depot,))


def test_a_day_without_travel_times_has_second_trips_too() -> None:
    small = van(capacity=Load(parcels=1, weight_g=1_000, volume_ml=5_000), trips_max=3)
    problem = timeless(3, small, Depot(id="D", location=0))
    plan = solve(problem, BUDGET, seed=1)
    assert plan.unserved == ()
    assert check(problem, plan) == ()


def test_a_day_without_travel_times_keeps_the_hours_of_depots_and_vans() -> None:
    hurried = van(latest_start_s=at(100))
    problem = timeless(1, hurried, Depot(id="D", location=0, open_s=at(200)))
    assert solve(problem, BUDGET, seed=1).routes == ()


def test_an_hour_between_two_windows_that_were_told_is_told_anew() -> None:
    """P-50 is reached at 50; its recipient was told until 10, or from 100 to 110."""
    problem = day([stop(50)])
    for told, windows in (((window(0, 10), window(100, 110)), 1), ((window(0, 60),), 0)):
        changes = Changes(home={0: 0}, rank={0: 0}, told={0: told}, window_price_clp=5_000)
        found = improve(problem, {0: (0,)}, changes, Budget(iterations=20), seed=1)
        assert found.count_clp - found.plan.cost_clp == pytest.approx(5_000 * windows, abs=3)
