"""A van breaks down at noon; an urgent order comes into a live day. What each takes and moves.

    python -m benchmarks.replan breakdown --stops 1800 --fresh 20
    python -m benchmarks.replan urgent --stops 6200

CPU seconds of this process; planning the day, compiling and reading are apart.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, replace
from pathlib import Path

import click

from benchmarks.cputime import CpuBudget
from benchmarks.live import LiveDay, live_day
from promesa.routing.checker import check
from promesa.routing.engine.flatten import NO_CHANGES
from promesa.routing.plan import Sequences
from promesa.routing.problem import Problem
from promesa.routing.replan.departing import depart
from promesa.routing.replan.difference import moved_stops
from promesa.routing.replan.ledger import Ledger, left_out
from promesa.routing.replan.params import CALM
from promesa.routing.replan.places import LivePlaces
from promesa.routing.replan.replanning import replan
from promesa.routing.replan.rest import Rest, broken_down
from promesa.routing.schedule import make_plan
from promesa.routing.solver import improve

FOLDER = Path("var/benchmarks")
HANDOVER_S = 600
COLUMNS = ("van", "orphans", "who", "CPU s", "moved", "cost", "left", "windows", "broken rules")


@dataclass(frozen=True, slots=True)
class Row:
    """One way to go on after a breakdown."""

    van: int
    orphans: int
    who: str
    cpu_s: float
    moved: int
    cost: int
    left: int
    windows: int
    rules: int

    def line(self) -> str:
        """As a row of a table."""
        cells = (
            self.van, self.orphans, self.who, f"{self.cpu_s:.2f}", self.moved, self.cost,
            self.left, self.windows, self.rules,
        )  # fmt: skip
        return f"| {' | '.join(map(str, cells))} |"


@click.group()
def main() -> None:
    """Measures calm re-planning."""


@main.command()
@click.option(
    "--stops", default=1_800, help="Of the whole day; eight in ten are left at 11 at noon."
)
@click.option("--seed", default=1)
@click.option("--fresh", default=20.0, help="CPU seconds of each fresh optimisation.")
@click.option("--vans", default=3, help="How many breakdowns, one day each.")
@click.option("--any-van", is_flag=True, help="Let the fresh plan swap parcels between vans.")
def breakdown(stops: int, seed: int, fresh: float, vans: int, *, any_van: bool) -> None:
    """A van breaks down at noon: our calm plan beside fresh optimisations of the rest."""
    day = live_day(stops, seed, hour=12, plan_cpu_s=20, folder=FOLDER)
    running = [r.vehicle for r in day.rest.routes if r.start is not None and len(r.stops) > 1]
    click.echo(f"{day.live} live stops, {len(running)} vans under way, 2 spare")
    click.echo(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for vehicle in running[:: max(1, len(running) // vans)][:vans]:
        for row in _broken(day, vehicle, fresh, seed, any_van=any_van):
            click.echo(row.line())


def _broken(day: LiveDay, vehicle: int, fresh: float, seed: int, *, any_van: bool) -> list[Row]:
    start = day.rest.routes[vehicle].start
    assert start is not None, "only vans under way break down"
    orphans = len(day.rest.routes[vehicle].stops)
    rest = broken_down(day.rest, vehicle, location=start.location, handover_s=HANDOVER_S)
    began_s = time.process_time()
    calm = replan(rest)
    cpu_s = time.process_time() - began_s
    ledger = Ledger(calm.rest, CALM)
    rows = [_row(ledger, calm.sequences, vehicle, orphans, who="calm", cpu_s=cpu_s)]
    if any_van:
        free = broken_down(day.free, vehicle, location=start.location, handover_s=HANDOVER_S)
        ledger = Ledger(replace(free, problem=_relaxed(free, calm.rest)), CALM)
    departed = depart(ledger, calm.sequences)
    begun = {van: stops for van, stops in departed.start.items() if stops}
    for who, first in (("fresh, from the calm plan", begun), ("fresh, from nothing", {})):
        began_s = time.process_time()
        found = improve(departed.problem, first, NO_CHANGES, CpuBudget(fresh), seed=seed)
        cpu_s = time.process_time() - began_s
        back = departed.back({route.vehicle: route.sequence for route in found.plan.routes})
        rows.append(_row(ledger, back, vehicle, orphans, who=who, cpu_s=cpu_s))
    return rows


def _relaxed(free: Rest, calm: Rest) -> Problem:
    """The free day with the windows that the calm plan could not keep either."""
    stops = tuple(
        replace(stop, windows=kept.windows)
        for stop, kept in zip(free.problem.stops, calm.problem.stops, strict=True)
    )
    return replace(free.problem, stops=stops)


def _row(
    ledger: Ledger, sequences: Sequences, vehicle: int, orphans: int, *, who: str, cpu_s: float
) -> Row:
    departed = depart(ledger, sequences)
    plan = make_plan(departed.problem, {v: s for v, s in departed.start.items() if s})
    return Row(
        van=vehicle,
        orphans=orphans,
        who=who,
        cpu_s=cpu_s,
        moved=len(moved_stops(ledger.rest, sequences)),
        cost=ledger.cost_clp(sequences),
        left=len(left_out(ledger.rest, sequences)),
        windows=len(ledger.broken(sequences) - ledger.broken(ledger.rest.published)),
        rules=len(check(departed.problem, plan)),
    )


@main.command()
@click.option("--stops", default=6_200, help="Of the whole day; eight in ten are left at 11.")
@click.option("--seed", default=1)
@click.option("--orders", default=50, help="How many urgent orders, one after the other.")
def urgent(stops: int, seed: int, orders: int) -> None:
    """An urgent colecta into a live day: its ten best places, priced."""
    day = live_day(stops, seed, hour=11, plan_cpu_s=20, folder=FOLDER)
    problem = day.rest.problem
    began_s = time.process_time()
    live = LivePlaces(problem, day.rest.routes)
    held_s = time.process_time() - began_s
    took_ms, placed = [], 0
    for number in range(orders):
        # A colecta beside one of the day's doors: its place is in the matrix.
        door = problem.stops[(number * 97) % len(problem.stops)]
        order = replace(
            door,
            id=f"urgente-{number}",
            delivered=replace(door.delivered, parcels=0),
            picked_up=door.delivered,
            windows=(),
            pinned_vehicle=None,
        )
        stop = live.with_stop(order)
        began_s = time.process_time()
        found = live.best(stop)
        took_ms.append(1_000 * (time.process_time() - began_s))
        placed += bool(found)
    click.echo(
        f"{day.live} live stops, {len(day.rest.routes)} vans, held in {held_s:.2f} CPU s; "
        f"ten best places: median {statistics.median(took_ms):.1f} ms, "
        f"longest {max(took_ms):.1f} ms; {placed} of {orders} had one"
    )


if __name__ == "__main__":
    main()
