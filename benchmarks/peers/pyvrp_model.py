"""A flat problem as PyVRP states it, and its routes as ours. PyVRP's matrices take 16 n² bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyvrp
from pyvrp.search import NeighbourhoodParams

from benchmarks.cputime import CpuSpending
from benchmarks.flat import Flat
from benchmarks.peers.peer import Route

Routes = Sequence[tuple[int, Sequence[int]]]
TUNED_NEIGHBOURS = 30


def data_of(flat: Flat) -> pyvrp.ProblemData:
    """Every stop required, vans alike but for their depot, a unit of driving costs one."""
    start_s, end_s = flat.shift_s
    metres: list[Any] = [flat.metres]
    seconds: list[Any] = [flat.seconds]
    clients = [
        pyvrp.Client(
            location=place,
            delivery=[int(flat.demand[place])],
            service_duration=int(flat.service_s[place]),
            tw_early=int(flat.window_s[place, 0]),
            tw_late=int(flat.window_s[place, 1]),
        )
        for place in flat.stops
    ]
    vans = [
        pyvrp.VehicleType(
            num_available=count,
            capacity=[flat.capacity],
            start_depot=depot,
            end_depot=depot,
            fixed_cost=flat.fixed_cost,
            tw_early=start_s,
            tw_late=end_s,
        )
        for depot, count in enumerate(flat.vans)
        if count
    ]
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in flat.demand],
        clients=clients,
        depots=[pyvrp.Depot(location=depot) for depot in range(flat.depots)],
        vehicle_types=vans,
        distance_matrices=metres,
        duration_matrices=seconds,
    )


def tuned() -> pyvrp.SolveParams:
    """What does best in a minute above 500 stops: no exhaustive search at each new best."""
    return pyvrp.SolveParams(
        ils=pyvrp.IteratedLocalSearchParams(exhaustive_on_best=False),
        neighbourhood=NeighbourhoodParams(num_neighbours=TUNED_NEIGHBOURS),
    )


def start_of(flat: Flat, data: pyvrp.ProblemData, routes: Routes) -> pyvrp.Solution:
    """Routes, each a depot and places in order, as a solution to begin with.

    PyVRP refuses more routes than vans, and takes an incomplete start for one it cannot complete
    (166 of 300 stops in four seconds): the shortest routes' stops are added to the others', for
    its search to move.
    """
    kind_of = {van.start_depot: kind for kind, van in enumerate(data.vehicle_types())}
    free = {van.start_depot: van.num_available for van in data.vehicle_types()}
    kept: list[tuple[int, list[int]]] = []
    left: list[int] = []
    for depot, places in sorted(routes, key=lambda route: -len(route[1])):
        clients = [place - flat.depots for place in places]
        if free.get(depot, 0) > 0:
            free[depot] -= 1
            kept.append((kind_of[depot], clients))
        else:
            left += clients
    for client in left:
        min(kept, key=lambda route: len(route[1]))[1].append(client)
    return pyvrp.Solution(data, [pyvrp.Route(data, clients, kind) for kind, clients in kept])


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best routes of a search, each a depot and places in order.

    Attributes:
        cost: Infinite if they break a limit or leave somebody out.
    """

    routes: list[tuple[int, list[int]]]
    iterations: int
    cost: float


def searched(
    flat: Flat,
    seconds: float,
    seed: int,
    params: pyvrp.SolveParams | None = None,
    start: Routes | None = None,
) -> Found:
    """Searches for so many CPU seconds, stating the problem counted in."""
    spending = CpuSpending(seconds)

    def is_spent(best_cost: int) -> bool:
        return spending(best_cost)

    data = data_of(flat)
    first = None if start is None else start_of(flat, data, start)
    result = pyvrp.solve(
        data,
        is_spent,
        seed,
        collect_stats=False,
        display=False,
        params=pyvrp.SolveParams() if params is None else params,
        initial_solution=first,
    )
    depots = [van.start_depot for van in data.vehicle_types()]
    routes = [
        (
            depots[route.vehicle_type()],
            [activity.idx + flat.depots for activity in route if activity.is_client()],
        )
        for route in result.best.routes()
    ]
    return Found(routes=routes, iterations=result.num_iterations, cost=float(result.cost()))


def routes_of(flat: Flat, routes: Routes) -> tuple[Route, ...]:
    """Places become stops again."""
    return tuple(
        Route(depot=depot, stops=tuple(place - flat.depots for place in places))
        for depot, places in routes
    )
