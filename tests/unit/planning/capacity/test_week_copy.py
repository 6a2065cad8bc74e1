"""A week copied to the next: shifts and days off, but for the away, the closed and the past."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from promesa.domain.fleet import Shift
from promesa.planning.capacity.week_copy import CopiedDay, copied_week
from tests.support.roster_days import ANA, LUIS, day, shift

SUNDAY_BEFORE = day(-1)
WEEK = (shift(ANA, 0), shift(ANA, 1), shift(LUIS, 0))


def copied(
    *shifts: Shift,
    today: date = SUNDAY_BEFORE,
    away: Collection[tuple[UUID, date]] = (),
    closed: Collection[date] = (),
) -> list[tuple[UUID, date, int]]:
    found = copied_week(
        day(0), today=today, shifts=shifts, drivers=(ANA, LUIS), away=away, closed=closed
    )
    return [(each.driver_id, each.day, len(each.shifts)) for each in found]


def test_the_shifts_of_a_week_go_a_week_later() -> None:
    assert copied(*WEEK) == [(ANA.id, day(7), 1), (LUIS.id, day(7), 1), (ANA.id, day(8), 1)]


def test_a_day_off_is_copied_over_a_shift_that_is_there() -> None:
    """Luis is off on Tuesday, and was put on the next one."""
    assert (LUIS.id, day(8), 0) in copied(*WEEK, shift(LUIS, 8))


def test_who_is_away_in_either_week_keeps_their_day() -> None:
    away = {(ANA.id, day(7)), (LUIS.id, day(0))}
    assert copied(*WEEK, away=away) == [(ANA.id, day(8), 1)]


def test_closed_days_and_those_not_after_today_stay() -> None:
    assert copied(*WEEK, today=day(7), closed={day(8)}) == []


def test_the_copy_knows_the_shift_it_was() -> None:
    found = copied_week(
        day(0), today=day(-1), shifts=(WEEK[2],), drivers=(LUIS,), away=(), closed=()
    )
    assert found == (CopiedDay(driver_id=LUIS.id, day=day(7), shifts=(WEEK[2],)),)
