"""Roads that remember the matrices of the days asked about last: each question asks for the same.

A matrix of 600 places takes a third of a second for each of two dozen half hours. Who prices one
stop after the other, or a vehicle of the plan just made, waits for them once; when an order comes
or goes, only for what is new.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.geo import Position
from promesa.planning.prices import PLACES_KEPT_MAX
from promesa.planning.travel import DayRoads, Way
from promesa.roads.network import UNREACHABLE, RowAndColumn
from promesa.roads.places import Places
from promesa.roads.snapping import Kerb
from promesa.roads.vehicles import Vehicle

# Two dozen matrices of PLACES_KEPT_MAX places twice, or those of several days of fewer.
BYTES_MAX = 900_000_000
# A place is added to a matrix in two searches: beyond one in so many it is found anew as fast.
PLACES_PER_NEW = 50
# Under the conditions of a plan, and under those of a price: what is live changes by the minute.
VARIANTS_MAX = 2
# Who drives, when they leave, and at last the conditions.
_Key = tuple[Hashable, ...]
_Square = NDArray[np.int32]


class PlacedRoads(DayRoads, Protocol):
    """Roads that add a place to a matrix they made."""

    def places(self, points: Sequence[Position]) -> Places: ...
    def row_and_column(
        self, places: Places, point: Position, departure: datetime | None
    ) -> RowAndColumn: ...
    def with_vehicle(self, vehicle: Vehicle) -> PlacedRoads: ...
    def with_kerb(self, kerb: Kerb) -> PlacedRoads: ...


def _nobody_asks() -> None:
    """Whoever waits is not told."""


class _Day:
    """Places that were asked about, and the matrices between them by what they hold for."""

    def __init__(self, points: Sequence[Position]) -> None:
        self.number = {point: number for number, point in enumerate(points)}
        self.squares: dict[_Key, _Square] = {}

    def between(self, points: Sequence[Position], key: _Key) -> _Square:
        """The part of a matrix that is about these of its places."""
        rows = [self.number[point] for point in points]
        return self.use(key)[np.ix_(rows, rows)]

    def use(self, key: _Key) -> _Square:
        """The matrix, which is now the last that was asked for."""
        self.squares[key] = self.squares.pop(key)
        return self.squares[key]

    def keep(self, key: _Key, square: _Square) -> None:
        """Keeps it, in place of conditions asked for longer ago."""
        variants = [each for each in self.squares if each[:-1] == key[:-1]]
        for old in variants[: len(variants) - VARIANTS_MAX + 1]:
            del self.squares[old]
        self.squares[key] = square


class _Memory:
    """Matrices within BYTES_MAX; the day that was asked about longest ago goes first."""

    def __init__(self) -> None:
        self._days: OrderedDict[tuple[Position, ...], _Day] = OrderedDict()

    def find(self, points: tuple[Position, ...], key: _Key) -> _Square | None:
        """The matrix, perhaps as a part of a larger one."""
        own = self._days.get(points)
        if own is not None and key in own.squares:
            self._days.move_to_end(points)
            return own.use(key)
        known, day = self.most(points, key)
        if day is None or len(known) < len(points):
            return None
        return _read_only(day.between(points, key))

    def most(self, points: tuple[Position, ...], key: _Key) -> tuple[list[Position], _Day | None]:
        """Those of the places that one matrix has, and the day it is of: the one that has most."""
        best: tuple[list[Position], _Day | None] = [], None
        for name, day in reversed(self._days.items()):
            if key not in day.squares:
                continue
            known = [point for point in points if point in day.number]
            if len(known) > len(best[0]):
                best = known, day
                if len(known) == len(points):
                    self._days.move_to_end(name)
                    break
        return best

    def keep(self, points: tuple[Position, ...], key: _Key, square: _Square) -> None:
        """Keeps it in place of those that are a part of it."""
        day = self._days.setdefault(points, _Day(points))
        self._days.move_to_end(points)
        for other in self._days.values():
            if key in other.squares and other.number.keys() <= day.number.keys():
                del other.squares[key]
        day.keep(key, square)
        self._forget(day, key)
        for name in [name for name, each in self._days.items() if not each.squares]:
            del self._days[name]

    def _forget(self, last: _Day, key: _Key) -> None:
        """Of a day too big by itself the newest goes: a question begins with the oldest again."""
        kept = sum(each.nbytes for day in self._days.values() for each in day.squares.values())
        for day in self._days.values():
            while kept > BYTES_MAX and day.squares:
                gone = key if day is last else next(iter(day.squares))
                kept -= day.squares.pop(gone).nbytes


class KeptRoads:
    """The roads of one network, whoever drives on them.

    Args:
        roads: The network.
        memory: Shared by those it is seen as.
        who: How it is seen.
        report: Called before each matrix that is not kept; what it raises ends the work.
    """

    def __init__(
        self,
        roads: PlacedRoads,
        memory: _Memory | None = None,
        who: tuple[Hashable, ...] = (),
        report: Callable[[], None] = _nobody_asks,
    ) -> None:
        self._roads = roads
        self._memory = _Memory() if memory is None else memory
        self._who = who
        self._report = report

    def under(self, roads: PlacedRoads) -> KeptRoads:
        """The same network with other live speeds, which ``special`` tells apart."""
        return KeptRoads(roads, self._memory, self._who, self._report)

    def told(self, report: Callable[[], None]) -> KeptRoads:
        """The same for somebody who waits."""
        return KeptRoads(self._roads, self._memory, self._who, report)

    def matrix(self, points: Sequence[Position], departure: datetime | None) -> NDArray[np.int32]:
        """The network's; nobody may write into it."""
        if len(points) > PLACES_KEPT_MAX:
            self._report()
            return self._roads.matrix(points, departure)
        wanted = tuple(points)
        key = (*self._who, departure, self._roads.special(departure))
        found = self._memory.find(wanted, key)
        if found is None:
            self._report()
            found = _read_only(self._grown(wanted, departure, key))
            self._memory.keep(wanted, key, found)
        return found

    def path(self, origin: Position, destination: Position, departure: datetime | None) -> Way:
        """The network's."""
        return self._roads.path(origin, destination, departure)

    def special(self, departure: datetime | None) -> Hashable:
        """The network's."""
        return self._roads.special(departure)

    def tolls(
        self,
        points: Sequence[Position],
        departure: datetime | None,
        seconds: NDArray[np.int32],
    ) -> NDArray[np.int32] | None:
        """The network's."""
        return self._roads.tolls(points, departure, seconds)

    def with_vehicle(self, vehicle: Vehicle) -> KeptRoads:
        """The same memory for another vehicle."""
        seen = self._roads.with_vehicle(vehicle)
        return KeptRoads(seen, self._memory, (*self._who, vehicle), self._report)

    def with_kerb(self, kerb: Kerb) -> KeptRoads:
        """The same memory for stops reached otherwise."""
        seen = self._roads.with_kerb(kerb)
        return KeptRoads(seen, self._memory, (*self._who, kerb), self._report)

    def _grown(
        self, points: tuple[Position, ...], departure: datetime | None, key: _Key
    ) -> _Square:
        """The matrix; where one is kept of nearly all the places, that one with the others."""
        known, day = self._memory.most(points, key)
        more = [point for point in points if day is not None and point not in day.number]
        if day is None or len(more) * PLACES_PER_NEW > len(known):
            return self._roads.matrix(points, departure)
        square, places = day.between(known, key), self._roads.places(known)
        for point in more:
            found = self._roads.row_and_column(places, point, departure)
            is_near = len(found.places.point) > len(places.point)
            itself = np.array([[0 if is_near else UNREACHABLE]], dtype=np.int32)
            square = np.block([[square, found.column_s[:, None]], [found.row_s[None, :], itself]])
            places = found.places
        ordered = {point: number for number, point in enumerate([*known, *more])}
        rows = [ordered[point] for point in points]
        return square[np.ix_(rows, rows)]


def _read_only(square: _Square) -> _Square:
    square.flags.writeable = False
    return square
