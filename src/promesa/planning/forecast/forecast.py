"""A forecast: what each series is expected to bring on each day to come, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.errors import InvalidError
from promesa.planning.forecast.variances import Amounts

Floats = NDArray[np.float64]

HORIZON_D = 28
# As far as a planner may look: the summer from November, the Cyber of June from March.
HORIZON_FAR_D = 90
HORIZON_MAX_D = 92
# Below four weeks not even a weekday is known.
HISTORY_DAYS_MIN = 28
# Deviations of a normal on either side of which it lies one time in ten.
NORMAL_90 = 1.2816
# A count of none has no logarithm; it counts as half a parcel.
HALF_PARCEL = 0.5


class HistoryTooShortError(InvalidError):
    """There is not enough history to forecast from."""

    code: ClassVar[str] = "forecast_history_too_short"
    message: ClassVar[str] = (
        "Hacen falta al menos 28 días de historia para pronosticar. Importa más días."
    )


class Models(StrEnum):
    """Which models a forecast is made with."""

    ALL = "all"
    STRUCTURAL = "structural"


def log_deviation(p10: Floats, p90: Floats) -> Floats:
    """Deviation of the logarithm that two quantiles say; a quantile of none counts as half."""
    low, high = np.maximum(p10, HALF_PARCEL), np.maximum(p90, HALF_PARCEL)
    return np.asarray(np.log(high / low) / (2 * NORMAL_90))


@dataclass(frozen=True, slots=True, kw_only=True)
class EventUsed:
    """What an event adds to one of its days: the factor used, and eight times in ten.

    Attributes:
        given: The factor that somebody gave for the day, where what was seen has moved it; None
            where it is taken as it is, or nobody gave one.
        series: Those it is for; None for all.
    """

    name: str
    day: date
    factor: float
    factor_p10: float
    factor_p90: float
    is_given: bool  # False: learnt by the models.
    given: float | None = None
    series: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEvent:
    """What a given event did in the history: its factor on average, over so many times."""

    factor: float
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a forecast rests on, to be said beside it.

    Attributes:
        days: Days of history.
        boosted: Whether the forests took part; else the structural model stands alone.
        calibrated: Past forecasts that its intervals were held against; 0 for none.
        low: Series forecast by their share of what small ones bring together.
        amounts: As they were fitted.
        own_events: By name, the given events that the history has.
        newcomers: Days known of each series that has too few to be forecast by itself.
    """

    days: int
    boosted: bool
    calibrated: int
    low: int
    amounts: tuple[Amounts, ...]
    newcomers: Mapping[str, int] = field(default_factory=dict)
    own_events: Mapping[str, OwnEvent] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopedSpread:
    """What some of the series have in common on a day, beside what all have.

    Attributes:
        series: Their names, sorted; some may not be of the forecast.
        sd: Deviation of the logarithm.
    """

    day: date
    series: tuple[str, ...]
    sd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Parcels a day.

    Attributes:
        origin: The last day that was known.
        days: The days to come.
        series: In the order of the columns.
        mean: float64 [days, series]; what is expected and shown: of what may come, the average.
            It alone adds up.
        p10: Eight days in ten lie from here to ``p90``.
        p50: As often more as less: what absolute errors are measured against.
        p90: float64 [days, series].
        shared_sd: Deviation of the logarithm that all series have in common: they miss together;
            float64 [days].
        scoped: Of events that some series know.
        recent: Orders a day of each series in the last weeks; empty where nobody noted them.
    """

    origin: date
    days: tuple[date, ...]
    series: tuple[str, ...]
    mean: Floats
    p10: Floats
    p50: Floats
    p90: Floats
    shared_sd: Floats
    events: tuple[EventUsed, ...]
    basis: Basis
    scoped: tuple[ScopedSpread, ...] = ()
    recent: tuple[float, ...] = ()
