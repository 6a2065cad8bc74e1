"""Routes at loading doors: first come, earliest due, and CP-SAT begun from earliest due.

python -m benchmarks.docks
"""

from __future__ import annotations

import click
import numpy as np

from promesa.kernel.clock import stopwatch_s
from promesa.kernel.units import HOUR_S, MINUTE_S
from promesa.planning.capacity.dock_search import better
from promesa.planning.capacity.docks import (
    Doors,
    Loading,
    earliest_due,
    first_come,
    late_minutes,
    schedule,
)

CASES = ((120, 12), (180, 18), (180, 24), (240, 32))
OPEN_S, CLOSE_S = 5 * HOUR_S, 12 * HOUR_S


def loadings(count: int, doors: int, seed: int) -> list[Loading]:
    """Routes staged while others load, 15 to 35 minutes each, due within waves of the morning.

    The doors are as busy in every case: what there is to load fills them for some four hours.
    """
    draws = np.random.default_rng([seed, count, doors])
    span_min = count * 25 / doors
    found = []
    for number in range(count):
        ready = int(draws.uniform(0, span_min * 0.7))
        minutes = int(draws.uniform(15, 35))
        due = ready + minutes + int(draws.exponential(span_min * 0.35))
        found.append(
            Loading(
                route=f"R-{number:03d}",
                ready_s=OPEN_S + ready * MINUTE_S,
                due_s=OPEN_S + due * MINUTE_S,
                duration_s=minutes * MINUTE_S,
            )
        )
    return found


@click.command()
@click.option("--seconds", default=20.0, help="Of each search.")
@click.option("--seed", default=1)
def main(seconds: float, seed: int) -> None:
    """Prints late minutes, all routes together."""
    click.echo("| routes | doors | first come | earliest due | CP-SAT from it | s |")
    click.echo("|---|---|---|---|---|---|")
    for count, number in CASES:
        doors = Doors(count=number, open_s=OPEN_S, close_s=CLOSE_S)
        routes = loadings(count, number, seed)
        first = late_minutes(schedule(routes, doors, first_come))
        ruled = schedule(routes, doors, earliest_due)
        began_s = stopwatch_s()
        found = late_minutes(better(ruled, doors, seconds=seconds))
        took_s = stopwatch_s() - began_s
        row = (count, number, first, late_minutes(ruled), found, f"{took_s:.1f}")
        click.echo(f"| {' | '.join(map(str, row))} |")


if __name__ == "__main__":
    main()
