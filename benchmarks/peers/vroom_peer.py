"""VROOM through pyvroom. Its time limit is wall time, and its heuristics look at it only between.

Coupey, Nicod, Varnier: VROOM, Vehicle Routing Open-source Optimization Machine.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import numpy as np
import vroom

from benchmarks.flat import Flat, flat
from benchmarks.peers.peer import Answer, Route, Task

DISTRIBUTION = "pyvroom"
# Its most thorough level.
EXPLORATION_LEVEL = 5


def prepare(task: Task) -> None:
    """Nothing is compiled."""


def solve(task: Task) -> Answer:
    """One search; VROOM has no seed."""
    problem = flat(task.instance.problem)
    found = _stated(problem).solve(
        exploration_level=EXPLORATION_LEVEL,
        nb_threads=task.processes,
        timeout=timedelta(seconds=task.seconds),
    )
    steps = found.routes
    stops: dict[int, list[int]] = defaultdict(list)
    for van, kind, job in zip(steps["vehicle_id"], steps["type"], steps["id"], strict=True):
        if kind == "job":
            stops[int(van)].append(int(job) - problem.depots)
    depot_of = _depots(problem)
    return Answer(
        routes=tuple(
            Route(depot=depot_of[van], stops=tuple(order)) for van, order in sorted(stops.items())
        )
    )


def _depots(problem: Flat) -> list[int]:
    """The depot of each van, in the order they are stated."""
    return [depot for depot, count in enumerate(problem.vans) for _ in range(count)]


def _stated(problem: Flat) -> vroom.Input:
    """Driving costs what the distance says; where time is no matter it stands as duration too."""
    stated = vroom.Input()
    metres = problem.metres.astype(np.uint32)
    has_times = bool(problem.seconds.any())
    stated.set_durations_matrix(
        profile="car", matrix_input=problem.seconds.astype(np.uint32) if has_times else metres
    )
    stated.set_costs_matrix(profile="car", matrix_input=metres)
    start_s, end_s = problem.shift_s
    shift = vroom.TimeWindow(start_s, end_s) if has_times else None
    for van, depot in enumerate(_depots(problem)):
        stated.add_vehicle(
            vroom.Vehicle(
                van,
                start=depot,
                end=depot,
                capacity=[problem.capacity],
                time_window=shift,
                costs=vroom.VehicleCosts(fixed=problem.fixed_cost),
            )
        )
    for place in problem.stops:
        first_s, last_s = problem.window_s[place].tolist()
        stated.add_job(
            vroom.Job(
                place,
                location=place,
                default_service=int(problem.service_s[place]),
                delivery=vroom.Amount([int(problem.demand[place])]),
                time_windows=[vroom.TimeWindow(first_s, last_s)] if has_times else (),
            )
        )
    return stated
