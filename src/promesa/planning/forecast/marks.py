"""What a date says before anybody orders: weekday, place in the month, day of which event.

Only events that are to be learnt and touch every series are marked; `given_events` has the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from promesa.planning.demand.event import DemandEvent

NO_EVENT = -1

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """Days of one event in a row; rows of the same name that overlap or touch are one."""

    name: str
    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMarks:
    """Marks of days, int64 [days] each; of events int64 [days, names].

    Attributes:
        number: Days since 1970.
        weekday: 0 for Monday.
        month_day: From 1.
        month_left: Days that the month still has after this one.
        event_day: Which day of the event this is, from 0; ``NO_EVENT`` on all others.
        names: The event of each column.
    """

    number: Ints
    weekday: Ints
    month_day: Ints
    month_left: Ints
    event_day: Ints
    names: tuple[str, ...]

    @property
    def has_event(self) -> NDArray[np.bool_]:
        """Whether a day belongs to any event; bool [days]."""
        return np.asarray((self.event_day >= 0).any(axis=1))

    def take(self, rows: Ints | NDArray[np.bool_]) -> DayMarks:
        """The marks of some of the days."""
        return DayMarks(
            number=self.number[rows],
            weekday=self.weekday[rows],
            month_day=self.month_day[rows],
            month_left=self.month_left[rows],
            event_day=self.event_day[rows],
            names=self.names,
        )


def mark_days(days: Sequence[date], events: Iterable[DemandEvent]) -> DayMarks:
    """The marks of ``days``, with each of ``events`` as one to be learnt for all series."""
    turns = occurrences(events)
    names = tuple(sorted({turn.name for turn in turns}))
    place = {day: row for row, day in enumerate(days)}
    event_day = np.full((len(days), len(names)), NO_EVENT, dtype=np.int64)
    for turn in turns:
        column = names.index(turn.name)
        for offset in range((turn.end - turn.start).days + 1):
            row = place.get(turn.start + timedelta(days=offset))
            if row is not None:
                event_day[row, column] = offset
    dates = np.array(days, dtype="datetime64[D]")
    months = dates.astype("datetime64[M]")
    month_first = months.astype("datetime64[D]")
    month_last = (months + 1).astype("datetime64[D]") - 1
    return DayMarks(
        number=dates.astype(np.int64),
        weekday=np.array([day.weekday() for day in days], dtype=np.int64),
        month_day=(dates - month_first).astype(np.int64) + 1,
        month_left=(month_last - dates).astype(np.int64),
        event_day=event_day,
        names=names,
    )


def occurrences(events: Iterable[DemandEvent]) -> tuple[Occurrence, ...]:
    """The events as runs of days, by name and then by start."""
    found: list[Occurrence] = []
    for event in sorted(events, key=lambda event: (event.name, event.start)):
        last = found[-1] if found else None
        if last and last.name == event.name and event.start <= last.end + timedelta(days=1):
            found[-1] = replace(last, end=max(last.end, event.end))
        else:
            found.append(Occurrence(name=event.name, start=event.start, end=event.end))
    return tuple(found)
