"""Laws of the search in parts: its plans keep every rule, and workers never decide which it is."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from promesa.domain.fleet import Load
from promesa.kernel.units import DAY_S
from promesa.routing.budget import Budget
from promesa.routing.checker import check
from promesa.routing.engine.search import Outcome
from promesa.routing.parts.cutting import cut
from promesa.routing.parts.layout import positions
from promesa.routing.parts.rounds import Cuts, search_in_parts
from promesa.routing.parts.savings import first_routes, is_plain
from promesa.routing.parts.workers import ALONE, Workers
from promesa.routing.plan import Sequences
from promesa.routing.plane import Kind, Plane
from promesa.routing.problem import Depot, Problem, Stop, Vehicle
from promesa.routing.schedule import make_plan
from tests.support.problems import problems, sequences

PRICE_CLP = 50_000
STEPS = 200
# Tiny parts, so that small days are cut as big ones are.
TINY = Cuts(part_stops=2)


def _searched(problem: Problem, seed: int, workers: Workers = ALONE) -> Outcome:
    prices = [
        PRICE_CLP if stop.unserved_price_clp is None else stop.unserved_price_clp
        for stop in problem.stops
    ]
    limit = Budget(iterations=STEPS)
    return search_in_parts(problem, prices, 20, limit, seed, workers=workers, cuts=TINY)


@settings(deadline=None, max_examples=60)
@given(problems().filter(lambda problem: problem.stops), st.integers(0, 2**31 - 1))
def test_every_plan_found_in_parts_keeps_every_rule(problem: Problem, seed: int) -> None:
    plan = make_plan(problem, _searched(problem, seed).routes)
    assert check(problem, plan) == ()


@settings(deadline=None, max_examples=15)
@given(problems().filter(lambda problem: problem.stops), st.integers(0, 2**31 - 1))
def test_two_workers_find_what_one_finds(problem: Problem, seed: int) -> None:
    with ThreadPoolExecutor(2) as pool:
        together = _searched(problem, seed, Workers(executor=pool, count=2))
    assert together == _searched(problem, seed)


@st.composite
def _cut_days(draw: st.DrawFn) -> tuple[Problem, Sequences]:
    problem = draw(problems().filter(lambda each: each.stops))
    return problem, draw(sequences(problem))


@settings(deadline=None)
@given(_cut_days(), st.integers(1, 6), st.floats(0, math.pi), st.integers(0, 9))
def test_a_cut_parts_no_route_and_no_bond_and_loses_nobody(
    day: tuple[Problem, Sequences], count: int, angle: float, turn: int
) -> None:
    problem, routes = day
    # Bound stops that are not in one route are no plan of ours.
    routes = {
        vehicle: stops
        for vehicle, stops in routes.items()
        if all(set(problem.bound_to(stop)) <= {*stops} for stop in stops if stop >= 0)
    }
    groups = cut(problem, positions(problem.travel), routes, count=count, angle=angle, turn=turn)
    assert sorted(stop for group in groups for stop in group.stops) == [*range(len(problem.stops))]
    assert sorted(van for group in groups for van in group.vehicles) == [
        *range(len(problem.vehicles))
    ]
    for group in groups:
        for vehicle in group.vehicles:
            assert {stop for stop in routes.get(vehicle, ()) if stop >= 0} <= {*group.stops}
        for stop in group.stops:
            assert {*problem.bound_to(stop)} <= {*group.stops}


@st.composite
def _plain_days(draw: st.DrawFn) -> Problem:
    stream = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    stops, depots = draw(st.integers(1, 200)), draw(st.integers(1, 3))
    kind = draw(st.sampled_from([Kind.EUCLID, Kind.GREAT_CIRCLE]))
    # A coarse grid, so that many places are one, or equally far.
    xy = stream.integers(0, draw(st.sampled_from([1, 8, 1_000])), (stops + depots, 2)) / 12.0
    van = Vehicle(
        id="",
        start_depot=0,
        end_depot=0,
        capacity=Load(parcels=draw(st.sampled_from([0, 1, 9, 500])), weight_g=50_000),
        shift_start_s=0,
        shift_end_s=DAY_S,
        fixed_cost_clp=draw(st.sampled_from([0, 20_000])),
        km_cost_clp=1_000,
    )
    homes = [int(stream.integers(depots)) for _ in range(draw(st.integers(1, 40)))]
    return Problem(
        travel=Plane(xy=xy, kind=kind),
        depots=tuple(Depot(id=f"D-{number}", location=number) for number in range(depots)),
        vehicles=tuple(
            replace(van, id=f"V-{number}", start_depot=home, end_depot=home)
            for number, home in enumerate(homes)
        ),
        stops=tuple(
            Stop(
                id=f"P-{number}",
                location=depots + number,
                delivered=Load(parcels=int(stream.integers(4)), weight_g=1_000),
            )
            for number in range(stops)
        ),
    )


@settings(deadline=None)
@given(_plain_days())
def test_savings_lay_down_routes_that_keep_every_rule(problem: Problem) -> None:
    assert is_plain(problem)
    plan = make_plan(problem, first_routes(problem))
    assert check(problem, plan) == ()
    free = len(problem.vehicles) - len(plan.routes)
    if free and len(problem.depots) == 1:
        # Whoever is left out fits in no van at all.
        capacity = problem.vehicles[0].capacity
        out = [problem.stops[stop].delivered for stop in plan.unserved]
        assert all(load.parcels > capacity.parcels for load in out)
