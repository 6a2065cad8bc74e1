"""Route minutes and vehicles estimated without planning, beside our engine's own plans.

    python -m benchmarks.route_length --out benchmarks/records/NAME

Some 300 plans, half an hour of one core the first time; they are kept in var/benchmarks. Two
questions: how good the default is in a city it has not seen (fitted to the other cities), and how
good a depot's own coefficients are on days they have not seen (fitted to every other day).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np

from benchmarks.record import machine
from benchmarks.route_days import (
    LOPSIDED,
    Pool,
    metropolitan_pool,
    planned_days,
    santiago_pool,
)
from benchmarks.whole_days import HEAD as WHOLE_HEAD
from benchmarks.whole_days import whole_days
from promesa.kernel.clock import SystemClock
from promesa.kernel.units import MINUTE_S
from promesa.planning.capacity.route_length import (
    DEFAULT,
    RouteCoefficients,
    RouteLimits,
    estimate,
)
from promesa.planning.capacity.route_refit import ExecutedDay, refit
from promesa.planning.capacity.zones import Zone, ZoneArrays, occupied_km2, street_pace_min_km

FOLDER = Path("var/benchmarks/route-days")
METRO_SEEDS = (1, 2, 3)
STOPS_MAX = 1_000
DAYS, LOPSIDED_DAYS = 36, 6
# What one would say who has seen no routes: the constant of Beardwood, Halton and Hammersley, the
# whole way out and back. The shipped default has seen these cities, so it may not begin here.
NEUTRAL = RouteCoefficients(local=0.7124, haul=1.0, shift_fill=0.9, load_fill=0.95)
# Lopsided days are few here; a default has to serve them as well.
LOPSIDED_WEIGHT = 3
# Of a zone: enough for its pace.
DOORS_TIMED = 15
NEVER_MIN = 10_000
HEAD = (
    "| depot | coefficients of | days | stops a day | minutes MAPE | bias | "
    "vehicles exact | within one |\n|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """A depot with its days."""

    name: str
    city: str
    zones: ZoneArrays
    limits: RouteLimits
    days: tuple[ExecutedDay, ...]
    lopsided: tuple[ExecutedDay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How far the estimates of some days are from the plans."""

    depot: str
    coefficients: str
    days: int
    stops: float
    mape: float
    bias: float
    exact: float
    within_one: float

    def line(self) -> str:
        """As a row of the table."""
        return (
            f"| {self.depot} | {self.coefficients} | {self.days} | {self.stops:.0f} "
            f"| {self.mape:.1%} | {self.bias:+.1%} | {self.exact:.0%} | {self.within_one:.0%} |"
        )


def case_of(pool: Pool, city: str) -> Case:
    """The depot's days, planned or read."""
    vehicle = pool.vehicle
    rest_s = sum(each.duration_s for each in vehicle.breaks)
    shift_s = vehicle.shift_end_s - vehicle.shift_start_s - rest_s
    zones = ZoneArrays.of(_zones(pool))
    spans = (range(DAYS), range(LOPSIDED, LOPSIDED + LOPSIDED_DAYS))
    days, lopsided = (
        tuple(
            ExecutedDay(
                stops=_by_zone(pool, day.places),
                driving_min=day.driving_s / MINUTE_S,
                service_min=day.service_s / MINUTE_S,
                vehicles=day.vehicles,
                parcels=day.parcels,
            )
            for day in planned_days(pool, span, FOLDER, STOPS_MAX)
            if not day.unserved
        )
        for span in spans
    )
    limits = RouteLimits(parcels=vehicle.capacity.parcels, shift_min=shift_s / MINUTE_S)
    return Case(name=pool.name, city=city, zones=zones, limits=limits, days=days, lopsided=lopsided)


def _by_zone(pool: Pool, places: Sequence[int]) -> tuple[int, ...]:
    counts = np.bincount(pool.zone[list(places)], minlength=int(pool.zone.max()) + 1)
    return tuple(counts.tolist())


def _zones(pool: Pool) -> list[Zone]:
    """The depot's zones as their streets are: of all doors it may visit, not of one day's."""
    vehicle, draws = pool.vehicle, np.random.default_rng(0)
    minutes = pool.travel.static_seconds(start_s=vehicle.shift_start_s, end_s=vehicle.shift_end_s)
    minutes = np.where(minutes > NEVER_MIN * MINUTE_S, np.inf, minutes / MINUTE_S)
    zones = []
    for number in range(int(pool.zone.max()) + 1):
        doors = np.flatnonzero(pool.zone == number)
        timed = draws.choice(doors, min(len(doors), DOORS_TIMED), replace=False)
        pace = street_pace_min_km(pool.xy_m[timed], minutes[np.ix_(timed, timed)])
        haul_min = float(np.median((minutes[0, doors] + minutes[doors, 0]) / 2))
        zones.append(
            Zone(
                name=str(number),
                depot=pool.name,
                area_km2=occupied_km2(pool.xy_m[doors]),
                pace_min_km=4.0 if pace is None else pace,
                haul_min=haul_min,
            )
        )
    return zones


def score(case: Case, days: Sequence[ExecutedDay], learnt: RouteCoefficients, told: str) -> Score:
    """The estimates of ``days`` beside what they took."""
    found = [
        estimate(np.array(day.stops, float), case.zones, case.limits, day.work, learnt)
        for day in days
    ]
    error = np.array(
        [each.minutes / day.minutes - 1 for each, day in zip(found, days, strict=True)]
    )
    away = np.array(
        [int(each.whole_vehicles) - day.vehicles for each, day in zip(found, days, strict=True)]
    )
    return Score(
        depot=case.name,
        coefficients=told,
        days=len(days),
        stops=float(np.mean([sum(day.stops) for day in days])),
        mape=float(np.abs(error).mean()),
        bias=float(error.mean()),
        exact=float((away == 0).mean()),
        within_one=float((np.abs(away) <= 1).mean()),
    )


def default_without(cases: Sequence[Case], city: str | None) -> RouteCoefficients:
    """What other cities teach: the mean of their depots' coefficients; None: all of them."""
    own = [
        refit((*case.days, *case.lopsided * LOPSIDED_WEIGHT), case.zones, case.limits, NEUTRAL)
        for case in cases
        if case.city != city
    ]
    return RouteCoefficients(
        local=float(np.mean([each.local for each in own])),
        haul=float(np.mean([each.haul for each in own])),
        shift_fill=float(np.mean([each.shift_fill for each in own])),
        load_fill=float(np.mean([each.load_fill for each in own])),
    )


def scores(cases: Sequence[Case]) -> list[Score]:
    """Every depot: other cities' coefficients, its own on unseen days, and lopsided days."""
    found = []
    for case in cases:
        default = default_without(cases, case.city)
        taught = (*case.days[::2], *case.lopsided[::2])
        own = refit(taught, case.zones, case.limits, default)
        found += [
            score(case, case.days, default, "other cities"),
            score(case, case.days[1::2], own, "its other days"),
            score(case, case.lopsided, default, "other cities; a quarter of the zones busy"),
            score(case, case.lopsided[1::2], own, "its other days; a quarter of the zones busy"),
        ]
    return found


def whole(found: Sequence[Score]) -> list[Score]:
    """The rows of each kind as one."""
    kinds = dict.fromkeys(each.coefficients for each in found)
    return [_mean([each for each in found if each.coefficients == kind]) for kind in kinds]


def _mean(rows: Sequence[Score]) -> Score:
    days = np.array([row.days for row in rows])

    def over(field: str) -> float:
        return float(np.average([getattr(row, field) for row in rows], weights=days))

    return Score(
        depot="**all**",
        coefficients=rows[0].coefficients,
        days=int(days.sum()),
        stops=over("stops"),
        mape=over("mape"),
        bias=over("bias"),
        exact=over("exact"),
        within_one=over("within_one"),
    )


@click.command()
@click.option("--out", type=click.Path(path_type=Path), help="Record to write, without suffix.")
def main(out: Path | None) -> None:
    """Prints the table; with --out writes it."""
    cases = [case_of(santiago_pool(depot), "santiago") for depot in (0, 1)]
    cases += [
        case_of(metropolitan_pool(seed, depot), f"metro-{seed}")
        for seed in METRO_SEEDS
        for depot in (0, 1)
    ]
    found = scores(cases)
    rows = [*whole(found), *found]
    days = whole_days(FOLDER.parent)
    mape = float(np.mean([abs(day.error) for day in days]))
    near = float(np.mean([abs(day.estimated_vehicles - day.vehicles) <= 1 for day in days]))
    table = "\n".join(
        [
            *(HEAD, *(row.line() for row in rows), ""),
            "Whole metropolitan days of two depots, shared out by the engine, cities nobody has",
            f"seen, shipped coefficients: minutes MAPE {mape:.1%}, within one vehicle {near:.0%}.",
            *("", WHOLE_HEAD, *(day.line() for day in days)),
        ]
    )
    learnt = default_without(cases, None)
    click.echo(f"{table}\n\nall cities: {learnt}\nshipped: {DEFAULT}")
    if out is not None:
        about = machine(SystemClock().now(), ["promesa", "scipy"])
        out.with_suffix(".md").write_text(
            f"{about['date']}, {about['processor']}. Plans of our engine, 25,000 iterations and "
            f"more; `python -m benchmarks.route_length`.\n\n{table}\n"
        )
        written = {"about": about, "scores": [asdict(row) for row in rows], "all": asdict(learnt)}
        written["whole"] = [asdict(day) for day in days]
        out.with_suffix(".json").write_text(json.dumps(written, indent=1))


if __name__ == "__main__":
    main()
