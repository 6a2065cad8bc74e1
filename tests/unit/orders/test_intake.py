"""Orders come in once, with their person apart, their first promise and their story."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from promesa.domain.fleet import Load
from promesa.domain.leg import Leg, LegKind
from promesa.domain.order import OrderState
from promesa.domain.place import PlaceLevel, Placement, PlaceSource
from promesa.domain.promise import PromiseFate
from promesa.kernel.errors import FieldFault, ForbiddenError
from promesa.kernel.geo import Position
from promesa.kernel.timewindow import TimeWindow
from promesa.orders.changing import cancel_order
from promesa.orders.drafts import OrderDraft, ParcelDraft, RecipientDraft
from promesa.orders.faults import OrderCancelledError, OrderInvalidError, ReferenceTakenError
from promesa.orders.intake import RowOutcome, examine_orders, place_order, upsert_orders
from tests.support.nouns import a_vehicle, an_id
from tests.support.orders_memory import (
    BY_MERCHANT,
    BY_USER,
    MERCHANT_ID,
    NOW,
    OTHER_MERCHANT_ID,
    TODAY,
    KnownStreets,
    MemoryStore,
    make_desk,
)

DOOR = Position(lon=-70.60123, lat=-33.42456)
ANA = RecipientDraft(name="Ana Rojas", phone="9 6123 4567", rut="11.111.111-1")
DRAFT = OrderDraft(
    reference="G-100",
    merchant_id=MERCHANT_ID,
    date=TODAY,
    recipient=ANA,
    address="Los Leones 220",
    unit="Depto 1204",
    comuna="Providencia",
    position=DOOR,
)
STREET = Placement(
    position=DOOR,
    level=PlaceLevel.STREET,
    score=0.9,
    uncertainty_m=180.0,
    source=PlaceSource.CITY_INDEX,
)


def _faults(error: OrderInvalidError) -> list[FieldFault]:
    faults = error.details["faults"]
    assert isinstance(faults, tuple)
    return list(faults)


async def test_an_order_with_a_pin_is_confirmed_and_promised_for_its_workday() -> None:
    tx = MemoryStore()
    order = await place_order(tx, DRAFT, desk=make_desk(), author=BY_USER)
    assert order.state is OrderState.CONFIRMED
    [promise] = tx.promises.kept[order.id]
    # 09:00 to 21:00 in Santiago, three hours behind UTC in November.
    assert promise.window == TimeWindow(
        start=datetime(2026, 11, 23, 12, tzinfo=UTC), end=datetime(2026, 11, 24, 0, tzinfo=UTC)
    )
    assert tx.events.types(order.id) == ["order.placed", "order.placed_on_map", "promise.made"]


async def test_what_names_the_recipient_stands_with_the_person_alone() -> None:
    tx = MemoryStore()
    order = await place_order(tx, DRAFT, desk=make_desk(), author=BY_USER)
    person = tx.people.kept[order.recipient_id]
    assert (person.name, person.phone, person.rut) == ("Ana Rojas", "+56961234567", "11111111-1")
    assert (person.address_line, person.unit) == ("Los Leones 220", "Depto 1204")
    told = repr(order) + repr(tx.events.kept)
    assert not [word for word in ("Ana", "961234567", "11111111", "Leones", "1204") if word in told]


async def test_the_same_draft_twice_is_one_order() -> None:
    tx, desk = MemoryStore(), make_desk()
    first = await place_order(tx, DRAFT, desk=desk, author=BY_USER)
    events = len(tx.events.kept)
    again = await place_order(tx, DRAFT, desk=desk, author=BY_USER)
    assert again.id == first.id
    assert len(tx.events.kept) == events


async def test_a_taken_reference_with_another_content_is_refused() -> None:
    tx, desk = MemoryStore(), make_desk()
    await place_order(tx, DRAFT, desk=desk, author=BY_USER)
    with pytest.raises(ReferenceTakenError):
        await place_order(tx, replace(DRAFT, cod_clp=9990), desk=desk, author=BY_USER)


async def test_the_same_draft_after_it_was_called_off_is_refused() -> None:
    tx, desk = MemoryStore(), make_desk()
    order = await place_order(tx, DRAFT, desk=desk, author=BY_USER)
    await cancel_order(tx, order.id, cause="asked_by_merchant", desk=desk, author=BY_USER)
    with pytest.raises(OrderCancelledError, match="otro número"):
        await place_order(tx, DRAFT, desk=desk, author=BY_USER)


async def test_a_new_order_for_a_day_that_is_over_is_refused_beside_its_other_faults() -> None:
    tx, desk = MemoryStore(), make_desk()
    late = replace(DRAFT, date=TODAY - timedelta(days=1), recipient=RecipientDraft(phone="123"))
    with pytest.raises(OrderInvalidError) as failure:
        await place_order(tx, late, desk=desk, author=BY_USER)
    assert [fault.code for fault in _faults(failure.value)] == ["phone_invalid", "past"]
    outcome = await upsert_orders(tx, [late], desk=desk, author=BY_USER)
    assert [fault.row for fault in outcome.rejected] == [1, 1]


async def test_an_order_may_be_sent_again_the_day_after_but_not_moved_to_a_day_before() -> None:
    tx = MemoryStore()
    await place_order(tx, DRAFT, desk=make_desk(), author=BY_USER)
    tomorrow = make_desk(now=NOW + timedelta(days=1))
    again = await upsert_orders(tx, [DRAFT], desk=tomorrow, author=BY_USER)
    before = replace(DRAFT, date=TODAY - timedelta(days=1))
    moved = await upsert_orders(tx, [before], desk=tomorrow, author=BY_USER)
    assert [row.outcome for row in again.accepted] == [RowOutcome.UNCHANGED]
    assert [fault.code for fault in moved.rejected] == ["past"]


async def test_two_merchants_may_use_the_same_reference() -> None:
    tx, desk = MemoryStore(), make_desk()
    mine = await place_order(tx, DRAFT, desk=desk, author=BY_USER)
    theirs = await place_order(
        tx, replace(DRAFT, merchant_id=OTHER_MERCHANT_ID), desk=desk, author=BY_USER
    )
    assert mine.id != theirs.id


async def test_a_merchant_places_its_own_orders_and_nobody_elses() -> None:
    tx, desk = MemoryStore(), make_desk()
    own = await place_order(tx, replace(DRAFT, merchant_id=None), desk=desk, author=BY_MERCHANT)
    assert own.merchant_id == MERCHANT_ID
    foreign = replace(DRAFT, merchant_id=OTHER_MERCHANT_ID)
    with pytest.raises(ForbiddenError):
        await place_order(tx, foreign, desk=desk, author=BY_MERCHANT)


async def test_all_faults_of_a_draft_are_told_together_and_nothing_is_kept() -> None:
    tx = MemoryStore()
    wrong = OrderDraft(
        reference=" ",
        merchant_id=MERCHANT_ID,
        recipient=RecipientDraft(rut="12.345.678-9", phone="123", email="ana@"),
    )
    with pytest.raises(OrderInvalidError) as failure:
        await place_order(tx, wrong, desk=make_desk(), author=BY_USER)
    fields = [fault.field for fault in _faults(failure.value)]
    assert sorted(fields) == [
        "address",
        "recipient.email",
        "recipient.phone",
        "recipient.rut",
        "reference",
    ]
    assert not tx.orders.kept
    assert not tx.people.kept


async def test_a_street_position_waits_for_review_and_says_how_unsure_it_is() -> None:
    tx = MemoryStore()
    desk = make_desk(KnownStreets({"Los Leones 220": STREET}))
    order = await place_order(tx, replace(DRAFT, position=None), desk=desk, author=BY_USER)
    assert order.state is OrderState.ADDRESS_REVIEW
    [event] = [event for event in tx.events.kept if event.type == "order.sent_to_review"]
    assert event.data == {"level": "street", "uncertainty_m": 180}


async def test_an_unknown_address_waits_for_review_without_a_position() -> None:
    tx = MemoryStore()
    order = await place_order(tx, replace(DRAFT, position=None), desk=make_desk(), author=BY_USER)
    assert (order.state, order.placement) == (OrderState.ADDRESS_REVIEW, None)


async def test_an_order_without_a_date_is_for_the_service_day_it_comes_in() -> None:
    tx = MemoryStore()
    # 01:00 UTC of the 24th is still the 23rd in Santiago.
    desk = make_desk(now=datetime(2026, 11, 24, 1, tzinfo=UTC))
    order = await place_order(tx, replace(DRAFT, date=None), desk=desk, author=BY_USER)
    assert order.date == date(2026, 11, 23)


async def test_an_order_without_a_date_is_for_the_day_of_its_first_window() -> None:
    tx = MemoryStore()
    tomorrow = TimeWindow(
        start=datetime(2026, 11, 24, 13, tzinfo=UTC), end=datetime(2026, 11, 24, 17, tzinfo=UTC)
    )
    draft = replace(DRAFT, date=None, windows=(tomorrow,))
    desk = make_desk(now=datetime(2026, 11, 23, 15, tzinfo=UTC))
    order = await place_order(tx, draft, desk=desk, author=BY_USER)
    assert order.date == date(2026, 11, 24)


async def test_several_windows_are_promised_from_the_first_to_the_last() -> None:
    tx = MemoryStore()
    morning = TimeWindow(
        start=datetime(2026, 11, 23, 13, tzinfo=UTC), end=datetime(2026, 11, 23, 15, tzinfo=UTC)
    )
    evening = TimeWindow(
        start=datetime(2026, 11, 23, 21, tzinfo=UTC), end=datetime(2026, 11, 23, 23, tzinfo=UTC)
    )
    draft = replace(DRAFT, windows=(evening, morning))
    order = await place_order(tx, draft, desk=make_desk(), author=BY_USER)
    assert order.windows == (morning, evening)
    [promise] = tx.promises.kept[order.id]
    assert (promise.window.start, promise.window.end) == (morning.start, evening.end)


async def test_parcels_without_a_barcode_are_numbered_after_the_reference() -> None:
    tx = MemoryStore()
    draft = replace(DRAFT, parcels=(ParcelDraft(weight_g=800), ParcelDraft(barcode="X-9")))
    order = await place_order(tx, draft, desk=make_desk(), author=BY_USER)
    assert [parcel.barcode for parcel in order.parcels] == ["G-100-1", "X-9"]


async def test_a_collection_needs_the_merchants_place() -> None:
    tx, desk = MemoryStore(), make_desk()
    legs = (Leg(kind=LegKind.COLLECTION), Leg(kind=LegKind.DELIVERY))
    order = await place_order(tx, replace(DRAFT, legs=legs), desk=desk, author=BY_USER)
    assert order.leg.kind is LegKind.COLLECTION
    nowhere = replace(DRAFT, legs=legs, merchant_id=OTHER_MERCHANT_ID)
    with pytest.raises(OrderInvalidError):
        await place_order(tx, nowhere, desk=desk, author=BY_USER)


def _weighing(*weights_g: int | None) -> OrderDraft:
    parcels = tuple(ParcelDraft(weight_g=weight_g) for weight_g in weights_g)
    return replace(DRAFT, parcels=parcels, row=4)


def _store_with(*weights_g: int) -> MemoryStore:
    """One vehicle in use for each, and one of ten tons that was sold."""
    tx = MemoryStore()
    tx.fleet.vehicles = {
        an_id(f"van {weight_g}"): replace(
            a_vehicle(), capacity=Load(weight_g=weight_g), is_active=weight_g < 10_000_000
        )
        for weight_g in (*weights_g, 10_000_000)
    }
    return tx


async def test_three_tons_for_vans_of_900_kilos_is_refused_with_what_to_do() -> None:
    """3.000.000 g in a row that meant 3 kg: no plan could ever place it."""
    tx, desk = _store_with(400_000, 900_000), make_desk()
    heavy = _weighing(1_500_000, None, 1_500_000)
    outcome = await upsert_orders(tx, [heavy], desk=desk, author=BY_USER)
    found = (await examine_orders(tx, [heavy], desk=desk, author=BY_USER)).rejected
    [fault] = outcome.rejected
    assert found == (fault,)
    assert (fault.row, fault.field, fault.code) == (4, "parcels[0].weight_g", "load_too_large")
    assert fault.reason == (
        "Son 3.000 kg y el vehículo más grande lleva 900 kg. ¿Son gramos donde van kilos, o "
        "al revés? Corrígelo, o pide al operador un vehículo que lo lleve (Equipo)."
    )
    assert not outcome.accepted


async def test_what_the_largest_vehicle_carries_and_an_unknown_weight_are_taken() -> None:
    tx, desk = _store_with(900_000), make_desk()
    for number, draft in enumerate((_weighing(900_000), _weighing(None))):
        await place_order(tx, replace(draft, reference=f"G-{number}"), desk=desk, author=BY_USER)
    assert len(tx.orders.kept) == 2


@pytest.mark.parametrize("capacities_g", [(), (0,)])
async def test_where_no_vehicle_says_what_it_carries_a_large_van_does(
    capacities_g: tuple[int, ...],
) -> None:
    tx, desk = _store_with(*capacities_g), make_desk()
    await place_order(tx, _weighing(1_500_000), desk=desk, author=BY_USER)
    litres = replace(
        DRAFT, reference="G-9", parcels=(ParcelDraft(volume_ml=17_000_400), ParcelDraft())
    )
    with pytest.raises(OrderInvalidError) as error:
        await place_order(tx, litres, desk=desk, author=BY_USER)
    [fault] = _faults(error.value)
    assert fault.field == "parcels[0].volume_ml"
    assert "Son 17,0004 m³ y un furgón grande lleva 17 m³." in fault.reason


async def test_an_order_that_is_known_is_not_made_heavier_than_any_vehicle_carries() -> None:
    tx, desk = _store_with(900_000), make_desk()
    await place_order(tx, _weighing(1_000), desk=desk, author=BY_USER)
    # The vehicle that carried it is sold: what is sent again as it was stays as it is.
    tx.fleet.vehicles = _store_with(500).fleet.vehicles
    again, heavier = _weighing(1_000), _weighing(1_000_000)
    outcome = await upsert_orders(tx, [again, heavier], desk=desk, author=BY_USER)
    assert [row.outcome for row in outcome.accepted] == [RowOutcome.UNCHANGED]
    assert [fault.code for fault in outcome.rejected] == ["load_too_large"]


async def test_a_batch_keeps_its_good_rows_and_tells_the_faults_of_the_rest() -> None:
    tx, desk = MemoryStore(), make_desk()
    bad = replace(DRAFT, reference="G-101", recipient=RecipientDraft(phone="12"), row=7)
    outcome = await upsert_orders(tx, [DRAFT, bad], desk=desk, author=BY_USER)
    assert [row.outcome for row in outcome.accepted] == [RowOutcome.CREATED]
    assert [(fault.row, fault.field) for fault in outcome.rejected] == [(7, "recipient.phone")]


async def test_a_batch_sent_again_changes_only_what_differs() -> None:
    tx, desk = MemoryStore(), make_desk()
    other = replace(DRAFT, reference="G-101")
    await upsert_orders(tx, [DRAFT, other], desk=desk, author=BY_USER)
    dearer = replace(other, cod_clp=5000)
    outcome = await upsert_orders(tx, [DRAFT, dearer], desk=desk, author=BY_USER)
    assert [row.outcome for row in outcome.accepted] == [RowOutcome.UNCHANGED, RowOutcome.CHANGED]
    [change] = [event for event in tx.events.kept if event.type == "order.changed"]
    assert change.data == {"fields": ["cod_clp"]}


async def test_a_new_date_in_a_batch_is_a_new_promise_and_the_first_one_stays() -> None:
    tx, desk = MemoryStore(), make_desk()
    order = await place_order(tx, DRAFT, desk=desk, author=BY_USER)
    tomorrow = replace(DRAFT, date=date(2026, 11, 24))
    await upsert_orders(tx, [tomorrow], desk=desk, author=BY_USER)
    first, second = tx.promises.kept[order.id]
    assert first.fate is PromiseFate.RELEASED
    assert second.window.start == datetime(2026, 11, 24, 12, tzinfo=UTC)
