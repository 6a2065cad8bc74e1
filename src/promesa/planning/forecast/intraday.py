"""The day under way: what it will come to, from what was expected and what has come so far.

A gamma prior from the morning's forecast, moved by a Poisson count of the hours gone by: conjugate,
so that each new order moves it by hand arithmetic. How far the hours of a day may differ from the
usual ones limits how much a morning can say.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from promesa.planning.demand.history import DemandCount
from promesa.planning.forecast.forecast import NORMAL_90
from promesa.planning.forecast.low_volume import Counts

HOURS = 24
# Days with hours that a profile of its own takes; until then the day is taken to be even from 9 to
# 24, and the doubt to be large (assumed).
DAYS_MIN = 14
DOUBT_UNKNOWN = 0.5
WAKING_FROM = 9
# Fewer orders a day tell nothing of its hours.
ORDERS_A_DAY_MIN = 20
_HALF = 0.5
_LEAST = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class HourProfile:
    """At which hours the orders of a day come.

    Attributes:
        reached: Share of a day's orders before each hour, 25 of them, from 0 to 1.
        doubt: Deviation of that share's logarithm from day to day, before each hour.
        days: On how many days it rests; 0 where it is assumed.
    """

    reached: tuple[float, ...]
    doubt: tuple[float, ...]
    days: int

    def at(self, hour: float) -> tuple[float, float]:
        """Share and doubt at an hour like 14.5."""
        hours = np.arange(HOURS + 1)
        return float(np.interp(hour, hours, self.reached)), float(
            np.interp(hour, hours, self.doubt)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEstimate:
    """What a day under way will come to; orders.

    Attributes:
        seen: So far.
        expected_by_now: What the morning's forecast and the usual hours said of so far.
    """

    seen: float
    expected_by_now: float
    mean: float
    p10: float
    p50: float
    p90: float


def learn_profile(counts: Iterable[DemandCount]) -> HourProfile:
    """The hours of past days that are known by hour."""
    days: defaultdict[date, list[float]] = defaultdict(lambda: [0.0] * HOURS)
    for each in counts:
        if each.hour is not None:
            days[each.day][each.hour] += each.orders
    known = [hours for hours in days.values() if sum(hours) >= ORDERS_A_DAY_MIN]
    if len(known) < DAYS_MIN:
        return _assumed()
    table = np.array(known)
    total = table.sum(axis=1, keepdims=True)
    share = np.concatenate([np.zeros((len(known), 1)), np.cumsum(table, axis=1) / total], axis=1)
    reached = share.mean(axis=0)
    return HourProfile(
        reached=tuple(reached.tolist()),
        doubt=tuple(_doubts(share, reached, total[:, 0])),
        days=len(known),
    )


def _doubts(share: np.ndarray, reached: np.ndarray, total: np.ndarray) -> list[float]:
    """Deviation of each hour's share beyond what counting so few orders explains."""
    found = []
    for hour in range(HOURS + 1):
        mean = max(float(reached[hour]), _LEAST)
        spread = float(share[:, hour].var()) / mean**2
        chance = float(np.mean((1 - mean) / (mean * total)))
        found.append(math.sqrt(max(0.0, spread - chance)))
    return found


def _assumed() -> HourProfile:
    waking = HOURS - WAKING_FROM
    reached = tuple(max(0.0, hour - WAKING_FROM) / waking for hour in range(HOURS + 1))
    doubt = tuple(DOUBT_UNKNOWN * (1 - share) for share in reached)
    return HourProfile(reached=reached, doubt=doubt, days=0)


def estimate_day(
    expected: Mapping[str, float], *, seen: float, hour: float, profile: HourProfile
) -> DayEstimate:
    """What the day will come to.

    Args:
        expected: ``mean``, ``p10`` and ``p90`` of the whole day, as forecast before it began.
        seen: Orders so far.
        hour: By the clock of the zone, 0 to 24.
        profile: The usual hours.
    """
    mean = max(expected["mean"], _LEAST)
    deviation = math.log(max(expected["p90"], _HALF) / max(expected["p10"], _HALF))
    deviation /= 2 * NORMAL_90
    # A gamma with that mean and that relative variance, less what counting adds by itself.
    beyond = max(math.expm1(deviation**2) - 1 / mean, _LEAST)
    shape = 1 / beyond
    share, doubt = profile.at(hour)
    # So many orders say no more than this share of their number, as the hours are in doubt.
    weight = 1 / (1 + seen * doubt**2)
    rate = (shape + weight * seen) / (shape / mean + weight * share)
    left = np.array([rate * (1 - share)])
    counts = Counts(mean=left, dispersion=np.array([1 / (shape + weight * seen)]))
    return DayEstimate(
        seen=seen,
        expected_by_now=mean * share,
        mean=seen + float(left[0]),
        p10=seen + float(counts.quantile(0.1)[0]),
        p50=seen + float(counts.quantile(0.5)[0]),
        p90=seen + float(counts.quantile(0.9)[0]),
    )
