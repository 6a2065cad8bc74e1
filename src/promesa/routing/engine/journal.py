"""What a step of the search changed, so that it can be taken back.

Each route is written down once, whole, before it is first touched: its nodes and what they know.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from promesa.routing.engine.arena import Field, define
from promesa.routing.engine.compiled import kernel, records
from promesa.routing.engine.day import Day, Ints, Records
from promesa.routing.engine.state import LINK, NONE, State, drop_idle, first_node, push_idle

# One record a route written down, and one a node of it.
ENTRY = np.dtype(
    [
        ("cost", np.float64),
        ("hours", np.float64),
        ("vehicle", np.int64),
        ("stops", np.int64),
        ("trips_used", np.int64),
        # Where its nodes begin and end.
        ("first", np.int64),
        ("end", np.int64),
    ]
)


class Journal(NamedTuple):
    """The routes written down in this step.

    Attributes:
        entry: ENTRY, [entry]. slot: LINK, [slot]. peaks: int64, [slot, 2, dim].
        load: int64, [entry * trips, dim].
        count: int64, [3], entries, slots, and the number of the step.
    """

    entry: Records
    slot: Records
    peaks: Ints
    load: Ints
    count: Ints


JOURNAL_FIELDS: dict[str, Field] = {
    "entry": (ENTRY, 1),
    "slot": (LINK, 1),
    "peaks": (np.int64, 3),
    "load": (np.int64, 2),
    "count": (np.int64, 1),
}
as_journal = define("Journal", JOURNAL_FIELDS)


def blank_journal(day: Day) -> Journal:
    """Nothing written down."""
    nodes = len(day.node)
    return Journal(
        entry=records(day.vehicles, ENTRY),
        slot=records(nodes, LINK),
        peaks=np.zeros((nodes if day.mixed else 1, 2, day.dims), np.int64),
        load=np.zeros((day.vehicles * day.trips, day.dims), np.int64),
        count=np.zeros(3, np.int64),
    )


@kernel
def open_journal(journal: Journal) -> None:
    """A new step begins."""
    journal.count[0] = 0
    journal.count[1] = 0
    journal.count[2] += 1


@kernel
def write_down(day: Day, state: State, journal: Journal, vehicle: int) -> None:
    """Keeps the route as it is now, unless this step has done so already."""
    route = state.van[vehicle]
    if route.written == journal.count[2]:
        return
    route.written = journal.count[2]
    number, slot = journal.count[0], journal.count[1]
    entry = journal.entry[number]
    entry.vehicle, entry.cost, entry.hours = vehicle, route.cost, route.hours
    entry.stops, entry.trips_used = route.stops, route.trips_used
    entry.first = slot
    for trip in range(day.trips):
        for dim in range(day.dims):
            kept = state.load[vehicle * day.trips + trip, dim]
            journal.load[number * day.trips + trip, dim] = kept
    node = first_node(day, vehicle)
    while node != NONE:
        journal.slot[slot] = state.node[node]
        if day.mixed == 1:
            for dim in range(day.dims):
                journal.peaks[slot, 0, dim] = state.peaks[node, 0, dim]
                journal.peaks[slot, 1, dim] = state.peaks[node, 1, dim]
        slot += 1
        node = state.node[node].after
    entry.end = slot
    journal.count[0], journal.count[1] = number + 1, slot


@kernel
def take_back(day: Day, state: State, journal: Journal) -> None:
    """Everything as it was when the step began; who was not in a route then is in none now."""
    for number in range(journal.count[0]):
        vehicle = journal.entry[number].vehicle
        first = first_node(day, vehicle)
        node = state.node[first].after
        while node != first + 1:
            state.node[node].vehicle = NONE
            state.node[node].trip = NONE
            node = state.node[node].after
    for number in range(journal.count[0]):
        _restore(day, state, journal, number)


@kernel
def _restore(day: Day, state: State, journal: Journal, number: int) -> None:
    entry = journal.entry[number]
    vehicle = entry.vehicle
    route = state.van[vehicle]
    if route.stops == 0 and entry.stops > 0:
        drop_idle(day, state, vehicle)
    if route.stops > 0 and entry.stops == 0:
        push_idle(day, state, vehicle)
    route.stops, route.trips_used = entry.stops, entry.trips_used
    route.cost, route.hours = entry.cost, entry.hours
    for trip in range(day.trips):
        for dim in range(day.dims):
            kept = journal.load[number * day.trips + trip, dim]
            state.load[vehicle * day.trips + trip, dim] = kept
    for slot in range(entry.first, entry.end):
        node = journal.slot[slot].self
        state.node[node] = journal.slot[slot]
        if day.mixed == 1:
            for dim in range(day.dims):
                state.peaks[node, 0, dim] = journal.peaks[slot, 0, dim]
                state.peaks[node, 1, dim] = journal.peaks[slot, 1, dim]
