"""Forecasts the series of a few parcels a day: shares of their pool, and events of some of them.

The pool is forecast beside the big series (`forecaster.py`). Here it is held against what it really
brought, parted, and raised where an event touches only some of its series.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import Panel
from promesa.planning.forecast.closures import said_closed
from promesa.planning.forecast.forecast import HALF_PARCEL
from promesa.planning.forecast.given_events import (
    Effects,
    EventEffect,
    EventSeen,
    estimate_effects,
    event_mask,
    prior_effects,
    touched,
)
from promesa.planning.forecast.grid import HISTORY_DAYS_MAX, Grid
from promesa.planning.forecast.low_volume import (
    Counts,
    dispersion,
    pooled,
    since_first,
    weekday_shares,
)
from promesa.planning.forecast.structural import Structural

Floats = NDArray[np.float64]

SHARE_DAYS = 364
# Past weeks that a pool is held against, and how many parcels say that it was right as it is.
GAIN_WEEKS = 52
GAIN_PARCELS = 5.0
# Above it a day's logarithm is as good as its count, and there is nothing to put right.
GAIN_BELOW = 20.0
WEEK_D = 7
_SOME = "some"
# An uplift's variance beyond it would make every count possible.
_VARIANCE_MAX = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """What is known of small series, ``days`` being history and the days to come."""

    panel: Panel
    days: tuple[date, ...]
    events: tuple[DemandEvent, ...]

    @property
    def quiet(self) -> Floats:
        """Parcels with the days of events of some of the series left out.

        A series that began during its event is learnt from its days as if the prior were right.
        """
        panel, own = self.panel, since_first(self.panel.parcels)
        mask = event_mask(panel.days, panel.series, self.events)
        unlearnt = (mask | np.isnan(own)).all(axis=0) & ~np.isnan(own).all(axis=0)
        lift = prior_effects(panel.days, panel.series, self.events)
        return np.where(unlearnt, own / np.exp(lift), np.where(mask, np.nan, panel.parcels))


def small_series(panel: Panel, days: Sequence[date], events: Sequence[DemandEvent]) -> Small:
    """The series of ``panel``, with those events that are not everybody's."""
    first = max(0, len(panel.parcels) - HISTORY_DAYS_MAX)
    scoped = tuple(event for event in events if event.series is not None)
    return Small(panel=panel.since(panel.days[first]), days=tuple(days[first:]), events=scoped)


def count_gain(grid: Grid, model: Structural, column: int) -> float:
    """What the counts of a series were, over what their logarithms made one expect.

    A day of nothing has no logarithm, so a pool of less than a parcel a day is seen too large.
    """
    level = float(np.exp(model.level[column]))
    if level >= GAIN_BELOW:
        return 1.0
    before, came, expected = grid.open_before, 0.0, 0.0
    last = grid.known - WEEK_D
    for origin in range(last, max(WEEK_D, last - GAIN_WEEKS * WEEK_D), -WEEK_D):
        rows = np.flatnonzero(grid.is_open[origin : origin + WEEK_D]) + origin
        logs = grid.logs[rows, column]
        seen = model.foresee(int(before[origin]), before[rows])
        told = ~np.isnan(logs)
        counts = np.where(logs <= np.log(HALF_PARCEL), 0.0, np.exp(logs))
        mean = np.exp(seen.mean[:, column] + seen.variance[:, column] / 2)
        came += float(counts[told].sum())
        expected += float(mean[told].sum())
    return (came + GAIN_PARCELS) / (expected + GAIN_PARCELS)


def part_pool(small: Small, pool: Floats, spread: Floats) -> tuple[Mapping[str, Floats], Effects]:
    """Mean and quantiles of each series, and what events of some of them add.

    Args:
        small: The series.
        pool: What they bring together on each day to come; float64 [days].
        spread: Deviation of its logarithm, chance included; float64 [days].
    """
    quiet = small.quiet
    weekday = np.array([day.weekday() for day in small.days])
    past, ahead = weekday[: len(quiet)], weekday[len(quiet) :]
    share = weekday_shares(quiet, past)
    together = pooled(quiet)[:, None]
    effects = _effects(small, together * share[past])
    coming = slice(len(quiet), None)
    lift, unsure = effects.mean[coming], np.minimum(effects.variance[coming], _VARIANCE_MAX)
    recent = slice(-SHARE_DAYS, None)
    beyond = dispersion(quiet[recent], together[recent] * share[past[recent]])
    # The chance of the pool's own number is in each series' number already.
    known = np.square(spread) - 1 / np.maximum(pool, HALF_PARCEL)
    plain = pool[:, None] * share[ahead]
    shut = said_closed(small.days[len(quiet) :], small.panel.series, small.events)
    counts = Counts(
        mean=np.where(shut, 0.0, plain * np.exp(lift + unsure / 2)),
        dispersion=beyond + np.maximum(known, 0.0)[:, None] + np.expm1(unsure),
    )
    shares = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
    return {"mean": counts.mean, **{k: counts.quantile(q) for k, q in shares.items()}}, effects


def _effects(small: Small, expected: Floats) -> Effects:
    """What events of some of the series add to those; the series touched are counted together."""
    shape = (len(small.days), len(small.panel.series))
    mean, variance = np.zeros(shape), np.zeros(shape)
    each, seen = list[EventEffect](), list[EventSeen]()
    known = ~np.isnan(small.panel.parcels) & ~np.isnan(expected)
    for scope in sorted({event.series or frozenset() for event in small.events}, key=sorted):
        own = [event for event in small.events if event.series == scope]
        columns = touched(own[0], small.panel.series)
        if not len(columns):
            continue
        told = known[:, columns]
        came = np.where(told, small.panel.parcels[:, columns], 0.0).sum(axis=1)
        usual = np.maximum(np.where(told, expected[:, columns], 0.0).sum(axis=1), HALF_PARCEL)
        residual = np.log(np.maximum(came, HALF_PARCEL) / usual)
        found = estimate_effects(
            small.days,
            (_SOME,),
            [replace(event, series=frozenset((_SOME,)), parts=()) for event in own],
            residuals=np.where(told.any(axis=1), residual, np.nan)[:, None],
            noise=(1 / usual)[:, None],
        )
        lifts, spread = _parts(small, own, columns)
        mean[:, columns] += found.mean + lifts
        variance[:, columns] += found.variance * np.square(spread)
        each += [replace(one, scope=scope) for one in found.each]
        seen += [replace(one, scope=scope) for one in found.seen]
    nothing = np.zeros(len(mean))
    return Effects(mean=mean, variance=variance, shared=nothing, each=tuple(each), seen=tuple(seen))


def _parts(
    small: Small, events: Sequence[DemandEvent], columns: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """What each series has beside what all have of the events, and how many times as unsure."""
    names = tuple(small.panel.series[column] for column in columns)
    alike = [replace(event, parts=()) for event in events]
    lifts = prior_effects(small.days, names, events) - prior_effects(small.days, names, alike)
    spread = np.ones_like(lifts)
    for event in events:
        rows = [row for row, day in enumerate(small.days) if event.start <= day <= event.end]
        for part in event.parts:
            if part.series in names:
                spread[rows, names.index(part.series)] = part.spread
    return lifts, spread
