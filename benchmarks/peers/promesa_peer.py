"""Our own engine, as everybody calls it."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.cputime import CpuBudget
from benchmarks.peers.peer import Answer, Route, Task
from promesa.routing.budget import Budget
from promesa.routing.instances.instance import MUST_SERVE
from promesa.routing.parts.workers import processes
from promesa.routing.problem import Problem
from promesa.routing.solver import solve as solve_problem

DISTRIBUTION = "promesa"
# Enough to run every kernel once.
WARM_STOPS, WARM_VANS, WARM_ITERATIONS = 12, 3, 20


def prepare(task: Task) -> None:
    """Runs a corner of the same day, so that whatever is compiled at first use is compiled."""
    solve_problem(_corner(task.instance.problem), Budget(iterations=WARM_ITERATIONS), 1, MUST_SERVE)


def solve(task: Task) -> Answer:
    """One call."""
    problem = task.instance.problem
    budget = CpuBudget(task.seconds)
    with processes(task.processes) as workers:
        plan = solve_problem(problem, budget, task.seed, MUST_SERVE, workers)
    return Answer(
        routes=tuple(
            Route(depot=problem.vehicles[route.vehicle].start_depot, stops=route.stops)
            for route in plan.routes
        ),
        iterations=plan.iterations,
    )


def _corner(problem: Problem) -> Problem:
    return replace(problem, stops=problem.stops[:WARM_STOPS], vehicles=problem.vehicles[:WARM_VANS])
