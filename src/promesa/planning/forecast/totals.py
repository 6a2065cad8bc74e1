"""What several series bring together, with an interval that is no sum of intervals.

Series miss together where a day or an event does, and apart otherwise: the shared part of the
deviation stays in the sum, the rest shrinks with the number of series.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from promesa.planning.forecast.forecast import NORMAL_90, Forecast, log_deviation
from promesa.planning.forecast.low_volume import LOW_BELOW, Counts

Floats = NDArray[np.float64]
_LEAST = 1e-9
_VARIANCE_MAX = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Parcels a day of several series together; float64 [days] each."""

    mean: Floats
    p10: Floats
    p50: Floats
    p90: Floats


def add_up(forecast: Forecast, columns: Sequence[int]) -> Total:
    """The series of ``columns`` together."""
    chosen = list(columns)
    if len(chosen) == 1:
        (column,) = chosen
        return Total(
            mean=forecast.mean[:, column],
            p10=forecast.p10[:, column],
            p50=forecast.p50[:, column],
            p90=forecast.p90[:, column],
        )
    if not chosen:
        nothing = np.zeros(len(forecast.days))
        return Total(mean=nothing, p10=nothing, p50=nothing, p90=nothing)
    mean = forecast.mean[:, chosen]
    total = mean.sum(axis=1)
    variance = np.square(log_deviation(forecast.p10[:, chosen], forecast.p90[:, chosen]))
    # An event that some series do not know is none of theirs, though days are shared.
    is_small = mean < LOW_BELOW
    shared = np.square(forecast.shared_sd)[:, None] * np.ones_like(mean)
    shared = np.where(is_small, shared, np.minimum(shared, variance))
    weight = mean / np.maximum(total, _LEAST)[:, None]
    together = np.square((weight * np.sqrt(shared)).sum(axis=1))
    for row, some, square in _scoped(forecast, chosen):
        # What several miss together counts once for each pair of them, and is no luck of their own.
        beside = np.minimum(square, np.maximum(variance[row, some] - shared[row, some], 0.0))
        together[row] += np.square((weight[row, some] * np.sqrt(beside)).sum())
        variance[row, some] -= beside
    # Between whole numbers quantiles of a few parcels say less than counting itself does.
    own = np.maximum(variance - shared, np.where(is_small, 1 / np.maximum(mean, _LEAST), 0.0))
    relative = together + (np.square(weight) * own).sum(axis=1)
    if total.max(initial=0.0) < LOW_BELOW:
        beyond = np.maximum(relative - 1 / np.maximum(total, _LEAST), 0.0)
        counts = Counts(mean=total, dispersion=beyond)
        low, half, high = (counts.quantile(share) for share in (0.1, 0.5, 0.9))
        return Total(mean=total, p10=low, p50=half, p90=high)
    deviation = np.sqrt(np.minimum(relative, _VARIANCE_MAX))
    middle = total * np.exp(-np.square(deviation) / 2)
    return Total(
        mean=total,
        p10=middle * np.exp(-NORMAL_90 * deviation),
        p50=middle,
        p90=middle * np.exp(NORMAL_90 * deviation),
    )


def _scoped(
    forecast: Forecast, chosen: Sequence[int]
) -> Iterator[tuple[int, NDArray[np.int64], float]]:
    """Day, places among the chosen and variance of what some of them have in common."""
    rows = {day: row for row, day in enumerate(forecast.days)}
    for spread in forecast.scoped:
        names = frozenset(spread.series)
        places = [place for place, column in enumerate(chosen) if forecast.series[column] in names]
        if spread.day in rows and places:
            yield rows[spread.day], np.array(places), spread.sd**2
