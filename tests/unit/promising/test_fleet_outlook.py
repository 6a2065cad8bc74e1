"""What the coming days can carry, from shifts: a van from nine to seven."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import UUID

import pytest

from promesa.domain.fleet import Driver, MealBreak, Shift
from promesa.kernel.serviceday import ServiceDay
from promesa.promising.coming import ArrivalBook
from promesa.promising.fleet_outlook import (
    SERVICE_S_ASSUMED,
    FleetPast,
    hours_of,
    outlooks_of,
)
from promesa.promising.offers import OfferTerms
from promesa.promising.repository import DayOutlook, DrivenWork

DEPOT, OTHER, DRIVER = UUID(int=1), UUID(int=2), UUID(int=3)
MONDAY = date(2026, 11, 30)
TUESDAY = MONDAY + timedelta(days=1)
TERMS = OfferTerms()
STEMS = {DEPOT: 1_800.0, OTHER: 1_800.0}


def shift(day: date, depot_id: UUID = DEPOT, *, hours: tuple[int, int] = (9, 19)) -> Shift:
    service_day = ServiceDay(day)
    return Shift(
        id=UUID(int=day.toordinal()),
        date=day,
        driver_id=DRIVER,
        vehicle_id=UUID(int=9),
        depot_id=depot_id,
        start=service_day.at(time(hours[0])),
        end=service_day.at(time(hours[1])),
    )


def seen(
    *shifts: Shift,
    drivers: dict[UUID, Driver] | None = None,
    driven: tuple[DrivenWork, ...] = (),
    day: date = TUESDAY,
) -> list[DayOutlook]:
    past = FleetPast(
        depots=(DEPOT, OTHER),
        hours=hours_of(shifts, drivers or {}, STEMS, TERMS.zone),
        driven=driven,
        arrivals=ArrivalBook.of([], MONDAY, MONDAY),
    )
    return outlooks_of(past, TERMS, [day], ServiceDay(MONDAY).at(time(10)))


def test_a_shift_serves_from_its_first_door_to_its_last() -> None:
    [found] = seen(shift(TUESDAY))
    # Ten hours, less half an hour out and half an hour back.
    assert found.capacity_s == 9 * 3_600
    assert found.capacity_between(0, 10 * 3_600) == 1_800
    assert found.hours_basis == "shifts"


def test_the_colacion_is_time_that_nobody_serves() -> None:
    meal = MealBreak(duration_s=1_800, earliest=time(13), latest=time(15))
    driver = Driver(id=DRIVER, code="C-1", person_id=UUID(int=4), meal_break=meal)
    [found] = seen(shift(TUESDAY), drivers={DRIVER: driver})
    assert found.capacity_s == pytest.approx(8.5 * 3_600)


def test_a_day_without_shifts_is_taken_for_what_its_weekday_was() -> None:
    weeks = [shift(TUESDAY - timedelta(weeks=week)) for week in (1, 2)]
    [found] = seen(*weeks)
    assert (found.capacity_s, found.hours_basis) == (9 * 3_600, "past_shifts")


def test_a_weekday_that_never_had_a_shift_is_unknown_and_not_empty() -> None:
    assert seen(shift(MONDAY)) == []
    assert seen() == []


def test_orders_to_come_are_shared_among_depots_as_their_vans_are() -> None:
    first, second = seen(shift(TUESDAY, hours=(9, 16)), shift(TUESDAY, OTHER, hours=(9, 13)))
    assert first.coming.mean == pytest.approx(2 * second.coming.mean)
    assert first.coming_basis == "none"


def test_what_an_order_takes_is_assumed_until_routes_tell() -> None:
    few = DrivenWork(depot_id=DEPOT, days=1, stops=50, travel_s=50 * 90, service_s=50 * 90)
    many = DrivenWork(depot_id=DEPOT, days=4, stops=400, travel_s=400 * 90, service_s=400 * 150)
    [assumed] = seen(shift(TUESDAY), driven=(few,))
    [told] = seen(shift(TUESDAY), driven=(many,))
    assert assumed.usual.service_s == SERVICE_S_ASSUMED
    assert (told.usual.orders, told.usual.service_s, told.usual.travel_s) == (100, 150, 90)
