"""The checker agrees with what timed a route under way, returns to load and all."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from promesa.routing.checks.violation import Rule
from promesa.routing.course import Start
from promesa.routing.limits import excess_of
from promesa.routing.plan import RELOAD
from promesa.routing.problem import Problem
from promesa.routing.replan.judging import judge
from promesa.routing.schedule import time_route
from tests.support.problems import problems

ARITHMETIC = frozenset(
    {
        Rule.LOAD_WRONG,
        Rule.RELOAD_WRONG,
        Rule.SHIFT_START,
        Rule.TRAVEL_TIME,
        Rule.SERVICE_TIME,
        Rule.BREAK_WRONG,
    }
)


@settings(deadline=None, max_examples=60)
@given(problems(with_bonds=False, with_islands=False, stops_max=7), st.data())
def test_a_route_timed_from_anywhere_is_found_right(problem: Problem, data: st.DataObject) -> None:
    vehicle = data.draw(st.integers(0, len(problem.vehicles) - 1))
    steps = data.draw(st.permutations(range(len(problem.stops))))
    for place in sorted(data.draw(st.sets(st.integers(0, len(steps)), max_size=2)), reverse=True):
        steps = [*steps[:place], RELOAD, *steps[place:]]
    start = Start(
        location=data.draw(st.integers(0, problem.travel.locations - 1)),
        ready_s=problem.earliest_s(vehicle) + data.draw(st.integers(0, 7_200)),
    )
    route = time_route(problem, vehicle, steps, start)
    assume(route.visits and not any(reload.lateness_s for reload in route.reloads))
    found = {each.rule for each in judge(problem, route, start)}
    assert not found & ARITHMETIC
    assert (Rule.CAPACITY in found) == (excess_of(problem, route, start).load > 0)
