"""The streets of a day under way: those of motor vehicles, and those of bicycles.

Each route is timed and drawn on the streets of its own vehicle. What is proposed for several at
once stands on one travel time for each pair of places, that of the slowest of them; bicycles are
so much slower between two communes, and so much freer within one, that they are looked at apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from promesa.domain import fleet
from promesa.domain.fleet import VehicleKind
from promesa.kernel.geo import Position
from promesa.planning.other_ways import fill_in, get_way
from promesa.planning.profiles import cut_off, largest, profile_of, slowest
from promesa.planning.travel import Roads, Way, with_itself
from promesa.roads import vehicles as roads
from promesa.roads.network import UnreachableError
from promesa.roads.overlay import NO_LIVE_SPEEDS, LiveOverlay
from promesa.roads.snapping import Kerb
from promesa.tracking.travel import straight_m, straight_s


class VehicleRoads(Roads, Protocol):
    """Roads that are not the same for everybody."""

    def with_vehicle(self, vehicle: roads.Vehicle) -> Roads: ...
    def with_live(self, overlay: LiveOverlay) -> Roads: ...
    def with_kerb(self, kerb: Kerb) -> VehicleRoads: ...


class _Driven(Protocol):
    @property
    def vehicle(self) -> fleet.Vehicle: ...


# Of so many places the ways between tell how slow an hour is.
PROBES_MAX = 12
# A day under way is timed at so many instants; of more places at fewer, so that they take 80 MB.
HALF_HOURS_MAX, CELLS_MAX = 20, 10_000_000
HALF_HOUR = timedelta(minutes=30)

_Route = TypeVar("_Route", bound=_Driven)


def _no_bicycles() -> VehicleRoads | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SharedTravel:
    """Between the places of a day, whoever of some vehicles drives.

    Attributes:
        seconds: int32, [n, n], of the slowest who gets there. Where none of them may go it is as a
            van would: for what they visit already, a person having sent them. Where not even a van
            may, since the street is closed now, as it usually would.
        closed: By vehicle, the points that it cannot get to.
        later: How long ways take from then on, against ``seconds``; the first is the departure.
    """

    seconds: NDArray[np.int32]
    closed: tuple[frozenset[int], ...]
    later: tuple[tuple[datetime, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayStreets:
    """The roads of one day under way, as each vehicle sees them. For one piece of work.

    Attributes:
        motor: Those of a van whose size nobody said.
        find_bicycles: Those of bicycles; None where the city was built without them.
        kerb: Where a place is reached from its own side alone: that of stops, as plans have it.
    """

    motor: VehicleRoads
    find_bicycles: Callable[[], VehicleRoads | None] = _no_bicycles
    kerb: Kerb = Kerb.AVENUES
    _seen: dict[roads.Vehicle, Roads] = field(default_factory=dict)
    _hours: dict[datetime, _Hours] = field(default_factory=dict)

    def know(self, vehicle: fleet.Vehicle) -> bool:
        """Whether its times are known, so that something can be proposed to it."""
        return vehicle.kind is not VehicleKind.BICYCLE or self.find_bicycles() is not None

    def apart(
        self, routes: Sequence[_Route], first: fleet.Vehicle | None = None
    ) -> list[list[_Route]]:
        """The routes by who goes by the same streets, those of ``first`` first, else motor ones.

        Without those whose times are not known.
        """
        riding = [now for now in routes if now.vehicle.kind is VehicleKind.BICYCLE]
        driving = [now for now in routes if now.vehicle.kind is not VehicleKind.BICYCLE]
        is_ridden = first is not None and first.kind is VehicleKind.BICYCLE
        groups = [riding, driving] if is_ridden else [driving, riding]
        return [group for group in groups if group and self.know(group[0].vehicle)]

    def of(self, vehicle: fleet.Vehicle) -> Roads:
        """Its own; where signs leave it no way, a van's: who is sent there finds one.

        So does who is sent into a street that is closed now: the usual way.
        """
        return _Own(self._for(profile_of(vehicle.kind, vehicle.size)), self._vans)

    def between(
        self,
        points: Sequence[Position],
        departure: datetime,
        vehicles: Sequence[fleet.Vehicle],
        *,
        depots: int,
        until: datetime,
    ) -> SharedTravel:
        """How long the vehicles take; the first ``depots`` of the points are where they end.

        Asked of the streets as they are at ``departure``; that the hours until ``until`` are slower
        or faster is asked of a few of the ways.
        """
        profiles = _shared(vehicles)
        squares = {
            each: with_itself(self._for(each).matrix(points, departure))
            for each in dict.fromkeys(profiles)
        }
        seconds = slowest(list(squares.values()))
        if cut_off([seconds], depots):
            seconds = fill_in(seconds, lambda: with_itself(self._vans.matrix(points, departure)))
        nobody = cut_off([seconds], depots)
        usual = self._vans.with_live(NO_LIVE_SPEEDS)
        seconds = fill_in(seconds, lambda: with_itself(usual.matrix(points, departure)))
        # A van may be seen where no street is near: its way is straight, as tracking has it.
        for a, b in np.argwhere(seconds < 0).tolist():
            seconds[a, b] = straight_s(points[a], points[b])
        shut = {each: cut_off([square], depots) - nobody for each, square in squares.items()}
        return SharedTravel(
            seconds=seconds,
            closed=tuple(shut[each] for each in profiles),
            later=tuple(self._later(points, departure, until)),
        )

    def _later(
        self, points: Sequence[Position], departure: datetime, until: datetime
    ) -> Iterator[tuple[datetime, float]]:
        """What is live now tells nothing of the evening: these are the usual hours."""
        if departure not in self._hours:
            self._hours[departure] = _Hours(self._vans, points, departure)
        known = self._hours[departure]
        steps = max(1, min(HALF_HOURS_MAX, CELLS_MAX // len(points) ** 2))
        half_hours = -(-(until - departure) // HALF_HOUR)
        yield departure, 1.0
        for number in range(1, steps):
            at = departure + HALF_HOUR * round(half_hours * number / (steps - 1))
            yield at, known.share(at)

    def _for(self, profile: roads.Vehicle) -> Roads:
        if profile not in self._seen:
            self._seen[profile] = self._found(profile)
        return self._seen[profile]

    def _found(self, profile: roads.Vehicle) -> Roads:
        if profile.kind is not roads.VehicleKind.BICYCLE:
            return self._vans.with_vehicle(profile)
        bicycles = self.find_bicycles()
        if bicycles is None:
            return self._vans
        return bicycles.with_kerb(self.kerb).with_vehicle(profile)

    @property
    def _vans(self) -> VehicleRoads:
        return self.motor.with_kerb(self.kerb)


class _Hours:
    """How long ways take at the half hours, against a departure: asked of a few places, once.

    So what a change is compared with is timed like the change.
    """

    def __init__(self, vans: VehicleRoads, points: Sequence[Position], departure: datetime) -> None:
        self._usual = vans.with_live(NO_LIVE_SPEEDS)
        self._points = points[:: -(-len(points) // PROBES_MAX)]
        self._now_s = self._usual.matrix(self._points, departure)
        self._known: dict[datetime, float] = {}

    def share(self, at: datetime) -> float:
        """1.0 where that hour is as the departure's, or nothing is known of it."""
        if at not in self._known:
            then_s = self._usual.matrix(self._points, at)
            is_known = (self._now_s > 0) & (then_s > 0)
            total_s = int(self._now_s[is_known].sum())
            self._known[at] = int(then_s[is_known].sum()) / total_s if total_s else 1.0
        return self._known[at]


@dataclass(frozen=True, slots=True, kw_only=True)
class _StraightWay:
    """How a van comes from or to where no street is near."""

    geometry: tuple[Position, Position]
    distance_m: int
    duration_s: int
    toll_clp: int = 0

    @classmethod
    def between(cls, origin: Position, destination: Position) -> _StraightWay:
        return cls(
            geometry=(origin, destination),
            distance_m=round(straight_m(origin, destination)),
            duration_s=straight_s(origin, destination),
        )


class _Own:
    """The roads of one vehicle, with a van's ways where it has none, or else the usual ones."""

    def __init__(self, own: Roads, plain: VehicleRoads) -> None:
        self._own, self._plain = own, plain

    def matrix(self, points: Sequence[Position], departure: datetime | None) -> NDArray[np.int32]:
        return self._own.matrix(points, departure)

    def path(self, origin: Position, destination: Position, departure: datetime | None) -> Way:
        try:
            return get_way(self._asked(), origin, destination, departure)
        except UnreachableError:
            return _StraightWay.between(origin, destination)

    def _asked(self) -> Iterator[Roads]:
        yield self._own
        yield self._plain
        yield self._plain.with_live(NO_LIVE_SPEEDS)


def _shared(vehicles: Sequence[fleet.Vehicle]) -> list[roads.Vehicle]:
    """As the streets see each of them, one of its kind for all: the largest.

    A motorcycle beside vans goes as they do. So few matrices serve a fleet of many sizes.
    """
    kinds = {vehicle.kind for vehicle in vehicles}
    is_with_vans = {VehicleKind.VAN, VehicleKind.MOTORCYCLE} <= kinds
    by_kind = {
        kind: largest([profile_of(each.kind, each.size) for each in vehicles if each.kind is kind])
        for kind in kinds
    }
    if is_with_vans:
        by_kind[VehicleKind.MOTORCYCLE] = by_kind[VehicleKind.VAN]
    return [by_kind[vehicle.kind] for vehicle in vehicles]
