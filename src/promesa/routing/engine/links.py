"""Putting nodes into routes and taking them out; times and loads follow."""

from __future__ import annotations

from promesa.routing.engine.compiled import kernel
from promesa.routing.engine.costs import usual_arc
from promesa.routing.engine.day import Day
from promesa.routing.engine.loads import load_all
from promesa.routing.engine.state import NONE, State, drop_idle, first_node, push_idle
from promesa.routing.engine.timing import (
    renew_backward,
    renew_forward,
    step,
    step_back,
    time_all,
)


@kernel
def link(day: Day, state: State, stop: int, node: int) -> None:
    """Puts the stop right after the node. The caller has made sure that it fits."""
    vehicle = state.node[node].vehicle
    _join(day, state, stop, node, vehicle)
    if state.van[vehicle].stops == 0:
        drop_idle(day, state, vehicle)
    state.van[vehicle].stops += 1
    state.left_price[0] -= day.node[stop].price
    state.node[stop].trip = state.node[node].trip
    if day.mixed == 1:
        load_all(day, state, vehicle)
    else:
        trip = state.node[stop].trip
        for dim in range(day.dims):
            state.load[trip, dim] += day.node[stop].delivered[dim]
    if day.has_windows == 1:
        step(day, state, node, stop)
        renew_forward(day, state, stop)
        step_back(day, state, stop, state.node[stop].after)
        renew_backward(day, state, stop)


@kernel
def unlink(day: Day, state: State, stop: int) -> None:
    """Takes the stop out; the caller renews the times of the route."""
    vehicle = state.node[stop].vehicle
    _part(day, state, stop, vehicle)
    state.van[vehicle].stops -= 1
    state.left_price[0] += day.node[stop].price
    if state.van[vehicle].stops == 0:
        push_idle(day, state, vehicle)
    if day.mixed == 0:
        trip = state.node[stop].trip
        for dim in range(day.dims):
            state.load[trip, dim] -= day.node[stop].delivered[dim]
    state.node[stop].trip = NONE


@kernel
def renew(day: Day, state: State, vehicle: int) -> None:
    """Renews the times, loads and trips of a route that lost stops."""
    if day.trips > 1:
        _close_empty_trips(day, state, vehicle)
    if day.trips > 1 or day.mixed == 1:
        load_all(day, state, vehicle)
    if day.has_windows == 1:
        time_all(day, state, vehicle)


@kernel
def open_trip(day: Day, state: State, vehicle: int, node: int) -> int:
    """A return to the depot right after the node, if the vehicle has one left; NONE if not."""
    if state.van[vehicle].trips_used >= day.van[vehicle].trips_max:
        return NONE
    first = reload_node(day, vehicle)
    for number in range(first, first + day.trips - 1):
        if state.node[number].vehicle == NONE:
            _join(day, state, number, node, vehicle)
            load_all(day, state, vehicle)
            if day.has_windows == 1:
                time_all(day, state, vehicle)
            return number
    return NONE


@kernel
def close_trip(day: Day, state: State, number: int) -> None:
    """Takes a return to the depot out again."""
    vehicle = state.node[number].vehicle
    _part(day, state, number, vehicle)
    load_all(day, state, vehicle)
    if day.has_windows == 1:
        time_all(day, state, vehicle)


@kernel
def reload_node(day: Day, vehicle: int) -> int:
    """The first of the vehicle's returns to the depot."""
    return day.stops + 2 * day.vehicles + vehicle * (day.trips - 1)


@kernel
def _close_empty_trips(day: Day, state: State, vehicle: int) -> None:
    first = first_node(day, vehicle)
    node = first
    while node != NONE:
        following = state.node[node].after
        if node >= day.stops and following >= day.stops:
            # Between two depot nodes nobody is visited: one of the two returns goes.
            if following != first + 1:
                _part(day, state, following, vehicle)
                continue
            if node != first:
                _part(day, state, node, vehicle)
        node = following


@kernel
def follow(day: Day, state: State, vehicle: int, node: int, following: int) -> None:
    """Makes the one the vehicle's next node after the other."""
    state.node[node].after, state.node[following].before = following, node
    state.node[following].vehicle = vehicle
    if day.slices > 1:
        state.node[node].leg, state.node[node].paid_leg = NONE, NONE
    arc = usual_arc(day, vehicle, node, following)
    state.node[node].arc, state.node[following].arc_before = arc, arc


@kernel
def _join(day: Day, state: State, new: int, node: int, vehicle: int) -> None:
    following = state.node[node].after
    follow(day, state, vehicle, node, new)
    follow(day, state, vehicle, new, following)


@kernel
def _part(day: Day, state: State, old: int, vehicle: int) -> None:
    follow(day, state, vehicle, state.node[old].before, state.node[old].after)
    state.node[old].vehicle = NONE
    state.node[old].after, state.node[old].before = NONE, NONE
