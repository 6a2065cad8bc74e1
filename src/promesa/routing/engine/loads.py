"""Loads: what is aboard never exceeds what the vehicle holds, in any measure, on any trip.

What is delivered is aboard from the trip's start to the stop, what is picked up from the stop to
the trip's end, what is carried from one stop to another only between them.
"""

from __future__ import annotations

from promesa.routing.engine.compiled import inlined, kernel
from promesa.routing.engine.day import Day
from promesa.routing.engine.state import NONE, State, first_node


@inlined
def has_room(day: Day, state: State, node: int, stop: int) -> bool:
    """Whether the load allows the stop right after the node."""
    vehicle = state.node[node].vehicle
    if day.mixed == 0:
        trip = state.node[node].trip
        for dim in range(day.dims):
            if state.load[trip, dim] + day.node[stop].delivered[dim] > day.van[vehicle].holds[dim]:
                return False
        return True
    for dim in range(day.dims):
        holds = day.van[vehicle].holds[dim]
        if state.peaks[node, 0, dim] + day.node[stop].delivered[dim] > holds:
            return False
        if state.peaks[node, 1, dim] + day.node[stop].picked[dim] > holds:
            return False
    return True


@kernel
def fits_empty(day: Day, vehicle: int, stop: int) -> bool:
    """Whether the empty vehicle holds it."""
    for dim in range(day.dims):
        holds = day.van[vehicle].holds[dim] - day.van[vehicle].aboard[dim]
        if day.node[stop].delivered[dim] > holds:
            return False
        if day.node[stop].picked[dim] + max(0, day.node[stop].carried[dim]) > holds:
            return False
    return True


@kernel
def load_all(day: Day, state: State, vehicle: int) -> bool:
    """Renews trips and loads of a whole route; whether every load fits."""
    first = first_node(day, vehicle)
    trip = vehicle * day.trips
    fits = True
    begin = first
    while begin != first + 1:
        end = _end_of_trip(day, state, begin)
        fits = _load_trip(day, state, vehicle, trip, begin, end) and fits
        trip += 1
        begin = end
    state.van[vehicle].trips_used = trip - vehicle * day.trips
    return fits


@kernel
def _end_of_trip(day: Day, state: State, begin: int) -> int:
    """The reload or the end after the node."""
    node = state.node[begin].after
    while node < day.stops:
        node = state.node[node].after
    return node


@kernel
def _load_trip(day: Day, state: State, vehicle: int, trip: int, begin: int, end: int) -> bool:
    fits = True
    node = begin
    while node != end:
        state.node[node].trip = trip
        node = state.node[node].after
    if state.node[end].after == NONE:
        state.node[end].trip = trip
    for dim in range(day.dims):
        holds = day.van[vehicle].holds[dim]
        load = day.van[vehicle].aboard[dim]
        node = state.node[begin].after
        while node != end:
            load += day.node[node].delivered[dim]
            node = state.node[node].after
        state.load[trip, dim] = load
        peak = load
        if day.mixed == 1:
            peak = _peaks(day, state, dim, begin, end, load)
        fits = fits and peak <= holds
    return fits


@kernel
def _peaks(day: Day, state: State, dim: int, begin: int, end: int, load: int) -> int:
    """Fills the peaks of a trip in one measure; the highest of all."""
    peak = load
    state.peaks[begin, 0, dim] = load
    node, last = state.node[begin].after, begin
    # First the load on leaving each node, then the peaks from the end.
    state.peaks[begin, 1, dim] = load
    while node != end:
        load += (
            day.node[node].picked[dim] + day.node[node].carried[dim] - day.node[node].delivered[dim]
        )
        peak = max(peak, load)
        state.peaks[node, 0, dim] = peak
        state.peaks[node, 1, dim] = load
        last, node = node, state.node[node].after
    rest = load
    while True:
        rest = max(rest, state.peaks[last, 1, dim])
        state.peaks[last, 1, dim] = rest
        if last == begin:
            break
        last = state.node[last].before
    return peak
