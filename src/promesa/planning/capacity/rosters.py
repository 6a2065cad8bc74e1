"""Who drives on which day and shift: the values of a roster, and the weeks and Sundays it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from promesa.kernel.units import HOUR_S
from promesa.planning.capacity.labour_rules import LabourRules

HORIZON_DAYS_MAX = 42
SUNDAY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterShift:
    """A shift of a depot.

    Attributes:
        break_min: Colación, which is no work.
    """

    code: str
    start: time
    end: time
    break_min: int = 30

    @property
    def hours(self) -> float:
        """Of work."""
        anchor = date(2000, 1, 3)
        start, end = self.span_on(anchor)
        return (end - start).total_seconds() / HOUR_S - self.break_min / 60

    def span_on(self, day: date) -> tuple[datetime, datetime]:
        """From when to when by the clock; past midnight where it ends before it starts."""
        start = datetime.combine(day, self.start)
        end = datetime.combine(day, self.end)
        return start, end if end > start else end + timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterDriver:
    """A driver, and what they did just before the roster begins.

    Attributes:
        days_in_row: Worked up to the day before.
        week_hours: Worked before the first day in the week that it is in.
        week_days: Days worked likewise.
        sundays_worked: In the month of the first day.
        last_shift: Code of the one worked on the day before; empty after a day off.
        shifts: Codes they may work; empty for all.
        away: Days of holidays, sick leave and the like.
    """

    name: str
    days_in_row: int = 0
    week_hours: float = 0.0
    week_days: int = 0
    sundays_worked: int = 0
    last_shift: str = ""
    shifts: frozenset[str] = frozenset()
    away: frozenset[date] = frozenset()

    def may_work(self, shift: str, day: date) -> bool:
        """Whether they are there and take that shift."""
        return day not in self.away and (not self.shifts or shift in self.shifts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A driver on a day.

    Attributes:
        overtime_h: Beyond the hours of the shift.
    """

    driver: str
    date: date
    shift: str
    overtime_h: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterCase:
    """What rosters are made for and held against.

    Attributes:
        days: In a row.
        holidays: Days on which nobody may be made to work.
        closed: Days without deliveries: nobody is hired for them, and they break no row of days.
    """

    days: tuple[date, ...]
    drivers: tuple[RosterDriver, ...]
    shifts: tuple[RosterShift, ...]
    rules: LabourRules = field(default_factory=LabourRules)
    holidays: frozenset[date] = frozenset()
    closed: frozenset[date] = frozenset()

    def shift(self, code: str) -> RosterShift | None:
        """The shift of a code, if there is one."""
        return next((shift for shift in self.shifts if shift.code == code), None)


def monday_of(day: date) -> date:
    """Of the calendar week that the day is in."""
    return day - timedelta(days=day.weekday())


def weeks(days: Sequence[date]) -> list[tuple[date, tuple[date, ...]]]:
    """The days by calendar week, each with its Monday."""
    found: dict[date, list[date]] = defaultdict(list)
    for day in days:
        found[monday_of(day)].append(day)
    return [(monday, tuple(own)) for monday, own in sorted(found.items())]


def sundays_of(year: int, month: int) -> list[date]:
    """The Sundays of a month."""
    first = date(year, month, 1)
    days = (first + timedelta(days=number) for number in range(31))
    return [day for day in days if day.month == month and day.weekday() == SUNDAY]


def hours(count: float) -> str:
    """As ``9 h`` or ``8 h 30 min``."""
    whole, minutes = divmod(round(count * 60), 60)
    return f"{whole} h {minutes} min" if minutes else f"{whole} h"
