"""The places of a day on the map: travel times for the search, ways for what is driven.

Metres along real paths take twelve times as long to find as seconds. So the search compares
places by a detour over the straight line, and only the legs that are driven are measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.geo import EARTH_RADIUS_M, Position
from promesa.kernel.serviceday import ServiceDay
from promesa.routing.matrix import UNREACHABLE, Matrix
from promesa.routing.plan import Plan, PlannedRoute
from promesa.routing.problem import Problem
from promesa.routing.schedule import make_plan

# Speeds change with the hour; every third one is enough to bend a plan (assumed, half an hour of
# a leg's time lies between neighbours at most).
SLICE_HOURS = 3
HOUR_S = 3_600
# Streets are about this much longer than the straight line in Santiago (assumed).
DETOUR = 1.35


class Way(Protocol):
    """A path on the map."""

    @property
    def geometry(self) -> Sequence[Position]: ...
    @property
    def distance_m(self) -> int: ...


class Roads(Protocol):
    """What planning asks of the road network."""

    def matrix(
        self, points: Sequence[Position], departure: datetime | None
    ) -> NDArray[np.int32]: ...
    def path(self, origin: Position, destination: Position, departure: datetime | None) -> Way: ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Driven:
    """A plan with the metres it drives along the map.

    Attributes:
        travel: With those metres in place of the straight line's, so that the plan can be checked.
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
        points: By location of the problem.
        travel: Times by the map for every third hour; metres by the straight line.
    """

    day: ServiceDay
    points: tuple[Position, ...]
    travel: Matrix
    roads: Roads

    @classmethod
    def between(
        cls,
        points: Sequence[Position],
        day: ServiceDay,
        roads: Roads,
        *,
        start_s: int,
        end_s: int,
    ) -> DayMap:
        """The map for driving between two seconds of the day."""
        first_s = start_s - start_s % HOUR_S
        departures_s = list(range(first_s, max(end_s, first_s + 1), SLICE_HOURS * HOUR_S))
        instants = [day.instant_at(second) for second in departures_s]
        seconds = [with_itself(roads.matrix(points, instant)) for instant in instants]
        metres = detour_metres(points, seconds[0])
        travel = Matrix.of(seconds, [metres] * len(seconds), departures_s)
        return cls(day=day, points=tuple(points), travel=travel, roads=roads)

    def driven(self, problem: Problem, plan: Plan) -> Driven:
        """The plan as the map has it: the same times, and the metres and costs of real ways."""
        found: dict[tuple[int, int, int], Way] = {}
        ways = tuple(tuple(self._ways(problem, route, found)) for route in plan.routes)
        metres = {leg: way.distance_m for leg, way in found.items()}
        travel = self.travel.with_metres(metres)
        measured = replace(problem, travel=travel)
        sequences = {route.vehicle: route.sequence for route in plan.routes}
        again = make_plan(measured, sequences, iterations=plan.iterations, seed=plan.seed)
        return Driven(problem=measured, travel=travel, plan=again, ways=ways)

    def _ways(
        self, problem: Problem, route: PlannedRoute, found: dict[tuple[int, int, int], Way]
    ) -> Iterator[Way | None]:
        """The legs of the route; who drives between two places in the same hours goes the same."""
        for origin, destination, left_s in _legs(problem, route):
            if origin == destination:
                yield None
                continue
            leg = self.travel.slice_at(left_s), origin, destination
            if leg not in found:
                ends = self.points[origin], self.points[destination]
                found[leg] = self.roads.path(*ends, self.day.instant_at(left_s))
            yield found[leg]


def detour_metres(points: Sequence[Position], seconds: NDArray[np.int32]) -> NDArray[np.int32]:
    """Metres as a city's detour over the straight line: int32, [n, n]; -1 where no way leads."""
    lons = np.radians([point.lon for point in points])
    lats = np.radians([point.lat for point in points])
    east = (lons[:, None] - lons) * np.cos((lats[:, None] + lats) / 2)
    straight = EARTH_RADIUS_M * np.hypot(east, lats[:, None] - lats)
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
