"""What makes the demand of two days alike: the parts of the structural model.

The logarithm of demand is a sum of parts, each a Gaussian process over days: level, weekday,
season, payday, events. A part is a matrix that says how alike it holds two days to be; how much
each part counts is estimated (`variances.py`). Method: Rasmussen and Williams, Gaussian Processes
for Machine Learning (2006), section 5.4.3, which forecasts a series so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from promesa.planning.forecast.marks import DayMarks

Matrix = NDArray[np.float64]

YEAR_D = 365.25
WEEK_D = 7
# Days until likeness has fallen to a third. They only span the scales from days to years, as the
# amount of each is estimated; halving or doubling them moved the error of 57 origins by less than
# a hundredth of itself.
LEVEL_D = {"level_years": 700.0, "level_quarter": 100.0, "level_month": 20.0, "level_days": 3.0}
WEEKDAY_D = 1500.0
SEASON_D = 2000.0
# Widths of the humps a season is made of, in radians of the year: some six weeks, ten days, three.
SEASON_WIDTHS = {"season": 0.7, "season_weeks": 0.15, "season_days": 0.04}
WEEKDAY_SEASON_WIDTH = 0.3
MONTH_WIDTH_D = 1.2
MONTH_END_D = 8
EVENT_WIDTH_D = 2.0
EVENT_WEEKDAY_WIDTH_D = 2.5
NOISE = "noise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What the parts compare, each [rows, columns] over two lists of days."""

    apart_d: Matrix
    season: Matrix  # Squared sine of half the angle of the year between them.
    same_weekday: Matrix
    a: DayMarks
    b: DayMarks


Part = Callable[[Pair], Matrix]


def compare(a: DayMarks, b: DayMarks) -> Pair:
    """Sets two lists of days against each other."""
    apart_d = np.abs(a.number[:, None] - b.number[None, :]).astype(np.float64)
    return Pair(
        apart_d=apart_d,
        season=np.square(np.sin(np.pi / YEAR_D * apart_d)),
        same_weekday=(a.weekday[:, None] == b.weekday[None, :]).astype(np.float64),
        a=a,
        b=b,
    )


def _constant(pair: Pair) -> Matrix:
    return np.ones_like(pair.apart_d)


def _noise(pair: Pair) -> Matrix:
    return np.asarray(pair.apart_d == 0, dtype=np.float64)


def _level(days: float) -> Part:
    def part(pair: Pair) -> Matrix:
        return np.asarray(np.exp(-pair.apart_d / days))

    return part


def _contrast(pair: Pair) -> Matrix:
    """Alike on the same weekday, a little unlike on others: sums to nothing over a week."""
    return pair.same_weekday - 1 / WEEK_D


def _weekday(pair: Pair) -> Matrix:
    return _contrast(pair) * np.exp(-pair.apart_d / WEEKDAY_D)


def _season(width: float) -> Part:
    def part(pair: Pair) -> Matrix:
        hump = np.exp(pair.season * (-2 / width**2))
        return hump * np.exp(-pair.apart_d / SEASON_D)

    return part


def _weekday_season(pair: Pair) -> Matrix:
    return _contrast(pair) * _season(WEEKDAY_SEASON_WIDTH)(pair)


def _bell(apart: NDArray[np.int64], width: float) -> Matrix:
    return np.asarray(np.exp(-0.5 * np.square(apart / width)))


def _month_day(pair: Pair) -> Matrix:
    return _bell(pair.a.month_day[:, None] - pair.b.month_day[None, :], MONTH_WIDTH_D)


def _month_day_weekday(pair: Pair) -> Matrix:
    """A payday on a Friday is not one on a Tuesday."""
    return _month_day(pair) * pair.same_weekday


def _month_end(pair: Pair) -> Matrix:
    near = (pair.a.month_left < MONTH_END_D)[:, None] & (pair.b.month_left < MONTH_END_D)[None, :]
    return near * _bell(pair.a.month_left[:, None] - pair.b.month_left[None, :], MONTH_WIDTH_D)


def _over_events(pair: Pair, alike: Callable[[NDArray[np.int64]], Matrix]) -> Matrix:
    """Sums ``alike(days apart within the event)`` over the events both days are in."""
    total = np.zeros_like(pair.apart_d)
    for column in range(len(pair.a.names)):
        rows = np.flatnonzero(pair.a.event_day[:, column] >= 0)
        columns = np.flatnonzero(pair.b.event_day[:, column] >= 0)
        day_a, day_b = pair.a.event_day[rows, column], pair.b.event_day[columns, column]
        total[np.ix_(rows, columns)] += alike(day_a[:, None] - day_b[None, :])
    return total


def _event_day(pair: Pair) -> Matrix:
    return _over_events(pair, lambda apart: (apart == 0).astype(np.float64))


def _event_near(pair: Pair) -> Matrix:
    return _over_events(pair, lambda apart: _bell(apart, EVENT_WIDTH_D))


def _event_weekday(pair: Pair) -> Matrix:
    every = _over_events(pair, lambda apart: np.ones(apart.shape, dtype=np.float64))
    return every * pair.same_weekday


def _event_weekday_near(pair: Pair) -> Matrix:
    near = _over_events(pair, lambda apart: _bell(apart, EVENT_WEEKDAY_WIDTH_D))
    return near * pair.same_weekday


def _any_event_weekday(pair: Pair) -> Matrix:
    """In any event a weekday counts less than usual: people come because of the event."""
    both = pair.a.has_event[:, None] & pair.b.has_event[None, :]
    return both * pair.same_weekday


PARTS: MappingProxyType[str, Part] = MappingProxyType(
    {
        "constant": _constant,
        **{name: _level(days) for name, days in LEVEL_D.items()},
        "weekday": _weekday,
        **{name: _season(width) for name, width in SEASON_WIDTHS.items()},
        "weekday_season": _weekday_season,
        "month_day": _month_day,
        "month_day_weekday": _month_day_weekday,
        "month_end": _month_end,
        "event_day": _event_day,
        "event_near": _event_near,
        "event_weekday": _event_weekday,
        "event_weekday_near": _event_weekday_near,
        "any_event_weekday": _any_event_weekday,
        NOISE: _noise,
    }
)
# What an event adds to the day it would have been.
EVENT_PARTS = tuple(name for name in PARTS if "event" in name)


def part_matrices(a: DayMarks, b: DayMarks) -> dict[str, Matrix]:
    """Every part over two lists of days; float64 [rows, columns] each."""
    pair = compare(a, b)
    return {name: part(pair) for name, part in PARTS.items()}
