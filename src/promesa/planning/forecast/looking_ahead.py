"""Makes an outlook: the forecast, and the last weeks against what was forecast then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import Panel, days_from
from promesa.planning.demand.series import SeriesKey
from promesa.planning.forecast.backtest import backtest
from promesa.planning.forecast.forecast import HISTORY_DAYS_MIN, Forecast
from promesa.planning.forecast.forecaster import forecast
from promesa.planning.forecast.outlook import PAST_D, Counts, Judged, Outlook, OutlookInputs, Table
from promesa.planning.forecast.scores import poisson_deviation
from promesa.planning.forecast.totals import add_up

# Eight weeks, each day forecast a week or two before.
JUDGED_D = 56
JUDGED_AHEAD_D = 14
# Of the work, what the forecast itself takes.
_FORECAST_SHARE = 0.3
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
    made = forecast(panel, inputs.events, horizon=inputs.horizon, seed=seed, start=inputs.start)
    watch(_FORECAST_SHARE)
    judged = inputs.judged
    if judged is None:
        left = 1 - _FORECAST_SHARE

        def told(share: float) -> None:
            watch(_FORECAST_SHARE + left * share)

        judged = _judge(keys, panel, inputs.events, seed, told)
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
        judged=judged,
        past=_past(panel),
        lead_times=inputs.lead_times,
        hours=inputs.hours,
    )


def panel_of(counts: Counts, until: date) -> tuple[tuple[SeriesKey, ...], Panel]:
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
) -> Mapping[str, Judged]:
    turns = JUDGED_D // JUDGED_AHEAD_D
    origins = [panel.last - timedelta(days=JUDGED_AHEAD_D * n) for n in range(turns, 0, -1)]
    if (origins[0] - panel.first).days < HISTORY_DAYS_MIN * 2:
        return {}
    found = backtest(
        panel,
        events,
        origins,
        horizon=JUDGED_AHEAD_D,
        seed=seed,
        watch=lambda done: watch(done / turns),
    )
    comunas = sorted({key.comuna for key in keys})
    columns = {name: [n for n, key in enumerate(keys) if key.comuna == name] for name in comunas}
    return {name: _judged(panel, found.forecasts, columns[name]) for name in comunas}


def _judged(panel: Panel, made: Sequence[Forecast], columns: Sequence[int]) -> Judged:
    """One comuna, its series added up where it has several."""
    chosen = list(columns)
    totals = [add_up(each, chosen) for each in made]
    p50 = np.concatenate([total.p50 for total in totals])
    mean = np.concatenate([total.mean for total in totals])
    low = np.concatenate([total.p10 for total in totals])
    high = np.concatenate([total.p90 for total in totals])
    came = panel.parcels[-len(p50) :, chosen]
    known = np.asarray(~np.isnan(came).any(axis=1))
    total = came.sum(axis=1)
    inside = ((total >= low) & (total <= high))[known]
    sum_came, sum_mean = float(total[known].sum()), float(mean[known].sum())
    return Judged(
        days=days_from(panel.last - timedelta(days=len(p50) - 1), len(p50)),
        # The mean, since comunas are added up: medians of a few parcels do not add up to a median.
        expected=tuple(round(float(value), _DIGITS) for value in mean),
        came=tuple(
            float(value) if is_known else None for value, is_known in zip(total, known, strict=True)
        ),
        wape=float(np.abs(total - p50)[known].sum()) / sum_came if sum_came else None,
        floor=float(poisson_deviation(mean[known]).sum()) / sum_mean if sum_mean else None,
        inside=float(inside.mean()) if known.any() else None,
    )


def _past(panel: Panel) -> tuple[tuple[float | None, ...], ...]:
    recent = panel.parcels[-PAST_D:].T
    return tuple(tuple(None if np.isnan(each) else float(each) for each in row) for row in recent)


def _table(values: NDArray[np.float64]) -> Table:
    return tuple(tuple(round(float(value), _DIGITS) for value in row) for row in values.T)
