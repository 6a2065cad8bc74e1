"""What a route costs as it will be driven: leaving as late as it may without ending later.

The same rules as ``routing.schedule``, which times the plan in the end; a test holds the two
equal.
"""

from __future__ import annotations

import numpy as np

from promesa.kernel.units import HOUR_S
from promesa.routing.engine.changes import change_price
from promesa.routing.engine.compiled import inlined, kernel
from promesa.routing.engine.day import IMPOSSIBLE, NEVER, Day
from promesa.routing.engine.legs import arrive_next, leave_next, paid_next
from promesa.routing.engine.permits import visit_price
from promesa.routing.engine.state import NONE, State, first_node
from promesa.routing.engine.timing import BREAK_AFTER, BREAK_BEFORE, back_label, label
from promesa.routing.engine.travel import toll, usual_metres


@inlined
def usual_arc(day: Day, vehicle: int, origin: int, destination: int) -> float:
    """Pesos for the metres between two nodes at the usual hour."""
    return arc_of(day, vehicle, origin, destination, usual_metres(day, origin, destination))


@inlined
def arc_of(day: Day, vehicle: int, origin: int, destination: int, metres: int) -> float:
    """The same for whoever knows the metres."""
    price = day.van[vehicle].per_metre * metres
    if day.tolls.shape[0] > 1:
        price += toll(day, origin, destination, day.van[vehicle].ready)
    return price


@kernel
def route_cost(day: Day, state: State, vehicle: int) -> float:
    """Pesos of the route and the prices that only the search knows; IMPOSSIBLE past a limit."""
    if state.van[vehicle].stops == 0:
        state.van[vehicle].hours = 0.0
        return 0.0
    node = first_node(day, vehicle)
    cost = day.van[vehicle].fixed
    while state.node[node].after != NONE:
        if node < day.stops:
            cost += visit_price(day, vehicle, node)
        if day.by_arcs == 1:
            cost += state.node[node].arc
        node = state.node[node].after
    if day.by_arcs == 0:
        cost += _driven_cost(day, state, vehicle)
    if day.balance_stop > 0.0:
        cost += day.balance_stop * float(state.van[vehicle].stops) * state.van[vehicle].stops
    return cost


@kernel
def mean_credit(day: Day, served: int, hours: float, used: int) -> float:
    """What turns the squares of all routes into squares away from the mean route, pesos."""
    squares = day.balance_stop * float(served) * served + day.balance_hour * hours * hours
    return -squares / max(1, used)


@kernel
def total_cost(day: Day, state: State) -> float:
    """Pesos of all routes and of all that are left out."""
    cost, hours = state.left_price[0], 0.0
    served, used = np.int64(0), np.int64(0)
    for vehicle in range(day.vehicles):
        cost += state.van[vehicle].cost
        hours += state.van[vehicle].hours
        served += state.van[vehicle].stops
        used += np.int64(state.van[vehicle].stops > 0)
    return cost + mean_credit(day, served, hours, used)


@kernel
def _driven_cost(day: Day, state: State, vehicle: int) -> float:
    end = earliest_end(day, state, vehicle)
    if end >= NEVER:
        return IMPOSSIBLE
    departure, had = _latest_departure(day, state, vehicle, end)
    rows, had = _pass(day, state, vehicle, departure, had)
    return _along(day, state, vehicle, departure, rows, had)


@kernel
def earliest_end(day: Day, state: State, vehicle: int) -> int:
    """When the route ends at the earliest; NEVER if it cannot be driven."""
    node = first_node(day, vehicle) + 1
    end = NEVER
    for b in range(day.van[vehicle].taken, day.van[vehicle].breaks + 1):
        if state.node[node].early[b] <= state.node[node].late[b]:
            end = min(end, state.node[node].early[b])
    return end


@kernel
def _latest_departure(day: Day, state: State, vehicle: int, end: int) -> tuple[int, int]:
    """The last second to leave without ending after ``end``, and the breaks had by then."""
    first = first_node(day, vehicle)
    breaks, taken = day.van[vehicle].breaks, day.van[vehicle].taken
    due = state.labels[:, :, 0]
    for b in range(breaks + 1):
        late = state.node[first + 1].late[b]
        due[0, b] = min(late, end)
    node = state.node[first + 1].before
    while node != first:
        more_left = -NEVER
        for b in range(breaks, taken - 1, -1):
            due[0, b], more_left = back_label(day, state, vehicle, node, b, due[0, b], more_left)
        node = state.node[node].before
    best, chosen = -1, taken
    for b in range(taken, breaks + 1):
        early = state.node[first].early[b]
        if early >= NEVER or due[0, b] < 0:
            continue
        left = leave_next(day, state, first, due[0, b])
        left = min(left, day.van[vehicle].latest_start)
        if left >= early and left > best:
            best, chosen = left, b
    return best, chosen


@kernel
def _pass(day: Day, state: State, vehicle: int, departure: int, had: int) -> tuple[int, int]:
    """Fills departures and choices row by row; the rows, and the breaks it ends with."""
    first = first_node(day, vehicle)
    done, choice = state.labels[:, :, 0], state.labels[:, :, 1]
    breaks = day.van[vehicle].breaks
    for b in range(breaks + 1):
        done[0, b] = departure if b == had else NEVER
    row, node = 0, first
    while state.node[node].after != first + 1:
        following = state.node[node].after
        row += 1
        fewer_arrival, fewer_done = NEVER, NEVER
        for b in range(had, breaks + 1):
            arrival = NEVER
            if done[row - 1, b] < NEVER:
                arrival = arrive_next(day, state, node, done[row - 1, b])
            done[row, b], choice[row, b] = label(
                day, vehicle, following, b, arrival, fewer_arrival, fewer_done
            )
            fewer_arrival, fewer_done = arrival, done[row, b]
        node = following
    best, final = NEVER, had
    for b in range(had, breaks + 1):
        if done[row, b] < NEVER:
            end = arrive_next(day, state, node, done[row, b])
            if end <= state.node[first + 1].late[b] and end < best:
                best, final = end, b
    return row, final


@kernel
def _along(day: Day, state: State, vehicle: int, departure: int, rows: int, had: int) -> float:
    """Adds up the legs from the end back, each at its own hour."""
    first = first_node(day, vehicle)
    done, choice = state.labels[:, :, 0], state.labels[:, :, 1]
    node, row, b = first + 1, rows, had
    end, driving, distance, cost = 0, 0, 0, 0.0
    while node != first:
        origin = state.node[node].before
        # The label it had on leaving the node before.
        left = done[row, b]
        arrival = arrive_next(day, state, origin, left)
        if node == first + 1:
            end = arrival
        driving += arrival - left
        driven, gates = paid_next(day, state, origin, left, arrival)
        distance += driven
        cost += gates
        if row > 0:
            while choice[row, b] == BREAK_AFTER:
                b -= 1
            if origin < day.stops:
                start = done[row, b] - day.node[origin].service
                cost += change_price(day, state, vehicle, origin, start)
            if choice[row, b] == BREAK_BEFORE:
                b -= 1
        node = origin
        row -= 1
    duration = end - departure
    cost += day.van[vehicle].per_metre * distance + day.van[vehicle].per_second * duration
    over = end - day.van[vehicle].shift_end
    if over > 0:
        cost += day.van[vehicle].overtime_per_second * over
    if driving + day.van[vehicle].driven > day.van[vehicle].driving_max:
        return IMPOSSIBLE
    if duration + day.van[vehicle].on_duty > day.van[vehicle].duty_max:
        return IMPOSSIBLE
    if day.balance_hour > 0.0:
        state.van[vehicle].hours = duration / HOUR_S
        cost += day.balance_hour * state.van[vehicle].hours * state.van[vehicle].hours
    return cost
