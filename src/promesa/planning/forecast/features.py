"""What a tree is told of one day of one series, seen from an origin before it.

Everything of demand is a logarithm relative to the series' recent level, so that one model serves
series of any size. Nothing after the origin is looked at but the calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from promesa.planning.forecast.grid import Grid

Floats = NDArray[np.float64]
Columns = NDArray[np.int64]

# Days of the recent level, events left out.
BASE_D = 56
WINDOWS_D = (7, 28, 91, 364)
YEAR_OF_WEEKS_D = 364
AROUND_D = 28
# Weekdays before an event day that say what it would have been.
SAME_WEEKDAYS = 6
CALENDAR = ("ahead", "weekday", "month_day", "month_left", "year_day", "event", "event_day")
OF_SERIES = (
    *(f"level_{days}" for days in WINDOWS_D),
    "weekday_level",
    "last_weekday",
    "year_ago",
    "season_ago",
    "event_ago",
)
FEATURES = (*CALENDAR, *OF_SERIES, "structural", "structural_sd")
EVENT_FEATURE = FEATURES.index("event")


@dataclass(slots=True)
class Memory:
    """The filled history with its running sums, and what event days did.

    Attributes:
        grid: Calendar and marks.
        logs: Filled logarithms on all days of history; float64 [known, series], NaN on closed days.
    """

    grid: Grid
    logs: Floats
    _sums: Floats = field(init=False)
    _counts: Columns = field(init=False)
    _quiet: NDArray[np.int64] = field(init=False)
    _event: Columns = field(init=False)
    _event_day: Columns = field(init=False)
    _lifts: dict[int, Floats] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        known = ~np.isnan(self.logs)
        zero = np.zeros((1, self.logs.shape[1]))
        self._sums = np.concatenate([zero, np.cumsum(np.nan_to_num(self.logs), axis=0)])
        self._counts = np.concatenate([[0], np.cumsum(known.any(axis=1))]).astype(np.int64)
        marks = self.grid.marks
        has_event = marks.has_event
        in_event = np.concatenate([marks.event_day, np.zeros((len(has_event), 1))], axis=1) >= 0
        self._event = np.where(has_event, in_event.argmax(axis=1), -1)
        self._event_day = np.where(has_event, marks.event_day.max(axis=1, initial=-1), -1)
        self._quiet = np.flatnonzero(~has_event[: self.grid.known] & known.any(axis=1))
        for row in np.flatnonzero(has_event[: self.grid.known] & known.any(axis=1)):
            before = self._like(int(row), self._quiet[self._quiet < row])[-SAME_WEEKDAYS:]
            if len(before):
                self._lifts[int(row)] = self.logs[row] - self.logs[before].mean(axis=0)

    def _like(self, row: int, rows: Columns) -> Columns:
        weekday = self.grid.marks.weekday
        return np.asarray(rows[weekday[rows] == weekday[row]])

    def mean(self, start: int, end: int) -> Floats:
        """Mean logarithm of the days from ``start`` until before ``end``; NaN without any."""
        start, end = max(0, start), max(0, end)
        count = self._counts[end] - self._counts[start]
        if not count:
            return np.full(self.logs.shape[1], np.nan)
        return np.asarray((self._sums[end] - self._sums[start]) / count)

    def base(self, origin: int) -> Floats:
        """The recent level seen from ``origin`` (its own day is not known); [series]."""
        rows = self._quiet[(self._quiet >= origin - BASE_D) & (self._quiet < origin)]
        return self.logs[rows].mean(axis=0) if len(rows) else self.mean(origin - BASE_D, origin)

    def rows(self, origin: int, targets: Columns, columns: Columns) -> tuple[Floats, Floats]:
        """Features of ``targets``, without the structural ones; and the base.

        Returns:
            float64 [targets, columns, features] and float64 [columns].
        """
        base = self.base(origin)
        levels = [(self.mean(origin - days, origin) - base)[columns] for days in WINDOWS_D]
        recent = self._quiet[(self._quiet >= origin - BASE_D) & (self._quiet < origin)]
        table = np.empty((len(targets), len(columns), len(CALENDAR) + len(OF_SERIES)))
        for place, row in enumerate(targets):
            table[place, :, : len(CALENDAR)] = self._calendar(origin, int(row))
            of_series = [*levels, *self._of_day(origin, int(row), recent, base, columns)]
            table[place, :, len(CALENDAR) :] = np.stack(of_series, axis=1)
        return table, base[columns]

    def _calendar(self, origin: int, row: int) -> Sequence[int]:
        marks = self.grid.marks
        year_day = self.grid.days[row].timetuple().tm_yday
        return (
            row - origin + 1,
            int(marks.weekday[row]),
            int(marks.month_day[row]),
            int(marks.month_left[row]),
            year_day,
            int(self._event[row]),
            int(self._event_day[row]),
        )

    def _of_day(
        self, origin: int, row: int, recent: Columns, base: Floats, columns: Columns
    ) -> list[Floats]:
        like = self._like(row, recent)
        weekday = self.logs[like].mean(axis=0) - base if len(like) else base * np.nan
        last = self.logs[like[-1]] - base if len(like) else base * np.nan
        ago = row - YEAR_OF_WEEKS_D
        year, season = base * np.nan, base * np.nan
        if ago - AROUND_D >= 0:
            around = self.mean(ago - AROUND_D, ago + AROUND_D + 1)
            year = self.logs[ago] - around
            season = self.mean(ago - 3, ago + 4) - self.mean(ago - AROUND_D, ago)
        lift = self._lift(origin, row)
        return [values[columns] for values in (weekday, last, year, season, lift)]

    def _lift(self, origin: int, row: int) -> Floats:
        """What this day of its event did before, on average; 0 on other days, NaN if never seen."""
        if self._event[row] < 0:
            return np.zeros(self.logs.shape[1])
        same = (self._event == self._event[row]) & (self._event_day == self._event_day[row])
        seen = [self._lifts[past] for past in self._lifts if past < origin and same[past]]
        return np.mean(seen, axis=0) if seen else np.full(self.logs.shape[1], np.nan)
