"""A fortnight of 85 drivers on two shifts, a peak of three days in it, reinforcement and overtime.

python -m benchmarks.roster
"""

from __future__ import annotations

from datetime import date, time, timedelta

import click

from promesa.kernel.clock import stopwatch_s
from promesa.kernel.seeds import stream
from promesa.planning.capacity.roster_check import check_roster
from promesa.planning.capacity.roster_search import Reinforcement, make_roster
from promesa.planning.capacity.rosters import RosterCase, RosterDriver, RosterShift

FIRST = date(2026, 10, 5)
WEEK = (58, 55, 55, 56, 58, 42, 14)
PEAK_DAYS = range(7, 10)


def fortnight(drivers: int, seed: int) -> RosterCase:
    """Drivers who come out of different weeks."""
    draw = stream(seed, "roster")
    return RosterCase(
        days=tuple(FIRST + timedelta(days=number) for number in range(14)),
        drivers=tuple(
            RosterDriver(
                name=f"Conductor {number:03d}",
                days_in_row=draw.randrange(5),
                sundays_worked=draw.randrange(3),
            )
            for number in range(drivers)
        ),
        shifts=(
            RosterShift(code="AM", start=time(8), end=time(16, 54)),
            RosterShift(code="PM", start=time(13), end=time(21, 54)),
        ),
    )


@click.command()
@click.option("--drivers", default=85)
@click.option("--peak", default=1.5, help="Of the three days of the second week.")
@click.option("--seed", default=1)
def main(drivers: int, peak: float, seed: int) -> None:
    """Prints what the roster comes to."""
    case = fortnight(drivers, seed)
    wanted = {}
    for number, day in enumerate(case.days):
        count = WEEK[number % 7] * (peak if number in PEAK_DAYS else 1.0)
        wanted[day, "AM"] = round(count * 0.65)
        wanted[day, "PM"] = round(count * 0.35)
    offer = Reinforcement(name="refuerzo", drivers_max=30, day_cost_clp=95_000)
    began_s = stopwatch_s()
    found = make_roster(case, wanted, reinforcement=[offer])
    took_s = stopwatch_s() - began_s
    click.echo(
        f"{drivers} drivers, peak {peak:g}, seed {seed}: {took_s:.1f} s, gap {found.gap:.4f}, "
        f"{found.cost_clp} pesos, {found.overtime_h:.1f} h overtime, "
        f"{sum(hire.drivers for hire in found.reinforced)} hires, "
        f"{sum(short.missing for short in found.short)} short, "
        f"{len(check_roster(case, found.duties))} warnings"
    )


if __name__ == "__main__":
    main()
