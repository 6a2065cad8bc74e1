"""Windows: aware, ordered, and honest about touching each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from promesa.kernel.timewindow import TimeWindow

NINE = datetime(2025, 10, 6, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_both_ends_of_a_window_are_inside() -> None:
    window = TimeWindow(start=NINE, end=NINE + HOUR)
    assert window.contains(NINE)
    assert window.contains(NINE + HOUR)
    assert not window.contains(NINE + HOUR + timedelta(microseconds=1))


def test_windows_that_only_touch_do_not_overlap() -> None:
    first = TimeWindow(start=NINE, end=NINE + HOUR)
    second = TimeWindow(start=NINE + HOUR, end=NINE + 2 * HOUR)
    assert not first.overlaps(second)
    assert first.overlaps(TimeWindow(start=NINE + HOUR / 2, end=NINE + 2 * HOUR))


def test_a_window_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="after"):
        TimeWindow(start=NINE, end=NINE)


def test_a_window_without_an_offset_is_refused() -> None:
    naive = NINE.replace(tzinfo=None)
    with pytest.raises(ValueError, match="offset"):
        TimeWindow(start=naive, end=naive + HOUR)
