"""Roads for tests: everywhere, straight, at one speed; numbers can be checked by hand."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from promesa.domain import fleet
from promesa.kernel.geo import Position, distance_m
from promesa.roads.overlay import LiveOverlay
from promesa.roads.snapping import Kerb
from promesa.roads.vehicles import Vehicle
from promesa.tracking.travel import TravelTimes

SPEED_MPS = 10.0


@dataclass(frozen=True, slots=True)
class StraightWay:
    """From one point to the other."""

    geometry: tuple[Position, ...]
    distance_m: int
    toll_clp: int = 0

    @property
    def duration_s(self) -> int:
        """At that speed."""
        return round(self.distance_m / SPEED_MPS)


class StraightRoads:
    """Ten metres a second along the great circle, at every hour."""

    def matrix(self, points: Sequence[Position], departure: datetime | None) -> NDArray[np.int32]:
        """Seconds between all points."""
        metres = np.array([[distance_m(a, b) for b in points] for a in points])
        return np.rint(metres / SPEED_MPS).astype(np.int32)

    def special(self, departure: datetime | None) -> Hashable:
        """Nothing is live, closed or paid at some hours."""
        del departure
        return None

    def tolls(
        self,
        points: Sequence[Position],
        departure: datetime | None,
        seconds: NDArray[np.int32],
    ) -> None:
        """No gates."""
        del points, departure, seconds

    def with_vehicle(self, vehicle: Vehicle) -> StraightRoads:
        """The same for everybody."""
        del vehicle
        return self

    def with_live(self, overlay: LiveOverlay) -> StraightRoads:
        """Nothing is live here."""
        del overlay
        return self

    def with_kerb(self, kerb: Kerb) -> StraightRoads:
        """Straight lines have no sides."""
        del kerb
        return self

    def path(
        self, origin: Position, destination: Position, departure: datetime | None
    ) -> StraightWay:
        """The two ends."""
        return StraightWay((origin, destination), round(distance_m(origin, destination)))


class StraightTimes:
    """The same roads as tracking asks them."""

    def leg_s(self, origin: Position, destination: Position, departure: datetime) -> int:
        """Seconds at that speed."""
        del departure  # The same at every hour.
        return round(distance_m(origin, destination) / SPEED_MPS)

    def marked_leg_s(
        self, origin: Position, destination: Position, departure: datetime
    ) -> int | None:
        """Nobody marks a straight line."""
        del origin, destination, departure
        return None

    def slowness(self, at: datetime) -> float:
        """Always that of an empty city."""
        del at
        return 1.0

    def of(self, vehicle: fleet.Vehicle | None) -> TravelTimes:
        """The same for everybody."""
        del vehicle
        return self
