"""Windows told to recipients: the whole day, or two hours on round half hours."""

from __future__ import annotations

from datetime import date, timedelta

from promesa.kernel.timewindow import TimeWindow
from promesa.promising.windows import earned_window, is_whole_day, whole_day
from tests.support.dispatch_memory import NINE


def test_a_whole_day_is_from_nine_to_nine_in_santiago() -> None:
    window = whole_day(date(2026, 11, 23))
    assert window.start == NINE
    assert window.width == timedelta(hours=12)


def test_an_earned_window_is_two_hours_on_round_half_hours() -> None:
    window = earned_window(NINE + timedelta(hours=3, minutes=10))
    assert window.start == NINE + timedelta(hours=2)
    assert window.end == NINE + timedelta(hours=4)


def test_a_narrower_window_is_no_whole_day() -> None:
    assert is_whole_day(whole_day(date(2026, 11, 23)))
    assert not is_whole_day(TimeWindow(start=NINE, end=NINE + timedelta(hours=11)))
