"""Plans a day: searches at the hour's own travel times within a budget and a seed.

The same problem, seed and budget of iterations give the same plan.
"""

from __future__ import annotations

from promesa.routing.budget import Limit
from promesa.routing.engine.flatten import flat_day
from promesa.routing.engine.search import search
from promesa.routing.params import DEFAULT_PARAMS, RoutingParams
from promesa.routing.plan import Plan
from promesa.routing.problem import Problem, Stop
from promesa.routing.schedule import make_plan
from promesa.routing.validation import require_valid


def solve(
    problem: Problem, budget: Limit, seed: int, params: RoutingParams = DEFAULT_PARAMS
) -> Plan:
    """A plan that keeps every limit; stops that do not fit are left out, never squeezed in.

    Raises:
        ProblemInvalidError: The problem has faults, all of them in its details.
    """
    require_valid(problem)
    prices = [_price_clp(stop, params) for stop in problem.stops]
    day = flat_day(problem, prices, params.neighbours)
    found = search(day, budget, seed)
    return make_plan(problem, found.routes, iterations=found.steps, seed=seed)


def _price_clp(stop: Stop, params: RoutingParams) -> int:
    stated = stop.unserved_price_clp
    return params.unserved_price_clp if stated is None else stated
