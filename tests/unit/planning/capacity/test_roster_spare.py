"""Days that could be free: nobody below their contract, no shift below its need."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from promesa.planning.capacity.roster_board import make_roster_board
from promesa.planning.capacity.roster_people import RosterInputs
from promesa.planning.capacity.roster_spare import contract_hours, spare_days
from tests.support.roster_days import ANA, LATE, LUIS, day, inputs, shift, with_contract

PAST = (shift(ANA, -7), shift(LUIS, -7))
SIX_DAYS = tuple(shift(ANA, number) for number in range(6))


def spared(given: RosterInputs) -> list[tuple[str, date]]:
    names = {ANA.id: "Ana", LUIS.id: "Luis"}
    return [(names[each.driver_id], each.date) for each in spare_days(make_roster_board(given))]


def test_nobody_goes_below_full_time_where_no_contract_is_told() -> None:
    """Six days of seven hours are 42, what the law calls a week."""
    assert spared(inputs(*PAST, *SIX_DAYS, ready=0)) == []


def test_of_six_days_for_nothing_a_contract_of_thirty_hours_leaves_five() -> None:
    """42 hours less one day are 35; less two 28, which is too few."""
    given = with_contract(inputs(*PAST, *SIX_DAYS, ready=0), 30)
    assert spared(given) == [("Ana", day(0))]


def test_who_has_most_hours_goes_first() -> None:
    """One van on Monday for two: Luis works that day alone, Ana the whole week."""
    given = inputs(*PAST, *SIX_DAYS, shift(LUIS, 0), ready=1, days=range(6))
    assert spared(with_contract(given, 7)) == [("Ana", day(0))]


def test_a_day_whose_other_shift_lacks_somebody_gives_nobody_up() -> None:
    """Mornings have one too many and evenings lack one: over the day there are two for two."""
    past = (shift(ANA, -7), shift(LUIS, -7, LATE))
    given = inputs(*past, shift(ANA, 0), shift(LUIS, 0), ready=2, days=[0])
    assert spared(with_contract(given, 0)) == []


def test_today_and_a_week_that_goes_on_past_the_days_shown_stay() -> None:
    """From Saturday to Friday: what is after the last Sunday is of a week half seen."""
    given = with_contract(inputs(*PAST, shift(ANA, 0), shift(ANA, 8), ready=0), 0)
    late = replace(given, today=day(0), days=tuple(day(number) for number in range(-2, 12)))
    assert spared(late) == []


def test_the_hours_of_a_contract_are_those_of_its_rule() -> None:
    assert contract_hours(inputs().rules, day(0)) == 42
    assert contract_hours(with_contract(inputs(), 30).rules, day(0)) == 30
