"""A six-fold spike rehearsed: fixed two days against promises by capacity, three kinds of fleet.

    python -m benchmarks.peak_week --out benchmarks/records/NAME

Runs `promesa simulate --peak` itself on operators made here: one depot in the sample city, six
comunas, a Cyber of three days. *Own* is twice the capacity of a usual day on all days; *mean* and
*pooled* are bought for the peak by the capacity plan. Simulated, all of it.
"""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from benchmarks.record import machine
from promesa.cli.main import main as promesa
from promesa.kernel.clock import SystemClock, stopwatch_s
from promesa.runtime.places import default_city_directory

FIRST = date(2026, 11, 9)
DAYS = 35
# Orders of a day against a usual one: six-fold over three days, 39, 28 and 33 % of them as on
# CyberMonday 2025, and a tail as after Olist's Black Friday of 2017.
SPIKE = {14: 7.0, 15: 5.0, 16: 5.9, 17: 2.0, 18: 1.5, 19: 1.2}
EVENT_DAYS = (14, 15, 16)
WEEKDAYS = (1.15, 1.05, 1.0, 1.0, 1.05, 0.9, 0.85)
# Usual orders a day for each own van: at some 30 the vans are twice the capacity, as six days
# deliver what seven bring and a van makes some 76 stops.
COMUNAS = {
    "Santiago": 9.36,
    "La Florida": 7.2,
    "Ñuñoa": 5.04,
    "Providencia": 4.32,
    "San Miguel": 2.52,
    "San Joaquín": 1.8,
}
# How much a forecast doubts its rate, beside the chance of single orders.
EVENT_CV, DAY_CV = 0.25, 0.1
Z_90 = 1.2816
HEAD = (
    "| own vans | fleet | promise | stated | kept | least | most | worst day | days promised "
    "| lost % | cost, pesos | van days |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one way came to, over the scenarios of one operator and seed."""

    own_vans: int
    seed: int
    fleet: str
    fixed_days: int | None
    stated: float | None
    kept: float
    low: float
    high: float
    worst_day: float | None
    days: float
    lost_share: float
    cost_clp: float
    van_days: float

    def line(self) -> str:
        """A row of the table."""
        cells = (
            str(self.own_vans),
            self.fleet,
            "by capacity" if self.fixed_days is None else f"fixed {self.fixed_days}",
            "" if self.stated is None else f"{self.stated:.3f}",
            f"{self.kept:.3f}",
            f"{self.low:.3f}",
            f"{self.high:.3f}",
            "" if self.worst_day is None else f"{self.worst_day:.2f}",
            f"{self.days:.2f}",
            f"{self.lost_share * 100:.1f}",
            f"{self.cost_clp:,.0f}",
            f"{self.van_days:,.0f}",
        )
        return f"| {' | '.join(cells)} |"


def forecast_text(vans: int) -> str:
    """A forecast of orders by comuna and day, with its 10 and 90 % quantiles."""
    rows = ["series,date,mean,p10,p50,p90,event"]
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        is_event = number in EVENT_DAYS
        for comuna, usual in COMUNAS.items():
            mean = vans * usual * WEEKDAYS[day.weekday()] * SPIKE.get(number, 1.0)
            square = (EVENT_CV if is_event else DAY_CV) ** 2 + 1 / mean
            sigma = math.sqrt(math.log1p(square))
            middle = mean / math.sqrt(1 + square)
            p10, p90 = middle * math.exp(-Z_90 * sigma), middle * math.exp(Z_90 * sigma)
            figures = ",".join(f"{each:.3f}" for each in (mean, p10, middle, p90))
            rows.append(f"{comuna},{day},{figures},{'Cyber' if is_event else ''}")
    return "\n".join(rows) + "\n"


def fleet_text(vans: int) -> str:
    """One depot with so many vans of its own, and as many more on contract as a peak asks for."""
    ids = ", ".join(f'"V-{number:03}"' for number in range(vans))
    return f"""
zone = "America/Santiago"
[[depots]]
id = "CD"
name = "CD San Joaquín"
lon = -70.640
lat = -33.480
open = 06:00:00
close = 22:00:00
[[vehicles]]
ids = [{ids}]
depot = "CD"
parcels = 120
weight_g = 900_000
volume_ml = 6_000_000
shift_start = 09:00:00
shift_end = 18:30:00
fixed_cost_clp = 22_000
hour_cost_clp = 5_500
km_cost_clp = 130
breaks = [{{ minutes = 30, earliest = 13:00:00, latest = 15:30:00 }}]
[[contracts]]
name = "Refuerzo"
depot = "CD"
vehicles = {8 * vans}
day_cost_clp = 95_000
"""


def rows_of(vans: int, seed: int, scenarios: int) -> Iterator[Row]:
    """Every way on one operator."""
    with tempfile.TemporaryDirectory() as folder:
        forecast, fleet, report = (
            Path(folder) / name for name in ("pronostico.csv", "flota.toml", "ensayo.json")
        )
        forecast.write_text(forecast_text(vans), encoding="utf-8")
        fleet.write_text(fleet_text(vans), encoding="utf-8")
        words = ["simulate", "--peak", "--city", str(default_city_directory())]
        words += ["--forecast", str(forecast), "--fleet", str(fleet), "--report", str(report)]
        words += ["--with", "propia", "--with", "media", "--with", "reserva"]
        words += ["--seeds", str(scenarios), "--seed", str(seed)]
        promesa(words, standalone_mode=False)
        done = json.loads(report.read_text(encoding="utf-8"))
    for result in done["results"]:
        row = _row(vans, seed, result)
        click.echo(row.line())
        yield row


def _row(vans: int, seed: int, result: dict[str, Any]) -> Row:
    kept, days = result["kept"], result["days_promised"]
    return Row(
        own_vans=vans,
        seed=seed,
        fleet=result["way"]["fleet"],
        fixed_days=result["way"]["fixed_days"],
        stated=result["stated"],
        kept=kept["mean"],
        low=kept["low"],
        high=kept["high"],
        worst_day=result["worst_kept"],
        days=days["mean"],
        lost_share=result["lost_share"],
        cost_clp=result["fleet_clp"] + result["broken_clp"] + result["lost_clp"],
        van_days=result["van_days"],
    )


def means(rows: Sequence[Row]) -> Iterator[Row]:
    """One row for each operator and way, over its seeds; the least and the most of all of them."""
    groups: dict[tuple[int, str, int | None], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.own_vans, row.fleet, row.fixed_days), []).append(row)
    for (vans, fleet, fixed_days), own in groups.items():
        stated = [row.stated for row in own if row.stated is not None]
        worst = [row.worst_day for row in own if row.worst_day is not None]
        yield Row(
            own_vans=vans,
            seed=0,
            fleet=fleet,
            fixed_days=fixed_days,
            stated=sum(stated) / len(stated) if stated else None,
            kept=sum(row.kept for row in own) / len(own),
            low=min(row.low for row in own),
            high=max(row.high for row in own),
            worst_day=min(worst, default=None),
            days=sum(row.days for row in own) / len(own),
            lost_share=sum(row.lost_share for row in own) / len(own),
            cost_clp=sum(row.cost_clp for row in own) / len(own),
            van_days=sum(row.van_days for row in own) / len(own),
        )


@click.command()
@click.option(
    "--vans", "sizes", multiple=True, default=(5, 7, 10, 20), help="Own vans; repeatable."
)
@click.option("--seeds", default=2, help="Runs of each, with doors, days and draws of their own.")
@click.option("--scenarios", default=3, help="Of each run.")
@click.option("--out", type=click.Path(path_type=Path), help="Record to write, without suffix.")
def main(sizes: tuple[int, ...], seeds: int, scenarios: int, out: Path | None) -> None:
    """Prints the table; with --out writes it."""
    began = stopwatch_s()
    rows = [
        row
        for vans in sizes
        for seed in range(1, seeds + 1)
        for row in rows_of(vans, seed, scenarios)
    ]
    table = "\n".join([HEAD, *(row.line() for row in means(rows))])
    click.echo(table)
    if out is None:
        return
    about = machine(SystemClock().now(), ["promesa"])
    out.with_suffix(".md").write_text(
        f"**Simulated.** {about['date']}, {about['processor']}. `python -m benchmarks.peak_week`, "
        f"{seeds} seeds of {scenarios} scenarios, {stopwatch_s() - began:.0f} s.\n\n{table}\n",
        encoding="utf-8",
    )
    written = {"simulated": True, "about": about, "rows": [asdict(row) for row in rows]}
    out.with_suffix(".json").write_text(json.dumps(written, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
