"""Own vehicles of days to come: of shifts put, of the weekday, or those that are there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from promesa.domain.fleet import Load, Shift, Vehicle
from promesa.kernel.ids import derived_id
from promesa.planning.capacity.own_fleet import (
    DAY_COST_ASSUMED_CLP,
    CostFrom,
    FleetOfDays,
    OwnFrom,
    own_fleet,
)

DEPOT, OTHER = derived_id("depot"), derived_id("other depot")
MONDAY = date(2026, 11, 23)
DAYS = [MONDAY + timedelta(days=number) for number in range(7)]


def van(name: str, **changes: object) -> Vehicle:
    vehicle = Vehicle(
        id=derived_id(name),
        code=name,
        plate=name,
        depot_id=DEPOT,
        capacity=Load(parcels=100),
        cost_fixed_clp=20_000,
        cost_per_hour_clp=5_000,
    )
    return replace(vehicle, **changes)  # type: ignore[arg-type]


def shift(day: date, vehicle: str, hours: int = 10) -> Shift:
    start = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Shift(
        id=derived_id("shift", vehicle, day.isoformat()),
        date=day,
        driver_id=derived_id("driver"),
        vehicle_id=derived_id(vehicle),
        depot_id=DEPOT,
        start=start,
        end=start + timedelta(hours=hours),
    )


def fleet(*vehicles: Vehicle, shifts: tuple[Shift, ...] = ()) -> FleetOfDays:
    return FleetOfDays(vehicles=vehicles, drivers=(), shifts=shifts)


def test_a_day_with_shifts_has_the_vehicles_of_its_shifts() -> None:
    there = fleet(van("A"), van("B"), van("C"), shifts=(shift(MONDAY, "A"), shift(MONDAY, "B")))
    found = own_fleet(DEPOT, DAYS, there)
    assert found is not None
    assert (found.by_day[0], found.sources[0]) == (2, OwnFrom.SHIFTS)


def test_a_day_without_shifts_in_a_rostered_week_has_those_of_its_weekday_before() -> None:
    later = shift(MONDAY + timedelta(days=3), "B")
    before = (shift(MONDAY - timedelta(days=7), "A"), shift(MONDAY - timedelta(days=14), "B"))
    there = (*before, shift(MONDAY - timedelta(days=14), "A"), later)
    found = own_fleet(DEPOT, DAYS, fleet(van("A"), van("B"), shifts=there))
    assert found is not None
    assert (found.by_day[0], found.sources[0]) == (1, OwnFrom.WEEKDAY)
    assert (found.by_day[1], found.sources[1]) == (2, OwnFrom.VEHICLES)


def test_past_the_last_shift_put_a_depot_has_all_its_vehicles_in_use() -> None:
    """Four of ten drive on Monday, and nobody has planned further: Tuesday and Sunday have ten."""
    vans = [van(str(number)) for number in range(10)]
    four = tuple(shift(MONDAY, str(number)) for number in range(4))
    week_before = tuple(shift(MONDAY - timedelta(days=6), str(number)) for number in range(4))
    found = own_fleet(DEPOT, DAYS, fleet(*vans, shifts=(*four, *week_before)))
    assert found is not None
    assert found.by_day == (4, 10, 10, 10, 10, 10, 10)
    assert found.sources == (OwnFrom.SHIFTS, *[OwnFrom.VEHICLES] * 6)
    assert found.with_shift == (4, 0, 0, 0, 0, 0, 0)


def test_vans_of_the_depot_without_a_shift_are_counted_beside_those_with_one() -> None:
    """A van of another depot that drives here is not one of those at home."""
    vans = (van("A"), van("B"), van("C"), van("D", depot_id=OTHER))
    there = fleet(*vans, shifts=(shift(MONDAY, "A"), shift(MONDAY, "D")))
    found = own_fleet(DEPOT, DAYS, there)
    assert found is not None
    assert (found.by_day[0], found.without_shift[0]) == (2, 2)
    assert (found.by_day[1], found.without_shift[1]) == (3, 0)


def test_vehicles_out_of_use_and_of_other_depots_do_not_count() -> None:
    there = fleet(van("A"), van("B", is_active=False), van("C", depot_id=OTHER))
    found = own_fleet(DEPOT, DAYS, there)
    assert found is not None
    assert set(found.by_day) == {1}


def test_a_typical_vehicle_costs_its_shift_and_works_it_without_the_rest() -> None:
    found = own_fleet(DEPOT, DAYS, fleet(van("A"), shifts=(shift(MONDAY, "A", hours=8),)))
    assert found is not None
    assert found.day_cost_clp == 20_000 + 8 * 5_000
    assert found.limits.shift_min == 8 * 60 - 30
    assert found.limits.parcels == 100


def test_what_is_put_for_days_to_come_does_not_change_what_a_vehicle_can_do() -> None:
    longer = shift(MONDAY + timedelta(days=1), "A", hours=11)
    there = fleet(van("A"), shifts=(shift(MONDAY, "A", hours=8), longer))
    found = own_fleet(DEPOT, DAYS, there)
    assert found is not None
    assert found.limits.shift_min == 8 * 60 - 30


def test_two_trips_carry_twice_and_lose_the_time_between() -> None:
    twice = van("A", trips_max=2, loading_time_s=1_200)
    found = own_fleet(DEPOT, DAYS, fleet(twice, shifts=(shift(MONDAY, "A", hours=8),)))
    assert found is not None
    assert found.limits.parcels == 200
    assert found.limits.shift_min == 8 * 60 - 30 - 20


def test_without_a_vehicle_in_use_nothing_is_known() -> None:
    assert own_fleet(DEPOT, DAYS, fleet(van("A", is_active=False))) is None


FREE = {"cost_fixed_clp": 0, "cost_per_hour_clp": 0}


def test_vehicles_without_a_price_are_taken_to_cost_what_the_others_do() -> None:
    """Two of 20,000 and 9 hours of 5,000: 65,000; of six vehicle-days two fall to the third."""
    found = own_fleet(DEPOT, DAYS, fleet(van("A"), van("B"), van("C", cost_per_km_clp=150, **FREE)))
    assert found is not None
    assert (found.day_cost_clp, found.cost_from) == (65_000, CostFrom.OWN)
    assert (found.vehicles, found.priced) == (3, 2)
    assert round(found.assumed_clp(6)) == 2 * 65_000


def test_a_depot_without_any_price_takes_that_of_the_other_depots_else_an_assumed_one() -> None:
    unpriced = van("A", **FREE)
    found = own_fleet(DEPOT, DAYS, fleet(unpriced, van("B", depot_id=OTHER)))
    alone = own_fleet(DEPOT, DAYS, fleet(unpriced))
    assert found is not None
    assert alone is not None
    assert (found.day_cost_clp, found.cost_from, found.priced) == (65_000, CostFrom.OTHERS, 0)
    assert (alone.day_cost_clp, alone.cost_from) == (DAY_COST_ASSUMED_CLP, CostFrom.ASSUMED)
    assert alone.assumed_clp(3) == 3 * DAY_COST_ASSUMED_CLP
