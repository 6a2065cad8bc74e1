"""A first plan: every stop put where it costs least, those that close first or lie far first."""

from __future__ import annotations

import numpy as np

from promesa.routing.engine.chance import Chance
from promesa.routing.engine.compiled import kernel
from promesa.routing.engine.costs import route_cost
from promesa.routing.engine.day import Day, Ints
from promesa.routing.engine.journal import Journal, open_journal
from promesa.routing.engine.recreate import put_back
from promesa.routing.engine.state import NONE, State


def opening_order(day: Day) -> Ints:
    """Stops in the order in which they are put in."""
    if day.has_windows:
        closing = day.node["closes"][: day.stops]
        return np.lexsort((-day.node["far"][: day.stops], closing)).astype(np.int64)
    return np.argsort(-day.node["far"][: day.stops], kind="stable").astype(np.int64)


@kernel
def open_routes(day: Day, state: State, journal: Journal, chance: Chance, order: Ints) -> None:
    """Puts in whoever is left out, in the order given."""
    for number in range(len(order)):
        stop = order[number]
        if state.node[stop].vehicle == NONE:
            open_journal(journal)
            put_back(day, state, journal, chance, stop, day.node[stop].price)
    for vehicle in range(day.vehicles):
        state.van[vehicle].cost = route_cost(day, state, vehicle)
