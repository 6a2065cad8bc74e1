"""Times a given sequence of stops with the travel times of each hour. It chooses nothing.

A vehicle starts at its depot when its shift allows, or from a Start given by whoever re-plans a
route under way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from promesa.domain.fleet import Load
from promesa.routing.plan import PlannedRoute, Visit
from promesa.routing.problem import NOTHING, Problem, Stop, Vehicle

HOUR_S = 3_600
KM_M = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where a route already under way goes on from.

    Attributes:
        location: Row of the travel matrix.
        ready_s: When the vehicle can leave there.
        aboard: What it carries besides the deliveries of the stops still to come.
    """

    location: int
    ready_s: int
    aboard: Load = NOTHING


@dataclass(frozen=True, slots=True)
class Leg:
    """One step of the pass along a route: reaching and serving a stop."""

    arrival_s: int
    start_s: int
    departure_s: int
    lateness_s: int


def time_route(
    problem: Problem, vehicle: int, stops: Sequence[int], start: Start | None = None
) -> PlannedRoute:
    """The route with every time and load.

    From the depot it leaves as late as it can without ending later or serving anyone later than
    their window: waiting at the depot is free. Under way it leaves at once.
    """
    if start is not None:
        return _timed(problem, vehicle, stops, start)
    depot = depot_start(problem, vehicle)
    earliest = _timed(problem, vehicle, stops, depot)
    if earliest.waiting_s > 0:
        earliest = _latest_start(problem, vehicle, stops, depot, earliest)
    fixed_clp = problem.vehicles[vehicle].fixed_cost_clp
    return replace(earliest, cost_clp=earliest.cost_clp + fixed_clp)


def depot_start(problem: Problem, vehicle: int) -> Start:
    """The start of a vehicle whose day has not begun."""
    return Start(location=problem.start_location(vehicle), ready_s=problem.earliest_s(vehicle))


def is_feasible(problem: Problem, route: PlannedRoute) -> bool:
    """Whether the route keeps windows, shift, capacity, stop limit, skills and pins."""
    vehicle = problem.vehicles[route.vehicle]
    if route.lateness_s or route.overtime_s:
        return False
    if vehicle.stops_max is not None and len(route.visits) > vehicle.stops_max:
        return False
    if not all(problem.allows(vehicle=route.vehicle, stop=stop) for stop in route.stops):
        return False
    loads = [route.load_start, *(visit.load_after for visit in route.visits)]
    return all(load.fits_in(vehicle.capacity) for load in loads)


def serve(stop: Stop, arrival_s: int) -> Leg:
    """When service begins and ends for who arrives at ``arrival_s``.

    It begins on arrival or at the next opening; after the last close it begins at once, late.
    """
    start_s, lateness_s = arrival_s, 0
    windows = stop.windows
    if len(windows) == 1:
        start_s = max(arrival_s, windows[0].start_s)
        lateness_s = max(0, arrival_s - windows[0].end_s)
        start_s = arrival_s if lateness_s else start_s
    elif windows:
        open_s = [max(arrival_s, w.start_s) for w in windows if arrival_s <= w.end_s]
        if open_s:
            start_s = min(open_s)
        else:
            lateness_s = arrival_s - max(w.end_s for w in windows)
    return Leg(arrival_s, start_s, start_s + stop.service_time_s, lateness_s)


def running_cost_clp(vehicle: Vehicle, *, duration_s: int, distance_m: int) -> int:
    """Hours plus kilometres, each rounded down."""
    hours_clp = vehicle.hour_cost_clp * duration_s // HOUR_S
    return hours_clp + vehicle.km_cost_clp * distance_m // KM_M


def _latest_start(
    problem: Problem, vehicle: int, stops: Sequence[int], depot: Start, earliest: PlannedRoute
) -> PlannedRoute:
    """Halves the span of departures; right because leaving later never means arriving earlier."""
    low_s, high_s = depot.ready_s, depot.ready_s + earliest.waiting_s
    while low_s < high_s:
        middle_s = (low_s + high_s + 1) // 2
        end_s, lateness_s = _pass(problem, vehicle, stops, replace(depot, ready_s=middle_s))
        if end_s > earliest.end_s or lateness_s > earliest.lateness_s:
            high_s = middle_s - 1
        else:
            low_s = middle_s
    return _timed(problem, vehicle, stops, replace(depot, ready_s=low_s))


def _pass(problem: Problem, vehicle: int, stops: Sequence[int], start: Start) -> tuple[int, int]:
    """Only the end of the route and the seconds late along it."""
    place, now_s, lateness_s = start.location, start.ready_s, 0
    for index in stops:
        stop = problem.stops[index]
        leg = serve(stop, now_s + problem.travel.travel_s(place, stop.location, now_s))
        lateness_s += leg.lateness_s
        place, now_s = stop.location, leg.departure_s
    home = problem.end_location(vehicle)
    return now_s + problem.travel.travel_s(place, home, now_s), lateness_s


def _timed(problem: Problem, vehicle: int, stops: Sequence[int], start: Start) -> PlannedRoute:
    travel = problem.travel
    place, now_s, driving_s, distance_m = start.location, start.ready_s, 0, 0
    aboard = sum((problem.stops[stop].delivered for stop in stops), start.aboard)
    load_start = aboard
    visits = []
    for index in stops:
        stop = problem.stops[index]
        leg_s = travel.travel_s(place, stop.location, now_s)
        distance_m += travel.distance_m(place, stop.location, now_s)
        driving_s += leg_s
        leg = serve(stop, now_s + leg_s)
        aboard = aboard - stop.delivered + stop.picked_up
        visits.append(
            Visit(
                stop=index,
                arrival_s=leg.arrival_s,
                start_s=leg.start_s,
                departure_s=leg.departure_s,
                lateness_s=leg.lateness_s,
                load_after=aboard,
            )
        )
        place, now_s = stop.location, leg.departure_s
    home = problem.end_location(vehicle)
    back_s = travel.travel_s(place, home, now_s)
    distance_m += travel.distance_m(place, home, now_s)
    end_s = now_s + back_s
    van = problem.vehicles[vehicle]
    return PlannedRoute(
        vehicle=vehicle,
        visits=tuple(visits),
        departure_s=start.ready_s,
        end_s=end_s,
        load_start=load_start,
        driving_s=driving_s + back_s,
        distance_m=distance_m,
        overtime_s=max(0, end_s - problem.latest_s(vehicle)),
        cost_clp=running_cost_clp(van, duration_s=end_s - start.ready_s, distance_m=distance_m),
    )
