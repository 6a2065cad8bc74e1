"""A cheap start where time matters: every stop goes where it is cheapest, beside a near one.

Parallel insertion after Solomon (1987), doi 10.1287/opre.35.2.254. Earliest and latest starts
along each route make a test of windows one comparison; a van more is weighed like any place.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.flat import Flat

NEIGHBOURS = 40
# A second of waiting at a near stop parts the two as much as this share of a second's driving.
WAITING_WEIGHT = 0.2


class _Place(NamedTuple):
    """Where a stop would go: cost first, so that the least is the best."""

    cost: int
    route: int
    at: int


@dataclass(slots=True)
class _Route:
    """Places from depot to depot, with the earliest and latest second service can begin."""

    places: list[int]
    earliest_s: list[int]
    latest_s: list[int]
    load: int = 0


def insertion_routes(flat: Flat) -> list[tuple[int, list[int]]]:
    """Routes as (depot, places in order); every stop that can be served alone is in one."""
    return _Insertion(flat).routes()


class _Insertion:
    """One pass over the stops, those whose window closes first before the others."""

    def __init__(self, flat: Flat) -> None:
        self._flat = flat
        # Rows as lists: single numbers of an array are many times slower to take.
        self._metres, self._seconds = flat.metres, flat.seconds
        self._demand: list[int] = flat.demand.tolist()
        self._service_s: list[int] = flat.service_s.tolist()
        self._window_s: list[list[int]] = flat.window_s.tolist()
        self._routes: list[_Route] = []
        self._route_of: dict[int, int] = {}
        self._is_placed = np.zeros(len(self._demand), dtype=bool)

    def routes(self) -> list[tuple[int, list[int]]]:
        """Places every stop."""
        flat = self._flat
        stops = np.array(flat.stops)
        far = flat.metres[: flat.depots][:, stops].min(axis=0)
        length = flat.window_s[stops, 1] - flat.window_s[stops, 0]
        for stop in stops[np.lexsort((-far, length))].tolist():
            self._place(stop)
        return [(route.places[0], route.places[1:-1]) for route in self._routes]

    def _place(self, stop: int) -> None:
        best: _Place | None = None
        for near in self._near(stop).tolist():
            number = self._route_of[near]
            if self._routes[number].load + self._demand[stop] > self._flat.capacity:
                continue
            at = self._routes[number].places.index(near)
            for position in (at, at + 1):
                cost = self._cost(stop, number, position)
                if cost is not None and (best is None or cost < best.cost):
                    best = _Place(cost, number, position)
        opened = self._opened(stop)
        if opened is not None and (best is None or opened[0] < best.cost):
            self._routes.append(opened[1])
            best = _Place(opened[0], len(self._routes) - 1, 1)
        if best is not None:
            self._insert(stop, best)

    def _near(self, stop: int) -> NDArray[np.int64]:
        """The nearest stops in a route, waiting counted in, whichever of the two comes first."""
        flat = self._flat
        opens_s, closes_s = flat.window_s[:, 0], flat.window_s[:, 1]
        out_s = closes_s[stop] + flat.service_s[stop] + flat.seconds[stop]
        back_s = closes_s + flat.service_s + flat.seconds[:, stop]
        after = flat.metres[stop] + WAITING_WEIGHT * np.maximum(0, opens_s - out_s)
        before = flat.metres[:, stop] + WAITING_WEIGHT * np.maximum(0, opens_s[stop] - back_s)
        placed = np.flatnonzero(self._is_placed)
        apart = np.minimum(after, before)[placed]
        if len(placed) <= NEIGHBOURS:
            return placed
        return placed[np.argpartition(apart, NEIGHBOURS)[:NEIGHBOURS]]

    def _cost(self, stop: int, number: int, at: int) -> int | None:
        """What the way gets longer before position ``at``; None if a window forbids it."""
        route = self._routes[number]
        before, after = route.places[at - 1], route.places[at]
        seconds, metres = self._seconds, self._metres
        opens_s, closes_s = self._window_s[stop]
        start_s = max(
            opens_s,
            route.earliest_s[at - 1] + self._service_s[before] + seconds.item(before, stop),
        )
        if start_s > closes_s:
            return None
        if start_s + self._service_s[stop] + seconds.item(stop, after) > route.latest_s[at]:
            return None
        return metres.item(before, stop) + metres.item(stop, after) - metres.item(before, after)

    def _opened(self, stop: int) -> tuple[int, _Route] | None:
        """The cheapest new route for the stop, still empty, and what it costs."""
        flat, choices = self._flat, []
        start_s, end_s = flat.shift_s
        for depot in range(flat.depots):
            opens_s, closes_s = self._window_s[stop]
            first_s = max(opens_s, start_s + self._seconds.item(depot, stop))
            back_s = first_s + self._service_s[stop] + self._seconds.item(stop, depot)
            if first_s <= closes_s and back_s <= end_s:
                way = self._metres.item(depot, stop) + self._metres.item(stop, depot)
                choices.append((way + flat.fixed_cost, depot))
        if not choices:
            return None
        cost, depot = min(choices)
        return cost, _Route([depot, depot], [start_s, start_s], [end_s, end_s])

    def _insert(self, stop: int, place: _Place) -> None:
        route = self._routes[place.route]
        route.places.insert(place.at, stop)
        route.load += self._demand[stop]
        self._route_of[stop] = place.route
        self._is_placed[stop] = True
        places, window_s, service_s = route.places, self._window_s, self._service_s
        start_s, end_s = self._flat.shift_s
        earliest_s, latest_s = [start_s], [end_s]
        for before, after in pairwise(places):
            arrival_s = earliest_s[-1] + service_s[before] + self._seconds.item(before, after)
            earliest_s.append(max(arrival_s, window_s[after][0]))
        for before, after in zip(places[-2::-1], places[:0:-1], strict=True):
            leave_s = latest_s[-1] - service_s[before] - self._seconds.item(before, after)
            latest_s.append(min(leave_s, window_s[before][1]))
        route.earliest_s, route.latest_s = earliest_s, latest_s[::-1]
