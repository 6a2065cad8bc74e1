"""Puts into a finished plan the left-out stops that pay for themselves in it.

A search that ends early, or that compared other metres than are driven, may leave one out. What it
left out because of where its drivers feel at home, or for work to be even, stays out.
"""

from __future__ import annotations

from promesa.routing.counting import count_insertions
from promesa.routing.insertion import list_insertions
from promesa.routing.params import DEFAULT_PARAMS, RoutingParams
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import Plan
from promesa.routing.problem import Problem
from promesa.routing.schedule import make_plan
from promesa.routing.trial import idle_routes, left_out_clp

# Beyond these the day lacks vans, and a stop more or less does not help it.
TRIED_MAX = 25


def completed(problem: Problem, plan: Plan, params: RoutingParams = DEFAULT_PARAMS) -> Plan:
    """The plan with every stop that counts no more in it than its price; never a dearer one."""
    routes = {route.vehicle: route for route in plan.routes}
    served = {stop for route in plan.routes for stop in route.stops}
    before = len(served)
    for stop in plan.unserved[:TRIED_MAX]:
        if stop in served:
            continue
        sequences = {vehicle: route.sequence for vehicle, route in routes.items()}
        offers = list_insertions(problem, open_routes(problem, sequences), stop)
        best = next(iter(count_insertions(problem, routes, offers)), None)
        if best is None:
            continue
        found = best.insertion
        if best.added_clp > left_out_clp(problem, found.stops, params):
            continue
        routes[found.timed.vehicle] = found.timed
        served.update(found.stops)
    if len(served) == before:
        return plan
    sequences = {vehicle: route.sequence for vehicle, route in routes.items()}
    return make_plan(problem, sequences, iterations=plan.iterations, seed=plan.seed)


def open_routes(problem: Problem, sequences: dict[int, tuple[int, ...]]) -> list[OpenRoute]:
    """The routes as they are, and an empty one for a vehicle of each kind that stands."""
    routes = [OpenRoute(vehicle=v, stops=stops) for v, stops in sorted(sequences.items())]
    return [*routes, *idle_routes(problem, sequences)]
