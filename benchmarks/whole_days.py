"""Whole metropolitan days of two depots, which our engine shares out between them as it likes.

What is estimated knows less: every stop is its nearest depot's, and zones are made of the day's own
stops. Cities nobody has seen, the shipped coefficients.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.metropolitan import make_day, write_day
from benchmarks.route_days import zones_by_place
from promesa.kernel.units import MINUTE_S
from promesa.planning.capacity.route_length import DEFAULT, RouteLimits, StopWork, estimate
from promesa.planning.capacity.zones import Zone, ZoneArrays, occupied_km2, street_pace_min_km
from promesa.routing.budget import Budget, iterations_for
from promesa.routing.instances.instance import MUST_SERVE
from promesa.routing.instances.metropolitan import DEPOTS, read_metropolitan_hourly
from promesa.routing.matrix import Travel
from promesa.routing.solver import solve

CASES = (
    (300, 16), (500, 11), (600, 18), (700, 14), (900, 12), (1_100, 15), (1_400, 13), (1_700, 17),
)  # fmt: skip
STOPS_OF_ZONE, ZONES_MIN, ZONES_MAX = 15, 4, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeDay:
    """A day planned and estimated."""

    stops: int
    seed: int
    minutes: float
    vehicles: int
    estimated_min: float
    estimated_vehicles: int

    @property
    def error(self) -> float:
        """Of the minutes, as a share."""
        return self.estimated_min / self.minutes - 1

    def line(self) -> str:
        """As a row of the table."""
        return (
            f"| {self.stops} | {self.seed} | {self.minutes:.0f} | {self.estimated_min:.0f} "
            f"| {self.error:+.1%} | {self.vehicles} | {self.estimated_vehicles} |"
        )


HEAD = (
    "| stops | seed | planned min | estimated min | error | planned vehicles | estimated |\n"
    "|---|---|---|---|---|---|---|"
)


def whole_days(folder: Path) -> list[WholeDay]:
    """Every case; plans are kept in the folder."""
    return [_whole_day(stops, seed, folder) for stops, seed in CASES]


def _whole_day(stops: int, seed: int, folder: Path) -> WholeDay:
    path = folder / f"metropolitan-{stops}-{seed}.npz"
    if not path.exists():
        write_day(path, stops, seed)
    problem = read_metropolitan_hourly(path).problem
    kept = folder / f"whole-{stops}-{seed}.json"
    if not kept.exists():
        budget = Budget(iterations=iterations_for(stops))
        plan = solve(problem, budget, 1, MUST_SERVE)
        driving_s = sum(route.driving_s for route in plan.routes)
        kept.write_text(json.dumps({"driving_s": driving_s, "vehicles": len(plan.routes)}))
    planned = json.loads(kept.read_text())
    arrays = make_day(stops, seed)
    halves = [_estimated(arrays, problem.travel, depot) for depot in range(DEPOTS)]
    return WholeDay(
        stops=stops,
        seed=seed,
        minutes=(planned["driving_s"] + int(arrays["service_s"].sum())) / MINUTE_S,
        vehicles=planned["vehicles"],
        estimated_min=sum(minutes for minutes, _ in halves),
        estimated_vehicles=int(np.ceil(sum(vehicles for _, vehicles in halves))),
    )


def _estimated(arrays: dict[str, NDArray[Any]], travel: Travel, depot: int) -> tuple[float, float]:
    """Minutes and vehicles of the stops nearest to one depot."""
    xy_m = arrays["xy"]
    start_s, end_s = (int(each) for each in arrays["shift_s"])
    minutes = travel.static_seconds(start_s=start_s, end_s=end_s) / MINUTE_S
    nearest = np.hypot(*(xy_m[:, None] - xy_m[None, :DEPOTS]).T).T.argmin(axis=1)
    mine = np.flatnonzero(nearest == depot)
    rows = np.r_[depot, mine[mine >= DEPOTS]]
    count = min(ZONES_MAX, max(ZONES_MIN, len(rows) // STOPS_OF_ZONE))
    zone_of = zones_by_place(xy_m[rows], seed=1, count=count)
    zones, stops = [], []
    for number in range(int(zone_of.max()) + 1):
        there = rows[zone_of == number]
        pace = street_pace_min_km(xy_m[there], minutes[np.ix_(there, there)])
        zones.append(
            Zone(
                name=str(number),
                depot=str(depot),
                area_km2=occupied_km2(xy_m[there]),
                pace_min_km=3.4 if pace is None else pace,
                haul_min=float(((minutes[depot, there] + minutes[there, depot]) / 2).mean()),
            )
        )
        stops.append(float(len(there)))
    total = len(rows) - 1
    work = StopWork(
        service_min=float(arrays["service_s"][rows[1:]].sum()) / MINUTE_S / total,
        parcels=float(arrays["demand"][rows[1:]].sum()) / total,
    )
    limits = RouteLimits(parcels=int(arrays["capacity"]), shift_min=(end_s - start_s) / MINUTE_S)
    found = estimate(np.array(stops), ZoneArrays.of(zones), limits, work, DEFAULT)
    return float(found.minutes), float(found.vehicles)
