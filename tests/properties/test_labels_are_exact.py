"""Law of the search: what it renews in part is what it would find timing the whole route anew."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from promesa.routing.engine.chance import make_chance
from promesa.routing.engine.flatten import flat_day
from promesa.routing.engine.search import Run
from promesa.routing.engine.setup import read_routes
from promesa.routing.problem import Problem
from tests.support.problems import problems

PRICE_CLP = 50_000


@settings(deadline=None, max_examples=80)
@given(problems(), st.integers(0, 2**31 - 1), st.integers(1, 60))
def test_after_any_steps_every_label_is_that_of_the_route_timed_anew(
    problem: Problem, seed: int, steps: int
) -> None:
    day = flat_day(problem, [PRICE_CLP] * len(problem.stops), 20)
    if not day.stops or not day.vehicles or not day.has_windows:
        return
    going = Run(day, make_chance(seed), {})
    going.go(steps, heat=0.1)
    node = going.state.node
    anew = Run(day, make_chance(seed), read_routes(day, node["after"]))
    if anew.left_out != going.left_out:
        return  # It found a place for somebody, so the routes are no longer the same.
    for index in (node["vehicle"][: day.stops + 2 * day.vehicles] >= 0).nonzero()[0]:
        vehicle = node["vehicle"][index]
        labels = day.van["breaks"][vehicle] + 1
        for name in ("early", "late"):
            found = node[name][index][:labels]
            assert found.tolist() == anew.state.node[name][index][:labels].tolist()
        for name in ("soonest", "latest"):
            assert node[name][index] == anew.state.node[name][index]
