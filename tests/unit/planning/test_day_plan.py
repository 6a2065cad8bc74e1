"""A day is planned from orders and shifts; who is left out is told why."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from promesa.domain.fleet import Load, Shift
from promesa.domain.leg import Leg, LegKind
from promesa.domain.order import Order, OrderState
from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.kernel.polyline import decode_polyline
from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.planning.day_plan import plan_day
from promesa.planning.inputs import DayInputs, build_problem
from promesa.planning.repository import DayPlan
from promesa.promising.windows import whole_day
from promesa.routing.budget import Budget
from tests.support.dispatch_memory import DEPOT, DORA, VAN, make_order
from tests.support.orders_memory import MERCHANT_ID, TODAY
from tests.support.straight_roads import StraightRoads

DAY = ServiceDay(TODAY)
SHIFT = Shift(
    id=derived_id("shift", 1),
    date=TODAY,
    driver_id=DORA.id,
    vehicle_id=VAN.id,
    depot_id=DEPOT.id,
    start=DAY.at(time(8, 30)),
    end=DAY.at(time(17, 30)),
)
SHOP = Position(lon=-70.65, lat=-33.44)


def inputs(*orders: Order, **changes: Any) -> DayInputs:
    day = DayInputs(
        day=DAY,
        orders=tuple(orders),
        shifts=(SHIFT,),
        vehicles=(VAN,),
        depots=(DEPOT,),
        workday=whole_day(TODAY),
        places={MERCHANT_ID: SHOP},
    )
    return replace(day, **changes)


def plan(day: DayInputs) -> DayPlan:
    return plan_day(day, StraightRoads(), limit=Budget(iterations=500), seed=1)


def test_both_orders_of_a_small_day_go_onto_one_route() -> None:
    made = plan(inputs(make_order("ana"), make_order("beto")))
    (route,) = made.routes
    assert {visit.order_id for visit in route.visits} == {
        make_order("ana").id,
        make_order("beto").id,
    }
    assert made.unserved == ()
    assert (route.vehicle_id, route.driver_id) == (VAN.id, DORA.id)
    assert route.cost_clp > VAN.cost_fixed_clp


def test_times_of_a_route_follow_from_each_other() -> None:
    made = plan(inputs(make_order("ana"), make_order("beto")))
    (route,) = made.routes
    first, second = route.visits
    # Both doors are the same point: no way between them, three minutes at each.
    assert (first.arrival - route.start).total_seconds() == first.leg_duration_s
    assert second.leg_duration_s == 0
    assert (second.departure - first.arrival).total_seconds() == 2 * 180
    assert route.distance_m == 2 * first.leg_distance_m


def test_the_geometry_begins_and_ends_at_the_depot() -> None:
    (route,) = plan(inputs(make_order("ana"))).routes
    path = decode_polyline(route.geometry)
    assert path[0] == path[-1] == DEPOT.position


def test_an_order_is_visited_within_its_window() -> None:
    window = TimeWindow(start=DAY.at(time(15, 0)), end=DAY.at(time(16, 0)))
    made = plan(inputs(replace(make_order("ana"), windows=(window,))))
    assert window.contains(made.routes[0].visits[0].arrival)


def test_a_shift_that_ends_after_midnight_is_used_to_its_end() -> None:
    night = TimeWindow(start=DAY.at(time(23, 50)), end=DAY.end + timedelta(hours=2))
    shift = replace(SHIFT, start=night.start, end=night.end + timedelta(hours=1))
    made = plan(inputs(replace(make_order("ana"), windows=(night,)), shifts=(shift,)))
    assert [route.end > DAY.end for route in made.routes] == [True]


def test_an_order_too_large_for_every_van_is_left_out_with_its_reason() -> None:
    small_van = replace(VAN, capacity=Load(parcels=1, weight_g=900_000, volume_ml=8_000_000))
    made = plan(inputs(make_order("ana", parcels=2), vehicles=(small_van,)))
    (left,) = made.unserved
    assert left.code == "too_large"
    assert "trae 2 bultos" in left.sentence
    assert made.notes == ("1 pedido no cabe en las rutas del día.",)


def test_without_a_shift_every_order_is_left_out_and_told_so() -> None:
    made = plan(inputs(make_order("ana"), shifts=()))
    assert [(left.order_id, left.code) for left in made.unserved] == [
        (make_order("ana").id, "no_shift")
    ]


def test_a_colecta_stops_at_the_merchant_and_comes_back_with_the_van() -> None:
    legs = (Leg(kind=LegKind.COLLECTION), Leg(kind=LegKind.DELIVERY))
    order = replace(make_order("ana", parcels=2), legs=legs)
    day = build_problem(inputs(order), StraightRoads())
    stop = day.problem.stops[0]
    assert day.day_map.points[stop.location] == SHOP
    assert (stop.delivered.parcels, stop.picked_up.parcels) == (0, 2)


def test_a_return_goes_to_the_merchant_with_what_the_van_takes_along() -> None:
    order = replace(make_order("ana", state=OrderState.RETURNING), legs=(Leg(kind=LegKind.RETURN),))
    day = build_problem(inputs(order), StraightRoads())
    stop = day.problem.stops[0]
    assert day.day_map.points[stop.location] == SHOP
    assert (stop.delivered.parcels, stop.picked_up.parcels) == (1, 0)


def test_an_order_lying_in_another_depot_is_not_given_to_a_van_from_here() -> None:
    other = replace(DEPOT, id=derived_id("depot", 2), code="MAI", name="Maipú")
    order = replace(make_order("ana"), depot_id=other.id)
    made = plan(inputs(order, depots=(DEPOT, other)))
    assert made.routes == ()
    assert "salir de Maipú" in made.unserved[0].sentence


def test_a_merchant_whose_place_nobody_knows_is_said() -> None:
    order = replace(make_order("ana"), legs=(Leg(kind=LegKind.COLLECTION),))
    made = plan(inputs(order, make_order("beto"), places={}))
    assert [left.code for left in made.unserved] == ["merchant_place_unknown"]


def test_doors_of_one_building_share_a_row_of_the_matrix() -> None:
    day = build_problem(inputs(make_order("ana"), make_order("beto")), StraightRoads())
    assert len(day.day_map.points) == 2


def test_a_second_visit_costs_more_to_leave_out_than_a_first() -> None:
    again = replace(make_order("ana"), attempts=1)
    day = build_problem(inputs(again, make_order("beto")), StraightRoads())
    first, second = day.problem.stops
    assert first.unserved_price_clp == 2 * (second.unserved_price_clp or 0)


def test_the_same_inputs_and_seed_give_the_same_plan_even_through_a_pickle() -> None:
    day = inputs(*(make_order(f"order {n}") for n in range(8)))
    travelled = pickle.loads(pickle.dumps(day))
    assert plan(day) == plan(travelled)


def test_a_plan_keeps_clear_of_a_windows_end_and_knows_the_promised_one() -> None:
    told = TimeWindow(start=DAY.at(time(9)), end=DAY.at(time(11)))
    day = build_problem(inputs(replace(make_order("ana"), windows=(told,))), StraightRoads())
    (stop,) = day.problem.stops
    assert (stop.windows[0].end_s, stop.promised[0].end_s) == (10.5 * 3600, 11 * 3600)
