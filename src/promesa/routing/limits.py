"""By how much a timed route breaks what it must keep.

The checker judges the same from the beginning and shares nothing with this.
"""

from __future__ import annotations

from dataclasses import dataclass

from promesa.domain.fleet import Load
from promesa.routing.course import Start
from promesa.routing.loads import trips_of
from promesa.routing.plan import PlannedRoute
from promesa.routing.problem import Bond, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """What a route is over its limits.

    Attributes:
        lateness_s: After windows and after the depot's closing, summed.
        overtime_s: After the last second it may be back, overtime included.
        driving_s: On the road, beyond the most allowed.
        duty_s: From leaving to being back, likewise.
        breaks: Missed.
        load: Parcels, grams and millilitres too many, summed over the route.
        faults: Visits it must not make, stops and trips too many, bonds broken, leaving too late.
    """

    lateness_s: int = 0
    overtime_s: int = 0
    driving_s: int = 0
    duty_s: int = 0
    breaks: int = 0
    load: int = 0
    faults: int = 0

    def is_within(self, other: Excess) -> bool:
        """Whether it is late, long and without breaks no more than the other, and else sound."""
        return (
            not self.load
            and not self.faults
            and self.lateness_s <= other.lateness_s
            and self.overtime_s <= other.overtime_s
            and self.driving_s <= other.driving_s
            and self.duty_s <= other.duty_s
            and self.breaks <= other.breaks
        )


NO_EXCESS = Excess()


def is_feasible(problem: Problem, route: PlannedRoute, start: Start | None = None) -> bool:
    """Whether the route keeps everything a plan must keep."""
    return excess_of(problem, route, start) == NO_EXCESS


def excess_of(problem: Problem, route: PlannedRoute, start: Start | None = None) -> Excess:
    """By how much the route breaks its limits; ``start`` where it was timed from one."""
    van = problem.vehicles[route.vehicle]
    driving_s, duty_s = route.driving_s, route.end_s - route.departure_s
    if start is not None:
        driving_s += start.driven_s
        duty_s = start.on_duty_s + route.end_s - start.ready_s
    allowed_s = problem.limit_s(route.vehicle) - problem.latest_s(route.vehicle)
    return Excess(
        lateness_s=route.lateness_s,
        overtime_s=max(0, route.overtime_s - allowed_s),
        driving_s=_over(driving_s, van.driving_max_s),
        duty_s=_over(duty_s, van.duty_max_s),
        breaks=route.breaks_missed,
        load=_overload(route, van.capacity),
        faults=_faults(problem, route, start),
    )


def _over(value: int, most: int | None) -> int:
    return 0 if most is None else max(0, value - most)


def _overload(route: PlannedRoute, capacity: Load) -> int:
    loads = [route.load_start, *(visit.load_after for visit in route.visits)]
    loads += [reload.load_start for reload in route.reloads]
    return sum(_too_much(load, capacity) for load in loads if not load.fits_in(capacity))


def _too_much(load: Load, capacity: Load) -> int:
    return (
        max(0, load.parcels - capacity.parcels)
        + max(0, load.weight_g - capacity.weight_g)
        + max(0, load.volume_ml - capacity.volume_ml)
    )


def _faults(problem: Problem, route: PlannedRoute, start: Start | None) -> int:
    van, stops = problem.vehicles[route.vehicle], route.stops
    faults = sum(not problem.allows(vehicle=route.vehicle, stop=stop) for stop in stops)
    faults += _over(len(stops), van.stops_max)
    faults += _over(len(route.reloads) + 1, van.trips_max)
    if start is None:
        faults += route.departure_s > problem.latest_start_s(route.vehicle)
    if problem.bonds:
        faults += sum(not _is_kept(bond, route) for bond in _bonds(problem, stops))
    return faults


def _bonds(problem: Problem, stops: tuple[int, ...]) -> list[Bond]:
    found = {id(bond): bond for stop in stops if (bond := problem.bond_of.get(stop)) is not None}
    return list(found.values())


def _is_kept(bond: Bond, route: PlannedRoute) -> bool:
    """Whether one trip of the route visits all of its stops, in order if it has one."""
    for trip in trips_of(route.sequence):
        if bond.stops[0] in trip:
            if any(stop not in trip for stop in bond.stops):
                return False
            places = [trip.index(stop) for stop in bond.stops]
            return not bond.in_order or places == sorted(places)
    return False
