"""Travel inside the search: when one arrives, when one must leave, what a leg costs.

The same integers as ``routing.matrix`` and its kin give outside; both directions are exact.
"""

from __future__ import annotations

import math

import numpy as np

from promesa.kernel.geo import EARTH_RADIUS_M
from promesa.routing.engine.compiled import inlined, kernel
from promesa.routing.engine.day import NEVER, NOWHERE, PLANE, RATES, SLICES, Day

# As routing.ring_speeds: what floats leave over is no second.
_GRAIN = 1e-9
_HALF_DEGREE = math.pi / 360
_UNREACHABLE = -1


@inlined
def arrive(day: Day, origin_node: int, node: int, departure: int) -> int:
    """When who leaves at ``departure`` arrives; NEVER or later where there is no way."""
    origin, destination = day.node[origin_node].place, day.node[node].place
    if origin == NOWHERE or destination == NOWHERE or departure >= NEVER:
        return departure
    if day.mode >= PLANE:
        return departure + _plane_seconds(day, origin_node, node)
    if day.mode == RATES:
        free_s = np.int64(day.usual[origin, destination, 0])
        return arrive_at_rates(day, day.node[origin_node].group, free_s, departure)
    if day.slices == 1:
        seconds = _fewest(day, origin, destination)
        return departure + seconds if seconds >= 0 else NEVER
    k = slice_at(day, departure)
    earlier, later = in_slice(day, origin, destination, k)
    return arrive_in_slice(day, k, earlier, later, departure)


@inlined
def leave(day: Day, origin_node: int, node: int, due: int) -> int:
    """The last second at which one leaves and still arrives by ``due``; below 0 if none."""
    origin, destination = day.node[origin_node].place, day.node[node].place
    if origin == NOWHERE or destination == NOWHERE or due < 0:
        return due
    if day.mode >= PLANE:
        return due - _plane_seconds(day, origin_node, node)
    if day.mode == RATES:
        free_s = np.int64(day.usual[origin, destination, 0])
        return leave_at_rates(day, day.node[origin_node].group, free_s, due)
    if day.slices == 1:
        seconds = _fewest(day, origin, destination)
        return due - seconds if seconds >= 0 else -NEVER
    k = slice_before(day, origin, destination, due)
    earlier, later = in_slice(day, origin, destination, k)
    return leave_in_slice(day, k, earlier, later, due)


@inlined
def changes_by_hour(day: Day) -> bool:
    """Whether the hour changes how long a way takes."""
    return day.mode == RATES or (day.mode == SLICES and day.slices > 1)


@kernel
def metres(day: Day, origin_node: int, node: int, departure: int) -> int:
    """Metres of the way taken at that hour."""
    origin, destination = day.node[origin_node].place, day.node[node].place
    if origin == NOWHERE or destination == NOWHERE:
        return 0
    if day.mode >= PLANE:
        return _plane_metres(day, origin_node, node)
    if day.pays_seconds == 1:
        return arrive(day, origin_node, node, departure) - departure
    if day.metres.shape[2] == 1:
        return np.int64(day.usual[origin, destination, 0])
    return np.int64(day.metres[origin, destination, slice_at(day, departure)])


@inlined
def usual_metres(day: Day, origin_node: int, node: int) -> int:
    """Metres in the middle of the day; free-flow seconds where seconds are paid."""
    origin, destination = day.node[origin_node].place, day.node[node].place
    if origin == NOWHERE or destination == NOWHERE:
        return 0
    if day.mode >= PLANE:
        return _plane_metres(day, origin_node, node)
    return np.int64(day.usual[origin, destination, 0])


@inlined
def fewest_seconds(day: Day, origin_node: int, node: int) -> int:
    """No departure of the day takes fewer; NEVER where there is no way."""
    origin, destination = day.node[origin_node].place, day.node[node].place
    if origin == NOWHERE or destination == NOWHERE:
        return 0
    if day.mode >= PLANE:
        return _plane_seconds(day, origin_node, node)
    seconds = _fewest(day, origin, destination)
    return seconds if seconds >= 0 else NEVER


@inlined
def toll(day: Day, origin_node: int, node: int, departure: int) -> int:
    """Pesos at the gates of the way taken at that hour."""
    origin, destination = day.node[origin_node].place, day.node[node].place
    if day.tolls.shape[0] <= 1 or origin == NOWHERE or destination == NOWHERE:
        return 0
    if day.tolls.shape[2] == 1:
        return np.int64(day.tolls[origin, destination, 0])
    return np.int64(day.tolls[origin, destination, slice_at(day, departure)])


@kernel
def slice_at(day: Day, departure: int) -> int:
    """The slice a departure falls in, the first one before it begins."""
    minute = departure // 60
    minute = max(minute, 0)
    if day.slices + minute >= len(day.clock):
        minute = len(day.clock) - day.slices - 1
    k = day.clock[day.slices + minute]
    # A slice may begin within the minute.
    while k + 1 < day.slices and day.clock[k + 1] <= departure:
        k += 1
    return k


@inlined
def in_slice(day: Day, origin: int, destination: int, k: int) -> tuple[int, int]:
    """Seconds for leaving where the slice begins and where it ends; below 0 for no way."""
    following = k + 1 if k + 1 < day.slices else k
    earlier = np.int64(day.seconds[origin, destination, k])
    return earlier, np.int64(day.seconds[origin, destination, following])


@kernel
def slice_before(day: Day, origin: int, destination: int, due: int) -> int:
    """The last slice from whose beginning one arrives by ``due``; the first one if none."""
    k = slice_at(day, due)
    while k > 0:
        seconds = np.int64(day.seconds[origin, destination, k])
        if seconds != _UNREACHABLE and day.clock[k] + seconds <= due:
            break
        k -= 1
    return k


@inlined
def arrive_in_slice(day: Day, k: int, earlier: int, later: int, departure: int) -> int:
    """When who leaves in the slice arrives; ``earlier`` and ``later`` are those of `in_slice`."""
    if earlier == _UNREACHABLE:
        return NEVER
    since = departure - day.clock[k]
    if since < 0 or k + 1 == day.slices:
        return departure + earlier
    if later == _UNREACHABLE:
        return NEVER
    return departure + earlier + (later - earlier) * since // (day.clock[k + 1] - day.clock[k])


@kernel
def leave_in_slice(day: Day, k: int, earlier: int, later: int, due: int) -> int:
    """The last second to leave, which is in this slice, to arrive by ``due``."""
    if earlier == _UNREACHABLE:
        return -NEVER
    start = day.clock[k]
    left = due - start - earlier
    if left < 0 or k + 1 == day.slices:
        return start + left
    if later == _UNREACHABLE:
        return start
    span = day.clock[k + 1] - start
    gained = span + later - earlier
    departure = start + span - 1
    if gained > 0 and left * span // gained < span - 1:
        departure = start + left * span // gained
    # Whole seconds round down on the way there, so a second more may still do.
    while arrive_in_slice(day, k, earlier, later, departure) > due:
        departure -= 1
    while (
        departure + 1 < start + span
        and arrive_in_slice(day, k, earlier, later, departure + 1) <= due
    ):
        departure += 1
    return departure


@kernel
def arrive_at_rates(day: Day, group: int, free_s: int, departure: int) -> int:
    """When who leaves then has spent so many free-flow seconds at the rates of the hours."""
    left = float(free_s)
    if left < 0:
        return NEVER
    rates = day.rates[group]
    now = float(departure)
    period = departure // day.period_s
    while True:
        rate = rates[period % rates.shape[0]]
        until_next = (period + 1) * day.period_s - now
        if left <= rate * until_next:
            return departure + math.ceil(now + left / rate - departure - _GRAIN)
        left -= rate * until_next
        now += until_next
        period += 1


@kernel
def leave_at_rates(day: Day, group: int, free_s: int, due: int) -> int:
    """The last second to leave, to have spent so many free-flow seconds by ``due``."""
    left = float(free_s)
    if left < 0:
        return -NEVER
    rates = day.rates[group]
    now = float(due)
    period = (due - 1) // day.period_s
    while True:
        rate = rates[period % rates.shape[0]]
        since = now - period * day.period_s
        if left <= rate * since:
            break
        left -= rate * since
        now -= since
        period -= 1
    departure = math.floor(now - left / rate + _GRAIN)
    while arrive_at_rates(day, group, free_s, departure) > due:
        departure -= 1
    return departure


@inlined
def _fewest(day: Day, origin: int, destination: int) -> int:
    return np.int64(day.usual[origin, destination, day.usual.shape[2] - 1])


@inlined
def _plane_metres(day: Day, origin: int, destination: int) -> int:
    start, end = day.node[origin], day.node[destination]
    if day.mode == PLANE:
        across, up = start.x - end.x, start.y - end.y
        return math.floor(math.sqrt(across * across + up * up) * day.detour + 0.5)
    half_y = math.sin((end.y - start.y) * _HALF_DEGREE)
    half_x = math.sin((end.x - start.x) * _HALF_DEGREE)
    cosines = math.cos(math.radians(start.y)) * math.cos(math.radians(end.y))
    chord = half_y * half_y + cosines * half_x * half_x
    straight = 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, chord)))
    return math.floor(straight * day.detour + 0.5)


@inlined
def _plane_seconds(day: Day, origin: int, destination: int) -> int:
    if day.seconds_per_unit == 0.0:
        return 0
    return math.ceil(_plane_metres(day, origin, destination) * day.seconds_per_unit - _GRAIN)
