"""The one door from Python into the search: what is compiled is compiled once."""

from __future__ import annotations

import numpy as np

from promesa.routing.engine.annealing import anneal, as_work, give_up_a_route
from promesa.routing.engine.chance import Chance
from promesa.routing.engine.compiled import entry
from promesa.routing.engine.costs import total_cost
from promesa.routing.engine.day import Ints, as_day
from promesa.routing.engine.journal import as_journal
from promesa.routing.engine.opening import open_routes
from promesa.routing.engine.setup import lay_routes
from promesa.routing.engine.state import as_state

# What is asked: to fill the routes given, to search, to press who is left out into the routes
# there are, to empty a route.
FILL, SEARCH, PRESS, EMPTY = 0, 1, 2, 3


@entry
def run(
    words: Ints,
    chance: Chance,
    task: int,
    flat: Ints,
    order: Ints,
    steps: int,
    temperature: float,
    whole_share: float,
) -> int:
    """Does one task; the vehicle of the route that was emptied, or 0.

    ``words`` are the day, the state, the journal and the work, packed.
    """
    day, state = as_day(words[0]), as_state(words[1])
    journal, work = as_journal(words[2]), as_work(words[3])
    if task == FILL:
        lay_routes(day, state, flat)
        open_routes(day, state, journal, chance, order)
        work.costs[:] = total_cost(day, state)
    elif task == EMPTY:
        return give_up_a_route(day, state, work)
    else:
        pressing = np.int64(task == PRESS)
        anneal(day, state, journal, work, chance, steps, temperature, whole_share, pressing)
    return 0
