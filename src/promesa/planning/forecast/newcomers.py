"""Series with little history: what they have shown, drawn to what small series bring.

A comuna that ordered 40 on its one known day may bring 40 a day, or have had one truck of one
client. Its rate is a gamma prior of small series moved by the days seen, each of which says the
less the more its count surprises; the shape of its days is that of all others. What it has shown
lies within its interval. It is no part of what the models learn, so that it moves nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import gamma

from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import Panel
from promesa.planning.forecast.closures import said_closed
from promesa.planning.forecast.forecast import HISTORY_DAYS_MIN, Forecast
from promesa.planning.forecast.given_events import prior_effects
from promesa.planning.forecast.low_volume import (
    LOW_BELOW,
    Counts,
    pooled,
    recent_means,
    since_first,
)

Floats = NDArray[np.float64]

# Of the gamma prior: comunas differ in size by their whole mean and more.
PRIOR_SHAPE = 0.5
# Who orders for the first time is smaller than who orders already: at most so many a day, or what
# the smaller ones of those known bring.
USUAL_MAX = 5.0
SMALL_SHARE = 0.25
# Who has shown more than that beyond doubt, nine times in ten, is not held to it.
DOUBT = 0.1
# How far a day of a new comuna may be from its rate, φ of its variance: nothing or double. Believed
# as much as so many days, until its own days show it.
DAY_DISPERSION = 1.0
DISPERSION_DAYS = 2.0
_LEAST = 1e-6


def known_days(parcels: Floats) -> NDArray[np.int64]:
    """Days known of each series since its first order; 0 where it has none. int64 [series]."""
    return np.asarray((~np.isnan(since_first(parcels))).sum(axis=0), dtype=np.int64)


def newcomers(parcels: Floats) -> NDArray[np.bool_]:
    """Which series are known on too few days to be forecast by themselves; bool [series].

    Where all are they have to be forecast from each other, since the first order of each.
    """
    days = known_days(parcels)
    return np.asarray((days > 0) & (days < HISTORY_DAYS_MIN))


def with_newcomers(
    rest: Forecast, panel: Panel, new: NDArray[np.bool_], events: Sequence[DemandEvent]
) -> Forecast:
    """The forecast of the others with the newcomers among them.

    Args:
        rest: Of the series of ``panel`` that are not ``new``, in their order.
        panel: All of them.
        new: bool [series], not all of them.
        events: Those of some series only move the newcomers they are for.
    """
    columns = np.flatnonzero(new)
    names = tuple(panel.series[column] for column in columns)
    days = (*panel.days, *rest.days)
    scoped = [event for event in events if event.series is not None]
    lift = np.exp(prior_effects(days, names, scoped))
    shape = _shape(panel.only(np.flatnonzero(~new).tolist()), rest, events)[:, None] * lift
    known = len(panel.parcels)
    told = panel.parcels[:, new]
    own = _rates(told, shape[:known], _usual(panel.parcels[:, ~new]))
    ahead = np.where(said_closed(rest.days, names, events), 0.0, shape[known:])
    counts = Counts(mean=own.rate * ahead, dispersion=np.broadcast_to(own.dispersion, ahead.shape))
    days_known = known_days(told)
    return replace(
        rest,
        series=panel.series,
        mean=_among(rest.mean, counts.mean, new),
        p10=_among(rest.p10, counts.quantile(0.1), new),
        p50=_among(rest.p50, counts.quantile(0.5), new),
        p90=_among(rest.p90, np.maximum(counts.quantile(0.9), np.ceil(own.shown * ahead)), new),
        basis=replace(
            rest.basis,
            newcomers={name: int(days_known[place]) for place, name in enumerate(names)},
        ),
    )


def _among(rest: Floats, own: Floats, new: NDArray[np.bool_]) -> Floats:
    whole = np.zeros((len(rest), len(new)))
    whole[:, ~new], whole[:, new] = rest, own
    return whole


def _shape(others: Panel, rest: Forecast, events: Sequence[DemandEvent]) -> Floats:
    """Each day over a usual one as all others have it, 1 where they say nothing; float64 [days]."""
    together, ahead = pooled(others.parcels), rest.mean.sum(axis=1)
    usual = float(recent_means(together[:, None])[0])
    if usual < LOW_BELOW:
        # Chance would say which of their days were busy: what was given says it, and the models.
        everyones = [event for event in events if event.series is None]
        past = np.exp(prior_effects(others.days, ("",), everyones))[:, 0]
        usual = float(np.median(ahead))
        return np.concatenate([past, ahead / usual if usual > 0 else np.ones(len(ahead))])
    whole = np.concatenate([together, ahead]) / usual
    return np.where(np.isnan(whole), 1.0, whole)


def _usual(others: Floats) -> float:
    """Parcels a day that a comuna nobody knows yet may bring: what the smaller ones do."""
    means = recent_means(others)
    some = means[means > 0]
    return float(min(np.quantile(some, SMALL_SHARE), USUAL_MAX)) if len(some) else USUAL_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rates:
    """Of each newcomer; float64 [series].

    Attributes:
        rate: Parcels on a usual day.
        shown: The same as its own days alone have it.
        dispersion: φ of a day to come: how unsure the rate is, and how far days are from it.
    """

    rate: Floats
    shown: Floats
    dispersion: Floats


def _rates(told: Floats, shape: Floats, usual: float) -> _Rates:
    known = ~np.isnan(told) & np.maximum.accumulate(np.nan_to_num(told) > 0, axis=0)
    came = np.where(known, told, 0.0).sum(axis=0)
    # A day of orders on which all others were shut is one of its own.
    shape = np.where((shape <= 0) & (np.nan_to_num(told) > 0), 1.0, shape)
    exposure = np.where(known, shape, 0.0).sum(axis=0)
    shown = came / exposure
    beyond = _day_dispersion(np.where(known, told, np.nan), shown * shape)
    # A count of variance m + φ m² says as much of its mean as a share 1 / (1 + φ m) of a Poisson's.
    weight = 1 / (1 + beyond * shown)
    usual = np.clip(gamma.ppf(DOUBT, weight * came) / (weight * exposure), usual, USUAL_MAX)
    certainty = PRIOR_SHAPE + weight * came
    rate = certainty / (PRIOR_SHAPE / usual + weight * exposure)
    return _Rates(rate=rate, shown=shown, dispersion=1 / certainty + beyond)


def _day_dispersion(told: Floats, expected: Floats) -> Floats:
    """φ of each series' days by moments, drawn to what is believed beforehand."""
    mean = np.where(np.isnan(told), 0.0, expected)
    spread = np.nansum(np.square(told - expected) - expected, axis=0)
    free = (~np.isnan(told)).sum(axis=0) - 1.0
    seen = np.maximum(spread / np.maximum(np.square(mean).sum(axis=0), _LEAST), 0.0)
    return np.asarray((DISPERSION_DAYS * DAY_DISPERSION + free * seen) / (DISPERSION_DAYS + free))


def days_known_of(basis: Mapping[str, int], names: Sequence[str]) -> int | None:
    """The days known of series that are all newcomers; None where one of them is not."""
    if not names or any(name not in basis for name in names):
        return None
    return max(basis[name] for name in names)
