"""PyVRP on clusters of routes, merged again: what a planner builds who has only PyVRP.

Barycentre clustering was the best of the decompositions that Santini, Schneider, Vidal and Vigo
compared (2023, doi 10.1287/ijoc.2023.1288): routes whose barycentres lie together are searched
together. Here a savings start is cut into clusters of some 225 stops, each searched by PyVRP
from its part of the start; then the routes found are cut again, elsewhere. Every process gets
the same CPU seconds, dealt to the clusters by their stops.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.cputime import process_cpu_s
from benchmarks.flat import Flat, flat
from benchmarks.layout import grouped, shared_out
from benchmarks.peers.peer import Answer, Task
from benchmarks.peers.pyvrp_model import routes_of, searched, tuned
from benchmarks.start import first_routes
from promesa.routing.parts.layout import laid_out

DISTRIBUTION = "pyvrp"
CLUSTER_STOPS = 225
# Vans are given up round by round: 2, 3, 5 and 8 came to 1,086, 1,011, 968 and 978 thousand at
# 5,000 stops in twice 30 CPU seconds.
ROUNDS = 5
Routes = list[tuple[int, list[int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cluster:
    """Part of a day, its places numbered anew, and what part of the seconds it gets."""

    part: Flat
    places: NDArray[np.int64]
    start: Routes
    seconds: float
    seed: int

    def named(self, routes: Routes) -> Routes:
        """Routes by the places of the whole day."""
        depots = self.part.depots
        return [
            (depot, [int(self.places[place - depots]) for place in places])
            for depot, places in routes
        ]


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
            routes += _alone(problem, routes)
    return Answer(routes=routes_of(problem, routes), iterations=iterations)


def _searched(cluster: _Cluster) -> tuple[Routes, int]:
    """Half of the seconds with a van fewer, the rest with one fewer still, or as it was.

    PyVRP hardly ever empties a van by itself: with a van fewer a cluster came to 218 a stop in
    the time in which it stayed at 251.
    """
    part, half_s, seed = cluster.part, cluster.seconds / 2, cluster.seed
    fewer = _with_a_van_fewer(part, cluster.start)
    if fewer is None:
        only = searched(part, cluster.seconds, seed, tuned(), cluster.start)
        return cluster.named(only.routes), only.iterations
    first = searched(fewer, half_s, seed, tuned(), cluster.start)
    if math.isinf(first.cost):
        second = searched(part, half_s, seed, tuned(), cluster.start)
        return cluster.named(second.routes), first.iterations + second.iterations
    second = searched(
        _with_a_van_fewer(part, first.routes) or fewer, half_s, seed, tuned(), first.routes
    )
    best = min(first, second, key=lambda found: found.cost)
    return cluster.named(best.routes), first.iterations + second.iterations


def _with_a_van_fewer(part: Flat, routes: Routes) -> Flat | None:
    """The part with a van for each route but the one with fewest stops; None if too few."""
    kept = sorted(routes, key=lambda route: -len(route[1]))[:-1]
    if len(kept) * part.capacity < part.demand.sum():
        return None
    vans = (sum(home == depot for home, _ in kept) for depot in range(part.depots))
    return replace(part, vans=tuple(vans))


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
    groups = [
        [routes[route] for route in members]
        for members in grouped(barycentres, weights, count, seed)
    ]
    vans = zip(*(_vans(problem, groups, depot) for depot in range(problem.depots)), strict=True)
    for chosen, fleet in zip(groups, vans, strict=True):
        places = np.array([place for _, stops in chosen for place in stops])
        number = {int(place): at for at, place in enumerate(places.tolist(), start=problem.depots)}
        yield _Cluster(
            part=problem.part(places, fleet),
            places=places,
            start=[(depot, [number[place] for place in stops]) for depot, stops in chosen],
            seconds=seconds * len(places) / len(problem.stops),
            seed=seed,
        )


def _vans(problem: Flat, groups: list[Routes], depot: int) -> list[int]:
    """How many of the depot's vans each group may use."""
    counts = [sum(home == depot for home, _ in routes) for routes in groups]
    return shared_out(counts, problem.vans[depot])


def _alone(problem: Flat, routes: Routes) -> Routes:
    """Stops that no route visits, each on its own, for the next round to place."""
    left = set(problem.stops).difference(place for _, places in routes for place in places)
    depots = problem.metres[: problem.depots]
    return [(int(depots[:, place].argmin()), [place]) for place in sorted(left)]
