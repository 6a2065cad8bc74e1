"""The nearest of each of many points, exactly, without every pair: a tree of halves (k-d tree)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from promesa.routing.parts.layout import Points

# Fewer points a leaf make more leaves to walk through; more, more pairs to measure.
LEAF_POINTS = 64
# Leaves that are measured before it is known how far one has to look.
LEAVES_FIRST = 8

_Ints = NDArray[np.int64]


def nearest(points: Points, count: int) -> _Ints:
    """int64, [point, count], the nearest other points, nearest first; of equals the first."""
    count = max(0, min(count, len(points) - 1))
    near = np.empty((len(points), count), np.int64)
    if count == 0:
        return near
    leaves = list(_leaves(points, np.arange(len(points))))
    low = np.array([points[leaf].min(axis=0) for leaf in leaves])
    high = np.array([points[leaf].max(axis=0) for leaf in leaves])
    for number, leaf in enumerate(leaves):
        # Squares of what lies between the boxes.
        gaps = np.maximum(0.0, np.maximum(low - high[number], low[number] - high))
        gap = (gaps * gaps).sum(axis=1)
        order = np.argsort(gap, kind="stable")
        taken = LEAVES_FIRST
        while True:
            others = np.sort(np.concatenate([leaves[at] for at in order[:taken]]))
            found, reach = _among(points, leaf, others, count)
            within = int(np.searchsorted(gap[order], reach, side="right"))
            if within <= taken:
                break
            taken = within
        near[leaf] = found
    return near


def _leaves(points: Points, members: _Ints) -> Iterator[_Ints]:
    """Halves of halves along the longer side."""
    if len(members) <= LEAF_POINTS:
        yield members
        return
    axis = int(np.ptp(points[members], axis=0).argmax())
    order = members[np.argsort(points[members, axis], kind="stable")]
    half = len(order) // 2
    yield from _leaves(points, order[:half])
    yield from _leaves(points, order[half:])


def _among(points: Points, leaf: _Ints, others: _Ints, count: int) -> tuple[_Ints, float]:
    """The nearest of each of a leaf among some, and the square of how far the last one is."""
    if len(others) <= count:
        return np.empty(0, np.int64), np.inf
    squares = ((points[leaf, None] - points[others]) ** 2).sum(axis=2)
    squares[leaf[:, None] == others] = np.inf
    rows = np.arange(len(leaf))[:, None]
    some = np.sort(np.argpartition(squares, count - 1, axis=1)[:, :count], axis=1)
    order = np.argsort(squares[rows, some], axis=1, kind="stable")
    some = some[rows, order]
    return others[some], float(squares[rows, some].max())
