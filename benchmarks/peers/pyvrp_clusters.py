"""PyVRP on clusters of routes, merged again: what a planner builds who has only PyVRP.

Barycentre clustering was the best of the decompositions that Santini, Schneider, Vidal and Vigo
compared (2023, doi 10.1287/ijoc.2023.1288): routes whose barycentres lie together are searched
together. Here a savings start is cut into clusters of some 225 stops, each searched by PyVRP
from its part of the start; then the routes found are cut again, elsewhere. Every process gets
the same CPU seconds, dealt to the clusters by their stops.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.cputime import process_cpu_s
from benchmarks.flat import Flat, flat
from benchmarks.layout import grouped, laid_out
from benchmarks.peers.peer import Answer, Task
from benchmarks.peers.pyvrp_model import routes_of, searched, tuned
from benchmarks.start import first_routes

DISTRIBUTION = "pyvrp"
CLUSTER_STOPS = 225
ROUNDS = 2
# A van more than the start had, at each depot, so that a cluster can change a van's depot.
SPARE_VANS = 1
Routes = list[tuple[int, list[int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cluster:
    """Part of a day, its places numbered anew, and what part of the seconds it gets."""

    part: Flat
    places: NDArray[np.int64]
    start: Routes
    seconds: float
    seed: int


def prepare(task: Task) -> None:
    """Nothing is compiled."""


def solve(task: Task) -> Answer:
    """Rounds of clusters over the processes."""
    began_s = process_cpu_s()
    problem = flat(task.instance.problem)
    routes: Routes = first_routes(problem)
    positions = laid_out(problem.metres)
    left_s = task.seconds * task.processes - (process_cpu_s() - began_s)
    iterations = 0
    with ProcessPoolExecutor(task.processes) as pool:
        for number in range(ROUNDS):
            clusters = list(
                _clusters(problem, positions, routes, left_s / ROUNDS, task.seed * ROUNDS + number)
            )
            clusters.sort(key=lambda cluster: -cluster.seconds)
            routes = []
            for found, made in pool.map(_searched, clusters):
                routes += found
                iterations += made
    return Answer(routes=routes_of(problem, routes), iterations=iterations)


def _searched(cluster: _Cluster) -> tuple[Routes, int]:
    routes, iterations = searched(
        cluster.part, cluster.seconds, cluster.seed, tuned(), cluster.start
    )
    depots = cluster.part.depots
    named = [
        (depot, [int(cluster.places[place - depots]) for place in places])
        for depot, places in routes
    ]
    return named, iterations


def _clusters(
    problem: Flat,
    positions: NDArray[np.float64],
    routes: Routes,
    seconds: float,
    seed: int,
) -> Iterator[_Cluster]:
    barycentres = np.array([positions[places].mean(axis=0) for _, places in routes])
    count = max(1, round(len(problem.stops) / CLUSTER_STOPS))
    weights = np.array([len(places) for _, places in routes])
    for members in grouped(barycentres, weights, count, seed):
        chosen = [routes[route] for route in members]
        places = np.array([place for _, stops in chosen for place in stops])
        number = {int(place): at for at, place in enumerate(places.tolist(), start=problem.depots)}
        vans = tuple(
            min(problem.vans[depot], len(chosen) + SPARE_VANS) for depot in range(problem.depots)
        )
        yield _Cluster(
            part=problem.part(places, vans),
            places=places,
            start=[(depot, [number[place] for place in stops]) for depot, stops in chosen],
            seconds=seconds * len(places) / len(problem.stops),
            seed=seed,
        )
