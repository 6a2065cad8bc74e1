"""A flat problem as PyVRP states it, and its routes as ours. PyVRP's matrices take 16 n² bytes."""

from __future__ import annotations

from collections.abc import Sequence
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
    """Routes, each a depot and places in order, as a solution to begin with."""
    kind_of = {van.start_depot: kind for kind, van in enumerate(data.vehicle_types())}
    return pyvrp.Solution(
        data,
        [
            pyvrp.Route(data, [place - flat.depots for place in places], kind_of[depot])
            for depot, places in routes
        ],
    )


def searched(
    flat: Flat,
    seconds: float,
    seed: int,
    params: pyvrp.SolveParams | None = None,
    start: Routes | None = None,
) -> tuple[list[tuple[int, list[int]]], int]:
    """The best routes found, each a depot and places in order, and the iterations made."""
    spending = CpuSpending(seconds)  # Its clock runs from here: stating the problem counts.

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
    return routes, result.num_iterations


def routes_of(flat: Flat, routes: Routes) -> tuple[Route, ...]:
    """Places become stops again."""
    return tuple(
        Route(depot=depot, stops=tuple(place - flat.depots for place in places))
        for depot, places in routes
    )
