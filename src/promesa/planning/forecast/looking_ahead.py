"""Makes an outlook: the forecast, and the last weeks against what was forecast then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import Panel, days_from
from promesa.planning.demand.series import DayCounts, SeriesKey
from promesa.planning.forecast.backtest import backtest
from promesa.planning.forecast.forecast import HISTORY_DAYS_MIN, Forecast, Models
from promesa.planning.forecast.forecaster import days_told, forecast
from promesa.planning.forecast.given_events import last_said
from promesa.planning.forecast.outlook import (
    PAST_D,
    UNKNOWN_SHARE_MAX,
    EventShare,
    Far,
    Judged,
    Outlook,
    OutlookInputs,
    Table,
    judged_part,
)
from promesa.planning.forecast.scores import poisson_deviation
from promesa.planning.forecast.totals import add_up

# Eight weeks, each day forecast a week or two before.
JUDGED_D = 56
JUDGED_AHEAD_D = 14
# Of the work, what the forecast itself takes.
_FORECAST_SHARE = 0.3
# Who has not seen a year has not seen the season that comes in two months.
FAR_HISTORY_D = 365
_MARK_BYTES = 16
_DIGITS = 3


def make_outlook(
    inputs: OutlookInputs, seed: int, watch: Callable[[float], object] = lambda _: None
) -> Outlook:
    """Forecasts, and holds the last weeks against what was forecast then.

    Args:
        inputs: What is known.
        seed: The same seed, the same outlook.
        watch: Told the share that is done.

    Raises:
        HistoryTooShortError: There is too little to forecast from.
    """
    keys, panel = panel_of(inputs.counts, inputs.until)
    marks = _history_mark(panel), _events_mark(inputs.events, panel.last)
    made = _forecast(panel, inputs, seed, marks)
    watch(_FORECAST_SHARE)
    before = inputs.before
    # An event that was edited does not change how right forecasts were.
    is_known = before is not None and before.judged and before.history_mark == marks[0]
    judged, whole = (before.judged, before.judged_whole) if before and is_known else ({}, None)
    if not is_known:
        left = 1 - _FORECAST_SHARE

        def told(share: float) -> None:
            watch(_FORECAST_SHARE + left * share)

        judged, whole = _judge(keys, panel, inputs.events, seed, told)
    return Outlook(
        origin=made.origin,
        days=made.days,
        series=keys,
        mean=_table(made.mean),
        p10=_table(made.p10),
        p50=_table(made.p50),
        p90=_table(made.p90),
        shared_sd=tuple(round(float(value), 4) for value in made.shared_sd),
        events=made.events,
        basis=made.basis,
        scoped=made.scoped,
        judged=judged,
        judged_whole=whole,
        history_mark=marks[0],
        events_mark=marks[1],
        past=_past(panel),
        lead_times=inputs.lead_times,
        hours=inputs.hours,
        far=_far(panel, inputs, seed, made),
        event_shares=tuple(
            EventShare(name=event.name, start=event.start, share=event.share)
            for event in inputs.events
            if event.share is not None and event.end > panel.last
        ),
    )


def _forecast(panel: Panel, inputs: OutlookInputs, seed: int, marks: tuple[str, str]) -> Forecast:
    """The same history and past events are fitted once: the same inputs give the same number."""
    before = inputs.before
    is_same = before is not None and (before.history_mark, before.events_mark) == marks
    return forecast(
        panel,
        inputs.events,
        horizon=inputs.horizon,
        seed=seed,
        start=before.basis.amounts if before is not None and is_same else (),
        start_rounds=0,
    )


def _far(panel: Panel, inputs: OutlookInputs, seed: int, near: Forecast) -> Far | None:
    """The days after those of ``near``, from what it was fitted with."""
    if near.basis.days < FAR_HISTORY_D or inputs.far_horizon <= len(near.days):
        return None
    made = forecast(
        panel,
        inputs.events,
        horizon=inputs.far_horizon,
        seed=seed,
        start=near.basis.amounts,
        start_rounds=0,
        models=Models.STRUCTURAL,
    )
    first = len(near.days)
    return Far(
        days=made.days[first:],
        mean=_table(made.mean[first:]),
        p10=_table(made.p10[first:]),
        p50=_table(made.p50[first:]),
        p90=_table(made.p90[first:]),
        shared_sd=tuple(round(float(value), 4) for value in made.shared_sd[first:]),
        events=tuple(used for used in made.events if used.day >= made.days[first]),
        calibrated=made.basis.calibrated,
        scoped=tuple(each for each in made.scoped if each.day >= made.days[first]),
    )


def _history_mark(panel: Panel) -> str:
    told = blake2b(panel.parcels.tobytes(), digest_size=_MARK_BYTES)
    told.update(repr((panel.first, panel.series)).encode())
    return told.hexdigest()


def _events_mark(events: Sequence[DemandEvent], last: date) -> str:
    """Of what the model is fitted around: events to come move their own days alone."""
    begun = [event for event in last_said(events, last) if event.start <= last]
    past = [replace(event, series=None) for event in begun]
    scopes = [sorted(event.series or ()) for event in begun]
    both = sorted(repr(each) for each in zip(past, scopes, strict=True))
    return blake2b(repr(both).encode(), digest_size=_MARK_BYTES).hexdigest()


def panel_of(counts: DayCounts, until: date) -> tuple[tuple[SeriesKey, ...], Panel]:
    """The counts as a panel that ends on ``until``, and the series of its columns."""
    keys = tuple(sorted(counts))
    first = min((day for days in counts.values() for day in days), default=until)
    width = max(0, (until - first).days + 1)
    parcels = np.full((width, len(keys)), np.nan)
    for column, key in enumerate(keys):
        for day, orders in counts[key].items():
            row = (day - first).days
            if 0 <= row < width:
                parcels[row, column] = orders
    series = tuple(key.text for key in keys)
    return keys, Panel(first=first, series=series, parcels=parcels)


def _judge(
    keys: Sequence[SeriesKey],
    panel: Panel,
    events: Sequence[DemandEvent],
    seed: int,
    watch: Callable[[float], object],
) -> tuple[Mapping[str, Judged], Judged | None]:
    """Each comuna, by depot where it has several, and all of them together."""
    turns = JUDGED_D // JUDGED_AHEAD_D
    origins = [panel.last - timedelta(days=JUDGED_AHEAD_D * n) for n in range(turns, 0, -1)]
    if days_told(panel.until(origins[0])) < HISTORY_DAYS_MIN * 2:
        return {}, None
    found = backtest(
        panel,
        events,
        origins,
        horizon=JUDGED_AHEAD_D,
        seed=seed,
        watch=lambda done: watch(done / turns),
    )
    whole = _judged(panel, found.forecasts, range(len(keys)))
    parts = _judged_columns(keys)
    return {name: _judged(panel, found.forecasts, own) for name, own in parts.items()}, whole


def _judged_columns(keys: Sequence[SeriesKey]) -> dict[str, list[int]]:
    """Where the series stand of all that is judged apart."""
    found: dict[str, list[int]] = {}
    depots: dict[str, set[str]] = {}
    for key in keys:
        depots.setdefault(key.comuna, set()).add(key.depot)
    for column, key in enumerate(keys):
        found.setdefault(key.comuna, []).append(column)
        if len(depots[key.comuna]) > 1:
            found.setdefault(judged_part(key.comuna, key.depot), []).append(column)
    return found


def _judged(panel: Panel, made: Sequence[Forecast], columns: Sequence[int]) -> Judged:
    """Some of the series, added up; a day is known when hardly any of what they bring is not."""
    chosen = list(columns)
    totals = [add_up(each, chosen) for each in made]
    mean = np.concatenate([total.mean for total in totals])
    low = np.concatenate([total.p10 for total in totals])
    high = np.concatenate([total.p90 for total in totals])
    came = panel.parcels[-len(mean) :, chosen]
    parts = np.concatenate([_usual(each)[:, chosen] for each in made])
    missing = np.where(np.isnan(came), parts, 0.0).sum(axis=1)
    some = ~np.isnan(came).all(axis=1)
    known = np.asarray(some & (missing <= UNKNOWN_SHARE_MAX * parts.sum(axis=1)))
    total = np.nansum(came, axis=1)
    inside = ((total >= low) & (total <= high))[known]
    sum_came, sum_mean = float(total[known].sum()), float(mean[known].sum())
    return Judged(
        days=days_from(panel.last - timedelta(days=len(mean) - 1), len(mean)),
        # The mean, which is what planners are shown: it adds up over comunas, medians do not.
        expected=tuple(round(float(value), _DIGITS) for value in mean),
        came=tuple(
            float(value) if is_known else None for value, is_known in zip(total, known, strict=True)
        ),
        wape=float(np.abs(total - mean)[known].sum()) / sum_came if sum_came else None,
        floor=float(poisson_deviation(mean[known]).sum()) / sum_mean if sum_mean else None,
        inside=float(inside.mean()) if known.any() else None,
    )


def _usual(made: Forecast) -> NDArray[np.float64]:
    """What is to be known of a day: newcomers, unknown nearly always, are not missed."""
    is_new = np.array([name in made.basis.newcomers for name in made.series])
    return np.where(is_new, 0.0, made.mean)


def _past(panel: Panel) -> tuple[tuple[float | None, ...], ...]:
    recent = panel.parcels[-PAST_D:].T
    return tuple(tuple(None if np.isnan(each) else float(each) for each in row) for row in recent)


def _table(values: NDArray[np.float64]) -> Table:
    return tuple(tuple(round(float(value), _DIGITS) for value in row) for row in values.T)
