"""Every rule of working hours that a roster breaks, in words that name the driver and the day.

Checks rosters however they were made: by `roster_search`, by hand, or by hand after it. It warns
and forbids nothing: who signs a roster decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from promesa.kernel.units import HOUR_S
from promesa.planning.capacity.labour_rules import RuleKind
from promesa.planning.capacity.rosters import (
    SUNDAY,
    Duty,
    RosterCase,
    RosterDriver,
    RosterShift,
    hours,
    sundays_of,
    weeks,
)
from promesa.planning.capacity.words import MONTHS, day_name


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterWarning:
    """A rule broken.

    Attributes:
        rule: Its kind, or what else is wrong.
        date: The day it begins.
        source: Of the rule.
    """

    driver: str
    date: date
    rule: str
    sentence: str
    source: str = ""


def check_roster(case: RosterCase, duties: Sequence[Duty]) -> tuple[RosterWarning, ...]:
    """Every rule broken, by driver in their order and then by day."""
    by_driver: dict[str, list[Duty]] = defaultdict(list)
    for duty in sorted(duties, key=lambda each: (each.date, each.shift)):
        by_driver[duty.driver].append(duty)
    known = {driver.name for driver in case.drivers}
    found = [
        RosterWarning(
            driver=name,
            date=own[0].date,
            rule="driver_unknown",
            sentence=f"{name} no está entre los conductores del CD.",
        )
        for name, own in by_driver.items()
        if name not in known
    ]
    for driver in case.drivers:
        own = by_driver[driver.name]
        told = [*_days_broken(case, driver, own), *_weeks_broken(case, driver, own)]
        told += _hours_broken(case, driver, own)
        told += [*_rows_broken(case, driver, own), *_sundays_broken(case, driver, own)]
        found += sorted(told, key=lambda warning: (warning.date, warning.rule))
    return tuple(found)


def _days_broken(
    case: RosterCase, driver: RosterDriver, duties: Sequence[Duty]
) -> Iterator[RosterWarning]:
    """What a day alone, or a day and the next, break."""
    last = _last_before(case, driver)
    for duty in duties:
        shift = case.shift(duty.shift)
        if shift is None:
            sentence = f"{driver.name} tiene el turno {duty.shift}, que no existe"
            yield _warning(case, driver, duty.date, "shift_unknown", sentence)
            continue
        yield from _day_broken(case, driver, duty, shift)
        start, end = shift.span_on(duty.date)
        if last is not None:
            yield from _rest_broken(case, driver, last, (duty, start))
        ended = end + timedelta(hours=duty.overtime_h)
        # A short second shift may end before the first one does.
        last = (duty, ended) if last is None else max(last, (duty, ended), key=_ends)


def _ends(last: tuple[Duty, datetime]) -> datetime:
    return last[1]


def _last_before(case: RosterCase, driver: RosterDriver) -> tuple[Duty, datetime] | None:
    """The shift of the day before the roster, and when it ended."""
    shift, day = case.shift(driver.last_shift), case.days[0] - timedelta(days=1)
    if shift is None:
        return None
    return Duty(driver=driver.name, date=day, shift=shift.code), shift.span_on(day)[1]


def _day_broken(
    case: RosterCase, driver: RosterDriver, duty: Duty, shift: RosterShift
) -> Iterator[RosterWarning]:
    day = day_name(duty.date)
    if duty.date in driver.away:
        yield _warning(case, driver, duty.date, "away", f"{driver.name} está ausente el {day}")
    if shift.code not in (driver.shifts or {shift.code}):
        sentence = f"{driver.name} no toma el turno {shift.code} del {day}"
        yield _warning(case, driver, duty.date, "shift_refused", sentence)
    if duty.date in case.holidays and case.rules.on(RuleKind.CLOSED_HOLIDAYS, duty.date):
        sentence = f"{driver.name} trabaja el {day}, feriado irrenunciable"
        yield _warning(case, driver, duty.date, RuleKind.CLOSED_HOLIDAYS, sentence)
    most = case.rules.limit(RuleKind.DAY_OVERTIME_HOURS_MAX, [duty.date])
    if most is not None and duty.overtime_h > most + _TINY:
        extra = f"{hours(duty.overtime_h)} extra el {day}, y el máximo es {hours(most)}"
        sentence = f"{driver.name} hace {extra}"
        yield _warning(case, driver, duty.date, RuleKind.DAY_OVERTIME_HOURS_MAX, sentence)


def _hours_broken(
    case: RosterCase, driver: RosterDriver, duties: Sequence[Duty]
) -> Iterator[RosterWarning]:
    """More hours on a day than the rule allows, those of all its shifts together."""
    worked_h: dict[date, float] = defaultdict(float)
    for duty in duties:
        shift = case.shift(duty.shift)
        worked_h[duty.date] += 0.0 if shift is None else shift.hours
    for day, count in worked_h.items():
        most = case.rules.limit(RuleKind.DAY_HOURS_MAX, [day])
        if most is not None and count > most + _TINY:
            limit = f"y el máximo es {hours(most)}"
            sentence = f"{driver.name} trabaja {hours(count)} el {day_name(day)}, {limit}"
            yield _warning(case, driver, day, RuleKind.DAY_HOURS_MAX, sentence)


def _rest_broken(
    case: RosterCase,
    driver: RosterDriver,
    last: tuple[Duty, datetime],
    following: tuple[Duty, datetime],
) -> Iterator[RosterWarning]:
    (before, end), (after, start) = last, following
    if before.date == after.date:
        sentence = f"{driver.name} tiene dos turnos el {day_name(after.date)}"
        yield _warning(case, driver, after.date, "shift_doubled", sentence)
        return
    if start < end:
        morning = f"empieza el turno del {day_name(after.date)}"
        sentence = f"{driver.name} {morning} antes de terminar el del {day_name(before.date)}"
        yield _warning(case, driver, after.date, "shift_doubled", sentence)
        return
    rest_h = (start - end).total_seconds() / HOUR_S
    least = case.rules.limit(RuleKind.REST_HOURS_MIN, [after.date])
    if least is not None and rest_h < least - _TINY:
        between = f"entre el {day_name(before.date)} y el {day_name(after.date)}"
        sentence = (
            f"{driver.name} descansa {hours(rest_h)} {between}, y el mínimo es {hours(least)}"
        )
        yield _warning(case, driver, after.date, RuleKind.REST_HOURS_MIN, sentence)


def _weeks_broken(
    case: RosterCase, driver: RosterDriver, duties: Sequence[Duty]
) -> Iterator[RosterWarning]:
    for monday, days in weeks(case.days):
        own = [duty for duty in duties if duty.date in days]
        # A roster that begins on a Monday has nothing of that week behind it.
        is_first = days[0] == case.days[0] != monday
        before_h = driver.week_hours if is_first else 0.0
        worked_h = before_h + sum(
            shift.hours for duty in own if (shift := case.shift(duty.shift)) is not None
        )
        worked = len({duty.date for duty in own}) + (driver.week_days if is_first else 0)
        overtime_h = sum(duty.overtime_h for duty in own)
        most = case.rules.limit(RuleKind.WEEK_HOURS_MAX, days)
        per_day = case.rules.limit(RuleKind.DAY_OVERTIME_HOURS_MAX, days) or 0.0
        days_max = case.rules.limit(RuleKind.WEEK_DAYS_MAX, days)
        # Overtime is had on the days that may be worked, not on those beyond them.
        extra_days = worked if days_max is None else min(worked, int(days_max))
        allowed_h = None if most is None else most + per_day * extra_days
        week = f"en la semana del {day_name(monday)}"
        if allowed_h is not None and worked_h + overtime_h > allowed_h + _TINY:
            limit = f"el máximo es {hours(most or 0.0)} más {hours(per_day)} extra al día"
            sentence = f"{driver.name} suma {hours(worked_h + overtime_h)} {week}, y {limit}"
            yield _warning(case, driver, days[0], RuleKind.WEEK_HOURS_MAX, sentence)
        if days_max is not None and worked > days_max:
            sentence = f"{driver.name} trabaja {worked} días {week}, y el máximo es {days_max:.0f}"
            yield _warning(case, driver, days[0], RuleKind.WEEK_DAYS_MAX, sentence)


def _rows_broken(
    case: RosterCase, driver: RosterDriver, duties: Sequence[Duty]
) -> Iterator[RosterWarning]:
    """Too many days without one off, told on the first too many; those before the roster count."""
    worked = {duty.date for duty in duties}
    length, over = driver.days_in_row, None
    for day in [*case.days, case.days[-1] + timedelta(days=1)]:
        if day in worked:
            length += 1
            most = case.rules.limit(RuleKind.DAYS_IN_ROW_MAX, [day])
            over = day if over is None and most is not None and length > most else over
            continue
        if over is not None:
            until = day_name(day - timedelta(days=1))
            most = case.rules.limit(RuleKind.DAYS_IN_ROW_MAX, [over])
            limit = f"y el máximo es {most:.0f}"
            sentence = f"{driver.name} trabaja {length} días seguidos hasta el {until}, {limit}"
            yield _warning(case, driver, over, RuleKind.DAYS_IN_ROW_MAX, sentence)
        length, over = 0, None


def _sundays_broken(
    case: RosterCase, driver: RosterDriver, duties: Sequence[Duty]
) -> Iterator[RosterWarning]:
    """Sundays off that a month can no longer give, whatever follows the roster."""
    worked = {duty.date for duty in duties if duty.date.weekday() == SUNDAY}
    first = case.days[0]
    for year, month in dict.fromkeys((day.year, day.month) for day in case.days):
        own = {day for day in worked if (day.year, day.month) == (year, month)}
        is_first = (year, month) == (first.year, first.month) and first.day > 1
        count = len(own) + (driver.sundays_worked if is_first else 0)
        in_month = sundays_of(year, month)
        least = case.rules.limit(RuleKind.MONTH_SUNDAYS_OFF_MIN, in_month)
        off = len(in_month) - count
        if own and least is not None and off < least:
            free = "queda 1 domingo libre" if off == 1 else f"quedan {off} domingos libres"
            month_name = MONTHS[month - 1]
            sentence = f"A {driver.name} le {free} en {month_name}, y el mínimo es {least:.0f}"
            rule = RuleKind.MONTH_SUNDAYS_OFF_MIN
            yield _warning(case, driver, max(own), rule, sentence)


def _warning(
    case: RosterCase, driver: RosterDriver, day: date, rule: str, sentence: str
) -> RosterWarning:
    known: Collection[str] = [kind.value for kind in RuleKind]
    found = case.rules.on(RuleKind(rule), day) if rule in known else None
    return RosterWarning(
        driver=driver.name,
        date=day,
        rule=str(rule),
        sentence=f"{sentence}.",
        source="" if found is None else found.source,
    )


# Of hours: what sums of thirds and halves leave over.
_TINY = 1e-6
