"""First routes for a big day in which only room counts: savings among near stops.

Clarke and Wright (1964), doi 10.1287/opre.12.4.568. Where hours, rights or bonds count, nothing
is laid down here: the parts begin from nothing.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from promesa.domain.fleet import Load
from promesa.kernel.units import DAY_S
from promesa.routing.parts.layout import positions
from promesa.routing.parts.nearest import nearest
from promesa.routing.plan import Sequences
from promesa.routing.plane import Plane
from promesa.routing.problem import NOTHING, Problem, Stop, Vehicle

NEIGHBOURS = 30

_Ints = NDArray[np.int64]


def is_plain(problem: Problem) -> bool:
    """Whether only room and distance count: alike vans, and no hour that could forbid anything."""
    travel = problem.travel
    return (
        isinstance(travel, Plane)
        and travel.seconds_per_unit == 0.0
        and not problem.bonds
        and len({_kind(vehicle) for vehicle in problem.vehicles}) == 1
        and all(vehicle.start_depot == vehicle.end_depot for vehicle in problem.vehicles)
        and _is_unhurried(problem.vehicles[0])
        and all(depot.open_s == 0 and depot.close_s >= DAY_S for depot in problem.depots)
        and all(_is_plain(stop) for stop in problem.stops)
    )


def _kind(vehicle: Vehicle) -> Vehicle:
    return replace(vehicle, id="", start_depot=0, end_depot=0)


def _is_unhurried(vehicle: Vehicle) -> bool:
    limits = (vehicle.stops_max, vehicle.driving_max_s, vehicle.duty_max_s)
    return not vehicle.breaks and all(limit is None for limit in limits)


def _is_plain(stop: Stop) -> bool:
    return (
        not stop.windows
        and not stop.service_time_s
        and not stop.skills
        and not stop.excluded_vehicles
        and stop.pinned_vehicle is None
        and stop.picked_up == NOTHING
    )


def first_routes(problem: Problem) -> Sequences:
    """Routes by vehicle; those for which no vehicle is left are not in it, nor what fits in none.

    Raises:
        ValueError: The problem is not plain.
    """
    if not is_plain(problem):
        raise ValueError("savings count room only")
    depot_of = _nearest_depot(problem)
    free = {
        depot: [v for v, van in enumerate(problem.vehicles) if van.start_depot == depot]
        for depot in range(len(problem.depots))
    }
    routes = {}
    # The fullest first: where vans are few, the least is left for others to take along.
    for stops in sorted(_joined(problem, depot_of), key=lambda each: (-len(each), each)):
        vans = free[int(depot_of[stops[0]])]
        if vans:
            routes[vans.pop(0)] = tuple(stops)
    return routes


def _nearest_depot(problem: Problem) -> _Ints:
    """int64, [stop]: only among those that have vans."""
    at = positions(problem.travel)
    stops = at[[stop.location for stop in problem.stops]]
    with_vans = sorted({vehicle.start_depot for vehicle in problem.vehicles})
    depots = at[[problem.depots[depot].location for depot in with_vans]]
    squares = ((stops[:, None] - depots) ** 2).sum(axis=2)
    nearest_one: _Ints = np.array(with_vans, np.int64)[squares.argmin(axis=1)]
    return nearest_one


def _joined(problem: Problem, depot_of: _Ints) -> list[list[int]]:
    """Every stop that fits in a van, in a route: ends joined as long as that saves anything."""
    holds = _amounts(problem.vehicles[0].capacity)
    loads = [_amounts(stop.delivered) for stop in problem.stops]
    beside: list[list[int]] = [[] for _ in problem.stops]
    # Each stop points towards the one that stands for its route, whose load is the route's.
    towards = list(range(len(loads)))
    for one, other in _pairs(problem, depot_of):
        if len(beside[one]) == 2 or len(beside[other]) == 2:
            continue
        left, right = _root(towards, one), _root(towards, other)
        if left == right:
            continue
        load = tuple(a + b for a, b in zip(loads[left], loads[right], strict=True))
        if any(amount > room for amount, room in zip(load, holds, strict=True)):
            continue
        towards[right], loads[left] = left, load
        beside[one].append(other)
        beside[other].append(one)
    return [
        route
        for route in _walked(beside)
        if all(a <= room for a, room in zip(loads[_root(towards, route[0])], holds, strict=True))
    ]


def _amounts(load: Load) -> tuple[int, ...]:
    return load.parcels, load.weight_g, load.volume_ml


def _root(towards: list[int], stop: int) -> int:
    while towards[stop] != stop:
        towards[stop] = towards[towards[stop]]
        stop = towards[stop]
    return stop


def _walked(beside: list[list[int]]) -> list[list[int]]:
    """The chains from end to end."""
    seen = [False] * len(beside)
    routes = []
    for end, others in enumerate(beside):
        if seen[end] or len(others) == 2:
            continue
        route, at = [end], end
        seen[end] = True
        while True:
            onward = [stop for stop in beside[at] if not seen[stop]]
            if not onward:
                break
            at = onward[0]
            seen[at] = True
            route.append(at)
        routes.append(route)
    return routes


def _pairs(problem: Problem, depot_of: _Ints) -> list[tuple[int, int]]:
    """Near stops of one depot, those that save most first."""
    travel = problem.travel
    assert isinstance(travel, Plane)
    places = np.array([stop.location for stop in problem.stops], np.int64)
    near = nearest(positions(travel)[places], NEIGHBOURS)
    one = np.repeat(np.arange(len(places)), near.shape[1])
    other = near.ravel()
    # Each pair once, where both name each other too.
    keys = np.unique(np.minimum(one, other) * len(places) + np.maximum(one, other))
    one, other = keys // len(places), keys % len(places)
    alike = depot_of[one] == depot_of[other]
    one, other = one[alike], other[alike]
    homes = np.array([depot.location for depot in problem.depots], np.int64)[depot_of[one]]
    saved = travel.between(places[one], homes) + travel.between(places[other], homes)
    saved -= travel.between(places[one], places[other])
    order = np.argsort(-saved, kind="stable")
    return list(zip(one[order].tolist(), other[order].tolist(), strict=True))
