"""The table of comunas beside the forecast: what each brings, what all do, how right it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from promesa.api.forecast_views import ComunaForecastView, JudgedDayView, TotalForecastView
from promesa.planning.demand.series import SeriesKey
from promesa.planning.forecast.forecast import Forecast
from promesa.planning.forecast.newcomers import days_known_of
from promesa.planning.forecast.outlook import (
    UNKNOWN_SHARE_MAX,
    Judged,
    Outlook,
    judged_part,
)
from promesa.planning.forecast.scores import poisson_deviation

WEEK_D = 7

Columns = Mapping[str, Sequence[int]]


def columns_by_comuna(keys: Sequence[SeriesKey], depot: str | None) -> dict[str, list[int]]:
    """Where the series of each comuna stand; of one depot where it is asked about."""
    columns: dict[str, list[int]] = {}
    for column, key in enumerate(keys):
        if depot is None or key.depot == depot:
            columns.setdefault(key.comuna, []).append(column)
    return columns


def comuna_views(outlook: Outlook, made: Forecast, columns: Columns) -> list[ComunaForecastView]:
    """Every comuna, the largest first. One with little history has no past to be judged by."""
    found = []
    for name, own in columns.items():
        few = _few(outlook, own)
        parts = [] if few is not None else _judged_parts(outlook, name, own)
        judged = parts[0] if len(parts) == 1 else None
        next_7, next_28, peak_day, peak = _expected(made, own)
        found.append(
            ComunaForecastView(
                comuna=name,
                next_7=next_7,
                next_28=next_28,
                peak_day=peak_day,
                peak=peak,
                error=judged.wape if judged else None,
                floor=judged.floor if judged else None,
                inside=judged.inside if judged else None,
                known_days=few,
            )
        )
    return sorted(found, key=lambda each: (-each.next_28, each.comuna))


def total_view(outlook: Outlook, made: Forecast, columns: Columns) -> TotalForecastView | None:
    """What the comunas of the table add up to; None where there is none."""
    whole = sorted(column for own in columns.values() for column in own)
    if not whole:
        return None
    days = judged_views(outlook, columns)
    known = [(day.expected, day.came) for day in days if day.came is not None]
    came = sum(one for _, one in known)
    expected = np.array([one for one, _ in known])
    next_7, next_28, peak_day, peak = _expected(made, whole)
    is_all = len(whole) == len(outlook.series)
    return TotalForecastView(
        next_7=next_7,
        next_28=next_28,
        peak_day=peak_day,
        peak=peak,
        error=sum(abs(one - other) for one, other in known) / came if came else None,
        floor=float(poisson_deviation(expected).sum() / expected.sum()) if came else None,
        inside=outlook.judged_whole.inside if outlook.judged_whole and is_all else None,
    )


def judged_views(outlook: Outlook, columns: Columns) -> list[JudgedDayView]:
    """Comunas added up, but for those of a few days; a day of which much is unknown is unknown."""
    parts = [
        part
        for name, own in sorted(columns.items())
        if _few(outlook, own) is None
        for part in _judged_parts(outlook, name, own)
    ]
    return [_judged_day(parts, place) for place in range(len(parts[0].days) if parts else 0)]


def _judged_parts(outlook: Outlook, comuna: str, own: Sequence[int]) -> list[Judged]:
    """A comuna as it was judged, or those of its depots that ``own`` are; none where unknown."""
    whole = [column for column, key in enumerate(outlook.series) if key.comuna == comuna]
    names = [comuna]
    if len(own) < len(whole):
        named = sorted({outlook.series[column].depot for column in own})
        names = [judged_part(comuna, depot) for depot in named]
    return [outlook.judged[name] for name in names if name in outlook.judged]


def _few(outlook: Outlook, columns: Sequence[int]) -> int | None:
    """The days known of a comuna that has too few of them; else None."""
    return days_known_of(outlook.basis.newcomers, [outlook.series[n].text for n in columns])


def _judged_day(parts: Sequence[Judged], place: int) -> JudgedDayView:
    expected = sum(part.expected[place] for part in parts)
    missing = sum(part.expected[place] for part in parts if part.came[place] is None)
    came = sum(part.came[place] or 0.0 for part in parts)
    whole = missing <= UNKNOWN_SHARE_MAX * expected
    return JudgedDayView(day=parts[0].days[place], expected=expected, came=came if whole else None)


def _expected(made: Forecast, columns: Sequence[int]) -> tuple[float, float, date, float]:
    """Of a week, of four, and the day that brings most."""
    total = made.mean[:, list(columns)].sum(axis=1)
    peak = int(total.argmax())
    week, month = total[:WEEK_D].sum(), total[: 4 * WEEK_D].sum()
    return float(week), float(month), made.days[peak], float(total[peak])
