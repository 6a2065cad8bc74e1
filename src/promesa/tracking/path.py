"""The planned way of a route as a line in metres, onto which positions are projected.

A plane tangent at the way's middle is exact to centimetres over a city.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.geo import EARTH_RADIUS_M, Position
from promesa.kernel.polyline import decode_polyline

# How far along the way a stop may lie from where the planned distances put it.
SLACK_M_MIN = 300.0
SLACK_SHARE = 0.1
# A stop this far from the planned way is placed by the planned distances alone.
OFF_WAY_M_MAX = 250.0
# Less than a polyline's own rounding says nothing about which of two segments is nearer.
EQUALLY_NEAR_M = 1.0

Metres = NDArray[np.float64]


# The routes of a large day, each with a version or two.
PATHS_REMEMBERED = 512


@dataclass(frozen=True, slots=True, eq=False)
class RoutePath:
    """A line on a plane.

    Attributes:
        xs: float64, [point], metres east of the middle; ``ys`` north of it.
        along: float64, [point], metres from the start, never falling.
        stop_along: Metres along at each stop, in sequence, never falling.
        middle: Where the plane touches the Earth.
    """

    xs: Metres
    ys: Metres
    along: Metres
    stop_along: tuple[float, ...]
    middle: Position

    @property
    def length_m(self) -> float:
        """Metres of the whole way."""
        return float(self.along[-1])

    def project(self, position: Position, *, start_m: float, end_m: float) -> tuple[float, float]:
        """Metres along and metres off the nearest point between ``start_m`` and ``end_m``.

        O(points between the two).
        """
        first = max(0, int(np.searchsorted(self.along, start_m, side="right")) - 1)
        last = min(len(self.along) - 1, int(np.searchsorted(self.along, end_m, side="left")))
        last = max(last, min(first + 1, len(self.along) - 1))
        x, y = _flat(position, self.middle)
        return _nearest(self, x, y, first, last)

    def between(self, start_m: float, end_m: float) -> list[Position]:
        """The way from ``start_m`` to ``end_m`` along it; empty when there is none."""
        if end_m <= start_m:
            return []
        inner = (self.along > start_m) & (self.along < end_m)
        places = np.concatenate(([start_m], self.along[inner], [end_m]))
        xs = np.interp(places, self.along, self.xs)
        ys = np.interp(places, self.along, self.ys)
        return [_on_earth(x, y, self.middle) for x, y in zip(xs, ys, strict=True)]


def route_path(
    geometry: str,
    start: Position,
    stops: Sequence[Position],
    leg_distances_m: Sequence[int],
) -> RoutePath:
    """The way of a published version; straight lines from stop to stop when it has no geometry.

    Remembered, since a version never changes and each fact of its route asks again.
    """
    return _made_path(geometry, start, tuple(stops), tuple(leg_distances_m))


@lru_cache(maxsize=PATHS_REMEMBERED)
def _made_path(
    geometry: str,
    start: Position,
    stops: tuple[Position, ...],
    leg_distances_m: tuple[int, ...],
) -> RoutePath:
    points = decode_polyline(geometry)
    if len(points) < 2:
        points = [start, *stops] if stops else [start, start]
    middle = points[len(points) // 2]
    flat = np.array([_flat(point, middle) for point in points])
    xs, ys = flat[:, 0], flat[:, 1]
    along = np.concatenate(([0.0], np.cumsum(np.hypot(np.diff(xs), np.diff(ys)))))
    bare = RoutePath(xs, ys, along, (), middle)
    return RoutePath(xs, ys, along, _stop_along(bare, stops, leg_distances_m), middle)


def _stop_along(
    path: RoutePath, stops: Sequence[Position], leg_distances_m: Sequence[int]
) -> tuple[float, ...]:
    """Near where the planned distances put each stop, since a way may pass one place twice."""
    places: list[float] = []
    before_m = 0.0
    for position, leg_m in zip(stops, leg_distances_m, strict=True):
        expected_m = min(before_m + leg_m, path.length_m)
        slack_m = max(SLACK_M_MIN, SLACK_SHARE * leg_m)
        along_m, off_m = path.project(
            position, start_m=max(before_m, expected_m - slack_m), end_m=expected_m + slack_m
        )
        before_m = max(before_m, along_m if off_m <= OFF_WAY_M_MAX else expected_m)
        places.append(before_m)
    return tuple(places)


def _nearest(path: RoutePath, x: float, y: float, first: int, last: int) -> tuple[float, float]:
    """Of the segments between points ``first`` and ``last``; the earliest of equally near ones.

    A way out and back along one street is equally near twice.
    """
    if first >= last:
        return float(path.along[first]), math.hypot(path.xs[first] - x, path.ys[first] - y)
    ax, ay = path.xs[first:last], path.ys[first:last]
    dx, dy = path.xs[first + 1 : last + 1] - ax, path.ys[first + 1 : last + 1] - ay
    squared = dx * dx + dy * dy
    share = ((x - ax) * dx + (y - ay) * dy) / np.where(squared > 0, squared, 1.0)
    share = np.clip(share, 0.0, 1.0)
    off = np.hypot(ax + share * dx - x, ay + share * dy - y)
    best = int(np.argmax(off <= off.min() + EQUALLY_NEAR_M))
    span_m = path.along[first + best + 1] - path.along[first + best]
    return float(path.along[first + best] + share[best] * span_m), float(off[best])


def _on_earth(x: float, y: float, middle: Position) -> Position:
    """Back from the plane to the Earth: what ``_flat`` undoes."""
    cosine = math.cos(math.radians(middle.lat))
    return Position(
        lon=middle.lon + math.degrees(x / EARTH_RADIUS_M / cosine),
        lat=middle.lat + math.degrees(y / EARTH_RADIUS_M),
    )


def _flat(position: Position, middle: Position) -> tuple[float, float]:
    x = math.radians(position.lon - middle.lon) * math.cos(math.radians(middle.lat))
    return x * EARTH_RADIUS_M, math.radians(position.lat - middle.lat) * EARTH_RADIUS_M
