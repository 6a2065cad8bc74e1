"""History made ready to be learnt from: logarithms of what can be learnt, on the days it can.

Left out are closed days, days of given events, and days that nobody reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import Panel, days_from
from promesa.planning.forecast.closures import closed_days
from promesa.planning.forecast.forecast import HALF_PARCEL
from promesa.planning.forecast.given_events import event_mask, is_given, prior_effects
from promesa.planning.forecast.marks import DayMarks, mark_days

# Four years: four of each event. The matrices of the model grow with its square.
HISTORY_DAYS_MAX = 1_461
# A day is one to learn from where at least so much of the series can be.
OPEN_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """History and the days to come, on one calendar.

    Attributes:
        days: History first.
        known: How many of them are history.
        series: Names of the columns.
        logs: float64 [known, series]; NaN where nothing can be learnt.
        seen: The same with the days of given events.
        is_closed: bool [days, series].
        is_open: Days the models know of; bool [days].
        marks: Of ``days``, for the events that the models learn.
    """

    days: tuple[date, ...]
    known: int
    series: tuple[str, ...]
    logs: NDArray[np.float64]
    seen: NDArray[np.float64]
    is_closed: NDArray[np.bool_]
    is_open: NDArray[np.bool_]
    marks: DayMarks

    @property
    def open_rows(self) -> NDArray[np.int64]:
        """Rows of the open days."""
        return np.flatnonzero(self.is_open)

    @property
    def open_before(self) -> NDArray[np.int64]:
        """How many open days come before each row; int64 [days + 1]."""
        return np.concatenate([[0], np.cumsum(self.is_open)]).astype(np.int64)


def make_grid(panel: Panel, events: Sequence[DemandEvent], horizon: int) -> Grid:
    """The last ``HISTORY_DAYS_MAX`` days of ``panel`` and ``horizon`` days after them."""
    panel = panel.since(panel.last - timedelta(days=HISTORY_DAYS_MAX - 1))
    known = len(panel.parcels)
    days = days_from(panel.first, known + horizon)
    learnt = [event for event in events if not is_given(event) and event.uplift is None]
    marks = mark_days(days, learnt)
    closed = closed_days(panel, days, marks, events)
    hidden = event_mask(days, panel.series, events)
    with np.errstate(divide="ignore"):
        seen = np.log(np.maximum(panel.parcels, HALF_PARCEL))
    seen[closed[:known]] = np.nan
    logs = np.where(hidden[:known], np.nan, seen)
    is_known = _is_open(panel.parcels, closed[:known])
    # A series that began during an event is learnt from its days as if the prior were right.
    unlearnt = np.isnan(logs[is_known]).all(axis=0)
    if unlearnt.any():
        lift = prior_effects(days[:known], panel.series, events)
        logs[:, unlearnt] = (seen - lift)[:, unlearnt]
    is_open = np.concatenate([is_known, (~closed[known:]).mean(axis=1) >= OPEN_SHARE])
    return Grid(
        days=days,
        known=known,
        series=panel.series,
        logs=logs,
        seen=seen,
        is_closed=closed,
        is_open=is_open,
        marks=marks,
    )


def _is_open(parcels: NDArray[np.float64], closed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Days of history on which enough can be learnt of the series there were then; bool [days]."""
    reported = ~np.isnan(parcels)
    began = np.maximum.accumulate(reported, axis=0)
    goes_on = np.maximum.accumulate(reported[::-1], axis=0)[::-1]
    there = (began & goes_on).sum(axis=1)
    usable = (reported & ~closed).sum(axis=1)
    is_open = (usable > 0) & (usable >= OPEN_SHARE * there)
    # A series that never reports on the others' days needs every day that says anything.
    is_told = (reported & ~closed)[is_open].any(axis=0)
    return np.asarray(is_open if is_told.all() else usable > 0)
