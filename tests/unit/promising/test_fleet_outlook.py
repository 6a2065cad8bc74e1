"""What the coming days can carry, from shifts: a van from nine to seven."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

import pytest

from promesa.domain.fleet import Driver, Load, MealBreak, Shift, Vehicle
from promesa.kernel.serviceday import ServiceDay
from promesa.promising.coming import ArrivalBook
from promesa.promising.expected import ExpectedOfDepots, ExpectedOrders
from promesa.promising.fleet_outlook import (
    SERVICE_S_ASSUMED,
    FleetPast,
    hours_of,
    loads_of,
    outlooks_of,
    vans_of,
)
from promesa.promising.odds import Spread
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
        vans=vans_of(shifts),
    )
    return outlooks_of(past, TERMS, [day], ServiceDay(day - timedelta(days=1)).at(time(10)))


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


def test_what_comes_in_before_a_day_without_vans_waits_for_the_next_that_has_some() -> None:
    """A hundred a day; vans leave on Friday and Monday, and Saturday is a delivery day too."""
    friday, monday = MONDAY - timedelta(days=3), MONDAY
    days = [friday, friday + timedelta(days=1), monday]
    hundred = {friday + timedelta(days=n - 3): Spread(mean=100.0, sd=10.0) for n in range(8)}
    past = FleetPast(
        depots=(DEPOT,),
        hours=hours_of([shift(friday), shift(monday)], {}, STEMS, TERMS.zone),
        driven=(),
        arrivals=ArrivalBook.of([], MONDAY, MONDAY),
        expected=ExpectedOfDepots(
            depots={}, shared=ExpectedOrders(days=hundred, hour_shares=(1 / 24,) * 24)
        ),
    )
    found = outlooks_of(past, TERMS, days, ServiceDay(friday - timedelta(days=1)).at(time(8)))
    of_day = {each.date: each.coming.mean + each.named.mean for each in found}
    # From Thursday's cut-off to Sunday's.
    assert of_day[monday] == pytest.approx(300)


def test_what_an_order_takes_is_assumed_until_routes_tell() -> None:
    few = DrivenWork(depot_id=DEPOT, days=1, stops=50, travel_s=50 * 90, service_s=50 * 90)
    many = DrivenWork(depot_id=DEPOT, days=4, stops=400, travel_s=400 * 90, service_s=400 * 150)
    [assumed] = seen(shift(TUESDAY), driven=(few,))
    [told] = seen(shift(TUESDAY), driven=(many,))
    assert assumed.usual.service_s == SERVICE_S_ASSUMED
    assert (told.usual.orders, told.usual.service_s, told.usual.travel_s) == (100, 150, 90)


def test_of_a_day_under_way_only_the_hours_left_serve() -> None:
    past = FleetPast(
        depots=(DEPOT,),
        hours=hours_of([shift(MONDAY)], {}, STEMS, TERMS.zone),
        driven=(),
        arrivals=ArrivalBook.of([], MONDAY, MONDAY),
    )
    [found] = outlooks_of(past, TERMS, [MONDAY], ServiceDay(MONDAY).at(time(16, 45)))
    # Doors until half past six: a quarter of an hour and three half hours.
    assert found.capacity_s == (0.25 + 1.5) * 3_600


def test_on_the_day_that_begins_an_hour_late_vans_go_out_by_the_clock() -> None:
    spring = date(2026, 9, 6)
    weeks = [shift(spring - timedelta(weeks=week)) for week in (1, 2)]
    [found] = seen(*weeks, day=spring)
    day = ServiceDay(spring)
    first, last = day.second_of(day.at(time(9, 30))), day.second_of(day.at(time(18, 30)))
    assert day.second_of(day.at(time(9))) == 8 * 3_600
    assert found.capacity_between(first, last) == found.capacity_s == 9 * 3_600


def test_a_days_vans_carry_what_they_say_and_nothing_known_where_one_does_not() -> None:
    says = a_van(UUID(int=9), Load(parcels=50, weight_g=800_000, volume_ml=5_000_000), trips=2)
    silent = a_van(UUID(int=8), Load(weight_g=700_000))
    other = replace(shift(TUESDAY), id=UUID(int=77), vehicle_id=silent.id)
    vans = {says.id: says, silent.id: silent}
    one = loads_of([shift(TUESDAY)], vans)
    both = loads_of([shift(TUESDAY), other], vans)
    assert one[DEPOT, TUESDAY].whole == Load(parcels=100, weight_g=1_600_000, volume_ml=10_000_000)
    assert one[DEPOT, TUESDAY].first == says.capacity
    assert both[DEPOT, TUESDAY].whole == Load(weight_g=2_300_000)
    assert loads_of([shift(TUESDAY), shift(TUESDAY)], vans) == one, "one van of two drivers"
    assert vans_of([shift(TUESDAY), shift(TUESDAY), other]) == {(DEPOT, TUESDAY): 2}


def test_a_day_nobody_planned_has_the_vans_of_its_weekday_or_an_unknown_number() -> None:
    weeks = [shift(TUESDAY - timedelta(weeks=week)) for week in (1, 2)]
    [found] = seen(*weeks)
    assert found.vans == 1
    past = FleetPast(
        depots=(DEPOT,),
        hours=hours_of(weeks, {}, STEMS, TERMS.zone),
        driven=(),
        arrivals=ArrivalBook.of([], MONDAY, MONDAY),
    )
    [uncounted] = outlooks_of(past, TERMS, [TUESDAY], ServiceDay(MONDAY).at(time(10)))
    assert uncounted.vans is None


def test_loading_again_takes_the_loading_and_the_way_there_and_out() -> None:
    twice = a_van(UUID(int=9), Load(parcels=50), trips=2)
    once = a_van(UUID(int=8), Load(parcels=70))
    other = replace(shift(TUESDAY), id=UUID(int=77), vehicle_id=once.id)
    vans = {twice.id: twice, once.id: once}
    found = loads_of([shift(TUESDAY), other], vans, {DEPOT: 600.0})[DEPOT, TUESDAY]
    assert (found.first.parcels, found.whole.parcels) == (120, 170)
    # Half an hour of loading, where nobody says, and ten minutes each way.
    assert found.reload_s == 1_800 + 2 * 600


def a_van(van_id: UUID, load: Load, *, trips: int = 1) -> Vehicle:
    return Vehicle(
        id=van_id, code="V", plate="HKTR52", depot_id=DEPOT, capacity=load, trips_max=trips
    )


def test_what_is_forecast_for_a_depots_comunas_comes_to_that_depot() -> None:
    def expected(orders: float) -> ExpectedOrders:
        day = Spread(mean=orders, sd=orders**0.5)
        days = {MONDAY: day, TUESDAY: day}
        return ExpectedOrders(days=days, hour_shares=(1 / 24,) * 24, zone=TERMS.zone)

    past = FleetPast(
        depots=(DEPOT, OTHER),
        hours=hours_of([shift(TUESDAY), shift(TUESDAY, OTHER)], {}, STEMS, TERMS.zone),
        driven=(),
        arrivals=ArrivalBook.of([], MONDAY, MONDAY),
        expected=ExpectedOfDepots(depots={DEPOT: expected(240.0)}, shared=expected(24.0)),
    )
    # Nobody took a quote yet, so all say their own day; until six in the evening a quarter comes.
    found = outlooks_of(past, TERMS, [TUESDAY], ServiceDay(MONDAY).at(time(12)))
    assert [each.coming_basis for each in found] == ["forecast", "forecast"]
    # All of its own and half of what is nobody's; the other one has the other half.
    assert [each.named.mean for each in found] == pytest.approx([60 + 3, 3])
