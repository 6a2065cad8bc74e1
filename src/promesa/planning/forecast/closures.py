"""Days on which nothing is taken: learnt from zeros, or said by an event whose uplift is zero.

A closed day is not a day of low demand. It is left out of what is learnt and forecast as zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import Panel
from promesa.planning.forecast.given_events import UPLIFT_MIN
from promesa.planning.forecast.marks import DayMarks

Flags = NDArray[np.bool_]

# A date is a holiday of everybody where so many of the series had a zero each time it came.
SHARED_SHARE = 0.6
# A weekday is closed for a series that had a zero on so many of its last ones.
WEEKDAY_SHARE = 0.75
WEEKDAYS_LOOKED_AT = 13
WEEKDAYS_MIN = 4
# Below it a zero is chance: a series of 5 a day has one in 148 by chance alone.
ZERO_MEANS_CLOSED_FROM = 5.0
# A series has stopped after so many days of nothing in a row, where its last weeks before gave
# reason to expect so many parcels: by chance alone that never happens.
STOPPED_DAYS = 14
STOPPED_PARCELS = 30.0
BEFORE_STOP_DAYS = 56


def closed_days(
    panel: Panel, days: Sequence[date], marks: DayMarks, events: Sequence[DemandEvent]
) -> Flags:
    """Which series is closed on which of ``days``, history first; bool [days, series]."""
    known = len(panel.parcels)
    closed = np.zeros((len(days), len(panel.series)), dtype=bool)
    busy = _means(panel) >= ZERO_MEANS_CLOSED_FROM
    zero = (panel.parcels == 0) & busy
    shared = _shared_zeros(zero, panel, busy)
    # A lone zero of a busy series is a strike or a fault: nothing to learn from either.
    closed[:known] |= zero
    # Nothing on a Sunday that is always closed says nothing of its date in another year.
    usual = _closed_weekdays(shared[:, None], marks.weekday, 0)[:known, 0]
    for row in range(known, len(days)):
        past = _like(days, marks, row, known)
        past = past[~usual[past]]
        if len(past) and shared[past].mean() >= SHARED_SHARE:
            closed[row] = busy
    closed[known:] |= _closed_weekdays(zero, marks.weekday, known)[known:]
    closed |= said_closed(days, panel.series, events)
    return closed


def stopped(parcels: NDArray[np.float64]) -> Flags:
    """Which series have had nothing for too long to be chance; bool [series]."""
    found = np.zeros(parcels.shape[1], dtype=bool)
    for column in np.flatnonzero(~(np.nan_to_num(parcels[-STOPPED_DAYS:]) > 0).any(axis=0)):
        told = parcels[~np.isnan(parcels[:, column]), column]
        some = np.flatnonzero(told)
        if len(some):
            before = told[: some[-1] + 1][-BEFORE_STOP_DAYS:]
            run = len(told) - 1 - some[-1]
            found[column] = run >= STOPPED_DAYS and run * before.mean() >= STOPPED_PARCELS
    return found


def _means(panel: Panel) -> NDArray[np.float64]:
    counted = ~np.isnan(panel.parcels)
    return np.asarray(np.nansum(panel.parcels, axis=0) / np.maximum(counted.sum(axis=0), 1))


def _shared_zeros(zero: Flags, panel: Panel, busy: Flags) -> Flags:
    """Days on which most busy series had nothing; bool [history]."""
    counted = (~np.isnan(panel.parcels) & busy).sum(axis=1)
    return np.asarray((counted > 0) & (zero.sum(axis=1) >= SHARED_SHARE * counted))


def _like(days: Sequence[date], marks: DayMarks, row: int, known: int) -> NDArray[np.int64]:
    """The days of history on the same date of another year, or on the same day of its event."""
    day = days[row]
    same = np.array([(d.month, d.day) == (day.month, day.day) for d in days[:known]], dtype=bool)
    of_event = marks.event_day[:known] == marks.event_day[row]
    same_event = (of_event & (marks.event_day[row] >= 0)).any(axis=1)
    # A date speaks for itself where it was seen; an event that moves, where the date was not.
    return np.flatnonzero(same if same.any() else same_event)


def _closed_weekdays(zero: Flags, weekday: NDArray[np.int64], start: int) -> Flags:
    """Weekdays from ``start`` on which a series had nothing, nearly always, in the last quarter."""
    known = len(zero)
    closed = np.zeros((len(weekday), zero.shape[1]), dtype=bool)
    for number in range(7):
        rows = np.flatnonzero(weekday == number)
        last = rows[rows < known][-WEEKDAYS_LOOKED_AT:]
        if len(last) >= WEEKDAYS_MIN:
            shut = zero[last].mean(axis=0) >= WEEKDAY_SHARE
            closed[np.ix_(rows[rows >= start], np.flatnonzero(shut))] = True
    return closed


def said_closed(
    days: Sequence[date], series: Sequence[str], events: Sequence[DemandEvent]
) -> Flags:
    """Days that an event says are closed."""
    closed = np.zeros((len(days), len(series)), dtype=bool)
    for event in events:
        if event.uplift is not None and event.uplift < UPLIFT_MIN:
            rows = [row for row, day in enumerate(days) if event.start <= day <= event.end]
            touched = [column for column, name in enumerate(series) if event.touches(name)]
            closed[np.ix_(rows, touched)] = True
    return closed
