"""The road network as tracking asks it: one leg, and how slow the streets are at an hour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from promesa.dispatch.streets import DayStreets
from promesa.domain.fleet import Vehicle, VehicleKind
from promesa.kernel.geo import Position
from promesa.planning.travel import Roads
from promesa.roads.network import RoadNetwork, UnreachableError
from promesa.roads.overlay import NO_LIVE_SPEEDS
from promesa.roads.snapping import Kerb
from promesa.roads.traffic import TrafficSlice, slice_at
from promesa.runtime.marked_ways import MarkedWays
from promesa.tracking.travel import StraightTravel, TravelTimes

# Corners of a square of about 4 km around the middle: eight trips tell how the hour is.
_PROBE_DEGREES = 0.02


def _no_bicycles() -> RoadNetwork | None:
    return None


class RoadTravel:
    """Travel times of the network; where no street is near, a straight line lengthened.

    ``roads`` gives the network as it is by now: tolls and zones of an operator, and what a night
    taught, make it another. ``find_bicycles`` has that of bicycles, where the city has one.
    """

    def __init__(
        self,
        roads: Callable[[], RoadNetwork],
        center: Position,
        find_bicycles: Callable[[], RoadNetwork | None] = _no_bicycles,
    ) -> None:
        self._roads = roads
        self._find_bicycles = find_bicycles
        self._hours = _Hours(roads())
        self._streets: tuple[RoadNetwork, DayStreets] | None = None
        self._marked: MarkedWays | None = None
        self._straight = StraightTravel()
        offsets = ((-1, -1), (-1, 1), (1, -1), (1, 1))
        self._corners = [
            Position(lon=center.lon + dx * _PROBE_DEGREES, lat=center.lat + dy * _PROBE_DEGREES)
            for dx, dy in offsets
        ]

    def leg_s(self, origin: Position, destination: Position, departure: datetime) -> int:
        """Seconds from one to the other leaving at ``departure``."""
        return self._leg_s(self._roads(), origin, destination, departure)

    def marked_leg_s(
        self, origin: Position, destination: Position, departure: datetime
    ) -> int | None:
        """Seconds of a way that a marked street makes longer then; None where none does."""
        return self.own_marked_leg_s(None, origin, destination, departure)

    def of(self, vehicle: Vehicle | None) -> TravelTimes:
        """On the vehicle's own streets, as a plan of the day under way sees them."""
        return self if vehicle is None else _OwnTravel(self, vehicle)

    def own_leg_s(
        self, vehicle: Vehicle, origin: Position, destination: Position, departure: datetime
    ) -> int:
        """Seconds that the vehicle takes; where signs leave it no way, a van's."""
        roads = self._roads()
        # Threads ask too: one answer is of one network.
        known = self._streets
        if known is None or known[0] is not roads:
            # A phone errs by more than a lane: it does not tell on which side its van is.
            streets = DayStreets(motor=roads, find_bicycles=self._find_bicycles, kerb=Kerb.ANY)
            self._streets = known = roads, streets
        return self._leg_s(known[1].of(vehicle), origin, destination, departure)

    def own_marked_leg_s(
        self, vehicle: Vehicle | None, origin: Position, destination: Position, departure: datetime
    ) -> int | None:
        """The same as a vehicle drives; None is a van whose size nobody said."""
        # Threads ask too: one answer is of one set of marks.
        self._marked = known = MarkedWays.of(self._roads(), self._find_bicycles, self._marked)
        return known.leg_s(vehicle, origin, destination, departure)

    def _leg_s(
        self, roads: Roads, origin: Position, destination: Position, departure: datetime
    ) -> int:
        try:
            return roads.path(origin, destination, departure).duration_s
        except UnreachableError:
            return self._straight.leg_s(origin, destination, departure)

    def slowness(self, at: datetime) -> float:
        """How slow streets are at that hour against the usual one; relative is all that counts."""
        roads = self._roads()
        # Threads ask too: both hours of one answer are of the same network.
        hours = self._hours
        if hours.roads is not roads:
            self._hours = hours = _Hours(roads)
        usual_s = hours.trips_s(self._corners, None)
        return hours.trips_s(self._corners, at) / usual_s if usual_s else 1.0


class _OwnTravel:
    """The same as one vehicle drives; who is in the traffic shares how slow an hour is."""

    def __init__(self, travel: RoadTravel, vehicle: Vehicle) -> None:
        self._travel, self._vehicle = travel, vehicle

    def leg_s(self, origin: Position, destination: Position, departure: datetime) -> int:
        return self._travel.own_leg_s(self._vehicle, origin, destination, departure)

    def marked_leg_s(
        self, origin: Position, destination: Position, departure: datetime
    ) -> int | None:
        return self._travel.own_marked_leg_s(self._vehicle, origin, destination, departure)

    def slowness(self, at: datetime) -> float:
        return 1.0 if self._vehicle.kind is VehicleKind.BICYCLE else self._travel.slowness(at)

    def of(self, vehicle: Vehicle | None) -> TravelTimes:
        return self._travel.of(vehicle)


class _Hours:
    """How long some trips take in the half hours of one network, each asked for once."""

    def __init__(self, roads: RoadNetwork) -> None:
        self.roads = roads
        # What is live today holds on no other day.
        self._usual = roads.with_live(NO_LIVE_SPEEDS)
        self._known_s: dict[TrafficSlice, int] = {}

    def trips_s(self, points: Sequence[Position], at: datetime | None) -> int:
        """Seconds of all trips between the points together."""
        hour = slice_at(at)
        if hour not in self._known_s:
            matrix = self._usual.matrix(points, at)
            self._known_s[hour] = int(matrix[matrix > 0].sum())
        return self._known_s[hour]
