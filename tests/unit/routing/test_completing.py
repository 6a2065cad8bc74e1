"""What is put into a finished plan weighs what the search weighs, not pesos alone.

On the line a unit takes a minute and 500 m: a minute counts 100 CLP, a kilometre 100.
"""

from __future__ import annotations

from dataclasses import replace

from promesa.routing.completing import completed
from promesa.routing.explain import explain
from promesa.routing.explanation import Cause
from promesa.routing.problem import Balance, Problem
from promesa.routing.schedule import make_plan
from tests.support.routing_days import day, stop, van


def at_home_in_the_north(price_clp: int) -> Problem:
    """P-12 is on the way of P-10's driver, 800 CLP more, and in a part of town he does not know."""
    driver = van(areas=frozenset({"norte"}), unfamiliar_price_clp=price_clp)
    away = stop(12, area="sur", unserved_price_clp=1_000)
    return day([stop(10, area="norte"), away], [driver])


def test_a_stop_where_its_driver_knows_nobody_counts_that_too() -> None:
    for price_clp, left in ((100, ()), (900, (1,))):
        problem = at_home_in_the_north(price_clp)
        assert completed(problem, make_plan(problem, {0: (0,)})).unserved == left


def test_of_two_drivers_the_one_who_knows_the_place_takes_it() -> None:
    """V-1 would drive less, but knows only the north."""
    north = van("V-1", areas=frozenset({"norte"}), unfamiliar_price_clp=5_000)
    stops = [stop(12, area="norte"), stop(8, area="sur"), stop(11, area="sur")]
    problem = day(stops, [north, van("V-2")])
    plan = completed(problem, make_plan(problem, {0: (0,), 1: (1,)}))
    assert {route.vehicle: set(route.stops) for route in plan.routes} == {0: {0}, 1: {1, 2}}


def test_a_stop_that_makes_work_uneven_counts_that_too() -> None:
    """Two routes of one stop each become one of two and one of one: half a squared stop."""
    stops = [stop(10), stop(10, id="P-b"), stop(12, unserved_price_clp=1_000)]
    for price_clp, left in ((100, ()), (900, (2,))):
        problem = day(stops, [van("V-1"), van("V-2")])
        problem = replace(problem, balance=Balance(stop_price_clp=price_clp))
        assert completed(problem, make_plan(problem, {0: (0,), 1: (1,)})).unserved == left


def test_who_is_left_out_for_the_drivers_sake_is_told_so() -> None:
    problem = at_home_in_the_north(900)
    (why,) = explain(problem, make_plan(problem, {0: (0,)}))
    assert why.cause is Cause.TOO_DEAR
    assert why.sentence.startswith(
        "Atenderla cuesta menos que los $1.000 de dejarla fuera, pero lleva a un conductor donde "
        "no conoce o reparte peor el trabajo; cabría en V-1 ($800)"
    )
