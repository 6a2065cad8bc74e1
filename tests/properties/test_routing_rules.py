"""Laws of the rules: who times and who checks agree, and what is changed in a plan is noticed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from promesa.domain.fleet import Load
from promesa.routing.budget import Budget
from promesa.routing.checker import check
from promesa.routing.course import serve
from promesa.routing.explain import explain
from promesa.routing.limits import is_feasible
from promesa.routing.plan import Plan, PlannedRoute
from promesa.routing.problem import Problem
from promesa.routing.schedule import make_plan
from promesa.routing.solver import solve
from promesa.routing.validation import problem_faults
from tests.support.problems import long_days, problems, sequences


@st.composite
def sound_plans(draw: st.DrawFn, *, with_bonds: bool = True) -> tuple[Problem, Plan]:
    """Days as the solver plans them, in a hurry or with time."""
    if draw(st.booleans()):
        problem, _ = draw(long_days())
    else:
        problem = draw(problems(with_bonds=with_bonds))
    return problem, solve(problem, Budget(iterations=draw(st.sampled_from([0, 5, 200]))), seed=1)


@given(problems())
def test_generated_days_can_be_planned(problem: Problem) -> None:
    assert problem_faults(problem) == ()


@settings(max_examples=100)
@given(problems(), st.data())
def test_timing_and_checker_agree_whatever_is_asked_of_the_day(
    problem: Problem, data: st.DataObject
) -> None:
    plan = make_plan(problem, data.draw(sequences(problem)))
    is_fine = all(is_feasible(problem, route) for route in plan.routes)
    assert is_fine == (check(problem, plan) == ())


@settings(max_examples=40)
@given(sound_plans())
def test_what_is_planned_keeps_every_rule(sound: tuple[Problem, Plan]) -> None:
    problem, plan = sound
    assert check(problem, plan) == ()
    for explanation in explain(problem, plan):
        assert explanation.sentence.endswith(".")


@settings(max_examples=40)
@given(sound_plans(with_bonds=False), st.data())
def test_visits_that_change_places_are_noticed(
    sound: tuple[Problem, Plan], data: st.DataObject
) -> None:
    problem, plan = sound
    pairs = [
        (number, first, second)
        for number, route in enumerate(plan.routes)
        for first, second in combinations(range(len(route.visits)), 2)
        if _gain(problem, route, first) != _gain(problem, route, second)
    ]
    if not pairs:
        return
    number, first, second = data.draw(st.sampled_from(pairs))
    route = plan.routes[number]
    one, other = route.visits[first], route.visits[second]
    visits = list(route.visits)
    visits[first], visits[second] = replace(one, stop=other.stop), replace(other, stop=one.stop)
    assert check(problem, _with(plan, number, replace(route, visits=tuple(visits))))


def _shift_arrival(route: PlannedRoute, place: int, shift_s: int) -> PlannedRoute:
    return _shift(route, place, "arrival_s", shift_s)


def _shift_start(route: PlannedRoute, place: int, shift_s: int) -> PlannedRoute:
    return _shift(route, place, "start_s", shift_s)


def _shift_departure(route: PlannedRoute, place: int, shift_s: int) -> PlannedRoute:
    return _shift(route, place, "departure_s", shift_s)


def _shift_leaving(route: PlannedRoute, _: int, shift_s: int) -> PlannedRoute:
    return replace(route, departure_s=route.departure_s + shift_s)


def _shift_end(route: PlannedRoute, _: int, shift_s: int) -> PlannedRoute:
    return replace(route, end_s=route.end_s + shift_s)


def _shift_whole_visit(route: PlannedRoute, place: int, shift_s: int) -> PlannedRoute:
    for name in ("arrival_s", "start_s", "departure_s"):
        route = _shift(route, place, name, shift_s)
    return route


@settings(max_examples=80)
@given(
    sound_plans(),
    st.data(),
    st.sampled_from(
        [
            _shift_arrival,
            _shift_start,
            _shift_departure,
            _shift_leaving,
            _shift_end,
            _shift_whole_visit,
        ]
    ),
    st.sampled_from([-3_600, -60, -1, 1, 60, 3_600]),
)
def test_a_time_that_is_moved_is_noticed(
    sound: tuple[Problem, Plan],
    data: st.DataObject,
    move: Callable[[PlannedRoute, int, int], PlannedRoute],
    shift_s: int,
) -> None:
    problem, plan = sound
    if not plan.routes:
        return
    number = data.draw(st.integers(0, len(plan.routes) - 1))
    route = plan.routes[number]
    place = data.draw(st.integers(0, len(route.visits) - 1))
    assert check(problem, _with(plan, number, move(route, place, shift_s)))


@settings(max_examples=80)
@given(sound_plans())
def test_a_pause_or_a_return_that_is_dropped_is_noticed(sound: tuple[Problem, Plan]) -> None:
    problem, plan = sound
    for number, route in enumerate(plan.routes):
        for place, pause in enumerate(route.pauses):
            rest = (*route.pauses[:place], *route.pauses[place + 1 :])
            visit = route.visits[pause.visit]
            stop = problem.stops[visit.stop]
            # Who would have waited so long anyway may rest later, and lose nothing.
            is_idle = serve(stop, visit.arrival_s).start_s == visit.start_s
            if not pause.is_at_depot and not (pause.is_before and is_idle):
                assert check(problem, _with(plan, number, replace(route, pauses=rest)))
        if route.reloads:
            dropped = replace(route, reloads=route.reloads[1:])
            van = problem.vehicles[route.vehicle]
            moved = (
                route.reloads[0].departure_s - route.visits[route.reloads[0].visit - 1].departure_s
            )
            if van.loading_time_s and moved:
                assert check(problem, _with(plan, number, dropped))


def _gain(problem: Problem, route: PlannedRoute, place: int) -> Load:
    stop = problem.stops[route.visits[place].stop]
    return stop.picked_up - stop.delivered


def _shift(route: PlannedRoute, place: int, name: str, shift_s: int) -> PlannedRoute:
    visit = route.visits[place]
    moved = replace(visit, **{name: getattr(visit, name) + shift_s})
    return replace(route, visits=(*route.visits[:place], moved, *route.visits[place + 1 :]))


def _with(plan: Plan, number: int, route: PlannedRoute) -> Plan:
    routes = (*plan.routes[:number], route, *plan.routes[number + 1 :])
    return replace(plan, routes=routes, cost_clp=sum(each.cost_clp for each in routes))
