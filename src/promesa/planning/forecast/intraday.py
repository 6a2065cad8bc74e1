"""The day under way: what it will come to, from what was expected and what has come so far.

A gamma prior from the morning's forecast, moved by a Poisson count of the hours gone by: conjugate,
so that each new order moves it by hand arithmetic. How far the hours of a day may differ from the
usual ones limits how much a morning can say.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from promesa.planning.forecast.forecast import log_deviation
from promesa.planning.forecast.hours import HourProfile
from promesa.planning.forecast.low_volume import Counts

_LEAST = 1e-6
# What is left of a day whose hours are assumed may be nothing, or some times what is expected.
_BEYOND_MAX = 1.0


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
    deviation = float(log_deviation(np.array(expected["p10"]), np.array(expected["p90"])))
    # A gamma with that mean and that relative variance, less what counting adds by itself.
    beyond = max(math.expm1(deviation**2) - 1 / mean, _LEAST)
    shape = 1 / beyond
    share, doubt = profile.at(hour)
    # As the hours are in doubt, orders say no more than a share of their number; so do none at all,
    # where many were to be expected by now.
    weight = 1 / (1 + max(seen, mean * share) * doubt**2)
    rate = (shape + weight * seen) / (shape / mean + weight * share)
    left = np.array([rate * (1 - share)])
    beyond_rate = _hours_doubt(share, doubt) if not profile.days else 0.0
    counts = Counts(mean=left, dispersion=np.array([1 / (shape + weight * seen) + beyond_rate]))
    return DayEstimate(
        seen=seen,
        expected_by_now=mean * share,
        mean=seen + float(left[0]),
        p10=seen + float(counts.quantile(0.1)[0]),
        p50=seen + float(counts.quantile(0.5)[0]),
        p90=seen + float(counts.quantile(0.9)[0]),
    )


def _hours_doubt(share: float, doubt: float) -> float:
    """Relative variance of what is left of a day, for not knowing its hours."""
    return min((share * doubt / max(1 - share, _LEAST)) ** 2, _BEYOND_MAX)
