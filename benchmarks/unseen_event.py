"""An event that no history tells of, forecast from a prior: how often the day is inside.

`python -m benchmarks.unseen_event HISTORY.csv EVENTS.csv [--out RECORD.json]`

Each occurrence of each event is forecast some days before it with all its earlier occurrences
unknown. Its prior is what the event did to the other half of the series, wrong by so many times
the sigma that is stated with it: not at all, one down, one up, and the middles of the fifths of a
normal distribution, which together are as wrong as they say. What is counted is days of series
inside the 80 % interval, and cases with at least half of their days in it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from promesa.dispatch.events_file import read_events
from promesa.dispatch.history_file import read_history
from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import Panel
from promesa.planning.forecast.forecaster import forecast

LEAD_D = 14
# A year of weeks has every weekday's level and the models' first season.
HISTORY_MIN_D = 400
BEFORE_WEEKS = 4
SIGMA = 0.3
# In sigmas; as in the published comparison, 30 % off in logarithms.
OFF = {"right": 0.0, "low": -1.0, "high": 1.0}
FIFTHS = (-1.2816, -0.5244, 0.0, 0.5244, 1.2816)
SPREAD = "spread"
# Nothing to be told of a day on which hardly anybody sold, or everybody as ever.
LIFT_MIN = 0.1

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One half of the series on one occurrence, with one prior.

    Attributes:
        off: How far the prior was from what happened to the other half, in sigmas.
        days: Of series, that are known.
        inside: Of them, those inside the interval.
        ratio: What came over what was expected, the whole event.
    """

    event: str
    start: date
    prior: str
    off: float
    days: int
    inside: int
    ratio: float


def main() -> None:
    """Runs all cases and prints a table by prior and by event."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("history", type=Path)
    asked.add_argument("events", type=Path)
    asked.add_argument("--sigma", type=float, default=SIGMA, help="stated with each prior")
    asked.add_argument(
        "--true", type=float, help="by which those of the fifths are wrong, if not --sigma"
    )
    asked.add_argument("--leave-out", nargs="*", default=[], help="names of events")
    asked.add_argument("--out", type=Path)
    given = asked.parse_args()
    panel, events = read_history(given.history).panel, read_events(given.events).events
    asked_for = [event for event in events if event.name not in given.leave_out]
    found = []
    true = given.true or given.sigma
    for case in _cases(panel, events, asked_for, given.sigma, true):
        found.append(case)
        print(_line(f"{case.event} {case.start} {case.prior}", [case]), flush=True)  # noqa: T201
    print("| of | cases | days inside | events of which half the days are | came/expected |")  # noqa: T201
    print("|---|---|---|---|---|")  # noqa: T201
    for name in (*OFF, SPREAD):
        print(_line(name, [case for case in found if case.prior == name]))  # noqa: T201
    for name in sorted({case.event for case in found}):
        print(_line(name, [case for case in found if case.event == name]))  # noqa: T201
    if given.out:
        rows = [asdict(case) for case in found]
        given.out.write_text(json.dumps(rows, indent=1, default=str) + "\n")


def _cases(
    panel: Panel,
    events: Sequence[DemandEvent],
    asked_for: Sequence[DemandEvent],
    sigma: float,
    true: float,
) -> Iterator[Case]:
    wrong = [*OFF.items(), *((SPREAD, fifth * true / sigma) for fifth in FIFTHS)]
    halves = [range(half, len(panel.series), 2) for half in (0, 1)]
    for event in asked_for:
        origin = event.start - timedelta(days=LEAD_D)
        if (origin - panel.first).days < HISTORY_MIN_D or event.end > panel.last:
            continue
        for own, other in (halves, halves[::-1]):
            lifts = _lifts(panel.only(other), events, event)
            if abs(lifts.mean()) < LIFT_MIN:
                continue
            for prior, off in wrong:
                told = _told(event, lifts, off * sigma, sigma)
                yield _case(panel.only(own), events, told, prior=prior, off=off)


def _lifts(panel: Panel, events: Sequence[DemandEvent], event: DemandEvent) -> Floats:
    """Logarithm of what each day came to over its weekday of the weeks before without events."""
    usual_days = {day for each in events for day in each.days}
    total = np.nansum(panel.parcels, axis=1)
    found = []
    for day in event.days:
        weeks = [day - timedelta(days=7 * week) for week in range(1, BEFORE_WEEKS + 5)]
        usual = [total[(each - panel.first).days] for each in weeks if each not in usual_days]
        came = max(1.0, total[(day - panel.first).days])
        found.append(np.log(came / np.mean(usual[:BEFORE_WEEKS])))
    return np.array(found)


def _told(event: DemandEvent, lifts: Floats, off: float, sigma: float) -> DemandEvent:
    """The event with the others' uplift, wrong by ``off``, and their profile of its days."""
    uplift, factors = float(np.exp(lifts.mean())), np.exp(lifts - lifts.mean())
    return replace(
        event, uplift=uplift * float(np.exp(off)), sigma=sigma, profile=tuple(map(float, factors))
    )


def _case(
    panel: Panel,
    events: Sequence[DemandEvent],
    told: DemandEvent,
    *,
    prior: str,
    off: float,
) -> Case:
    origin = told.start - timedelta(days=LEAD_D)
    known = panel.until(origin)
    parcels = known.parcels.copy()
    for each in events:
        if each.name == told.name:
            rows = [(day - panel.first).days for day in each.days]
            parcels[[row for row in rows if 0 <= row < len(parcels)]] = np.nan
    others = [each for each in events if each.name != told.name]
    horizon = (told.end - origin).days
    made = forecast(replace(known, parcels=parcels), [*others, told], horizon=horizon, seed=1)
    rows = [made.days.index(day) for day in told.days]
    came = panel.parcels[[(day - panel.first).days for day in told.days]]
    inside = (came >= made.p10[rows]) & (came <= made.p90[rows])
    return Case(
        event=told.name,
        start=told.start,
        prior=prior,
        off=round(off, 2),
        days=int((~np.isnan(came)).sum()),
        inside=int(inside.sum()),
        ratio=round(float(np.nansum(came) / made.mean[rows].sum()), 3),
    )


def _line(name: str, cases: Sequence[Case]) -> str:
    days = sum(case.days for case in cases)
    inside = sum(case.inside for case in cases)
    half = sum(2 * case.inside >= case.days for case in cases)
    low, high = min(case.ratio for case in cases), max(case.ratio for case in cases)
    return (
        f"| {name} | {len(cases)} | {inside / days:.3f} | {half / len(cases):.2f} "
        f"| {low:.2f}-{high:.2f} |"
    )


if __name__ == "__main__":
    main()
