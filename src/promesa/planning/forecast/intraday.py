"""The day under way: what it will come to, from what was expected and what has come so far.

A gamma prior from the morning's forecast, moved by a Poisson count of the hours gone by: conjugate,
so that each new order moves it by hand arithmetic. How far the hours of a day may differ from the
usual ones limits how much a morning can say; and where what has come lies further from the forecast
than it allowed for, the forecast is trusted that much less, not averaged with it.
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
# What is left of a day may be nothing, or some times what is expected, however little its hours are
# known: the most of its relative variance that they account for.
_BEYOND_MAX = 1.0
# The most a forecast is let go: it then says next to nothing of the day.
_LOG_VARIANCE_MAX = 4.0


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
    share, doubt = profile.at(hour)
    by_now = mean * share
    deviation = float(log_deviation(np.array(expected["p10"]), np.array(expected["p90"])))
    variance = deviation**2
    if profile.days:
        # Hours that are assumed are as likely wrong as the forecast is.
        variance = _allowed_for(deviation, doubt, seen=seen, by_now=by_now)
    # A gamma with that mean and that relative variance, less what counting adds by itself.
    shape = 1 / max(math.expm1(variance) - 1 / mean, _LEAST)
    # As the hours are in doubt, orders say no more than a share of their number; so do none at all,
    # where many were to be expected by now.
    weight = 1 / (1 + max(seen, by_now) * doubt**2)
    precision = shape / mean + weight * share
    rate = (shape + weight * seen) / precision
    left = np.array([rate * (1 - share)])
    beyond_rate = _hours_doubt(share, doubt, of_seen=weight * share / precision)
    counts = Counts(mean=left, dispersion=np.array([1 / (shape + weight * seen) + beyond_rate]))
    return DayEstimate(
        seen=seen,
        expected_by_now=by_now,
        mean=seen + float(left[0]),
        p10=seen + float(counts.quantile(0.1)[0]),
        p50=seen + float(counts.quantile(0.5)[0]),
        p90=seen + float(counts.quantile(0.9)[0]),
    )


def _allowed_for(deviation: float, doubt: float, *, seen: float, by_now: float) -> float:
    """Variance of the logarithm of the day's orders, once what has come was seen.

    The forecast's own, times how far what has come lies from it in deviations of that distance:
    the likeliest factor on the variance, given one count.
    """
    own = deviation**2
    distance = math.log((seen + 0.5) / (by_now + 0.5)) ** 2
    times = distance / (own + doubt**2 + 1 / (by_now + 0.5))
    return max(own, min(own * times, _LOG_VARIANCE_MAX))


def _hours_doubt(share: float, doubt: float, *, of_seen: float) -> float:
    """Relative variance of what is left of a day, for not knowing its hours.

    Args:
        share: Of the day's orders that come until now.
        doubt: Deviation of its logarithm.
        of_seen: How much of the estimate rests on what has come, which more hours would explain.
    """
    less_left = share * doubt / max(1 - share, _LEAST)
    return min(less_left**2 + 2 * less_left * doubt * of_seen, _BEYOND_MAX)
