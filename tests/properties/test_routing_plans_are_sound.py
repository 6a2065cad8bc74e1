"""Laws of routing: what the planner makes the checker accepts, whatever the day looks like."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from promesa.domain.fleet import Load
from promesa.routing.budget import Budget
from promesa.routing.checker import check
from promesa.routing.explain import explain
from promesa.routing.insertion import list_insertions
from promesa.routing.limits import is_feasible
from promesa.routing.matrix import Matrix
from promesa.routing.placing import OpenRoute
from promesa.routing.problem import NOTHING, Depot, Problem, Stop, Vehicle, Window
from promesa.routing.schedule import make_plan, time_route
from promesa.routing.solver import solve

SKILLS = ["cold", "heavy"]
HOUR_S = 3_600


@st.composite
def loads(draw: st.DrawFn) -> Load:
    return Load(
        parcels=draw(st.integers(0, 4)),
        weight_g=draw(st.integers(0, 30_000)),
        volume_ml=draw(st.integers(0, 90_000)),
    )


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, ...]:
    spans = []
    for _ in range(draw(st.integers(0, 2))):
        start_s = draw(st.integers(7, 18)) * HOUR_S
        spans.append(Window(start_s=start_s, end_s=start_s + draw(st.integers(0, 3)) * HOUR_S))
    return tuple(spans)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    depots = draw(st.integers(1, 2))
    stops = draw(st.integers(0, 9))
    places = depots + stops
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    metres = rng.integers(0, 30_000, (places, places)).astype(np.int32)
    np.fill_diagonal(metres, 0)
    slices = draw(st.integers(1, 3))
    seconds = [np.rint(metres * rng.uniform(0.05, 0.15)).astype(np.int32) for _ in range(slices)]
    if draw(st.booleans()) and places > 1:
        for each in seconds:
            each[0, places - 1] = -1
    departures_s = [(8 + 3 * number) * HOUR_S for number in range(slices)]
    travel = Matrix.of(seconds, [metres] * slices, departures_s)
    volumes_ml = st.sampled_from([100_000, 1_000_000])
    fleet = tuple(
        Vehicle(
            id=f"V-{number}",
            start_depot=draw(st.integers(0, depots - 1)),
            end_depot=draw(st.integers(0, depots - 1)),
            capacity=Load(parcels=8, weight_g=60_000, volume_ml=draw(volumes_ml)),
            shift_start_s=draw(st.integers(7, 10)) * HOUR_S,
            shift_end_s=draw(st.integers(12, 20)) * HOUR_S,
            skills=frozenset(draw(st.sets(st.sampled_from(SKILLS)))),
            fixed_cost_clp=draw(st.sampled_from([0, 20_000])),
            hour_cost_clp=draw(st.sampled_from([0, 5_500])),
            km_cost_clp=draw(st.sampled_from([0, 130])),
            stops_max=draw(st.one_of(st.none(), st.integers(1, 5))),
        )
        for number in range(draw(st.integers(1, 4)))
    )
    visits = tuple(
        Stop(
            id=f"P-{number}",
            location=depots + number,
            delivered=draw(st.one_of(st.just(NOTHING), loads())),
            picked_up=draw(st.one_of(st.just(NOTHING), loads())),
            windows=draw(windows()),
            service_time_s=draw(st.integers(0, 900)),
            skills=frozenset(draw(st.sets(st.sampled_from(SKILLS), max_size=1))),
            unserved_price_clp=draw(st.one_of(st.none(), st.integers(0, 60_000))),
            pinned_vehicle=draw(st.sampled_from([None, None, None, "V-0"])),
        )
        for number in range(stops)
    )
    return Problem(
        travel=travel,
        depots=tuple(Depot(id=f"D-{number}", location=number) for number in range(depots)),
        vehicles=fleet,
        stops=visits,
    )


@settings(max_examples=60)
@given(problems(), st.integers(0, 5))
def test_the_checker_accepts_every_plan_the_solver_makes(problem: Problem, seed: int) -> None:
    plan = solve(problem, Budget(iterations=200), seed)
    assert check(problem, plan) == ()


@settings(max_examples=25)
@given(problems())
def test_every_stop_left_out_gets_a_sentence(problem: Problem) -> None:
    plan = make_plan(problem, {})
    for explanation in explain(problem, plan):
        assert explanation.sentence.endswith(".")


@settings(max_examples=60)
@given(problems(), st.data())
def test_schedule_and_checker_agree_on_any_sequence(problem: Problem, data: st.DataObject) -> None:
    """The one calls a route feasible exactly when the other finds nothing wrong with it."""
    order = data.draw(st.permutations(range(len(problem.stops))))
    kept = tuple(order[: data.draw(st.integers(0, len(order)))])
    plan = make_plan(problem, {0: kept})
    is_fine = all(is_feasible(problem, route) for route in plan.routes)
    assert is_fine == (check(problem, plan) == ())


@settings(max_examples=40)
@given(problems())
def test_an_offered_insertion_costs_what_it_says_and_breaks_nothing(problem: Problem) -> None:
    if not problem.stops:
        return
    *others, last = range(len(problem.stops))
    routes = [OpenRoute(vehicle=0, stops=tuple(others))]
    before = time_route(problem, 0, others)
    for offer in list_insertions(problem, routes, last):
        assert sorted(offer.timed.stops) == list(range(len(problem.stops)))
        assert offer.timed.lateness_s <= before.lateness_s
        assert offer.timed.overtime_s <= before.overtime_s
        if others:
            assert offer.added_cost_clp == offer.timed.cost_clp - before.cost_clp
