"""What the fleet can do and what orders ask reaches the plan: breaks, trips, limits, bonds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from promesa.domain.fleet import Load, MealBreak, VehicleKind, VehicleSize
from promesa.domain.order import Order, RouteTerms
from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.kernel.timewindow import TimeWindow
from promesa.planning.day_plan import count_searches, plan_day
from promesa.planning.inputs import build_problem
from promesa.planning.profiles import profile_of
from promesa.planning.repository import WorkBalance
from promesa.roads import vehicles as roads
from promesa.routing.budget import Budget
from promesa.routing.watching import WatchedBudget
from tests.support.dispatch_memory import DEPOT, DORA, VAN, make_order
from tests.support.straight_roads import StraightRoads
from tests.unit.planning.test_day_plan import DAY, SHIFT, inputs, plan

MEAL = MealBreak(duration_s=1_800, earliest=time(13), latest=time(15))
SECOND_VAN = replace(VAN, id=derived_id("vehicle", 2), code="V-02")
SECOND_SHIFT = replace(
    SHIFT, id=derived_id("shift", 2), vehicle_id=SECOND_VAN.id, driver_id=derived_id("driver", 2)
)
TWO_VANS: dict[str, Any] = {"shifts": (SHIFT, SECOND_SHIFT), "vehicles": (VAN, SECOND_VAN)}


def with_window(order: Order, first: time, last: time) -> Order:
    return replace(order, windows=(TimeWindow(start=DAY.at(first), end=DAY.at(last)),))


def with_driver(**limits: Any) -> dict[str, Any]:
    return {"drivers": (replace(DORA, **limits),)}


def test_a_colacion_is_planned_within_its_hours_and_told() -> None:
    early = with_window(make_order("ana"), time(11), time(12, 30))
    late = with_window(make_order("beto"), time(15, 30), time(17))
    (route,) = plan(inputs(early, late, **with_driver(meal_break=MEAL))).routes
    (rest,) = route.breaks
    assert rest.end - rest.start == timedelta(minutes=30)
    assert DAY.at(time(13)) <= rest.start < rest.end <= DAY.at(time(15))


def test_a_shift_that_is_over_before_lunch_has_no_colacion() -> None:
    morning = replace(SHIFT, end=DAY.at(time(12)))
    day = inputs(make_order("ana"), shifts=(morning,), **with_driver(meal_break=MEAL))
    assert build_problem(day, StraightRoads()).problem.vehicles[0].breaks == ()


def test_what_does_not_fit_at_once_goes_on_a_second_trip() -> None:
    small = replace(VAN, capacity=Load(parcels=1, weight_g=900_000, volume_ml=8_000_000))
    orders = make_order("ana"), make_order("beto")
    once = plan(inputs(*orders, vehicles=(small,)))
    assert len(once.unserved) == 1
    twice = plan(inputs(*orders, vehicles=(replace(small, trips_max=2, loading_time_s=1_200),)))
    assert twice.unserved == ()
    (reload,) = twice.routes[0].reloads
    assert reload.departure - reload.arrival == timedelta(minutes=20)
    assert reload.order_id == twice.routes[0].visits[1].order_id


def test_overtime_is_driven_where_it_is_allowed_and_not_where_nobody_said() -> None:
    # The shift ends at 17:30; the door opens at 17:25 and the depot is some minutes away.
    order = with_window(make_order("ana"), time(17, 25), time(19))
    assert plan(inputs(order)).routes == ()
    paid = with_driver(overtime_max_s=3_600, overtime_hour_cost_clp=9_000)
    (route,) = plan(inputs(order, **paid)).routes
    assert 0 < route.overtime_s <= 3_600
    assert route.end == SHIFT.end + timedelta(seconds=route.overtime_s)


def test_overtime_ends_when_the_depot_closes() -> None:
    day = inputs(
        make_order("ana"),
        depots=(replace(DEPOT, closes=time(17, 40)),),
        **with_driver(overtime_max_s=7_200),
    )
    assert build_problem(day, StraightRoads()).problem.vehicles[0].overtime_max_s == 600


def test_limits_of_driver_and_vehicle_reach_the_search_and_unknown_ones_do_not_bind() -> None:
    (free,) = build_problem(inputs(make_order("ana")), StraightRoads()).problem.vehicles
    assert (free.driving_max_s, free.duty_max_s, free.latest_start_s) == (None, None, None)
    assert (free.stops_max, free.trips_max, free.overtime_max_s) == (None, 1, 0)
    limits = with_driver(driving_max_s=18_000, duty_max_s=32_400, latest_start=time(10))
    day = inputs(make_order("ana"), vehicles=(replace(VAN, stops_max=40),), **limits)
    (bound,) = build_problem(day, StraightRoads()).problem.vehicles
    assert (bound.driving_max_s, bound.duty_max_s, bound.stops_max) == (18_000, 32_400, 40)
    assert bound.latest_start_s == 36_000


def test_orders_that_go_together_are_in_one_van_in_the_order_asked() -> None:
    orders = [
        replace(make_order(name), terms=RouteTerms(bond="mudanza", bond_rank=rank))
        for name, rank in (("ana", 2), ("beto", 1), ("cata", 3))
    ]
    made = plan(inputs(*orders, **TWO_VANS))
    (route,) = made.routes
    assert [visit.order_id for visit in route.visits] == [orders[index].id for index in (1, 0, 2)]


def test_a_bond_of_which_one_cannot_go_leaves_all_out_and_names_them_by_reference() -> None:
    large = replace(make_order("beto", parcels=9), terms=RouteTerms(bond="x"))
    small_van = replace(VAN, capacity=Load(parcels=9, weight_g=900_000, volume_ml=8_000_000))
    light = replace(make_order("ana"), terms=RouteTerms(bond="x"))
    made = plan(inputs(light, large, vehicles=(small_van,)))
    assert {left.order_id for left in made.unserved} == {light.id, large.id}
    said = next(left.sentence for left in made.unserved if left.order_id == light.id)
    assert large.reference in said


@pytest.mark.parametrize(
    "terms",
    [
        RouteTerms(never_vehicles=frozenset({VAN.code})),
        RouteTerms(only_vehicle=SECOND_VAN.code),
    ],
)
def test_an_order_goes_in_the_vehicle_its_terms_leave(terms: RouteTerms) -> None:
    (route,) = plan(inputs(replace(make_order("ana"), terms=terms), **TWO_VANS)).routes
    assert route.vehicle_id == SECOND_VAN.id


def test_a_vehicle_that_does_not_work_that_day_is_told_as_the_reason() -> None:
    order = replace(make_order("ana"), terms=RouteTerms(only_vehicle="V-77"))
    (left,) = plan(inputs(order)).unserved
    assert left.code == "skill_missing"
    assert "el vehículo V-77" in left.sentence


def test_reasons_name_vehicles_by_plate_as_screens_do() -> None:
    resting = replace(SECOND_VAN, plate="HKCD13")
    order = replace(make_order("ana"), terms=RouteTerms(only_vehicle=resting.code))
    day = inputs(order, vehicles=(VAN, resting))
    (left,) = plan(day).unserved
    assert "el vehículo HKCD13" in left.sentence
    assert [van.id for van in build_problem(day, StraightRoads()).problem.vehicles] == [VAN.plate]


def test_two_shifts_of_one_vehicle_are_told_apart_by_their_hour() -> None:
    early, late = replace(SHIFT, end=DAY.at(time(12))), replace(SHIFT, start=DAY.at(time(14)))
    late = replace(late, id=derived_id("shift", 3))
    problem = build_problem(inputs(make_order("ana"), shifts=(early, late)), StraightRoads())
    names = [van.id for van in problem.problem.vehicles]
    assert names == [f"{VAN.plate} {hour} h" for hour in ("08", "14")]


def test_an_order_that_may_be_left_out_is_when_it_costs_more_than_that() -> None:
    order = replace(make_order("ana"), terms=RouteTerms(leave_out_price_clp=1))
    (left,) = plan(inputs(order)).unserved
    assert left.code == "too_dear"


def test_balance_is_asked_of_the_search() -> None:
    day = inputs(make_order("ana"), balance=WorkBalance.STOPS)
    balance = build_problem(day, StraightRoads()).problem.balance
    assert balance.stop_price_clp > 0
    assert balance.hour_price_clp == 0


class HighwayRoads(StraightRoads):
    """Straight roads on which trucks do not get far north and everybody pays there."""

    def __init__(self, vehicle: roads.Vehicle = roads.VAN) -> None:
        self._vehicle = vehicle

    def with_vehicle(self, vehicle: roads.Vehicle) -> HighwayRoads:
        return HighwayRoads(vehicle)

    def matrix(self, points: Sequence[Position], departure: datetime | None) -> NDArray[np.int32]:
        seconds = super().matrix(points, departure)
        if self._vehicle.kind is roads.VehicleKind.TRUCK:
            north = np.array([point.lat > DEPOT.position.lat + 0.001 for point in points])
            seconds[np.ix_(~north, north)] = -1
        return seconds


def test_a_place_closed_to_trucks_is_left_to_a_van() -> None:
    order = make_order("ana")
    place = order.placement
    assert place is not None
    away = replace(place, position=Position(lon=place.position.lon, lat=DEPOT.position.lat + 0.01))
    truck = replace(SECOND_VAN, kind=VehicleKind.TRUCK, code="C-01", cost_fixed_clp=0)
    fleet: dict[str, Any] = {"shifts": (SHIFT, SECOND_SHIFT), "vehicles": (VAN, truck)}
    day = build_problem(inputs(replace(order, placement=away), **fleet), HighwayRoads())
    assert day.problem.stops[0].excluded_vehicles == {"C-01"}
    # At the same place a van needs no longer than it does alone.
    assert day.problem.travel.travel_s(0, 1, 36_000) > 0


def test_the_size_of_a_vehicle_is_what_signs_ask_and_unknown_sizes_are_those_of_its_kind() -> None:
    low = profile_of(VehicleKind.TRUCK, VehicleSize(height_cm=320))
    assert (low.height_m, low.width_m) == (3.2, roads.TRUCK.width_m)
    assert profile_of(VehicleKind.VAN, None) == roads.VAN


def test_bicycles_without_streets_of_their_own_stay_at_home_and_the_plan_says_so() -> None:
    bicycle = replace(SECOND_VAN, kind=VehicleKind.BICYCLE)
    fleet: dict[str, Any] = {"shifts": (SHIFT, SECOND_SHIFT), "vehicles": (VAN, bicycle)}
    made = plan(inputs(make_order("ana"), **fleet))
    assert [route.vehicle_id for route in made.routes] == [VAN.id]
    assert "bicicleta" in made.notes[-1]


class SlowTruckRoads(StraightRoads):
    """Straight roads on which trucks take twice as long as vans, and bicycles three times."""

    def __init__(self, vehicle: roads.Vehicle = roads.VAN) -> None:
        self._vehicle = vehicle

    def with_vehicle(self, vehicle: roads.Vehicle) -> SlowTruckRoads:
        return SlowTruckRoads(vehicle)

    def matrix(self, points: Sequence[Position], departure: datetime | None) -> NDArray[np.int32]:
        factor = {roads.VehicleKind.TRUCK: 2, roads.VehicleKind.BICYCLE: 3}
        return super().matrix(points, departure) * factor.get(self._vehicle.kind, 1)


def test_each_kind_of_a_mixed_day_drives_at_its_own_times() -> None:
    truck = replace(SECOND_VAN, kind=VehicleKind.TRUCK, code="C-01")
    fleet: dict[str, Any] = {"shifts": (SHIFT, SECOND_SHIFT), "vehicles": (VAN, truck)}
    orders = [
        replace(make_order("ana"), terms=RouteTerms(only_vehicle=VAN.code)),
        replace(make_order("beto"), terms=RouteTerms(only_vehicle="C-01")),
    ]
    day = inputs(*orders, **fleet)
    made = plan_day(day, SlowTruckRoads(), limit=Budget(iterations=200), seed=1)
    took = {route.vehicle_id: route.visits[0].leg_duration_s for route in made.routes}
    places = {order.id: order.placement.position for order in orders if order.placement}
    for vehicle, order, factor in ((VAN, orders[0], 1), (truck, orders[1], 2)):
        straight = StraightRoads().matrix([DEPOT.position, places[order.id]], None)
        assert took[vehicle.id] == factor * int(straight[0, 1])
    assert made.unserved == ()


def test_the_bar_of_a_mixed_day_goes_once_from_end_to_end() -> None:
    truck = replace(SECOND_VAN, kind=VehicleKind.TRUCK, code="C-01")
    fleet: dict[str, Any] = {"shifts": (SHIFT, SECOND_SHIFT), "vehicles": (VAN, truck)}
    day = inputs(make_order("ana"), make_order("beto"), **fleet)
    told: list[float] = []

    def watch(share: float) -> bool:
        told.append(share)
        return True

    # One of all kinds, then one of each.
    searches = count_searches(day, has_bicycle_roads=True)
    assert searches == 3
    limit = WatchedBudget(Budget(iterations=200), watch, searches)
    plan_day(day, SlowTruckRoads(), limit=limit, seed=1)
    assert told == sorted(told)
    assert told[0] < 0.34
    assert 0.66 < told[-1] <= 1.0


def test_bicycles_take_what_they_can_and_vans_do_the_rest() -> None:
    small = Load(parcels=1, weight_g=5_000, volume_ml=30_000)
    bicycle = replace(SECOND_VAN, kind=VehicleKind.BICYCLE, capacity=small, code="B-1")
    fleet: dict[str, Any] = {"shifts": (SHIFT, SECOND_SHIFT), "vehicles": (VAN, bicycle)}
    day = inputs(make_order("ana"), make_order("beto"), **fleet)
    network = SlowTruckRoads()
    made = plan_day(
        day,
        network,
        limit=Budget(iterations=200),
        seed=1,
        bicycles=network.with_vehicle(roads.BICYCLE),
    )
    assert {route.vehicle_id: len(route.visits) for route in made.routes} == {
        VAN.id: 1,
        bicycle.id: 1,
    }
    assert made.unserved == ()
    assert made.notes == ()


def test_a_day_of_bicycles_alone_without_their_streets_says_all_that_is_amiss() -> None:
    bicycle = replace(SECOND_VAN, kind=VehicleKind.BICYCLE, code="B-1")
    waiting = make_order("beto")
    fleet: dict[str, Any] = {"shifts": (SECOND_SHIFT,), "vehicles": (bicycle,)}
    day = inputs(make_order("ana"), left_for_review=(waiting.id,), **fleet)
    made = plan_day(day, SlowTruckRoads(), limit=Budget(iterations=200), seed=1)
    assert made.notes == (
        "1 pedido quedó fuera: su dirección espera revisión.",
        "1 pedido no cabe en las rutas del día.",
        "1 turno en bicicleta quedó sin ruta: esta ciudad se armó sin la red de bicicletas.",
    )


def test_an_order_for_one_bicycle_alone_says_why_the_bicycle_cannot() -> None:
    small = Load(parcels=0)
    bicycle = replace(SECOND_VAN, kind=VehicleKind.BICYCLE, capacity=small, code="B-1")
    fleet: dict[str, Any] = {"shifts": (SHIFT, SECOND_SHIFT), "vehicles": (VAN, bicycle)}
    order = replace(make_order("ana"), terms=RouteTerms(only_vehicle="B-1"))
    network = SlowTruckRoads()
    made = plan_day(
        inputs(order, **fleet), network, limit=Budget(iterations=200), seed=1, bicycles=network
    )
    (left,) = made.unserved
    assert left.code == "too_large"
