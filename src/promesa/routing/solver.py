"""Plans a day: searches at the hour's own travel times within a budget and a seed.

The same problem, seed and budget of iterations give the same plan. A big day is searched in parts,
as many at a time as there are workers.
"""

from __future__ import annotations

from dataclasses import dataclass

from promesa.routing.budget import Limit
from promesa.routing.engine.flatten import NO_CHANGES, Changes, flat_day
from promesa.routing.engine.search import search
from promesa.routing.params import DEFAULT_PARAMS, RoutingParams
from promesa.routing.parts.rounds import search_in_parts
from promesa.routing.parts.workers import ALONE, Workers
from promesa.routing.plan import Plan, Sequences
from promesa.routing.problem import Problem, Stop
from promesa.routing.schedule import make_plan
from promesa.routing.validation import require_valid

# From so many stops on a day is searched in parts. At 5,000 one search of the whole finds as good
# plans in the same CPU time, at 6,000 worse ones (measured); that 2,000 is where it begins to pay
# with two processes is assumed.
BIG_STOPS = 2_000


def solve(
    problem: Problem,
    budget: Limit,
    seed: int,
    params: RoutingParams = DEFAULT_PARAMS,
    workers: Workers = ALONE,
) -> Plan:
    """A plan that keeps every limit; stops that do not fit are left out, never squeezed in.

    Args:
        problem: The day.
        budget: How long to search.
        seed: Of the search.
        params: Its settings.
        workers: Who searches the parts of a day of BIG_STOPS or more; a smaller one is searched
            in this process.

    Raises:
        ProblemInvalidError: The problem has faults, all of them in its details.
    """
    if len(problem.stops) < BIG_STOPS:
        return improve(problem, {}, NO_CHANGES, budget, seed=seed, params=params).plan
    require_valid(problem)
    found = search_in_parts(
        problem,
        [_price_clp(stop, params) for stop in problem.stops],
        params.neighbours,
        budget,
        seed,
        workers=workers,
    )
    return make_plan(problem, found.routes, iterations=found.steps, seed=seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Improved:
    """A plan found from another.

    Attributes:
        count_clp: What the search minimised: the plan's cost, the prices of stops left out and
            those of changes.
    """

    plan: Plan
    count_clp: float


def improve(
    problem: Problem,
    start: Sequences,
    changes: Changes,
    budget: Limit,
    *,
    seed: int,
    params: RoutingParams = DEFAULT_PARAMS,
) -> Improved:
    """A plan searched from a given one, in which each change to what was published has a price.

    Args:
        problem: The day; what must not move is not in it, or bound to its vehicle.
        start: Vehicle to stops in order; it keeps every limit.
        changes: What was published, and what changing it counts.
        budget: How long to search.
        seed: Of the search.
        params: Its settings.

    Raises:
        ProblemInvalidError: The problem has faults, all of them in its details.
    """
    require_valid(problem)
    prices = [_price_clp(stop, params) for stop in problem.stops]
    day = flat_day(problem, prices, params.neighbours, changes)
    found = search(day, budget, seed, start)
    plan = make_plan(problem, found.routes, iterations=found.steps, seed=seed)
    return Improved(plan=plan, count_clp=found.cost)


def _price_clp(stop: Stop, params: RoutingParams) -> int:
    stated = stop.unserved_price_clp
    return params.unserved_price_clp if stated is None else stated
