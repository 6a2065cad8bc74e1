"""In which order a van of a rehearsal visits its doors: a curve through the city, untangled.

A plain way to plan, by no formula that promises or capacity use: doors in the order of a Hilbert
curve, cut into vans, and each van's tour mended by turning pieces of it around (2-opt).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CURVE_BITS = 10
# Turns of pieces of one tour; most take fewer than half as many as they have stops.
TURNS_MAX = 120
# A turn must save so much to be one: below it, rounding could turn for ever.
SAVED_S_MIN = 0.01


def curve_places(xy_m: Floats) -> Floats:
    """Where on a Hilbert curve around all of them each place lies, 0-1: float64, [place]."""
    if not len(xy_m):
        return np.zeros(0)
    low = xy_m.min(axis=0)
    side = 1 << CURVE_BITS
    wide = max(1.0, float((xy_m.max(axis=0) - low).max()))
    cells = np.minimum(side - 1, (xy_m - low) / wide * side).astype(np.int64)
    x, y = cells[:, 0].copy(), cells[:, 1].copy()
    index = np.zeros(len(x), dtype=np.int64)
    step = side >> 1
    while step:
        right, upper = (x & step) // step, (y & step) // step
        index += step * step * ((3 * right) ^ upper)
        turns = upper == 0
        flips = turns & (right == 1)
        x[flips], y[flips] = side - 1 - x[flips], side - 1 - y[flips]
        x[turns], y[turns] = y[turns], x[turns].copy()
        step >>= 1
    return index / float(side * side)


def untangled(ways_s: Floats, *, is_open: bool) -> Ints:
    """The order of visits from place 0 to the last one with crossings turned out: int64, [stop].

    Args:
        ways_s: float64, [place, place]; 0 is where it begins, the last is where it ends.
        is_open: Whether the way to the end counts for nothing.
    """
    both = (ways_s + ways_s.T) / 2
    if is_open:
        both = both.copy()
        both[-1, :] = both[:, -1] = 0.0
    order = np.arange(len(both))
    stops = len(order) - 2
    if stops < 2:
        return order[1:-1]
    upper = np.triu(np.ones((stops, stops), bool), 1)
    for _ in range(TURNS_MAX):
        laid = both[np.ix_(order, order)]
        edges = np.diagonal(laid, 1)
        # Turning the stops from i to j: two edges go, two others come.
        saved = edges[:-1][:, None] + edges[1:][None] - laid[:-2, 1:-1] - laid[1:-1, 2:]
        saved = np.where(upper, saved, 0.0)
        best = int(saved.argmax())
        first, last = divmod(best, stops)
        if saved[first, last] < SAVED_S_MIN:
            break
        order[first + 1 : last + 2] = order[first + 1 : last + 2][::-1]
    return order[1:-1]
