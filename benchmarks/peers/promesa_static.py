"""Our own engine on the mean of the hours' times, as planners do who do not know the hour.

Its plans are judged by the hour like all others: what knowing the hour is worth.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.peers import promesa_peer
from benchmarks.peers.peer import Answer, Task
from promesa.routing.matrix import Matrix
from promesa.routing.problem import Problem

DISTRIBUTION = "promesa"


def prepare(task: Task) -> None:
    """As with the hour."""
    promesa_peer.prepare(_static(task))


def solve(task: Task) -> Answer:
    """One call."""
    return promesa_peer.solve(_static(task))


def _static(task: Task) -> Task:
    return replace(task, instance=replace(task.instance, problem=mean_times(task.instance.problem)))


def mean_times(problem: Problem) -> Problem:
    """The same with one time a pair: the mean over the first vehicle's shift."""
    van = problem.vehicles[0]
    span = {"start_s": van.shift_start_s, "end_s": van.shift_end_s}
    seconds = problem.travel.static_seconds(**span)
    metres = problem.travel.static_metres(**span)
    travel = Matrix.of([seconds.astype(np.int32)], [metres.astype(np.int32)])
    return replace(problem, travel=travel)
