"""Travel between the places of a day, held in memory while single places are added to it.

A new stop needs its row and its column, not the whole matrix anew: two searches each way for every
half hour that is held.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.geo import Position
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.travel import Roads, detour_metres, detour_metres_from, with_itself
from promesa.roads.places import Places
from promesa.routing.matrix import UNREACHABLE, Matrix

# Rows kept free for places to come, so that adding one copies nothing.
SPARE_ROWS = 64


class RowAndColumn(Protocol):
    """One more point of a matrix: int32, [n], seconds to the earlier points and from them."""

    @property
    def row_s(self) -> NDArray[np.int32]: ...
    @property
    def column_s(self) -> NDArray[np.int32]: ...
    @property
    def places(self) -> Places: ...


class GrowingRoads(Roads, Protocol):
    """What it asks of the road network besides the first matrix."""

    def places(self, points: Sequence[Position]) -> Places: ...
    def row_and_column(
        self, places: Places, point: Position, departure: datetime | None
    ) -> RowAndColumn: ...


class GrowingTravel:
    """The travel between the places of a day, to which one place more can be added.

    Only who holds it adds to it. What ``travel`` gave before a place was added stays as it was.

    Args:
        points: Each place once.
        hours_s: The half hours to hold, rising; for a day under way the present one is enough.
    """

    def __init__(
        self,
        points: Sequence[Position],
        day: ServiceDay,
        roads: GrowingRoads,
        hours_s: Sequence[int],
    ) -> None:
        self._roads = roads
        self._instants = [day.instant_at(hour_s) for hour_s in hours_s]
        self._hours_s = tuple(hours_s)
        self._points = list(points)
        self._location = {point: number for number, point in enumerate(points)}
        self._places = roads.places(points)
        squares = [with_itself(roads.matrix(points, instant)) for instant in self._instants]
        self._seconds = _with_spare(np.stack(squares))
        self._metres = _with_spare(detour_metres(points, np.maximum.reduce(squares))[None])

    @property
    def points(self) -> tuple[Position, ...]:
        """By location."""
        return tuple(self._points)

    @property
    def travel(self) -> Matrix:
        """Between all the places there are by now; a view, nothing is copied."""
        count = len(self._points)
        seconds = self._seconds[:, :count, :count]
        metres = np.broadcast_to(self._metres[0, :count, :count], seconds.shape)
        return Matrix(seconds, metres, self._hours_s)

    def location_of(self, point: Position) -> int:
        """The location of a place; one that is new is added, at every half hour that is held."""
        if point not in self._location:
            self._add(point)
        return self._location[point]

    def _add(self, point: Position) -> None:
        count = len(self._points)
        if count == self._seconds.shape[1]:
            self._seconds, self._metres = _with_spare(self._seconds), _with_spare(self._metres)
        places = self._places
        for number, instant in enumerate(self._instants):
            found = self._roads.row_and_column(places, point, instant)
            self._seconds[number, count, :count] = found.row_s
            self._seconds[number, :count, count] = found.column_s
            self._seconds[number, count, count] = 0
            self._places = found.places
        straight_m = detour_metres_from(point, self._points)
        there_s = self._seconds[:, count, :count].max(axis=0)
        back_s = self._seconds[:, :count, count].max(axis=0)
        self._metres[0, count, :count] = np.where(there_s < 0, UNREACHABLE, straight_m)
        self._metres[0, :count, count] = np.where(back_s < 0, UNREACHABLE, straight_m)
        self._metres[0, count, count] = 0
        self._location[point] = count
        self._points.append(point)


def _with_spare(squares: NDArray[np.int32]) -> NDArray[np.int32]:
    """The same in the corner of larger squares."""
    slices, count, _ = squares.shape
    larger = np.full((slices, count + SPARE_ROWS, count + SPARE_ROWS), UNREACHABLE, np.int32)
    larger[:, :count, :count] = squares
    return larger
