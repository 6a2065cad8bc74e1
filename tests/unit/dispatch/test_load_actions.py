"""Scans put each parcel where it is, and say so when it is not where it should be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from promesa.dispatch.barcodes import find_parcel
from promesa.dispatch.phone import EventStatus
from promesa.domain.custody import HolderKind
from promesa.domain.order import OrderState
from promesa.domain.parcel import ParcelState
from promesa.domain.route import RouteState
from promesa.kernel.ids import derived_id
from promesa.proof.ledger import verify
from tests.support.dispatch_memory import make_order, make_small_day, put_order, put_route


async def test_a_scanned_parcel_is_in_the_van_by_the_phones_own_event() -> None:
    day = await make_small_day()
    result = await day.phone.tell("parcel.loaded", barcode="ANA-1")
    order = await day.order_of(day.ana)
    assert order.parcels[0].state is ParcelState.LOADED
    (entry,) = day.tx.custody.kept[order.parcels[0].id]
    assert (str(entry.event_id), entry.holder.id) == (result.id, day.route.id)


async def test_a_parcel_of_another_van_is_refused_with_that_vans_name() -> None:
    day = await make_small_day()
    other = await put_order(day.tx, make_order("carla"))
    await put_route(day.tx, [other], code="R-09")
    result = await day.phone.tell("parcel.loaded", barcode="CARLA-1")
    assert result.code == "parcel_on_another_route"
    assert result.detail == "Este bulto va en R-09. Déjalo en el andén."


async def test_a_parcel_scanned_twice_is_told_to_be_in_the_van() -> None:
    day = await make_small_day()
    await day.phone.tell("parcel.loaded", barcode="ANA-1")
    assert (await day.phone.tell("parcel.loaded", barcode="ANA-1")).code == "parcel_state"


async def test_a_load_out_with_a_parcel_unaccounted_for_is_not_finished() -> None:
    day = await make_small_day()
    await day.phone.tell("parcel.loaded", barcode="ANA-1")
    await day.phone.tell("parcel.loaded", barcode="BETO-1")
    result = await day.phone.tell("route.loaded")
    assert result.code == "parcels_not_scanned"
    assert result.detail == "Falta 1 bulto por escanear o declarar faltantes."


async def test_a_missing_parcel_lets_the_load_out_finish_and_is_with_nobody() -> None:
    day = await make_small_day()
    order = await day.order_of(day.ana)
    await day.phone.tell("parcel.loaded", barcode="ANA-1")
    await day.phone.tell("parcel.loaded", barcode="BETO-1")
    await day.phone.tell("parcel.missing", parcel_id=order.parcels[1].id)
    assert (await day.phone.tell("route.loaded")).status is EventStatus.ACCEPTED
    assert (await day.route_now()).state is RouteState.LOADED
    holder = day.tx.custody.kept[order.parcels[1].id][-1].holder
    assert holder.kind is HolderKind.UNKNOWN


async def test_a_missing_parcel_that_turns_up_is_found_and_loaded() -> None:
    day = await make_small_day()
    order = await day.order_of(day.ana)
    await day.phone.tell("parcel.missing", parcel_id=order.parcels[1].id)
    result = await day.phone.tell("parcel.loaded", barcode="ANA-2")
    assert result.status is EventStatus.ACCEPTED
    assert verify(day.tx.custody.kept[order.parcels[1].id]) == []


async def test_a_parcel_that_a_broken_van_did_not_have_is_missing_at_the_meeting() -> None:
    day = await make_small_day()
    order = await day.order_of(day.ana)
    await day.phone.tell("route.started")
    result = await day.phone.tell("parcel.missing", parcel_id=order.parcels[1].id)
    assert result.status is EventStatus.ACCEPTED
    told = [event for event in day.tx.events.kept if event.type == "parcel.missing"]
    assert told[-1].data["where"] == "meeting"
    assert (await day.order_of(day.ana)).parcels[1].state is ParcelState.MISSING


async def test_an_order_is_out_once_its_last_parcel_is_declared_missing_on_the_road() -> None:
    day = await make_small_day()
    await day.phone.tell("route.started")
    order = await day.order_of(day.ana)
    # It came into the route afterwards: its parcels are scanned on the road.
    waiting = [replace(parcel, state=ParcelState.STAGED) for parcel in order.parcels]
    day.tx.orders.kept[order.id] = replace(
        order, state=OrderState.SCHEDULED, parcels=tuple(waiting)
    )
    await day.phone.tell("parcel.loaded", barcode="ANA-1")
    assert (await day.order_of(day.ana)).state is OrderState.SCHEDULED
    await day.phone.tell("parcel.missing", parcel_id=order.parcels[1].id)
    assert (await day.order_of(day.ana)).state is OrderState.OUT_FOR_DELIVERY


async def test_an_order_with_no_parcel_left_is_not_out() -> None:
    day = await make_small_day()
    await day.phone.tell("route.started")
    order = await day.order_of(day.beto)
    waiting = tuple(replace(parcel, state=ParcelState.STAGED) for parcel in order.parcels)
    day.tx.orders.kept[order.id] = replace(order, state=OrderState.SCHEDULED, parcels=waiting)
    await day.phone.tell("parcel.missing", parcel_id=order.parcels[0].id)
    assert (await day.order_of(day.beto)).state is OrderState.SCHEDULED


async def test_what_nobody_scanned_leaves_with_the_van_and_says_so() -> None:
    day = await make_small_day()
    await day.phone.tell("parcel.loaded", barcode="ANA-1")
    await day.phone.tell("route.started")
    loaded = [event for event in day.tx.events.kept if event.type == "parcel.loaded"]
    assert [event.data["is_scanned"] for event in loaded].count(False) == 2
    assert (await day.order_of(day.beto)).state is OrderState.OUT_FOR_DELIVERY


async def test_a_delivery_proves_that_parcels_nobody_ever_scanned_were_aboard() -> None:
    day = await make_small_day()
    await day.phone.close(day.ana)
    order = await day.order_of(day.ana)
    assert order.state is OrderState.DELIVERED
    assert {parcel.state for parcel in order.parcels} == {ParcelState.DELIVERED}
    loaded = [
        event
        for event in day.tx.events.kept
        if event.type == "parcel.loaded" and event.order_id == order.id
    ]
    assert [event.data["is_scanned"] for event in loaded] == [False] * len(order.parcels)
    assert all(verify(day.tx.custody.kept[parcel.id]) == [] for parcel in order.parcels)


async def test_a_parcel_of_a_delivered_order_stays_undelivered_when_declared_missing() -> None:
    day = await make_small_day()
    order = await day.order_of(day.ana)
    await day.phone.tell("parcel.missing", parcel_id=order.parcels[1].id)
    await day.phone.close(day.ana)
    order = await day.order_of(day.ana)
    assert order.state is OrderState.PARTIALLY_DELIVERED
    assert order.parcels[1].state is ParcelState.MISSING


async def test_what_a_driver_leaves_is_the_vans_until_the_depot_sees_it() -> None:
    day = await make_small_day()
    await day.phone.close(day.ana)
    await day.phone.close(day.beto, "failed", reason="OUT_OF_TIME")
    assert (await day.phone.tell("route.finished")).status is EventStatus.ACCEPTED
    assert (await day.phone.tell("route.reconciled")).code == "parcels_not_back"
    await day.phone.tell("parcel.returned_to_depot", barcode="BETO-1")
    assert (await day.phone.tell("route.reconciled")).status is EventStatus.ACCEPTED
    order, route = await day.order_of(day.beto), await day.route_now()
    (parcel,) = order.parcels
    chain = day.tx.custody.kept[parcel.id]
    assert (route.state, route.handed_in_at is None) == (RouteState.FINISHED, False)
    assert (parcel.state, chain[-1].holder.id) == (ParcelState.RETURN_IN_TRANSIT, route.id)
    assert "parcel.returned_to_depot" not in day.types()


async def test_what_the_depot_scanned_first_stays_where_it_is() -> None:
    day = await make_small_day()
    await day.phone.close(day.beto, "failed", reason="OUT_OF_TIME")
    order = await day.order_of(day.beto)
    seen = replace(order.parcels[0], state=ParcelState.RETURNED_TO_DEPOT)
    day.tx.orders.kept[order.id] = replace(order, parcels=(seen,))
    told = await day.phone.tell("parcel.returned_to_depot", barcode="BETO-1")
    (parcel,) = (await day.order_of(day.beto)).parcels
    assert (told.code, parcel.state) == (None, ParcelState.RETURNED_TO_DEPOT)


async def test_a_damaged_parcel_is_counted_in_like_any_other() -> None:
    day = await make_small_day()
    await day.phone.close(day.ana)
    photo = [{"id": str(derived_id("broken box")), "kind": "photo"}]
    await day.phone.close(day.beto, "failed", reason="PARCEL_DAMAGED", evidence=photo)
    await day.phone.tell("route.finished")
    assert (await day.phone.tell("route.reconciled")).code == "parcels_not_back"
    await day.phone.tell("parcel.returned_to_depot", barcode="BETO-1")
    assert (await day.phone.tell("route.reconciled")).status is EventStatus.ACCEPTED


async def test_a_parcel_that_broke_before_it_was_loaded_holds_up_no_route() -> None:
    """It never was in the van, so nobody can scan it back out of it."""
    day = await make_small_day()
    order = await day.order_of(day.ana)
    broken = replace(order.parcels[1], state=ParcelState.DAMAGED)
    day.tx.orders.kept[order.id] = replace(order, parcels=(order.parcels[0], broken))
    await day.phone.close(day.ana, parcels_delivered=[str(order.parcels[0].id)])
    await day.phone.close(day.beto)
    assert (await day.phone.tell("route.finished")).status is EventStatus.ACCEPTED
    assert (await day.phone.tell("route.reconciled")).status is EventStatus.ACCEPTED


async def test_a_route_with_an_open_stop_is_not_finished() -> None:
    day = await make_small_day()
    await day.phone.close(day.ana)
    result = await day.phone.tell("route.finished")
    assert result.code == "stops_still_open"
    assert (await day.route_now()).state is RouteState.STARTED


async def test_of_two_parcels_with_one_barcode_the_one_on_this_route_is_meant() -> None:
    """Two merchants number their orders from one, and the other's is for tomorrow."""
    day = await make_small_day()
    other = make_order("ana", parcels=1)
    box = replace(other.parcels[0], id=derived_id("other box"), barcode="ANA-1")
    other = replace(
        other,
        id=derived_id("other order"),
        merchant_id=derived_id("other merchant"),
        date=other.date + timedelta(days=1),
        parcels=(replace(box, order_id=derived_id("other order")),),
    )
    await put_order(day.tx, other)
    assert (await day.phone.tell("parcel.loaded", barcode="ANA-1")).status is EventStatus.ACCEPTED
    assert (await day.order_of(day.ana)).parcels[0].state is ParcelState.LOADED


async def test_of_two_orders_with_one_barcode_the_one_still_to_go_is_meant() -> None:
    day = await make_small_day()
    over = make_order("ana", parcels=1)
    over = replace(
        over,
        id=derived_id("delivered yesterday"),
        reference="OLD",
        state=OrderState.DELIVERED,
        date=over.date + timedelta(days=1),
        parcels=(replace(over.parcels[0], id=derived_id("old box"), barcode="ANA-1"),),
    )
    await put_order(day.tx, over)
    order, _ = await find_parcel(day.tx, "ANA-1")
    assert order.id == day.ana.order_id
