"""Days of single depots planned by our engine, for what estimates routes without planning them.

Every depot keeps its zones and its doors; days differ in how many parcels come and from where.
Three towns: metropolitan ones made from a seed (benchmarks.metropolitan: windows, speeds by the
hour), the real streets of examples/santiago, and whole metropolitan days of two depots.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.metropolitan import FIXED_COST_S, SHIFT_S, make_day
from promesa.domain.fleet import Load
from promesa.kernel.geo import EARTH_RADIUS_M
from promesa.kernel.seeds import stream
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.travel import DayMap
from promesa.roads.city import City
from promesa.routing.budget import Budget, iterations_for
from promesa.routing.fleetfile import read_fleet
from promesa.routing.instances.instance import MUST_SERVE, UNIT_KM_COST_CLP
from promesa.routing.matrix import Matrix, Travel
from promesa.routing.problem import Depot, Problem, Stop, Vehicle, Window
from promesa.routing.ring_speeds import RingSpeeds
from promesa.routing.solver import solve
from promesa.simulator.town import Town

SANTIAGO = Path("examples/santiago")
POOL_METRO, POOL_SANTIAGO, DOORS_DRAWN = 3_000, 1_200, 12_000
ZONES = 30
SEARCH_ITERATIONS = 25_000
LLOYD_ROUNDS_MAX = 30
# Days with these numbers have parcels in one zone of four: demand as clustered as it comes.
LOPSIDED, LOPSIDED_SHARE = 100, 0.25
# A vehicle more than any day needs: 60 stops each.
STOPS_OF_VAN = 45

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pool:
    """A depot and every door it may be asked to visit.

    Attributes:
        xy_m: float64, [place, 2], metres from any origin; the depot is row 0.
        zone: int64, [place]; -1 for the depot.
    """

    name: str
    xy_m: Floats
    zone: Ints
    travel: Travel
    stops: tuple[Stop, ...]
    vehicle: Vehicle


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDay:
    """One day of a depot, and what our engine made of it.

    Attributes:
        places: The doors visited, as rows of the pool.
        driving_s: Over all routes.
        routes_s: From leaving the depot to being back, each route.
    """

    depot: str
    day: int
    places: tuple[int, ...]
    parcels: int
    service_s: int
    driving_s: int
    vehicles: int
    unserved: int
    routes_s: tuple[int, ...]


def metropolitan_pool(seed: int, depot: int) -> Pool:
    """The doors of a made-up city that are nearer to one of its two depots."""
    day = make_day(POOL_METRO, seed)
    apart_m = np.hypot(*(day["xy"][:, None] - day["xy"][None, :2]).T).T
    nearer = np.flatnonzero(apart_m.argmin(axis=1) == depot)
    places = np.r_[depot, nearer[nearer > 1]]
    shift_start_s, shift_end_s = SHIFT_S
    return Pool(
        name=f"metro-{seed}-{depot}",
        xy_m=day["xy"][places],
        zone=zones_by_place(day["xy"][places], seed),
        travel=RingSpeeds(
            free_flow_s=day["free_flow_s"][np.ix_(places, places)],
            ring=day["ring"][places],
            speed=day["speed"],
        ),
        stops=tuple(
            Stop(
                id=str(row),
                location=row,
                delivered=Load(parcels=int(day["demand"][place])),
                windows=(Window(start_s=int(opens), end_s=int(closes)),),
                service_time_s=int(day["service_s"][place]),
            )
            for row, place in enumerate(places)
            if row
            for opens, closes in [day["window_s"][place]]
        ),
        vehicle=Vehicle(
            id="V",
            start_depot=0,
            end_depot=0,
            capacity=Load(parcels=int(day["capacity"])),
            shift_start_s=shift_start_s,
            shift_end_s=shift_end_s,
            fixed_cost_clp=FIXED_COST_S,
            km_cost_clp=UNIT_KM_COST_CLP,
        ),
    )


def santiago_pool(depot: int) -> Pool:
    """Doors on real streets that are nearer to one depot of the sample fleet; zones are comunas."""
    fleet = read_fleet((SANTIAGO / "fleet.toml").read_bytes())
    city, day = City.load(SANTIAGO), ServiceDay(date(2026, 11, 30), fleet.zone)
    depots = [each.position for each in fleet.depots]
    draw, town = stream(1, "route-days", depot), Town(city)
    doors = [town.draw_door(draw) for _ in range(DOORS_DRAWN)]
    points = [*depots, *(door.position for door in doors)]
    xy_m = _metres(np.array([[p.lon, p.lat] for p in points]))
    apart_m = np.hypot(*(xy_m[:, None] - xy_m[None, :2]).T).T
    nearer = np.flatnonzero(apart_m.argmin(axis=1) == depot)
    places = np.r_[depot, nearer[nearer > 1][:POOL_SANTIAGO]]
    vehicle = fleet.vehicles_on(day)[0]
    day_map = DayMap.between(
        [points[place] for place in places],
        day,
        city.network,
        start_s=vehicle.shift_start_s,
        end_s=vehicle.shift_end_s,
    )
    is_reached = np.r_[True, (day_map.travel.seconds[0, 0, 1:] >= 0)]
    is_reached &= day_map.travel.seconds[0, :, 0] >= 0
    rows = np.flatnonzero(is_reached)
    places = places[rows]
    names = sorted({doors[place - 2].comuna for place in places[1:]})
    zone = [-1, *(names.index(doors[place - 2].comuna) for place in places[1:])]
    return Pool(
        name=f"santiago-{fleet.depots[depot].id}",
        xy_m=xy_m[places],
        zone=np.array(zone),
        travel=_rows(day_map.travel, rows),
        stops=tuple(_door_stop(row) for row in range(1, len(places))),
        vehicle=replace(vehicle, start_depot=0, end_depot=0),
    )


def _door_stop(row: int) -> Stop:
    """A third promise three hours; service and parcels vary from door to door."""
    draw = stream(1, "door", row)
    hour = draw.randrange(9, 16)
    windows = (Window(start_s=hour * 3_600, end_s=(hour + 3) * 3_600),)
    return Stop(
        id=str(row),
        location=row,
        delivered=Load(parcels=draw.choice([1, 1, 1, 1, 2, 3]), weight_g=2_000, volume_ml=9_000),
        windows=windows if draw.random() < 1 / 3 else (),
        service_time_s=draw.randrange(180, 300),
    )


def _metres(degrees: Floats) -> Floats:
    lat = np.radians(degrees[:, 1])
    east = np.radians(degrees[:, 0]) * np.cos(lat.mean())
    return np.asarray(EARTH_RADIUS_M * np.c_[east, lat])


def zones_by_place(xy_m: Floats, seed: int, count: int = ZONES) -> Ints:
    """Like doors together (Lloyd's rounds); the depot is in none."""
    draws = np.random.default_rng([seed, count])
    doors = xy_m[1:]
    centres = doors[draws.choice(len(doors), count, replace=False)]
    zone = np.zeros(len(doors), np.int64)
    for _ in range(LLOYD_ROUNDS_MAX):
        zone = np.hypot(*(doors[:, None] - centres[None]).T).T.argmin(axis=1)
        centres = np.array(
            [
                doors[zone == each].mean(axis=0) if (zone == each).any() else centres[each]
                for each in range(count)
            ]
        )
    return np.asarray(np.r_[-1, zone])


def _rows(travel: Matrix, rows: Ints) -> Matrix:
    box = np.ix_(np.arange(len(travel.departures_s)), rows, rows)
    return Matrix(travel.seconds[box], travel.metres[box], travel.departures_s)


def day_of(pool: Pool, day: int, stops_min: int, stops_max: int) -> list[int]:
    """Doors of one day: zones are busy or quiet, and from LOPSIDED on most have nothing."""
    draws = np.random.default_rng([day, len(pool.stops), 7])
    asked = int(np.exp(draws.uniform(np.log(stops_min), np.log(stops_max))))
    busy = draws.lognormal(0, 0.5, pool.zone.max() + 1)
    if day >= LOPSIDED:
        busy *= draws.random(len(busy)) < LOPSIDED_SHARE
        asked = min(asked, int((busy[pool.zone[1:]] > 0).sum()))
    weight = busy[pool.zone[1:]]
    count = min(asked, len(pool.stops) - 1)
    doors = draws.choice(len(pool.stops), count, replace=False, p=weight / weight.sum())
    return sorted(int(door) + 1 for door in doors)


def problem_of(pool: Pool, places: list[int]) -> Problem:
    """The day with more vans than it needs."""
    return Problem(
        travel=_sub_travel(pool.travel, np.r_[0, places]),
        depots=(Depot(id="1", location=0),),
        vehicles=tuple(
            replace(pool.vehicle, id=f"V{number}")
            for number in range(len(places) // STOPS_OF_VAN + 4)
        ),
        stops=tuple(
            replace(pool.stops[place - 1], location=number)
            for number, place in enumerate(places, start=1)
        ),
    )


def plan_day(pool: Pool, day: int, places: list[int]) -> PlannedDay:
    """The day as our engine plans it."""
    problem = problem_of(pool, places)
    budget = Budget(iterations=iterations_for(len(places), SEARCH_ITERATIONS))
    plan = solve(problem, budget, 1, MUST_SERVE)
    return PlannedDay(
        depot=pool.name,
        day=day,
        places=tuple(places),
        parcels=sum(stop.delivered.parcels for stop in problem.stops),
        service_s=sum(stop.service_time_s for stop in problem.stops),
        driving_s=sum(route.driving_s for route in plan.routes),
        vehicles=len(plan.routes),
        unserved=len(plan.unserved),
        routes_s=tuple(route.end_s - route.departure_s for route in plan.routes),
    )


def _sub_travel(travel: Travel, rows: Ints) -> Travel:
    if isinstance(travel, RingSpeeds):
        return RingSpeeds(
            free_flow_s=np.ascontiguousarray(travel.free_flow_s[np.ix_(rows, rows)]),
            ring=travel.ring[rows],
            speed=travel.speed,
        )
    assert isinstance(travel, Matrix), "pools hold one or the other"
    return _rows(travel, rows)


def planned_days(pool: Pool, days: range, kept: Path, most: int) -> Iterator[PlannedDay]:
    """Each day's plan, read from the folder where an earlier run left it."""
    kept.mkdir(parents=True, exist_ok=True)
    for day in days:
        path = kept / f"{pool.name}-{day}.json"
        if not path.exists():
            made = plan_day(pool, day, day_of(pool, day, 80, most))
            path.write_text(json.dumps(asdict(made)))
        written: dict[str, Any] = json.loads(path.read_text())
        lists = {name: tuple(written[name]) for name in ("places", "routes_s")}
        yield PlannedDay(**{**written, **lists})
