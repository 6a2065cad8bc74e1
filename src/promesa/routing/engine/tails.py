"""Two routes exchange their tails: what strings of a few stops never change on long routes.

Potvin and Rousseau (1995), doi 10.1057/jors.1995.204, called 2-opt*. An idle vehicle counts as a
route without stops, so a route may be cut in two, or two become one.
"""

from __future__ import annotations

import numpy as np

from promesa.routing.engine.chance import Chance, unit
from promesa.routing.engine.compiled import kernel
from promesa.routing.engine.costs import earliest_end, usual_arc
from promesa.routing.engine.day import NEVER, Day
from promesa.routing.engine.journal import Journal, take_back, write_down
from promesa.routing.engine.legs import arrive_next
from promesa.routing.engine.links import follow
from promesa.routing.engine.loads import load_all
from promesa.routing.engine.recreate import BLINK_SHARE
from promesa.routing.engine.state import (
    NONE,
    State,
    drop_idle,
    first_node,
    push_idle,
    top_idle,
)
from promesa.routing.engine.timing import time_all
from promesa.routing.engine.travel import arrive


@kernel
def swap_tails(
    day: Day, state: State, journal: Journal, chance: Chance, stop: int, limit: float
) -> bool:
    """Cuts the stop's route right after it and joins the best tail nearby; False if there is none.

    It adds less than ``limit`` pesos by the usual ways; the caller works the two routes out.
    """
    vehicle = state.node[stop].vehicle
    if vehicle == NONE:
        return False
    other = _best_tail(day, state, chance, stop, limit)
    if other == NONE:
        return False
    partner = state.node[other].vehicle
    write_down(day, state, journal, vehicle)
    write_down(day, state, journal, partner)
    _exchange(day, state, stop, other)
    if _settle(day, state, vehicle) and _settle(day, state, partner):
        return True
    take_back(day, state, journal)
    return False


@kernel
def _best_tail(day: Day, state: State, chance: Chance, stop: int, limit: float) -> int:
    """The first node of the tail that goes best after the stop; NONE if none is below the limit."""
    vehicle = state.node[stop].vehicle
    best, found = limit, NONE
    for rank in range(day.near.shape[1]):
        other = np.int64(day.near[stop, rank])
        partner = state.node[other].vehicle
        if partner in (NONE, vehicle):
            continue
        cost = day.least_per_metre * np.int64(day.ways[stop, rank, 1])
        cost -= state.node[stop].arc + state.node[other].arc_before
        if cost >= best:
            continue
        if day.has_windows == 1:
            soonest = state.node[stop].soonest + np.int64(day.ways[stop, rank, 3])
            if soonest > state.node[other].latest:
                continue
        cost = _added(day, state, stop, other, best)
        if cost < best and unit(chance) >= BLINK_SHARE and _fit(day, state, stop, other):
            best, found = cost, other
    idle = top_idle(day, state, day.van[vehicle].kind)
    if idle != NONE and state.node[stop].after != first_node(day, vehicle) + 1:
        end = first_node(day, idle) + 1
        if _added(day, state, stop, end, best) < best and _fit(day, state, stop, end):
            found = end
    return found


@kernel
def _added(day: Day, state: State, stop: int, other: int, limit: float) -> float:
    """Pesos that the exchange adds by the usual ways; more than the limit if it cannot be timed."""
    vehicle, partner = state.node[stop].vehicle, state.node[other].vehicle
    before, following = state.node[other].before, state.node[stop].after
    cost = usual_arc(day, vehicle, stop, other) + usual_arc(day, partner, before, following)
    cost -= state.node[stop].arc + state.node[other].arc_before
    if state.van[partner].stops == 0:
        cost += day.van[partner].fixed
    elif before == first_node(day, partner) and following == first_node(day, vehicle) + 1:
        cost -= day.van[partner].fixed
    if cost >= limit or day.has_windows == 0:
        return cost
    seconds = _drive(day, state, stop, other) + _drive(day, state, before, following)
    if seconds >= NEVER:
        return limit
    seconds -= _drive(day, state, stop, following) + _drive(day, state, before, other)
    return cost + day.van[vehicle].per_second * seconds


@kernel
def _drive(day: Day, state: State, node: int, following: int) -> int:
    """Seconds from the one to the other at the earliest; NEVER if the rest is not kept then."""
    vehicle = state.node[node].vehicle
    for b in range(day.van[vehicle].taken, day.van[vehicle].breaks + 1):
        early = state.node[node].early[b]
        if early < NEVER:
            if following == state.node[node].after:
                reached = arrive_next(day, state, node, early)
            else:
                reached = arrive(day, node, following, early)
            if reached <= state.node[following].late[b]:
                return reached - early
    return NEVER


@kernel
def _fit(day: Day, state: State, stop: int, other: int) -> bool:
    """Whether rights, loads and counts of stops let the two routes exchange these tails."""
    vehicle, partner = state.node[stop].vehicle, state.node[other].vehicle
    given, given_load = _tail(day, state, state.node[stop].after, partner)
    taken, taken_load = _tail(day, state, other, vehicle)
    if given < 0 or taken < 0:
        return False
    if state.van[vehicle].stops - given + taken > day.van[vehicle].stops_max:
        return False
    if state.van[partner].stops - taken + given > day.van[partner].stops_max:
        return False
    if day.mixed == 1:
        return True
    trip, other_trip = state.node[stop].trip, state.node[state.node[other].before].trip
    for dim in range(day.dims):
        more = taken_load[dim] - given_load[dim]
        if state.load[trip, dim] + more > day.van[vehicle].holds[dim]:
            return False
        if state.load[other_trip, dim] - more > day.van[partner].holds[dim]:
            return False
    return True


@kernel
def _tail(day: Day, state: State, node: int, vehicle: int) -> tuple[int, tuple[int, int, int]]:
    """How many stops from the node on, and what is delivered there; -1 if the vehicle may not."""
    count, load = 0, (0, 0, 0)
    while state.node[node].after != NONE:
        if node >= day.stops or day.node[node].bond != NONE:
            return -1, load
        if day.allows[day.node[node].rights, vehicle] == 0:
            return -1, load
        brought = day.node[node].delivered
        load = (load[0] + brought[0], load[1] + brought[1], load[2] + brought[2])
        count += 1
        node = state.node[node].after
    return count, load


@kernel
def _exchange(day: Day, state: State, stop: int, other: int) -> None:
    vehicle, partner = state.node[stop].vehicle, state.node[other].vehicle
    before, following = state.node[other].before, state.node[stop].after
    end, other_end = first_node(day, vehicle) + 1, first_node(day, partner) + 1
    last, other_last = state.node[end].before, state.node[other_end].before
    _join(day, state, stop, other, other_last, end)
    _join(day, state, before, following, last, other_end)


@kernel
def _join(day: Day, state: State, node: int, first: int, last: int, end: int) -> None:
    """Puts the nodes from first to last between the node and its route's end."""
    vehicle, trip = state.node[node].vehicle, state.node[node].trip
    if first >= day.stops:
        # The tail was an end alone.
        follow(day, state, vehicle, node, end)
        return
    follow(day, state, vehicle, node, first)
    here = first
    while True:
        state.node[here].vehicle, state.node[here].trip = vehicle, trip
        if here == last:
            break
        here = state.node[here].after
    follow(day, state, vehicle, last, end)


@kernel
def _settle(day: Day, state: State, vehicle: int) -> bool:
    """Renews count, loads and times of the whole route; whether it can be driven."""
    first = first_node(day, vehicle)
    count, node = 0, state.node[first].after
    while node != first + 1:
        count += int(node < day.stops)
        node = state.node[node].after
    was = state.van[vehicle].stops
    state.van[vehicle].stops = count
    if was == 0 and count > 0:
        drop_idle(day, state, vehicle)
    if was > 0 and count == 0:
        push_idle(day, state, vehicle)
    fits = load_all(day, state, vehicle)
    if day.has_windows == 1:
        time_all(day, state, vehicle)
        fits = fits and earliest_end(day, state, vehicle) < NEVER
    return fits
