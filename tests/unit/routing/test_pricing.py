"""What stops, windows and vehicles are worth, on days small enough to add up by hand.

On the line a unit takes a minute and 500 m: a minute counts 100 CLP, a kilometre 100, a van 10,000.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from promesa.domain.fleet import Load
from promesa.routing.budget import Budget
from promesa.routing.completing import completed
from promesa.routing.engine.flatten import NO_CHANGES
from promesa.routing.explain import explain
from promesa.routing.explanation import Cause, Remedy
from promesa.routing.plan import Plan, Sequences
from promesa.routing.pricing import (
    price_one_more,
    price_stop,
    price_vehicle,
    price_windows,
)
from promesa.routing.problem import Bond, Depot, Problem
from promesa.routing.schedule import make_plan
from promesa.routing.solver import improve
from tests.support.routing_days import at, day, line, stop, van, window

ONE = Load(parcels=1, weight_g=9_000, volume_ml=90_000)


def as_given(problem: Problem, start: Sequences) -> Plan:
    """A search that finds nothing."""
    return make_plan(problem, start)


def test_a_stop_costs_what_its_route_costs_less_without_it() -> None:
    """P-20 behind P-10 adds 20 minutes on the road, 2 at the door and 10 km: 2,200 + 1,000."""
    problem = day([stop(10), stop(20)])
    price = price_stop(problem, make_plan(problem, {0: (0, 1)}), 1)
    assert price is not None
    assert (price.cost_clp, price.vehicle, price.left_out_clp) == (3_200, "V-1", 50_000)


def test_the_only_stop_of_a_van_costs_the_van_too() -> None:
    problem = day([stop(10)])
    price = price_stop(problem, make_plan(problem, {0: (0,)}), 0)
    assert price is not None
    assert price.cost_clp == 10_000 + 2_200 + 1_000


def test_bound_stops_are_priced_together_and_who_is_left_out_has_no_price_here() -> None:
    problem = replace(day([stop(10), stop(20), stop(30)]), bonds=(Bond(stops=(0, 1)),))
    plan = make_plan(problem, {0: (0, 1)})
    price = price_stop(problem, plan, 1)
    assert price is not None
    assert price.left_out_clp == 100_000
    assert price.cost_clp == plan.cost_clp
    assert price_stop(problem, plan, 2) is None


def test_a_narrow_promise_is_priced_against_a_wide_one() -> None:
    """P-20 is passed at minute 20; to be there at minute 60 the van waits 38 minutes more."""
    problem = day([stop(20), stop(40, windows=(window(30, 50),))])
    plan = make_plan(problem, {0: (0, 1)})
    wide, narrow, never = price_windows(
        problem, plan, 0, [window(0, 600), window(90, 100), window(-30, 10)]
    )
    assert (wide.cost_clp, wide.vehicle) == (200, "V-1")
    assert narrow.cost_clp is not None
    assert narrow.cost_clp > 200
    assert narrow.start_s is not None
    assert at(90) <= narrow.start_s <= at(100)
    assert never.cost_clp is None


def test_a_van_is_worth_what_the_day_costs_more_without_it() -> None:
    """One van could do both; the second costs its start and its way, less the first one's."""
    problem = day([stop(10), stop(20)], [van("V-1"), van("V-2")])
    plan = make_plan(problem, {0: (0,), 1: (1,)})
    alone = make_plan(problem, {1: (0, 1)})
    price = price_vehicle(problem, plan, 0, as_given)
    assert price.worth_clp == alone.cost_clp - plan.cost_clp < 0
    assert price.stops == ()


def test_who_only_one_van_can_serve_is_named_and_counted_without_it() -> None:
    problem = day([stop(10), stop(20)], [van("V-1", capacity=ONE), van("V-2", capacity=ONE)])
    plan = make_plan(problem, {0: (0,), 1: (1,)})
    price = price_vehicle(problem, plan, 1, as_given)
    assert price.stops == ("P-20",)
    assert price.worth_clp == 50_000 - plan.routes[1].cost_clp
    assert price.left_out_clp == 50_000


def searched(problem: Problem, start: Sequences) -> Plan:
    """The search itself, which takes no problem with faults."""
    return improve(problem, start, NO_CHANGES, Budget(iterations=50), seed=1).plan


def test_without_the_only_van_everybody_is_left_out() -> None:
    problem = day([stop(10), stop(20)])
    plan = make_plan(problem, {0: (0, 1)})
    price = price_vehicle(problem, plan, 0, searched)
    assert price.stops == ("P-10", "P-20")
    assert price.left_out_clp == 100_000
    assert price.worth_clp == 100_000 - plan.cost_clp


def test_without_the_van_that_a_stop_names_the_stop_is_left_out() -> None:
    problem = day([stop(10, pinned_vehicle="V-1"), stop(20)], [van("V-1"), van("V-2")])
    plan = make_plan(problem, {0: (0, 1)})
    price = price_vehicle(problem, plan, 0, searched)
    assert price.stops == ("P-10",)
    assert price.left_out_clp == 50_000


def test_one_more_van_is_priced_from_each_depot() -> None:
    depots = [Depot(id="CD", location=0, name="Quilicura"), Depot(id="SUR", location=50)]
    full = van("V-1", capacity=ONE)
    far = van("V-9", capacity=ONE, start_depot=1, end_depot=1)
    problem = day([stop(10), stop(50), stop(12)], [full, far], depots=depots)
    plan = make_plan(problem, {0: (0,), 1: (1,)})

    def puts_it_in(wider: Problem, start: Sequences) -> Plan:
        return completed(wider, make_plan(wider, start))

    near, away = price_one_more(problem, plan, puts_it_in)
    assert (near.depot, near.vehicle, near.stops) == ("Quilicura", "V-1", ("P-12",))
    assert near.worth_clp == 50_000 - (10_000 + 2_600 + 1_200)
    assert away.depot == "SUR"
    assert 0 < away.worth_clp < near.worth_clp


def test_a_better_search_is_not_told_as_the_vans_merit() -> None:
    """The plan sends two vans where one would do; the search finds that with any fleet."""
    problem = day([stop(10), stop(20)], [van("V-1"), van("V-2")])
    plan = make_plan(problem, {0: (0,), 1: (1,)})

    def joins(day_: Problem, start: Sequences) -> Plan:
        del start
        return make_plan(day_, {0: (0, 1)})

    assert price_vehicle(problem, plan, 1, joins).worth_clp == 0
    assert price_one_more(problem, plan, joins)[0].worth_clp == 0


@pytest.mark.parametrize(("price_clp", "left"), [(50_000, ()), (100, (1,))])
def test_a_stop_that_pays_for_itself_is_put_in(price_clp: int, left: tuple[int, ...]) -> None:
    problem = day([stop(10), stop(12, unserved_price_clp=price_clp)])
    plan = make_plan(problem, {0: (0,)})
    after = completed(problem, plan)
    assert after.unserved == left
    assert after is plan or after.cost_clp <= plan.cost_clp + price_clp


def test_who_pays_for_itself_is_not_called_too_dear() -> None:
    problem = day([stop(10), stop(12)])
    (why,) = explain(problem, make_plan(problem, {0: (0,)}))
    assert why.cause is Cause.FITS
    assert why.sentence.startswith("Se paga sola, pero la búsqueda no llegó a ponerla; cabría en")
    assert next(option.remedy for option in why.options) is Remedy.ANYWAY


def nobody_searches(problem: Problem, start: Sequences) -> Plan:
    """A search that must not be asked."""
    raise AssertionError(problem, start)


def test_where_one_like_it_stands_idle_one_more_and_one_fewer_are_worth_nothing() -> None:
    problem = day([stop(10), stop(20)], [van("V-1"), van("V-2"), van("V-3")])
    plan = make_plan(problem, {0: (0, 1)})
    (more,) = price_one_more(problem, plan, nobody_searches)
    assert (more.vehicle, more.worth_clp, more.stops) == ("V-1", 0, ())
    for vehicle in range(3):
        fewer = price_vehicle(problem, plan, vehicle, nobody_searches)
        assert (fewer.worth_clp, fewer.left_out_clp, fewer.stops) == (0, 0, ())


def test_a_van_that_a_stop_names_is_not_like_an_idle_one() -> None:
    problem = day([stop(10, pinned_vehicle="V-1")], [van("V-1"), van("V-2")])
    plan = make_plan(problem, {0: (0,)})
    assert price_vehicle(problem, plan, 0, as_given).stops == ("P-10",)
    assert price_vehicle(problem, plan, 1, nobody_searches).worth_clp == 0


def test_an_idle_van_of_another_kind_does_not_stand_for_one_more() -> None:
    problem = day([stop(10), stop(20)], [van("V-1", capacity=ONE), van("V-2", shift_end_s=at(5))])
    plan = make_plan(problem, {0: (0,)})

    def puts_it_in(wider: Problem, start: Sequences) -> Plan:
        return completed(wider, make_plan(wider, start))

    (more,) = price_one_more(problem, plan, puts_it_in)
    assert more.stops == ("P-20",)
    assert more.worth_clp > 0


def test_a_window_costs_no_more_than_a_cheaper_hour_within_it() -> None:
    """Before noon every way takes three times as long; who may come all day comes after it."""
    slow_then_quick = line(range(4), factors=(3.0, 3.0, 1.0), hours=(0, 12, 13))
    problem = day([stop(3)], travel=slow_then_quick)
    plan = make_plan(problem, {0: (0,)})
    afternoon = window(330, 540)
    whole, late = price_windows(problem, plan, 0, [window(0, 600), afternoon])
    assert late.cost_clp is not None
    assert whole.cost_clp == late.cost_clp
    assert (whole.window, whole.start_s) == (window(0, 600), late.start_s)
