"""Drives the kernels: lays a start down, cools, keeps the best, until the budget is spent."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from promesa.routing.budget import Limit, Spending
from promesa.routing.engine.annealing import WORK_FIELDS, Work
from promesa.routing.engine.arena import Packed, words
from promesa.routing.engine.chance import Chance, make_chance
from promesa.routing.engine.day import DAY_FIELDS, Day, Ints
from promesa.routing.engine.emptying import GIVEN_UP, OPTIONAL
from promesa.routing.engine.journal import JOURNAL_FIELDS, blank_journal
from promesa.routing.engine.opening import opening_order
from promesa.routing.engine.run import EMPTY, FILL, PRESS, SEARCH, run
from promesa.routing.engine.setup import flat_routes, read_routes
from promesa.routing.engine.state import NONE, STATE_FIELDS, blank_state
from promesa.routing.plan import Sequences

# Shares of the mean way between neighbours. 0.3 and 0.007 came to 2.1 % on R1_10_1, 3.0 % on
# RC2_10_5 in 60 CPU s; these to 1.6 and 2.0 %; 600 stops by the hour, 40,000 steps: 1.6 % cheaper.
HOT, COLD = 0.6, 0.02
WHOLE_SHARE = 0.05
# While it is hot few long routes outnumber many short ones, however cheap those are when it is
# cold, and cold no step leads there. So a route counts so many mean ways less at HOT, fewer as
# it cools, none from UNREWARDED on: RC2_10_5 1.9 to 1.6 %, C2_10_1 0.9 to 0.5 (300,000 steps,
# three and two seeds), X-n1001-k43 2.0 to 1.7, R1_10_1 2.0 both (500,000, two seeds).
ROUTE_REWARD, UNREWARDED = 2.0, 0.055
# In so many steps down.
REWARD_LEVELS = 7
# Shares of the budget for fewer vehicles, for one route of them, and how cool it is meanwhile.
EMPTYING_SHARE, ATTEMPT_SHARE, PRESSING_SHARE = 0.2, 0.07, 0.4
# The temperature changes so many times in a search.
STAGES = 400
STEPS_FIRST = 500
STEPS_MAX = 200_000
_NOTHING = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a search found: stops in order by vehicle, and what it did."""

    routes: Sequences
    cost: float
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """How a search goes, which may be part of a longer one.

    Attributes:
        hot: How hot it begins, in mean ways between neighbours.
        cold: How cold it ends.
        empties: Whether it first tries to do with fewer vehicles, where they cost something.
        rewards: Whether routes count less while it is hot.
        keeps_best: Whether it ends with the best routes it saw; else with those it stands at,
            from which the longer search goes on.
    """

    hot: float = HOT
    cold: float = COLD
    empties: bool = True
    rewards: bool = True
    keeps_best: bool = True


WHOLE = Stretch()
# A start is a plan that people know: it is not melted in the little time a second search has (as
# hot as from nothing, 3,000 steps found nothing better), and nobody asks for fewer vehicles.
FROM_A_PLAN = Stretch(hot=0.3, cold=0.007, empties=False, rewards=False)


def cooled(hot: float, cold: float, share: float) -> float:
    """The heat after that share of a search."""
    return float(hot * (cold / hot) ** share)


def search(
    day: Day,
    limit: Limit,
    seed: int,
    start: Sequences | None = None,
    stretch: Stretch | None = None,
) -> Outcome:
    """The best routes found within the limit, from a given start or from none.

    The same day, seed, start, stretch and limit of iterations give the same outcome.
    """
    stretch = stretch or (FROM_A_PLAN if start else WHOLE)
    if day.stops == 0 or day.vehicles == 0:
        return Outcome(routes={}, cost=float(day.node["price"].sum()), steps=0)
    going = Run(day, make_chance(seed), start or {})
    clock, share = limit.start(), 0.0
    pace = _Pace(limit.iterations)
    before = going.outcome()
    if stretch.empties and day.van["fixed"].max() > 0.0 and not going.left_out:
        going, share = _with_fewer_vehicles(going, clock, pace)
    begun = share
    while share < 1.0:
        steps = pace.steps(going.steps, share)
        heat = cooled(stretch.hot, stretch.cold, (share - begun) / (1.0 - begun))
        going = going.rewarding(_reward(heat) if stretch.rewards else 0.0)
        going.go(steps, heat)
        share = clock.share(going.steps)
        pace.learn(share)
    going = going.rewarding(0.0)
    if not stretch.keeps_best:
        return going.standing()
    found = going.outcome()
    if found.cost > before.cost:
        found = replace(before, steps=found.steps)
    return found if start else replace(found, routes=_first_first(day, found.routes))


def _first_first(day: Day, routes: Sequences) -> Sequences:
    """The same routes; of vehicles that are alike, those go out that come first in the list."""
    kinds = day.van["kind"]
    found: dict[int, tuple[int, ...]] = {}
    for kind in sorted({int(kinds[vehicle]) for vehicle in routes}):
        used = sorted(vehicle for vehicle in routes if kinds[vehicle] == kind)
        alike = np.flatnonzero(kinds == kind)[: len(used)].tolist()
        found |= {new: tuple(routes[old]) for new, old in zip(alike, used, strict=True)}
    return found


def _reward(heat: float) -> float:
    """What a route counts less at that heat, in mean ways between neighbours."""
    if heat <= UNREWARDED:
        return 0.0
    level = REWARD_LEVELS * math.log(heat / UNREWARDED) / math.log(HOT / UNREWARDED)
    return ROUTE_REWARD * math.ceil(level) / REWARD_LEVELS


def _rewarded(day: Day, reward: float) -> Day:
    if reward == 0.0:
        return day
    van = day.van.copy()
    van["fixed"] -= reward * day.scale
    return day._replace(van=van)


def _with_fewer_vehicles(going: Run, clock: Spending, pace: _Pace) -> tuple[Run, float]:
    """Empties one route after the other, as long as their stops find room in the others."""
    share, given_up = clock.share(going.steps), set[int]()
    while share < EMPTYING_SHARE:
        vehicle = going.empty(given_up)
        if vehicle == NONE:
            break
        until = share + ATTEMPT_SHARE
        while going.is_pressing and share < min(until, EMPTYING_SHARE):
            going.press(pace.steps(going.steps, share))
            share = clock.share(going.steps)
            pace.learn(share)
        if going.is_pressing:
            given_up.add(vehicle)
            going = going.from_best()
    # So that every vehicle may be used again.
    return going.from_best(), share


class _Pace:
    """How many steps to make before the temperature changes."""

    def __init__(self, iterations: int | None) -> None:
        self._iterations = iterations
        self._steps = STEPS_FIRST
        self._share = 0.0

    def steps(self, made: int, share: float) -> int:
        """Steps for the stage that begins."""
        if self._iterations is not None:
            stage = max(1, self._iterations // STAGES)
            return min(stage, max(0, self._iterations - made))
        self._share = share
        return self._steps

    def learn(self, share: float) -> None:
        """Adapts to how much of the budget the last stage took."""
        took = max(1e-9, share - self._share)
        factor = min(2.0, max(0.25, 1.0 / STAGES / took))
        self._steps = int(min(STEPS_MAX, max(10.0, self._steps * factor)))


class Run:
    """One search going on."""

    def __init__(
        self, day: Day, chance: Chance, start: Sequences, steps: int = 0, reward: float = 0.0
    ) -> None:
        self.steps = steps
        self.is_pressing = False
        self._whole, self._reward = day, reward
        self._day = day = _rewarded(day, reward)
        self.state = blank_state(day)
        self._journal = blank_journal(day)
        self._work = _blank_work(day)
        self._chance = chance
        self._packed = (
            Packed(day, DAY_FIELDS),
            Packed(self.state, STATE_FIELDS),
            Packed(self._journal, JOURNAL_FIELDS),
            Packed(self._work, WORK_FIELDS),
        )
        self._call(FILL, flat_routes(day, start), opening_order(day))
        left = np.flatnonzero(self.state.node["vehicle"][: day.stops] == NONE)
        self.state.node["absent"][left] = 1
        self._work.scratch[day.stops : day.stops + len(left)] = left
        self._work.absences[left] = OPTIONAL
        self._work.best_after[:] = self.state.node["after"]
        self._work.counts[:2] = len(left), (self.state.van["stops"] > 0).sum()

    @property
    def left_out(self) -> int:
        """How many stops are in no route."""
        return int(self._work.counts[0])

    def go(self, steps: int, heat: float) -> None:
        """Makes so many steps, as hot as that many mean ways between neighbours."""
        if steps > 0:
            self._call(SEARCH, steps=steps, temperature=heat * self._day.scale)
            self.steps += steps

    def empty(self, given_up: Iterable[int]) -> int:
        """Empties a route of a vehicle not given up; which, NONE if there is none to empty."""
        self.state.van["is_kept"][list(given_up)] = GIVEN_UP
        vehicle = self._call(EMPTY)
        self.is_pressing = vehicle != NONE
        return vehicle

    def press(self, steps: int) -> None:
        """Makes at most so many steps to put everybody into the routes that are left."""
        made = int(self._work.counts[2])
        heat = cooled(HOT, COLD, PRESSING_SHARE)
        self._call(PRESS, steps=steps, temperature=heat * self._day.scale)
        self.steps += int(self._work.counts[2]) - made
        left = self._work.scratch[self._day.stops :][: self._work.counts[0]]
        self.is_pressing = bool((self._work.absences[left] > OPTIONAL).any())

    def from_best(self) -> Run:
        """The search anew, from the best routes so far."""
        return Run(self._whole, self._chance, self.outcome().routes, self.steps)

    def rewarding(self, reward: float) -> Run:
        """The search where each route counts so many mean ways less, from where it stands."""
        if reward == self._reward:
            return self
        return Run(self._whole, self._chance, self.standing().routes, self.steps, reward)

    def _call(
        self,
        task: int,
        flat: Ints = _NOTHING,
        order: Ints = _NOTHING,
        steps: int = 0,
        temperature: float = 0.0,
    ) -> int:
        packed = words(*self._packed)
        return int(run(packed, self._chance, task, flat, order, steps, temperature, WHOLE_SHARE))

    def outcome(self) -> Outcome:
        """The best so far."""
        routes = read_routes(self._day, self._work.best_after)
        return Outcome(routes=routes, cost=float(self._work.costs[1]), steps=self.steps)

    def standing(self) -> Outcome:
        """Where it stands now, which may be worse."""
        routes = read_routes(self._day, self.state.node["after"])
        return Outcome(routes=routes, cost=float(self._work.costs[0]), steps=self.steps)


def _blank_work(day: Day) -> Work:
    return Work(
        scratch=np.zeros(2 * day.stops, np.int64),
        keys=np.zeros(day.stops),
        dirty=np.zeros(day.vehicles + 1, np.int64),
        best_after=np.full(len(day.node), NONE, np.int64),
        costs=np.zeros(2),
        counts=np.zeros(4, np.int64),
        absences=np.zeros(day.stops, np.int64),
    )
