"""A depot scans parcels in, beside a van, and back to their sender."""

from __future__ import annotations

from dataclasses import replace

import pytest

from promesa.dispatch.depot_scans import apply_depot_scan
from promesa.dispatch.phone import EventResult, EventStatus
from promesa.domain.actor import Role
from promesa.domain.custody import HolderKind
from promesa.domain.order import OrderState
from promesa.domain.parcel import ParcelState
from promesa.kernel.errors import ForbiddenError
from promesa.kernel.ids import derived_id
from promesa.proof.ledger import verify
from tests.support.dispatch_memory import (
    DEPOT,
    DISPATCHER,
    DRIVER,
    NINE,
    SmallDay,
    make_small_day,
)

WAREHOUSE = replace(DISPATCHER, role=Role.WAREHOUSE)


async def scan(day: SmallDay, barcode: str, kind: str, **more: object) -> EventResult:
    raw = {
        "id": str(derived_id("scan", barcode, kind, len(more))),
        "barcode": barcode,
        "depot_id": str(DEPOT.id),
        "occurred_at": NINE.isoformat(),
        "kind": kind,
        **more,
    }
    return await apply_depot_scan(day.tx, raw, actor=WAREHOUSE, clock=day.phone.clock)


async def put_parcel(day: SmallDay, state: ParcelState, order_state: OrderState) -> None:
    order = await day.order_of(day.beto)
    parcels = tuple(replace(parcel, state=state) for parcel in order.parcels)
    day.tx.orders.kept[order.id] = replace(order, parcels=parcels, state=order_state)


async def test_an_announced_parcel_is_received_and_the_depot_holds_it() -> None:
    day = await make_small_day()
    await put_parcel(day, ParcelState.ANNOUNCED, OrderState.CONFIRMED)
    assert (await scan(day, "BETO-1", "received")).status is EventStatus.ACCEPTED
    order = await day.order_of(day.beto)
    (entry,) = day.tx.custody.kept[order.parcels[0].id]
    assert order.parcels[0].state is ParcelState.RECEIVED_AT_DEPOT
    assert (entry.holder.kind, entry.holder.id) == (HolderKind.DEPOT, DEPOT.id)


async def test_a_parcel_from_the_road_is_back_in_the_depot() -> None:
    day = await make_small_day()
    await put_parcel(day, ParcelState.IN_TRANSIT, OrderState.DELIVERY_FAILED)
    await scan(day, "BETO-1", "received")
    assert (await day.order_of(day.beto)).parcels[0].state is ParcelState.RETURNED_TO_DEPOT
    assert day.types() == ["parcel.returned_to_depot"]


async def test_the_same_scan_twice_is_one_scan() -> None:
    day = await make_small_day()
    await put_parcel(day, ParcelState.ANNOUNCED, OrderState.CONFIRMED)
    first, second = await scan(day, "BETO-1", "staged"), await scan(day, "BETO-1", "staged")
    assert (first.status, second.status) == (EventStatus.ACCEPTED, EventStatus.DUPLICATE)


async def test_the_last_parcel_given_back_returns_the_order() -> None:
    day = await make_small_day()
    await put_parcel(day, ParcelState.RETURNED_TO_DEPOT, OrderState.RETURNING)
    await scan(day, "BETO-1", "returned_to_sender")
    order = await day.order_of(day.beto)
    assert order.state is OrderState.RETURNED
    chain = day.tx.custody.kept[order.parcels[0].id]
    assert chain[-1].holder.kind is HolderKind.MERCHANT
    assert verify(chain) == []


async def test_a_parcel_that_is_to_be_delivered_is_not_given_back() -> None:
    day = await make_small_day()
    result = await scan(day, "BETO-1", "returned_to_sender")
    assert (result.code, day.types()) == ("parcel_state", ["device.event_refused"])


async def test_an_unknown_barcode_is_refused_the_same_way_twice() -> None:
    day = await make_small_day()
    first, second = await scan(day, "XX", "received"), await scan(day, "XX", "received")
    assert first == second
    assert first.code == "barcode_unknown"


async def test_a_driver_does_not_scan_for_the_depot() -> None:
    day = await make_small_day()
    with pytest.raises(ForbiddenError):
        await apply_depot_scan(day.tx, {}, actor=DRIVER, clock=day.phone.clock)


async def test_a_barcode_typed_without_capitals_is_found() -> None:
    day = await make_small_day()
    await put_parcel(day, ParcelState.ANNOUNCED, OrderState.CONFIRMED)
    assert (await scan(day, "beto-1", "received")).status is EventStatus.ACCEPTED


async def test_a_barcode_is_found_though_the_keyboard_changed_its_hyphen() -> None:
    day = await make_small_day()
    await put_parcel(day, ParcelState.ANNOUNCED, OrderState.CONFIRMED)
    assert (await scan(day, "BETO'1", "received")).status is EventStatus.ACCEPTED


async def test_a_second_label_reading_is_told_from_a_wrong_state() -> None:
    day = await make_small_day()
    await put_parcel(day, ParcelState.RECEIVED_AT_DEPOT, OrderState.CONFIRMED)
    assert (await scan(day, "BETO-1", "received")).code == "parcel_already_scanned"


async def test_a_load_check_takes_the_parcels_of_its_route() -> None:
    day = await make_small_day()
    await put_parcel(day, ParcelState.RECEIVED_AT_DEPOT, OrderState.SCHEDULED)
    result = await scan(day, "BETO-1", "staged", route_id=str(day.route.id))
    assert result.status is EventStatus.ACCEPTED


async def test_a_load_check_refuses_a_parcel_of_another_route_and_names_it() -> None:
    day = await make_small_day()
    result = await scan(day, "BETO-1", "staged", route_id=str(derived_id("route", "R-99")))
    assert (result.code, "R-01" in (result.detail or "")) == ("parcel_on_another_route", True)


async def test_a_parcel_that_never_left_is_not_counted_back() -> None:
    day = await make_small_day()
    await put_parcel(day, ParcelState.RECEIVED_AT_DEPOT, OrderState.SCHEDULED)
    assert (await scan(day, "BETO-1", "returned")).code == "parcel_state"


async def test_a_delivered_parcel_that_is_received_says_so_and_who_to_tell() -> None:
    day = await make_small_day()
    await put_parcel(day, ParcelState.DELIVERED, OrderState.DELIVERED)
    told = await scan(day, "BETO-1", "received")
    assert told.code == "parcel_told_delivered"
    assert "torre" in (told.detail or "")


async def test_a_missing_parcel_is_found_by_the_next_scan() -> None:
    day = await make_small_day()
    await put_parcel(day, ParcelState.RECEIVED_AT_DEPOT, OrderState.SCHEDULED)
    await scan(day, "BETO-1", "missing")
    assert (await day.order_of(day.beto)).parcels[0].state is ParcelState.MISSING
    await scan(day, "BETO-1", "received")
    assert (await day.order_of(day.beto)).parcels[0].state is ParcelState.RECEIVED_AT_DEPOT
