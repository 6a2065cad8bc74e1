"""Odds put right by outcomes: nothing without them, everything with many of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from promesa.kernel.seeds import stream
from promesa.promising.calibration import NO_OUTCOMES, Outcome, bins_of, calibrate


def outcomes(stated: float, kept: float, count: int, *, a_day: int = 20) -> list[Outcome]:
    """So many promises stated alike, of which a share was kept, some on each day."""
    first = datetime(2026, 3, 2, 23, tzinfo=UTC)
    return [
        Outcome(
            p_stated=stated,
            is_kept=number * 7 % 20 < kept * 20,
            due_at=first + timedelta(days=number // a_day),
        )
        for number in range(count)
    ]


def test_without_outcomes_the_odds_stay_what_the_model_says() -> None:
    assert NO_OUTCOMES.whole_day.right(0.9) == pytest.approx(0.9)
    assert calibrate([]).whole_day.right(0.9) == pytest.approx(0.9)
    assert calibrate([]).outcomes == 0


def test_a_bad_week_moves_the_odds_a_little_and_thousands_decide() -> None:
    few = [Outcome(p_stated=0.95, is_kept=number > 2) for number in range(10)]
    some = calibrate(few).whole_day.right(0.95)
    many = calibrate(outcomes(0.95, 0.85, 5_000)).whole_day.right(0.95)
    assert 0.9 < some < 0.95
    assert many == pytest.approx(0.85, abs=0.01)


def test_a_higher_stated_odd_stays_the_higher_one() -> None:
    line = calibrate(outcomes(0.98, 0.9, 3_000) + outcomes(0.8, 0.85, 3_000)).whole_day
    right = [line.right(p / 100) for p in range(50, 100)]
    assert right == sorted(right)


def test_whole_days_and_narrow_windows_are_put_right_apart() -> None:
    narrow = [
        Outcome(p_stated=0.9, is_kept=number % 2 == 0, is_whole_day=False) for number in range(900)
    ]
    found = calibrate(narrow)
    assert found.whole_day.right(0.9) == pytest.approx(0.9)
    assert found.narrow.right(0.9) == pytest.approx(0.5, abs=0.05)
    assert (found.whole_day.outcomes, found.narrow.outcomes) == (0, 900)


def test_one_bad_day_of_a_thousand_promises_counts_no_more_than_a_day() -> None:
    bad_day = outcomes(0.95, 0.5, 1_000, a_day=1_000)
    bad_month = outcomes(0.95, 0.5, 1_000, a_day=20)
    assert calibrate(bad_day).whole_day.right(0.95) > calibrate(bad_month).whole_day.right(0.95)


def test_odds_that_were_right_stay_as_they_are() -> None:
    chance = stream(1, "right")
    told = [
        Outcome(p_stated=p, is_kept=chance.random() < p)
        for p in (0.8, 0.9, 0.95, 0.99)
        for _ in range(2_000)
    ]
    line = calibrate(told).whole_day
    assert [line.right(p) for p in (0.8, 0.95)] == pytest.approx([0.8, 0.95], abs=0.02)


def test_bins_say_how_promises_stated_alike_were_kept() -> None:
    told = outcomes(0.97, 0.9, 1_000) + outcomes(0.7, 0.6, 1_000)
    low, high = bins_of(told)
    assert (low.promises, low.p_stated, low.kept_share) == pytest.approx((1_000, 0.7, 0.6))
    assert (high.low, high.high, high.kept_share) == pytest.approx((0.95, 0.98, 0.9))
