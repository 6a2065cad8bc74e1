"""The one door from Python into the search: what is compiled is compiled once."""

from __future__ import annotations

from promesa.routing.engine.annealing import anneal, as_work
from promesa.routing.engine.chance import Chance
from promesa.routing.engine.compiled import entry
from promesa.routing.engine.day import Ints, as_day
from promesa.routing.engine.journal import as_journal
from promesa.routing.engine.opening import open_routes
from promesa.routing.engine.setup import lay_routes
from promesa.routing.engine.state import as_state


@entry
def run(
    words: Ints,
    chance: Chance,
    flat: Ints,
    order: Ints,
    steps: int,
    temperature: float,
    whole_share: float,
) -> None:
    """Lays the routes of ``flat`` down and fills them, or makes so many steps if there are any.

    ``words`` are the day, the state, the journal and the work, packed.
    """
    day, state = as_day(words[0]), as_state(words[1])
    journal, work = as_journal(words[2]), as_work(words[3])
    if steps == 0:
        lay_routes(day, state, flat)
        open_routes(day, state, journal, chance, order)
    else:
        anneal(day, state, journal, work, chance, steps, temperature, whole_share)
