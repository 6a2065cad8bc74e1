"""The ladder's second flight: several vans, depots, skills, and who is left out when it is full."""

from promesa.domain.fleet import Load
from promesa.routing.budget import Budget
from promesa.routing.checker import check
from promesa.routing.explain import explain
from promesa.routing.plan import Plan
from promesa.routing.problem import Depot, Problem
from promesa.routing.solver import solve
from tests.support.routing_days import at, day, line, stop, van, window


def _planned(problem: Problem) -> Plan:
    plan = solve(problem, Budget(iterations=2_000), seed=1)
    assert check(problem, plan) == ()
    return plan


def _served_by(problem: Problem) -> dict[str, set[str]]:
    return {
        problem.vehicles[route.vehicle].id: {problem.stops[index].id for index in route.stops}
        for route in _planned(problem).routes
    }


def test_b01_one_van_suffices_so_the_other_stays() -> None:
    """CD --5-- P-5 --5-- P-10: a second van would cost its day for nothing."""
    assert len(_planned(day([stop(5), stop(10)], [van("V-1"), van("V-2")])).routes) == 1


def test_b02_two_windows_at_once_need_two_vans() -> None:
    """P-20 [20-21] --20-- CD --20-- P'-20 [20-21] (both 20 minutes away, 40 apart)."""
    travel = line([0, 20, -20])
    here, there = stop(1, windows=(window(20, 21),)), stop(2, windows=(window(20, 21),))
    problem = day([here, there], [van("V-1"), van("V-2")], travel=travel)
    assert len(_planned(problem).routes) == 2


def test_b03_each_depot_serves_its_own_side() -> None:
    """Quilicura --5-- a --50-- b --5-- San Joaquín."""
    travel = line([0, 60, 5, 55])
    depots = [Depot(id="QUI", location=0), Depot(id="SJO", location=1)]
    vans = [van("V-1"), van("V-2", start_depot=1, end_depot=1)]
    problem = day([stop(2, id="a"), stop(3, id="b")], vans, travel=travel, depots=depots)
    assert _served_by(problem) == {"V-1": {"a"}, "V-2": {"b"}}


def test_b04_the_cold_van_takes_the_cold_parcel_and_only_it_can() -> None:
    """CD --5-- P-5 (cold); V-1 plain and cheap, V-2 cold and dear."""
    cold = frozenset({"cold"})
    vans = [van("V-1"), van("V-2", skills=cold, fixed_cost_clp=30_000)]
    assert _served_by(day([stop(5, skills=cold)], vans)) == {"V-2": {"P-5"}}


def test_b05_a_van_may_leave_one_depot_and_sleep_at_another() -> None:
    """A --10-- P --10-- B: from A to B by way of P, 20 minutes of driving."""
    travel = line([0, 20, 10])
    depots = [Depot(id="A", location=0), Depot(id="B", location=1)]
    problem = day([stop(2)], [van(start_depot=0, end_depot=1)], travel=travel, depots=depots)
    assert _planned(problem).routes[0].driving_s == 20 * 60


def test_b06_the_late_shift_takes_the_late_window() -> None:
    """CD --5-- P-5 [500-520]; V-1 ends at 400, V-2 begins at 300."""
    vans = [van("V-1", shift_end_s=at(400)), van("V-2", shift_start_s=at(300))]
    problem = day([stop(5, windows=(window(500, 520),))], vans)
    assert _served_by(problem) == {"V-2": {"P-5"}}


def test_b07_when_the_fleet_is_full_the_cheapest_to_leave_is_left_and_told_why() -> None:
    """CD --5-- three stops at one door, and room for two parcels."""
    room = Load(parcels=2, weight_g=9_000, volume_ml=90_000)
    prices = [30_000, 20_000, 30_000]
    stops = [
        stop(5, id=f"P-{number}", unserved_price_clp=price) for number, price in enumerate(prices)
    ]
    problem = day(stops, [van(capacity=room)])
    plan = _planned(problem)
    (why,) = explain(problem, plan)
    assert (plan.unserved, why.stop) == ((1,), "P-1")
    assert why.sentence == (
        "No queda espacio en los vehículos que alcanzan a pasar; "
        "cabría con un vehículo más desde Quilicura ($11.700)."
    )


def test_b08_sixty_stops_two_shifts_all_served() -> None:
    """Sixty doors, one a minute from CD to 60, every third with a half-day window."""
    halves = (window(60, 300), window(300, 600))
    stops = [
        stop(place, windows=(halves[place % 2],) if place % 3 == 0 else ())
        for place in range(1, 61)
    ]
    vans = [van(f"V-{number}", shift_start_s=at(0 if number < 3 else 120)) for number in range(7)]
    assert _planned(day(stops, vans)).unserved == ()
