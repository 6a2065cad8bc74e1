"""Another day, called off, or back to the sender: the route loses the stop, the promise lapses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from promesa.dispatch.customer_actions import (
    AlreadyRatedError,
    DateNotOfferedError,
    TextNotUsableError,
    TooLateError,
    call_off,
    choose_date,
    choose_safe_place,
    decline_messages,
    leave_instructions,
    options_of,
    rate,
    send_back,
)
from promesa.dispatch.rescheduling import (
    OrderNotReturnableError,
    cancel,
    reschedule,
    start_return,
)
from promesa.dispatch.stop_actions import arrive_by_geofence
from promesa.domain.actor import Actor, ActorKind, Role
from promesa.domain.leg import LegKind
from promesa.domain.machine import TransitionError
from promesa.domain.order import Order, OrderState
from promesa.domain.promise import PromiseFate
from promesa.domain.route import Route
from promesa.domain.stop import Outcome, StopState
from promesa.kernel.errors import ConflictError, NotFoundError
from promesa.kernel.ids import derived_id
from promesa.notify.repository import Channel
from promesa.orders.desk import Author
from tests.support.dispatch_memory import (
    DISPATCHER,
    NINE,
    SmallDay,
    make_order,
    make_small_day,
    put_order,
    put_route,
)
from tests.support.orders_memory import TENANT_ID, TODAY, make_desk

DESK = make_desk(now=NINE)
TORRE = Author(actor=DISPATCHER, request_id="r-1")
TUESDAY = TODAY + timedelta(days=1)


def recipient_of(order: Order) -> Author:
    """Ana on her tracking page."""
    return Author(
        actor=Actor(
            kind=ActorKind.RECIPIENT,
            id=order.recipient_id,
            tenant_id=TENANT_ID,
            role=Role.RECIPIENT,
            order_id=order.id,
        )
    )


async def put_state(day: SmallDay, state: OrderState) -> Order:
    order = replace(await day.order_of(day.ana), state=state)
    day.tx.orders.kept[order.id] = order
    return order


async def test_a_rescheduled_order_leaves_its_route_and_is_promised_the_new_day() -> None:
    day = await make_small_day()
    order = await day.order_of(day.ana)
    moved = await reschedule(day.tx, order.id, day=TUESDAY, desk=DESK, author=TORRE)
    assert (moved.state, moved.date) == (OrderState.RESCHEDULED, TUESDAY)
    route = await day.route_now()
    version = await day.tx.routes.get_version(route.id, 2)
    assert (route.version, [stop.order_id for stop in version.stops]) == (2, [day.beto.order_id])
    assert (await day.stop_now(day.ana)).outcome is Outcome.CANCELLED
    fates = [promise.fate for promise in day.tx.promises.kept[order.id]]
    assert fates == [PromiseFate.RELEASED, PromiseFate.OPEN]


async def test_a_cancelled_order_leaves_its_route_and_is_cancelled_once() -> None:
    day = await make_small_day()
    order = await day.order_of(day.ana)
    await cancel(day.tx, order.id, cause="stock", desk=DESK, author=TORRE)
    await cancel(day.tx, order.id, cause="stock", desk=DESK, author=TORRE)
    assert (await day.order_of(day.ana)).state is OrderState.CANCELLED
    assert day.types().count("order.cancelled") == 1
    assert (await day.route_now()).version == 2


async def test_a_delivered_order_is_not_rescheduled_and_its_route_stays() -> None:
    day = await make_small_day()
    await day.phone.close(day.ana)
    with pytest.raises(TransitionError):
        await reschedule(day.tx, day.ana.order_id, day=TUESDAY, desk=DESK, author=TORRE)
    assert (await day.route_now()).version == 1


async def test_a_returned_order_gets_one_more_leg() -> None:
    day = await make_small_day()
    back = await start_return(day.tx, day.ana.order_id, cause="recall", desk=DESK, author=TORRE)
    assert (back.state, back.leg.kind) == (OrderState.RETURNING, LegKind.RETURN)


async def test_a_delivered_order_is_not_sent_back_by_us() -> None:
    day = await make_small_day()
    await day.phone.close(day.ana)
    with pytest.raises(OrderNotReturnableError):
        await start_return(day.tx, day.ana.order_id, cause="recall", desk=DESK, author=TORRE)


async def test_instructions_are_kept_with_the_person_and_only_told_of() -> None:
    day = await make_small_day()
    order = await day.order_of(day.ana)
    author = recipient_of(order)
    await leave_instructions(day.tx, order, " Citófono malo,  llamar ", desk=DESK, author=author)
    person = await day.tx.people.get(order.recipient_id)
    assert person.instructions == "Citófono malo, llamar"
    assert "Citófono" not in str(day.tx.events.kept)
    assert day.types() == ["order.instructions_left"]


async def test_a_safe_place_says_who_and_where() -> None:
    day = await make_small_day()
    order = await day.order_of(day.ana)
    await choose_safe_place(
        day.tx, order, receiver="Rosa", place="Conserjería", desk=DESK, author=recipient_of(order)
    )
    person = await day.tx.people.get(order.recipient_id)
    assert person.safe_place == "Recibe Rosa · Conserjería"


async def test_an_empty_instruction_is_refused() -> None:
    day = await make_small_day()
    order = await day.order_of(day.ana)
    with pytest.raises(TextNotUsableError):
        await leave_instructions(day.tx, order, "   ", desk=DESK, author=recipient_of(order))


async def test_a_recipient_chooses_one_of_the_days_offered() -> None:
    day = await make_small_day()
    order = await day.order_of(day.ana)
    author = recipient_of(order)
    with pytest.raises(DateNotOfferedError):
        await choose_date(day.tx, order, date(2026, 11, 29), desk=DESK, author=author)
    moved = await choose_date(day.tx, order, TUESDAY, desk=DESK, author=author)
    assert moved.date == TUESDAY


async def test_once_the_van_is_on_its_way_only_the_safe_place_is_left() -> None:
    day = await make_small_day()
    order = await put_state(day, OrderState.OUT_FOR_DELIVERY)
    options = options_of(order, today=TODAY)
    assert (options.can_instruct, options.can_choose_safe_place) == (True, True)
    assert (options.can_reschedule, options.can_cancel, options.dates) == (False, False, ())
    with pytest.raises(TooLateError):
        await call_off(day.tx, order, desk=DESK, author=recipient_of(order))


async def test_after_a_failed_visit_the_recipient_chooses_before_the_policy_does() -> None:
    day = await make_small_day()
    photo = [{"id": str(derived_id("photo")), "kind": "photo"}]
    await day.phone.close(day.ana, "failed", reason="RECIPIENT_ABSENT", evidence=photo)
    await day.phone.close(day.beto)
    order = await day.order_of(day.ana)
    wednesday = TODAY + timedelta(days=2)
    await choose_date(day.tx, order, wednesday, desk=DESK, author=recipient_of(order))
    await day.phone.tell("route.finished")
    moved = await day.order_of(day.ana)
    assert (moved.state, moved.date) == (OrderState.RESCHEDULED, wednesday)


async def test_after_a_failed_visit_what_is_not_wanted_goes_back_to_its_sender() -> None:
    day = await make_small_day()
    await day.phone.close(day.ana, outcome="failed", reason="DATE_CHANGE_REQUESTED")
    order = await day.order_of(day.ana)
    options = options_of(order, today=TODAY)
    assert (options.can_send_back, options.can_cancel) == (True, False)
    back = await send_back(day.tx, order, desk=DESK, author=recipient_of(order))
    assert (back.state, back.leg.kind) == (OrderState.RETURNING, LegKind.RETURN)
    with pytest.raises(TooLateError):
        await send_back(day.tx, back, desk=DESK, author=recipient_of(order))


async def test_declined_messages_are_told_by_channel_and_never_by_address() -> None:
    day = await make_small_day()
    order = await day.order_of(day.ana)
    ana = replace(await day.tx.people.get(order.recipient_id), phone="+56981112233")
    await day.tx.people.put(ana)
    await decline_messages(
        day.tx, order, frozenset({Channel.SMS}), desk=DESK, author=recipient_of(order)
    )
    told = next(e for e in day.tx.events.kept if e.type == "order.messages_declined")
    assert told.data == {"channels": ["sms"]}
    assert await day.tx.declined.list_of([ana]) == {ana.id: frozenset({Channel.SMS})}


async def test_nobody_acts_on_somebody_elses_order() -> None:
    day = await make_small_day()
    beto = await day.order_of(day.beto)
    author = recipient_of(await day.order_of(day.ana))
    with pytest.raises(NotFoundError):
        await leave_instructions(day.tx, beto, "Hola", desk=DESK, author=author)


async def test_a_delivery_is_rated_once_and_the_comment_stays_with_the_person() -> None:
    day = await make_small_day()
    await day.phone.close(day.ana)
    order = await day.order_of(day.ana)
    author = recipient_of(order)
    await rate(day.tx, order, 5, comment="Gracias Dora", desk=DESK, author=author)
    with pytest.raises(AlreadyRatedError):
        await rate(day.tx, order, 1, desk=DESK, author=author)
    assert day.tx.events.kept[-1].data["score"] == 5
    assert "Dora" not in str(day.tx.events.kept)


async def test_what_was_not_delivered_is_not_rated() -> None:
    day = await make_small_day()
    order = await day.order_of(day.ana)
    with pytest.raises(TooLateError):
        await rate(day.tx, order, 5, desk=DESK, author=recipient_of(order))


def test_the_days_offered_are_the_next_five_of_delivery_but_for_its_own() -> None:
    options = options_of(make_order("ana"), today=TODAY)
    assert options.dates == (
        date(2026, 11, 24),
        date(2026, 11, 25),
        date(2026, 11, 26),
        date(2026, 11, 27),
        date(2026, 11, 28),
    )


async def test_an_order_moved_to_another_van_meanwhile_is_not_called_off_behind_its_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody moves Ana while her route is waited for: tried again, the other van is told."""
    day = await make_small_day()
    other = await put_order(day.tx, make_order("carla"))
    taking, _ = await put_route(day.tx, [other], code="R-09")
    lock = day.tx.routes.lock

    async def lock_late(route_id: UUID) -> Route:
        await day.tx.routes.put_stop(replace(day.ana, route_id=taking.id))
        return await lock(route_id)

    monkeypatch.setattr(day.tx.routes, "lock", lock_late)
    with pytest.raises(ConflictError):
        await cancel(day.tx, day.ana.order_id, cause="x", desk=DESK, author=TORRE)
    assert (await day.stop_now(day.ana)).state is StopState.PENDING
    at, actor = day.phone.clock.now(), TORRE.actor
    day.tx.routes.stops[day.ana.id] = day.ana
    assert not await arrive_by_geofence(day.tx, day.ana.id, at, actor=actor, now=at)
