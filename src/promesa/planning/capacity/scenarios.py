"""Scenarios of how many parcels come to each series on each day, drawn from a forecast.

A forecast gives each series and day on its own. What breaks a fleet is that they miss together: an
event is bigger than thought everywhere and on all its days, a day of rain is quiet everywhere. So
the doubt of each cell is split into a lognormal factor its event shares, one its day shares, and
its own, a gamma, whose Poisson draws are negative binomial. The mean of every cell stays the
forecast's. How the forecast was made is not asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.errors import FieldFault, InvalidError
from promesa.kernel.seeds import stream
from promesa.kernel.serviceday import YEAR_MAX, YEAR_MIN

SCENARIOS_DEFAULT = 400
SCENARIOS_MAX = 5_000
# 2,000 zones over 28 days: more cells than a plan of capacity looks at.
VOLUMES_MAX = 60_000
VOLUME_MAX = 1_000_000
# Four months: beyond, nobody hires by a daily forecast.
DAYS_MAX = 123
# From the 10 % to the 90 % quantile of a normal, in standard deviations.
P10_P90_SIGMAS = 2 * NormalDist().inv_cdf(0.9)
# Below, whole parcels make the quantiles' ratio say too much: a Poisson of 3 has 1 and 5.
FEW_PARCELS = 30
# A rate nobody doubts would make of a forecast a certainty: 2 % at least (assumed).
RATE_SIGMA_MIN = 0.02

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


class ForecastInvalidError(InvalidError):
    """The forecast cannot be used; the details say which rows."""

    code: ClassVar[str] = "capacity_forecast_invalid"
    message: ClassVar[str] = "El pronóstico tiene errores. Corrige las filas que se indican."


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """What is expected of a series on a day, in parcels.

    Attributes:
        event: Name of the demand event the day belongs to; empty on other days.
    """

    series: str
    date: date
    mean: float
    p10: float
    p50: float
    p90: float
    event: str = ""

    @property
    def rate_variance(self) -> float:
        """Relative variance of the rate: what is doubted beyond the chance of single parcels."""
        if self.mean <= 0:
            return 0.0
        if self.p10 > 0 and self.mean >= FEW_PARCELS:
            sigma = np.log(self.p90 / self.p10) / P10_P90_SIGMAS
            total = float(np.expm1(sigma**2))
        else:
            total = ((self.p90 - self.p10) / P10_P90_SIGMAS / self.mean) ** 2
        return max(RATE_SIGMA_MIN**2, total - 1 / self.mean)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonShares:
    """Which part of a cell's doubt about its rate is shared, as variances of logarithms.

    Attributes:
        event: On days of an event: with all series, on all days of that event.
        day: With all series on that day alone.
    """

    event: float = 0.6
    day: float = 0.25

    def __post_init__(self) -> None:
        if self.event < 0 or self.day < 0 or self.event + self.day > 1:
            raise ValueError("shares are from 0 to 1, together too")


# That an event missed is missed everywhere is what the peaks of 2017 showed (all of Olist's zones
# at once); the very shares are assumed, until `shares.learn_shares` has past forecasts.
SHARES_DEFAULT = CommonShares()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scenarios:
    """Equally likely ways the days may turn out.

    Attributes:
        parcels: int64, [scenario, day, series], parcels.
        events: Name of each day's event; empty on other days.
    """

    days: tuple[date, ...]
    series: tuple[str, ...]
    events: tuple[str, ...]
    parcels: Counts

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.parcels)


def draw_scenarios(
    volumes: Sequence[Volume],
    seed: int,
    *,
    count: int = SCENARIOS_DEFAULT,
    shares: CommonShares = SHARES_DEFAULT,
    name: str = "scenarios",
) -> Scenarios:
    """Draws from one forecast; the same arguments, the same draws.

    A series that has no row on a day gets no parcels on it; days without any row between the first
    and the last are there, so that days in a row are that.

    Args:
        volumes: At most one for each series and day.
        seed: Of all draws.
        count: How many scenarios.
        shares: Of the doubt that cells have in common.
        name: Of the stream: another name gives fresh draws of the same seed.

    Raises:
        ForecastInvalidError: There is no row, or one cannot be.
    """
    if not 1 <= count <= SCENARIOS_MAX:
        raise ValueError("count out of range")
    require_sound(volumes)
    first = min(volume.date for volume in volumes)
    last = max(volume.date for volume in volumes)
    days = tuple(first + timedelta(days=number) for number in range((last - first).days + 1))
    series = tuple(sorted({volume.series for volume in volumes}))
    mean, variance, events = _laid_out(volumes, days, series)
    draws = np.random.default_rng(stream(seed, name).getrandbits(64))
    is_event = np.array([bool(event) for event in events])
    event_sigma = _shared_sigma(variance, np.where(is_event, shares.event, 0.0))
    day_sigma = _shared_sigma(variance, np.full(len(days), shares.day))
    common = _event_draws(draws, events, count)[:, :, None]
    daily = draws.standard_normal((count, len(days)))[:, :, None]
    rate = mean * _factor(common, event_sigma) * _factor(daily, day_sigma)
    shared = np.exp(event_sigma**2 + day_sigma**2)
    own = np.maximum((1 + variance) / shared - 1, 1e-9)
    rate = rate * draws.gamma(1 / own, own, rate.shape)
    return Scenarios(days=days, series=series, events=events, parcels=draws.poisson(rate))


def _laid_out(
    volumes: Sequence[Volume], days: Sequence[date], series: Sequence[str]
) -> tuple[Floats, Floats, tuple[str, ...]]:
    day_at = {day: row for row, day in enumerate(days)}
    series_at = {name: column for column, name in enumerate(series)}
    mean = np.zeros((len(days), len(series)))
    variance = np.zeros_like(mean)
    events = [""] * len(days)
    for volume in volumes:
        cell = day_at[volume.date], series_at[volume.series]
        mean[cell], variance[cell] = volume.mean, volume.rate_variance
        events[cell[0]] = events[cell[0]] or volume.event
    return mean, variance, tuple(events)


def _shared_sigma(variance: Floats, shares: Floats) -> Floats:
    """Of the logarithm of a common factor: float64, [day, series]."""
    return np.asarray(np.sqrt(np.log1p(variance) * shares[:, None]))


def _factor(normal: Floats, sigma: Floats) -> Floats:
    """Lognormal with mean 1: float64, [scenario, day, series]."""
    return np.asarray(np.exp(normal * sigma - sigma**2 / 2))


def _event_draws(draws: np.random.Generator, events: Sequence[str], count: int) -> Floats:
    """One normal for all days of an event: float64, [scenario, day]."""
    names = sorted(set(events))
    normals = draws.standard_normal((count, len(names)))
    return normals[:, [names.index(event) for event in events]]


def require_sound(volumes: Sequence[Volume]) -> None:
    """Refuses what cannot be a forecast, all its faults together.

    Raises:
        ForecastInvalidError: With the rows, counted from 1 in the order given.
    """
    if not volumes:
        raise ForecastInvalidError("El pronóstico no trae ninguna fila que sirva.")
    if len(volumes) > VOLUMES_MAX:
        raise ForecastInvalidError(f"El pronóstico trae más de {VOLUMES_MAX} filas: acórtalo.")
    days = [volume.date for volume in volumes]
    if (max(days) - min(days)).days >= DAYS_MAX:
        raise ForecastInvalidError(
            f"El pronóstico va del {min(days):%d-%m-%Y} al {max(days):%d-%m-%Y}: "
            f"acórtalo a {DAYS_MAX} días."
        )
    faults = [
        FieldFault(row=row, field=field, reason=reason)
        for row, volume in enumerate(volumes, start=1)
        for field, reason in volume_faults(volume)
    ]
    seen: set[tuple[str, date]] = set()
    for row, volume in enumerate(volumes, start=1):
        if (volume.series, volume.date) in seen:
            reason = f"{volume.series} ya tiene una fila para el {volume.date:%d-%m-%Y}: deja una."
            faults.append(FieldFault(row=row, field="date", reason=reason))
        seen.add((volume.series, volume.date))
    if faults:
        raise ForecastInvalidError(faults=tuple(faults))


def volume_faults(volume: Volume) -> list[tuple[str, str]]:
    """What is wrong with one row: field and reason."""
    if not YEAR_MIN <= volume.date.year <= YEAR_MAX:
        return [("date", f"El año va de {YEAR_MIN} a {YEAR_MAX}.")]
    for field in ("mean", "p10", "p50", "p90"):
        value = getattr(volume, field)
        if not 0 <= value <= VOLUME_MAX:
            return [(field, f"Debe ser un número de 0 a {VOLUME_MAX}.")]
    if not volume.p10 <= volume.p50 <= volume.p90:
        return [("p50", "p10, p50 y p90 deben ir de menor a mayor.")]
    if volume.mean == 0 and volume.p90 > 0:
        return [("mean", "Una media de 0 pide p90 de 0.")]
    return []
