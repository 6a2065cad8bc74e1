"""What differs between the day as published and the day as it would be: stops and windows.

A stop has moved if another van visits it, or if it stands out of the order of those that stay:
as few as can be, the longest run in the published order staying.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from promesa.routing.plan import PlannedRoute
from promesa.routing.replan.rest import Rest


def reordered(published: Sequence[int], now: Sequence[int]) -> frozenset[int]:
    """Stops of both sequences that leave the published order; O(n log n)."""
    rank = {stop: place for place, stop in enumerate(published)}
    both = [stop for stop in now if stop in rank and stop >= 0]
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, stop in enumerate(both):
        place = bisect_left(tails, rank[stop])
        before.append(ends[place - 1] if place else -1)
        tails[place : place + 1] = [rank[stop]]
        ends[place : place + 1] = [number]
    kept: set[int] = set()
    number = ends[-1] if ends else -1
    while number >= 0:
        kept.add(both[number])
        number = before[number]
    return frozenset(both) - kept


def moved_stops(rest: Rest, sequences: Mapping[int, tuple[int, ...]]) -> frozenset[int]:
    """Stops that another van visits than planned, or that it visits in another order.

    New stops and meetings are none of them; who is left out stays where he was.
    """
    moved: set[int] = set()
    for vehicle, stops in sequences.items():
        moved.update(stop for stop in stops if rest.home.get(stop, vehicle) != vehicle)
        moved |= reordered(rest.routes[vehicle].stops, stops)
    return frozenset(moved)


def broken_windows(rest: Rest, route: PlannedRoute) -> frozenset[int]:
    """Stops of a route whose service begins outside the window that was told."""
    return frozenset(
        visit.stop
        for visit in route.visits
        if (told := rest.told.get(visit.stop)) is not None
        and not told.start_s <= visit.start_s <= told.end_s
    )
