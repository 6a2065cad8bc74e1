"""The forecaster: history and events in, parcels a day with their interval out.

Big series are forecast by three models and their geometric mean; small ones by their share of what
small ones bring together; those of a few days by what they have shown (`newcomers.py`). Given
events, closed days and intervals come after.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import Panel, days_from
from promesa.planning.forecast.boosting import Past, boost, can_boost
from promesa.planning.forecast.closures import stopped
from promesa.planning.forecast.features import Memory
from promesa.planning.forecast.forecast import (
    HISTORY_DAYS_MIN,
    HORIZON_D,
    HORIZON_MAX_D,
    NORMAL_90,
    Basis,
    EventUsed,
    Forecast,
    HistoryTooShortError,
    Models,
    OwnEvent,
    ScopedSpread,
)
from promesa.planning.forecast.given_events import Effects, estimate_effects, last_said
from promesa.planning.forecast.grid import Grid, make_grid
from promesa.planning.forecast.intervals import Bands, calibrate
from promesa.planning.forecast.kernels import Matrix, part_matrices
from promesa.planning.forecast.low_volume import is_low, pooled, since_first
from promesa.planning.forecast.newcomers import newcomers, with_newcomers
from promesa.planning.forecast.small_series import Small, count_gain, part_pool, small_series
from promesa.planning.forecast.structural import ROUNDS_AGAIN, Structural, fit_structural
from promesa.planning.forecast.variances import Amounts

Floats = NDArray[np.float64]

POOL = "\0pool"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Logs:
    """Logarithms expected, their deviation, and quantiles of error; of all grid columns."""

    mean: Floats
    deviation: Floats
    bands: Floats
    effects: Effects
    shared_sd: Floats
    stretch: Floats
    pool_gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """How a forecast is asked for; as in ``forecast``."""

    horizon: int
    seed: int
    start: Sequence[Amounts]
    start_rounds: int
    models: Models


def forecast(
    panel: Panel,
    events: Sequence[DemandEvent],
    *,
    horizon: int = HORIZON_D,
    seed: int = 1,
    start: Sequence[Amounts] = (),
    start_rounds: int = ROUNDS_AGAIN,
    models: Models = Models.ALL,
) -> Forecast:
    """Forecasts the ``horizon`` days after the last one of ``panel``.

    Args:
        panel: History, one series at least.
        events: Past ones and those to come.
        horizon: Days, up to ``HORIZON_MAX_D``.
        seed: The same seed, the same forecast.
        start: ``basis.amounts`` of an earlier forecast of the same series, to be quicker.
        start_rounds: Updates of ``start``; 0 for that of the same history, which is right already.
        models: The forests are left out by ``STRUCTURAL``; they join in only where they can.

    Raises:
        HistoryTooShortError: Fewer than ``HISTORY_DAYS_MIN`` days, or none with a number.
    """
    assert 0 < horizon <= HORIZON_MAX_D, horizon
    if (told := days_told(panel)) < HISTORY_DAYS_MIN:
        raise HistoryTooShortError(days=told)
    events = last_said(events, panel.last)
    fit = _Fit(horizon=horizon, seed=seed, start=start, start_rounds=start_rounds, models=models)
    return _forecast(panel, events, fit)


def days_told(panel: Panel) -> int:
    """How many days are known of one series at least."""
    return int((~np.isnan(panel.parcels).all(axis=1)).sum())


def _forecast(panel: Panel, events: Sequence[DemandEvent], fit: _Fit) -> Forecast:
    """Of a panel, or of some of its series, which alone may be known on a few days."""

    def of(some: NDArray[np.bool_]) -> Forecast:
        return _forecast(panel.only(np.flatnonzero(some).tolist()), events, fit)

    gone = stopped(panel.parcels) | np.isnan(panel.parcels).all(axis=0)
    if gone.any() and not gone.all():
        return _with_nothing(of(~gone), panel.series, np.flatnonzero(~gone).tolist())
    new = newcomers(panel.parcels)
    if new.all():
        panel = replace(panel, parcels=since_first(panel.parcels))
    elif new.any():
        return with_newcomers(of(~new), panel, new, events)
    low = is_low(panel.parcels)
    days = days_from(panel.first, len(panel.parcels) + fit.horizon)
    small = small_series(panel.only(np.flatnonzero(low).tolist()), days, events)
    grid = make_grid(_with_pool(panel, low, small), events, fit.horizon)
    parts = part_matrices(*(grid.marks.take(grid.open_rows),) * 2)
    past_open = grid.open_rows[grid.open_rows < grid.known]
    model = fit_structural(parts, grid.logs[past_open], fit.start, fit.start_rounds)
    logs, bands, boosted = _expected(grid, model, events, fit.seed, fit.models)
    tables, of_some = _by_series(low, small, grid, logs)
    used = (*_learnt(grid, model, parts), *_given(grid, (logs.effects, of_some)))
    return Forecast(
        origin=panel.last,
        days=grid.days[grid.known :],
        series=panel.series,
        mean=tables["mean"],
        p10=tables["p10"],
        p50=tables["p50"],
        p90=tables["p90"],
        shared_sd=logs.shared_sd,
        scoped=tuple(_scoped(grid, (logs.effects, of_some), logs.stretch)),
        events=tuple(sorted(used, key=lambda event: (event.day, event.name))),
        basis=Basis(
            days=len(panel.parcels),
            boosted=boosted,
            calibrated=bands.origins,
            low=int(low.sum()),
            amounts=model.amounts,
            own_events=_own_events((logs.effects, of_some)),
        ),
    )


def _with_nothing(made: Forecast, series: tuple[str, ...], going: Sequence[int]) -> Forecast:
    """The forecast with the series that have stopped among the others."""

    def widened(table: Floats) -> Floats:
        whole = np.zeros((len(made.days), len(series)))
        whole[:, going] = table
        return whole

    return replace(
        made,
        series=series,
        mean=widened(made.mean),
        p10=widened(made.p10),
        p50=widened(made.p50),
        p90=widened(made.p90),
    )


def _with_pool(panel: Panel, low: NDArray[np.bool_], small: Small) -> Panel:
    """The big series, and what the small ones bring together as one more."""
    if not low.any():
        return panel
    big = panel.since(small.panel.first).only(np.flatnonzero(~low).tolist())
    together = pooled(small.quiet)[:, None]
    return Panel(
        first=small.panel.first,
        series=(*big.series, POOL),
        parcels=np.concatenate([big.parcels, together], axis=1),
    )


def _expected(
    grid: Grid, model: Structural, events: Sequence[DemandEvent], seed: int, models: Models
) -> tuple[_Logs, Bands, bool]:
    """The models' answers joined, on all days to come; those of closed days mean nothing."""
    horizon = len(grid.days) - grid.known
    open_rows = grid.open_rows
    ahead_rows = open_rows[open_rows >= grid.known]
    before = grid.open_before
    filled = np.full((grid.known, len(grid.series)), np.nan)
    filled[open_rows[open_rows < grid.known]] = model.filled
    ahead = model.foresee(int(before[grid.known]), before[ahead_rows])
    mean = ahead.mean
    boosted = models is Models.ALL and can_boost(grid) and len(ahead_rows) > 0
    if boosted:
        two = boost(
            Past(grid=grid, model=model, memory=Memory(grid=grid, logs=filled)), ahead, seed
        )
        # The mean of logarithms: the geometric mean of the three.
        mean = (ahead.mean + two.plain + two.cascade) / 3
    effects = _effects(grid, model, events, filled)
    bands = calibrate(grid, model, horizon)
    places = ahead_rows - grid.known
    shape = (horizon, len(grid.series))
    whole, deviation = np.full(shape, -np.inf), np.ones(shape)
    whole[places] = mean + effects.mean[ahead_rows]
    deviation[places] = np.sqrt(ahead.variance + effects.variance[ahead_rows])
    is_event = grid.marks.has_event[:, None] | (effects.variance > 0)
    kinds = bands.of(np.arange(1, horizon + 1), is_event[grid.known :], model.level)
    shared = np.zeros(horizon)
    shared[places] = ahead.shared + effects.shared[ahead_rows]
    # As much wider as past errors made the whole.
    stretch = (kinds[..., 2] - kinds[..., 0]).mean(axis=1) / (2 * NORMAL_90)
    logs = _Logs(
        mean=whole,
        deviation=deviation,
        bands=kinds,
        effects=effects,
        shared_sd=np.sqrt(shared) * stretch,
        stretch=stretch,
        pool_gain=count_gain(grid, model, -1) if grid.series[-1] == POOL else 1.0,
    )
    return logs, bands, boosted


def _effects(
    grid: Grid, model: Structural, events: Sequence[DemandEvent], filled: Floats
) -> Effects:
    """What given events add, held against what their days would have been without."""
    noise = np.full(filled.shape, model.common.amounts["noise"])
    for process in model.own:
        noise[:, process.columns] += process.amounts["noise"]
    return estimate_effects(
        grid.days, grid.series, events, residuals=grid.seen - filled, noise=noise
    )


def _by_series(
    low: NDArray[np.bool_], small: Small, grid: Grid, logs: _Logs
) -> tuple[Mapping[str, Floats], Effects]:
    """Mean and quantiles of every series, and what events of some of the small ones add."""
    shape = (len(grid.days) - grid.known, len(low))
    found = {name: np.zeros(shape) for name in ("mean", "p10", "p50", "p90")}
    count = int((~low).sum())
    spread = logs.deviation * (logs.bands[..., 2] - logs.bands[..., 0]) / (2 * NORMAL_90)
    big = {
        "mean": np.exp(logs.mean + np.square(spread) / 2),
        "p10": np.exp(logs.mean + logs.deviation * np.minimum(logs.bands[..., 0], 0.0)),
        "p50": np.exp(logs.mean),
        "p90": np.exp(logs.mean + logs.deviation * np.maximum(logs.bands[..., 2], 0.0)),
    }
    shut = grid.is_closed[grid.known :] | ~grid.is_open[grid.known :, None]
    for name, values in big.items():
        found[name][:, ~low] = np.where(shut, 0.0, values)[:, :count]
    if not low.any():
        return found, Effects(mean=found["mean"], variance=found["mean"], shared=logs.shared_sd)
    pool = np.where(shut[:, -1], 0.0, big["mean"][:, -1]) * logs.pool_gain
    tables, effects = part_pool(small, pool, spread[:, -1])
    for name, values in tables.items():
        found[name][:, low] = values
    return found, effects


def _learnt(grid: Grid, model: Structural, parts: Mapping[str, Matrix]) -> list[EventUsed]:
    """What the models hold the events to come for."""
    rows = grid.open_rows[grid.open_rows >= grid.known]
    if not grid.marks.has_event[rows].any():
        return []
    mean, deviation = model.event_effect(parts)
    found = []
    for place, row in enumerate(rows):
        for column in np.flatnonzero(grid.marks.event_day[row] >= 0):
            used = (grid.marks.names[column], mean[place], deviation[place])
            found.append(_used(grid, int(row), *used))
    return found


def _given(grid: Grid, effects: Sequence[Effects]) -> list[EventUsed]:
    """What was put on top of the models, each event once a day."""
    found: dict[tuple[str, frozenset[str] | None, int], EventUsed] = {}
    for each in (one for of in effects for one in of.each if one.row >= grid.known):
        used = _used(grid, each.row, each.name, each.mean, each.deviation)
        given = None if each.given is None else float(np.exp(each.given))
        series = None if each.scope is None else tuple(sorted(each.scope))
        used = replace(used, is_given=True, given=given, series=series)
        found.setdefault((each.name, each.scope, each.row), used)
    return list(found.values())


def _scoped(grid: Grid, effects: Sequence[Effects], stretch: Floats) -> Iterator[ScopedSpread]:
    """What the series of each event of some have in common, once a day, big and small ones."""
    found: dict[tuple[str, frozenset[str], int], float] = {}
    for each in (one for of in effects for one in of.each if one.row >= grid.known):
        if each.scope is not None:
            key = each.name, each.scope, each.row
            found[key] = max(found.get(key, 0.0), each.together)
    for (_, scope, row), variance in found.items():
        sd = float(np.sqrt(variance) * stretch[row - grid.known])
        yield ScopedSpread(day=grid.days[row], series=tuple(sorted(scope)), sd=round(sd, 4))


def _own_events(effects: Sequence[Effects]) -> dict[str, OwnEvent]:
    """Of several scopes of an event, that which was seen most; everybody's first."""
    found = [one for of in effects for one in of.seen]
    order = sorted(found, key=lambda one: (one.scope is None, one.times))
    return {one.name: OwnEvent(factor=one.factor, times=one.times) for one in order}


def _used(grid: Grid, row: int, name: str, mean: float, deviation: float) -> EventUsed:
    """As learnt by the models."""
    return EventUsed(
        name=name,
        day=grid.days[row],
        factor=float(np.exp(mean)),
        factor_p10=float(np.exp(mean - NORMAL_90 * deviation)),
        factor_p90=float(np.exp(mean + NORMAL_90 * deviation)),
        is_given=False,
    )
