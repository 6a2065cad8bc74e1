"""How good a forecast was: error, quantile loss, coverage, beside chance itself.

The noise floor is what would be missed if the true rate of every day were known: counts vary by
themselves. Nobody forecasts below it; close to it there is nothing left to gain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Floats = NDArray[np.float64]
SCORED_SHARES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What was forecast and what came, one row a day of a series; float64 [rows] each.

    ``naive`` is the same weekday last seen before the origin; NaN where there was none.
    """

    actual: Floats
    mean: Floats
    p10: Floats
    p50: Floats
    p90: Floats
    naive: Floats

    def take(self, rows: NDArray[np.bool_]) -> Outcomes:
        """Some of the rows."""
        return Outcomes(
            actual=self.actual[rows],
            mean=self.mean[rows],
            p10=self.p10[rows],
            p50=self.p50[rows],
            p90=self.p90[rows],
            naive=self.naive[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Scores of a set of outcomes; None where nothing was expected or came.

    Attributes:
        count: Days of series scored.
        wape: Sum of absolute errors of ``p50`` over the sum of what came.
        wql: Mean of the quantile losses at 10, 50 and 90 %, twice each, over the sum of what came.
        cov80: Share of days from ``p10`` to ``p90``, both included.
        bias: Sum of ``mean`` over what came, less one.
        seasonal_naive: ``wape`` of the same weekday last seen.
        noise_floor: ``wape`` with the rate known, counts being Poisson at ``mean``.
    """

    count: int
    wape: float | None
    wql: float | None
    cov80: float | None
    bias: float | None
    seasonal_naive: float | None
    noise_floor: float | None


def score(outcomes: Outcomes) -> Scores:
    """Scores the outcomes; days whose demand is unknown have been left out before."""
    actual = outcomes.actual
    inside = (actual >= outcomes.p10) & (actual <= outcomes.p90)
    quantiles = (outcomes.p10, outcomes.p50, outcomes.p90)
    losses = [
        2 * _pinball(share, actual, values)
        for share, values in zip(SCORED_SHARES, quantiles, strict=True)
    ]
    naive = ~np.isnan(outcomes.naive)
    return Scores(
        count=len(actual),
        wape=_over(np.abs(actual - outcomes.p50), actual),
        wql=_over(np.mean(losses, axis=0), actual) if len(actual) else None,
        cov80=float(inside.mean()) if len(actual) else None,
        bias=_over(outcomes.mean - actual, actual),
        seasonal_naive=_over(np.abs(actual - outcomes.naive)[naive], actual[naive]),
        noise_floor=_over(poisson_deviation(outcomes.mean), outcomes.mean),
    )


def poisson_deviation(rate: Floats) -> Floats:
    """Mean absolute deviation of Poisson counts around their rate.

    Closed form ``2 e^-λ λ^(⌊λ⌋+1) / ⌊λ⌋!``: Johnson, Kotz and Kemp, Univariate Discrete
    Distributions (1992), page 157.
    """
    floor = np.floor(rate)
    with np.errstate(divide="ignore"):
        logs = np.log(2) - rate + (floor + 1) * np.log(rate) - gammaln(floor + 1)
    return np.where(rate > 0, np.exp(logs), 0.0)


def _pinball(share: float, actual: Floats, quantile: Floats) -> Floats:
    below = quantile - actual
    return np.maximum(-share * below, (1 - share) * below)


def _over(parts: Floats, whole: Floats) -> float | None:
    total = float(whole.sum())
    return float(parts.sum()) / total if total > 0 else None
