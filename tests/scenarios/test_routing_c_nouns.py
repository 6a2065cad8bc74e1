"""The ladder's third flight: breaks, trips, overtime, open ends, bonds and exclusions, one each.

A rung is one or two vans whose best plan can be seen at a glance.
"""

from dataclasses import replace

from promesa.domain.fleet import Load
from promesa.routing.budget import Budget
from promesa.routing.checker import check
from promesa.routing.plan import Plan
from promesa.routing.problem import Bond, Break, Depot, Problem
from promesa.routing.solver import solve
from tests.support.routing_days import MINUTE_S, at, day, stop, van, window


def _planned(problem: Problem) -> Plan:
    plan = solve(problem, Budget(iterations=2_000), seed=1)
    assert check(problem, plan) == ()
    return plan


def test_c01_the_colacion_is_had_on_the_road_between_two_promises() -> None:
    """CD --10-- P-10 [20] --10-- P-20 [80], half an hour's rest from 22 to 75."""
    colacion = Break(start_s=at(22), end_s=at(75), duration_s=30 * MINUTE_S)
    stops = [stop(10, windows=(window(20, 20),)), stop(20, windows=(window(80, 80),))]
    (route,) = _planned(day(stops, [van(breaks=(colacion,))])).routes
    assert (route.stops, len(route.pauses)) == ((0, 1), 1)


def test_c02_a_promise_that_leaves_no_time_to_rest_is_not_made() -> None:
    """CD --10-- P-10 [10] --10-- P-20 [35] --10-- P-30 [80]: no half hour from 12 to 45."""
    colacion = Break(start_s=at(12), end_s=at(45), duration_s=30 * MINUTE_S)
    stops = [
        stop(10, windows=(window(10, 10),)),
        stop(20, windows=(window(35, 35),), unserved_price_clp=15_000),
        stop(30, windows=(window(80, 80),)),
    ]
    plan = _planned(day(stops, [van(breaks=(colacion,), latest_start_s=at(0))]))
    assert plan.unserved == (1,)


def test_c03_a_small_van_goes_twice() -> None:
    """CD --5-- two doors, a parcel each, and room for one: a second trip after loading."""
    room = Load(parcels=1, weight_g=9_000, volume_ml=90_000)
    vans = [van(capacity=room, trips_max=2, loading_time_s=15 * MINUTE_S)]
    (route,) = _planned(day([stop(5, id="a"), stop(5, id="b")], vans)).routes
    assert (len(route.visits), len(route.reloads)) == (2, 1)
    assert route.reloads[0].departure_s - route.reloads[0].arrival_s == 15 * MINUTE_S


def test_c04_overtime_is_paid_where_it_is_cheaper_than_leaving_out() -> None:
    """CD --20-- P-20 and a shift of 30: back at 42, twelve minutes at 60,000 an hour."""
    paid = van(shift_end_s=at(30), overtime_max_s=3_600, overtime_hour_cost_clp=60_000)
    (route,) = _planned(day([stop(20)], [paid])).routes
    assert route.overtime_s == 12 * MINUTE_S
    assert _planned(day([stop(20)], [van(shift_end_s=at(30))])).unserved == (0,)


def test_c05_who_goes_home_from_the_last_door_reaches_farther() -> None:
    """CD --50-- P-50 in a shift of 60: there, but not back."""
    there = van(end_depot=None, shift_end_s=at(60))
    assert _planned(day([stop(50)], [there])).unserved == ()
    assert _planned(day([stop(50)], [van(shift_end_s=at(60))])).unserved == (0,)


def test_c06_what_is_bound_together_rides_together() -> None:
    """CD --5-- P-5, P-10 bound to it: both in the van that may carry P-10 only."""
    problem = day([stop(5), stop(10, pinned_vehicle="V-2")], [van("V-1"), van("V-2")])
    bound = replace(problem, bonds=(Bond(stops=(0, 1)),))
    (route,) = _planned(bound).routes
    assert (route.vehicle, set(route.stops)) == (1, {0, 1})


def test_c07_an_errand_is_fetched_before_it_is_brought() -> None:
    """CD --5-- P-5 (receives) --5-- P-10 (hands in): out past P-5 and back to it."""
    bond = Bond(stops=(1, 0), in_order=True, carried=Load(parcels=3))
    (route,) = _planned(replace(day([stop(5), stop(10)]), bonds=(bond,))).routes
    assert route.stops == (1, 0)


def test_c08_half_a_bond_is_worth_nothing() -> None:
    """P-5 is near, its companion P-100 is beyond the shift: neither is served."""
    bound = replace(
        day([stop(5), stop(100)], [van(shift_end_s=at(60))]), bonds=(Bond(stops=(0, 1)),)
    )
    assert _planned(bound).unserved == (0, 1)


def test_c09_a_van_that_is_not_wanted_stays_away() -> None:
    """The cheap van is excluded at P-5, so the dear one goes."""
    vans = [van("V-1"), van("V-2", fixed_cost_clp=30_000)]
    (route,) = _planned(day([stop(5, excluded_vehicles=frozenset({"V-1"}))], vans)).routes
    assert route.vehicle == 1


def test_c10_a_driver_drives_no_longer_than_allowed() -> None:
    """CD --20-- two doors either side: 80 minutes of driving for one, 40 each for two."""
    vans = [van(f"V-{number}", driving_max_s=45 * MINUTE_S) for number in (1, 2)]
    depots = [Depot(id="CD", location=20)]
    plan = _planned(day([stop(0), stop(40)], vans, depots=depots))
    assert (len(plan.routes), plan.unserved) == (2, ())


def test_c11_who_must_leave_early_waits_at_the_door() -> None:
    """CD --5-- P-5 [60-90], out by 20 at the latest."""
    problem = day([stop(5, windows=(window(60, 90),))], [van(latest_start_s=at(20))])
    (route,) = _planned(problem).routes
    assert (route.departure_s, route.waiting_s) == (at(20), 35 * MINUTE_S)
