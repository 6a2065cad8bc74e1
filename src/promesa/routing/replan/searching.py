"""The third level, only when asked: the engine's whole search, from what is planned so far.

Its answer is held against the limits of change like any other, so it may be cut down to the
changes that gain most.
"""

from __future__ import annotations

from promesa.routing.budget import Limit
from promesa.routing.engine.flatten import Changes
from promesa.routing.params import RoutingParams
from promesa.routing.plan import RELOAD, Sequences
from promesa.routing.problem import Window
from promesa.routing.replan.departing import Departed, depart
from promesa.routing.replan.ledger import Ledger
from promesa.routing.replan.params import CALM, ReplanParams
from promesa.routing.replan.replanning import Replanned, replan, settle
from promesa.routing.replan.rest import Rest
from promesa.routing.solver import improve


def search_rest(
    rest: Rest,
    budget: Limit,
    seed: int,
    params: ReplanParams = CALM,
) -> Replanned:
    """What to change in the rest of a day, searched as long as the budget lasts.

    The same rest, seed and budget of iterations give the same changes.
    """
    calm = replan(rest, params, among=range(len(rest.routes)))
    ledger = Ledger(calm.rest, params)
    departed = depart(ledger, calm.sequences)
    if not departed.vehicles:
        return calm
    settings = RoutingParams(unserved_price_clp=params.unserved_price_clp)
    start = {vehicle: stops for vehicle, stops in departed.start.items() if stops}
    changes = changes_of(departed, params)
    found = improve(departed.problem, start, changes, budget, seed=seed, params=settings)
    wanted = departed.back({route.vehicle: route.sequence for route in found.plan.routes})
    searched = settle(ledger, wanted)
    is_better = ledger.count_clp(searched.sequences) < ledger.count_clp(calm.sequences)
    return searched if is_better else calm


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
        window: Window | None = rest.told.get(stop)
        if window is not None:
            told[number] = window
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
