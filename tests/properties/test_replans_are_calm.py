"""Laws of a new plan for a day under way: frozen stays, limits hold, the checker accepts it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from promesa.routing.budget import Budget
from promesa.routing.checker import check
from promesa.routing.course import Start
from promesa.routing.engine.flatten import Changes
from promesa.routing.limits import NO_EXCESS
from promesa.routing.params import UNSERVED_PRICE_CLP
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import RELOAD, Plan
from promesa.routing.problem import Balance, Problem
from promesa.routing.replan.departing import Departed, depart
from promesa.routing.replan.difference import moved_stops
from promesa.routing.replan.judging import judge
from promesa.routing.replan.ledger import Ledger
from promesa.routing.replan.params import ReplanParams
from promesa.routing.replan.replanning import Replanned, replan
from promesa.routing.replan.rest import Rest, rest_of
from promesa.routing.replan.searching import changes_of, ways_on
from promesa.routing.schedule import make_plan
from promesa.routing.solver import improve
from tests.support.problems import long_days
from tests.support.rests import replan_params, rests

STEPS = 120
# Hours, overtime and kilometres are each rounded down once a route.
ROUNDED = 3


def found_sound(rest: Rest, params: ReplanParams, found: Replanned) -> None:
    """Everything that must hold whatever was asked."""
    for route in rest.routes:
        stops = found.sequences[route.vehicle]
        assert stops[: route.frozen] == route.stops[: route.frozen]
    assert len(moved_stops(rest, found.sequences)) <= params.most.stops_max
    assert len(found.touched) <= params.most.windows_max
    for number, stop in enumerate(rest.problem.stops):
        carriers = [v for v, stops in found.sequences.items() if number in stops]
        assert len(carriers) <= 1
        if stop.pinned_vehicle is not None:
            assert [rest.problem.vehicles[v].id for v in carriers] in ([], [stop.pinned_vehicle])
        if number in rest.home and number not in rest.loose:
            assert carriers, "what is published is not left out"
    ledger = Ledger(found.rest, params)
    for route in rest.routes:
        timed = ledger.entry(route.vehicle, found.sequences[route.vehicle]).timed
        if timed is not None and timed.visits and route.start is not None:
            assert judge(found.rest.problem, timed, route.start, found.rest.aboard) == ()
    departed = depart(ledger, found.sequences)
    assert check(departed.problem, plan_of(departed)) == ()


def plan_of(departed: Departed) -> Plan:
    return make_plan(departed.problem, {v: s for v, s in departed.start.items() if s})


@settings(deadline=None, max_examples=200)
@given(long_days(), st.integers(0, 3), st.sampled_from([0, 600, 3_600]))
def test_a_route_under_way_that_keeps_everything_keeps_it_from_where_it_is(
    asked: tuple[Problem, tuple[int, ...]], frozen: int, late_s: int
) -> None:
    problem, sequence = asked
    stops = tuple(stop for stop in sequence if stop != RELOAD)
    start = Start(location=0, ready_s=problem.earliest_s(0) + late_s)
    frozen = min(frozen, len(stops))
    rest = rest_of(problem, (OpenRoute(vehicle=0, stops=stops, start=start, frozen=frozen),))
    ledger = Ledger(rest, ReplanParams())
    assume(ledger.published(0).excess == NO_EXCESS)
    departed = depart(ledger, rest.published)
    assert departed.vehicles == (0,)
    assert check(departed.problem, plan_of(departed)) == ()


@settings(deadline=None, max_examples=60)
@given(rests(), replan_params())
def test_a_calm_plan_keeps_every_limit_and_rule(rest: Rest, params: ReplanParams) -> None:
    found_sound(rest, params, replan(rest, params, among=range(len(rest.routes))))


@settings(deadline=None, max_examples=40)
@given(rests(), replan_params())
def test_a_searched_plan_keeps_every_limit_and_rule(rest: Rest, params: ReplanParams) -> None:
    for found in ways_on(rest, Budget(iterations=STEPS), 1, params):
        found_sound(rest, params, found)


@settings(deadline=None, max_examples=20)
@given(rests(), replan_params())
def test_the_same_seed_finds_the_same_changes(rest: Rest, params: ReplanParams) -> None:
    first, second = (ways_on(rest, Budget(iterations=STEPS), 3, params) for _ in range(2))
    assert [way.changes for way in first] == [way.changes for way in second]


@settings(deadline=None, max_examples=40)
@given(rests(), replan_params())
def test_gains_add_up_in_the_order_of_acceptance(rest: Rest, params: ReplanParams) -> None:
    found = replan(rest, params, among=range(len(rest.routes)))
    ledger = Ledger(found.rest, params)
    now_clp, accepted = ledger.count_clp(rest.published), set[int]()
    left = list(found.changes)
    while left:
        ready = [change for change in left if change.needs <= accepted]
        if ready:
            chosen = ready[0].number
            gains = {each.number: each.gain_clp for each in found.listed.reprice(accepted)}
            now_clp -= gains[chosen]
            accepted.add(chosen)
        else:
            # Changes that need each other are accepted at once: no gain alone says what they do.
            accepted |= {left[0].number, *left[0].needs}
            now_clp = ledger.count_clp(found.listed.apply(accepted))
        left = [change for change in left if change.number not in accepted]
    assert now_clp == ledger.count_clp(found.sequences)


@settings(deadline=None, max_examples=40)
@given(rests(with_breaks=False), st.integers(0, 2**31 - 1))
def test_the_search_counts_the_changes_that_an_independent_count_finds(
    rest: Rest, seed: int
) -> None:
    params = ReplanParams()
    ledger = Ledger(rest, params)
    departed = depart(ledger, rest.published)
    assume(departed.vehicles)
    changes = changes_of(departed, params)
    start = {vehicle: stops for vehicle, stops in departed.start.items() if stops}
    # What the search alone counts would blur the sum.
    vans = tuple(replace(van, unfamiliar_price_clp=0) for van in departed.problem.vehicles)
    problem = replace(departed.problem, balance=Balance(), vehicles=vans)
    found = improve(problem, start, changes, Budget(iterations=STEPS), seed=seed)
    prices = [stop.unserved_price_clp for stop in problem.stops]
    left_clp = sum(
        UNSERVED_PRICE_CLP if prices[stop] is None else prices[stop] or 0
        for stop in found.plan.unserved
    )
    over = found.count_clp - found.plan.cost_clp - left_clp - counted(found.plan, changes)
    assert -0.01 <= over <= ROUNDED * len(found.plan.routes)


def counted(plan: Plan, changes: Changes) -> int:
    """What the changes count, visit by visit."""
    sum_clp = 0
    for route in plan.routes:
        for visit in route.visits:
            home = changes.home.get(visit.stop)
            told = changes.told.get(visit.stop)
            sum_clp += changes.vehicle_price_clp * (home is not None and home != route.vehicle)
            if home is not None and told is not None:
                is_kept = any(each.start_s <= visit.start_s <= each.end_s for each in told)
                sum_clp += 0 if is_kept else changes.window_price_clp
        for before, after in pairwise(route.sequence):
            homes = changes.home.get(before), changes.home.get(after)
            if homes == (route.vehicle, route.vehicle):
                is_turned = changes.rank[after] < changes.rank[before]
                sum_clp += changes.order_price_clp * is_turned
    return sum_clp
