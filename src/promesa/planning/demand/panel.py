"""Demand as a table: one row a day without gaps, one column a series, unknown where nobody said.

A series is whatever is counted apart: a comuna, a depot's product class, a store. A day that nobody
reported is unknown, not zero; a zero is a day on which nothing was ordered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

# 20 years of days, and some 30 times the comunas of Chile.
DAYS_MAX = 7_400
SERIES_MAX = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Daily counts.

    Attributes:
        first: The day of row 0.
        series: Names, in the order of the columns.
        parcels: float64 [days, series], counted a day; NaN where unknown.
    """

    first: date
    series: tuple[str, ...]
    parcels: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Refuses a table that does not fit its names or the limits."""
        days, columns = self.parcels.shape
        assert columns == len(self.series), "a column per series"
        assert days <= DAYS_MAX, f"{days} days"
        assert columns <= SERIES_MAX, f"{columns} series"

    @property
    def days(self) -> tuple[date, ...]:
        """The day of each row."""
        return days_from(self.first, len(self.parcels))

    @property
    def last(self) -> date:
        """The day of the last row."""
        return self.first + timedelta(days=len(self.parcels) - 1)

    def until(self, day: date) -> Panel:
        """What was known when ``day`` was over."""
        count = max(0, (day - self.first).days + 1)
        return Panel(first=self.first, series=self.series, parcels=self.parcels[:count])

    def since(self, day: date) -> Panel:
        """Only ``day`` and what came after."""
        start = min(max(0, (day - self.first).days), len(self.parcels))
        first = self.first + timedelta(days=start)
        return Panel(first=first, series=self.series, parcels=self.parcels[start:])

    def summed(self, names: Sequence[str]) -> Panel:
        """Columns of one name together, in the order of their first; unknown where all are.

        ``names`` has one for each column.
        """
        kept = tuple(dict.fromkeys(names))
        assert len(names) == len(self.series), "a name per column"
        parcels = np.full((len(self.parcels), len(kept)), np.nan)
        for place, name in enumerate(kept):
            parts = self.parcels[:, [column for column, own in enumerate(names) if own == name]]
            known = ~np.isnan(parts).all(axis=1)
            parcels[known, place] = np.nansum(parts[known], axis=1)
        return Panel(first=self.first, series=kept, parcels=parcels)

    def only(self, columns: Sequence[int]) -> Panel:
        """Some of the series, in the order given."""
        names = tuple(self.series[column] for column in columns)
        return Panel(first=self.first, series=names, parcels=self.parcels[:, list(columns)])


def days_from(first: date, count: int) -> tuple[date, ...]:
    """``count`` days in a row."""
    return tuple(first + timedelta(days=n) for n in range(count))
