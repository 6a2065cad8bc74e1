"""What differs between the day as published and the day as it would be: stops and windows.

A stop has moved if another van visits it, if it is loaded for another trip, or if it stands out of
the order of those that stay: as few as can be, the longest run in the published order staying.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from promesa.routing.loads import trips_of
from promesa.routing.plan import RELOAD, PlannedRoute
from promesa.routing.replan.rest import Rest

Trip = tuple[int, ...]


def reordered(published: Sequence[int], now: Sequence[int]) -> frozenset[int]:
    """Stops of both sequences that leave the published order, or their trip."""
    before, after = trips_of(published), trips_of(now)
    kept = [_kept(before[old], after[new]) for old, new in same_trips(before, after).items()]
    both = frozenset(published).intersection(now) - {RELOAD}
    return both.difference(*kept)


def same_trips(before: Sequence[Trip], after: Sequence[Trip]) -> dict[int, int]:
    """Which trip of the one route each of the other's is: those that keep most stops, in order.

    As many as can be besides: a trip that gave away all its stops is the one that took others.
    """
    if len(before) == len(after) == 1:
        return {0: 0}
    # By how many trips of each are behind: stops kept, trips matched, and which.
    best: dict[tuple[int, int], tuple[int, int, dict[int, int]]] = {}
    for old in range(len(before) + 1):
        for new in range(len(after) + 1):
            if not (old and new):
                best[old, new] = 0, 0, {}
                continue
            stops, trips, same = best[old - 1, new - 1]
            stops += len(_kept(before[old - 1], after[new - 1]))
            together = stops, trips + 1, {**same, old - 1: new - 1}
            ways = (together, best[old - 1, new], best[old, new - 1])
            best[old, new] = max(ways, key=lambda way: way[:2])
    return best[len(before), len(after)][2]


def _kept(published: Sequence[int], now: Sequence[int]) -> frozenset[int]:
    """Stops of both that keep the published order; O(n log n)."""
    rank = {stop: place for place, stop in enumerate(published)}
    both = [stop for stop in now if stop in rank]
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
    return frozenset(kept)


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
    """Stops of a route whose service begins outside the windows that were told."""
    return frozenset(
        visit.stop
        for visit in route.visits
        if (told := rest.told.get(visit.stop)) is not None
        and not any(window.start_s <= visit.start_s <= window.end_s for window in told)
    )
