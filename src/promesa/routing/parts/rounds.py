"""Searches a big day in parts: cut, search each part, put together, cut elsewhere, and so on.

The parts of a round stand at one temperature, which falls from round to round as it does in one
search of the whole. The same problem, seed, settings and limit of iterations give the same plan,
however many workers there are.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace

from promesa.kernel.seeds import stream
from promesa.routing.budget import Limit
from promesa.routing.engine.search import COLD, HOT, Outcome, Stretch, cooled
from promesa.routing.engine.warm import warm
from promesa.routing.parts.cutting import Group, cut
from promesa.routing.parts.layout import positions
from promesa.routing.parts.part import Part, cut_out
from promesa.routing.parts.savings import first_routes, is_plain
from promesa.routing.parts.searching import Task, search_part
from promesa.routing.parts.workers import ALONE, Workers
from promesa.routing.plan import Sequences
from promesa.routing.problem import Problem

# Each cut is turned against the last by the golden angle: no two fall together for long.
GOLDEN = math.pi * (3 - math.sqrt(5))
# Until that share of the search routes are emptied; from the other on parts end with the best
# they saw.
EMPTYING_UNTIL, BEST_FROM = 0.5, 0.75
ROUNDS_MAX = 16
# A round is worth its cutting if each part gets so many seconds or steps a stop (measured).
PART_SECONDS_MIN = 0.8
PART_STEPS_MIN = 10
# Where no hour counts, more neighbours cost more steps than they are worth: on Antwerp1 30 came
# to 1.6 % above the best known in 20 CPU s, 60 to 1.7 and 20 to 1.9.
PLAIN_NEIGHBOURS = 30
_SEED_BITS = 31
_SPENT = 1.0 - 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """How a day is cut.

    Attributes:
        part_stops: About how many stops a part has.
    """

    part_stops: int = 1_000

    def count(self, stops: int) -> int:
        """How many parts: an even number, so that two workers end together."""
        return max(2, 2 * round(stops / self.part_stops / 2))


USUAL = Cuts()


def search_in_parts(
    problem: Problem,
    prices: Sequence[int],
    neighbours: int,
    limit: Limit,
    seed: int,
    *,
    workers: Workers = ALONE,
    cuts: Cuts = USUAL,
) -> Outcome:
    """The best routes found within the limit.

    Args:
        problem: The day; it is valid.
        prices: What leaving each stop out costs, in pesos.
        neighbours: How many near stops each knows.
        limit: Of seconds by the clock, or of CPU seconds of each worker, or of steps in all.
        seed: Of everything drawn by chance.
        workers: Who searches the parts.
        cuts: How the day is cut.
    """
    whole = _Whole(problem=problem, prices=prices, neighbours=neighbours)
    return _Rounds(whole, limit, seed, workers, cuts).search()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Whole:
    """What is searched; see ``search_in_parts``."""

    problem: Problem
    prices: Sequence[int]
    neighbours: int


class _Rounds:
    """One search in parts going on."""

    def __init__(
        self, whole: _Whole, limit: Limit, seed: int, workers: Workers, cuts: Cuts
    ) -> None:
        self._whole, self._problem = whole, whole.problem
        self._limit, self._seed, self._workers = limit, seed, workers
        self._count = cuts.count(len(self._problem.stops))
        self._clock = limit.start()
        self._at = positions(self._problem.travel)
        self._steps = 0
        self._dealt = 0.0
        self._is_plain = is_plain(self._problem)
        self._neighbours = whole.neighbours
        if self._is_plain:
            self._neighbours = min(PLAIN_NEIGHBOURS, whole.neighbours)
        self._costs_of_vans = any(van.fixed_cost_clp for van in self._problem.vehicles)

    def search(self) -> Outcome:
        """Round after round until the limit is spent; one at least if anybody is left out."""
        # Processes load the search while the first routes are laid down here.
        if self._workers.count > 1:
            for _ in range(self._workers.count):
                self._workers.executor.submit(warm)
        first = first_routes(self._problem) if self._is_plain else {}
        now = Outcome(routes=first, cost=math.inf, steps=0)
        best = now
        rounds = self._rounds_worth()
        number, spent = 0, self._spent()
        is_open = sum(map(len, first.values())) < len(self._problem.stops)
        while spent < _SPENT or (number == 0 and is_open):
            left = max(1, round((1.0 - spent) * rounds))
            share = max(0.0, 1.0 - spent) / left
            stretch = Stretch(
                hot=cooled(HOT, COLD, min(1.0, spent)),
                cold=cooled(HOT, COLD, min(1.0, spent + share)),
                empties=self._costs_of_vans and spent < EMPTYING_UNTIL,
                keeps_best=spent + share > BEST_FROM,
            )
            now = self._round(number, now.routes, share, stretch)
            if now.cost < best.cost:
                best = now
            number, spent = number + 1, self._spent()
        return replace(best, steps=self._steps)

    def _rounds_worth(self) -> int:
        """Into how many rounds the limit is worth being cut."""
        worth = float(ROUNDS_MAX)
        if self._limit.iterations is not None:
            worth = min(worth, self._limit.iterations / PART_STEPS_MIN / len(self._problem.stops))
        if self._limit.seconds is not None:
            at_once = self._count / math.ceil(self._count / self._workers.count)
            worth = min(worth, self._limit.seconds * at_once / self._count / PART_SECONDS_MIN)
        return max(1, int(worth))

    def _spent(self) -> float:
        """What has been dealt counts where a clock sees only this process."""
        return max(self._dealt, self._clock.share(self._steps))

    def _round(self, number: int, routes: Sequences, share: float, stretch: Stretch) -> Outcome:
        """Cuts the day, has each part searched and puts it together again."""
        groups = [
            group
            for group in cut(
                self._problem,
                self._at,
                routes,
                count=self._count,
                angle=stream(self._seed, "cuts").uniform(0, math.pi) + number * GOLDEN,
                turn=number,
            )
            if group.stops
        ]
        parts = (
            (part, self._task(part, share, stretch, f"{number}.{at}"))
            for at, part in enumerate(self._parts(groups, routes))
        )
        merged: Sequences = {}
        cost, steps = 0.0, 0
        for part, found in self._searched(parts):
            merged |= part.back(found.routes)
            cost += found.cost
            steps += found.steps
        self._steps += steps
        self._dealt += share
        return Outcome(routes=merged, cost=cost, steps=steps)

    def _parts(self, groups: Iterable[Group], routes: Sequences) -> Iterator[Part]:
        for group in groups:
            yield cut_out(self._problem, group.stops, group.vehicles, routes)

    def _task(self, part: Part, share: float, stretch: Stretch, name: str) -> Task:
        deserved = share * len(part.stops) / len(self._problem.stops)
        if self._limit.iterations is None:
            deserved *= self._count / math.ceil(self._count / self._workers.count)
        return Task(
            problem=part.problem,
            start=part.start,
            prices=tuple(self._whole.prices[stop] for stop in part.stops),
            neighbours=self._neighbours,
            limit=self._limit.part(min(1.0, deserved)),
            seed=stream(self._seed, name).getrandbits(_SEED_BITS),
            stretch=stretch,
        )

    def _searched(self, parts: Iterable[tuple[Part, Task]]) -> Iterator[tuple[Part, Outcome]]:
        """Each part with what came of it, in their order, few of them on their way at a time."""
        out: deque[tuple[Part, Future[Outcome]]] = deque()
        for part, task in parts:
            out.append((part, self._workers.executor.submit(search_part, task)))
            while len(out) > self._workers.count:
                done, future = out.popleft()
                yield done, future.result()
                # Whoever watches the budget sees it being spent.
                self._spent()
        for done, future in out:
            yield done, future.result()
