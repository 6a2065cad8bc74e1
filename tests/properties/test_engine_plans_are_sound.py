"""Laws of the search: the checker accepts what it plans, and it costs what the search said."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from promesa.routing.budget import Budget
from promesa.routing.checker import check
from promesa.routing.engine.flatten import flat_day
from promesa.routing.engine.search import search
from promesa.routing.problem import Balance, Problem
from promesa.routing.schedule import make_plan
from promesa.routing.solver import solve
from tests.support.problems import long_days, problems

PRICE_CLP = 50_000
STEPS = 150
# Hours, overtime and kilometres are each rounded down once a route.
ROUNDED = 3


@settings(deadline=None, max_examples=80)
@given(problems(), st.integers(0, 2**31 - 1))
def test_every_plan_keeps_every_rule(problem: Problem, seed: int) -> None:
    plan = solve(problem, Budget(iterations=STEPS), seed)
    assert check(problem, plan) == ()


@settings(deadline=None, max_examples=40)
@given(long_days(), st.integers(0, 2**31 - 1))
def test_breaks_on_the_road_are_had(day: tuple[Problem, tuple[int, ...]], seed: int) -> None:
    problem, _ = day
    plan = solve(problem, Budget(iterations=STEPS), seed)
    assert check(problem, plan) == ()


@settings(deadline=None, max_examples=80)
@given(problems(), st.integers(0, 2**31 - 1))
def test_the_search_counts_what_the_plan_costs(problem: Problem, seed: int) -> None:
    vans = tuple(replace(van, unfamiliar_price_clp=0) for van in problem.vehicles)
    priced = replace(problem, balance=Balance(), vehicles=vans)
    prices = [PRICE_CLP] * len(priced.stops)
    found = search(flat_day(priced, prices, 20), Budget(iterations=STEPS), seed)
    plan = make_plan(priced, found.routes)
    over = found.cost - plan.cost_clp - PRICE_CLP * len(plan.unserved)
    assert -0.01 <= over <= ROUNDED * len(plan.routes)


@settings(deadline=None, max_examples=20)
@given(problems(), st.integers(0, 2**31 - 1))
def test_the_same_seed_gives_the_same_plan(problem: Problem, seed: int) -> None:
    first, second = (solve(problem, Budget(iterations=STEPS), seed) for _ in range(2))
    assert first == second
