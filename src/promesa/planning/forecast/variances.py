"""How much each part of the structural model counts: variance components, by maximum likelihood.

The updates never make the likelihood worse and need no step size: Zhou, Hu, Zhou and Lange, MM
Algorithms for Variance Components Models (2019, doi 10.1080/10618600.2018.1529601). A weak
inverse-gamma prior keeps what the data cannot tell (a yearly season from eight months) near what it
was elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from promesa.planning.forecast.kernels import Matrix

# The prior weighs as much as so many series would (chosen: it must lose against a handful).
PRIOR_WEIGHT = 1.0
VARIANCE_MIN = 1e-8
# Standard deviations, in logarithms of demand, of the common part and of what a series has of its
# own: 14 stores of Favorita, 2013-2016, rounded. Where a part was found to be nothing there, a
# little is left for other data to raise.
COMMON_SD: Mapping[str, float] = {
    "constant": 0.05,
    "level_years": 0.05,
    "level_quarter": 0.02,
    "level_month": 0.01,
    "level_days": 0.01,
    "weekday": 0.03,
    "season": 0.01,
    "season_weeks": 0.012,
    "season_days": 0.015,
    "weekday_season": 0.013,
    "month_day": 0.02,
    "month_day_weekday": 0.006,
    "month_end": 0.009,
    "event_day": 0.03,
    "event_near": 0.13,
    "event_weekday": 0.03,
    "event_weekday_near": 0.04,
    "any_event_weekday": 0.024,
    "noise": 0.02,
}
OWN_SD: Mapping[str, float] = {
    "constant": 0.05,
    "level_years": 0.05,
    "level_quarter": 0.02,
    "level_month": 0.015,
    "level_days": 0.014,
    "weekday": 0.076,
    "season": 0.02,
    "season_weeks": 0.015,
    "season_days": 0.01,
    "weekday_season": 0.016,
    "month_day": 0.011,
    "month_day_weekday": 0.007,
    "month_end": 0.004,
    "event_day": 0.07,
    "event_near": 0.05,
    "event_weekday": 0.057,
    "event_weekday_near": 0.05,
    "any_event_weekday": 0.056,
    "noise": 0.036,
}

Amounts = dict[str, float]


def usual(deviations: Mapping[str, float], noise_variance: float = 0.0) -> Amounts:
    """Variances to begin with; ``noise_variance`` is what counting itself adds."""
    amounts = {name: sd**2 for name, sd in deviations.items()}
    amounts["noise"] += noise_variance
    return amounts


def total(parts: Mapping[str, Matrix], amounts: Mapping[str, float]) -> Matrix:
    """The covariance of days: the parts by their amounts; float64 [rows, columns]."""
    whole = np.zeros_like(next(iter(parts.values())))
    for name, matrix in parts.items():
        whole += amounts[name] * matrix
    return whole


def estimate(
    parts: Mapping[str, Matrix],
    logs: NDArray[np.float64],
    *,
    freedom: int,
    prior: Mapping[str, float],
    start: Mapping[str, float],
    rounds: int,
) -> Amounts:
    """The variance of each part.

    Args:
        parts: Likeness of the days, [days, days] each.
        logs: [days, series], of mean zero and independent of each other given the parts.
        freedom: How many independent series they are worth.
        prior: Where an amount is drawn to, as hard as ``PRIOR_WEIGHT`` series would.
        start: Amounts of the first round.
        rounds: Updates; each inverts a matrix of all days, O(days³).
    """
    sample = logs @ logs.T / freedom
    amounts = dict(start)
    for _ in range(rounds):
        inverse = np.linalg.inv(total(parts, amounts))
        seen = inverse @ sample @ inverse
        for name, matrix in parts.items():
            expected = freedom * float(np.vdot(inverse, matrix)) / 2
            found = freedom * amounts[name] ** 2 * float(np.vdot(seen, matrix)) / 2
            amounts[name] = _update(expected, found + PRIOR_WEIGHT * prior[name])
    return amounts


def _update(expected: float, found: float) -> float:
    """The positive root of ``expected v² + PRIOR_WEIGHT v = found``."""
    root = np.sqrt(PRIOR_WEIGHT**2 + 4 * expected * found)
    # In the form that holds where a part has no day at all, and nothing is expected of it.
    return max(VARIANCE_MIN, float(2 * found / (root + PRIOR_WEIGHT)))
