"""What a worker does: searches one part, from the routes it has or from none."""

from __future__ import annotations

from dataclasses import dataclass

from promesa.routing.budget import Limit, Spending
from promesa.routing.engine.flatten import flat_day
from promesa.routing.engine.search import Outcome, Stretch, search
from promesa.routing.plan import Sequences
from promesa.routing.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Task:
    """A part to be searched.

    Attributes:
        prices: What leaving each stop out costs, in pesos.
    """

    problem: Problem
    start: Sequences
    prices: tuple[int, ...]
    neighbours: int
    limit: Limit
    seed: int
    stretch: Stretch


def search_part(task: Task) -> Outcome:
    """The routes it comes to, in its own numbers."""
    # Getting ready is part of what it may take.
    limit = _Begun(task.limit)
    day = flat_day(task.problem, task.prices, task.neighbours)
    return search(day, limit, task.seed, task.start, task.stretch)


class _Begun:
    """A limit whose stopwatch is running already."""

    def __init__(self, limit: Limit) -> None:
        self.iterations = limit.iterations
        self.seconds = limit.seconds
        self.part = limit.part
        self._spending = limit.start()

    def start(self) -> Spending:
        """What began before."""
        return self._spending
