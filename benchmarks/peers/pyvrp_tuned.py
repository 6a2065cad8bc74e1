"""PyVRP with the settings that suit large days, and a savings start where its own is too slow."""

from __future__ import annotations

from benchmarks.cputime import process_cpu_s
from benchmarks.flat import flat
from benchmarks.peers.peer import Answer, Task
from benchmarks.peers.pyvrp_model import routes_of, searched, tuned
from benchmarks.start import first_routes

DISTRIBUTION = "pyvrp"
# Above so many stops its random start takes most of a minute to become a plan.
OWN_START_STOPS_MAX = 2_000


def prepare(task: Task) -> None:
    """Nothing is compiled."""


def solve(task: Task) -> Answer:
    """One search in one process; the start is paid from the same seconds."""
    began_s = process_cpu_s()
    problem = flat(task.instance.problem)
    is_large = len(problem.stops) > OWN_START_STOPS_MAX
    start = first_routes(problem) if is_large else None
    left_s = task.seconds - (process_cpu_s() - began_s)
    found = searched(problem, left_s, task.seed, tuned(), start)
    return Answer(routes=routes_of(problem, found.routes), iterations=found.iterations)
