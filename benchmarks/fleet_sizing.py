"""A fleet sized from a forecast, judged in scenarios drawn from the world and not from it.

    python -m benchmarks.fleet_sizing --out benchmarks/records/NAME

30 zones over three depots, 14 days, one event of three days, a common factor for the event and one
for each day, zones that scatter on their own (negative binomial). Plans know the forecast alone:
means and quantiles by zone and day, and how much doubt is common as the product assumes it, which
is not how this world shares it out. Cost is vehicles put on; spot is left out, as a zone's reserve
has none.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.record import machine
from promesa.kernel.clock import SystemClock, stopwatch_s
from promesa.planning.capacity.hires import Loan, after_loans
from promesa.planning.capacity.needs import DepotWork, Need, needs_of
from promesa.planning.capacity.reserves import (
    Outcome,
    Policy,
    mean_plan,
    outcome,
    pooled_quantile,
    pooled_target,
    zone_by_zone,
)
from promesa.planning.capacity.route_length import RouteLimits, StopWork
from promesa.planning.capacity.scenarios import Scenarios, Volume, draw_scenarios
from promesa.planning.capacity.sizing import FleetPlan, day_plan, kept_shares, size_fleet
from promesa.planning.capacity.sources import Contract, DepotFleet, Mix, Spot, spot_called
from promesa.planning.capacity.two_stage import solve_two_stage
from promesa.planning.capacity.zones import Zone

ZONES, DEPOTS, DAYS = 30, 3, 14
EVENT_DAYS = (7, 8, 9)
FRESH = 2_000
TARGET = 0.97
FIRST = date(2026, 10, 5)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """How parcels really come.

    Attributes:
        mean: float64, [day, zone].
        event_sigma: Of the logarithm of what all event days share.
        day_sigma: Of what the zones of one day share.
        own_variance: Relative, of each zone and day.
    """

    mean: Floats
    event_sigma: float
    day_sigma: float
    own_variance: float

    def draw(self, draws: np.random.Generator, count: int) -> NDArray[np.int64]:
        """int64, [scenario, day, zone], parcels."""
        event = _lognormal(draws, self.event_sigma, (count, 1, 1))
        is_event = np.isin(np.arange(DAYS), EVENT_DAYS)[None, :, None]
        day = _lognormal(draws, self.day_sigma, (count, DAYS, 1))
        own = draws.gamma(1 / self.own_variance, self.own_variance, (count, DAYS, ZONES))
        return draws.poisson(self.mean * np.where(is_event, event, 1.0) * day * own)


def _lognormal(draws: np.random.Generator, sigma: float, shape: tuple[int, ...]) -> Floats:
    return np.exp(draws.normal(-(sigma**2) / 2, sigma, shape))


# Other worlds than the one above: event, day (sigmas of logarithms), own (relative variance). The
# product's shares of doubt stay what they are.
STRESSES = (
    (0.40, 0.07, 0.03),
    (0.22, 0.15, 0.03),
    (0.40, 0.15, 0.02),
    (0.30, 0.10, 0.01),
    (0.22, 0.07, 0.10),
)
STRESS_WORLDS = 4
STRESS_HEAD = (
    "| event sigma | day sigma | own variance | cost over zone by zone | kept "
    "| days that keep 97 % | days of the event that do |\n|---|---|---|---|---|---|---|"
)


def stressed(event_sigma: float, day_sigma: float, own_variance: float) -> str:
    """A row: the pooled reserve in worlds of another doubt."""
    seen = []
    for seed in range(1, STRESS_WORLDS + 1):
        world = replace(
            make_world(seed),
            event_sigma=event_sigma,
            day_sigma=day_sigma,
            own_variance=own_variance,
        )
        depots = make_depots(seed)
        planned = needs_of(draw_scenarios(forecast_of(world, seed), seed), depots)
        fresh = needs_of(_fresh(world, seed), depots)
        vehicles = [pooled_target(need, TARGET) for need in planned]
        found = outcome(fresh, vehicles, TARGET)
        by_zone = sum(int(zone_by_zone(need).sum()) for need in planned)
        days = list(EVENT_DAYS)
        event = [
            (kept_shares(need.vehicles[:, days], ready[days].astype(float)) >= TARGET).mean()
            for need, ready in zip(fresh, vehicles, strict=True)
        ]
        shares = (found.vehicle_days / by_zone, found.kept, found.days_kept, np.mean(event))
        seen.append(shares)
    figures = " | ".join(f"{each:.4f}" for each in np.mean(seen, axis=0))
    return f"| {event_sigma} | {day_sigma} | {own_variance} | {figures} |"


def make_world(seed: int) -> World:
    """Zones of 20 to 150 parcels, quiet Sundays, an event of three days three times as big."""
    draws = np.random.default_rng([seed, 41])
    zone = np.exp(draws.uniform(np.log(20), np.log(150), ZONES))
    week = np.array([1.1, 1.0, 1.0, 1.05, 1.1, 0.8, 0.3])[np.arange(DAYS) % 7]
    lift = np.ones(DAYS)
    lift[list(EVENT_DAYS)] = np.array([3.5, 2.6, 3.0])
    return World(
        mean=zone[None] * (week * lift)[:, None],
        event_sigma=0.22,
        day_sigma=0.07,
        own_variance=0.03,
    )


def forecast_of(world: World, seed: int) -> list[Volume]:
    """What a calibrated forecast says: each cell's mean and quantiles, nothing of the rest."""
    drawn = world.draw(np.random.default_rng([seed, 42]), FRESH)
    low, middle, high = np.quantile(drawn, [0.1, 0.5, 0.9], axis=0)
    return [
        Volume(
            series=f"Z{zone:02d}",
            date=FIRST + timedelta(days=day),
            mean=float(world.mean[day, zone]),
            p10=float(low[day, zone]),
            p50=float(middle[day, zone]),
            p90=float(high[day, zone]),
            event="CyberMonday" if day in EVENT_DAYS else "",
        )
        for day in range(DAYS)
        for zone in range(ZONES)
    ]


def make_depots(seed: int) -> tuple[DepotWork, ...]:
    """Ten zones each, 10 to 40 minutes away."""
    draws = np.random.default_rng([seed, 43])
    zones = [
        Zone(
            name=f"Z{number:02d}",
            depot=f"CD{number % DEPOTS + 1}",
            area_km2=float(draws.uniform(4, 25)),
            pace_min_km=float(draws.uniform(3.0, 4.5)),
            haul_min=float(draws.uniform(10, 40)),
        )
        for number in range(ZONES)
    ]
    return tuple(
        DepotWork(
            id=name,
            name=name,
            zones=tuple(zone for zone in zones if zone.depot == name),
            limits=RouteLimits(parcels=90, shift_min=570),
            work=StopWork(service_min=4),
        )
        for name in (f"CD{number + 1}" for number in range(DEPOTS))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A way to size, judged."""

    name: str
    world: int
    seconds: float
    outcome: Outcome
    share: float

    def line(self) -> str:
        """As a row of the table."""
        seen = self.outcome
        return (
            f"| {self.name} | {self.world} | {seen.vehicle_days} | {self.share:.3f} "
            f"| {seen.kept:.4f} | {seen.days_kept:.3f} | {seen.worst_day:.3f} "
            f"| {seen.kept_p10:.3f} | {self.seconds:.2f} |"
        )


HEAD = (
    "| plan | world | vehicle days | share of zone by zone | kept | days that keep 97 % "
    "| worst day | one day in ten | s |\n|---|---|---|---|---|---|---|---|---|"
)
POLICIES: dict[str, Policy] = {
    "mean": mean_plan,
    "zone by zone, 97 %": zone_by_zone,
    "pooled, 97 %": pooled_quantile,
    "**pooled, 97 % kept**": partial(pooled_target, target=TARGET),
}


def rows_of(seed: int, count: int) -> list[Row]:
    """Every way to size in one world."""
    world, depots = make_world(seed), make_depots(seed)
    began_s = stopwatch_s()
    planned = needs_of(draw_scenarios(forecast_of(world, seed), seed, count=count), depots)
    drawn_s = stopwatch_s() - began_s
    fresh = needs_of(_fresh(world, seed), depots)
    zone_cost = sum(int(zone_by_zone(need).sum()) for need in planned)
    rows = []
    for name, policy in POLICIES.items():
        began_s = stopwatch_s()
        vehicles = [policy(need) for need in planned]
        seconds = drawn_s + stopwatch_s() - began_s
        seen = outcome(fresh, vehicles, TARGET)
        share = seen.vehicle_days / zone_cost
        rows.append(Row(name=name, world=seed, seconds=seconds, outcome=seen, share=share))
    return rows


def _fresh(world: World, seed: int) -> Scenarios:
    return Scenarios(
        days=tuple(FIRST + timedelta(days=day) for day in range(DAYS)),
        series=tuple(f"Z{zone:02d}" for zone in range(ZONES)),
        events=("",) * DAYS,
        parcels=world.draw(np.random.default_rng([seed, 44]), FRESH),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Milp:
    """The programme with contracts, doors and loans in one world."""

    world: int
    scenarios: int
    seconds: float
    gap: float
    cost_clp: float
    day_by_day_clp: float
    days_kept: float
    kept: float

    def line(self) -> str:
        """As a row of the table."""
        return (
            f"| {self.world} | {self.scenarios} | {self.seconds:.1f} | {self.gap:.4f} "
            f"| {self.cost_clp:,.0f} | {self.day_by_day_clp:,.0f} | {self.kept:.4f} "
            f"| {self.days_kept:.3f} |"
        )


MILP_HEAD = (
    "| world | scenarios | s | gap | cost, pesos | the same without fewest days and blocks "
    "| kept, fresh | days that keep 97 %, fresh |\n|---|---|---|---|---|---|---|---|"
)


def milp_of(seed: int, count: int) -> Milp:
    """Contracts of five days by twos, spot, and doors at the first depot that bind in the event."""
    world, depots = make_world(seed), make_depots(seed)
    needs = needs_of(draw_scenarios(forecast_of(world, seed), seed), depots)
    fleets = [_fleet(need, is_held=number == 0) for number, need in enumerate(needs)]
    loans = [
        Loan(zone=zone, home="CD1", other=other, factor=1.15)
        for zone in needs[0].zones
        for other in ("CD2", "CD3")
    ]
    began_s = stopwatch_s()
    found = solve_two_stage(needs, fleets, TARGET, loans=loans, scenarios=count)
    seconds = stopwatch_s() - began_s
    fresh = after_loans(needs_of(_fresh(world, seed), depots), found.lent)
    judged = [
        day_plan(fresh[number // DAYS], fleets[number // DAYS], number % DAYS, TARGET, mix=day.mix)
        for number, day in enumerate(found.plan.days)
    ]
    free = size_fleet(needs, [replace(fleet, departures_max=None) for fleet in fleets], TARGET)
    return Milp(
        world=seed,
        scenarios=count,
        seconds=seconds,
        gap=found.gap,
        cost_clp=found.plan.cost_clp,
        day_by_day_clp=free.cost_clp,
        days_kept=_days_kept(fresh, fleets, [day.mix for day in found.plan.days]),
        kept=FleetPlan(target=TARGET, days=tuple(judged)).kept,
    )


def _fleet(need: Need, *, is_held: bool) -> DepotFleet:
    usual = int(np.median(need.vehicles.mean(axis=0)))
    return DepotFleet(
        depot=need.depot,
        own=usual,
        own_day_cost_clp=77_000,
        contracts=(
            Contract(
                name="cinco días", vehicles_max=4 * usual, day_cost_clp=88_000, days_min=5, block=2
            ),
            Contract(name="por día", vehicles_max=2 * usual, day_cost_clp=105_000),
        ),
        spot=(Spot(name="spot", vehicles_max=10, day_cost_clp=150_000),),
        departures_max=int(np.quantile(need.vehicles, 0.97)) if is_held else None,
    )


def _days_kept(fresh: Sequence[Need], fleets: Sequence[DepotFleet], mixes: Sequence[Mix]) -> float:
    shares = []
    for number, mix in enumerate(mixes):
        vehicles = fresh[number // DAYS].vehicles[:, number % DAYS]
        called = spot_called(fleets[number // DAYS], mix, vehicles).sum(axis=1)
        shares.append(kept_shares(vehicles, mix.firm + called) >= TARGET)
    return float(np.mean(shares))


def means(rows: Sequence[Row]) -> list[str]:
    """One line a way to size, over all worlds."""
    lines = []
    for name in POLICIES:
        seen = [row for row in rows if row.name == name]
        figures = [
            np.mean([row.share for row in seen]),
            np.mean([row.outcome.kept for row in seen]),
            np.mean([row.outcome.days_kept for row in seen]),
            np.min([row.outcome.days_kept for row in seen]),
            np.min([row.outcome.worst_day for row in seen]),
        ]
        lines.append(f"| {name} | {' | '.join(f'{each:.4f}' for each in figures)} |")
    return lines


@click.command()
@click.option("--worlds", default=10, help="How many, each with zones and a forecast of its own.")
@click.option("--scenarios", default=400)
@click.option("--out", type=click.Path(path_type=Path), help="Record to write, without suffix.")
def main(worlds: int, scenarios: int, out: Path | None) -> None:
    """Prints the tables; with --out writes them."""
    rows = [row for seed in range(1, worlds + 1) for row in rows_of(seed, scenarios)]
    head = (
        "| plan | cost over zone by zone | kept | days that keep 97 % | fewest in a world "
        "| worst day |\n|---|---|---|---|---|---|"
    )
    programmes = [milp_of(seed, each) for seed in range(1, min(worlds, 3) + 1) for each in (20, 60)]
    table = "\n".join(
        [
            *(head, *means(rows), ""),
            *(STRESS_HEAD, *(stressed(*each) for each in STRESSES), ""),
            *(MILP_HEAD, *(each.line() for each in programmes), ""),
            *(HEAD, *(row.line() for row in rows)),
        ]
    )
    click.echo(table)
    if out is not None:
        about = machine(SystemClock().now(), ["promesa", "ortools"])
        out.with_suffix(".md").write_text(
            f"{about['date']}, {about['processor']}. `python -m benchmarks.fleet_sizing`, {worlds} "
            f"worlds, {scenarios} scenarios to size, {FRESH} fresh ones to judge.\n\n{table}\n"
        )
        written = {"about": about, "rows": [asdict(row) for row in rows]}
        written["programmes"] = [asdict(each) for each in programmes]
        out.with_suffix(".json").write_text(json.dumps(written, indent=1))


if __name__ == "__main__":
    main()
