"""The streets that a price goes by: as they are known to be, and the usual ones where none is left.

A stop inside a street that is closed stays on its route, and a person sent it there: it is priced
as if its van got to it. Nothing is said here of whether it does.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.geo import Position
from promesa.planning.other_ways import fill_in, get_way
from promesa.planning.travel import DayRoads, Way
from promesa.roads.snapping import Kerb
from promesa.roads.vehicles import Vehicle


class PriceRoads:
    """Two views of one network: ``now`` with what is live, ``usual`` without."""

    def __init__(self, now: DayRoads, usual: DayRoads) -> None:
        self._now, self._usual = now, usual

    def matrix(self, points: Sequence[Position], departure: datetime | None) -> NDArray[np.int32]:
        """As it is now; as it is usually between places that a closure parts."""
        seconds = self._now.matrix(points, departure)
        if self._is_usual(departure):
            return seconds
        return fill_in(seconds, lambda: self._usual.matrix(points, departure))

    def path(self, origin: Position, destination: Position, departure: datetime | None) -> Way:
        """The same of one way."""
        return get_way((self._now, self._usual), origin, destination, departure)

    def special(self, departure: datetime | None) -> Hashable:
        """As it is now."""
        return self._now.special(departure)

    def tolls(
        self,
        points: Sequence[Position],
        departure: datetime | None,
        seconds: NDArray[np.int32],
    ) -> NDArray[np.int32] | None:
        """As it is now, on the ways that there are now."""
        if not self._is_usual(departure):
            seconds = self._now.matrix(points, departure)
        return self._now.tolls(points, departure, seconds)

    def with_vehicle(self, vehicle: Vehicle) -> PriceRoads:
        """Another vehicle's."""
        return PriceRoads(self._now.with_vehicle(vehicle), self._usual.with_vehicle(vehicle))

    def with_kerb(self, kerb: Kerb) -> PriceRoads:
        """The same for stops reached otherwise."""
        return PriceRoads(self._now.with_kerb(kerb), self._usual.with_kerb(kerb))

    def _is_usual(self, departure: datetime | None) -> bool:
        return self._now.special(departure) == self._usual.special(departure)
