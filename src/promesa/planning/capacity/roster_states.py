"""What the rules of working hours remember of a driver from one day to the next.

Days in a row, days and minutes of this week, Sundays of this month, the last shift: two drivers
alike in these are alike to every rule. A walk is the graph of all of it that some drivers can
reach, day by day; every way through it is a lawful roster of one driver.

Where rosters are kept already, drivers are alike only if what is kept of the days to come is alike
too: a kept shift is left only where the rules force it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
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


class KeptDay(NamedTuple):
    """What is kept of a driver's day.

    ``shift`` is its code, empty for a day off. ``is_fixed`` says that it stays whatever it breaks:
    a day lent to another depot, or of two shifts. ``is_bound`` says that all the driver keeps is
    lawful, so that no day of it is ever given up.
    """

    shift: str = ""
    is_fixed: bool = False
    is_bound: bool = False


NOTHING_KEPT = KeptDay()


class State(NamedTuple):
    """After a day.

    ``row`` days in a row; ``days`` and ``minutes`` of this week; ``sundays`` worked this month;
    ``last`` the code of the shift just worked, empty after a day off; ``kept`` the days to come.
    """

    row: int
    days: int
    minutes: int
    sundays: int
    last: str
    kept: tuple[KeptDay, ...] = ()


class Step(NamedTuple):
    """One day of a driver: from what was to what is, on a shift or (empty) off."""

    day: int
    before: State
    after: State
    shift: str
    overtime_min: int

    @property
    def kept(self) -> KeptDay:
        """What is kept of that day."""
        return self.before.kept[0] if self.before.kept else NOTHING_KEPT


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
            kept=state.kept,
        )


@dataclass(frozen=True, slots=True)
class _Ground:
    """A case, what holds on each of its days, and what its rules remember."""

    case: RosterCase
    rules: list[_DayRules]
    counted: _Counted


Kept = Mapping[str, Sequence[KeptDay]]


def walks_of(
    case: RosterCase, wanted: Collection[tuple[date, str]], kept: Kept | None = None
) -> tuple[Walk, ...]:
    """The walks of all drivers.

    Args:
        case: Days, drivers, shifts, rules.
        wanted: On what nobody wants nobody is put.
        kept: Days of the roster by driver, as `kept_days` gives them; None where nothing is kept.
    """
    groups: dict[tuple[frozenset[str], frozenset[date]], list[RosterDriver]] = defaultdict(list)
    for driver in case.drivers:
        away = driver.away & frozenset(case.days)
        groups[driver.shifts, away].append(driver)
    rules = [_rules_on(case, day) for day in case.days]
    ground = _Ground(case, rules, _counted_in(case))
    return tuple(_walk(ground, drivers, wanted, kept or {}) for drivers in groups.values())


def kept_days(
    case: RosterCase,
    keep: Mapping[tuple[str, date], str],
    fixed: Collection[tuple[str, date]] = (),
) -> Kept:
    """What every driver keeps of the days; nothing of nobody where nothing is kept at all.

    Args:
        case: Days, drivers, shifts, rules.
        keep: Codes of shifts by driver and day.
        fixed: Of those the ones that stay whatever they break.
    """
    if not keep:
        return {}
    rules = [_rules_on(case, day) for day in case.days]
    found = {}
    for driver in case.drivers:
        days = [
            KeptDay(keep.get((driver.name, day), ""), is_fixed=(driver.name, day) in fixed)
            for day in case.days
        ]
        is_bound = _is_lawful(case, driver, days, rules)
        found[driver.name] = tuple(each._replace(is_bound=is_bound) for each in days)
    return found


def _is_lawful(
    case: RosterCase, driver: RosterDriver, days: Sequence[KeptDay], rules: list[_DayRules]
) -> bool:
    """Whether all the driver keeps breaks no rule."""
    state = _first_state(driver)
    for number, kept in enumerate(days):
        shift = case.shift(kept.shift)
        shifts = [shift] if shift and _may_stay(case, driver, kept, number) else []
        steps = {step.shift: step for step in _steps(case, number, state, shifts, rules[number])}
        if kept.shift not in steps:
            return False
        state = steps[kept.shift].after
    return True


def _may_stay(case: RosterCase, driver: RosterDriver, kept: KeptDay, number: int) -> bool:
    """Whether a kept shift is left where it is, as far as its day says; used to it or not."""
    shift, day = case.shift(kept.shift), case.days[number]
    if kept.is_fixed:
        return shift is not None
    return shift is not None and day not in driver.away and _is_workable(case, shift, day)


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
    ground: _Ground,
    drivers: list[RosterDriver],
    wanted: Collection[tuple[date, str]],
    kept: Kept,
) -> Walk:
    case, counted = ground.case, ground.counted
    begun: dict[State, list[str]] = defaultdict(list)
    for driver in drivers:
        first = _first_state(driver)._replace(kept=tuple(kept.get(driver.name, ())))
        begun[counted.of(first)].append(driver.name)
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
            for step in _kept_steps(ground, drivers[0], number, state, shifts)
        ]
        steps += today
        states = {step.after for step in today}
    return Walk(
        drivers=tuple(driver.name for driver in drivers),
        begun={state: tuple(names) for state, names in begun.items()},
        steps=tuple(_leading_on(steps, len(case.days))),
    )


def _leading_on(steps: list[Step], days: int) -> list[Step]:
    """The steps after which there is a next one on every day."""
    by_day: list[list[Step]] = [[] for _ in range(days)]
    for step in steps:
        by_day[step.day].append(step)
    alive: set[State] | None = None
    for number in reversed(range(days)):
        if alive is not None:
            by_day[number] = [step for step in by_day[number] if step.after in alive]
        alive = {step.before for step in by_day[number]}
    return [step for own in by_day for step in own]


def _kept_steps(
    ground: _Ground,
    driver: RosterDriver,
    number: int,
    before: State,
    shifts: list[RosterShift],
) -> Iterator[Step]:
    """The lawful steps of a day, as far as what is kept of it leaves them."""
    case, rules = ground.case, ground.rules[number]
    kept = before.kept[0] if before.kept else NOTHING_KEPT
    own = case.shift(kept.shift) if _may_stay(case, driver, kept, number) else None
    if kept.is_fixed:
        lawful = [] if own is None else list(_steps(case, number, before, [own], rules))[1:]
        if lawful or kept.is_bound or own is None:
            yield from lawful
        else:
            yield _worked(number, before, own, rules)
        return
    choices = shifts if own is None or own in shifts else [own, *shifts]
    for step in _steps(case, number, before, choices, rules):
        if step.shift or not (kept.shift and kept.is_bound):
            yield step


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
    return driver.may_work(shift.code, day) and _is_workable(case, shift, day)


def _is_workable(case: RosterCase, shift: RosterShift, day: date) -> bool:
    """Whether anybody may work that shift on that day."""
    is_closed = day in case.holidays and case.rules.on(RuleKind.CLOSED_HOLIDAYS, day)
    most_h = case.rules.limit(RuleKind.DAY_HOURS_MAX, [day])
    is_long = most_h is not None and shift.hours > most_h
    return not is_closed and not is_long


def _steps(
    case: RosterCase, number: int, before: State, shifts: list[RosterShift], rules: _DayRules
) -> Iterator[Step]:
    """A day off, then each shift that breaks no rule."""
    days, minutes = (0, 0) if rules.is_monday else (before.days, before.minutes)
    sundays = 0 if rules.is_first_of_month else before.sundays
    kept = before.kept[1:]
    off = State(row=0, days=days, minutes=minutes, sundays=sundays, last="", kept=kept)
    yield Step(day=number, before=before, after=off, shift="", overtime_min=0)
    for shift in shifts:
        step = _worked(number, before, shift, rules)
        after = step.after
        over = max(0, after.minutes - rules.minutes_max)
        is_lawful = (
            after.row <= rules.row_max
            and after.days <= rules.days_max
            and over <= rules.overtime_day_min * after.days
            and (not rules.is_sunday or after.sundays <= rules.sundays_max)
            and _is_rested(case, number, before.last, shift, rules)
        )
        if is_lawful:
            yield step


def _worked(number: int, before: State, shift: RosterShift, rules: _DayRules) -> Step:
    """A day on a shift, lawful or not."""
    days, minutes = (0, 0) if rules.is_monday else (before.days, before.minutes)
    worked = minutes + round(shift.hours * 60)
    after = State(
        row=before.row + 1,
        days=days + 1,
        minutes=worked,
        sundays=(0 if rules.is_first_of_month else before.sundays) + rules.is_sunday,
        last=shift.code,
        kept=before.kept[1:],
    )
    over = max(0, worked - rules.minutes_max)
    more = over - max(0, minutes - rules.minutes_max)
    return Step(day=number, before=before, after=after, shift=shift.code, overtime_min=more)


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
