"""OR-Tools' routing library with guided local search. Its time limit is wall time."""

from __future__ import annotations

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from benchmarks.flat import Flat, flat
from benchmarks.peers.peer import Answer, Route, Task

DISTRIBUTION = "ortools"


def prepare(task: Task) -> None:
    """Nothing is compiled."""


def solve(task: Task) -> Answer:
    """One search in one thread; the library has no seed."""
    problem = flat(task.instance.problem)
    depots = [depot for depot, count in enumerate(problem.vans) for _ in range(count)]
    manager = pywrapcp.RoutingIndexManager(len(problem.demand), len(depots), depots, depots)
    routing = pywrapcp.RoutingModel(manager)
    _state(problem, manager, routing)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = (
        routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    )
    parameters.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    parameters.time_limit.FromMilliseconds(int(1_000 * task.seconds))
    found = routing.SolveWithParameters(parameters)
    if found is None:
        return Answer(routes=())
    routes = []
    for van, depot in enumerate(depots):
        index, stops = found.Value(routing.NextVar(routing.Start(van))), []
        while not routing.IsEnd(index):
            stops.append(manager.IndexToNode(index) - problem.depots)
            index = found.Value(routing.NextVar(index))
        if stops:
            routes.append(Route(depot=depot, stops=tuple(stops)))
    return Answer(routes=tuple(routes))


def _state(
    problem: Flat, manager: pywrapcp.RoutingIndexManager, routing: pywrapcp.RoutingModel
) -> None:
    cost = routing.RegisterTransitMatrix(problem.metres.tolist())
    routing.SetArcCostEvaluatorOfAllVehicles(cost)
    routing.SetFixedCostOfAllVehicles(problem.fixed_cost)
    demand = routing.RegisterUnaryTransitVector(problem.demand.tolist())
    vans = routing.vehicles()
    routing.AddDimensionWithVehicleCapacity(demand, 0, [problem.capacity] * vans, True, "Load")
    if not problem.seconds.any():
        return
    taken_s = problem.seconds + problem.service_s[:, None]
    transit = routing.RegisterTransitMatrix(taken_s.tolist())
    start_s, end_s = problem.shift_s
    routing.AddDimension(transit, end_s - start_s, end_s, False, "Time")
    time = routing.GetDimensionOrDie("Time")
    for place in problem.stops:
        first_s, last_s = problem.window_s[place].tolist()
        time.CumulVar(manager.NodeToIndex(place)).SetRange(first_s, last_s)
    for van in range(vans):
        time.CumulVar(routing.Start(van)).SetRange(start_s, end_s)
        time.CumulVar(routing.End(van)).SetRange(start_s, end_s)
