"""Fewer vehicles: a route is emptied and its stops are pressed into the others.

Absence counters after Christiaens and Vanden Berghe (2020), doi 10.1287/trsc.2019.0914: who has
been left out for long goes in at the expense of who has not, until everybody is in.
"""

from __future__ import annotations

import numpy as np

from promesa.routing.engine.compiled import kernel
from promesa.routing.engine.day import Day, Ints
from promesa.routing.engine.links import renew, unlink
from promesa.routing.engine.state import NONE, State, first_node

# Counter of a stop that was left out before any route was emptied: nobody presses for it.
OPTIONAL = -1
# A vehicle whose route is not to be emptied any more.
GIVEN_UP = 1


@kernel
def empty_route(day: Day, state: State, left: Ints, counts: Ints, absences: Ints) -> int:
    """Empties the route whose stops have been left out least; its vehicle, NONE if there is none.

    No idle vehicle can be used from then on.
    """
    best, chosen = np.int64(1) << 60, NONE
    for vehicle in range(day.vehicles):
        if state.van[vehicle].stops == 0 or state.van[vehicle].is_kept == GIVEN_UP:
            continue
        if day.van[vehicle].fixed <= 0.0 or not _may_lose(day, state, vehicle):
            continue
        weight = state.van[vehicle].stops + 1_000 * _absences(state, absences, day, vehicle)
        if weight < best:
            best, chosen = weight, vehicle
    if chosen == NONE:
        return NONE
    node = state.node[first_node(day, chosen)].after
    while node != first_node(day, chosen) + 1:
        following = state.node[node].after
        if node < day.stops:
            unlink(day, state, node)
            state.node[node].absent = 1
            left[counts[0]] = node
            counts[0] += 1
        node = following
    renew(day, state, chosen)
    state.van[chosen].cost, state.van[chosen].hours = 0.0, 0.0
    state.idle[:, day.vehicles] = 0
    return chosen


@kernel
def _may_lose(day: Day, state: State, vehicle: int) -> bool:
    """Whether each stop of its route may go to another vehicle that is out."""
    node = state.node[first_node(day, vehicle)].after
    while node != first_node(day, vehicle) + 1:
        if node < day.stops:
            found = False
            for other in range(day.vehicles):
                if other != vehicle and state.van[other].stops > 0:
                    found = found or day.allows[day.node[node].rights, other] == 1
            if not found:
                return False
        node = state.node[node].after
    return True


@kernel
def _absences(state: State, absences: Ints, day: Day, vehicle: int) -> int:
    total = 0
    node = state.node[first_node(day, vehicle)].after
    while node != first_node(day, vehicle) + 1:
        if node < day.stops:
            total += max(0, absences[node])
        node = state.node[node].after
    return total


@kernel
def absence_change(
    state: State, left: Ints, count: int, removed: Ints, removed_count: int, absences: Ints
) -> int:
    """By how many steps of absence those left out weigh more now than before this step."""
    change = 0
    for number in range(count):
        stop = left[number]
        if state.node[stop].vehicle != NONE:
            change -= max(0, absences[stop])
    for number in range(removed_count):
        stop = removed[number]
        if state.node[stop].vehicle == NONE and state.node[stop].absent == 0:
            change += max(0, absences[stop])
    return change


@kernel
def count_absent(left: Ints, count: int, absences: Ints) -> int:
    """Adds a step of absence to whoever is left out and should not be; how many these are."""
    missing = 0
    for number in range(count):
        stop = left[number]
        if absences[stop] > OPTIONAL:
            absences[stop] += 1
            missing += 1
    return missing
