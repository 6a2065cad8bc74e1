"""Steps of ruin and recreate, accepted by annealing; the best is kept.

Who cannot be put back joins those left out, each at its price, and is tried again in later steps.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from promesa.routing.engine.arena import Field, define
from promesa.routing.engine.chance import Chance, below, unit
from promesa.routing.engine.compiled import kernel
from promesa.routing.engine.costs import route_cost, total_cost
from promesa.routing.engine.day import IMPOSSIBLE, Day, Floats, Ints
from promesa.routing.engine.emptying import absence_change, count_absent, empty_route
from promesa.routing.engine.journal import Journal, open_journal, take_back
from promesa.routing.engine.recreate import open_route, put_back, sort_removed
from promesa.routing.engine.ruin import ruin
from promesa.routing.engine.state import NONE, State, first_node
from promesa.routing.engine.tails import swap_tails

# Those left out that each step tries again.
RETRIED = 8
# So many exchanges of tails are looked for after each step.
TAILS_TRIED = 4
# Stop by stop nothing opens a route that pays only when it is long. So these shares of the steps
# that take out few stops, and of those that take out more than MANY, first put one on an idle
# vehicle: RC2_10_5 2.6 to 1.9 %, C2_10_1 0.9 to 0.3 % (300,000 steps, four seeds).
OPENING_FEW, OPENING_MANY = 0.05, 0.5
MANY = 20


class Work(NamedTuple):
    """What a search works with besides the routes.

    Attributes:
        scratch: int64, [2 * stops], removed stops, then those left out.
        keys: float64, [stop], by which removed stops are sorted.
        dirty: int64, [vehicle + 1], routes that changed since the best; their count stands last.
        best_after: int64, [node], the best routes as linked lists.
        costs: float64, [2], now and best.
        counts: int64, [4], left out, vehicles used, steps made, steps that found a new best.
        absences: int64, [stop], steps for which each has been left out; see ``emptying``.
    """

    scratch: Ints
    keys: Floats
    dirty: Ints
    best_after: Ints
    costs: Floats
    counts: Ints
    absences: Ints


WORK_FIELDS: dict[str, Field] = {
    "scratch": (np.int64, 1),
    "keys": (np.float64, 1),
    "dirty": (np.int64, 1),
    "best_after": (np.int64, 1),
    "costs": (np.float64, 1),
    "counts": (np.int64, 1),
    "absences": (np.int64, 1),
}
as_work = define("Work", WORK_FIELDS)


@kernel
def anneal(
    day: Day,
    state: State,
    journal: Journal,
    work: Work,
    chance: Chance,
    steps: int,
    temperature: float,
    whole_share: float,
    is_emptying: int,
) -> None:
    """Makes so many steps at one temperature.

    While a route is being emptied, it ends as soon as everybody is in again.
    """
    scratch, costs, counts = work.scratch, work.costs, work.counts
    stops = day.stops
    left = scratch[stops:]
    is_balanced = day.balance_stop > 0.0 or day.balance_hour > 0.0
    # Whether what a stop adds to its arcs is all that it costs.
    is_exact = day.by_arcs == 1 and not is_balanced and len(day.bonds) == 0
    for _ in range(steps):
        open_journal(journal)
        left_price = state.left_price[0]
        used = max(1, counts[1])
        mean_size = max(1.0, (stops - counts[0]) / used)
        threshold = costs[0] - temperature * math.log(unit(chance) + 1e-300)
        removed = ruin(
            day, state, journal, chance, whole_share, mean_size, below(chance, stops), scratch
        )
        opens = is_emptying == 0 and _opens_a_route(chance, removed)
        room, spare = IMPOSSIBLE, 0.0
        is_bounded = is_exact and is_emptying == 0 and counts[0] == 0
        if opens or is_bounded:
            spare = threshold - costs[0] - _work_out(day, state, journal)
        if is_bounded:
            room = spare
        removed = _with_left_out(chance, scratch, left, removed, counts[0])
        sort_removed(day, chance, scratch, removed, work.keys)
        if opens:
            room -= open_route(day, state, journal, chance, scratch[0], spare)
        is_worth = _put_all_back(day, state, journal, chance, scratch[:removed], room)
        worse, new = 0, IMPOSSIBLE
        if is_worth:
            new = costs[0] + _work_out(day, state, journal) + state.left_price[0] - left_price
            if is_balanced:
                new = total_cost(day, state)
            if is_emptying == 1:
                worse = absence_change(state, left, counts[0], scratch, removed, work.absences)
        if worse < 0 or (worse == 0 and new < threshold):
            _accept(day, state, journal, work, removed, new, is_emptying)
        else:
            take_back(day, state, journal)
            state.left_price[0] = left_price
        for _ in range(TAILS_TRIED):
            _swap(day, state, journal, work, chance, temperature, is_emptying)
        counts[2] += 1
        if is_emptying == 1 and count_absent(left, counts[0], work.absences) == 0:
            _keep(day, state, work)
            return


@kernel
def _opens_a_route(chance: Chance, removed: int) -> bool:
    return unit(chance) < (OPENING_MANY if removed > MANY else OPENING_FEW)


@kernel
def _put_all_back(
    day: Day, state: State, journal: Journal, chance: Chance, removed: Ints, room: float
) -> bool:
    """Puts the stops back one by one; False as soon as they add all the pesos there is room for.

    What nobody will accept need not be finished: most steps end so, half done.
    """
    for stop in removed:
        if room <= 0.0:
            return False
        if state.node[stop].vehicle == NONE:
            price = day.node[stop].price
            added = put_back(day, state, journal, chance, stop, min(price, room))
            room -= min(price, added)
    return room > 0.0


@kernel
def _swap(
    day: Day,
    state: State,
    journal: Journal,
    work: Work,
    chance: Chance,
    temperature: float,
    is_emptying: int,
) -> None:
    """Lets two routes exchange their tails, accepted as any other step."""
    open_journal(journal)
    limit = -temperature * math.log(unit(chance) + 1e-300)
    if not swap_tails(day, state, journal, chance, below(chance, day.stops), limit):
        return
    new = work.costs[0] + _work_out(day, state, journal)
    if day.balance_stop > 0.0 or day.balance_hour > 0.0:
        new = total_cost(day, state)
    if new >= work.costs[0] + limit:
        take_back(day, state, journal)
    else:
        _accept(day, state, journal, work, np.int64(0), new, is_emptying)


@kernel
def give_up_a_route(day: Day, state: State, work: Work) -> int:
    """Empties a route, its stops left out; its vehicle, NONE if there is none to empty."""
    left = work.scratch[day.stops :]
    vehicle = empty_route(day, state, left, work.counts, work.absences)
    if vehicle != NONE:
        _mark_dirty(state, work.dirty, vehicle)
        work.counts[1] -= 1
        work.costs[0] = total_cost(day, state)
    return vehicle


@kernel
def _with_left_out(chance: Chance, scratch: Ints, left: Ints, removed: int, count: int) -> int:
    """Adds some of those left out before to the stops to be put back."""
    first = below(chance, count) if count > RETRIED else 0
    added = min(count, RETRIED)
    for number in range(added):
        scratch[removed + number] = left[(first + number) % count]
    return removed + added


@kernel
def _work_out(day: Day, state: State, journal: Journal) -> float:
    """Pesos by which the routes touched have changed."""
    change = 0.0
    for entry in range(journal.count[0]):
        vehicle = journal.entry[entry].vehicle
        state.van[vehicle].cost = route_cost(day, state, vehicle)
        change += state.van[vehicle].cost - journal.entry[entry].cost
    return change


@kernel
def _accept(
    day: Day,
    state: State,
    journal: Journal,
    work: Work,
    removed: int,
    cost: float,
    is_emptying: int,
) -> None:
    scratch, counts, dirty = work.scratch, work.counts, work.dirty
    left = scratch[day.stops :]
    kept = 0
    for number in range(counts[0]):
        stop = left[number]
        if state.node[stop].vehicle == NONE:
            left[kept] = stop
            kept += 1
        else:
            state.node[stop].absent = 0
    for number in range(removed):
        stop = scratch[number]
        if state.node[stop].vehicle == NONE and state.node[stop].absent == 0:
            state.node[stop].absent = 1
            left[kept] = stop
            kept += 1
    counts[0] = kept
    for entry in range(journal.count[0]):
        vehicle = journal.entry[entry].vehicle
        if journal.entry[entry].stops == 0 and state.van[vehicle].stops > 0:
            counts[1] += 1
        if journal.entry[entry].stops > 0 and state.van[vehicle].stops == 0:
            counts[1] -= 1
        _mark_dirty(state, dirty, vehicle)
    work.costs[0] = cost
    if is_emptying == 0 and cost < work.costs[1] - 1e-7:
        _keep(day, state, work)


@kernel
def _mark_dirty(state: State, dirty: Ints, vehicle: int) -> None:
    if state.van[vehicle].is_dirty == 0:
        state.van[vehicle].is_dirty = 1
        last = len(dirty) - 1
        dirty[dirty[last]] = vehicle
        dirty[last] += 1


@kernel
def _keep(day: Day, state: State, work: Work) -> None:
    """Copies the routes that changed since the last best."""
    dirty, best_after = work.dirty, work.best_after
    work.costs[1] = work.costs[0]
    work.counts[3] += 1
    last = len(dirty) - 1
    for number in range(dirty[last]):
        vehicle = dirty[number]
        state.van[vehicle].is_dirty = 0
        node = first_node(day, vehicle)
        while node != NONE:
            best_after[node] = state.node[node].after
            node = state.node[node].after
    dirty[last] = 0
