"""By whose shifts a day's vans are known."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from promesa.promising.shift_days import days_like, open_depots

DEPOT, OTHER = UUID(int=1), UUID(int=2)
MONDAY = date(2026, 11, 30)


def days(*numbers: int) -> set[tuple[UUID, date]]:
    """Days of the depot with shifts, counted from the Monday."""
    return {(DEPOT, MONDAY + timedelta(days=number)) for number in numbers}


def test_a_days_own_shifts_tell_its_vans_and_else_those_of_its_weekday_newest_first() -> None:
    known = days(0, -7, -21)
    assert days_like(DEPOT, MONDAY, known) == [MONDAY]
    assert days_like(DEPOT, MONDAY + timedelta(days=7), known) == [
        MONDAY,
        MONDAY - timedelta(days=7),
        MONDAY - timedelta(days=21),
    ]
    assert days_like(OTHER, MONDAY, known) == []


def test_a_depot_is_open_that_has_vans_on_one_of_the_days() -> None:
    span = [MONDAY, MONDAY + timedelta(days=1)]
    assert open_depots([DEPOT, OTHER], span, days(-6)) == {DEPOT}
    assert open_depots([DEPOT, OTHER], span[:1], days(-6)) == frozenset()
