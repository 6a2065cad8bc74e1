"""Rows of a history as they are read, and what their dates and points mean once all were seen."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.errors import FieldFault
from promesa.orders.amounts import Point, decided
from promesa.orders.cells import CellError, as_moment, is_month_first
from promesa.planning.demand.panel import DAYS_MAX

FAULTS_MAX = 1_000
CELL_SHOWN_CHARS_MAX = 40
HUNDRED, THOUSAND = 100, 1_000


@dataclass(slots=True)
class HistoryRows:
    """Rows read so far, a number each; ``unread`` has parcels that their column must settle."""

    series: dict[str, int] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)
    column: array[int] = field(default_factory=lambda: array("i"))
    day: array[int] = field(default_factory=lambda: array("i"))
    hour: array[int] = field(default_factory=lambda: array("b"))
    parcels: array[float] = field(default_factory=lambda: array("d"))
    line: array[int] = field(default_factory=lambda: array("i"))
    numbers: dict[str, float] = field(default_factory=dict)
    unread: dict[int, str] = field(default_factory=dict)
    points: set[Point] = field(default_factory=set)
    whole_max: int = 0
    has_hundreds: bool = False
    faults: list[FieldFault] = field(default_factory=list)
    refused: int = 0
    seen: int = 0

    def refuse(self, line: int, name: str, reason: str) -> None:
        """Counts a row that cannot be used, and keeps why of the first ones."""
        self.refused += 1
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(FieldFault(field=name, reason=reason, row=line))


def settled(rows: HistoryRows) -> NDArray[np.bool_]:
    """Which rows are good, bool [row], once points and dates are read as their columns say."""
    good = np.ones(len(rows.line), bool)
    point = column_point(rows)
    for row, text in rows.unread.items():
        try:
            rows.parcels[row] = float(decided(text, point))
        except CellError as error:
            good[row] = False
            rows.refuse(rows.line[row], "parcels", error.sentence)
    days, reasons = _read_days(list(rows.days))
    told = days[np.asarray(rows.day)]
    for undated in np.flatnonzero(good & (told == 0)):
        good[undated] = False
        rows.refuse(rows.line[undated], "date", reasons[rows.day[undated]])
    rows.day = array("i", told.astype(np.int32).tobytes())
    return _within(rows, good)


def column_point(rows: HistoryRows) -> Point:
    """What a point is in the column of parcels.

    Whole numbers that go on plainly up to 999 and no further, and then with a point, are counts
    with a point for thousands.
    """
    if rows.points:
        return next(iter(rows.points)) if len(rows.points) == 1 else Point.UNKNOWN
    is_counted = rows.has_hundreds and rows.whole_max < THOUSAND
    return Point.THOUSANDS if is_counted else Point.UNKNOWN


def _read_days(texts: Sequence[str]) -> tuple[NDArray[np.int64], dict[int, str]]:
    """The ordinal of each text, 0 for what is no date, and why by its number."""
    is_doubtful = is_month_first(texts)
    days, reasons = np.zeros(len(texts), np.int64), {}
    for number, written in enumerate(texts):
        text = written.strip()
        try:
            moment = as_moment(text, is_doubtful=is_doubtful)
        except CellError as error:
            reasons[number] = f"«{text[:CELL_SHOWN_CHARS_MAX]}»: {error.sentence}"
            continue
        if moment is None:
            reasons[number] = "Falta la fecha. Escríbela como 2026-11-30 o 30/11/2026."
        else:
            days[number] = moment.day.toordinal()
    return days, reasons


def _within(rows: HistoryRows, good: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The good rows, but for those so far from the middle one that their year must be wrong."""
    days = np.asarray(rows.day)
    if not good.any() or np.ptp(days[good]) < DAYS_MAX:
        return good
    far = good & (np.abs(days - np.median(days[good])) >= DAYS_MAX // 2)
    for row in np.flatnonzero(far):
        day = date.fromordinal(int(days[row]))
        reason = f"El {day:%d-%m-%Y} queda a más de diez años de las demás filas. Revisa el año."
        rows.refuse(rows.line[row], "date", reason)
    return np.asarray(good & ~far)
