"""What is common in the misses of past forecasts."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from promesa.planning.capacity.scenarios import (
    SHARES_DEFAULT,
    CommonShares,
    Volume,
    draw_scenarios,
)
from promesa.planning.capacity.shares import Outturn, learn_shares

FIRST = date(2026, 1, 1)


def volume(series: int, day: int, event: str = "") -> Volume:
    """A median of 500 with a sigma of 0.3."""
    low, high = 500 * float(np.exp(-0.3845)), 500 * float(np.exp(0.3845))
    return Volume(
        series=f"S{series}",
        date=FIRST + timedelta(days=day),
        mean=523,
        p10=low,
        p50=500,
        p90=high,
        event=event,
    )


def outturns(true: CommonShares, days: int, events: int = 0) -> list[Outturn]:
    """What comes when misses are shared as ``true`` says; each event lasts three days."""
    volumes = [volume(series, day) for day in range(days) for series in range(12)]
    for number in range(events):
        volumes += [
            volume(series, days + 3 * number + day, f"evento {number}")
            for day in range(3)
            for series in range(12)
        ]
    drawn = draw_scenarios(volumes, 3, count=1, shares=true)
    place = {day: row for row, day in enumerate(drawn.days)}
    column = {name: number for number, name in enumerate(drawn.series)}
    return [
        Outturn(
            volume=each,
            parcels=int(drawn.parcels[0, place[each.date], column[each.series]]),
        )
        for each in volumes
    ]


def test_many_days_teach_what_days_share() -> None:
    for share in (0.05, 0.6):
        learnt = learn_shares(outturns(CommonShares(event=0.0, day=share), 110))
        weight = 110 / 140
        expected = weight * share + (1 - weight) * SHARES_DEFAULT.day
        assert learnt.shares.day == pytest.approx(expected, abs=0.12)
        assert learnt.days == 110


def test_events_that_missed_alone_are_told_from_those_that_missed_everywhere() -> None:
    apart = learn_shares(outturns(CommonShares(event=0.0, day=0.1), 10, events=30))
    together = learn_shares(outturns(CommonShares(event=0.8, day=0.1), 10, events=30))
    assert apart.shares.event < 0.25
    assert together.shares.event > 0.55
    assert together.events == 30


def test_without_a_past_it_is_the_default() -> None:
    assert learn_shares([]).shares == SHARES_DEFAULT


def test_series_without_a_forecast_say_nothing() -> None:
    nothing = Volume(series="A", date=FIRST, mean=0, p10=0, p50=0, p90=0)
    assert learn_shares([Outturn(volume=nothing, parcels=9)] * 2).days == 0
