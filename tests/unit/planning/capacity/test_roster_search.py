"""Rosters made: lawful, complete where they can be, cheap. Monday 5 October 2026 is day one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from promesa.planning.capacity.labour_rules import CHILE, LabourRules
from promesa.planning.capacity.roster_check import check_roster
from promesa.planning.capacity.roster_search import (
    Reinforcement,
    Roster,
    RosterInvalidError,
    Short,
    make_roster,
)
from promesa.planning.capacity.roster_states import walks_of
from promesa.planning.capacity.rosters import RosterCase, RosterDriver, RosterShift

MONDAY = date(2026, 10, 5)
MORNING = RosterShift(code="AM", start=time(8), end=time(16, 54))
EVENING = RosterShift(code="PM", start=time(13), end=time(21, 54))


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def case(
    *drivers: RosterDriver, days: int = 7, holidays: frozenset[date] = frozenset()
) -> RosterCase:
    return RosterCase(
        days=tuple(day(number) for number in range(days)),
        drivers=drivers,
        shifts=(MORNING, EVENING),
        holidays=holidays,
    )


def crew(count: int) -> tuple[RosterDriver, ...]:
    return tuple(RosterDriver(name=f"Conductor {number}") for number in range(1, count + 1))


def worked(roster: Roster) -> list[tuple[int, str]]:
    return [((duty.date - MONDAY).days, duty.shift) for duty in roster.duties]


def test_five_days_of_one_driver_fill_the_week_without_overtime() -> None:
    found = make_roster(case(*crew(1)), {(day(n), "AM"): 1 for n in range(5)})
    assert worked(found) == [(n, "AM") for n in range(5)]
    assert (found.short, found.overtime_h, found.cost_clp) == ((), 0, 0)


def test_a_sixth_day_is_overtime_within_two_hours_a_day() -> None:
    """Six days of 8.4 h are 50.4: 8.4 h beyond 42, of 12 allowed."""
    found = make_roster(case(*crew(1)), {(day(n), "AM"): 1 for n in range(6)}, hour_cost_clp=1_000)
    assert found.overtime_h == pytest.approx(8.4)
    assert found.cost_clp == 8.4 * 1_500
    assert check_roster(case(*crew(1)), found.duties) == ()


def test_nobody_works_seven_days_and_what_is_short_is_told() -> None:
    found = make_roster(case(*crew(1)), {(day(n), "AM"): 1 for n in range(7)})
    assert len(found.duties) == 6
    (short,) = found.short
    assert short.missing == 1


def test_a_shift_short_of_drivers_is_told_by_its_day() -> None:
    assert Short(date=day(1), shift="AM", missing=3).sentence == (
        "martes 6, turno AM: faltan 3 conductores."
    )


def test_reinforcement_comes_for_days_in_a_row_and_only_where_it_is_needed() -> None:
    """Two drivers wanted on the third day, one is there: three days are hired, the least."""
    wanted = {(day(n), "AM"): 2 if n == 2 else 1 for n in range(5)}
    offer = Reinforcement(name="Ruta Sur", drivers_max=4, day_cost_clp=90_000)
    found = make_roster(case(*crew(1)), wanted, reinforcement=[offer])
    (hire,) = found.reinforced
    assert (hire.drivers, (hire.end - hire.start).days) == (1, 2)
    assert hire.start <= day(2) <= hire.end
    assert (found.cost_clp, found.short) == (270_000, ())


def test_who_is_hired_for_days_in_a_row_is_not_hired_for_a_closed_day() -> None:
    """Nobody of ours, Saturday and Monday wanted: two days of delivery are a hire of two days."""
    offer = Reinforcement(name="Ruta Sur", drivers_max=3, day_cost_clp=90_000, days_min=2)
    wanted = {(day(5), "AM"): 1, (day(7), "AM"): 1}
    closed = replace(case(days=8), closed=frozenset({day(6)}))
    found = make_roster(closed, wanted, reinforcement=[offer])
    assert [(hire.start, hire.end) for hire in found.reinforced] == [(day(5), day(7))]
    assert (found.hired_clp, found.short) == (180_000, ())


def test_nobody_has_a_morning_after_an_evening() -> None:
    wanted = {(day(0), "PM"): 1, (day(1), "AM"): 1}
    found = make_roster(case(*crew(1)), wanted)
    assert len(found.duties) == 1
    assert len(make_roster(case(*crew(2)), wanted).duties) == 2


def test_a_holiday_that_cannot_be_waived_stays_empty() -> None:
    closed = case(*crew(3), holidays=frozenset({day(0)}))
    found = make_roster(closed, {(day(0), "AM"): 1, (day(1), "AM"): 1})
    assert worked(found) == [(1, "AM")]
    assert [short.date for short in found.short] == [day(0)]


def test_absences_shifts_and_tired_drivers_are_minded() -> None:
    drivers = (
        RosterDriver(name="Ana Soto", away=frozenset({day(0)})),
        RosterDriver(name="Luis Rojas", shifts=frozenset({"PM"})),
        RosterDriver(name="Eva Díaz", days_in_row=6, week_hours=0),
    )
    found = make_roster(case(*drivers), {(day(0), "AM"): 3, (day(1), "AM"): 3})
    assert [(duty.driver, duty.date) for duty in found.duties] == [
        ("Ana Soto", day(1)),
        ("Eva Díaz", day(1)),
    ]


def test_a_fortnight_of_many_drivers_breaks_no_rule_and_shorts_no_shift() -> None:
    """Twelve drivers, two shifts, quiet Sundays: 8 a day is 10 days each."""
    drivers = tuple(
        RosterDriver(
            name=f"Conductor {number:02d}", days_in_row=number % 4, sundays_worked=number % 3
        )
        for number in range(12)
    )
    fortnight = case(*drivers, days=14)
    wanted = {
        (each, code): 2 if each.weekday() == 6 else 4
        for each in fortnight.days
        for code in ("AM", "PM")
    }
    found = make_roster(fortnight, wanted)
    assert check_roster(fortnight, found.duties) == ()
    assert found.short == ()
    assert len(found.duties) == sum(wanted.values())


def test_the_evening_before_the_roster_leaves_the_first_morning_free() -> None:
    late = RosterDriver(name="Ana Soto", last_shift="PM")
    assert worked(make_roster(case(late), {(day(n), "AM"): 1 for n in range(2)})) == [(1, "AM")]


def test_two_vans_are_driven_by_two_at_once_whoever_else_is_free() -> None:
    """Mornings end at 16:54 and evenings begin at 13:00: nobody hands a van over."""
    wanted = {(day(0), "AM"): 2, (day(0), "PM"): 2}
    found = make_roster(case(*crew(4)), wanted, vehicles=2)
    assert len(found.duties) == 2
    assert sum(short.missing for short in found.short) == 2
    later = replace(EVENING, start=time(17))
    apart = replace(case(*crew(4)), shifts=(MORNING, later))
    assert len(make_roster(apart, wanted, vehicles=2).duties) == 4


def test_a_van_of_the_night_is_not_back_for_a_shift_that_begins_before_its_end() -> None:
    """One van, two drivers: of the night from 22:00 to 06:00 and the dawn of 05:00, one."""
    night = RosterShift(code="NOCHE", start=time(22), end=time(6))
    dawn = RosterShift(code="ALBA", start=time(5), end=time(12))
    wanted = {(day(0), "NOCHE"): 1, (day(1), "ALBA"): 1}
    given = replace(case(*crew(2)), shifts=(night, dawn))
    both, one = (make_roster(given, wanted, vehicles=count) for count in (2, 1))
    assert both.short == ()
    assert [short.missing for short in one.short] == [1]


def test_of_rosters_alike_who_had_a_shift_keeps_it() -> None:
    """Five drivers for two: without a word the first names would be taken."""
    keep = {("Conductor 4", day(0)): "AM", ("Conductor 2", day(0)): "AM"}
    found = make_roster(case(*crew(5), days=1), {(day(0), "AM"): 2}, keep=keep)
    assert {duty.driver for duty in found.duties} == {"Conductor 2", "Conductor 4"}


def test_without_rules_the_search_remembers_nothing() -> None:
    """Six weeks with every rule off: one state after each day, two ways to the next."""
    free = LabourRules(rows=tuple(replace(rule, is_on=False) for rule in CHILE))
    long = replace(case(*crew(3), days=42), rules=free)
    wanted = {(each, "AM"): 1 for each in long.days}
    (walk,) = walks_of(long, wanted)
    assert len(walk.steps) == 42 * 2
    assert len(make_roster(long, wanted).duties) == 42


def test_where_drivers_are_too_few_their_shifts_stay_where_they_were() -> None:
    """One driver and seven days of which six may be worked: the day off stays on Thursday."""
    keep = {("Conductor 1", day(number)): "AM" for number in range(7) if number != 3}
    wanted = {(day(number), "AM"): 1 for number in range(7)}
    found = make_roster(case(*crew(1)), wanted, keep=keep)
    assert {each.date for each in found.duties} <= {each for _, each in keep}


def test_days_that_are_not_in_a_row_are_refused() -> None:
    broken = RosterCase(days=(day(0), day(2)), drivers=crew(1), shifts=(MORNING,))
    with pytest.raises(RosterInvalidError):
        make_roster(broken, {})
