"""Closing a stop: what the phone says is read against the order, proved, and only then applied."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from promesa.dispatch.endings import VisitEnding, apply_ending
from promesa.dispatch.handover import stepped
from promesa.dispatch.journal import Journal
from promesa.dispatch.late_visits import (
    DISPUTED,
    TOLD_LATE,
    brought_back,
    count_attempt,
    is_untold,
    judge_again,
    require_there,
    require_undisputed,
)
from promesa.dispatch.load_actions import take_over
from promesa.dispatch.phone import StopClosed
from promesa.dispatch.refusals import (
    CashNoteMissingError,
    EvidenceMissingError,
    OutcomeNotAllowedError,
    PhoneEventRefusedError,
    PinWrongError,
    StopAlreadyClosedError,
)
from promesa.dispatch.repository import DispatchStore
from promesa.dispatch.route_actions import loaded_again, send_out, started
from promesa.dispatch.scene import Scene
from promesa.domain.actor import ActorKind
from promesa.domain.order import ORDER, Order, OrderState
from promesa.domain.parcel import ParcelState
from promesa.domain.person import Person
from promesa.domain.reasons import REASONS
from promesa.domain.stop import Outcome, Stop, StopDoubt, StopState, StopType
from promesa.proof.capture import HandedTo, list_missing, required, required_on_failure, suffices
from promesa.proof.repository import Evidence, EvidenceKind
from promesa.proof.service import PICTURES, Capture, keep_statement, withdraw_piece

# Who received, as phones say it; every other word is somebody else.
_RELATIONS: dict[str, HandedTo] = {
    "": HandedTo.RECIPIENT,
    "recipient": HandedTo.RECIPIENT,
    "destinatario": HandedTo.RECIPIENT,
    "titular": HandedTo.RECIPIENT,
    "safe_place": HandedTo.SAFE_PLACE,
    "lugar_seguro": HandedTo.SAFE_PLACE,
}
_TOLD_RELATIONS = frozenset({"recipient", "concierge", "other", "safe_place"})
_DRIVERS_OUTCOMES = frozenset({Outcome.SUCCEEDED, Outcome.PARTIAL, Outcome.FAILED})
_TELL_OF_EVIDENCE = frozenset({"stop.closed", TOLD_LATE, DISPUTED})
_NOT_THERE = frozenset(
    {
        ParcelState.MISSING,
        ParcelState.LOST,
        ParcelState.UNDER_INVESTIGATION,
        ParcelState.DISPOSED,
        ParcelState.HELD,
        ParcelState.RETURNED_TO_SENDER,
    }
)
_TARGET = {
    StopType.PICKUP: ParcelState.IN_TRANSIT,
    StopType.RETURN: ParcelState.RETURNED_TO_SENDER,
}


class OrderNotOnTheRoadError(PhoneEventRefusedError):
    """The order was called off or moved while the phone was away."""

    code: ClassVar[str] = "order_not_on_the_road"
    message: ClassVar[str] = "Este pedido ya no está en reparto. Guarda el bulto y avisa."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proof:
    """What proves the visit: of what is already kept, the pieces that its closing names."""

    kept: tuple[Evidence, ...]

    @property
    def digests(self) -> tuple[str, ...]:
        return tuple(sorted(piece.digest for piece in self.kept if piece.digest))


async def close(scene: Scene) -> None:
    """The visit ends. A refusal leaves nothing written but itself."""
    event = scene.event
    assert isinstance(event, StopClosed)
    stop = await scene.get_stop(event.stop_id)
    is_late = is_untold(stop)
    if stop.state is StopState.CLOSED and not is_late:
        raise StopAlreadyClosedError
    order = await scene.tx.orders.get(stop.order_id)
    if is_late:
        event = await require_undisputed(scene, event, stop, order)
    else:
        await require_there(scene, event, stop, order)
    outcome, delivered = _read_outcome(event, stop, order)
    if not is_late:
        _require_on_the_road(stop, order)
    handed_to = handed_to_of(event)
    _require_cash_note(event, order)
    proof = await _require_proof(scene, event, stop, order, outcome)
    receiver_id = await keep_words(scene.journal, event, stop, order, handed_to)
    ending = VisitEnding(
        stop=stop,
        outcome=outcome,
        reason=event.reason if outcome is Outcome.FAILED else None,
        delivered=delivered,
        handed_to=handed_to,
        receiver_id=receiver_id,
        digests=proof.digests,
    )
    await _record(scene, event, ending, order, TOLD_LATE if is_late else "stop.closed")
    await _withdraw_unnamed(scene, event, stop)
    if _cash_differs(event, order):
        amounts: dict[str, object] = {"due": order.cod_clp, "collected": event.cod_collected_clp}
        await scene.journal.of_stop(stop, "stop.cash_differs", amounts)
    if not is_late:
        order = await _sent_out(scene, stop, outcome)
    await scene.tx.routes.put_stop(
        replace(
            stop,
            state=StopState.CLOSED,
            outcome=outcome,
            reason=ending.reason,
            closed_at=scene.journal.occurred_at,
            cod_collected_clp=event.cod_collected_clp,
            doubt=StopDoubt.CASH_DIFFERS if _cash_differs(event, order) else None,
        )
    )
    if is_late:
        await _apply_late(scene, order, ending)
    else:
        await apply_ending(scene.journal, order, ending)


async def _apply_late(scene: Scene, order: Order, ending: VisitEnding) -> None:
    if ending.outcome is Outcome.FAILED:
        await count_attempt(scene, order)
        return
    journal, day = scene.journal, scene.route.date
    order = await brought_back(journal, day, ending.stop, order, ending.delivered)
    await apply_ending(scene.journal, order, ending)
    await judge_again(scene.journal, order, scene.journal.occurred_at)


def _read_outcome(event: StopClosed, stop: Stop, order: Order) -> tuple[Outcome, frozenset[UUID]]:
    """The outcome by what was really handed over, and the parcels that were."""
    if event.outcome not in _DRIVERS_OUTCOMES:
        raise OutcomeNotAllowedError(outcome=event.outcome.value)
    if event.outcome is Outcome.FAILED:
        if event.reason not in REASONS:
            raise OutcomeNotAllowedError("Elige un motivo de la lista.", reason=event.reason)
        return Outcome.FAILED, frozenset()
    there = {parcel.id for parcel in order.parcels if parcel.state not in _NOT_THERE}
    named = event.parcels_delivered
    ours = {parcel.id for parcel in order.parcels}
    delivered = there if named is None else set(named) & ours
    if not delivered and order.parcels:
        raise OutcomeNotAllowedError("Ningún bulto quedó entregado: ciérrala con un motivo.")
    target = _TARGET.get(stop.type, ParcelState.DELIVERED)
    for parcel in order.parcels:
        if parcel.id in delivered and parcel.state is not target:
            stepped(parcel, target)
    is_whole = len(delivered) == len(order.parcels)
    return (Outcome.SUCCEEDED if is_whole else Outcome.PARTIAL), frozenset(delivered)


def _require_on_the_road(stop: Stop, order: Order) -> None:
    if stop.type is StopType.PICKUP:
        allowed = ORDER.allows(order.state, OrderState.IN_PREPARATION)
    elif stop.type is StopType.RETURN:
        allowed = order.state is OrderState.RETURNING
    else:
        allowed = order.state is OrderState.OUT_FOR_DELIVERY or ORDER.allows(
            order.state, OrderState.OUT_FOR_DELIVERY
        )
    if not allowed:
        raise OrderNotOnTheRoadError(state=order.state.value)


def _cash_differs(event: StopClosed, order: Order) -> bool:
    """Whether the driver says to have collected another amount than the due one."""
    collected = event.cod_collected_clp
    is_delivery = event.outcome in {Outcome.SUCCEEDED, Outcome.PARTIAL}
    return is_delivery and collected is not None and collected != (order.cod_clp or 0)


def _require_cash_note(event: StopClosed, order: Order) -> None:
    if _cash_differs(event, order) and not (event.note or "").strip():
        raise CashNoteMissingError(due=order.cod_clp, collected=event.cod_collected_clp)


def handed_to_of(event: StopClosed) -> HandedTo:
    """Who or what the parcels were left with, by the phone's word."""
    relation = (event.receiver.relation if event.receiver else None) or ""
    return _RELATIONS.get(relation.strip().lower(), HandedTo.THIRD_PARTY)


def _relation(event: StopClosed) -> str:
    """In words of ours only: what a person typed may name somebody."""
    said = ((event.receiver.relation if event.receiver else None) or "").strip().lower()
    return said if said in _TOLD_RELATIONS else handed_to_of(event).value


async def _require_proof(
    scene: Scene, event: StopClosed, stop: Stop, order: Order, outcome: Outcome
) -> _Proof:
    """Raises when the proof does not suffice, or the code is wrong."""
    named = {piece.id for piece in event.evidence}
    kept = tuple(p for p in await scene.tx.proofs.list_of_stop(stop.id) if p.id in named)
    kinds = {piece.kind for piece in event.evidence}
    if event.receiver is not None:
        kinds.add(EvidenceKind.RECEIVER)
    if event.pin is not None and order.requires_pin:
        person = await scene.tx.people.get(order.recipient_id)
        if person.pin is not None and event.pin.strip() != person.pin:
            raise PinWrongError
        kinds.add(EvidenceKind.PIN)
    handed_to = handed_to_of(event)
    if stop.type is StopType.DELIVERY:
        needed = required(
            order, outcome=outcome, reason=event.reason, handed_to=handed_to, policy=scene.policy
        )
    elif outcome is Outcome.FAILED:
        needed = required_on_failure(event.reason, scene.policy)
    else:
        needed = scene.policy.at_merchant
    if not suffices(needed, kinds):
        raise EvidenceMissingError(" ".join(list_missing(needed, kinds)))
    return _Proof(kept=kept)


async def was_left_unnamed(tx: DispatchStore, stop: Stop, evidence_id: UUID) -> bool:
    """Whether its driver closed the visit without naming this piece of evidence."""
    if stop.state is not StopState.CLOSED:
        return False
    told = await tx.events.list_of_order(stop.order_id)
    closings = [e for e in told if e.subject_id == stop.id and e.type in _TELL_OF_EVIDENCE]
    by_driver = [e for e in closings if e.actor.kind is ActorKind.DRIVER]
    return bool(by_driver) and all(evidence_id not in event.evidence for event in by_driver)


async def _withdraw_unnamed(scene: Scene, event: StopClosed, stop: Stop) -> None:
    """Pictures of the visit that its closing does not name were taken back: they prove nothing."""
    named = {piece.id for piece in event.evidence}
    for piece in await scene.tx.proofs.list_of_stop(stop.id):
        if piece.kind in PICTURES and piece.id not in named and piece.withdrawn_at is None:
            await withdraw_piece(
                scene.tx,
                piece,
                actor=scene.journal.actor,
                now=scene.journal.recorded_at,
                route_id=scene.route.id,
            )


async def keep_words(
    journal: Journal, event: StopClosed, stop: Stop, order: Order, handed_to: HandedTo
) -> UUID:
    """Keeps who received, the code and the note as evidence; returns the receiver's person id."""
    receiver_id = order.recipient_id
    if event.receiver is not None and (event.receiver.name or event.receiver.rut):
        if handed_to is HandedTo.THIRD_PARTY:
            receiver_id = journal.event_id("receiver", stop.id)
            await journal.tx.people.put(
                Person(id=receiver_id, name=event.receiver.name, rut=event.receiver.rut)
            )
        await _state(journal, stop, EvidenceKind.RECEIVER, receiver_id)
    if event.pin is not None and order.requires_pin:
        await _state(journal, stop, EvidenceKind.PIN, order.recipient_id)
    if event.note:
        note_id = journal.event_id("note", stop.id)
        await journal.tx.people.put(Person(id=note_id, instructions=event.note))
        await _state(journal, stop, EvidenceKind.NOTE, note_id)
    return receiver_id


async def _state(journal: Journal, stop: Stop, kind: EvidenceKind, person_id: UUID) -> None:
    capture = Capture(
        id=journal.event_id(f"evidence.{kind.value}", stop.id),
        stop_id=stop.id,
        order_id=stop.order_id,
        kind=kind,
        person_id=person_id,
        captured_at=journal.occurred_at,
        position=journal.position,
        route_id=stop.route_id,
    )
    await keep_statement(journal.tx, capture, actor=journal.actor, now=journal.recorded_at)


async def _record(
    scene: Scene, event: StopClosed, ending: VisitEnding, order: Order, event_type: str
) -> None:
    data: dict[str, object] = {
        "outcome": ending.outcome.value,
        "reason": ending.reason,
        "attempt": ending.stop.attempt,
        "type": ending.stop.type.value,
        "handed_to": ending.handed_to.value if ending.delivered else None,
        "receiver_id": str(ending.receiver_id) if ending.delivered else None,
        "relation": _relation(event) if ending.delivered else None,
        "parcels": sorted(str(parcel_id) for parcel_id in ending.delivered),
        "kinds": sorted({piece.kind.value for piece in event.evidence}),
        "cod_due_clp": order.cod_clp,
        "cod_collected_clp": event.cod_collected_clp,
    }
    await scene.record(
        ("stop", ending.stop.id),
        event_type,
        data,
        order_id=ending.stop.order_id,
        evidence=tuple(piece.id for piece in event.evidence),
    )


async def _sent_out(scene: Scene, stop: Stop, outcome: Outcome) -> Order:
    """The order once its van has left, whatever the phone managed to tell before.

    A visit that fails from afar, by a call, does not say that its trip is loaded.
    """
    scene = await started(scene)
    if outcome is not Outcome.FAILED or stop.arrived_at is not None:
        await loaded_again(scene, stop)
    order = await scene.tx.orders.get(stop.order_id)
    if stop.type is StopType.DELIVERY and order.state is not OrderState.OUT_FOR_DELIVERY:
        await send_out(scene.journal, stop, order)
        order = await scene.tx.orders.get(stop.order_id)
    if stop.type is not StopType.PICKUP:
        await take_over(scene, order)
    return order
