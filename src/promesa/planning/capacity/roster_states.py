"""What the rules of working hours remember of a driver from one day to the next.

Days in a row, days and minutes of this week, Sundays of this month, the last shift: two drivers
alike in these are alike to every rule. A walk is the graph of all of it that some drivers can
reach, day by day; every way through it is a lawful roster of one driver.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from promesa.kernel.units import HOUR_S
from promesa.planning.capacity.labour_rules import RuleKind
from promesa.planning.capacity.rosters import (
    SUNDAY,
    RosterCase,
    RosterDriver,
    RosterShift,
    sundays_of,
    weeks,
)

# What no rule limits.
_FREE = 10**6


class State(NamedTuple):
    """After a day.

    ``row`` days in a row; ``days`` and ``minutes`` of this week; ``sundays`` worked this month;
    ``last`` the code of the shift just worked, empty after a day off.
    """

    row: int
    days: int
    minutes: int
    sundays: int
    last: str


class Step(NamedTuple):
    """One day of a driver: from what was to what is, on a shift or (empty) off."""

    day: int
    before: State
    after: State
    shift: str
    overtime_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Drivers who take the same shifts on the same days.

    Attributes:
        begun: Names by the state they begin in.
    """

    drivers: tuple[str, ...]
    begun: Mapping[State, tuple[str, ...]]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _DayRules:
    """What holds on one day, once looked up."""

    row_max: int
    days_max: int
    minutes_max: int
    overtime_day_min: int
    sundays_max: int
    rest_min: float | None
    is_monday: bool
    is_first_of_month: bool
    is_sunday: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """What any rule of the case asks about: the rest stands still, and the graph stays small."""

    row: bool
    days: bool
    minutes: bool
    sundays: bool
    last: bool

    def of(self, state: State) -> State:
        """The state without what nobody asks about."""
        return State(
            row=state.row if self.row else 0,
            days=state.days if self.days else 0,
            minutes=state.minutes if self.minutes else 0,
            sundays=state.sundays if self.sundays else 0,
            last=state.last if self.last else "",
        )


def walks_of(case: RosterCase, wanted: Collection[tuple[date, str]]) -> tuple[Walk, ...]:
    """The walks of all drivers; on what nobody wants nobody works."""
    groups: dict[tuple[frozenset[str], frozenset[date]], list[RosterDriver]] = defaultdict(list)
    for driver in case.drivers:
        away = driver.away & frozenset(case.days)
        groups[driver.shifts, away].append(driver)
    rules = [_rules_on(case, day) for day in case.days]
    counted = _counted_in(case)
    return tuple(_walk(case, drivers, wanted, rules, counted) for drivers in groups.values())


def _counted_in(case: RosterCase) -> _Counted:
    on = {kind for kind in RuleKind for day in case.days if case.rules.on(kind, day) is not None}
    has_week_hours = RuleKind.WEEK_HOURS_MAX in on
    return _Counted(
        row=RuleKind.DAYS_IN_ROW_MAX in on,
        # How much overtime a week may have is said by its days.
        days=RuleKind.WEEK_DAYS_MAX in on or has_week_hours,
        minutes=has_week_hours,
        sundays=RuleKind.MONTH_SUNDAYS_OFF_MIN in on,
        last=RuleKind.REST_HOURS_MIN in on,
    )


def _walk(
    case: RosterCase,
    drivers: list[RosterDriver],
    wanted: Collection[tuple[date, str]],
    rules: list[_DayRules],
    counted: _Counted,
) -> Walk:
    begun: dict[State, list[str]] = defaultdict(list)
    for driver in drivers:
        begun[counted.of(_first_state(driver))].append(driver.name)
    steps: list[Step] = []
    states = set(begun)
    for number, day in enumerate(case.days):
        shifts = [
            shift
            for shift in case.shifts
            if (day, shift.code) in wanted and _is_open(case, drivers[0], shift, day)
        ]
        today = [
            step._replace(after=counted.of(step.after))
            for state in sorted(states)
            for step in _steps(case, number, state, shifts, rules[number])
        ]
        steps += today
        states = {step.after for step in today}
    return Walk(
        drivers=tuple(driver.name for driver in drivers),
        begun={state: tuple(names) for state, names in begun.items()},
        steps=tuple(steps),
    )


def _first_state(driver: RosterDriver) -> State:
    return State(
        row=driver.days_in_row,
        days=driver.week_days,
        minutes=round(driver.week_hours * 60),
        sundays=driver.sundays_worked,
        last=driver.last_shift,
    )


def _is_open(case: RosterCase, driver: RosterDriver, shift: RosterShift, day: date) -> bool:
    """Whether the driver may work that shift at all on that day."""
    is_closed = day in case.holidays and case.rules.on(RuleKind.CLOSED_HOLIDAYS, day)
    most_h = case.rules.limit(RuleKind.DAY_HOURS_MAX, [day])
    is_long = most_h is not None and shift.hours > most_h
    return driver.may_work(shift.code, day) and not is_closed and not is_long


def _steps(
    case: RosterCase, number: int, before: State, shifts: list[RosterShift], rules: _DayRules
) -> Iterator[Step]:
    days, minutes = (0, 0) if rules.is_monday else (before.days, before.minutes)
    sundays = 0 if rules.is_first_of_month else before.sundays
    off = State(row=0, days=days, minutes=minutes, sundays=sundays, last="")
    yield Step(day=number, before=before, after=off, shift="", overtime_min=0)
    for shift in shifts:
        worked = minutes + round(shift.hours * 60)
        after = State(
            row=before.row + 1,
            days=days + 1,
            minutes=worked,
            sundays=sundays + rules.is_sunday,
            last=shift.code,
        )
        over = max(0, worked - rules.minutes_max)
        is_lawful = (
            after.row <= rules.row_max
            and after.days <= rules.days_max
            and over <= rules.overtime_day_min * after.days
            and (not rules.is_sunday or after.sundays <= rules.sundays_max)
            and _is_rested(case, number, before.last, shift, rules)
        )
        if is_lawful:
            more = over - max(0, minutes - rules.minutes_max)
            yield Step(day=number, before=before, after=after, shift=shift.code, overtime_min=more)


def _is_rested(
    case: RosterCase, number: int, last: str, shift: RosterShift, rules: _DayRules
) -> bool:
    before = case.shift(last)
    if before is None or rules.rest_min is None:
        return True
    day = case.days[number]
    gap = shift.span_on(day)[0] - before.span_on(day - timedelta(days=1))[1]
    return gap.total_seconds() / HOUR_S >= rules.rest_min


def _rules_on(case: RosterCase, day: date) -> _DayRules:
    """The limits of a day; those of a week are the tightest of its days in the roster."""
    in_week = next(days for _, days in weeks(case.days) if day in days)
    in_month = sundays_of(day.year, day.month)
    off_min = case.rules.limit(RuleKind.MONTH_SUNDAYS_OFF_MIN, in_month)
    week_h = case.rules.limit(RuleKind.WEEK_HOURS_MAX, in_week)
    overtime_h = case.rules.limit(RuleKind.DAY_OVERTIME_HOURS_MAX, in_week) or 0.0
    return _DayRules(
        row_max=_whole(case.rules.limit(RuleKind.DAYS_IN_ROW_MAX, [day])),
        days_max=_whole(case.rules.limit(RuleKind.WEEK_DAYS_MAX, in_week)),
        minutes_max=_FREE if week_h is None else round(week_h * 60),
        overtime_day_min=round(overtime_h * 60),
        sundays_max=_FREE if off_min is None else len(in_month) - math.ceil(off_min),
        rest_min=case.rules.limit(RuleKind.REST_HOURS_MIN, [day]),
        is_monday=day.weekday() == 0,
        is_first_of_month=day.day == 1,
        is_sunday=day.weekday() == SUNDAY,
    )


def _whole(limit: float | None) -> int:
    return _FREE if limit is None else math.floor(limit)
