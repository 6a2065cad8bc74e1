"""When a simulated driver rests, by the plan the phone shows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from promesa.simulator.way import rest_due_s

NOON = datetime.fromisoformat("2026-11-30T13:00:00-03:00")
BREAK = {"start": NOON.isoformat(), "end": (NOON + timedelta(minutes=30)).isoformat()}


def planned(minutes: int) -> dict[str, str]:
    return {"planned_arrival": (NOON + timedelta(minutes=minutes)).isoformat()}


@pytest.mark.parametrize(
    ("now_min", "next_min", "rests"),
    [
        (-10, -5, False),
        (-10, 35, True),
        (5, 35, True),
        (-60, 35, False),
        (20, -5, False),
        (31, -5, True),
    ],
    ids=["visits first", "next", "late", "far too early", "late but not next", "very late"],
)
def test_a_driver_rests_before_the_stop_it_is_planned_before(
    now_min: int, next_min: int, *, rests: bool
) -> None:
    due_s = rest_due_s([BREAK], planned(next_min), NOON + timedelta(minutes=now_min))
    assert due_s == (1_800 if rests else None)


def test_nobody_rests_without_a_break_or_with_all_visits_made() -> None:
    assert rest_due_s([], planned(35), NOON) is None
    assert rest_due_s([BREAK], None, NOON + timedelta(hours=1)) is None
