"""Clocks that are moved by hand or run fast; none goes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from promesa.kernel.clock import MovedClock, ScaledClock, SystemClock

NINE = datetime(2025, 10, 6, 9, 0, tzinfo=UTC)


def test_a_moved_clock_stands_still_until_it_is_moved() -> None:
    clock = MovedClock(NINE)
    assert clock.now() == NINE
    clock.move_to(NINE + timedelta(minutes=5))
    assert clock.now() == NINE + timedelta(minutes=5)


def test_a_moved_clock_never_goes_back() -> None:
    clock = MovedClock(NINE)
    clock.move_to(NINE - timedelta(minutes=1))
    assert clock.now() == NINE


def test_a_scaled_clock_at_speed_zero_stands_still_and_can_be_moved() -> None:
    clock = ScaledClock(NINE, speed=0)
    clock.move_to(NINE + timedelta(hours=1))
    assert clock.now() == NINE + timedelta(hours=1)


def test_a_scaled_clock_refuses_to_run_backwards() -> None:
    with pytest.raises(ValueError, match="back"):
        ScaledClock(NINE, speed=1).run_at(-1)


def test_the_system_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)
