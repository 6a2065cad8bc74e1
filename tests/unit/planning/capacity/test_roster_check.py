"""Rules of working hours that rosters break, in words. Monday 5 October 2026 is the first day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from promesa.planning.capacity.labour_rules import (
    CHILE,
    LabourRule,
    LabourRules,
    LabourRulesInvalidError,
    RuleKind,
)
from promesa.planning.capacity.roster_check import check_roster
from promesa.planning.capacity.rosters import Duty, RosterCase, RosterDriver, RosterShift

MONDAY = date(2026, 10, 5)
# Seven hours of work, so that six days are the week's 42.
SHORT_DAY = RosterShift(code="AM", start=time(8), end=time(15, 30))
EVENING = RosterShift(code="PM", start=time(15), end=time(22, 30))
LONG_DAY = RosterShift(code="LARGO", start=time(7), end=time(18, 30))
ANA = RosterDriver(name="Ana Soto")


def case(*drivers: RosterDriver, days: int = 14, rules: LabourRules | None = None) -> RosterCase:
    return RosterCase(
        days=tuple(MONDAY + timedelta(days=number) for number in range(days)),
        drivers=drivers or (ANA,),
        shifts=(SHORT_DAY, EVENING, LONG_DAY),
        rules=rules or LabourRules(),
        holidays=frozenset({date(2026, 10, 16)}),
    )


def duties(*days: int, shift: str = "AM", overtime: float = 0.0) -> list[Duty]:
    return [
        Duty(driver="Ana Soto", date=MONDAY + timedelta(days=day), shift=shift, overtime_h=overtime)
        for day in days
    ]


def told(duties_: Sequence[Duty], case_: RosterCase | None = None) -> list[str]:
    return [warning.sentence for warning in check_roster(case_ or case(), duties_)]


def test_seven_days_in_a_row_are_told_on_the_seventh() -> None:
    # Sunday to Saturday: neither week has more than six days.
    assert told(duties(6, 7, 8, 9, 10, 12, 13)) == []
    shifted = [*duties(1, 2, 3, 4, 5, 6, 7)]
    (warning,) = check_roster(case(), shifted)
    assert warning.sentence == (
        "Ana Soto trabaja 7 días seguidos hasta el lunes 12, y el máximo es 6."
    )
    assert warning.date == date(2026, 10, 12)


def test_an_evening_before_the_roster_asks_for_rest_on_its_first_morning() -> None:
    late = replace(ANA, last_shift="PM")
    assert told(duties(0), case(late)) == [
        "Ana Soto descansa 9 h 30 min entre el domingo 4 y el lunes 5, y el mínimo es 12 h."
    ]
    assert told(duties(1), case(late)) == []


def test_a_night_leaves_too_little_rest_before_the_evening_and_none_before_the_morning() -> None:
    """The night of Monday ends on Tuesday at 06:00."""
    night = RosterShift(code="NOCHE", start=time(22), end=time(6))
    dawn = RosterShift(code="ALBA", start=time(5), end=time(12))
    given = replace(case(), shifts=(SHORT_DAY, EVENING, night, dawn))
    monday = duties(0, shift="NOCHE")
    assert told([*monday, *duties(1, shift="PM")], given) == [
        "Ana Soto descansa 9 h entre el lunes 5 y el martes 6, y el mínimo es 12 h."
    ]
    (warning,) = check_roster(given, [*monday, *duties(1, shift="ALBA")])
    assert warning.rule == "shift_doubled"
    assert warning.sentence == (
        "Ana Soto empieza el turno del martes 6 antes de terminar el del lunes 5."
    )


def test_the_night_before_the_roster_runs_into_its_first_morning() -> None:
    night = RosterShift(code="NOCHE", start=time(22), end=time(6))
    given = replace(case(replace(ANA, last_shift="NOCHE")), shifts=(SHORT_DAY, night))
    assert told(duties(0), given) == [
        "Ana Soto descansa 2 h entre el domingo 4 y el lunes 5, y el mínimo es 12 h."
    ]


def test_a_short_second_shift_does_not_hide_how_late_the_first_one_ended() -> None:
    night = RosterShift(code="22:00–06:00", start=time(22), end=time(6))
    short = RosterShift(code="22:30–23:30", start=time(22, 30), end=time(23, 30))
    given = replace(case(), shifts=(EVENING, night, short))
    doubled = [*duties(0, shift=night.code), *duties(0, shift=short.code)]
    sentences = told([*doubled, *duties(1, shift="PM")], given)
    assert sentences[-1] == (
        "Ana Soto descansa 9 h entre el lunes 5 y el martes 6, y el mínimo es 12 h."
    )


def test_days_before_the_roster_count_in_the_row() -> None:
    tired = replace(ANA, days_in_row=3)
    assert told(duties(0, 1, 2), case(tired)) == []
    assert told(duties(0, 1, 2, 3), case(tired)) == [
        "Ana Soto trabaja 7 días seguidos hasta el jueves 8, y el máximo es 6."
    ]


def test_a_week_of_more_hours_than_the_law_and_its_overtime_is_told() -> None:
    """Five days of 11 h are over 10 h a day, and 55 h over 42 h and 10 h extra."""
    sentences = told(duties(0, 1, 2, 3, 4, shift="LARGO"))
    assert sentences[0] == "Ana Soto trabaja 11 h el lunes 5, y el máximo es 10 h."
    assert (
        "Ana Soto suma 55 h en la semana del lunes 5, y el máximo es 42 h más 2 h extra al día."
        in sentences
    )


def test_forty_two_hours_are_the_law_since_april_2026() -> None:
    assert LabourRules().limit(RuleKind.WEEK_HOURS_MAX, [date(2026, 4, 25)]) == 44
    assert LabourRules().limit(RuleKind.WEEK_HOURS_MAX, [date(2026, 4, 26)]) == 42
    assert LabourRules().limit(RuleKind.WEEK_HOURS_MAX, [date(2028, 4, 26)]) == 40


def test_a_third_hour_of_overtime_is_one_too_many() -> None:
    assert told(duties(0, overtime=2)) == []
    assert told(duties(0, overtime=3)) == [
        "Ana Soto hace 3 h extra el lunes 5, y el máximo es 2 h."
    ]


def test_the_evening_before_a_morning_leaves_too_little_rest() -> None:
    assert told([*duties(0, shift="PM"), *duties(1)]) == [
        "Ana Soto descansa 9 h 30 min entre el lunes 5 y el martes 6, y el mínimo es 12 h."
    ]


def test_two_shifts_on_one_day_are_told() -> None:
    assert "Ana Soto tiene dos turnos el lunes 5." in told([*duties(0), *duties(0, shift="PM")])


def test_the_hours_of_two_shifts_on_one_day_are_told_together() -> None:
    """Seven hours in the morning, seven in the evening."""
    assert told([*duties(0), *duties(0, shift="PM")]) == [
        "Ana Soto trabaja 14 h el lunes 5, y el máximo es 10 h.",
        "Ana Soto tiene dos turnos el lunes 5.",
    ]


def test_a_holiday_that_cannot_be_waived_is_closed_until_the_rule_is_off() -> None:
    sentence = "Ana Soto trabaja el viernes 16, feriado irrenunciable."
    assert told(duties(11)) == [sentence]
    off = tuple(replace(rule, is_on=rule.kind is not RuleKind.CLOSED_HOLIDAYS) for rule in CHILE)
    assert told(duties(11), case(rules=LabourRules(rows=off))) == []


def test_a_month_that_cannot_give_two_sundays_any_more_is_told() -> None:
    """October 2026 has four Sundays; one was worked before, and the 11th and 18th are too."""
    busy = replace(ANA, sundays_worked=1)
    assert told(duties(6), case(busy)) == []
    assert told(duties(6, 13), case(busy)) == [
        "A Ana Soto le queda 1 domingo libre en octubre, y el mínimo es 2."
    ]


def test_absences_and_shifts_not_taken_are_told() -> None:
    away = replace(ANA, away=frozenset({MONDAY}), shifts=frozenset({"PM"}))
    assert told(duties(0), case(away)) == [
        "Ana Soto está ausente el lunes 5.",
        "Ana Soto no toma el turno AM del lunes 5.",
    ]


def test_a_stranger_and_a_shift_nobody_knows_are_told() -> None:
    strange = Duty(driver="Juan Pérez", date=MONDAY, shift="AM")
    assert told([strange, *duties(1, shift="NOCHE")]) == [
        "Juan Pérez no está entre los conductores del CD.",
        "Ana Soto tiene el turno NOCHE, que no existe.",
    ]


def test_a_warning_names_the_source_of_its_rule() -> None:
    (warning,) = check_roster(case(), duties(0, overtime=3))
    assert (warning.rule, warning.source) == (
        "day_overtime_hours_max",
        "Código del Trabajo, art. 31",
    )


def test_a_rule_of_a_value_that_cannot_be_is_refused() -> None:
    with pytest.raises(LabourRulesInvalidError):
        LabourRules(rows=(LabourRule(kind=RuleKind.REST_HOURS_MIN, value=-1, source="x"),))


def test_every_rule_that_ships_says_where_it_comes_from() -> None:
    assert all(rule.source for rule in CHILE)
    assert {rule.kind for rule in CHILE} == set(RuleKind)
