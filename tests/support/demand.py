"""Small demand histories with a known truth."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from promesa.planning.demand.panel import Panel

MONDAY = date(2024, 1, 1)
# A week that sums to nothing in logarithms: Fridays are busy, Sundays quiet.
WEEK = np.array([0.0, 0.05, 0.1, 0.1, 0.25, -0.1, -0.4])


def steady(
    days: int, series: int = 1, *, rate: float = 100.0, seed: int = 1, first: date = MONDAY
) -> Panel:
    """Poisson counts around ``rate`` times the week's shape."""
    chance = np.random.default_rng(seed)
    weekday = (first.weekday() + np.arange(days)) % 7
    expected = rate * np.exp(WEEK[weekday])
    return Panel(
        first=first,
        series=tuple(f"S{number}" for number in range(series)),
        parcels=chance.poisson(np.repeat(expected[:, None], series, axis=1)).astype(float),
    )


def lifted(panel: Panel, start: date, factors: list[float]) -> Panel:
    """The panel with the days from ``start`` multiplied."""
    parcels = panel.parcels.copy()
    row = (start - panel.first).days
    for offset, factor in enumerate(factors):
        parcels[row + offset] = np.round(parcels[row + offset] * factor)
    return Panel(first=panel.first, series=panel.series, parcels=parcels)


def day(number: int) -> date:
    """The day with so many before it."""
    return MONDAY + timedelta(days=number)
