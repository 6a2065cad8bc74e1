"""What our engine still serves with too few vans, beside the floor that capacity plans tell.

    python -m benchmarks.short_of_vans

Plans of capacity say that half the vans keep half the promises. A planner that may choose leaves
out what is dearest to reach, so more is kept; how much more is measured here.
"""

from __future__ import annotations

from dataclasses import replace

import click
import numpy as np

from benchmarks.route_days import (
    Pool,
    day_of,
    metropolitan_pool,
    problem_of,
    santiago_pool,
)
from benchmarks.route_length import case_of
from promesa.planning.capacity.route_length import estimate
from promesa.routing.budget import Budget
from promesa.routing.instances.instance import MUST_SERVE
from promesa.routing.solver import solve

ITERATIONS = 15_000
SHARES = (0.9, 0.7, 0.5)
STOPS_MIN, STOPS_MAX = 400, 900


def rows_of(pool: Pool, day: int) -> list[tuple[str, int, float, int, float, float]]:
    """Depot, stops, vans needed, vans there, share served, share told."""
    case = case_of(pool, pool.name)
    places = day_of(pool, day, STOPS_MIN, STOPS_MAX)
    problem = problem_of(pool, places)
    stops = np.bincount(pool.zone[places], minlength=int(pool.zone.max()) + 1).astype(float)
    work = case.days[0].work
    needed = float(estimate(stops, case.zones, case.limits, work).vehicles)
    rows = []
    for share in SHARES:
        vans = max(1, round(needed * share))
        few = replace(problem, vehicles=problem.vehicles[:vans])
        plan = solve(few, Budget(iterations=ITERATIONS), 1, MUST_SERVE)
        served = 1 - len(plan.unserved) / len(places)
        rows.append((pool.name, len(places), needed, vans, served, min(1.0, vans / needed)))
    return rows


@click.command()
@click.option("--days", default=2)
def main(days: int) -> None:
    """Prints the table and the power that fits it."""
    pools = [santiago_pool(0), santiago_pool(1), metropolitan_pool(1, 0), metropolitan_pool(2, 1)]
    rows = [row for pool in pools for day in range(days) for row in rows_of(pool, day)]
    click.echo("| depot | stops | vans needed | vans | served | told |\n|---|---|---|---|---|---|")
    for name, stops, needed, vans, served, told in rows:
        line = f"{name} | {stops} | {needed:.1f} | {vans} | {served:.3f} | {told:.3f}"
        click.echo(f"| {line} |")
    short = [(1 - told, 1 - served) for *_, served, told in rows if 0 < told < 1 and served < 1]
    powers = [np.log(out) / np.log(few) for few, out in short]
    click.echo(f"left out = (vans missing, as a share) to the power of {np.median(powers):.2f}")


if __name__ == "__main__":
    main()
