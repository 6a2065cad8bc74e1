"""What the harness asks of a solver, and what it gets.

A peer is a module with ``DISTRIBUTION`` (its package's name), ``prepare(task)`` (what is paid
once per machine, such as compiling; not timed) and ``solve(task)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from promesa.routing.instances.instance import Instance

# Name in tables, and module. The first is ours.
ROSTER = {
    "promesa": "benchmarks.peers.promesa_peer",
    "promesa-static": "benchmarks.peers.promesa_static",
    "pyvrp": "benchmarks.peers.pyvrp_plain",
    "pyvrp-tuned": "benchmarks.peers.pyvrp_tuned",
    "pyvrp-clusters": "benchmarks.peers.pyvrp_clusters",
    "vroom": "benchmarks.peers.vroom_peer",
    "ortools": "benchmarks.peers.ortools_peer",
    "vrp-cli": "benchmarks.peers.vrp_cli_peer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One run.

    Attributes:
        seconds: For the search, of each process; in CPU time where the solver can be asked.
        processes: How many it may use; one that knows only one uses one.
    """

    instance: Instance
    seconds: float
    seed: int
    processes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A van's stops in order, by index, and the depot it leaves from and comes back to."""

    depot: int
    stops: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a solver found.

    Attributes:
        routes: Stops that no route visits are left out.
        iterations: None if the solver does not say.
    """

    routes: tuple[Route, ...]
    iterations: int | None = None


class Peer(Protocol):
    """A module of this package."""

    DISTRIBUTION: str

    def prepare(self, task: Task) -> None:
        """Pays what is paid once per machine."""
        ...

    def solve(self, task: Task) -> Answer:
        """Searches until the seconds are spent."""
        ...
