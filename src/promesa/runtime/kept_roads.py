"""Roads that remember the matrices of the days asked about last: each question asks for the same.

A matrix of 600 places takes a third of a second for each of two dozen half hours. Who prices one
stop after the other, or a vehicle of the plan just made, waits for them once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.geo import Position
from promesa.planning.travel import DayRoads, Way
from promesa.roads.snapping import Kerb
from promesa.roads.vehicles import Vehicle

# One matrix of so many places takes 9 MB, and a day asks for two dozen.
POINTS_MAX = 1_500
# A day asks for its places and for a few of them, which tell its hours.
DAYS_MAX = 2
# Under the conditions of a plan, and under those of a price: what is live changes by the minute.
VARIANTS_MAX = 2
# By who drives and when they leave, then by the conditions, those asked for last at the end.
_Squares = dict[Hashable, OrderedDict[Hashable, NDArray[np.int32]]]
_Memory = OrderedDict[tuple[Position, ...], _Squares]


def _nobody_asks() -> None:
    """Whoever waits is not told."""


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
        roads: DayRoads,
        memory: _Memory | None = None,
        who: tuple[Hashable, ...] = (),
        report: Callable[[], None] = _nobody_asks,
    ) -> None:
        self._roads = roads
        self._memory: _Memory = OrderedDict() if memory is None else memory
        self._who = who
        self._report = report

    def under(self, roads: DayRoads) -> KeptRoads:
        """The same network with other live speeds, which ``special`` tells apart."""
        return KeptRoads(roads, self._memory, self._who, self._report)

    def told(self, report: Callable[[], None]) -> KeptRoads:
        """The same for somebody who waits."""
        return KeptRoads(self._roads, self._memory, self._who, report)

    def matrix(self, points: Sequence[Position], departure: datetime | None) -> NDArray[np.int32]:
        """The network's; nobody may write into it."""
        if len(points) > POINTS_MAX:
            self._report()
            return self._roads.matrix(points, departure)
        squares, special = self._squares(tuple(points)), self._roads.special(departure)
        variants = squares.setdefault((*self._who, departure), OrderedDict())
        if special not in variants:
            self._report()
            variants[special] = self._roads.matrix(points, departure)
            variants[special].flags.writeable = False
        variants.move_to_end(special)
        while len(variants) > VARIANTS_MAX:
            variants.popitem(last=False)
        return variants[special]

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

    def _squares(self, points: tuple[Position, ...]) -> _Squares:
        squares = self._memory.setdefault(points, {})
        self._memory.move_to_end(points)
        while len(self._memory) > 2 * DAYS_MAX:
            self._memory.popitem(last=False)
        return squares
