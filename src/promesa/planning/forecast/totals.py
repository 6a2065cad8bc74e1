"""What several series bring together, with an interval that is no sum of intervals.

Series miss together where a day or an event does, and apart otherwise: the shared part of the
deviation stays in the sum, the rest shrinks with the number of series.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from promesa.planning.forecast.forecast import NORMAL_90, Forecast

Floats = NDArray[np.float64]
_LEAST = 1e-9
# Half a parcel: the logarithm of a quantile that is zero.
_HALF = 0.5


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
    mean = forecast.mean[:, chosen]
    total = mean.sum(axis=1)
    low = np.log(np.maximum(forecast.p10[:, chosen], _HALF))
    high = np.log(np.maximum(forecast.p90[:, chosen], _HALF))
    variance = np.square((high - low) / (2 * NORMAL_90))
    shared = np.square(forecast.shared_sd)
    own = np.maximum(variance - shared[:, None], 0.0)
    weight = mean / np.maximum(total, _LEAST)[:, None]
    deviation = np.sqrt(shared + (np.square(weight) * own).sum(axis=1))
    middle = total * np.exp(-np.square(deviation) / 2)
    return Total(
        mean=total,
        p10=middle * np.exp(-NORMAL_90 * deviation),
        p50=middle,
        p90=middle * np.exp(NORMAL_90 * deviation),
    )
