"""PyVRP with its own defaults, from its own random start.

Wouda, Lan, Kool (2024), doi 10.1287/ijoc.2023.0055.
"""

from __future__ import annotations

from benchmarks.flat import flat
from benchmarks.peers.peer import Answer, Task
from benchmarks.peers.pyvrp_model import routes_of, searched

DISTRIBUTION = "pyvrp"


def prepare(task: Task) -> None:
    """Nothing is compiled."""


def solve(task: Task) -> Answer:
    """One search in one process."""
    problem = flat(task.instance.problem)
    found = searched(problem, task.seconds, task.seed)
    return Answer(routes=routes_of(problem, found.routes), iterations=found.iterations)
