"""What a stop, its hours and a vehicle cost in a day of orders and shifts."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from promesa.domain.fleet import Load, Shift, VehicleKind
from promesa.domain.order import Order, RouteTerms
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.planning import prices
from promesa.planning.inputs import DayInputs
from promesa.planning.prices import NotPricedError, PlannedDay, PlannedShift
from promesa.planning.pricing import price_shift, price_visit
from promesa.promising.windows import whole_day
from promesa.routing.budget import Budget
from tests.support.dispatch_memory import DEPOT, DORA, VAN, make_order
from tests.support.orders_memory import TODAY
from tests.support.straight_roads import StraightRoads

DAY = ServiceDay(TODAY)
ONE = replace(VAN, capacity=Load(parcels=1, weight_g=900_000, volume_ml=8_000_000))
OTHER = replace(ONE, id=derived_id("van", 2), code="V-99", plate="ZZZZ99")
LIMIT = Budget(iterations=200)


def shift(vehicle: Any, number: int) -> Shift:
    return Shift(
        id=derived_id("shift", number),
        date=TODAY,
        driver_id=DORA.id,
        vehicle_id=vehicle.id,
        depot_id=DEPOT.id,
        start=DAY.at(time(8, 30)),
        end=DAY.at(time(17, 30)),
    )


MINE, THEIRS = shift(ONE, 1), shift(OTHER, 2)
ANA, BETO, CARLA = make_order("ana"), make_order("beto"), make_order("carla")


def day(
    *orders: Order, routes: Mapping[Shift, tuple[tuple[Order, ...], ...]], **changes: Any
) -> PlannedDay:
    inputs = DayInputs(
        day=DAY,
        orders=orders,
        shifts=tuple(routes),
        vehicles=(ONE, OTHER),
        depots=(DEPOT,),
        workday=whole_day(TODAY),
    )
    return PlannedDay(
        inputs=replace(inputs, **changes),
        routes=tuple(
            PlannedShift(
                shift_id=each.id,
                code="R-01",
                trips=tuple(tuple(o.id for o in trip) for trip in trips),
            )
            for each, trips in routes.items()
            if trips
        ),
    )


def test_the_only_stop_of_a_van_costs_the_van_and_its_way_along_the_streets() -> None:
    found = price_visit(day(ANA, routes={MINE: ((ANA,),)}), ANA.id, [], StraightRoads())
    assert found.vehicle == ONE.code
    assert found.cost_clp > ONE.cost_fixed_clp
    assert found.duration_s > 0
    assert found.distance_m > 0
    (free,) = found.windows
    assert (free.window, free.more_clp) == (whole_day(TODAY), 0)
    assert free.shift_id == MINE.id
    assert (free.cost_clp, free.distance_m) == (found.cost_clp, found.distance_m)


def test_hours_are_priced_over_the_whole_day_and_those_that_hold_nobody_have_no_price() -> None:
    busy = replace(BETO, windows=(TimeWindow(start=DAY.at(time(9)), end=DAY.at(time(10))),))
    vans = {MINE: ((busy, ANA),)}
    room = replace(ONE, capacity=VAN.capacity)
    late = TimeWindow(start=DAY.at(time(16)), end=DAY.at(time(17)))
    night = TimeWindow(start=DAY.at(time(2)), end=DAY.at(time(3)))
    priced_day = day(ANA, busy, routes=vans, vehicles=(room,))
    afternoon, never, free = price_visit(priced_day, ANA.id, [late, night], StraightRoads()).windows
    assert afternoon.cost_clp is not None
    assert free.cost_clp is not None
    # It waits from ten in the morning on: both doors are one place.
    assert afternoon.more_clp == afternoon.cost_clp - free.cost_clp > 0
    assert afternoon.arrival is not None
    assert late.contains(afternoon.arrival)
    assert (never.cost_clp, never.more_clp, never.shift_id, never.arrival) == (None,) * 4


def test_what_goes_together_is_priced_together() -> None:
    together = [replace(o, terms=RouteTerms(bond="sofá")) for o in (ANA, BETO)]
    vans = {MINE: (tuple(together),)}
    room = replace(ONE, capacity=VAN.capacity)
    found = price_visit(day(*together, routes=vans, vehicles=(room,)), ANA.id, [], StraightRoads())
    assert set(found.order_ids) == {ANA.id, BETO.id}


def test_without_a_van_its_order_is_left_out_and_one_more_takes_who_waits() -> None:
    full = {MINE: ((ANA,),), THEIRS: ((BETO,),)}
    travelled = pickle.loads(pickle.dumps(day(ANA, BETO, CARLA, routes=full)))
    found = price_shift(travelled, MINE.id, StraightRoads(), limit=LIMIT, seed=1)
    assert found.vehicle == ONE.code
    assert len(found.less.order_ids) == 1
    assert found.less.left_out_clp > 0
    # What is not driven is saved.
    assert found.less.driven_clp < 0
    assert found.more.order_ids == (CARLA.id,)
    assert found.more.driven_clp < 0 < found.more.left_out_clp


def test_a_van_that_others_make_up_for_is_spare() -> None:
    room = tuple(replace(van, capacity=VAN.capacity) for van in (ONE, OTHER))
    both = day(ANA, BETO, routes={MINE: ((ANA,),), THEIRS: ((BETO,),)}, vehicles=room)
    found = price_shift(both, MINE.id, StraightRoads(), limit=LIMIT, seed=1)
    assert found.less.order_ids == found.more.order_ids == ()
    assert found.less.driven_clp <= 0
    assert found.more.driven_clp == 0


def test_another_kind_of_vehicle_is_left_to_its_own() -> None:
    truck = replace(OTHER, kind=VehicleKind.TRUCK)
    mixed = day(ANA, BETO, routes={MINE: ((ANA,),), THEIRS: ((BETO,),)}, vehicles=(ONE, truck))
    found = price_shift(mixed, MINE.id, StraightRoads(), limit=LIMIT, seed=1)
    assert found.less.order_ids == (ANA.id,)
    assert found.more.order_ids == ()


def test_what_has_no_place_in_the_day_is_said() -> None:
    with pytest.raises(NotPricedError):
        price_visit(day(ANA, routes={MINE: ()}), ANA.id, [], StraightRoads())
    gone = day(ANA, routes={MINE: ((ANA,),)}, vehicles=())
    with pytest.raises(NotPricedError, match="ya no está"):
        price_visit(gone, ANA.id, [], StraightRoads())
    bicycle = replace(ONE, kind=VehicleKind.BICYCLE)
    ridden = day(ANA, routes={MINE: ((ANA,),)}, vehicles=(bicycle,))
    with pytest.raises(NotPricedError, match="bicicletas"):
        price_visit(ridden, ANA.id, [], StraightRoads())
    assert price_visit(ridden, ANA.id, [], StraightRoads(), StraightRoads()).cost_clp > 0


def test_a_day_of_more_places_than_are_kept_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two doors and the depot."""
    two = day(ANA, BETO, routes={MINE: ((ANA,), (BETO,))})
    assert two.keeps_times
    monkeypatch.setattr(prices, "PLACES_KEPT_MAX", 2)
    assert not two.keeps_times


def test_a_second_trip_is_kept_when_the_first_is_gone() -> None:
    twice = replace(ONE, trips_max=2)
    trips = {MINE: ((ANA,), (BETO,))}
    found = price_visit(
        day(ANA, BETO, routes=trips, vehicles=(twice,)), ANA.id, [], StraightRoads()
    )
    # One trip less: the second is there still, so the van is not saved.
    assert 0 < found.cost_clp < ONE.cost_fixed_clp + found.cost_clp
    assert found.duration_s >= timedelta(minutes=3).total_seconds()
