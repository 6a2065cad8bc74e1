"""The one door from Python into the search: what is compiled is compiled once."""

from __future__ import annotations

from promesa.routing.engine.annealing import Work, anneal
from promesa.routing.engine.chance import Chance
from promesa.routing.engine.compiled import entry
from promesa.routing.engine.day import Day, Ints
from promesa.routing.engine.journal import Journal
from promesa.routing.engine.opening import open_routes
from promesa.routing.engine.setup import lay_routes
from promesa.routing.engine.state import State


@entry
def run(
    day: Day,
    state: State,
    journal: Journal,
    work: Work,
    chance: Chance,
    flat: Ints,
    order: Ints,
    steps: int,
    temperature: float,
    whole_share: float,
) -> None:
    """Lays the routes of ``flat`` down and fills them, or makes so many steps if there are any."""
    if steps == 0:
        lay_routes(day, state, flat)
        open_routes(day, state, journal, chance, order)
    else:
        anneal(day, state, journal, work, chance, steps, temperature, whole_share)
