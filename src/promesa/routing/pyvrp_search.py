"""The search, by PyVRP 0.14: the only file that knows it.

PyVRP takes one travel time per pair, integer costs and one window per client. So it sees the
mean of the hours worked, thousandths of a peso, and several windows as clients that exclude each
other. What it cannot see (the hours) is put right by whoever calls this.

Wouda, Lan, Kool (2024), PyVRP: a high-performance VRP solver package, INFORMS Journal on
Computing, doi 10.1287/ijoc.2023.0055.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyvrp
from numpy.typing import NDArray
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.search import NeighbourhoodParams

from promesa.domain.fleet import Load
from promesa.routing.budget import StopCriterion
from promesa.routing.matrix import NEVER_M, NEVER_S
from promesa.routing.params import RoutingParams
from promesa.routing.problem import DAY_S, LAST_S, Problem, Vehicle, Window

# Costs in thousandths of a peso: a cost per kilometre in pesos is then one per metre, exactly.
MILLI = 1_000
HOUR_S = 3_600
ANY_TIME = Window(start_s=0, end_s=LAST_S)
# A second too late costs at first what so many seconds on the road cost.
LATENESS_WEIGHT = 10.0
# A second of waiting between two stops parts them as much as this share of a second on the road:
# its own weight, which PyVRP does not scale with the costs (R1_10_1 in 15 s: 606,163 without
# scaling, 575,998 with it).
WAITING_WEIGHT = 0.2
# Penalties grow to at most so many times their first value.
PENALTY_GROWTH_MAX = 1_000.0
# Iterations between updates of the penalties; PyVRP's own 500 is for runs of a hundred thousand.
UPDATE_EVERY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the search found: sequences per vehicle, and how long it looked.

    Attributes:
        routes: Pairs of vehicle index and stop indexes in order.
    """

    routes: tuple[tuple[int, tuple[int, ...]], ...]
    iterations: int


def search(problem: Problem, stop: StopCriterion, seed: int, params: RoutingParams) -> Found:
    """Looks for cheap routes until ``stop`` says so. May return routes that break limits."""
    model = _Model(problem, params)
    if not model.clients:
        return Found(routes=(), iterations=0)

    def is_spent(best_cost: int) -> bool:
        return stop(best_cost)

    settings = _solve_params(model, params)
    with warnings.catch_warnings():
        # A day that cannot be kept whole is no news: the caller leaves out and explains.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        result = pyvrp.solve(model.data(), is_spent, seed, False, False, settings)
    return Found(routes=model.routes_of(result.best), iterations=result.num_iterations)


def _solve_params(model: _Model, params: RoutingParams) -> pyvrp.SolveParams:
    rates = model.rates()
    return pyvrp.SolveParams(
        ils=pyvrp.IteratedLocalSearchParams(exhaustive_on_best=False),
        neighbourhood=NeighbourhoodParams(
            num_neighbours=params.neighbours, weight_wait_time=WAITING_WEIGHT * rates.road_s
        ),
        penalty=_Penalties(rates.loads, LATENESS_WEIGHT * rates.road_s),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rates:
    """What things cost in this problem, in thousandths of a peso.

    Attributes:
        road_s: A second on the road.
        loads: A unit of each load, if a van's whole day is shared out over what it holds.
    """

    road_s: float
    loads: list[float]


class _Penalties(pyvrp.PenaltyParams):
    """First penalties that fit the problem's own costs.

    PyVRP starts from the middle of its range and updates every 500 iterations, so in the few
    thousand iterations of a day's plan its own first guess decides. In thousandths of a peso that
    guess makes one parcel too many cheaper than a van: 15 vans and 998,511 CLP where this gives
    12 and 846,000 (600 stops, ten seconds).
    """

    def __init__(self, loads: list[float], time_warp: float) -> None:
        super().__init__(
            solutions_between_updates=UPDATE_EVERY,
            max_penalty=PENALTY_GROWTH_MAX * max([*loads, time_warp]),
        )
        self._first = (loads, time_warp, time_warp)

    def midpoint_penalties(self, _data: pyvrp.ProblemData) -> tuple[list[float], float, float]:
        """Where PyVRP asks for the first penalties."""
        return self._first


class _Model:
    """The problem as PyVRP states it, and the way back."""

    def __init__(self, problem: Problem, params: RoutingParams) -> None:
        self._problem = problem
        self._params = params
        self._measures = _measures(problem)
        self.clients: list[pyvrp.Client] = []
        self._stop_of_client: list[int] = []
        self._stop_of_place: list[int] = []
        self._groups: list[pyvrp.ClientGroup] = []
        for stop in self._servable():
            self._add_stop(stop)
        self._add_vehicles()

    def data(self) -> pyvrp.ProblemData:
        """PyVRP's own statement; its matrices take 16 n² bytes per set of allowed stops."""
        places = len(self._problem.depots) + len(self._stop_of_place)
        metres, seconds = self._matrices()
        return pyvrp.ProblemData(
            locations=[pyvrp.Location(0, 0) for _ in range(places)],
            clients=self.clients,
            depots=[pyvrp.Depot(location=index) for index in range(len(self._problem.depots))],
            vehicle_types=self._types,
            distance_matrices=metres,
            duration_matrices=seconds,
            groups=self._groups,
        )

    def routes_of(self, solution: pyvrp.Solution) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Deals the vehicles of each type to the routes of that type, in the order given."""
        waiting = {kind: list(vehicles) for kind, vehicles in enumerate(self._vehicles_of_type)}
        routes = []
        for route in solution.routes():
            clients = [activity.idx for activity in route if activity.is_client()]
            stops = tuple(self._stop_of_client[client] for client in clients)
            routes.append((waiting[route.vehicle_type()].pop(0), stops))
        return tuple(sorted(routes))

    def rates(self) -> _Rates:
        """The cost of a second and of a unit of load, from the mean leg and the dearest van."""
        metres, seconds = (float(values[0].clip(max=DAY_S).mean()) for values in self._matrices())
        kind = max(self._types, key=lambda each: each.fixed_cost)
        hours = min(kind.tw_late - kind.tw_early, DAY_S) * kind.unit_duration_cost
        day = kind.fixed_cost + hours + 2 * metres * kind.unit_distance_cost
        leg = metres * kind.unit_distance_cost + seconds * kind.unit_duration_cost
        return _Rates(
            road_s=max(1.0, leg / max(1.0, seconds)),
            loads=[max(1.0, day / max(1, capacity)) for capacity in kind.capacity],
        )

    def _servable(self) -> list[int]:
        problem = self._problem
        vehicles = range(len(problem.vehicles))
        return [
            stop
            for stop in range(len(problem.stops))
            if any(problem.allows(vehicle=vehicle, stop=stop) for vehicle in vehicles)
        ]

    def _add_stop(self, index: int) -> None:
        stop = self._problem.stops[index]
        price_clp = stop.unserved_price_clp
        if price_clp is None:
            price_clp = self._params.unserved_price_clp
        place = len(self._problem.depots) + len(self._stop_of_place)
        self._stop_of_place.append(index)
        group = None
        if len(stop.windows) > 1:
            group = len(self._groups)
            first = len(self.clients)
            members = list(range(first, first + len(stop.windows)))
            self._groups.append(pyvrp.ClientGroup(members, required=False))
        for window in stop.windows or (ANY_TIME,):
            self._stop_of_client.append(index)
            self.clients.append(
                pyvrp.Client(
                    location=place,
                    delivery=[*self._amounts(stop.delivered), *self._one_stop],
                    pickup=[*self._amounts(stop.picked_up), *(0 for _ in self._one_stop)],
                    service_duration=stop.service_time_s,
                    prize=price_clp * MILLI,
                    required=False,
                    group=group,
                    tw_early=window.start_s,
                    tw_late=window.end_s,
                )
            )

    @property
    def _one_stop(self) -> list[int]:
        has_limit = any(v.stops_max is not None for v in self._problem.vehicles)
        return [1] if has_limit else []

    def _amounts(self, load: Load) -> list[int]:
        return [getattr(load, measure) for measure in self._measures]

    def _add_vehicles(self) -> None:
        """Alike vehicles become one type, which makes the search many times faster."""
        alike: dict[tuple[Vehicle, tuple[bool, ...]], list[int]] = defaultdict(list)
        named = self._problem.named_vehicles()
        may_visit: dict[tuple[frozenset[str], str | None], tuple[bool, ...]] = {}
        for index, vehicle in enumerate(self._problem.vehicles):
            rights = vehicle.skills, vehicle.id if vehicle.id in named else None
            if rights not in may_visit:
                may_visit[rights] = tuple(
                    self._problem.allows(vehicle=index, stop=stop) for stop in self._stop_of_place
                )
            kind = replace(vehicle, id="", skills=frozenset())
            alike[kind, may_visit[rights]].append(index)
        self._profiles = list(dict.fromkeys(allowed for _, allowed in alike))
        self._vehicles_of_type = list(alike.values())
        self._types = [
            self._vehicle_type(vehicle, self._profiles.index(allowed), members)
            for (vehicle, allowed), members in alike.items()
        ]

    def _vehicle_type(
        self, vehicle: Vehicle, profile: int, members: list[int]
    ) -> pyvrp.VehicleType:
        capacity = self._amounts(vehicle.capacity)
        if self._one_stop:
            limit = vehicle.stops_max
            capacity.append(len(self._problem.stops) if limit is None else limit)
        # It knows no open ends: those routes are searched as if they came back.
        home = vehicle.start_depot if vehicle.end_depot is None else vehicle.end_depot
        return pyvrp.VehicleType(
            num_available=len(members),
            capacity=capacity,
            start_depot=vehicle.start_depot,
            end_depot=home,
            fixed_cost=vehicle.fixed_cost_clp * MILLI,
            tw_early=self._problem.earliest_s(members[0]),
            tw_late=self._problem.latest_s(members[0]),
            unit_distance_cost=vehicle.km_cost_clp,
            unit_duration_cost=round(vehicle.hour_cost_clp * MILLI / HOUR_S),
            profile=profile,
        )

    def _matrices(self) -> tuple[list[Any], list[Any]]:
        problem = self._problem
        places = [depot.location for depot in problem.depots]
        places += [problem.stops[stop].location for stop in self._stop_of_place]
        start_s = min(vehicle.shift_start_s for vehicle in problem.vehicles)
        end_s = max(vehicle.shift_end_s for vehicle in problem.vehicles)
        pairs = np.ix_(places, places)
        metres = problem.travel.static_metres(start_s=start_s, end_s=end_s)[pairs]
        seconds = problem.travel.static_seconds(start_s=start_s, end_s=end_s)[pairs]
        return (
            [self._only(metres, profile, NEVER_M) for profile in self._profiles],
            [self._only(seconds, profile, NEVER_S) for profile in self._profiles],
        )

    def _only(self, values: NDArray[Any], allowed: tuple[bool, ...], never: int) -> NDArray[Any]:
        """The matrix for vehicles that may visit only some stops: the rest is out of reach."""
        if all(allowed):
            return values
        barred = np.concatenate([np.zeros(len(self._problem.depots), bool), ~np.array(allowed)])
        limited = values.copy()
        limited[barred, :] = never
        limited[:, barred] = never
        np.fill_diagonal(limited, 0)
        return limited


def _measures(problem: Problem) -> list[str]:
    """The measures of load that any stop uses; the others would only slow the search."""
    loads = [load for stop in problem.stops for load in (stop.delivered, stop.picked_up)]
    names = ("parcels", "weight_g", "volume_ml")
    return [name for name in names if any(getattr(load, name) for load in loads)]
