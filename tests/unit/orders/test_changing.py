"""Orders change while they may, end once, and move to another day with a new promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from promesa.domain.machine import TransitionError
from promesa.domain.order import Order, OrderState
from promesa.domain.promise import PromiseFate
from promesa.kernel.errors import NotFoundError
from promesa.kernel.geo import Position
from promesa.kernel.timewindow import TimeWindow
from promesa.orders.changing import cancel_order, change_order, reschedule_order
from promesa.orders.drafts import OrderChange, OrderDraft, ParcelDraft, RecipientDraft
from promesa.orders.faults import (
    OrderEndedError,
    OrderInvalidError,
    OrderOnRouteError,
    OrderVersionError,
)
from promesa.orders.intake import place_order, upsert_orders
from promesa.orders.reviews import set_pin
from tests.support.orders_memory import (
    BY_USER,
    MERCHANT_ID,
    OTHER_MERCHANT,
    TODAY,
    MemoryStore,
    make_desk,
)

DOOR = Position(lon=-70.60123, lat=-33.42456)
OTHER_DOOR = Position(lon=-70.61234, lat=-33.43456)
DRAFT = OrderDraft(
    reference="G-100",
    merchant_id=MERCHANT_ID,
    date=TODAY,
    recipient=RecipientDraft(name="Ana"),
    address="Los Leones 220",
    position=DOOR,
    parcels=(ParcelDraft(barcode="A"), ParcelDraft(barcode="B")),
)
DESK = make_desk()


async def _placed(tx: MemoryStore, state: OrderState | None = None) -> Order:
    order = await place_order(tx, DRAFT, desk=DESK, author=BY_USER)
    if state is not None:
        tx.orders.kept[order.id] = order = replace(order, state=state)
    return order


async def _change(tx: MemoryStore, order: Order, change: OrderChange) -> Order:
    return await change_order(
        tx, order.id, change, version=order.version, desk=DESK, author=BY_USER
    )


async def test_a_change_names_its_fields_and_nothing_else() -> None:
    tx = MemoryStore()
    order = await _placed(tx)
    await _change(tx, order, OrderChange(phone="961234567", unit=None))
    [event] = [event for event in tx.events.kept if event.type == "order.changed"]
    assert event.data == {"fields": ["phone"]}
    assert tx.people.kept[order.recipient_id].phone == "+56961234567"


async def test_a_change_of_nothing_records_nothing() -> None:
    tx = MemoryStore()
    order = await _placed(tx)
    assert await _change(tx, order, OrderChange(name="Ana")) == order
    assert "order.changed" not in tx.events.types(order.id)


async def test_a_change_made_on_an_old_version_is_refused() -> None:
    tx = MemoryStore()
    order = await _placed(tx)
    await _change(tx, order, OrderChange(cod_clp=1_000))
    with pytest.raises(OrderVersionError):
        await _change(tx, order, OrderChange(cod_clp=2_000))


async def test_a_new_pin_moves_the_order_on_the_map() -> None:
    tx = MemoryStore()
    order = await _placed(tx)
    moved = await _change(tx, order, OrderChange(position=OTHER_DOOR))
    assert moved.placement is not None
    assert moved.placement.position == OTHER_DOOR
    assert tx.events.types(order.id).count("order.placed_on_map") == 2


async def test_an_address_nobody_knows_sends_the_order_back_to_review() -> None:
    tx = MemoryStore()
    order = await _placed(tx)
    moved = await _change(tx, order, OrderChange(address="Calle Sin Mapa 1"))
    assert (moved.state, moved.placement) == (OrderState.ADDRESS_REVIEW, None)


async def test_a_parcel_that_stays_keeps_its_id() -> None:
    tx = MemoryStore()
    order = await _placed(tx)
    changed = await _change(
        tx, order, OrderChange(parcels=(ParcelDraft(barcode="B"), ParcelDraft(barcode="C")))
    )
    assert [parcel.barcode for parcel in changed.parcels] == ["B", "C"]
    assert changed.parcels[0].id == order.parcels[1].id


async def test_what_a_route_was_made_for_waits_until_the_order_is_off_it() -> None:
    tx = MemoryStore()
    order = await _placed(tx, OrderState.SCHEDULED)
    with pytest.raises(OrderOnRouteError):
        await _change(tx, order, OrderChange(address="Otra Calle 5"))
    changed = await _change(tx, order, OrderChange(instructions="Timbre malo, llamar"))
    assert changed.state is OrderState.SCHEDULED


async def test_an_order_that_ended_does_not_change() -> None:
    tx = MemoryStore()
    order = await _placed(tx, OrderState.DELIVERED)
    with pytest.raises(OrderEndedError):
        await _change(tx, order, OrderChange(instructions="Tarde"))


async def test_all_faults_of_a_change_are_told_together() -> None:
    tx = MemoryStore()
    order = await _placed(tx)
    with pytest.raises(OrderInvalidError) as failure:
        await _change(tx, order, OrderChange(phone="1", rut="1-1", address=""))
    faults = failure.value.details["faults"]
    assert isinstance(faults, tuple)
    assert sorted(fault.field for fault in faults) == ["address", "phone", "rut"]


async def test_another_merchants_order_does_not_exist() -> None:
    tx = MemoryStore()
    order = await _placed(tx)
    with pytest.raises(NotFoundError):
        await cancel_order(
            tx, order.id, cause="x", desk=DESK, author=replace(BY_USER, actor=OTHER_MERCHANT)
        )


async def test_a_cancelled_order_releases_its_promise_and_is_cancelled_once() -> None:
    tx = MemoryStore()
    order = await _placed(tx)
    await cancel_order(tx, order.id, cause="merchant", desk=DESK, author=BY_USER)
    ended = await cancel_order(tx, order.id, cause="merchant", desk=DESK, author=BY_USER)
    assert ended.state is OrderState.CANCELLED
    assert [promise.fate for promise in tx.promises.kept[order.id]] == [PromiseFate.RELEASED]
    assert tx.events.types(order.id).count("order.cancelled") == 1


async def test_a_delivered_order_cannot_be_called_off() -> None:
    tx = MemoryStore()
    order = await _placed(tx, OrderState.DELIVERED)
    with pytest.raises(TransitionError):
        await cancel_order(tx, order.id, cause="merchant", desk=DESK, author=BY_USER)


async def test_a_failed_order_goes_on_another_day_with_a_new_promise() -> None:
    tx = MemoryStore()
    order = await _placed(tx, OrderState.DELIVERY_FAILED)
    day = date(2026, 11, 25)
    window = TimeWindow(
        start=datetime(2026, 11, 25, 13, tzinfo=UTC), end=datetime(2026, 11, 25, 15, tzinfo=UTC)
    )
    moved = await reschedule_order(
        tx, order.id, day=day, window=window, cause="recipient", desk=DESK, author=BY_USER
    )
    assert (moved.state, moved.date, moved.windows) == (OrderState.RESCHEDULED, day, (window,))
    assert [promise.window for promise in tx.promises.kept[order.id]][1:] == [window]


async def test_no_order_goes_to_a_day_that_is_over() -> None:
    tx = MemoryStore()
    order = await _placed(tx)
    with pytest.raises(OrderInvalidError):
        await reschedule_order(
            tx, order.id, day=date(2026, 11, 22), cause="x", desk=DESK, author=BY_USER
        )


async def test_a_pin_put_right_by_a_person_outlives_the_senders_next_file() -> None:
    tx = MemoryStore()
    order = await _placed(tx)
    await set_pin(tx, order.id, OTHER_DOOR, desk=DESK, author=BY_USER)
    await upsert_orders(tx, [DRAFT], desk=DESK, author=BY_USER)
    kept = tx.orders.kept[order.id].placement
    assert kept is not None
    assert kept.position == OTHER_DOOR
