"""Plans a day: searches within a budget and a seed, times at the hour's travel, repairs.

The same problem, seed and budget of iterations give the same plan.
"""

from __future__ import annotations

from promesa.routing.budget import Limit
from promesa.routing.params import DEFAULT_PARAMS, RoutingParams
from promesa.routing.plan import Plan
from promesa.routing.problem import Problem
from promesa.routing.pyvrp_search import search
from promesa.routing.repair import Sequences, left_out, repaired
from promesa.routing.schedule import time_route
from promesa.routing.validation import require_valid


def solve(
    problem: Problem, budget: Limit, seed: int, params: RoutingParams = DEFAULT_PARAMS
) -> Plan:
    """A plan that keeps every limit; stops that do not fit are left out, never squeezed in.

    Raises:
        ProblemInvalidError: The problem has faults, all of them in its details.
    """
    require_valid(problem)
    stop = budget.start()
    found = search(problem, stop, seed, params)
    sequences = repaired(problem, found.routes, params)
    return make_plan(problem, sequences, iterations=found.iterations, seed=seed)


def make_plan(
    problem: Problem, sequences: Sequences, *, iterations: int = 0, seed: int = 0
) -> Plan:
    """Times given sequences, vehicle index to stops in order, as a plan."""
    routes = tuple(
        time_route(problem, vehicle, stops) for vehicle, stops in sorted(sequences.items()) if stops
    )
    return Plan(
        routes=routes,
        unserved=tuple(left_out(problem, sequences)),
        cost_clp=sum(route.cost_clp for route in routes),
        iterations=iterations,
        seed=seed,
    )
