"""A forecast: what each series is expected to bring on each day to come, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from promesa.planning.forecast.variances import Amounts

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventUsed:
    """What an event adds to one of its days: the factor used, and eight times in ten."""

    name: str
    day: date
    factor: float
    factor_p10: float
    factor_p90: float
    is_given: bool  # False: learnt by the models.


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a forecast rests on, to be said beside it.

    Attributes:
        days: Days of history.
        boosted: Whether the forests took part; else the structural model stands alone.
        calibrated: Past forecasts that its intervals were held against; 0 for none.
        low: Series forecast by their share of what small ones bring together.
        amounts: To begin the next fit with.
    """

    days: int
    boosted: bool
    calibrated: int
    low: int
    amounts: tuple[Amounts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Parcels a day.

    Attributes:
        origin: The last day that was known.
        days: The days to come.
        series: In the order of the columns.
        mean: float64 [days, series]; of what may come, the average.
        p10: Eight days in ten lie from here to ``p90``.
        p50: As often more as less: what absolute errors are measured against.
        p90: float64 [days, series].
    """

    origin: date
    days: tuple[date, ...]
    series: tuple[str, ...]
    mean: Floats
    p10: Floats
    p50: Floats
    p90: Floats
    events: tuple[EventUsed, ...]
    basis: Basis
