"""Times given sequences of stops with the travel times of each hour. It chooses nothing.

A vehicle starts at its depot when its shift allows, or from a Start given by whoever re-plans a
route under way. The search has its own copy of these rules, compiled; a test holds them equal.
"""

from __future__ import annotations

from collections.abc import Sequence

from promesa.kernel.units import HOUR_S, KM_M
from promesa.routing.breaks import first_departures
from promesa.routing.course import Course, Start, Trail, course_of
from promesa.routing.departure import earliest_trail, latest_trail
from promesa.routing.loads import loads_along
from promesa.routing.plan import RELOAD, Pause, Plan, PlannedRoute, Reload, Sequences, Visit
from promesa.routing.problem import NOTHING, Problem, Vehicle


def make_plan(
    problem: Problem, sequences: Sequences, *, iterations: int = 0, seed: int = 0
) -> Plan:
    """Times given sequences, vehicle index to stops in order, as a plan."""
    routes = tuple(
        time_route(problem, vehicle, stops) for vehicle, stops in sorted(sequences.items()) if stops
    )
    return Plan(
        routes=routes,
        unserved=_left_out(problem, sequences),
        cost_clp=sum(route.cost_clp for route in routes),
        iterations=iterations,
        seed=seed,
    )


def time_route(
    problem: Problem, vehicle: int, sequence: Sequence[int], start: Start | None = None
) -> PlannedRoute:
    """The route with every time and load.

    From the depot it leaves as late as it can without ending later or serving anyone later than
    their window: waiting at the depot is free. Under way it leaves at once. Breaks are put where
    the route ends first. Those had before it or after it are not in it.

    Args:
        problem: The day.
        vehicle: Index into its vehicles.
        sequence: Indexes of stops, RELOAD for a return to the depot between two trips.
        start: Where it goes on from when under way.
    """
    course = course_of(problem, vehicle, sequence, start)
    first = first_departures(problem, vehicle, start)
    trail = earliest_trail(course, first)
    if start is None:
        trail = latest_trail(course, first, trail, problem.latest_start_s(vehicle))
    return _planned(problem, vehicle, course, trail, start)


def soonest(
    problem: Problem, vehicle: int, sequence: Sequence[int], start: Start | None = None
) -> Trail:
    """The route driven as early as can be: enough to know whether it is in time."""
    course = course_of(problem, vehicle, sequence, start)
    return earliest_trail(course, first_departures(problem, vehicle, start))


def running_cost_clp(
    vehicle: Vehicle, *, duration_s: int, distance_m: int, overtime_s: int = 0
) -> int:
    """Hours, kilometres and overtime, each rounded down."""
    hours_clp = vehicle.hour_cost_clp * duration_s // HOUR_S
    overtime_clp = vehicle.overtime_hour_cost_clp * overtime_s // HOUR_S
    return hours_clp + vehicle.km_cost_clp * distance_m // KM_M + overtime_clp


def _left_out(problem: Problem, sequences: Sequences) -> tuple[int, ...]:
    served = {stop for stops in sequences.values() for stop in stops}
    return tuple(stop for stop in range(len(problem.stops)) if stop not in served)


def _planned(
    problem: Problem, vehicle: int, course: Course, trail: Trail, start: Start | None
) -> PlannedRoute:
    driving_s, distance_m, toll_clp = _driven(course, trail)
    van = problem.vehicles[vehicle]
    overtime_s = max(0, trail.end_s - problem.latest_s(vehicle))
    begun_s = trail.departure_s if start is None else start.ready_s
    cost_clp = running_cost_clp(
        van, duration_s=trail.end_s - begun_s, distance_m=distance_m, overtime_s=overtime_s
    )
    loads = loads_along(problem, course.sequence, NOTHING if start is None else start.aboard)
    visits: list[Visit] = []
    reloads: list[Reload] = []
    visit_of: list[int] = []
    aboard = iter([load for trip in loads[1:] for load in trip])
    after = iter(loads[0][1:])
    for index, leg in zip(course.sequence, trail.legs, strict=True):
        visit_of.append(len(visits))
        if index == RELOAD:
            reloads.append(
                Reload(
                    visit=len(visits),
                    arrival_s=leg.arrival_s,
                    departure_s=leg.departure_s,
                    load_start=next(aboard),
                    lateness_s=leg.lateness_s,
                )
            )
            after = aboard
            continue
        visits.append(
            Visit(
                stop=index,
                arrival_s=leg.arrival_s,
                start_s=leg.start_s,
                departure_s=leg.departure_s,
                lateness_s=leg.lateness_s,
                load_after=next(after),
            )
        )
    return PlannedRoute(
        vehicle=vehicle,
        visits=tuple(visits),
        departure_s=trail.departure_s,
        end_s=trail.end_s,
        load_start=loads[0][0],
        driving_s=driving_s,
        distance_m=distance_m,
        overtime_s=overtime_s,
        cost_clp=cost_clp + toll_clp + (van.fixed_cost_clp if start is None else 0),
        toll_clp=toll_clp,
        breaks_missed=trail.breaks_missed,
        pauses=_pauses(course, trail, visit_of),
        reloads=tuple(reloads),
    )


def _pauses(course: Course, trail: Trail, visit_of: Sequence[int]) -> tuple[Pause, ...]:
    return tuple(
        Pause(
            visit=visit_of[rest.step],
            is_before=rest.is_before,
            start_s=rest.start_s,
            end_s=rest.end_s,
            is_at_depot=course.sequence[rest.step] == RELOAD,
        )
        for rest in trail.rests
    )


def _driven(course: Course, trail: Trail) -> tuple[int, int, int]:
    """Seconds on the road, metres and tolls, each leg at its own hour."""
    travel, place, left_s = course.travel, course.origin, trail.departure_s
    driving_s, distance_m, toll_clp = 0, 0, 0
    for step, leg in zip(course.steps, trail.legs, strict=True):
        driving_s += leg.arrival_s - left_s
        distance_m += travel.distance_m(place, step.location, left_s)
        toll_clp += travel.toll_clp(place, step.location, left_s)
        place, left_s = step.location, leg.departure_s
    if course.home is None:
        return driving_s, distance_m, toll_clp
    distance_m += travel.distance_m(place, course.home, left_s)
    toll_clp += travel.toll_clp(place, course.home, left_s)
    return driving_s + trail.end_s - left_s, distance_m, toll_clp
