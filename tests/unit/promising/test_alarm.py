"""The alarm of promises: silent over chance, ringing over drift, honest about both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from promesa.kernel.seeds import stream
from promesa.promising.alarm import (
    AlarmState,
    PromiseDay,
    dispersion_of,
    watch,
)

FIRST = date(2026, 3, 2)
PROMISES = 400


def days(late_shares: list[float], stated: float = 0.05, seed: int = 1) -> list[PromiseDay]:
    """A day for each share of promises that really break; 5 % are stated to."""
    chance = stream(seed, "alarm")
    return [
        PromiseDay(
            date=FIRST + timedelta(days=number),
            promises=PROMISES,
            late=sum(chance.random() < share for _ in range(PROMISES)),
            late_stated=PROMISES * stated,
            variance=PROMISES * stated * (1 - stated),
        )
        for number, share in enumerate(late_shares)
    ]


def test_promises_broken_as_stated_ring_no_alarm() -> None:
    found = watch(days([0.05] * 60))
    assert (found.state, found.drift, found.told_days) == (AlarmState.CALM, None, 60)


def test_a_drift_to_twice_the_stated_rings_within_a_week_and_says_since_when() -> None:
    found = watch(days([0.05] * 30 + [0.10] * 7))
    assert found.state is AlarmState.WORSE
    assert found.drift is not None
    assert abs((found.drift.since - (FIRST + timedelta(days=30))).days) <= 5
    assert found.drift.stated_share == pytest.approx(0.05)
    assert 0.08 < found.drift.late_share < 0.12
    assert found.drift.promises >= 7 * PROMISES


def test_promises_kept_better_than_stated_ring_the_other_alarm() -> None:
    found = watch(days([0.05] * 30 + [0.01] * 14))
    assert found.state is AlarmState.BETTER
    assert found.drift is not None
    assert found.drift.late_share < found.drift.stated_share


def test_a_week_of_days_is_too_few_to_say_anything() -> None:
    found = watch(days([0.2] * 5))
    assert (found.state, found.drift, found.told_days) == (AlarmState.UNKNOWN, None, 5)


def test_days_that_differ_more_than_chance_widen_the_band() -> None:
    calm = dispersion_of(days([0.05] * 60))
    wild = dispersion_of(days([0.01, 0.09] * 30))
    assert calm < 2.5
    assert wild > 5
    narrow, wide = (watch(days(shares)).bands[0] for shares in ([0.05] * 60, [0.01, 0.09] * 30))
    assert wide.high - wide.low > narrow.high - narrow.low


def test_false_alarms_are_as_rare_as_is_said() -> None:
    # Twenty years of chance: eight alarms of a kind are told for them.
    rings = sum(
        watch(days([0.05] * 365, seed=seed)).state is not AlarmState.CALM for seed in range(20)
    )
    assert rings <= 8


def exact(*lates: int) -> list[PromiseDay]:
    """Days with so many late ones each; 20 are stated, and one standard deviation is 4.4."""
    return [replace(day, late=late) for day, late in zip(days([0.0] * 99), lates, strict=False)]


@pytest.mark.parametrize("bad_days", [4, 40])
def test_two_weeks_as_stated_end_an_alarm_however_long_it_rang(bad_days: int) -> None:
    rang = [20] * 45 + [30] * bad_days
    states = [watch(exact(*rang, *[20] * calm)).state for calm in (0, 5, 14)]
    assert states == [AlarmState.WORSE, AlarmState.WORSE, AlarmState.CALM]


def test_what_was_told_is_not_taken_back_by_days_judged_anew() -> None:
    raised, kept = exact(*[20] * 30, 28, 28), exact(*[20] * 30, 28, 28, *[12] * 2)
    assert watch(raised).state is AlarmState.CALM
    assert watch(raised, told=AlarmState.WORSE).state is AlarmState.WORSE
    assert watch(kept, told=AlarmState.WORSE).state is AlarmState.CALM


def test_less_is_told_of_too_few_days_than_was_told_before() -> None:
    assert watch(exact(30, 30, 30), told=AlarmState.WORSE).state is AlarmState.UNKNOWN
