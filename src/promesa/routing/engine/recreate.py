"""Putting stops back: each where it costs least, beside its nearest, some places overlooked.

Greedy insertion with blinks (Christiaens and Vanden Berghe 2020). A place counts its detour and
the delay of what follows; whoever accepts the step works out the routes in full.
"""

from __future__ import annotations

import numpy as np

from promesa.routing.engine.bonds import insert_bond
from promesa.routing.engine.chance import Chance, below, unit
from promesa.routing.engine.compiled import inlined, kernel
from promesa.routing.engine.costs import arc_of, route_cost, usual_arc
from promesa.routing.engine.day import IMPOSSIBLE, NEVER, Day, Floats, Ints
from promesa.routing.engine.journal import Journal, write_down
from promesa.routing.engine.links import close_trip, link, open_trip, renew, unlink
from promesa.routing.engine.loads import fits_empty, has_room
from promesa.routing.engine.permits import may_take, visit_price
from promesa.routing.engine.state import NONE, State, first_node, top_idle
from promesa.routing.engine.timing import FEWEST, HOUR, fits_between
from promesa.routing.engine.travel import arrive, changes_by_hour, leave
from promesa.routing.engine.windows import begin

BLINK_SHARE = 0.01
# So many kinds of idle vehicles are tried for one stop.
KINDS_TRIED = 12
# So many drivers with limits are tried, at the last only those who have nobody yet.
DRIVERS_TRIED, IDLE_TRIED = 3, 12
# Orders in which stops are put back, and how often each is drawn: the paper's.
BY_CHANCE, BY_LOAD, BY_FAR, BY_NEAR, BY_LENGTH, BY_OPENING, BY_CLOSING = range(7)


@kernel
def sort_removed(day: Day, chance: Chance, removed: Ints, count: int, keys: Floats) -> None:
    """Puts the removed stops into the order of a rule drawn by chance."""
    rule = _draw_rule(day, chance)
    for number in range(count):
        stop = removed[number]
        key = unit(chance)
        if rule == BY_LOAD:
            key = -float(day.node[stop].delivered[0] + day.node[stop].picked[0])
        elif rule == BY_FAR:
            key = -day.node[stop].far
        elif rule == BY_NEAR:
            key = day.node[stop].far
        elif rule == BY_LENGTH:
            key = float(day.node[stop].closes) - day.node[stop].opens
        elif rule == BY_OPENING:
            key = float(day.node[stop].opens)
        elif rule == BY_CLOSING:
            key = -float(day.node[stop].closes)
        keys[number] = key
    for number in range(1, count):
        key, stop, place = keys[number], removed[number], number - 1
        while place >= 0 and keys[place] > key:
            keys[place + 1], removed[place + 1] = keys[place], removed[place]
            place -= 1
        keys[place + 1], removed[place + 1] = key, stop


@kernel
def _draw_rule(day: Day, chance: Chance) -> int:
    drawn = below(chance, 17 if day.has_windows == 1 else 11)
    if drawn < 4:
        return BY_CHANCE
    if drawn < 8:
        return BY_LOAD
    if drawn < 10:
        return BY_FAR
    if drawn < 11:
        return BY_NEAR
    if drawn < 13:
        return BY_LENGTH
    if drawn < 15:
        return BY_OPENING
    return BY_CLOSING


@kernel
def put_back(
    day: Day, state: State, journal: Journal, chance: Chance, stop: int, limit: float
) -> float:
    """Puts one stop where it costs least, if below ``limit``: what it adds, IMPOSSIBLE if nowhere.

    What others that it is bound to add is not counted.
    """
    bond = day.node[stop].bond
    if bond != NONE:
        return 0.0 if insert_bond(day, state, journal, bond) else IMPOSSIBLE
    for number in range(DRIVERS_TRIED + IDLE_TRIED):
        best, place = limit, NONE
        if number < DRIVERS_TRIED:
            best, place = _beside_neighbours(day, state, journal, chance, stop, limit)
        best, place = _on_idle(day, state, journal, chance, stop, best, place)
        if day.trips > 1:
            best, place = _on_new_trip(day, state, journal, stop, best, place)
        if place == NONE:
            return IMPOSSIBLE
        if _join(day, state, journal, stop, place):
            return best
    return IMPOSSIBLE


@kernel
def open_route(
    day: Day, state: State, journal: Journal, chance: Chance, stop: int, limit: float
) -> float:
    """Puts the stop on a vehicle that has nobody yet, if below ``limit``: what it adds, else 0."""
    if day.node[stop].bond != NONE:
        return 0.0
    added, place = _on_idle(day, state, journal, chance, stop, limit, NONE)
    return added if place != NONE and _join(day, state, journal, stop, place) else 0.0


@inlined
def _return_number(day: Day, journal: Journal, stop: int) -> int:
    """One number for all that is tried to put this stop back in this step."""
    return journal.count[2] * day.stops + stop


@inlined
def _refused(day: Day, state: State, journal: Journal, vehicle: int, stop: int) -> bool:
    if day.has_limits == 0:
        return False
    return state.van[vehicle].refused == _return_number(day, journal, stop)


@kernel
def _join(day: Day, state: State, journal: Journal, stop: int, place: int) -> bool:
    """Puts the stop right after the node, unless the driver may not be out so long."""
    vehicle = state.node[place].vehicle
    write_down(day, state, journal, vehicle)
    link(day, state, stop, place)
    if day.has_limits == 0 or _stays_within(day, state, vehicle, stop):
        return True
    # Another driver may: this one is not asked again for this stop.
    state.van[vehicle].refused = _return_number(day, journal, stop)
    return False


@kernel
def _stays_within(day: Day, state: State, vehicle: int, stop: int) -> bool:
    """Whether the driver may still be out so long; takes the stop out again if not."""
    if route_cost(day, state, vehicle) < IMPOSSIBLE:
        return True
    unlink(day, state, stop)
    renew(day, state, vehicle)
    return False


@kernel
def _beside_neighbours(
    day: Day, state: State, journal: Journal, chance: Chance, stop: int, limit: float
) -> tuple[float, int]:
    """The cheapest place right after or before a near stop.

    Most places are ruled out by the way between the two alone, which lies ready in ``Day.ways``;
    only the rest looks anything up in the large tables.
    """
    best, place = limit, NONE
    closes, done = day.node[stop].closes, day.node[stop].opens + day.node[stop].service
    for rank in range(day.near.shape[1]):
        neighbour = np.int64(day.near[stop, rank])
        vehicle = state.node[neighbour].vehicle
        if vehicle == NONE:
            continue
        after = day.least_per_metre * np.int64(day.ways[stop, rank, 0]) - state.node[neighbour].arc
        before = day.least_per_metre * np.int64(day.ways[stop, rank, 1])
        before -= state.node[neighbour].arc_before
        if day.has_windows == 1:
            if state.node[neighbour].soonest + np.int64(day.ways[stop, rank, 2]) > closes:
                after = IMPOSSIBLE
            if done + np.int64(day.ways[stop, rank, 3]) > state.node[neighbour].latest:
                before = IMPOSSIBLE
        if min(after, before) >= best or not may_take(day, state, vehicle, stop):
            continue
        if _refused(day, state, journal, vehicle, stop):
            continue
        # Without pickups the room is the same all along the trip, before its first stop too.
        if day.mixed == 0 and not has_room(day, state, neighbour, stop):
            continue
        price = visit_price(day, vehicle, stop)
        to_stop, from_stop = np.int64(day.ways[stop, rank, 0]), np.int64(day.ways[stop, rank, 1])
        for side in range(2):
            node = neighbour if side == 0 else state.node[neighbour].before
            cost = price + (after if side == 0 else before)
            if cost >= best:
                continue
            cost = price - state.node[node].arc
            if side == 0:
                cost += arc_of(day, vehicle, node, stop, to_stop)
                cost += usual_arc(day, vehicle, stop, state.node[node].after)
            else:
                cost += usual_arc(day, vehicle, node, stop)
                cost += arc_of(day, vehicle, stop, neighbour, from_stop)
            if cost >= best or unit(chance) < BLINK_SHARE:
                continue
            cost = _delayed(day, state, node, stop, cost, best)
            if cost < best:
                best, place = cost, node
    return best, place


@inlined
def _delayed(day: Day, state: State, node: int, stop: int, cost: float, limit: float) -> float:
    """The cost and what it costs that the stop right after the node delays the rest.

    IMPOSSIBLE if it cannot, or if it is not below the limit at the fewest seconds of any hour.
    """
    if day.mixed == 1 and not has_room(day, state, node, stop):
        return IMPOSSIBLE
    if day.has_windows == 0:
        return cost
    per_second = day.van[state.node[node].vehicle].per_second
    if changes_by_hour(day):
        least = fits_between(day, state, node, stop, FEWEST)
        if least >= NEVER or cost + per_second * least >= limit:
            return IMPOSSIBLE
    delay = fits_between(day, state, node, stop, HOUR)
    return IMPOSSIBLE if delay >= NEVER else cost + per_second * delay


@kernel
def _on_idle(
    day: Day,
    state: State,
    journal: Journal,
    chance: Chance,
    stop: int,
    best: float,
    place: int,
) -> tuple[float, int]:
    """A vehicle that has nobody yet, of each kind."""
    skipped = below(chance, day.kinds) if day.kinds > KINDS_TRIED else 0
    for number in range(min(day.kinds, KINDS_TRIED)):
        kind = (number + skipped) % day.kinds
        vehicle = top_idle(day, state, kind)
        if (
            vehicle == NONE
            or not may_take(day, state, vehicle, stop)
            or not fits_empty(day, vehicle, stop)
            or _refused(day, state, journal, vehicle, stop)
        ):
            continue
        first = first_node(day, vehicle)
        cost = day.van[vehicle].fixed + visit_price(day, vehicle, stop)
        cost += usual_arc(day, vehicle, first, stop) + usual_arc(day, vehicle, stop, first + 1)
        if cost >= best:
            continue
        if day.has_windows == 1:
            if fits_between(day, state, first, stop, HOUR) >= NEVER:
                continue
            cost += day.van[vehicle].per_second * _alone_s(day, first, stop)
        if cost < best:
            best, place = cost, first
    return best, place


@kernel
def _alone_s(day: Day, first: int, stop: int) -> int:
    """Seconds out for one stop, leaving as late as its window lets; breaks are not counted."""
    ready = day.van[(first - day.stops) // 2].ready
    start = begin(day, stop, arrive(day, first, stop, ready))
    if start >= NEVER:
        return 0
    left = max(ready, leave(day, first, stop, start))
    return arrive(day, stop, first + 1, start + day.node[stop].service) - left


@kernel
def _on_new_trip(
    day: Day, state: State, journal: Journal, stop: int, best: float, place: int
) -> tuple[float, int]:
    """One more trip at the end of a route nearby, opened if it is cheaper than the place found."""
    last_of_trip = NONE
    for rank in range(min(day.near.shape[1], KINDS_TRIED)):
        vehicle = state.node[day.near[stop, rank]].vehicle
        if vehicle == NONE or state.van[vehicle].trips_used >= day.van[vehicle].trips_max:
            continue
        if not may_take(day, state, vehicle, stop) or not fits_empty(day, vehicle, stop):
            continue
        if _refused(day, state, journal, vehicle, stop):
            continue
        end = first_node(day, vehicle) + 1
        last = state.node[end].before
        start = first_node(day, vehicle)
        cost = visit_price(day, vehicle, stop) + usual_arc(day, vehicle, last, start)
        cost += usual_arc(day, vehicle, start, stop) + usual_arc(day, vehicle, stop, end)
        cost -= state.node[last].arc
        if cost >= best:
            continue
        write_down(day, state, journal, vehicle)
        number = open_trip(day, state, vehicle, last)
        if number == NONE:
            continue
        delay = fits_between(day, state, number, stop, HOUR) if day.has_windows == 1 else 0
        close_trip(day, state, number)
        if delay < NEVER:
            cost += day.van[vehicle].per_second * delay
            if cost < best:
                best, last_of_trip = cost, last
    if last_of_trip == NONE:
        return best, place
    vehicle = state.node[last_of_trip].vehicle
    return best, open_trip(day, state, vehicle, last_of_trip)
