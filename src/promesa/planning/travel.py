"""The places of a day on the map: travel times for the search, ways for what is driven.

Metres along real paths take twelve times as long to find as seconds. So the search compares
places by a detour over the straight line, and only the legs that are driven are measured.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.geo import EARTH_RADIUS_M, Position
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.hours import half_hours, needed, sample_of
from promesa.planning.profiles import cut_off, slowest
from promesa.roads.snapping import Kerb
from promesa.roads.vehicles import VAN, Vehicle
from promesa.routing.matrix import UNREACHABLE, Matrix
from promesa.routing.plan import Plan, PlannedRoute
from promesa.routing.problem import Problem
from promesa.routing.schedule import make_plan

# Streets are about this much longer than the straight line in Santiago (assumed).
DETOUR = 1.35


class Way(Protocol):
    """A path on the map."""

    @property
    def geometry(self) -> Sequence[Position]: ...
    @property
    def distance_m(self) -> int: ...
    @property
    def duration_s(self) -> int: ...
    @property
    def toll_clp(self) -> int: ...


class Roads(Protocol):
    """What a day under way asks of the road network."""

    def matrix(
        self, points: Sequence[Position], departure: datetime | None
    ) -> NDArray[np.int32]: ...
    def path(self, origin: Position, destination: Position, departure: datetime | None) -> Way: ...


class DayRoads(Roads, Protocol):
    """What planning a day asks of it besides."""

    def special(self, departure: datetime | None) -> Hashable: ...
    def tolls(
        self,
        points: Sequence[Position],
        departure: datetime | None,
        seconds: NDArray[np.int32],
    ) -> NDArray[np.int32] | None: ...
    def with_vehicle(self, vehicle: Vehicle) -> DayRoads: ...
    def with_kerb(self, kerb: Kerb) -> DayRoads: ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Driven:
    """A plan with the metres and tolls it drives along the map.

    Attributes:
        travel: With those in place of the straight line's, so that the plan can be checked.
        ways: The legs of each route, from the depot to where it ends, those to the depot between
            trips too; None between doors of one place.
    """

    problem: Problem
    travel: Matrix
    plan: Plan
    ways: tuple[tuple[Way | None, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayMap:
    """The places of a routing problem, and how to get from one to the other that day.

    Attributes:
        points: By location of the problem, depots first.
        travel: Times by the map for the half hours that are needed, of the slowest kind of
            vehicle; metres by the straight line.
        own: The same at each profile's own times.
        roads: By profile.
        closed: By profile, the points it cannot get to, where another kind can.
    """

    day: ServiceDay
    points: tuple[Position, ...]
    travel: Matrix
    own: dict[Vehicle, Matrix]
    roads: dict[Vehicle, DayRoads]
    closed: dict[Vehicle, frozenset[int]]

    @classmethod
    def between(
        cls,
        points: Sequence[Position],
        day: ServiceDay,
        roads: DayRoads,
        *,
        start_s: int,
        end_s: int,
        depots: int = 1,
        profiles: Sequence[Vehicle] = (VAN,),
    ) -> DayMap:
        """The map for driving between two seconds of the day.

        Vehicles leave from the first ``depots`` of the points; ``profiles`` is how the streets
        see them.
        """
        beside = roads.with_kerb(Kerb.AVENUES)
        by_profile = {each: beside.with_vehicle(each) for each in dict.fromkeys(profiles)}
        hours_s = _hours(points, day, list(by_profile.values()), half_hours(start_s, end_s))
        seen: dict[Vehicle, list[NDArray[np.int32]]] = {each: [] for each in by_profile}
        paid: dict[Vehicle, list[NDArray[np.int32] | None]] = {each: [] for each in by_profile}
        for hour_s in hours_s:
            instant = day.instant_at(hour_s)
            for profile, network in by_profile.items():
                seconds = with_itself(network.matrix(points, instant))
                seen[profile].append(seconds)
                paid[profile].append(network.tolls(points, instant, seconds))
        squares = [slowest(kinds) for kinds in zip(*seen.values(), strict=True)]
        # A street that is closed at one hour is as long at the others.
        metres = detour_metres(points, np.maximum.reduce(squares))
        own = {
            profile: _matrix(each, metres, hours_s, paid[profile]) for profile, each in seen.items()
        }
        dearest = [_dearest(kinds) for kinds in zip(*paid.values(), strict=True)]
        is_one = len(own) == 1
        return cls(
            day=day,
            points=tuple(points),
            travel=own[profiles[0]] if is_one else _matrix(squares, metres, hours_s, dearest),
            own=own,
            roads=by_profile,
            closed=_closed(seen, squares, depots),
        )

    def driven_by(self, profile: Vehicle) -> DayMap:
        """The same places at the times of one of the profiles."""
        return replace(self, travel=self.own[profile])

    def driven(
        self, problem: Problem, plan: Plan, profiles: Sequence[Vehicle] | None = None
    ) -> Driven:
        """The plan as the map has it: the same times, and the metres and costs of real ways.

        ``profiles`` are those of the problem's vehicles; vans where nobody says.
        """
        found: dict[tuple[int, int, int], Way] = {}
        ways = tuple(
            tuple(self._ways(problem, route, found, self._roads_of(route, profiles)))
            for route in plan.routes
        )
        legs = {leg: (way.distance_m, way.toll_clp) for leg, way in found.items()}
        travel = self.travel.with_legs(legs)
        measured = replace(problem, travel=travel)
        sequences = {route.vehicle: route.sequence for route in plan.routes}
        again = make_plan(measured, sequences, iterations=plan.iterations, seed=plan.seed)
        return Driven(problem=measured, travel=travel, plan=again, ways=ways)

    def _roads_of(self, route: PlannedRoute, profiles: Sequence[Vehicle] | None) -> Roads:
        if profiles is None:
            return next(iter(self.roads.values()))
        return self.roads[profiles[route.vehicle]]

    def _ways(
        self,
        problem: Problem,
        route: PlannedRoute,
        found: dict[tuple[int, int, int], Way],
        roads: Roads,
    ) -> Iterator[Way | None]:
        """The legs of the route; who drives between two places in the same hours goes the same."""
        for origin, destination, left_s in _legs(problem, route):
            if origin == destination:
                yield None
                continue
            leg = self.travel.slice_at(left_s), origin, destination
            if leg not in found:
                ends = self.points[origin], self.points[destination]
                found[leg] = roads.path(*ends, self.day.instant_at(left_s))
            yield found[leg]


def _hours(
    points: Sequence[Position],
    day: ServiceDay,
    networks: Sequence[DayRoads],
    hours_s: Sequence[int],
) -> list[int]:
    """The half hours that one of the networks needs."""
    few = [points[number] for number in sample_of(len(points))]
    found: set[int] = set()
    for network in networks:

        def seconds_at(hour_s: int, network: DayRoads = network) -> NDArray[np.int32]:
            return network.matrix(few, day.instant_at(hour_s))

        def special_at(hour_s: int, network: DayRoads = network) -> Hashable:
            return network.special(day.instant_at(hour_s))

        found.update(needed(hours_s, seconds_at, special_at))
    return sorted(found)


def _matrix(
    squares: Sequence[NDArray[np.int32]],
    metres: NDArray[np.int32],
    hours_s: Sequence[int],
    tolls: Sequence[NDArray[np.int32] | None],
) -> Matrix:
    # A view of the metres: the straight line is the same at every hour.
    every = np.broadcast_to(metres, (len(squares), *metres.shape))
    return Matrix(np.stack(squares), every, tuple(hours_s), _stacked(tolls, metres))


def _dearest(tolls: Sequence[NDArray[np.int32] | None]) -> NDArray[np.int32] | None:
    """What who pays most pays; None where nobody does."""
    known = [each for each in tolls if each is not None]
    dearest: NDArray[np.int32] | None = np.maximum.reduce(known) if known else None
    return dearest


def _stacked(
    tolls: Sequence[NDArray[np.int32] | None], like: NDArray[np.int32]
) -> NDArray[np.int32] | None:
    """int32, [slice, n, n]; None where nobody pays at any hour."""
    if all(each is None for each in tolls):
        return None
    return np.stack([np.zeros_like(like) if each is None else each for each in tolls])


def _closed(
    seen: dict[Vehicle, list[NDArray[np.int32]]], squares: Sequence[NDArray[np.int32]], depots: int
) -> dict[Vehicle, frozenset[int]]:
    nobody = cut_off(squares, depots)
    return {profile: cut_off(each, depots) - nobody for profile, each in seen.items()}


def detour_metres(points: Sequence[Position], seconds: NDArray[np.int32]) -> NDArray[np.int32]:
    """Metres as a city's detour over the straight line: int32, [n, n]; -1 where no way leads."""
    lons = np.radians([point.lon for point in points])
    lats = np.radians([point.lat for point in points])
    from_lons, from_lats = lons[:, None], lats[:, None]
    east = (from_lons - lons) * np.cos((from_lats + lats) / 2)
    straight = EARTH_RADIUS_M * np.hypot(east, from_lats - lats)
    metres: NDArray[np.int32] = np.rint(DETOUR * straight).astype(np.int32)
    metres[seconds < 0] = UNREACHABLE
    return metres


def with_itself(square: NDArray[np.int32]) -> NDArray[np.int32]:
    """A place no street is near is still at itself; the search asks for that."""
    copy = square.copy()
    np.fill_diagonal(copy, 0)
    return copy


def _legs(problem: Problem, route: PlannedRoute) -> Iterator[tuple[int, int, int]]:
    """Origin, destination and second of leaving, from the depot to where it ends."""
    depot, end = problem.start_location(route.vehicle), problem.end_location(route.vehicle)
    reloads = {reload.visit: reload for reload in route.reloads}
    place, left_s = depot, route.departure_s
    for number, visit in enumerate(route.visits):
        if number in reloads:
            yield place, depot, left_s
            place, left_s = depot, reloads[number].departure_s
        door = problem.stops[visit.stop].location
        yield place, door, left_s
        place, left_s = door, visit.departure_s
    if end is not None:
        yield place, end, left_s
