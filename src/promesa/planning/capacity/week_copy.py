"""A week of rosters put on the next one: the same people on the same hours, depot and van.

A day off is copied as one. Who is away in either week, a day nobody may be made to work, and what
is not after today stay as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from promesa.domain.fleet import Driver, Shift

WEEK_D = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedDay:
    """A driver's day of the next week, with the shifts of the week before that go there.

    Attributes:
        shifts: As they were driven a week before; empty for a day off.
    """

    driver_id: UUID
    day: date
    shifts: tuple[Shift, ...]


def copied_week(
    monday: date,
    *,
    today: date,
    shifts: Sequence[Shift],
    drivers: Sequence[Driver],
    away: Collection[tuple[UUID, date]],
    closed: Collection[date],
) -> tuple[CopiedDay, ...]:
    """The days of the next week that are to be put, by day and driver.

    Args:
        monday: The first day of the week that is copied.
        today: Days after it may change.
        shifts: Of both weeks.
        drivers: Those who still drive get days; the others lose none.
        away: Drivers and days.
        closed: Days on which nobody may be made to work.
    """
    kept: dict[tuple[UUID, date], list[Shift]] = defaultdict(list)
    for shift in sorted(shifts, key=lambda each: (each.start, each.id)):
        kept[shift.driver_id, shift.date].append(shift)
    found = []
    for number in range(WEEK_D):
        before = monday + timedelta(days=number)
        day = before + timedelta(days=WEEK_D)
        if day <= today or day in closed:
            continue
        for driver in drivers:
            own, there = kept.get((driver.id, before), []), kept.get((driver.id, day), [])
            is_away = any((driver.id, each) in away for each in (before, day))
            if driver.is_active and (own or there) and not is_away:
                found.append(CopiedDay(driver_id=driver.id, day=day, shifts=tuple(own)))
    return tuple(found)
