"""The ladder's first rungs: one van, and one more rule at each step.

Drawings: CD is the depot, a number is a place so many minutes along the road, [a-b] a window in
minutes after 08:00. A service takes two minutes.
"""

from promesa.domain.fleet import Load
from promesa.routing.budget import Budget
from promesa.routing.checker import check
from promesa.routing.plan import Plan
from promesa.routing.problem import Problem
from promesa.routing.solver import solve
from tests.support.routing_days import at, day, line, pickup, stop, van, window


def _planned(problem: Problem) -> Plan:
    plan = solve(problem, Budget(iterations=2_000), seed=1)
    assert check(problem, plan) == ()
    return plan


def _order(problem: Problem) -> list[str]:
    (route,) = _planned(problem).routes
    return [problem.stops[index].id for index in route.stops]


def test_a01_one_van_one_stop() -> None:
    """CD --10-- P-10."""
    plan = _planned(day([stop(10)]))
    (route,) = plan.routes
    assert (route.stops, route.end_s - route.departure_s) == ((0,), 22 * 60)


def test_a02_three_stops_in_a_row_are_made_in_one_sweep() -> None:
    """CD --5-- P-5 --5-- P-10 --5-- P-15."""
    (route,) = _planned(day([stop(15), stop(5), stop(10)])).routes
    assert route.driving_s == 30 * 60


def test_a03_a_window_turns_the_order_around() -> None:
    """CD --5-- P-5 --5-- P-10 [0-12]: the far one first, the near one on the way back."""
    assert _order(day([stop(5), stop(10, windows=(window(0, 11),))])) == ["P-10", "P-5"]


def test_a04_a_late_window_is_waited_for_at_the_depot() -> None:
    """CD --5-- P-5 [120-150]."""
    (route,) = _planned(day([stop(5, windows=(window(120, 150),))])).routes
    assert (route.departure_s, route.waiting_s) == (at(115), 0)


def test_a05_the_second_window_serves_who_misses_the_first() -> None:
    """CD --5-- P-5 [0-2] [60-70]."""
    (route,) = _planned(day([stop(5, windows=(window(0, 2), window(60, 70)))])).routes
    assert route.visits[0].start_s == at(60)


def test_a06_the_shift_ends_before_the_last_stop() -> None:
    """CD --5-- P-5 ... P-40, and the shift lasts 60 minutes."""
    plan = _planned(day([stop(5), stop(40)], [van(shift_end_s=at(60))]))
    assert plan.unserved == (1,)


def test_a07_what_is_picked_up_waits_until_there_is_room() -> None:
    """CD --2-- seller (1 up) --3-- P-5 (1 down), room for one: the seller on the way back."""
    room = Load(parcels=1, weight_g=9_000, volume_ml=90_000)
    assert _order(day([pickup(2), stop(5)], [van(capacity=room)])) == ["P-5", "P-2"]


def test_a08_roads_that_slow_down_at_nine_break_a_promise_nobody_makes() -> None:
    """CD --40-- P-40 [0-100] --40-- P-80 [0-100].

    With the day's mean both fit; from 09:00 on a minute's way takes three.
    """
    travel = line(range(81), factors=[1.0, 3.0, 3.0], hours=[8, 9, 18])
    stops = [stop(40, windows=(window(0, 100),)), stop(80, windows=(window(0, 100),))]
    plan = _planned(day(stops, travel=travel))
    assert len(plan.unserved) == 1
