"""A day from order to proof and report, on PostgreSQL, one rung at a time.

Doors stand east of each other, a kilometre apart; the depot is 13 km to the north-west.
"""

from __future__ import annotations

import pytest_asyncio

from promesa.dispatch.day import close_day
from promesa.dispatch.phone import EventStatus
from promesa.domain.order import OrderState
from promesa.domain.promise import PromiseFate
from promesa.domain.route import RouteState
from promesa.proof.ledger import verify
from promesa.storage.database import Database
from tests.support.dispatch_memory import DISPATCHER, NINE
from tests.support.orders_memory import TENANT_ID, TODAY
from tests.support.real_day import RealDay, load_all


@pytest_asyncio.fixture
async def day(database: Database) -> RealDay:
    return await RealDay(database).open()


async def test_a01_one_order_goes_from_intake_to_report(day: RealDay) -> None:
    """CD -- Ana (2 parcels) -- CD."""
    ana = await day.place("ana", parcels=2)
    (route,) = await day.publish(await day.plan())
    assert (route.code, route.state) == ("R-01", RouteState.PUBLISHED)
    day.clock.move_to(NINE)
    loaded = await load_all(day, [ana])
    assert {result.status for result in loaded} == {EventStatus.ACCEPTED}
    await day.tell("route.loaded")
    await day.tell("route.started")
    (stop,) = await day.stops_in_order(route)
    assert (await day.visit(stop)).status is EventStatus.ACCEPTED
    assert (await day.tell("route.finished", minutes=20)).status is EventStatus.ACCEPTED
    assert (await day.tell("route.reconciled")).status is EventStatus.ACCEPTED
    assert (await day.order(ana.id)).state is OrderState.DELIVERED
    report = await day.report()
    assert {key: report.get(key).value for key in ("otd", "otif", "delivered", "sporh")} == {
        "otd": 100.0,
        "otif": 100.0,
        "delivered": 100.0,
        # On the road 34 minutes: 1 to set out, 10 there, 3 at the door, 20 back.
        "sporh": round(60 / 34, 4),
    }


async def test_a02_every_message_told_twice_changes_nothing_more(day: RealDay) -> None:
    """CD -- Ana -- CD, on a phone that repeats itself."""
    ana = await day.place("ana")
    (route,) = await day.publish(await day.plan())
    (stop,) = await day.stops_in_order(route)
    told = [
        day.event("parcel.loaded", barcode="ana-1"),
        day.event("route.started"),
        day.event("stop.arrived", stop_id=stop.id),
        day.event(
            "stop.closed",
            stop_id=stop.id,
            outcome="succeeded",
            evidence=[{"id": str(day.ids.next()), "kind": "photo"}],
            receiver={"relation": "recipient"},
        ),
        day.event("route.finished"),
    ]
    first = await day.send(*told)
    again = await day.send(*told)
    assert {result.status for result in first} == {EventStatus.ACCEPTED}
    assert {result.status for result in again} == {EventStatus.DUPLICATE}
    async with day.database.transaction(TENANT_ID) as tx:
        story = [event.type for event in await tx.events.list_of_order(ana.id)]
        chain = await tx.custody.list_of(ana.parcels[0].id)
    assert story.count("stop.closed") == story.count("order.delivered") == 1
    assert len(chain) == 2
    assert verify(chain) == []


async def test_a03_a_whole_day_told_at_once_and_backwards_ends_the_same(day: RealDay) -> None:
    """CD -- Ana -- Beto -- CD, no signal all day: the last message comes first."""
    orders = [await day.place("ana"), await day.place("beto", km_east=1.0)]
    (route,) = await day.publish(await day.plan())
    stops = await day.stops_in_order(route)
    told = [day.event("route.started")]
    for stop in stops:
        photo = [{"id": str(day.ids.next()), "kind": "photo"}]
        told.append(day.event("stop.arrived", stop_id=stop.id))
        told.append(
            day.event(
                "stop.closed",
                stop_id=stop.id,
                outcome="succeeded",
                evidence=photo,
                receiver={"relation": "recipient"},
            )
        )
    results = await day.send(*reversed(told))
    assert {result.status for result in results} == {EventStatus.ACCEPTED}
    for order in orders:
        assert (await day.order(order.id)).state is OrderState.DELIVERED


async def test_a04_nobody_home_goes_again_and_is_planned_like_any_other(day: RealDay) -> None:
    """CD -- Ana (nobody home) -- CD; tomorrow she is due again, as attempt 2."""
    ana = await day.place("ana")
    (route,) = await day.publish(await day.plan())
    (stop,) = await day.stops_in_order(route)
    await day.visit(stop, "failed", reason="RECIPIENT_ABSENT")
    await day.tell("parcel.returned_to_depot", minutes=20, barcode="ana-1")
    await day.tell("route.finished")
    moved = await day.order(ana.id)
    assert (moved.state, moved.attempts) == (OrderState.RESCHEDULED, 1)
    assert moved.date > TODAY
    report = await day.report()
    assert report.get("delivered").value == 0.0
    assert report.get("failures_recipient_absent").value == 100.0
    assert report.get("otd").value is None
    async with day.database.transaction(TENANT_ID) as tx:
        due = await tx.orders.list_due(moved.date)
        promises = (await tx.promises.list_of([ana.id]))[ana.id]
    assert [order.id for order in due] == [ana.id]
    assert [promise.fate for promise in promises] == [
        PromiseFate.BROKEN,
        PromiseFate.BROKEN,
        PromiseFate.OPEN,
    ]


async def test_a05_closing_the_day_moves_whoever_nobody_visited(day: RealDay) -> None:
    """CD -- Ana -- CD, published and never driven; Beto came too late for the plan."""
    ana = await day.place("ana")
    (route,) = await day.publish(await day.plan())
    beto = await day.place("beto")
    async with day.database.transaction(TENANT_ID) as tx:
        closing = await close_day(tx, TODAY, actor=DISPATCHER, clock=day.clock)
    assert closing.cancelled == (route.id,)
    assert set(closing.moved) == {ana.id, beto.id}
    async with day.database.transaction(TENANT_ID) as tx:
        promises = await tx.promises.list_of([ana.id, beto.id])
        again = await close_day(tx, TODAY, actor=DISPATCHER, clock=day.clock)
    for versions in promises.values():
        assert [promise.fate for promise in versions if promise.window.start.date() == TODAY] == [
            PromiseFate.BROKEN
        ] * (len(versions) - 1)
        assert versions[-1].fate is PromiseFate.OPEN
    assert (again.cancelled, again.settled, again.moved) == ((), (), ())
