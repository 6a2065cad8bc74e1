"""Puts right what a search could not see.

Drops stops that break a route at the hour's own travel times, then puts every left-out stop
where it fits. Stops bound together are dropped and put back together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from promesa.routing.insertion import spread
from promesa.routing.limits import excess_of, is_feasible
from promesa.routing.loads import trips_of
from promesa.routing.params import RoutingParams
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import RELOAD, PlannedRoute
from promesa.routing.problem import Problem
from promesa.routing.schedule import time_route

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
    named = problem.named_vehicles()
    for index, vehicle in enumerate(problem.vehicles):
        kind = vehicle if vehicle.id in named else replace(vehicle, id="")
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
    stops = _few_trips(problem, vehicle, stops)
    barred = {
        bound
        for stop in stops
        if stop != RELOAD and not _may_stay(problem, vehicle, stop, stops)
        for bound in problem.bound_to(stop)
    }
    stops = _less(stops, barred)
    while stops and not is_feasible(problem, time_route(problem, vehicle, stops)):
        units = dict.fromkeys(problem.bound_to(stop) for stop in stops if stop != RELOAD)
        shorter = [_less(stops, unit) for unit in units]
        stops = min(shorter, key=lambda rest: _broken(problem, time_route(problem, vehicle, rest)))
    return stops


def _few_trips(problem: Problem, vehicle: int, stops: tuple[int, ...]) -> tuple[int, ...]:
    """No more trips than the vehicle makes: the last ones become one."""
    trips = [trip for trip in trips_of(stops) if trip]
    most = problem.vehicles[vehicle].trips_max
    last = tuple(stop for trip in trips[most - 1 :] for stop in trip)
    return _joined([*trips[: most - 1], last])


def _joined(trips: Iterable[Sequence[int]]) -> tuple[int, ...]:
    """The sequence of the trips that have a stop."""
    steps: list[int] = []
    for trip in filter(None, trips):
        steps += [RELOAD, *trip] if steps else trip
    return tuple(steps)


def _less(stops: Sequence[int], gone: Collection[int]) -> tuple[int, ...]:
    return _joined([[s for s in trip if s not in gone] for trip in trips_of(stops)])


def _may_stay(problem: Problem, vehicle: int, stop: int, stops: Collection[int]) -> bool:
    """Whether the vehicle may make the visit, and all that are bound to it are there."""
    whole = problem.bound_to(stop)
    return problem.allows(vehicle=vehicle, stop=stop) and all(each in stops for each in whole)


def _broken(problem: Problem, route: PlannedRoute) -> tuple[int, int, int, int]:
    excess = excess_of(problem, route)
    seconds = excess.lateness_s + excess.overtime_s + excess.driving_s + excess.duty_s
    return excess.load, excess.faults + excess.breaks, seconds, route.cost_clp


def _put_back(problem: Problem, sequences: Sequences, params: RoutingParams) -> Sequences:
    waiting = left_out(problem, sequences)
    worth = [stop for stop in waiting if price_clp(problem, stop, params) > 0]
    if not worth:
        return sequences
    routes = [OpenRoute(vehicle=vehicle, stops=stops) for vehicle, stops in sequences.items()]
    result = spread(problem, routes, worth)
    dear = {
        stop
        for made in result.insertions
        if made.added_cost_clp > sum(price_clp(problem, stop, params) for stop in made.stops)
        for stop in made.stops
    }
    filled = {
        route.vehicle: _without(problem, route.vehicle, route.stops, dear)
        for route in result.routes
    }
    return _open_one_more(problem, filled, result.left, params)


def _without(
    problem: Problem, vehicle: int, stops: Sequence[int], dear: set[int]
) -> tuple[int, ...]:
    rest = _less(stops, dear)
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
        gain = sum(price_clp(problem, stop, params) for stop in stops if stop != RELOAD)
        gain -= time_route(problem, route.vehicle, stops).cost_clp
        if gain > 0 and (best is None or gain > best[0]):
            best = gain, route.vehicle, stops
    return sequences if best is None else {**sequences, best[1]: best[2]}
