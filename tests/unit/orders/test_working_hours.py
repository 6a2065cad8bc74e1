"""A window in which no van is out is kept, and said."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import UUID

from promesa.domain.fleet import Shift
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.orders.working_hours import beyond_hours, working_hours
from tests.support.orders_memory import TODAY, MemoryShifts, make_desk

DESK = make_desk()
ZONE = DESK.policy.zone
TOMORROW = TODAY + timedelta(days=1)
NOBODY = UUID(int=1)


def _shift(day: date, start: time, end: time) -> Shift:
    service_day = ServiceDay(day, ZONE)
    return Shift(
        id=derived_id("shift", day.isoformat(), start.isoformat()),
        date=day,
        driver_id=NOBODY,
        vehicle_id=NOBODY,
        depot_id=NOBODY,
        start=service_day.at(start),
        end=service_day.at(end),
    )


def _window(day: date, start: time, end: time) -> TimeWindow:
    service_day = ServiceDay(day, ZONE)
    return TimeWindow(start=service_day.at(start), end=service_day.at(end))


SHIFTS = (_shift(TODAY, time(8, 30), time(17)), _shift(TODAY, time(9), time(18)))
BOOK = MemoryShifts({shift.id: shift for shift in SHIFTS})
EARLY = (time(7), time(7, 30))


async def _told(day: date, *windows: tuple[time, time]) -> str | None:
    hours = await working_hours(BOOK, [day], desk=DESK)
    shown = [_window(day, *window) for window in windows]
    return beyond_hours(shown, day, hours.get(day), ZONE)


async def test_a_window_before_the_first_shift_is_said() -> None:
    told = await _told(TODAY, EARLY)
    assert told is not None
    assert told.startswith("La ventana termina antes de que salga el primer furgón (08:30).")


async def test_a_window_after_the_last_shift_is_said() -> None:
    told = await _told(TODAY, (time(18), time(20)))
    assert told is not None
    assert "ya volvió el último furgón (18:00)" in told


async def test_a_window_that_a_shift_touches_is_fine_and_so_is_no_window() -> None:
    assert await _told(TODAY, (time(8), time(9))) is None
    assert await _told(TODAY, EARLY, (time(15), time(16))) is None, "its second window can be kept"
    assert await _told(TODAY) is None


async def test_a_day_without_shifts_goes_by_the_last_one_that_had_some_and_says_so() -> None:
    told = await _told(TOMORROW, EARLY)
    assert told is not None
    assert f"(08:30, según los turnos del {TODAY:%d-%m})" in told


async def test_nothing_is_said_where_nobody_ever_drove() -> None:
    assert await working_hours(MemoryShifts(), [TODAY], desk=DESK) == {}
