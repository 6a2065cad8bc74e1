"""Stops bound together: one trip visits all of them, in order if asked, or nobody does.

They are rare, so places for them are tried one by one and timed in full.
"""

from __future__ import annotations

import numpy as np

from promesa.routing.engine.compiled import kernel
from promesa.routing.engine.costs import route_cost
from promesa.routing.engine.day import NEVER, Day
from promesa.routing.engine.journal import Journal, write_down
from promesa.routing.engine.links import link, renew, unlink
from promesa.routing.engine.loads import load_all
from promesa.routing.engine.permits import may_take
from promesa.routing.engine.state import NONE, State, first_node, top_idle
from promesa.routing.engine.timing import HOUR, fits_between

ROUTES_TRIED = 12


@kernel
def insert_bond(day: Day, state: State, journal: Journal, bond: int) -> bool:
    """Puts all stops of the bond into the route where they add least; False if into none."""
    best_cost, best_vehicle = 0.0, NONE
    for number in range(day.bonds[bond, 0], day.bonds[bond, 1]):
        best_cost += day.node[day.members[number]].price
    for tried in range(ROUTES_TRIED + day.kinds):
        vehicle = _candidate(day, state, bond, tried)
        if vehicle == NONE:
            continue
        write_down(day, state, journal, vehicle)
        before = route_cost(day, state, vehicle)
        if _fill(day, state, vehicle, bond):
            added = route_cost(day, state, vehicle) - before
            if added < best_cost:
                best_cost, best_vehicle = added, vehicle
        _empty(day, state, vehicle, bond)
    if best_vehicle == NONE:
        return False
    return _fill(day, state, np.int64(best_vehicle), bond)


@kernel
def _candidate(day: Day, state: State, bond: int, tried: int) -> int:
    """Routes beside the members by turns, then an idle vehicle of each kind."""
    if tried >= ROUTES_TRIED:
        kind = tried - ROUTES_TRIED
        return top_idle(day, state, kind)
    first = day.bonds[bond, 0]
    size = day.bonds[bond, 1] - first
    stop = day.members[first + tried % size]
    rank = tried // size
    if rank >= day.near.shape[1]:
        return NONE
    vehicle = state.node[day.near[stop, rank]].vehicle
    for earlier in range(tried):
        if vehicle == NONE:
            break
        other = day.members[first + earlier % size]
        if state.node[day.near[other, earlier // size]].vehicle == vehicle:
            return NONE
    return vehicle


@kernel
def _fill(day: Day, state: State, vehicle: int, bond: int) -> bool:
    """Inserts member after member where each delays least; False when one finds no place."""
    node = first_node(day, vehicle)
    trip = NONE
    for number in range(day.bonds[bond, 0], day.bonds[bond, 1]):
        stop = day.members[number]
        if not may_take(day, state, vehicle, stop):
            return False
        if day.bonds[bond, 2] == 0:
            node = first_node(day, vehicle)
        best, place = NEVER, NONE
        while state.node[node].after != NONE:
            if trip == NONE or state.node[node].trip == trip:
                delay = _try(day, state, node, stop)
                if delay < best:
                    best, place = delay, node
            node = state.node[node].after
        if place == NONE:
            return False
        link(day, state, stop, place)
        trip = state.node[stop].trip
        node = stop
    return True


@kernel
def _try(day: Day, state: State, node: int, stop: int) -> int:
    """The delay of the stop after the node; NEVER if loads or times forbid it."""
    delay = fits_between(day, state, node, stop, HOUR) if day.has_windows == 1 else 0
    if delay >= NEVER:
        return NEVER
    vehicle = state.node[node].vehicle
    link(day, state, stop, node)
    arc = state.node[node].arc + state.node[stop].arc
    fits = load_all(day, state, vehicle)
    unlink(day, state, stop)
    renew(day, state, vehicle)
    return delay + int(arc * 1e-3) if fits else NEVER


@kernel
def _empty(day: Day, state: State, vehicle: int, bond: int) -> None:
    for number in range(day.bonds[bond, 0], day.bonds[bond, 1]):
        stop = day.members[number]
        if state.node[stop].vehicle != NONE:
            unlink(day, state, stop)
    renew(day, state, vehicle)
