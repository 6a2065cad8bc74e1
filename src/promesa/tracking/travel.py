"""How long it takes from one place to another, as tracking asks it.

The plan already holds a road time for each leg; only the way from a van to its next stop, pairs no
plan foresaw, and legs that a street marked since makes longer are asked of the roads.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from promesa.domain.fleet import Vehicle, VehicleKind, VehicleSize
from promesa.kernel.geo import Position, distance_m
from promesa.kernel.units import HOUR_S

# Streets against the straight line, and a van's speed in Santiago: both assumed, and used only
# where no road network is loaded.
DETOUR_ASSUMED = 1.35
SPEED_MPS_ASSUMED = 6.5
# 50 000 answers of one hour hold a fleet's unforeseen pairs many times over.
REMEMBERED_MAX = 50_000

_Key = tuple[float, float, float, float, int]


class TravelTimes(Protocol):
    """Answers from the road network, or from whatever stands in for it."""

    def leg_s(self, origin: Position, destination: Position, departure: datetime) -> int:
        """Seconds from ``origin`` to ``destination`` leaving at ``departure``."""
        ...

    def marked_leg_s(
        self, origin: Position, destination: Position, departure: datetime
    ) -> int | None:
        """Seconds of a way that a marked street makes longer then; None where none does."""
        ...

    def slowness(self, at: datetime) -> float:
        """How slow streets are at that hour against an empty city: 1.0 is empty, 2.0 is half."""
        ...

    def of(self, vehicle: Vehicle | None) -> TravelTimes:
        """The same as that vehicle drives; None is a van whose size nobody said."""
        ...


def straight_m(origin: Position, destination: Position) -> float:
    """Metres of a straight line lengthened by an assumed detour."""
    return distance_m(origin, destination) * DETOUR_ASSUMED


def straight_s(origin: Position, destination: Position) -> int:
    """Seconds for it at the assumed speed."""
    return round(straight_m(origin, destination) / SPEED_MPS_ASSUMED)


class StraightTravel:
    """Straight lines lengthened by an assumed detour; the same at every hour."""

    def leg_s(self, origin: Position, destination: Position, departure: datetime) -> int:
        """Seconds at the assumed speed."""
        del departure  # The same at every hour.
        return straight_s(origin, destination)

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

    def of(self, vehicle: Vehicle | None) -> TravelTimes:
        """The same for everybody."""
        del vehicle
        return self


class RememberedTravel:
    """Asks once per pair, hour and kind of vehicle; forgets everything when it holds too much."""

    def __init__(self, inner: TravelTimes, *, size_max: int = REMEMBERED_MAX) -> None:
        self._inner = inner
        self._size_max = size_max
        self._known: dict[_Key, int] = {}
        self._slowness: dict[int, float] = {}
        self._others: dict[tuple[VehicleKind, VehicleSize | None], RememberedTravel] = {}

    def of(self, vehicle: Vehicle | None) -> RememberedTravel:
        """What is remembered of vehicles of that kind and size."""
        if vehicle is None:
            return self
        key = vehicle.kind, vehicle.size
        if key not in self._others:
            inner = self._inner.of(vehicle)
            self._others[key] = RememberedTravel(inner, size_max=self._size_max)
        return self._others[key]

    def leg_s(self, origin: Position, destination: Position, departure: datetime) -> int:
        """The remembered seconds of that pair and hour, or a fresh answer."""
        hour = int(departure.timestamp()) // HOUR_S
        key = (origin.lon, origin.lat, destination.lon, destination.lat, hour)
        known = self._known.get(key)
        if known is None:
            known = self._inner.leg_s(origin, destination, departure)
            if len(self._known) >= self._size_max:
                self._known.clear()
            self._known[key] = known
        return known

    def marked_leg_s(
        self, origin: Position, destination: Position, departure: datetime
    ) -> int | None:
        """Asked of the inner travel times, which know when marks change and remember until then."""
        return self._inner.marked_leg_s(origin, destination, departure)

    def forget(self) -> None:
        """Asks anew from now on: what is known of the streets changed."""
        self._known.clear()
        for other in self._others.values():
            other.forget()

    def slowness(self, at: datetime) -> float:
        """That of the inner travel times, which have one for each hour."""
        hour = int(at.timestamp()) // HOUR_S
        known = self._slowness.get(hour)
        if known is None:
            if len(self._slowness) >= self._size_max:
                self._slowness.clear()
            known = self._slowness[hour] = self._inner.slowness(at)
        return known
