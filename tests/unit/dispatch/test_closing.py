"""Closing a stop moves parcels, order and promise together, or refuses and moves nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from promesa.dispatch.doubts import Decision, list_doubtful, settle_doubt
from promesa.dispatch.phone import EventStatus
from promesa.domain.custody import HolderKind
from promesa.domain.order import OrderState
from promesa.domain.parcel import ParcelState
from promesa.domain.promise import PromiseFate
from promesa.domain.reasons import REASONS
from promesa.domain.stop import Outcome, StopState
from promesa.kernel.ids import derived_id
from promesa.proof.ledger import verify
from promesa.proof.repository import Evidence, EvidenceKind
from promesa.proof.service import standing
from tests.support.dispatch_memory import DISPATCHER, SmallDay, make_small_day

PHOTO = [{"id": str(derived_id("door photo")), "kind": "photo"}]


async def test_a_delivery_hands_every_parcel_over_and_keeps_the_promise() -> None:
    day = await make_small_day()
    await day.phone.close(day.ana)
    order = await day.order_of(day.ana)
    assert order.state is OrderState.DELIVERED
    assert {parcel.state for parcel in order.parcels} == {ParcelState.DELIVERED}
    assert [p.fate for p in day.tx.promises.kept[order.id]] == [PromiseFate.KEPT]
    chain = day.tx.custody.kept[order.parcels[0].id]
    assert [entry.holder.kind for entry in chain] == [HolderKind.ROUTE, HolderKind.RECIPIENT]
    assert verify(chain) == []


async def test_a_partial_delivery_leaves_the_rest_in_the_van() -> None:
    day = await make_small_day()
    order = await day.order_of(day.ana)
    one = str(order.parcels[0].id)
    await day.phone.close(day.ana, parcels_delivered=[one])
    order = await day.order_of(day.ana)
    assert order.state is OrderState.PARTIALLY_DELIVERED
    assert [p.state for p in order.parcels] == [ParcelState.DELIVERED, ParcelState.IN_TRANSIT]
    assert (await day.stop_now(day.ana)).outcome is Outcome.PARTIAL


async def test_a_delivery_without_its_photo_is_refused_and_the_stop_stays_open() -> None:
    day = await make_small_day()
    result = await day.phone.close(day.ana, evidence=[])
    assert (result.status, result.code) == (EventStatus.REFUSED, "evidence_missing")
    assert result.detail == "Falta la foto."
    assert (await day.stop_now(day.ana)).state is StopState.PENDING
    assert (await day.order_of(day.ana)).state is OrderState.SCHEDULED


async def upload(day: SmallDay, name: str) -> None:
    """A picture of Ana's door that has arrived, whatever its closing says."""
    at = day.phone.clock.now()
    piece = Evidence(
        id=derived_id(name),
        stop_id=day.ana.id,
        order_id=day.ana.order_id,
        kind=EvidenceKind.PHOTO,
        person_id=None,
        captured_at=at,
        recorded_at=at,
        digest=name,
    )
    await day.tx.proofs.put(piece)


async def test_a_photo_of_a_failure_taken_back_proves_no_delivery() -> None:
    day = await make_small_day()
    await upload(day, "closed door")
    result = await day.phone.close(day.ana, evidence=[])
    assert (result.status, result.code) == (EventStatus.REFUSED, "evidence_missing")


async def test_a_photo_of_a_failure_taken_back_stands_among_no_proofs() -> None:
    day = await make_small_day()
    await upload(day, "closed door")
    await upload(day, "door photo")
    assert (await day.phone.close(day.ana, evidence=PHOTO)).status is EventStatus.ACCEPTED
    kept = {piece.digest: piece for piece in await day.tx.proofs.list_of_stop(day.ana.id)}
    proofs = standing(await day.tx.proofs.list_of_stop(day.ana.id))
    order = await day.order_of(day.ana)
    assert "closed door" not in {piece.digest for piece in proofs}
    # It is kept and told, and the chain of custody covers only what proves the hand-over.
    assert kept["closed door"].withdrawn_at is not None
    assert day.types().count("proof.withdrawn") == 1
    assert day.tx.custody.kept[order.parcels[0].id][-1].evidence == ("door photo",)


async def test_a_parcel_missed_before_the_visit_is_not_delivered_by_its_name() -> None:
    day = await make_small_day()
    order = await day.order_of(day.ana)
    await day.phone.tell("parcel.missing", parcel_id=order.parcels[1].id)
    named = [str(parcel.id) for parcel in order.parcels]
    result = await day.phone.close(day.ana, parcels_delivered=named)
    (found,) = await list_doubtful(day.tx)
    told = found.told
    assert (result.status, result.code) == (EventStatus.REFUSED, "missing_parcel_named")
    assert result.detail is not None
    assert result.detail.startswith("ANA-2: consta como faltante.")
    assert (told and told.data["parcels"], told and told.data["why"]) == (named, "parcel.missing")
    assert (await day.stop_now(day.ana)).state is not StopState.CLOSED
    assert (await day.order_of(day.ana)).parcels[1].state is ParcelState.MISSING


async def test_closed_again_without_the_missing_parcel_it_is_a_partial_delivery() -> None:
    day = await make_small_day()
    order = await day.order_of(day.ana)
    await day.phone.tell("parcel.missing", parcel_id=order.parcels[1].id)
    named = [str(parcel.id) for parcel in order.parcels]
    await day.phone.close(day.ana, parcels_delivered=named)
    assert (await day.phone.close(day.ana, parcels_delivered=named[:1])).code is None
    assert (await day.stop_now(day.ana)).outcome is Outcome.PARTIAL
    assert await list_doubtful(day.tx) == []


async def test_a_person_may_accept_that_the_missing_parcel_was_handed_over() -> None:
    day = await make_small_day()
    order = await day.order_of(day.ana)
    await day.phone.tell("parcel.missing", parcel_id=order.parcels[1].id)
    named = [str(parcel.id) for parcel in order.parcels]
    await day.phone.close(day.ana, parcels_delivered=named)
    await settle_doubt(
        day.tx,
        day.ana.id,
        Decision.ACCEPTED,
        cause="Estaba en el furgón",
        actor=DISPATCHER,
        clock=day.phone.clock,
    )
    order = await day.order_of(day.ana)
    assert order.state is OrderState.DELIVERED
    assert {parcel.state for parcel in order.parcels} == {ParcelState.DELIVERED}
    assert day.types().count("stop.closed") == 1
    assert all(verify(day.tx.custody.kept[parcel.id]) == [] for parcel in order.parcels)


async def test_a_failure_at_a_closed_door_needs_its_photo_too() -> None:
    day = await make_small_day()
    without = await day.phone.close(day.ana, "failed", reason="RECIPIENT_ABSENT", evidence=[])
    with_it = await day.phone.close(day.ana, "failed", reason="RECIPIENT_ABSENT", evidence=PHOTO)
    assert (without.code, with_it.status) == ("evidence_missing", EventStatus.ACCEPTED)


async def test_a_failure_breaks_the_promise_and_counts_an_attempt() -> None:
    day = await make_small_day()
    await day.phone.close(day.ana, "failed", reason="OUT_OF_TIME")
    order = await day.order_of(day.ana)
    assert (order.state, order.attempts) == (OrderState.DELIVERY_FAILED, 1)
    assert day.tx.promises.kept[order.id][0].fate is PromiseFate.BROKEN


async def test_what_the_recipient_asked_for_breaks_no_promise() -> None:
    day = await make_small_day()
    await day.phone.close(day.ana, "failed", reason="DATE_CHANGE_REQUESTED")
    assert day.tx.promises.kept[day.ana.order_id][0].fate is PromiseFate.RELEASED


async def test_a_wrong_pin_is_refused_and_the_right_one_delivers() -> None:
    day = await make_small_day()
    order = await day.order_of(day.ana)
    day.tx.orders.kept[order.id] = replace(order, requires_pin=True)
    person = await day.tx.people.get(order.recipient_id)
    await day.tx.people.put(replace(person, pin="4711"))
    wrong = await day.phone.close(day.ana, pin="0000")
    right = await day.phone.close(day.ana, pin="4711")
    assert (wrong.code, right.status) == ("pin_wrong", EventStatus.ACCEPTED)
    kinds = {piece.kind for piece in await day.tx.proofs.list_of_stop(day.ana.id)}
    assert EvidenceKind.PIN in kinds


async def test_the_name_of_a_third_party_goes_to_the_people_store_and_not_to_the_log() -> None:
    day = await make_small_day()
    receiver = {"name": "Rosa Pino", "rut": "12345678-5", "relation": "concierge"}
    await day.phone.close(day.ana, receiver=receiver)
    order = await day.order_of(day.ana)
    assert {p.state for p in order.parcels} == {ParcelState.DELIVERED_THIRD_PARTY}
    holder = day.tx.custody.kept[order.parcels[0].id][-1].holder
    assert (await day.tx.people.get(holder.id)).name == "Rosa Pino"
    assert "Rosa" not in str(day.tx.events.kept)


async def test_a_note_goes_to_the_people_store_and_not_to_the_log() -> None:
    day = await make_small_day()
    await day.phone.close(day.ana, note="Lo dejé con don Juan")
    assert "Juan" not in str(day.tx.events.kept)
    kinds = {piece.kind for piece in await day.tx.proofs.list_of_stop(day.ana.id)}
    assert EvidenceKind.NOTE in kinds


async def test_a_damaged_parcel_stays_with_the_van_as_damaged() -> None:
    day = await make_small_day()
    await day.phone.close(day.beto, "failed", reason="PARCEL_DAMAGED", evidence=PHOTO)
    order = await day.order_of(day.beto)
    assert order.parcels[0].state is ParcelState.DAMAGED
    assert "parcel.damaged" in day.types()


async def test_a_stolen_parcel_is_with_nobody_we_know() -> None:
    day = await make_small_day()
    await day.phone.close(day.beto, "failed", reason="PARCEL_STOLEN")
    order = await day.order_of(day.beto)
    chain = day.tx.custody.kept[order.parcels[0].id]
    assert order.parcels[0].state is ParcelState.MISSING
    assert chain[-1].holder.kind is HolderKind.UNKNOWN


async def test_an_order_called_off_meanwhile_is_not_delivered() -> None:
    day = await make_small_day()
    order = await day.order_of(day.ana)
    day.tx.orders.kept[order.id] = replace(order, state=OrderState.CANCELLED)
    result = await day.phone.close(day.ana)
    assert result.code == "order_not_on_the_road"
    assert (await day.stop_now(day.ana)).state is StopState.PENDING


async def test_a_reason_nobody_knows_is_refused() -> None:
    day = await make_small_day()
    result = await day.phone.close(day.ana, "failed", reason="BAD_MOOD")
    assert result.code == "outcome_not_allowed"


@pytest.mark.parametrize("reason", sorted(REASONS))
async def test_every_reason_of_the_dictionary_closes_a_stop(reason: str) -> None:
    day = await make_small_day()
    result = await day.phone.close(day.ana, "failed", reason=reason, evidence=PHOTO)
    assert result.status is EventStatus.ACCEPTED
    assert (await day.stop_now(day.ana)).reason == reason


async def test_cash_is_told_beside_what_was_due() -> None:
    day = await make_small_day()
    order = await day.order_of(day.ana)
    day.tx.orders.kept[order.id] = replace(order, cod_clp=24_990)
    signature = [*PHOTO, {"id": str(derived_id("signature")), "kind": "signature"}]
    await day.phone.close(day.ana, evidence=signature, cod_collected_clp=24_990)
    event = next(event for event in day.tx.events.kept if event.type == "stop.closed")
    assert (event.data["cod_due_clp"], event.data["cod_collected_clp"]) == (24_990, 24_990)


async def test_another_amount_than_the_due_one_needs_a_note_and_both_are_kept() -> None:
    day = await make_small_day()
    order = replace(await day.order_of(day.ana), cod_clp=10_000)
    day.tx.orders.kept[order.id] = order
    proof = [*PHOTO, {"id": str(derived_id("signature")), "kind": "signature"}]
    said: dict[str, Any] = {"evidence": proof, "cod_collected_clp": 8_000}
    refused = await day.phone.close(day.ana, **said)
    taken = await day.phone.close(day.ana, **said, note="No tenía más")
    assert (refused.code, taken.status) == ("cash_note_missing", EventStatus.ACCEPTED)
    told = next(event for event in day.tx.events.kept if event.type == "stop.cash_differs")
    assert told.data == {"due": 10_000, "collected": 8_000}
