"""The demo's two weeks ahead."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, time, timedelta
from uuid import UUID

from promesa.cli.demo_ahead import LENT, hired_shifts, lent, weeks_ahead
from promesa.domain.fleet import Shift
from promesa.kernel.serviceday import ServiceDay

MONDAY = date(2026, 10, 5)
# Past midnight.
NIGHT = timedelta(hours=10)


def _shift(number: int) -> Shift:
    start = ServiceDay(MONDAY).at(time(8, 30))
    return Shift(
        id=UUID(int=number),
        date=MONDAY,
        driver_id=UUID(int=number + 100),
        vehicle_id=UUID(int=number + 200),
        depot_id=UUID(int=300),
        start=start,
        end=start + timedelta(hours=10),
    )


def test_each_driver_works_four_days_a_week_and_never_a_sunday() -> None:
    first = [_shift(number) for number in range(7)]

    found = first + weeks_ahead(first, MONDAY)

    weeks = Counter((each.driver_id, each.date.isocalendar().week) for each in found)
    assert set(weeks.values()) == {4}
    assert len(weeks) == 7 * 2
    assert {each.date.weekday() for each in found} == {0, 1, 2, 3, 4, 5}


def test_a_shift_ahead_keeps_its_hour_and_its_van_and_has_an_id_of_its_own() -> None:
    first = _shift(1)

    found = weeks_ahead([first], MONDAY)

    assert found[0].date == date(2026, 10, 6)
    assert found[0].start == first.start + timedelta(days=1)
    assert {each.vehicle_id for each in found} == {first.vehicle_id}
    assert len({each.id for each in found} | {first.id}) == len(found) + 1
    assert [each.id for each in weeks_ahead([first], MONDAY)] == [each.id for each in found]


def test_a_shift_ahead_begins_at_its_hour_though_clocks_changed_in_between() -> None:
    """Chile's clocks went an hour forward on Sunday 6 September 2026."""
    monday = date(2026, 8, 31)
    on = ServiceDay(monday)
    first = replace(_shift(1), date=monday, start=on.at(time(15)), end=on.at(time(15)) + NIGHT)

    (later,) = [each for each in weeks_ahead([first], monday) if each.date == date(2026, 9, 7)]

    assert ServiceDay(later.date).clock_time_of(later.start) == time(15)
    assert later.end - later.start == NIGHT
    assert later.end.astimezone(UTC).hour == 4


def test_some_vans_of_the_idle_depot_leave_from_the_other_and_always_the_same() -> None:
    idle, busy = UUID(int=300), UUID(int=301)
    first = [_shift(number) for number in range(7)]

    found = weeks_ahead(lent(first, idle, busy), MONDAY)

    going = {each.vehicle_id for each in found if each.depot_id == busy}
    staying = {each.vehicle_id for each in found if each.depot_id == idle}
    assert (len(going), len(staying)) == (LENT, 7 - LENT)
    assert going & staying == set()


def test_hired_drivers_take_vans_whose_drivers_are_off_four_days_of_the_week() -> None:
    first = [_shift(number) for number in range(5)]
    ahead = weeks_ahead(first, MONDAY)
    hired = [UUID(int=900), UUID(int=901)]

    found = hired_shifts(first, ahead, hired, MONDAY)

    both = [(each.vehicle_id, each.date) for each in [*ahead, *found]]
    assert len(both) == len(set(both))
    assert {each.date.weekday() for each in found} == {2, 3, 4, 5}
    assert Counter(each.driver_id for each in found) == dict.fromkeys(hired, 4)
    assert len({each.id for each in found}) == len(found)
