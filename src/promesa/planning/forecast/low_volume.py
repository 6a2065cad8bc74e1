"""Series of a few parcels a day: a share of what they bring together, with honest chance around it.

Below some 20 a day the days of one series say little that chance does not drown; what all small
series do together is forecast well, and each keeps its share of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import nbinom, poisson

Floats = NDArray[np.float64]

LOW_BELOW = 20.0
# Days that decide which side a series is on.
VOLUME_DAYS = 56
# Days until a day counts half in a share.
SHARE_HALF_D = 120.0
# The shape of a series' week changes more slowly than its size, and 8 % of it is its own
# (`variances.OWN_SD`): 1 / 0.08² parcels say as much.
WEEKDAY_HALF_D = 365.0
WEEKDAY_PARCELS = 156.0
# Days of a mean series that each is held to have had besides: an empty one is not impossible.
PRIOR_DAYS = 2.0
# Of a day's usual parcels so much has to be known for the rest to be taken as usual.
COVERED_MIN = 0.25
_DISPERSION_MIN = 1e-6


def since_first(parcels: Floats) -> Floats:
    """The counts, unknown before the first order of each series; float64 [days, series]."""
    begun = np.maximum.accumulate(np.nan_to_num(parcels) > 0, axis=0)
    return np.where(begun, parcels, np.nan)


def recent_means(parcels: Floats) -> Floats:
    """Parcels a day over each one's last ``VOLUME_DAYS`` known; 0 where nothing is known."""
    known = ~np.isnan(parcels)
    later = np.cumsum(known[::-1], axis=0, dtype=np.int32)[::-1]
    recent = known & (later <= VOLUME_DAYS)
    counted = recent.sum(axis=0)
    return np.asarray(np.where(recent, parcels, 0.0).sum(axis=0) / np.maximum(counted, 1))


def is_low(parcels: Floats) -> NDArray[np.bool_]:
    """Which series are forecast by their share; bool [series]."""
    return recent_means(parcels) < LOW_BELOW


def pooled(parcels: Floats) -> Floats:
    """What series bring together; float64 [days], unknown where too much of it is."""
    known = ~np.isnan(parcels)
    # A series that did not report is taken to have had its usual part.
    usual = recent_means(parcels) + _DISPERSION_MIN
    covered = (known * usual).sum(axis=1) / usual.sum()
    summed = np.nansum(parcels, axis=1) / np.where(covered > 0, covered, 1.0)
    # Of series that report on days of their own hardly any day has that much.
    return np.where(covered > min(COVERED_MIN, covered.max() / 2), summed, np.nan)


def shares(parcels: Floats) -> Floats:
    """The part of each series in what they bring together, later days counting more."""
    age = np.arange(len(parcels))[::-1]
    weight = np.exp2(-age / SHARE_HALF_D)[:, None] * ~np.isnan(parcels)
    # Of each the parcels a day, since not all reported on the same days.
    mean = float(recent_means(parcels).mean())
    rate = (weight * np.nan_to_num(parcels)).sum(axis=0) + PRIOR_DAYS * mean
    rate /= weight.sum(axis=0) + PRIOR_DAYS
    total = rate.sum()
    return (
        np.asarray(rate / total) if total > 0 else np.full(parcels.shape[1], 1 / parcels.shape[1])
    )


def weekday_shares(parcels: Floats, weekday: NDArray[np.int64]) -> Floats:
    """The share of each series on each weekday; float64 [7, series].

    A series' own week is drawn to everybody's as if ``WEEKDAY_PARCELS`` had been seen so.

    Args:
        parcels: float64 [days, series].
        weekday: Of each day, 0 for Monday; int64 [days].
    """
    share = shares(parcels)
    age = np.arange(len(parcels))[::-1]
    weight = np.exp2(-age / WEEKDAY_HALF_D)[:, None] * ~np.isnan(parcels)
    seen = weight * np.nan_to_num(parcels)
    # At the shares of each day's own past, so that a series that grew is no surprise.
    expected = weight * np.nansum(parcels, axis=1)[:, None] * share
    expected *= seen.sum(axis=0) / np.maximum(expected.sum(axis=0), _DISPERSION_MIN)
    found = np.empty((7, parcels.shape[1]))
    for number in range(7):
        rows = weekday == number
        pull = (seen[rows].sum(axis=0) + WEEKDAY_PARCELS) / (
            expected[rows].sum(axis=0) + WEEKDAY_PARCELS
        )
        found[number] = share * pull
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def dispersion(parcels: Floats, expected: Floats) -> float:
    """How much more than chance series vary: φ in ``variance = mean + φ mean²``, by moments."""
    known = ~np.isnan(parcels) & ~np.isnan(expected)
    mean, seen = expected[known], parcels[known]
    beyond = (np.square(seen - mean) - mean).sum()
    squares = np.square(mean).sum()
    return max(0.0, float(beyond / squares)) if squares > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Counts that vary around ``mean`` as a negative binomial with dispersion φ."""

    mean: Floats
    dispersion: Floats

    def quantile(self, share: float) -> Floats:
        """The count not exceeded with chance ``share``; whole numbers."""
        phi = np.maximum(self.dispersion, _DISPERSION_MIN)
        by_chance = poisson.ppf(share, self.mean)
        spread = nbinom.ppf(share, 1 / phi, 1 / (1 + phi * self.mean))
        found = np.where(self.dispersion > _DISPERSION_MIN, spread, by_chance)
        return np.asarray(np.maximum(np.nan_to_num(found), 0.0), dtype=np.float64)
