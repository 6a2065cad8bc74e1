"""A cheap start where time is no matter: savings among near stops, by capacity.

Clarke and Wright (1964), doi 10.1287/opre.12.4.568.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.flat import Flat

NEIGHBOURS = 40


def savings_routes(flat: Flat) -> list[tuple[int, list[int]]]:
    """Routes as (depot, places in order), each stop from its nearest depot, in one of them."""
    depot_of = _nearest_depot(flat)
    route_of = {stop: [stop] for stop in flat.stops}
    load_of = {stop: int(flat.demand[stop]) for stop in flat.stops}  # By its first stop.
    for end, start in _pairs(flat, depot_of):
        left, right = route_of[end], route_of[start]
        if left is right or left[-1] != end or right[0] != start:
            continue
        load = load_of[left[0]] + load_of[start]
        if load > flat.capacity:
            continue
        load_of[left[0]] = load
        left += right
        for stop in right:
            route_of[stop] = left
    return [
        (int(depot_of[stop]), route_of[stop]) for stop in flat.stops if route_of[stop][0] == stop
    ]


def _nearest_depot(flat: Flat) -> NDArray[np.int64]:
    depots = slice(0, flat.depots)
    round_trip = flat.metres[depots].T + flat.metres[:, depots]
    nearest: NDArray[np.int64] = round_trip.argmin(axis=1)
    return nearest


def _pairs(flat: Flat, depot_of: NDArray[np.int64]) -> list[tuple[int, int]]:
    """A stop and a near one of its depot, those that save most first, a van counted in."""
    stops = np.array(flat.stops)
    count = min(NEIGHBOURS, len(stops) - 1)
    found = []
    for end in stops.tolist():
        depot = depot_of[end]
        apart = flat.metres[end, stops].astype(np.float64)
        apart[(depot_of[stops] != depot) | (stops == end)] = np.inf
        near = np.argpartition(apart, count)[: count + 1]
        near = near[np.isfinite(apart[near])]
        direct = flat.metres[end, depot] + flat.metres[depot, stops[near]]
        saved = direct + flat.fixed_cost - apart[near]
        found.append(np.column_stack([-saved, np.full(len(near), end), stops[near]]))
    every = np.vstack(found)
    order = np.lexsort((every[:, 2], every[:, 1], every[:, 0]))
    wins = order[every[order, 0] < 0]
    return [(int(end), int(start)) for _, end, start in every[wins]]
