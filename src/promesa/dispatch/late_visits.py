"""A visit told after its stop was closed without it: the van was out of coverage, the torre closed.

What really happened to the parcel counts, whenever nothing since contradicts it: the delivery is
applied as of the instant it happened, the plan for another day is taken back, and promises are
judged anew. What contradicts it (scanned elsewhere since, delivered by another, called off
before) is kept whole as ``stop.delivery_disputed``, for a person to decide; nothing is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from promesa.dispatch.handover import HandOver, hand_over, stepped, with_parcels
from promesa.dispatch.journal import Journal
from promesa.dispatch.phone import StopClosed
from promesa.dispatch.refusals import ParcelStateError, PhoneEventRefusedError
from promesa.dispatch.scene import Scene
from promesa.dispatch.versions import withdraw
from promesa.domain.custody import CustodyEntry, Holder, HolderKind
from promesa.domain.leg import LegKind
from promesa.domain.order import Order, OrderState
from promesa.domain.parcel import GONE, Parcel, ParcelState
from promesa.domain.promise import PromiseFate, judge
from promesa.domain.reasons import REASONS
from promesa.domain.stop import Outcome, Stop, StopState, StopType

TOLD_LATE = "stop.told_late"
DISPUTED = "stop.delivery_disputed"
# Closed by the torre, or taken off the route: no driver said how these visits ended.
_WITHOUT_A_VISIT = frozenset({Outcome.SKIPPED, Outcome.CANCELLED})
ENDED = frozenset(
    {
        OrderState.DELIVERED,
        OrderState.PARTIALLY_DELIVERED,
        OrderState.RETURNED,
        OrderState.LOST,
    }
)


class DeliveryDisputedError(PhoneEventRefusedError):
    """A visit told late contradicts what became of the order since; a person decides."""

    code: ClassVar[str] = "delivery_disputed"
    message: ClassVar[str] = (
        "La torre ya dio otro destino a este pedido. Tu aviso y tus pruebas quedaron guardados: "
        "llama a la torre."
    )


class MissingParcelNamedError(DeliveryDisputedError):
    """A parcel that was declared missing before the visit is told to be handed over."""

    code: ClassVar[str] = "missing_parcel_named"


def is_untold(stop: Stop) -> bool:
    """Whether the stop was closed without a word of its driver."""
    return stop.state is StopState.CLOSED and stop.outcome in _WITHOUT_A_VISIT


async def require_undisputed(
    scene: Scene, event: StopClosed, stop: Stop, order: Order
) -> StopClosed:
    """The event with its parcels by name, when it agrees with all that happened since.

    Raises:
        DeliveryDisputedError: It does not, and says why.
    """
    parcels = [] if event.outcome is Outcome.FAILED else list(order.parcels)
    last = await scene.tx.custody.last_entries([parcel.id for parcel in parcels])
    at = scene.journal.occurred_at
    if event.parcels_delivered is None:
        there = [each for each in parcels if not was_missed(each, last.get(each.id), at)]
    else:
        there = [parcel for parcel in parcels if parcel.id in event.parcels_delivered]
    why = await _contradiction(scene, stop, order, there, last)
    if why is not None:
        raise DeliveryDisputedError(why=why)
    return msgspec.structs.replace(event, parcels_delivered=tuple(each.id for each in there))


async def require_there(scene: Scene, event: StopClosed, stop: Stop, order: Order) -> None:
    """Nobody hands over what was missed before: the phone's word and ours contradict each other.

    Raises:
        MissingParcelNamedError: The phone names such a parcel, and a person has to decide.
    """
    named = set(event.parcels_delivered or ())
    if stop.type is not StopType.DELIVERY or event.outcome is Outcome.FAILED or not named:
        return
    parcels = [parcel for parcel in order.parcels if parcel.id in named]
    last = await scene.tx.custody.last_entries([parcel.id for parcel in parcels])
    at = scene.journal.occurred_at
    missed = [each for each in parcels if was_missed(each, last.get(each.id), at)]
    if missed:
        codes = ", ".join(parcel.barcode for parcel in missed)
        raise MissingParcelNamedError(
            f"{codes}: consta como faltante. Si no lo entregaste, cierra otra vez sin ese bulto. "
            "Si apareció y lo entregaste, llama a la torre: tu aviso y tus pruebas quedaron "
            "guardados.",
            why=f"parcel.{missed[0].state.value}",
        )


def was_missed(parcel: Parcel, last: CustodyEntry | None, at: datetime) -> bool:
    """Whether it was known not to be there at ``at``; one missed since may be handed over."""
    return parcel.state in GONE and (last is None or last.occurred_at <= at)


def dispute_told(event: StopClosed, error: DeliveryDisputedError) -> dict[str, object]:
    """What is kept of a disputed visit: all that the phone said but words."""
    return {
        "why": error.details.get("why"),
        "outcome": event.outcome.value,
        "reason": event.reason if event.reason in REASONS else None,
        "parcels": [str(parcel_id) for parcel_id in event.parcels_delivered or ()],
        "kinds": sorted({piece.kind.value for piece in event.evidence}),
        "cod_collected_clp": event.cod_collected_clp,
    }


async def brought_back(
    journal: Journal, day: date, stop: Stop, order: Order, delivered: Collection[UUID]
) -> Order:
    """The order as it was on ``day``, when its parcels were handed over; not saved yet."""
    await withdraw(journal, order, cause="delivered_told_late")
    loaded = await _loaded(journal, stop, order, delivered)
    legs, leg_index = order.legs, order.leg_index
    if order.leg.kind is LegKind.RETURN and leg_index > 0:
        legs, leg_index = legs[:leg_index], leg_index - 1
    return replace(
        with_parcels(order, loaded),
        # No step of the machine: the order was on the road then, we only did not know it.
        state=OrderState.OUT_FOR_DELIVERY,
        date=day,
        legs=legs,
        leg_index=leg_index,
    )


async def judge_again(journal: Journal, order: Order, delivered_at: datetime) -> None:
    """Promises that were given up for broken, judged by when it was really delivered."""
    kept = await journal.tx.promises.list_of([order.id])
    for promise in kept.get(order.id, []):
        fate = judge(promise, delivered_at)
        if promise.fate is not PromiseFate.BROKEN or fate is promise.fate:
            continue
        await journal.tx.promises.save(replace(promise, fate=fate))
        data: dict[str, object] = {"version": promise.version, "fate": fate.value}
        await journal.of_promise(order.id, "promise.closed", data)


async def count_attempt(scene: Scene, order: Order) -> None:
    """A visit that failed, told late: it counts, and what was decided since stays."""
    await scene.tx.orders.save(replace(order, attempts=order.attempts + 1))


async def _contradiction(
    scene: Scene,
    stop: Stop,
    order: Order,
    parcels: Sequence[Parcel],
    last: Mapping[UUID, CustodyEntry],
) -> str | None:
    if stop.type is not StopType.DELIVERY:
        return f"stop.{stop.type.value}"
    if order.state in ENDED:
        return f"order.{order.state.value}"
    at = scene.journal.occurred_at
    if order.state is OrderState.CANCELLED and not await _was_cancelled_after(scene, order, at):
        return "order.cancelled"
    for parcel in parcels:
        if was_missed(parcel, last.get(parcel.id), at):
            return f"parcel.{parcel.state.value}"
        if not _may_have_been_handed_over(parcel, last.get(parcel.id), stop, at):
            return f"parcel.{parcel.state.value}"
    return None


async def _was_cancelled_after(scene: Scene, order: Order, at: datetime) -> bool:
    told = await scene.tx.events.list_of_order(order.id)
    return all(event.occurred_at > at for event in told if event.type == "order.cancelled")


def _may_have_been_handed_over(
    parcel: Parcel, last: CustodyEntry | None, stop: Stop, at: datetime
) -> bool:
    """Nobody else had it since: nobody scanned it, it was missed, or it is with this van."""
    try:
        stepped(parcel, ParcelState.DELIVERED)
    except ParcelStateError:
        return False
    if last is None or last.holder.kind is HolderKind.UNKNOWN:
        return True
    return last.holder.id == stop.route_id or last.occurred_at <= at


async def _loaded(
    journal: Journal, stop: Stop, order: Order, delivered: Collection[UUID]
) -> tuple[Parcel, ...]:
    """Parcels that nobody had seen go into this van did, since they were handed over from it."""
    parcels = [parcel for parcel in order.parcels if parcel.id in delivered]
    last = await journal.tx.custody.last_entries([parcel.id for parcel in parcels])
    unseen = [
        parcel
        for parcel in parcels
        if parcel.id not in last or last[parcel.id].holder.id != stop.route_id
    ]
    return await hand_over(
        journal,
        unseen,
        HandOver(
            state=ParcelState.LOADED,
            holder=Holder(kind=HolderKind.ROUTE, id=stop.route_id),
            event_type="parcel.loaded",
            data={"route_id": str(stop.route_id), "is_scanned": False},
        ),
    )
