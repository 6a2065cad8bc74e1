"""Puts into a finished plan the left-out stops that pay for themselves in it.

A search that ends early, or that compared other metres than are driven, may leave one out.
"""

from __future__ import annotations

from promesa.routing.insertion import find_insertion
from promesa.routing.params import DEFAULT_PARAMS, RoutingParams
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import Plan
from promesa.routing.problem import Problem
from promesa.routing.schedule import make_plan
from promesa.routing.trial import idle_routes, left_out_clp

# Beyond these the day lacks vans, and a stop more or less does not help it.
TRIED_MAX = 25


def completed(problem: Problem, plan: Plan, params: RoutingParams = DEFAULT_PARAMS) -> Plan:
    """The plan with every stop that costs no more in it than its price; never a dearer one."""
    sequences = {route.vehicle: route.sequence for route in plan.routes}
    served = {stop for route in plan.routes for stop in route.stops}
    before = len(served)
    for stop in plan.unserved[:TRIED_MAX]:
        if stop in served:
            continue
        routes = open_routes(problem, sequences)
        found = find_insertion(problem, routes, stop)
        if found is None or found.added_cost_clp > left_out_clp(problem, found.stops, params):
            continue
        sequences[found.timed.vehicle] = found.timed.sequence
        served.update(found.stops)
    if len(served) == before:
        return plan
    return make_plan(problem, sequences, iterations=plan.iterations, seed=plan.seed)


def open_routes(problem: Problem, sequences: dict[int, tuple[int, ...]]) -> list[OpenRoute]:
    """The routes as they are, and an empty one for a vehicle of each kind that stands."""
    routes = [OpenRoute(vehicle=v, stops=stops) for v, stops in sorted(sequences.items())]
    return [*routes, *idle_routes(problem, sequences)]
