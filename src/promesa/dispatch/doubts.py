"""What a person decides about a visit: cash that is not the due amount, a delivery in dispute.

A doubt stays with its stop, whatever the day, until somebody decides or the cash desk squares the
route. Accepting a disputed delivery makes it true as of when the phone says it happened, wherever
its parcels were thought to be; leaving it changes nothing but that it was decided.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from promesa.dispatch.endings import VisitEnding, apply_ending
from promesa.dispatch.handover import stepped
from promesa.dispatch.journal import Journal
from promesa.dispatch.late_visits import DISPUTED, ENDED, TOLD_LATE, brought_back, judge_again
from promesa.dispatch.refusals import ParcelStateError
from promesa.dispatch.repository import DispatchStore
from promesa.dispatch.versions import lock_stop
from promesa.domain.actor import Actor, Permission
from promesa.domain.events import Event
from promesa.domain.order import Order
from promesa.domain.parcel import Parcel, ParcelState
from promesa.domain.person import Person
from promesa.domain.stop import Outcome, Stop, StopDoubt, StopState, StopType
from promesa.kernel.clock import Clock
from promesa.kernel.errors import ConflictError, InvalidError
from promesa.kernel.ids import derived_id
from promesa.proof.capture import HandedTo
from promesa.proof.repository import EvidenceKind

# More lines than these nobody reads; the oldest come first, so none is forgotten.
DOUBTS_MAX = 50
_DELIVERIES = frozenset({Outcome.SUCCEEDED.value, Outcome.PARTIAL.value})


class Decision(StrEnum):
    """What a person says to a doubt."""

    SEEN = "seen"
    ACCEPTED = "accepted"
    LEFT = "left"


_CHOICES = {
    StopDoubt.CASH_DIFFERS: frozenset({Decision.SEEN}),
    StopDoubt.DELIVERY_DISPUTED: frozenset({Decision.ACCEPTED, Decision.LEFT}),
}


class DoubtSettledError(ConflictError):
    """Nothing about the visit waits for a person any more."""

    code: ClassVar[str] = "doubt_settled"
    message: ClassVar[str] = "Alguien ya lo decidió. Recarga para ver cómo quedó."


class DecisionNotAllowedError(InvalidError):
    """The decision is none for this doubt, or says no cause."""

    code: ClassVar[str] = "decision_not_allowed"
    message: ClassVar[str] = "Elige qué hacer con la visita y escribe por qué."


class DeliveryNotAcceptableError(ConflictError):
    """What became of the order since leaves no way to what the phone told."""

    code: ClassVar[str] = "delivery_not_acceptable"
    message: ClassVar[str] = (
        "Con lo que pasó después, esta entrega no se puede aceptar. Déjala como está."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """A visit that waits for a person.

    Attributes:
        told: What the phone said of a disputed delivery.
        note_id: The person record that keeps the driver's note.
    """

    stop: Stop
    order: Order
    told: Event | None = None
    note_id: UUID | None = None

    @property
    def at(self) -> datetime | None:
        """When the visit was, by the phone."""
        return self.told.occurred_at if self.told else self.stop.closed_at

    @property
    def collected_clp(self) -> int | None:
        """What the driver says to have received."""
        return _pesos(self.told) if self.told else self.stop.cod_collected_clp

    @property
    def may_be_accepted(self) -> bool:
        """Whether the delivery can be made true from where its order and parcels are now."""
        is_delivery = self.stop.type is StopType.DELIVERY and self.order.state not in ENDED
        if self.told is None or not is_delivery or self.told.data.get("outcome") not in _DELIVERIES:
            return False
        return bool(self.delivered) and all(_can_be_delivered(each) for each in self.delivered)

    @property
    def delivered(self) -> list[Parcel]:
        """Which parcels the phone says were handed over; all of them when it names none."""
        named = self.told.data.get("parcels") if self.told else None
        ids = {str(each) for each in named} if isinstance(named, list | tuple) else set()
        return [parcel for parcel in self.order.parcels if not ids or str(parcel.id) in ids]


async def list_doubtful(tx: DispatchStore) -> list[Doubtful]:
    """Visits of any day that wait for a person, the oldest first."""
    stops = await tx.routes.list_doubtful_stops(limit=DOUBTS_MAX)
    orders = {order.id: order for order in await tx.orders.get_many([s.order_id for s in stops])}
    return [await _read(tx, stop, orders[stop.order_id]) for stop in stops]


async def list_doubtful_of(tx: DispatchStore, order: Order) -> list[Doubtful]:
    """Those of one order."""
    stops = await tx.routes.list_stops_of_order(order.id)
    return [await _read(tx, stop, order) for stop in stops if stop.doubt is not None]


async def settle_doubt(
    tx: DispatchStore,
    stop_id: UUID,
    decision: Decision,
    *,
    cause: str | None,
    actor: Actor,
    clock: Clock,
    request_id: str | None = None,
) -> Stop:
    """Decides about a visit; how and why stays in its order's story, the words with the people.

    Raises:
        DoubtSettledError: There is nothing to decide any more.
        DecisionNotAllowedError: It is no answer to this doubt, or a dispute has no cause.
        DeliveryNotAcceptableError: The delivery can't be made true any more.
    """
    actor.require(Permission.DISPATCH)
    _, stop = await lock_stop(tx, stop_id)
    if stop.doubt is None:
        raise DoubtSettledError
    is_dispute = stop.doubt is StopDoubt.DELIVERY_DISPUTED
    if decision not in _CHOICES[stop.doubt] or (is_dispute and not (cause or "").strip()):
        raise DecisionNotAllowedError
    found = await _read(tx, stop, await tx.orders.get(stop.order_id))
    now = clock.now()
    journal = Journal(
        tx=tx,
        cause_id=derived_id("doubt", stop.id, stop.doubt.value, now.isoformat()),
        actor=actor,
        occurred_at=now,
        recorded_at=now,
        request_id=request_id,
        route_id=stop.route_id,
    )
    data: dict[str, object] = {
        "doubt": stop.doubt.value,
        "decision": decision.value,
    }
    if words := (cause or "").strip():
        note_id = journal.event_id("note", stop.id)
        await tx.people.put(Person(id=note_id, instructions=words))
        data["note_id"] = str(note_id)
    await journal.of_stop(stop, "stop.doubt_settled", data)
    settled = replace(stop, doubt=None)
    if decision is Decision.ACCEPTED:
        settled = await _accept(journal, found)
    else:
        await tx.routes.put_stop(settled)
    return settled


async def _accept(journal: Journal, found: Doubtful) -> Stop:
    """The visit as the phone told it, at the instant it told."""
    told, order = found.told, found.order
    if told is None or not found.may_be_accepted:
        raise DeliveryNotAcceptableError(state=order.state.value)
    journal = replace(journal, occurred_at=told.occurred_at, position=told.position)
    # Who visited it had it before it was moved to another van, or has it still.
    visited_by = told.route_id or found.stop.route_id
    route = await journal.tx.routes.get(visited_by)
    journal = journal.on_route(visited_by)
    found = replace(found, stop=replace(found.stop, route_id=visited_by))
    ending = await _ending(journal, found, told)
    collected = _pesos(told)
    differs = collected is not None and collected != (order.cod_clp or 0)
    stop = replace(
        ending.stop,
        state=StopState.CLOSED,
        outcome=ending.outcome,
        reason=None,
        closed_at=told.occurred_at,
        doubt=StopDoubt.CASH_DIFFERS if differs else None,
    )
    await journal.tx.routes.put_stop(stop)
    # An open visit ends by it; one that was closed without its driver was made after all.
    event_type = TOLD_LATE if found.stop.state is StopState.CLOSED else "stop.closed"
    await journal.of_stop(stop, event_type, _told(ending, order, told, collected))
    if differs:
        amounts: dict[str, object] = {"due": order.cod_clp, "collected": collected}
        await journal.of_stop(stop, "stop.cash_differs", amounts)
    order = await brought_back(journal, route.date, stop, order, ending.delivered)
    await apply_ending(journal, order, ending)
    await judge_again(journal, order, told.occurred_at)
    return stop


async def _ending(journal: Journal, found: Doubtful, told: Event) -> VisitEnding:
    delivered = frozenset(parcel.id for parcel in found.delivered)
    is_whole = len(delivered) == len(found.order.parcels)
    receiver_id = told.data.get("receiver_id")
    kept = [p for p in await journal.tx.proofs.list_of_stop(found.stop.id) if p.id in told.evidence]
    for piece in kept:
        if piece.withdrawn_at is not None:
            await journal.tx.proofs.mark_withdrawn(piece.id, None)
    return VisitEnding(
        stop=found.stop,
        outcome=Outcome.SUCCEEDED if is_whole else Outcome.PARTIAL,
        reason=None,
        delivered=delivered,
        handed_to=HandedTo(str(told.data.get("handed_to") or HandedTo.RECIPIENT.value)),
        receiver_id=UUID(receiver_id) if isinstance(receiver_id, str) else found.order.recipient_id,
        digests=tuple(sorted(piece.digest for piece in kept if piece.digest)),
    )


def _told(
    ending: VisitEnding, order: Order, told: Event, collected: int | None
) -> dict[str, object]:
    return {
        "outcome": ending.outcome.value,
        "reason": None,
        "attempt": ending.stop.attempt,
        "type": ending.stop.type.value,
        "handed_to": ending.handed_to.value,
        "receiver_id": str(ending.receiver_id),
        "parcels": sorted(str(parcel_id) for parcel_id in ending.delivered),
        "kinds": told.data.get("kinds"),
        "cod_due_clp": order.cod_clp,
        "cod_collected_clp": collected,
    }


def _pesos(told: Event) -> int | None:
    collected = told.data.get("cod_collected_clp")
    return collected if isinstance(collected, int) else None


async def _read(tx: DispatchStore, stop: Stop, order: Order) -> Doubtful:
    if stop.doubt is StopDoubt.DELIVERY_DISPUTED:
        events = await tx.events.list_of_order(order.id)
        of_stop = [each for each in events if each.subject_id == stop.id and each.type == DISPUTED]
        told = max(of_stop, key=lambda each: (each.recorded_at, each.id), default=None)
    else:
        told = None
    pieces = await tx.proofs.list_of_stop(stop.id)
    notes = [piece.person_id for piece in pieces if piece.kind is EvidenceKind.NOTE]
    return Doubtful(stop=stop, order=order, told=told, note_id=notes[-1] if notes else None)


def _can_be_delivered(parcel: Parcel) -> bool:
    """Through the van again: whatever was scanned since was another parcel, or a mistake."""
    try:
        stepped(stepped(parcel, ParcelState.LOADED), ParcelState.DELIVERED)
    except ParcelStateError:
        return False
    return True
