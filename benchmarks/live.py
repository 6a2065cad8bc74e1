"""Metropolitan days under way: a plan driven until an hour, the rest still to be visited."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.cputime import CpuBudget
from benchmarks.metropolitan import write_day
from promesa.routing.course import Start
from promesa.routing.instances.metropolitan import read_metropolitan_hourly
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import PlannedRoute
from promesa.routing.problem import Problem, Stop
from promesa.routing.replan.rest import Rest, rest_of
from promesa.routing.schedule import time_route
from promesa.routing.solver import solve

# A spare driver is called and gets to the van.
SPARE_READY_S = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveDay:
    """A day at an hour.

    Attributes:
        rest: With parcels aboard their vans.
        free: The same day as if any van could deliver any parcel: what re-planning from a blank
            sheet supposes.
    """

    name: str
    rest: Rest
    free: Rest

    @property
    def live(self) -> int:
        """How many stops are still to be visited."""
        return len(self.rest.problem.stops)


def live_day(stops: int, seed: int, *, hour: int, plan_cpu_s: float, folder: Path) -> LiveDay:
    """The day planned (once, then read from the folder) and driven until the hour.

    Args:
        stops: Of the whole day.
        seed: Of the day and of the search.
        hour: Of the day.
        plan_cpu_s: What the plan is searched for.
        folder: Where files are kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"metropolitan-{stops}-{seed}.npz"
    if not path.exists():
        write_day(path, stops, seed)
    problem = read_metropolitan_hourly(path).problem
    kept = folder / f"live-{stops}-{seed}-{int(plan_cpu_s)}.json"
    if not kept.exists():
        plan = solve(problem, CpuBudget(plan_cpu_s), seed)
        kept.write_text(json.dumps({r.vehicle: list(r.sequence) for r in plan.routes}))
    sequences = {int(key): tuple(each) for key, each in json.loads(kept.read_text()).items()}
    return _at_noon(problem, sequences, hour * 3_600, f"{stops}-{seed}")


def _at_noon(
    problem: Problem, sequences: dict[int, tuple[int, ...]], now_s: int, name: str
) -> LiveDay:
    """Everybody on time: a van that is out goes on from its last stop to the next, committed."""
    stops: list[Stop] = []
    routes: list[OpenRoute] = []
    vehicles = []
    for vehicle, sequence in sorted(sequences.items()):
        timed = time_route(problem, vehicle, sequence)
        route, rest = _route(problem, timed, now_s, len(routes), len(stops))
        stops += rest
        routes.append(route)
        vehicles.append(problem.vehicles[vehicle])
    idle = [vehicle for vehicle in range(len(problem.vehicles)) if vehicle not in sequences]
    for depot in range(len(problem.depots)):
        # One van waits at each depot.
        spare = next(v for v in idle if problem.vehicles[v].start_depot == depot)
        van = problem.vehicles[spare]
        routes.append(OpenRoute(vehicle=len(routes)))
        vehicles.append(replace(van, shift_start_s=now_s + SPARE_READY_S))
    live = replace(problem, stops=tuple(stops), vehicles=tuple(vehicles))
    aboard = [stop for route in routes if route.start is not None for stop in route.stops]
    return LiveDay(
        name=name,
        rest=rest_of(live, tuple(routes), aboard=aboard),
        free=rest_of(live, tuple(routes)),
    )


def _route(
    problem: Problem, timed: PlannedRoute, now_s: int, vehicle: int, first: int
) -> tuple[OpenRoute, list[Stop]]:
    done = [visit for visit in timed.visits if visit.departure_s <= now_s]
    rest = [problem.stops[visit.stop] for visit in timed.visits[len(done) :]]
    numbers = tuple(range(first, first + len(rest)))
    if timed.departure_s > now_s:
        return OpenRoute(vehicle=vehicle, stops=numbers), rest
    place = problem.start_location(timed.vehicle)
    left_s = timed.departure_s
    if done:
        place, left_s = problem.stops[done[-1].stop].location, done[-1].departure_s
    start = Start(location=place, ready_s=left_s)
    return OpenRoute(vehicle=vehicle, stops=numbers, start=start, frozen=min(1, len(rest))), rest
