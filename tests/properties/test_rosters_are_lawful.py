"""Whatever is wanted of whichever drivers: a roster that is made breaks no rule it is held to."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from promesa.planning.capacity.roster_check import check_roster
from promesa.planning.capacity.roster_search import make_roster
from promesa.planning.capacity.rosters import RosterCase, RosterDriver, RosterShift

FIRST = date(2026, 10, 1)
SHIFTS = (
    RosterShift(code="AM", start=time(8), end=time(16, 54)),
    RosterShift(code="PM", start=time(13), end=time(21, 54)),
    RosterShift(code="NOCHE", start=time(22), end=time(5)),
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[RosterCase, dict[tuple[date, str], int]]:
    first = FIRST + timedelta(days=draw(st.integers(0, 40)))
    row = tuple(first + timedelta(days=number) for number in range(draw(st.integers(1, 10))))
    drivers = tuple(
        RosterDriver(
            name=f"D{number}",
            days_in_row=draw(st.integers(0, 6)),
            week_hours=draw(st.sampled_from([0.0, 16.8, 33.6])),
            week_days=draw(st.integers(0, 4)),
            sundays_worked=draw(st.integers(0, 2)),
            away=frozenset(draw(st.lists(st.sampled_from(row), max_size=2))),
            shifts=draw(st.sampled_from([frozenset(), frozenset({"AM"}), frozenset({"PM"})])),
        )
        for number in range(draw(st.integers(0, 4)))
    )
    wanted = {(day, shift.code): draw(st.integers(0, 3)) for day in row for shift in SHIFTS}
    holidays = frozenset(draw(st.lists(st.sampled_from(row), max_size=1)))
    return RosterCase(days=row, drivers=drivers, shifts=SHIFTS, holidays=holidays), wanted


@settings(max_examples=60, deadline=None)
@given(cases())
def test_a_roster_that_is_made_is_lawful_and_counts_what_it_lacks(
    made: tuple[RosterCase, dict[tuple[date, str], int]],
) -> None:
    case, wanted = made
    roster = make_roster(case, wanted, seconds=10)
    assert [warning.sentence for warning in check_roster(case, roster.duties)] == []
    on = dict.fromkeys(wanted, 0)
    for duty in roster.duties:
        on[duty.date, duty.shift] += 1
    short = {(each.date, each.shift): each.missing for each in roster.short}
    assert all(on[key] + short.get(key, 0) == count for key, count in wanted.items())
