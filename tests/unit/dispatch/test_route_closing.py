"""The torre closes a route: nothing of it stays open, and what was not visited goes another day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from promesa.dispatch.failures import Ending
from promesa.dispatch.outlook import Outlook, look_at_day
from promesa.dispatch.route_closing import RouteClosing, close_route
from promesa.dispatch.route_over import RouteOverError
from promesa.domain.actor import Role
from promesa.domain.order import OrderState
from promesa.domain.promise import PromiseFate
from promesa.domain.route import RouteState
from promesa.domain.stop import Outcome, StopState
from promesa.kernel.errors import ForbiddenError
from promesa.kernel.ids import Ids
from promesa.kernel.seeds import stream
from tests.support.dispatch_memory import DISPATCHER, SmallDay, make_small_day
from tests.support.orders_memory import TODAY

TUESDAY = TODAY + timedelta(days=1)


async def on_the_road(*, failed: str | None = None) -> SmallDay:
    """Dora drives with Ana and Beto; Ana's visit failed when a reason is given."""
    day = await make_small_day()
    route = await day.route_now()
    await day.tx.routes.save(replace(route, state=RouteState.STARTED))
    for stop in (day.ana, day.beto):
        order = replace(await day.order_of(stop), state=OrderState.OUT_FOR_DELIVERY)
        day.tx.orders.kept[order.id] = order
    if failed:
        order = replace(await day.order_of(day.ana), state=OrderState.DELIVERY_FAILED, attempts=1)
        day.tx.orders.kept[order.id] = order
        closed = replace(day.ana, state=StopState.CLOSED, outcome=Outcome.FAILED, reason=failed)
        await day.tx.routes.put_stop(closed)
    return day


async def close(day: SmallDay, role: Role = Role.DISPATCHER) -> RouteClosing:
    return await close_route(
        day.tx,
        (await day.route_now()).id,
        actor=replace(DISPATCHER, role=role),
        clock=day.phone.clock,
        ids=Ids(day.phone.clock, stream(1, "closing").randbytes),
    )


async def look(day: SmallDay) -> Outlook:
    return await look_at_day(day.tx, TODAY, today=TODAY)


async def test_a_stop_nobody_visited_is_skipped_and_promised_another_day() -> None:
    day = await on_the_road()
    done = await close(day)
    order = await day.order_of(day.beto)
    stop = await day.stop_now(day.beto)
    fates = [promise.fate for promise in day.tx.promises.kept[order.id]]
    assert (done.route.state, len(done.skipped)) == (RouteState.FINISHED, 2)
    assert (stop.outcome, stop.reason) == (Outcome.SKIPPED, "OUT_OF_TIME")
    assert (order.state, order.date) == (OrderState.RESCHEDULED, TUESDAY)
    assert fates == [PromiseFate.BROKEN, PromiseFate.OPEN]


async def test_a_visit_that_was_not_made_is_no_attempt() -> None:
    day = await on_the_road()
    await close(day)
    assert (await day.order_of(day.beto)).attempts == 0


async def test_what_failed_ends_by_the_policy() -> None:
    day = await on_the_road(failed="RECIPIENT_REFUSED")
    done = await close(day)
    assert done.settled == (day.ana.order_id,)
    assert (await day.order_of(day.ana)).state is OrderState.RETURNING


async def test_a_route_nobody_drove_is_called_off_and_its_orders_wait() -> None:
    day = await make_small_day()
    done = await close(day)
    assert (done.route.state, len(done.waiting)) == (RouteState.CANCELLED, 2)
    assert (await day.order_of(day.ana)).date == TODAY


async def test_a_route_closes_once() -> None:
    day = await on_the_road()
    await close(day)
    with pytest.raises(RouteOverError):
        await close(day)


async def test_the_warehouse_closes_no_route() -> None:
    day = await on_the_road()
    with pytest.raises(ForbiddenError):
        await close(day, Role.WAREHOUSE)


async def test_the_outlook_leaves_who_is_on_the_road_alone() -> None:
    found = await look(await on_the_road())
    assert [(item.open_stops, item.route.state) for item in found.routes] == [
        (2, RouteState.STARTED)
    ]
    assert found.orders == ()


async def test_the_outlook_says_how_each_failed_visit_ends() -> None:
    found = await look(await on_the_road(failed="RECIPIENT_ABSENT"))
    told = [(item.reference, item.ending, item.day) for item in found.orders]
    assert told == [("ANA", Ending.RETRY, TUESDAY)]


async def test_the_outlook_promises_another_day_to_what_never_left() -> None:
    found = await look(await make_small_day())
    assert {item.day for item in found.orders} == {TUESDAY}
    assert found.states == {OrderState.SCHEDULED: 2}


async def test_a_route_forgotten_for_days_promises_no_day_that_is_over() -> None:
    day = await on_the_road(failed="RECIPIENT_ABSENT")
    thursday = TODAY + timedelta(days=3)
    day.phone.clock.move_to(day.phone.clock.now() + timedelta(days=3))
    await close(day)
    assert (await day.order_of(day.ana)).date == thursday
    assert (await day.order_of(day.beto)).date == thursday
