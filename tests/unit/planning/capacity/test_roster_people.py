"""Whom a roster is made of: homes, the past, the shifts of a depot."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from promesa.domain.fleet import Depot
from promesa.kernel.ids import derived_id
from promesa.planning.capacity.own_fleet import FleetOfDays
from promesa.planning.capacity.roster_people import (
    display_names,
    homes,
    offered,
    people_of,
    split,
    usual_shifts,
)
from tests.support.roster_days import (
    ANA,
    EARLY,
    LATE,
    LUIS,
    QUI,
    day,
    inputs,
    shift,
    van,
    with_depots,
)

SJO = Depot(id=derived_id("depot", "sjo"), code="SJO", name="CD San Joaquín", position=QUI.position)


def test_a_driver_is_at_home_where_they_drove_last_and_a_new_one_where_vans_stand_idle() -> None:
    given = with_depots(inputs(shift(ANA, -3, depot=SJO), shift(ANA, 2)), SJO)
    found = homes(given)
    assert found[ANA.id] == SJO.id
    assert found[LUIS.id] == QUI.id


def test_what_was_worked_before_the_first_day_counts_for_the_rules() -> None:
    """Sunday evening, Saturday and Friday; the week begins anew on Monday."""
    given = inputs(shift(ANA, -3), shift(ANA, -2), shift(ANA, -1, LATE), shift(ANA, -8))
    ana, luis = people_of(given, given.drivers, day(0))
    assert (ana.days_in_row, ana.last_shift) == (3, "14:00–22:00")
    assert (ana.week_days, ana.week_hours, ana.sundays_worked) == (0, 0, 1)
    assert (luis.days_in_row, luis.last_shift) == (0, "")


def test_a_roster_from_wednesday_remembers_the_monday_of_its_week() -> None:
    given = inputs(shift(ANA, 0), shift(ANA, 1))
    ana, _ = people_of(given, given.drivers, day(2))
    assert (ana.week_days, ana.week_hours, ana.days_in_row) == (2, 14, 2)


def test_both_shifts_of_a_day_before_the_roster_count_for_the_week() -> None:
    """Monday 08:00 to 15:30 and 15:30 to 19:00: seven hours and three, on one day."""
    again = (time(15, 30), time(19))
    given = inputs(shift(ANA, 0, again), shift(ANA, 0), shift(ANA, -7), shift(ANA, -7, again))
    ana, _ = people_of(given, given.drivers, day(1))
    assert (ana.week_days, ana.week_hours, ana.days_in_row) == (1, 10, 1)
    assert ana.last_shift == "15:30–19:00"


def test_of_two_shifts_before_the_roster_the_one_that_ends_last_asks_for_rest() -> None:
    night = (time(22), time(6))
    given = inputs(shift(ANA, -1, night), shift(ANA, -1))
    ana, _ = people_of(given, given.drivers, day(0))
    assert ana.last_shift == "22:00–06:00"


def test_the_shifts_of_a_depot_are_those_it_works_with() -> None:
    given = inputs(shift(ANA, -7), shift(ANA, -6), shift(LUIS, -7, LATE))
    assert offered(given, QUI) == {"08:00–15:30": 2, "14:00–22:00": 1}
    assert offered(inputs(), QUI) == {"08:30–18:00": 1}


def test_shifts_to_come_do_not_move_what_a_depot_works_with() -> None:
    given = inputs(shift(ANA, -7), shift(ANA, 1, LATE), shift(LUIS, 1, LATE))
    assert offered(given, QUI) == {"08:00–15:30": 1}
    assert usual_shifts(given, ANA) == {"08:00–15:30"}
    assert usual_shifts(given, LUIS) == frozenset()


def test_a_number_is_shared_out_whole() -> None:
    assert split(5, {"AM": 2, "PM": 1}) == {"AM": 3, "PM": 2}
    assert split(0, {"AM": 2, "PM": 1}) == {"AM": 0, "PM": 0}
    assert split(1, {"AM": 1, "PM": 1}) == {"AM": 1, "PM": 0}


def test_two_of_one_name_are_told_apart() -> None:
    given = replace(inputs(), names={ANA.id: "Ana Rojas", LUIS.id: "Ana Rojas"})
    assert display_names(given) == {ANA.id: "Ana Rojas (C-1)", LUIS.id: "Ana Rojas (C-2)"}


def test_without_a_depot_nobody_has_a_home() -> None:
    assert homes(replace(inputs(), depots=())) == {}


def test_the_hours_of_a_shift_are_those_of_the_clock() -> None:
    given = inputs(shift(ANA, 0, EARLY))
    assert given.code_of(given.fleet.shifts[0]) == "08:00–15:30"
    lone = replace(given, fleet=FleetOfDays(vehicles=(van(1),), drivers=(ANA,), shifts=()))
    assert [each.code for each in lone.drivers] == ["C-1"]
