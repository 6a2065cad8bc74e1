"""Which stops are likely beside which: by the way between them, the wait and the lateness.

Vidal et al. (2013) for the measure, doi 10.1016/j.cor.2012.07.018.
"""

from __future__ import annotations

import numpy as np

from promesa.routing.engine.arena import Packed, words
from promesa.routing.engine.compiled import entry, kernel
from promesa.routing.engine.costs import usual_arc
from promesa.routing.engine.day import DAY_FIELDS, NEVER, Day, Floats, Ints, Shorts, as_day
from promesa.routing.engine.state import first_node
from promesa.routing.engine.travel import arrive, fewest_seconds, usual_metres

# A second waited counts a fifth of one on the road, a second late as much as one.
WAIT_WEIGHT = 0.2
LATE_WEIGHT = 1.0
# So much longer than the way back no way is: what is farther is not looked at closely (assumed).
ONE_WAY = 1.5
# When the day's usual times are looked up.
USUAL_S = 11 * 3_600
# Neighbours whose mean distance is the scale of the temperature.
SCALE_NEIGHBOURS = 10


def add_neighbours(day: Day, count: int) -> Day:
    """The day with its lists of neighbours; O(n²) for n stops."""
    count = max(0, min(count, day.stops - 1))
    near, ways = np.zeros((day.stops, count), np.int32), np.zeros((day.stops, count, 4), np.int32)
    packed = Packed(day, DAY_FIELDS)
    scale = fill(words(packed), near, ways, np.zeros((day.stops, count)))
    return day._replace(near=near, ways=ways, scale=scale)


@entry
def fill(words: Ints, near: Shorts, ways: Shorts, costs: Floats) -> float:
    """Fills the day's distances to the depots and the lists of neighbours; their scale."""
    day = as_day(words[0])
    if day.vehicles > 0:
        _fill_far(day)
    if near.shape[1] > 0:
        _fill_near(day, near, costs)
        _fill_ways(day, near, ways)
    return _near_scale(day, near)


@kernel
def _fill_far(day: Day) -> None:
    """Pesos from each stop to the nearest depot."""
    for stop in range(day.stops):
        best = 1e300
        seen = -1
        for vehicle in range(day.vehicles):
            kind = day.van[vehicle].kind
            if kind <= seen:
                continue
            seen = kind
            best = min(best, between(day, vehicle, first_node(day, vehicle), stop))
        day.node[stop].far = best


@kernel
def _fill_near(day: Day, near: Shorts, costs: Floats) -> None:
    """The nearest of each stop, nearest first; those of near numbers are looked at first."""
    count = near.shape[1]
    for stop in range(day.stops):
        found = 0
        for number in range(1, day.stops):
            away = (number + 1) // 2
            other = (stop + (away if number % 2 == 1 else -away)) % day.stops
            if found == count:
                metres = usual_metres(day, stop, other)
                if day.least_per_metre * metres >= ONE_WAY * costs[stop, count - 1]:
                    continue
            cost = min(apart(day, stop, other), apart(day, other, stop))
            if found == count and cost >= costs[stop, count - 1]:
                continue
            place = found if found < count else count - 1
            while place > 0 and costs[stop, place - 1] > cost:
                costs[stop, place], near[stop, place] = (
                    costs[stop, place - 1],
                    near[stop, place - 1],
                )
                place -= 1
            costs[stop, place], near[stop, place] = cost, other
            if found < count:
                found += 1


@kernel
def _fill_ways(day: Day, near: Shorts, ways: Shorts) -> None:
    """Metres and seconds from each neighbour and to it, side by side: most of what is asked for."""
    for stop in range(day.stops):
        for rank in range(near.shape[1]):
            other = np.int64(near[stop, rank])
            ways[stop, rank, 0] = usual_metres(day, other, stop)
            ways[stop, rank, 1] = usual_metres(day, stop, other)
            ways[stop, rank, 2] = fewest_seconds(day, other, stop)
            ways[stop, rank, 3] = fewest_seconds(day, stop, other)


@kernel
def between(day: Day, vehicle: int, origin: int, destination: int) -> float:
    """Pesos for metres and seconds between two nodes at the usual hour."""
    cost = usual_arc(day, vehicle, origin, destination)
    if day.van[vehicle].per_second > 0.0:
        cost += day.van[vehicle].per_second * _seconds(day, origin, destination)
    return cost


@kernel
def apart(day: Day, origin: int, destination: int) -> float:
    """How far the one is from coming right after the other."""
    cost = between(day, 0, origin, destination)
    if day.has_windows == 0:
        return cost
    seconds = _seconds(day, origin, destination)
    if seconds >= NEVER:
        return 1e300
    way = day.node[origin].service + seconds
    wait = day.node[destination].opens - (day.node[origin].closes + way)
    late = day.node[origin].opens + way - day.node[destination].closes
    # A second is worth what it costs on the road between these two.
    worth = cost / seconds if seconds > 0 else 0.0
    if wait > 0:
        cost += WAIT_WEIGHT * worth * wait
    if late > 0:
        cost += LATE_WEIGHT * worth * late
    return cost


@kernel
def _seconds(day: Day, origin: int, destination: int) -> int:
    return arrive(day, origin, destination, np.int64(USUAL_S)) - USUAL_S


@kernel
def _near_scale(day: Day, near: Shorts) -> float:
    """Mean pesos from a stop to its nearest ones."""
    total, count = 0.0, 0
    for stop in range(day.stops):
        for rank in range(min(SCALE_NEIGHBOURS, near.shape[1])):
            total += between(day, 0, np.int64(near[stop, rank]), stop)
            count += 1
    return total / count if count > 0 else 1.0
