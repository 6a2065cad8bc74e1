"""When a simulated driver rests, by the plan the phone shows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from promesa.domain.route import RouteBreak
from promesa.simulator.way import rest_due_s
from promesa.tracking.tracked import breaks_as_expected

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
        (31, -5, False),
        (90, 35, True),
    ],
    ids=["first", "next", "late", "early", "late but not next", "very late", "very late and next"],
)
def test_a_driver_rests_before_the_stop_it_is_planned_before(
    now_min: int, next_min: int, *, rests: bool
) -> None:
    due_s = rest_due_s([BREAK], planned(next_min), NOON + timedelta(minutes=now_min))
    assert due_s == (1_800 if rests else None)


def test_nobody_rests_without_a_break_or_with_all_visits_made() -> None:
    assert rest_due_s([], planned(35), NOON) is None
    assert rest_due_s([BREAK], None, NOON + timedelta(hours=1)) is None


@pytest.mark.parametrize("late_min", [-20, 0, 25, 45, 120])
def test_no_visit_closes_inside_the_colacion_that_the_lane_draws(late_min: int) -> None:
    """Six stops ten minutes apart, three on each side of the break; the van is early or late."""
    rest = RouteBreak(start=NOON, end=NOON + timedelta(minutes=30))
    plan = [NOON + timedelta(minutes=minutes) for minutes in (-25, -15, -5, 35, 45, 55)]
    now, breaks, arrivals = plan[0] + timedelta(minutes=late_min), [BREAK], []
    for arrival in plan:
        due_s = rest_due_s(breaks, {"planned_arrival": arrival.isoformat()}, now)
        if due_s is not None:
            now, breaks = now + timedelta(seconds=due_s), []
        now += timedelta(minutes=10)
        arrivals.append((arrival, now))
    (drawn,) = breaks_as_expected([rest], arrivals)
    assert breaks == []
    assert [closed for _, closed in arrivals if drawn.start < closed < drawn.end] == []
