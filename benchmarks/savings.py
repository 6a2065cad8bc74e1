"""A cheap start for solvers that would begin from a random plan: savings among near stops.

Clarke and Wright (1964), doi 10.1287/opre.12.4.568, from each stop's nearest depot, over the
neighbours only, keeping capacity and windows. Sums over a chain of stops (duration, earliest and
latest start) are joined in constant time: Vidal et al. (2013), doi 10.1016/j.cor.2012.07.018.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.flat import Flat

NEIGHBOURS = 40
# A second of driving saved is worth waiting so many: chains that wait are poor routes.
WAITING_WEIGHT = 0.2


@dataclass(slots=True)
class _Chain:
    """Stops in order: how long they take from first to last, and when the first may begin."""

    stops: list[int]
    load: int
    duration_s: int
    earliest_s: int
    latest_s: int


def savings_routes(flat: Flat) -> list[tuple[int, list[int]]]:
    """Routes as (depot, places in order); every stop that can be served alone is in one."""
    depot_of = _nearest_depot(flat)
    chains = {
        stop: _Chain(
            [stop],
            int(flat.demand[stop]),
            int(flat.service_s[stop]),
            int(flat.window_s[stop, 0]),
            int(flat.window_s[stop, 1]),
        )
        for stop in flat.stops
    }
    firsts, lasts = dict(chains), dict(chains)
    for before, after in _pairs(flat, depot_of):
        left, right = lasts.get(before), firsts.get(after)
        if left is None or right is None or left is right:
            continue
        joined = _joined(flat, left, right)
        if joined is None or not _fits(flat, int(depot_of[before]), joined):
            continue
        del lasts[before], firsts[after]
        firsts[joined.stops[0]] = lasts[joined.stops[-1]] = joined
    return [(int(depot_of[chain.stops[0]]), chain.stops) for chain in firsts.values()]


def _nearest_depot(flat: Flat) -> NDArray[np.int64]:
    depots = slice(0, flat.depots)
    round_trip = flat.metres[depots].T + flat.metres[:, depots]
    nearest: NDArray[np.int64] = round_trip.argmin(axis=1)
    return nearest


def _pairs(flat: Flat, depot_of: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Pairs of one depot's near stops, those that save most first."""
    stops = np.array(flat.stops)
    found = []
    for before in stops.tolist():
        depot = depot_of[before]
        wait_s = flat.window_s[stops, 0] - (
            flat.window_s[before, 1] + flat.service_s[before] + flat.seconds[before, stops]
        )
        apart = flat.metres[before, stops] + WAITING_WEIGHT * np.maximum(0, wait_s)
        apart[(depot_of[stops] != depot) | (stops == before)] = np.inf
        count = min(NEIGHBOURS, len(stops) - 1)
        near = np.argpartition(apart, count)[: count + 1]
        near = near[np.isfinite(apart[near])]
        after = stops[near]
        saved = flat.metres[before, depot] + flat.metres[depot, after] - apart[near]
        found.append(np.column_stack([-saved, np.full(len(after), before), after]))
    every = np.vstack(found)
    order = np.lexsort((every[:, 2], every[:, 1], every[:, 0]))
    wins = order[every[order, 0] < 0]
    return [(int(before), int(after)) for _, before, after in every[wins]]


def _joined(flat: Flat, left: _Chain, right: _Chain) -> _Chain | None:
    """One chain after the other; None if too heavy or too late."""
    if left.load + right.load > flat.capacity:
        return None
    way_s = int(flat.seconds[left.stops[-1], right.stops[0]])
    until_right_s = left.duration_s + way_s
    if left.earliest_s + until_right_s > right.latest_s:
        return None
    wait_s = max(0, right.earliest_s - until_right_s - left.latest_s)
    return _Chain(
        left.stops + right.stops,
        left.load + right.load,
        until_right_s + wait_s + right.duration_s,
        max(right.earliest_s - until_right_s, left.earliest_s) - wait_s,
        min(right.latest_s - until_right_s, left.latest_s),
    )


def _fits(flat: Flat, depot: int, chain: _Chain) -> bool:
    """Whether a van can leave the depot after the shift begins and be back before it ends."""
    start_s, end_s = flat.shift_s
    out_s = int(flat.seconds[depot, chain.stops[0]])
    home_s = int(flat.seconds[chain.stops[-1], depot])
    first_s = max(chain.earliest_s, start_s + out_s)
    return first_s <= chain.latest_s and first_s + chain.duration_s + home_s <= end_s
