"""The forecast beside AutoETS, Theta and last week, from the same origins in one run.

`uv run --with statsforecast==2.0.3 python -m benchmarks.forecast_peers HISTORY.csv EVENTS.csv`

Each peer forecasts each series from each origin; what is counted is the sum of absolute errors over
the sum of what came, the same on days of events, and the seconds each took.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsforecast import StatsForecast
from statsforecast.models import AutoETS, DynamicOptimizedTheta

from promesa.dispatch.events_file import read_events
from promesa.dispatch.history_file import read_history
from promesa.kernel.clock import stopwatch_s
from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import Panel, days_from
from promesa.planning.forecast.backtest import EVERY_D, ORIGINS, backtest, past_origins
from promesa.planning.forecast.forecast import HORIZON_D
from promesa.planning.forecast.marks import mark_days

WEEK_D = 7
Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one forecaster came to."""

    name: str
    wape: float
    wape_event: float
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What all of them forecast from."""

    panel: Panel
    events: Sequence[DemandEvent]
    origins: Sequence[date]


def main() -> None:
    """Runs all of them and prints a table; `--out` keeps it as JSON."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("history", type=Path)
    asked.add_argument("events", type=Path)
    asked.add_argument("--origins", type=int, default=ORIGINS)
    asked.add_argument("--every-days", type=int, default=EVERY_D)
    asked.add_argument("--out", type=Path)
    given = asked.parse_args()
    panel, events = read_history(given.history).panel, read_events(given.events).events
    origins = past_origins(panel, origins=given.origins, every_d=given.every_days)
    past = Past(panel=panel, events=events, origins=origins)
    found = [
        _promesa(past),
        _peer("AutoETS", past, lambda: AutoETS(season_length=WEEK_D)),
        _peer("Theta", past, lambda: DynamicOptimizedTheta(season_length=WEEK_D)),
        _naive(past),
    ]
    for each in found:
        print(  # noqa: T201
            f"{each.name:<16} wape {each.wape:.4f}  event {each.wape_event:.4f}  "
            f"{each.seconds:7.1f} s  x{each.wape / found[0].wape:.2f}"
        )
    if given.out:
        record = [{name: getattr(each, name) for name in Outcome.__slots__} for each in found]
        given.out.write_text(json.dumps(record, indent=1) + "\n")


def _promesa(past: Past) -> Outcome:
    began_s = stopwatch_s()
    found = backtest(past.panel, past.events, past.origins)
    seconds = stopwatch_s() - began_s
    return _outcome("promesa", past, [made.p50 for made in found.forecasts], seconds)


def _peer(name: str, past: Past, model: Callable[[], object]) -> Outcome:
    began_s = stopwatch_s()
    tables = [_fitted(past.panel.until(origin), model()) for origin in past.origins]
    return _outcome(name, past, tables, stopwatch_s() - began_s)


def _fitted(panel: Panel, model: object) -> Table:
    """One local model a series; statsforecast takes a long table."""
    days = np.array(panel.days, dtype="datetime64[ns]")
    frame = pd.concat(
        pd.DataFrame({"unique_id": name, "ds": days, "y": panel.parcels[:, column]})
        for column, name in enumerate(panel.series)
    ).dropna()
    made = StatsForecast(models=[model], freq="D", n_jobs=1).forecast(df=frame, h=HORIZON_D)
    values = made.drop(columns=["unique_id", "ds"]).iloc[:, 0].to_numpy()
    order = {name: place for place, name in enumerate(sorted(panel.series))}
    table = values.reshape(len(panel.series), HORIZON_D)
    return np.asarray(table[[order[name] for name in panel.series]].T)


def _naive(past: Past) -> Outcome:
    began_s = stopwatch_s()
    weeks = HORIZON_D // WEEK_D
    tables = [np.tile(past.panel.until(day).parcels[-WEEK_D:], (weeks, 1)) for day in past.origins]
    return _outcome("same weekday", past, tables, stopwatch_s() - began_s)


def _outcome(name: str, past: Past, tables: Sequence[Table], seconds: float) -> Outcome:
    errors = {True: 0.0, False: 0.0}
    came = {True: 0.0, False: 0.0}
    panel = past.panel
    for origin, table in zip(past.origins, tables, strict=True):
        first = (origin - panel.first).days + 1
        actual = panel.parcels[first : first + HORIZON_D]
        has_event = mark_days(days_from(panel.days[first], HORIZON_D), past.events).has_event
        for kind in (True, False):
            rows = has_event == kind
            errors[kind] += float(np.nansum(np.abs(actual - table)[rows]))
            came[kind] += float(np.nansum(actual[rows]))
    return Outcome(
        name=name,
        wape=sum(errors.values()) / sum(came.values()),
        wape_event=errors[True] / came[True] if came[True] else 0.0,
        seconds=round(seconds, 1),
    )


if __name__ == "__main__":
    main()
