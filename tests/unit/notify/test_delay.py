"""When a delay is worth a message."""

from __future__ import annotations

from datetime import timedelta

import pytest

from promesa.kernel.timewindow import TimeWindow
from promesa.notify.delay import expected_window, is_worth_telling
from tests.support.outbox_memory import NOON


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def test_the_new_window_holds_the_range_in_whole_quarters() -> None:
    window = expected_window(NOON + minutes(7), NOON + minutes(52))
    assert window == TimeWindow(start=NOON, end=NOON + minutes(60))


def test_it_is_never_a_false_minute() -> None:
    window = expected_window(NOON + minutes(1), NOON + minutes(2))
    assert window.width == minutes(30)
    assert expected_window(NOON, NOON).width == minutes(30)


@pytest.mark.parametrize(("moved", "expected"), [(14, False), (15, True), (-60, False)])
def test_fifteen_minutes_past_what_was_told_is_news(moved: int, *, expected: bool) -> None:
    told = TimeWindow(start=NOON, end=NOON + minutes(120))
    later = TimeWindow(start=NOON, end=NOON + minutes(120 + moved))
    assert is_worth_telling(told, later) is expected
