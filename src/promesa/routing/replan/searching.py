"""The third level, only when asked: the engine's whole search, from what is planned so far.

Its answer is held against the limits of change like any other, so it may be cut down to the
changes that gain most.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from promesa.routing.budget import Budget
from promesa.routing.engine.flatten import Changes
from promesa.routing.params import RoutingParams
from promesa.routing.plan import RELOAD, Sequences
from promesa.routing.problem import Problem
from promesa.routing.replan.departing import Departed, depart
from promesa.routing.replan.ledger import Ledger
from promesa.routing.replan.params import CALM, ReplanParams
from promesa.routing.replan.replanning import Replanned, replan, settle
from promesa.routing.replan.rest import Rest
from promesa.routing.solver import improve
from promesa.routing.watching import Watch, WatchedBudget, between, unwatched

# The share of the waiting that the calm levels before it take (measured on a day of 588 stops).
CALM_SHARE = 0.4


def ways_on(
    rest: Rest,
    budget: Budget,
    seed: int,
    params: ReplanParams = CALM,
    *,
    among: Iterable[int] | None = None,
    watch: Watch = unwatched,
) -> tuple[Replanned, ...]:
    """The calm way to go on, and the one that the search leads to from there.

    The same rest, seed and budget of iterations give the same changes. Of some vehicles ``among``
    all, each keeps its stops and only their order is searched.
    """
    able = frozenset(range(len(rest.routes)) if among is None else among)
    calm = replan(rest, params, among=able, watch=between(watch, 0.0, CALM_SHARE))
    ledger = Ledger(calm.rest, params)
    departed = depart(ledger, calm.sequences)
    if not departed.vehicles:
        return (calm,)
    is_partial = len(able) < len(rest.routes)
    problem = _each_its_own(departed) if is_partial else departed.problem
    settings = RoutingParams(unserved_price_clp=params.unserved_price_clp)
    start = {vehicle: stops for vehicle, stops in departed.start.items() if stops}
    changes = changes_of(departed, params)
    watched = WatchedBudget(budget, between(watch, CALM_SHARE, 1.0))
    found = improve(problem, start, changes, watched, seed=seed, params=settings)
    wanted = departed.back({route.vehicle: route.sequence for route in found.plan.routes})
    if is_partial:
        own = {
            each: wanted[each] for each in able if set(wanted[each]) == set(calm.sequences[each])
        }
        wanted = {**calm.sequences, **own}
    return calm, settle(ledger, wanted)


def _each_its_own(departed: Departed) -> Problem:
    """The day in which nobody takes what another visits."""
    stops = list(departed.problem.stops)
    for vehicle, sequence in departed.start.items():
        name = departed.problem.vehicles[vehicle].id
        for stop in sequence:
            if stop != RELOAD:
                stops[stop] = replace(stops[stop], pinned_vehicle=name)
    return replace(departed.problem, stops=tuple(stops))


def changes_of(departed: Departed, params: ReplanParams) -> Changes:
    """What was published, in the numbers of the day of its own."""
    rest = departed.rest
    own_van = {vehicle: number for number, vehicle in enumerate(departed.vehicles)}
    ranks = _ranks(rest.published)
    # Who stands is no vehicle of that day: his stops are nobody's own.
    nobody = len(departed.vehicles)
    home, rank, told = {}, {}, {}
    for number, stop in enumerate(departed.stops):
        if stop not in rest.home:
            continue
        home[number] = own_van.get(rest.home[stop], nobody)
        rank[number] = ranks.get(stop, 0)
        windows = rest.told.get(stop)
        if windows:
            told[number] = tuple(windows)
    return Changes(
        home=home,
        rank=rank,
        told=told,
        vehicle_price_clp=params.prices.vehicle_clp,
        order_price_clp=params.prices.order_clp,
        window_price_clp=params.prices.window_clp,
    )


def _ranks(published: Sequences) -> dict[int, int]:
    return {
        stop: place
        for stops in published.values()
        for place, stop in enumerate(stops)
        if stop != RELOAD
    }
