"""When each node is left at the earliest and reached at the latest, with and without breaks.

With b breaks taken, ``early`` is the earliest departure and ``late`` the latest arrival from
which the rest of the route keeps every window, break and the end of the shift. One more stop fits
between two nodes if who comes from the one reaches the other by its ``late``: constant time, at
any hour, since leaving later never means arriving earlier (Visser and Spliet 2020,
doi 10.1287/trsc.2019.0938, for windows; the labels for breaks are ours).
"""

from __future__ import annotations

import numpy as np

from promesa.routing.engine.breaks import before_rest, rested
from promesa.routing.engine.compiled import inlined, kernel
from promesa.routing.engine.day import NEVER, Day
from promesa.routing.engine.legs import arrive_next, leave_next
from promesa.routing.engine.state import NONE, State, first_node
from promesa.routing.engine.travel import arrive, fewest_seconds
from promesa.routing.engine.windows import begin, latest_arrival

# How a label came about: from the node before without a break, or with one here.
NO_BREAK, BREAK_BEFORE, BREAK_AFTER = 0, 1, 2
# Which seconds a way is said to take.
HOUR, FEWEST = 0, 1


@inlined
def serve(day: Day, node: int, arrival: int) -> int:
    """When who arrives then has served; NEVER if after the last window."""
    if arrival >= NEVER:
        return NEVER
    start = begin(day, node, arrival)
    return start + day.node[node].service if start < NEVER else NEVER


@kernel
def start_labels(day: Day, state: State, vehicle: int) -> None:
    """The earliest departures from the depot, and by when the end must be reached."""
    first = first_node(day, vehicle)
    ready = day.van[vehicle].ready
    taken, breaks = day.van[vehicle].taken, day.van[vehicle].breaks
    now = 0
    for b in range(day.labels):
        early = NEVER
        if taken <= b <= breaks:
            if b > taken and now < NEVER:
                now = rested(day, vehicle, b - 1, now)
            early = max(ready, now)
            if early > day.van[vehicle].latest_start:
                early = NEVER
        state.node[first].early[b] = early
    state.node[first].soonest = state.node[first].early[taken]
    due = NEVER
    for b in range(day.labels - 1, -1, -1):
        late = -NEVER
        if b <= breaks:
            if b < breaks and due >= 0:
                due = before_rest(day, vehicle, b, due)
            late = min(due, day.van[vehicle].limit)
        state.node[first + 1].late[b] = late
    state.node[first + 1].latest = state.node[first + 1].late[breaks]


@kernel
def label(
    day: Day,
    vehicle: int,
    node: int,
    b: int,
    arrival: int,
    fewer_arrival: int,
    fewer_done: int,
) -> tuple[int, int]:
    """When the node is served at the earliest with b breaks had, and where the last one was.

    ``fewer_arrival`` and ``fewer_done`` are arrival and end with one break less, NEVER for none.
    """
    done, how = serve(day, node, arrival), NO_BREAK
    if fewer_arrival < NEVER:
        other = serve(day, node, rested(day, vehicle, b - 1, fewer_arrival))
        if other < done:
            done, how = other, BREAK_BEFORE
    if fewer_done < NEVER:
        other = rested(day, vehicle, b - 1, fewer_done)
        if other < done:
            done, how = other, BREAK_AFTER
    return done, how


@kernel
def step(day: Day, state: State, origin: int, node: int) -> bool:
    """Renews ``early`` of the node from the one before it; whether anything changed."""
    vehicle = state.node[node].vehicle
    is_end = node == first_node(day, vehicle) + 1
    if day.labels == 1:
        now = state.node[origin].early[0]
        if now < NEVER:
            now = arrive_next(day, state, origin, now)
            if not is_end:
                now = serve(day, node, now)
        changed = state.node[node].early[0] != now
        state.node[node].early[0], state.node[node].soonest = now, now
        return changed
    changed = False
    fewer_arrival, fewer_done = NEVER, NEVER
    for b in range(day.van[vehicle].breaks + 1):
        arrival = NEVER
        if state.node[origin].early[b] < NEVER:
            arrival = arrive_next(day, state, origin, state.node[origin].early[b])
        done = arrival
        if not is_end:
            done, _ = label(day, vehicle, node, b, arrival, fewer_arrival, fewer_done)
        changed = changed or state.node[node].early[b] != done
        state.node[node].early[b] = done
        fewer_arrival, fewer_done = arrival, done
    state.node[node].soonest = state.node[node].early[day.van[vehicle].taken]
    return changed


@kernel
def step_back(day: Day, state: State, node: int, following: int) -> bool:
    """Renews ``late`` of the node from the one after it; whether anything changed."""
    vehicle = state.node[node].vehicle
    if day.labels == 1:
        left = leave_next(day, state, node, state.node[following].late[0])
        late = latest_arrival(day, node, left - day.node[node].service)
        changed = state.node[node].late[0] != late
        state.node[node].late[0], state.node[node].latest = late, late
        return changed
    changed = False
    more_late = -NEVER
    for b in range(day.van[vehicle].breaks, -1, -1):
        due = state.node[following].late[b]
        late, left = back_label(day, state, vehicle, node, b, due, more_late)
        changed = changed or state.node[node].late[b] != late
        state.node[node].late[b] = late
        more_late = left
    state.node[node].latest = state.node[node].late[day.van[vehicle].breaks]
    return changed


@kernel
def back_label(
    day: Day, state: State, vehicle: int, node: int, b: int, due: int, more_left: int
) -> tuple[int, int]:
    """Latest arrival and latest end of service with b breaks taken.

    ``due`` is the latest arrival at the node after it, ``more_left`` the latest end of service
    with one break more.
    """
    left = -NEVER
    if due >= 0:
        left = leave_next(day, state, node, due)
    late = -NEVER
    if more_left >= 0 and b < day.van[vehicle].breaks:
        after = before_rest(day, vehicle, b, more_left)
        left = max(left, after)
        arrival = latest_arrival(day, node, more_left - day.node[node].service)
        if arrival >= 0:
            late = before_rest(day, vehicle, b, arrival)
    if left >= 0:
        other = latest_arrival(day, node, left - day.node[node].service)
        late = max(late, other)
    return late, left


@kernel
def renew_forward(day: Day, state: State, node: int) -> None:
    """Renews ``early`` after the node, until it changes nothing more."""
    following = state.node[node].after
    while following != NONE and step(day, state, node, following):
        node, following = following, state.node[following].after


@kernel
def renew_backward(day: Day, state: State, node: int) -> None:
    """Renews ``late`` before the node, until it changes nothing more."""
    origin = state.node[node].before
    while origin != NONE and step_back(day, state, origin, node):
        node, origin = origin, state.node[origin].before


@kernel
def renew_span(day: Day, state: State, node: int, following: int) -> None:
    """Renews the times round a span of the route that changed, from the one node to the other."""
    here = node
    while here != following:
        step(day, state, here, state.node[here].after)
        here = state.node[here].after
    renew_forward(day, state, following)
    here = following
    while here != node:
        step_back(day, state, state.node[here].before, here)
        here = state.node[here].before
    renew_backward(day, state, node)


@kernel
def time_all(day: Day, state: State, vehicle: int) -> None:
    """Renews the whole route."""
    first = first_node(day, vehicle)
    start_labels(day, state, vehicle)
    node = first
    while state.node[node].after != NONE:
        step(day, state, node, state.node[node].after)
        node = state.node[node].after
    while state.node[node].before != NONE:
        step_back(day, state, state.node[node].before, node)
        node = state.node[node].before


@kernel
def fits_between(day: Day, state: State, node: int, stop: int, seconds: int) -> int:
    """Seconds by which the stop right after the node delays what follows; NEVER if it cannot.

    With the FEWEST seconds of any hour for its two ways, which lie ready, it is no less than that;
    else with those of the HOUR.
    """
    following = state.node[node].after
    if day.labels == 1:
        arrival = _reach(day, node, stop, state.node[node].early[0], seconds)
        done = serve(day, stop, arrival)
        if done >= NEVER:
            return NEVER
        reached = _reach(day, stop, following, done, seconds)
        if reached > state.node[following].late[0]:
            return NEVER
        return _delay(day, state, following, reached, np.int64(0))
    return _fits_with_breaks(day, state, node, stop, seconds)


@kernel
def _fits_with_breaks(day: Day, state: State, node: int, stop: int, seconds: int) -> int:
    vehicle = state.node[node].vehicle
    following = state.node[node].after
    best = NEVER
    fewer_arrival, fewer_done = NEVER, NEVER
    for b in range(day.van[vehicle].breaks + 1):
        arrival = NEVER
        if state.node[node].early[b] < NEVER:
            arrival = _reach(day, node, stop, state.node[node].early[b], seconds)
        done, _ = label(day, vehicle, stop, b, arrival, fewer_arrival, fewer_done)
        fewer_arrival, fewer_done = arrival, done
        if done < NEVER and state.node[following].late[b] >= done:
            reached = _reach(day, stop, following, done, seconds)
            if reached <= state.node[following].late[b]:
                delay = _delay(day, state, following, reached, b)
                best = min(best, delay)
    return best


@inlined
def _reach(day: Day, origin: int, node: int, departure: int, seconds: int) -> int:
    if seconds == FEWEST and departure < NEVER:
        return departure + fewest_seconds(day, origin, node)
    return arrive(day, origin, node, departure)


@inlined
def _delay(day: Day, state: State, node: int, reached: int, b: int) -> int:
    """How much later the node is left; nought where a wait swallows it."""
    was = state.node[node].early[b]
    if was >= NEVER:
        return 0
    is_end = node == first_node(day, state.node[node].vehicle) + 1
    now = reached if is_end else serve(day, node, reached)
    if now >= NEVER:
        # Only with a break taken at the node does it still work out; the route knows, not we.
        return 0
    return now - was if now > was else 0
