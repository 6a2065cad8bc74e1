"""A plan becomes routes once; whoever was told the day is told a narrower window."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from promesa.dispatch.release import PlanNotReadyError, Release, ShiftTakenError, publish_plan
from promesa.domain.order import Order, OrderState
from promesa.domain.promise import PromiseFate
from promesa.domain.route import Route
from promesa.domain.stop import StopType
from promesa.kernel.clock import MovedClock
from promesa.kernel.errors import ForbiddenError
from promesa.kernel.ids import Ids, derived_id
from promesa.kernel.seeds import stream
from promesa.kernel.timewindow import TimeWindow
from promesa.planning.repository import PlanRecord, PlanRoute, PlanState, PlanVisit
from tests.support.dispatch_memory import (
    DEPOT,
    DISPATCHER,
    DORA,
    DRIVER,
    NINE,
    VAN,
    MemoryDispatch,
    make_order,
    put_order,
)
from tests.support.orders_memory import TODAY

ELEVEN = NINE + timedelta(hours=2)
CLOCK = MovedClock(NINE)
RELEASE = Release(clock=CLOCK, ids=Ids(CLOCK, stream(1, "release").randbytes), places={})


def a_plan(*orders: Order) -> PlanRecord:
    """One route that is at each order at eleven, and every ten minutes after."""
    visits = tuple(
        PlanVisit(
            order_id=order.id,
            arrival=ELEVEN + timedelta(minutes=10 * number),
            departure=ELEVEN + timedelta(minutes=10 * number + 3),
            leg_duration_s=420,
            leg_distance_m=3_000,
        )
        for number, order in enumerate(orders)
    )
    route = PlanRoute(
        shift_id=derived_id("shift"),
        vehicle_id=VAN.id,
        driver_id=DORA.id,
        depot_id=DEPOT.id,
        start=ELEVEN - timedelta(hours=1),
        end=ELEVEN + timedelta(hours=1),
        visits=visits,
        distance_m=9_000,
        duration_s=7_200,
        geometry="abc",
        cost_clp=30_000,
    )
    return PlanRecord(
        id=derived_id("plan", len(orders)),
        date=TODAY,
        state=PlanState.READY,
        seed=1,
        iterations=10,
        requested_at=NINE,
        requested_by=DISPATCHER.id,
        routes=(route,),
    )


async def publish(tx: MemoryDispatch, plan: PlanRecord) -> list[Route]:
    return await publish_plan(tx, plan, actor=DISPATCHER, release=RELEASE)


async def test_publishing_makes_the_first_version_and_schedules_the_orders() -> None:
    tx = MemoryDispatch()
    ana = await put_order(tx, make_order("ana", state=OrderState.CONFIRMED))
    (route,) = await publish(tx, a_plan(ana))
    version = await tx.routes.get_version(route.id, 1)
    assert (route.code, route.version, version.geometry) == ("R-01", 1, "abc")
    (stop,) = await tx.routes.list_stops(route.id)
    assert (stop.type, stop.attempt) == (StopType.DELIVERY, 1)
    assert (await tx.orders.get(ana.id)).state is OrderState.SCHEDULED
    assert tx.events.types(ana.id)[0] == "order.scheduled"


async def test_who_was_told_a_day_is_told_two_hours_around_the_plan() -> None:
    tx = MemoryDispatch()
    ana = await put_order(tx, make_order("ana", state=OrderState.CONFIRMED))
    await publish(tx, a_plan(ana))
    first, second = tx.promises.kept[ana.id]
    assert first.fate is PromiseFate.OPEN
    assert (second.window.start, second.window.end) == (
        ELEVEN - timedelta(hours=1),
        ELEVEN + timedelta(hours=1),
    )


async def test_who_chose_a_window_keeps_it() -> None:
    tx = MemoryDispatch()
    window = TimeWindow(start=ELEVEN, end=ELEVEN + timedelta(hours=3))
    order = replace(make_order("ana", state=OrderState.CONFIRMED), windows=(window,))
    ana = await put_order(tx, order)
    await publish(tx, a_plan(ana))
    assert len(tx.promises.kept[ana.id]) == 1


async def test_an_order_called_off_since_the_plan_is_passed_by() -> None:
    tx = MemoryDispatch()
    ana = await put_order(tx, make_order("ana", state=OrderState.CANCELLED))
    beto = await put_order(tx, make_order("beto", state=OrderState.CONFIRMED))
    (route,) = await publish(tx, a_plan(ana, beto))
    version = await tx.routes.get_version(route.id, 1)
    assert [(stop.order_id, stop.sequence) for stop in version.stops] == [(beto.id, 1)]
    assert (await tx.orders.get(ana.id)).state is OrderState.CANCELLED


async def test_an_order_that_asks_for_a_code_gets_one() -> None:
    tx = MemoryDispatch()
    order = replace(make_order("ana", state=OrderState.CONFIRMED), requires_pin=True)
    ana = await put_order(tx, order)
    await publish(tx, a_plan(ana))
    pin = (await tx.people.get(ana.recipient_id)).pin
    assert pin is not None
    assert len(pin) == 4
    assert pin.isdigit()
    assert pin not in str([event.data for event in tx.events.kept])


async def test_a_plan_published_twice_gives_the_same_routes_and_tells_nothing_twice() -> None:
    tx = MemoryDispatch()
    ana = await put_order(tx, make_order("ana", state=OrderState.CONFIRMED))
    plan = a_plan(ana)
    first = await publish(tx, plan)
    told = len(tx.events.kept)
    again = await publish(tx, await tx.plans.get(plan.id))
    assert again == first
    assert len(tx.events.kept) == told


async def test_a_plan_that_is_still_searched_is_not_published() -> None:
    with pytest.raises(PlanNotReadyError):
        await publish(MemoryDispatch(), replace(a_plan(), state=PlanState.RUNNING))


async def test_a_van_on_a_route_is_not_given_another_one() -> None:
    tx = MemoryDispatch()
    ana = await put_order(tx, make_order("ana", state=OrderState.CONFIRMED))
    beto = await put_order(tx, make_order("beto", state=OrderState.CONFIRMED))
    await publish(tx, a_plan(ana))
    with pytest.raises(ShiftTakenError):
        await publish(tx, a_plan(ana, beto))


async def test_a_driver_does_not_publish() -> None:
    with pytest.raises(ForbiddenError):
        await publish_plan(MemoryDispatch(), a_plan(), actor=DRIVER, release=RELEASE)
