"""Taking stops out: strings of neighbouring routes, now and then a whole route.

Christiaens and Vanden Berghe (2020), slack induction by string removals,
doi 10.1287/trsc.2019.0914. The whole routes are ours: they are what empties vehicles.
"""

from __future__ import annotations

import numpy as np

from promesa.routing.engine.chance import Chance, below, unit
from promesa.routing.engine.compiled import kernel
from promesa.routing.engine.day import Day, Ints
from promesa.routing.engine.journal import Journal, write_down
from promesa.routing.engine.links import renew, unlink
from promesa.routing.engine.state import NONE, State, first_node
from promesa.routing.engine.timing import renew_span

# The paper's own values.
STRING_MAX = 10.0
REMOVED_MEAN = 10.0
SPLIT_SHARE = 0.5
SPLIT_STOP = 0.01
# Ours: with windows a string is split round three stops in the mean, not round all the rest. That
# makes hourly days of 1,000 stops 1.2 % cheaper (60,000 steps), RC2_10_5 0.4 % (300,000); without
# windows X-n1001-k43 would be 0.2 % dearer (1,000,000; three and four seeds).
SPLIT_STOP_WINDOWS = 0.3


@kernel
def ruin(
    day: Day,
    state: State,
    journal: Journal,
    chance: Chance,
    whole_share: float,
    mean_size: float,
    seed_stop: int,
    removed: Ints,
) -> int:
    """Takes out stops round the seed stop into ``removed``; how many."""
    count = 0
    string_max = min(mean_size, STRING_MAX)
    if unit(chance) < whole_share and state.node[seed_stop].vehicle != NONE:
        count = _take_route(day, state, journal, state.node[seed_stop].vehicle, removed)
        strings = below(chance, 3)
    else:
        strings_max = 4.0 * REMOVED_MEAN / (1.0 + string_max) - 1.0
        strings = int(unit(chance) * strings_max + 1.0)
    neighbours = day.near.shape[1]
    rank = -1
    while strings > 0 and rank < neighbours:
        stop = seed_stop if rank < 0 else np.int64(day.near[seed_stop, rank])
        rank += 1
        vehicle = state.node[stop].vehicle
        if vehicle == NONE or state.van[vehicle].ruined == journal.count[2]:
            continue
        strings -= 1
        longest = min(state.van[vehicle].stops, string_max)
        length = int(unit(chance) * longest + 1.0)
        length = min(length, state.van[vehicle].stops)
        count = _take_string(day, state, journal, chance, stop, length, removed, count)
    return count


@kernel
def _take_route(day: Day, state: State, journal: Journal, vehicle: int, removed: Ints) -> int:
    write_down(day, state, journal, vehicle)
    state.van[vehicle].ruined = journal.count[2]
    count = 0
    node = first_node(day, vehicle)
    while node != NONE:
        if node < day.stops:
            removed[count] = node
            count += 1
        node = state.node[node].after
    return _take(day, state, vehicle, removed, np.int64(0), count)


@kernel
def _take_string(
    day: Day,
    state: State,
    journal: Journal,
    chance: Chance,
    stop: int,
    length: int,
    removed: Ints,
    count: int,
) -> int:
    vehicle = state.node[stop].vehicle
    write_down(day, state, journal, vehicle)
    state.van[vehicle].ruined = journal.count[2]
    kept = 0
    if 1 < length < state.van[vehicle].stops and unit(chance) < SPLIT_SHARE:
        kept = 1
        stop_share = SPLIT_STOP_WINDOWS if day.has_windows == 1 else SPLIT_STOP
        while length + kept < state.van[vehicle].stops and unit(chance) > stop_share:
            kept += 1
    span = length + kept
    keep_from = below(chance, length - 1) + 1 if kept > 0 else span
    node = _string_start(day, state, stop, span, below(chance, span))
    first, place = count, 0
    while place < span:
        if place < keep_from or place >= keep_from + kept:
            removed[count] = node
            count += 1
        node = _next_stop(day, state, node)
        place += 1
    return _take(day, state, vehicle, removed, first, count)


@kernel
def _take(day: Day, state: State, vehicle: int, removed: Ints, first: int, count: int) -> int:
    """Unlinks the stops listed, and with each those it is bound to."""
    before = state.node[removed[first]].before
    after = state.node[removed[count - 1]].after
    number, listed = first, count
    while number < count:
        stop = removed[number]
        if state.node[stop].vehicle != NONE:
            unlink(day, state, stop)
        bond = day.node[stop].bond
        if bond != NONE:
            for place in range(day.bonds[bond, 0], day.bonds[bond, 1]):
                other = day.members[place]
                if state.node[other].vehicle != NONE and not _listed(removed, number, count, other):
                    removed[count] = other
                    count += 1
        number += 1
    if count > listed or day.trips > 1 or day.mixed == 1:
        renew(day, state, vehicle)
    elif day.has_windows == 1:
        renew_span(day, state, before, after)
    return count


@kernel
def _listed(removed: Ints, first: int, count: int, stop: int) -> bool:
    for number in range(first, count):
        if removed[number] == stop:
            return True
    return False


@kernel
def _string_start(day: Day, state: State, stop: int, span: int, back: int) -> int:
    """The first stop of a string of ``span`` with the stop in it, ``back`` before it if it can."""
    start, steps = stop, 0
    while steps < back:
        earlier = _previous_stop(day, state, start)
        if earlier == NONE:
            break
        start, steps = earlier, steps + 1
    ahead, end = 1, start
    while ahead < span:
        end = _next_stop(day, state, end)
        if end == NONE:
            break
        ahead += 1
    while ahead < span:
        start = _previous_stop(day, state, start)
        ahead += 1
    return start


@kernel
def _next_stop(day: Day, state: State, node: int) -> int:
    """The stop after the node, over returns to the depot; NONE at the end."""
    node = state.node[node].after
    while node >= day.stops:
        node = state.node[node].after
    return node


@kernel
def _previous_stop(day: Day, state: State, node: int) -> int:
    node = state.node[node].before
    while node >= day.stops:
        node = state.node[node].before
    return node
