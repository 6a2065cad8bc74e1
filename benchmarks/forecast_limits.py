"""What the forecaster can take: ten thousand series at once, and a few orders a day.

`python -m benchmarks.forecast_limits size HISTORY.csv EVENTS.csv [--series 10000]`
`python -m benchmarks.forecast_limits low HISTORY.csv EVENTS.csv`

*size* forecasts so many series of the length of the history, each one of its series thinned to a
part of its own, and tells CPU seconds and the most memory, reading left out; run it on one core
(`taskset -c 0`). *low* thins each series to a few a day, three times over, and tells the error of a
backtest beside the error of who knows the true rate: counts vary by chance, and nobody beats that.
"""

from __future__ import annotations

import argparse
import resource
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.cputime import process_cpu_s
from promesa.dispatch.events_file import read_events
from promesa.dispatch.history_file import read_history
from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import Panel
from promesa.planning.forecast.backtest import backtest, past_origins
from promesa.planning.forecast.forecaster import forecast

SEED = 1
# From a corner shop's to the biggest comuna's of a retailer, parcels a day.
MEANS = (0.5, 200.0)
LOW_MEANS = (2.0, 5.0, 10.0)
LOW_COPIES = 3
KIB_OF_GIB = 1024 * 1024


def main() -> None:
    """Runs the part that is asked for and prints its rows."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("part", choices=("size", "low"))
    asked.add_argument("history", type=Path)
    asked.add_argument("events", type=Path)
    asked.add_argument("--series", type=int, default=10_000, help="of size")
    given = asked.parse_args()
    panel, events = read_history(given.history).panel, read_events(given.events).events
    if given.part == "size":
        _size(panel, events, given.series)
    else:
        _low(panel, events)


def _size(panel: Panel, events: Sequence[DemandEvent], count: int) -> None:
    low, high = np.log(MEANS)
    means = np.exp(np.random.default_rng([SEED, 1]).uniform(low, high, count))
    many = _thinned(panel, means)
    began_s = process_cpu_s()
    made = forecast(many, events, seed=SEED)
    cpu_s = process_cpu_s() - began_s
    most_gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_OF_GIB
    print("| series | days | ahead | CPU s | most memory GiB |")  # noqa: T201
    print("|---|---|---|---|---|")  # noqa: T201
    print(  # noqa: T201
        f"| {len(many.series):,} | {len(many.parcels):,} | {len(made.days)} "
        f"| {cpu_s:.1f} | {most_gib:.2f} |"
    )


def _low(panel: Panel, events: Sequence[DemandEvent]) -> None:
    print("| a day | series | WAPE | by chance alone | times | covers |")  # noqa: T201
    print("|---|---|---|---|---|---|")  # noqa: T201
    for mean in LOW_MEANS:
        few = _thinned(panel, np.full(LOW_COPIES * len(panel.series), mean))
        found = backtest(few, events, past_origins(few)).whole
        assert found.wape is not None
        assert found.noise_floor is not None
        assert found.cov80 is not None
        print(  # noqa: T201
            f"| {mean:g} | {len(few.series)} | {found.wape:.4f} | {found.noise_floor:.4f} "
            f"| {found.wape / found.noise_floor:.3f} | {found.cov80:.3f} |"
        )


def _thinned(panel: Panel, means: NDArray[np.float64]) -> Panel:
    """As many series as means, the panel's over and over, each parcel kept by chance."""
    columns = np.arange(len(means)) % len(panel.series)
    usual = np.nanmean(panel.parcels, axis=0)
    draws = np.random.default_rng([SEED, 2])
    parcels = np.full((len(panel.parcels), len(means)), np.nan)
    for place, (column, mean) in enumerate(zip(columns, means, strict=True)):
        whole = panel.parcels[:, column]
        known = ~np.isnan(whole)
        share = min(1.0, mean / usual[column])
        parcels[known, place] = draws.binomial(whole[known].round().astype(np.int64), share)
    names = tuple(f"{panel.series[column]}-{place}" for place, column in enumerate(columns))
    return replace(panel, series=names, parcels=parcels)


if __name__ == "__main__":
    main()
