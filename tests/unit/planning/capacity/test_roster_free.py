"""Who is free for a shift that lacks drivers: by name, within the rules, overtime last."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from promesa.planning.capacity.roster_board import make_roster_board
from promesa.planning.capacity.roster_free import free_drivers
from promesa.planning.capacity.roster_people import RosterInputs
from tests.support.roster_days import ANA, LATE, LUIS, QUI, day, inputs, shift

MORNING = "08:00–15:30"


def free_on(given: RosterInputs, number: int) -> tuple[str, ...]:
    return free_drivers(make_roster_board(given)).get((QUI.id, day(number), MORNING), ())


def test_who_works_that_day_or_is_away_is_not_free() -> None:
    given = inputs(shift(ANA, -7), shift(ANA, 0), ready=2, days=[0])
    assert free_on(given, 0) == ("Luis Soto",)
    assert free_on(replace(given, away=frozenset({(LUIS.id, day(0))})), 0) == ()


def test_who_would_break_a_rule_is_not_free() -> None:
    """Luis ends at ten in the evening before: eight o'clock leaves him ten hours of twelve."""
    given = inputs(shift(ANA, -7), shift(LUIS, 0, LATE), shift(ANA, 1), ready=2, days=[1])
    assert free_on(given, 1) == ()


def test_who_has_worked_least_comes_first_and_overtime_is_told() -> None:
    """Five mornings of seven hours are 35; five of seven and a half leave no room for seven."""
    week = [shift(ANA, number) for number in range(5)]
    week += [shift(LUIS, number, (time(8), time(16))) for number in range(4)]
    given = inputs(shift(ANA, -7), *week, ready=2, days=[5])
    assert free_on(given, 5) == ("Luis Soto", "Ana Rojas")
    longer = inputs(shift(ANA, -7), *week, shift(LUIS, 4, (time(8), time(16))), ready=2, days=[5])
    assert free_on(longer, 5) == ("Ana Rojas", "Luis Soto (con 2 h 30 min extra en la semana)")


def test_without_a_van_left_nobody_is_free() -> None:
    given = inputs(shift(ANA, -7), shift(ANA, 0), ready=2, days=[0])
    one = replace(given, fleet=replace(given.fleet, vehicles=given.fleet.vehicles[:1]))
    assert free_on(one, 0) == ()
