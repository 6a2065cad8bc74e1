"""Puts right what a search could not see.

Drops stops that break a route at the hour's own travel times, then puts every left-out stop
where it fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from promesa.domain.fleet import Load
from promesa.routing.insertion import OpenRoute, spread
from promesa.routing.params import RoutingParams
from promesa.routing.plan import PlannedRoute
from promesa.routing.problem import Problem
from promesa.routing.schedule import is_feasible, time_route

Sequences = dict[int, tuple[int, ...]]


def repaired(
    problem: Problem, routes: Iterable[tuple[int, tuple[int, ...]]], params: RoutingParams
) -> Sequences:
    """Stop sequences per vehicle that keep every limit at the hour's own travel times.

    Raises nothing: what cannot be kept is left out.
    """
    sequences: Sequences = {vehicle: stops for vehicle, stops in routes if stops}
    for vehicle, stops in sequences.items():
        sequences[vehicle] = _until_feasible(problem, vehicle, stops)
    for _ in range(params.repair_rounds):
        before = sequences
        sequences = _put_back(problem, sequences, params)
        if sequences == before:
            break
    return {vehicle: stops for vehicle, stops in sorted(sequences.items()) if stops}


def left_out(problem: Problem, sequences: Sequences) -> list[int]:
    """Stops that no sequence visits, rising."""
    served = {stop for stops in sequences.values() for stop in stops}
    return [stop for stop in range(len(problem.stops)) if stop not in served]


def idle_routes(problem: Problem, busy: Iterable[int]) -> list[OpenRoute]:
    """An empty route for one unused vehicle of each kind: more of a kind offer nothing new."""
    taken, kinds, idle = set(busy), set(), []
    pinned = {stop.pinned_vehicle for stop in problem.stops}
    for index, vehicle in enumerate(problem.vehicles):
        pin = vehicle.id if vehicle.id in pinned else None
        kind = replace(vehicle, id=""), pin
        if index not in taken and kind not in kinds:
            kinds.add(kind)
            idle.append(OpenRoute(vehicle=index))
    return idle


def price_clp(problem: Problem, stop: int, params: RoutingParams) -> int:
    """What leaving the stop out costs."""
    stated = problem.stops[stop].unserved_price_clp
    return params.unserved_price_clp if stated is None else stated


def _until_feasible(problem: Problem, vehicle: int, stops: tuple[int, ...]) -> tuple[int, ...]:
    """Leaves out, one at a time, the stop without which least is broken."""
    stops = tuple(stop for stop in stops if problem.allows(vehicle=vehicle, stop=stop))
    while stops and not is_feasible(problem, time_route(problem, vehicle, stops)):
        shorter = [stops[:place] + stops[place + 1 :] for place in range(len(stops))]
        stops = min(shorter, key=lambda rest: _broken(problem, time_route(problem, vehicle, rest)))
    return stops


def _broken(problem: Problem, route: PlannedRoute) -> tuple[int, int, int]:
    vehicle = problem.vehicles[route.vehicle]
    loads = [route.load_start, *(visit.load_after for visit in route.visits)]
    over = sum(_over(load, vehicle.capacity) for load in loads)
    return over, route.lateness_s + route.overtime_s, route.cost_clp


def _over(load: Load, capacity: Load) -> int:
    return (
        max(0, load.parcels - capacity.parcels)
        + max(0, load.weight_g - capacity.weight_g)
        + max(0, load.volume_ml - capacity.volume_ml)
    )


def _put_back(problem: Problem, sequences: Sequences, params: RoutingParams) -> Sequences:
    waiting = left_out(problem, sequences)
    worth = [stop for stop in waiting if price_clp(problem, stop, params) > 0]
    if not worth:
        return sequences
    routes = [OpenRoute(vehicle=vehicle, stops=stops) for vehicle, stops in sequences.items()]
    result = spread(problem, routes, worth)
    made = {insertion.stop: insertion.added_cost_clp for insertion in result.insertions}
    dear = {stop for stop, cost in made.items() if cost > price_clp(problem, stop, params)}
    filled = {
        route.vehicle: _without(problem, route.vehicle, route.stops, dear)
        for route in result.routes
    }
    return _open_one_more(problem, filled, result.left, params)


def _without(
    problem: Problem, vehicle: int, stops: Sequence[int], dear: set[int]
) -> tuple[int, ...]:
    rest = tuple(stop for stop in stops if stop not in dear)
    return _until_feasible(problem, vehicle, rest) if len(rest) < len(stops) else tuple(stops)


def _open_one_more(
    problem: Problem, sequences: Sequences, left: Sequence[int], params: RoutingParams
) -> Sequences:
    """Sends out one more vehicle if the stops it can take are worth more than it costs."""
    best: tuple[int, int, tuple[int, ...]] | None = None
    for route in idle_routes(problem, sequences):
        result = spread(problem, [route], left)
        stops = result.routes[0].stops
        if not stops:
            continue
        gain = sum(price_clp(problem, stop, params) for stop in stops)
        gain -= time_route(problem, route.vehicle, stops).cost_clp
        if gain > 0 and (best is None or gain > best[0]):
            best = gain, route.vehicle, stops
    return sequences if best is None else {**sequences, best[1]: best[2]}
