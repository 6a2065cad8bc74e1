"""What a closed visit leaves behind: parcels in other hands, the order's state, the promise's fate.

One function per kind of stop. Everything that may refuse was checked before these are called.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from promesa.dispatch.failures import day_after
from promesa.dispatch.handover import HandOver, hand_over, with_parcels
from promesa.dispatch.journal import Journal
from promesa.dispatch.promises import always, close_promises, delivered_at
from promesa.domain.custody import Holder, HolderKind
from promesa.domain.order import ORDER, Order, OrderState
from promesa.domain.parcel import Parcel, ParcelState
from promesa.domain.promise import PromiseFate
from promesa.domain.reasons import REASONS
from promesa.domain.stop import Outcome, Stop, StopType
from promesa.proof.capture import HandedTo

_HANDED: dict[HandedTo, tuple[ParcelState, HolderKind]] = {
    HandedTo.RECIPIENT: (ParcelState.DELIVERED, HolderKind.RECIPIENT),
    HandedTo.THIRD_PARTY: (ParcelState.DELIVERED_THIRD_PARTY, HolderKind.THIRD_PARTY),
    HandedTo.SAFE_PLACE: (ParcelState.LEFT_SAFE_PLACE, HolderKind.SAFE_PLACE),
}
# The recipient or the sender asked for something else: no promise of ours was broken.
RELEASING = frozenset({"DATE_CHANGE_REQUESTED", "PURCHASE_CANCELLED", "RECIPIENT_REFUSED"})
_GONE = frozenset({"PARCEL_LOST", "PARCEL_STOLEN", "PARCEL_MISSING"})
_ABOARD = frozenset({ParcelState.LOADED, ParcelState.IN_TRANSIT})
_NOT_PICKED_UP = frozenset({ParcelState.ANNOUNCED, ParcelState.MISSING})


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitEnding:
    """How a visit ended, once it was found sound.

    Attributes:
        delivered: Ids of the parcels handed over, or picked up.
        receiver_id: The person who took them.
        digests: Of the sealed pictures, for the chain of custody.
    """

    stop: Stop
    outcome: Outcome
    reason: str | None
    delivered: frozenset[UUID]
    handed_to: HandedTo
    receiver_id: UUID
    digests: tuple[str, ...] = ()


async def apply_ending(journal: Journal, order: Order, ending: VisitEnding) -> None:
    """Writes what the visit changed; the order is saved once."""
    if ending.stop.type is StopType.PICKUP:
        changed = await _picked_up(journal, order, ending)
    elif ending.stop.type is StopType.RETURN:
        changed = await _given_back(journal, order, ending)
    elif ending.outcome is Outcome.FAILED:
        changed = await _not_delivered(journal, order, ending)
    else:
        changed = await _delivered(journal, order, ending)
    await journal.tx.orders.save(changed)


async def _delivered(journal: Journal, order: Order, ending: VisitEnding) -> Order:
    state, kind = _HANDED[ending.handed_to]
    moved = await hand_over(
        journal,
        _those(order, ending.delivered),
        HandOver(
            state=state,
            holder=Holder(kind=kind, id=ending.receiver_id),
            event_type="parcel.handed_over",
            evidence=ending.digests,
            data={"stop_id": str(ending.stop.id)},
        ),
    )
    is_whole = ending.outcome is Outcome.SUCCEEDED
    target = OrderState.DELIVERED if is_whole else OrderState.PARTIALLY_DELIVERED
    attempts = order.attempts + 1
    changed = replace(
        with_parcels(order, moved), state=ORDER.step(order.state, target), attempts=attempts
    )
    event_type = "order.delivered" if is_whole else "order.partially_delivered"
    data: dict[str, object] = {"stop_id": str(ending.stop.id), "on_attempt": attempts}
    await journal.of_order(changed, event_type, data)
    await close_promises(journal, changed, delivered_at(journal.occurred_at))
    return changed


async def _not_delivered(journal: Journal, order: Order, ending: VisitEnding) -> Order:
    reason = ending.reason or "SYSTEM_ERROR"
    changed = replace(
        await _damaged_or_gone(journal, order, reason),
        state=ORDER.step(order.state, OrderState.DELIVERY_FAILED),
        attempts=order.attempts + 1,
    )
    data: dict[str, object] = {
        "stop_id": str(ending.stop.id),
        "reason": reason,
        "party": REASONS[reason].party.value,
    }
    await journal.of_order(changed, "order.delivery_failed", data)
    fate = PromiseFate.RELEASED if reason in RELEASING else PromiseFate.BROKEN
    await close_promises(journal, changed, always(fate))
    return changed


async def _damaged_or_gone(journal: Journal, order: Order, reason: str) -> Order:
    """A damaged parcel stays with the van; one that is not there is with nobody we know."""
    aboard = [parcel for parcel in order.parcels if parcel.state in _ABOARD]
    if reason == "PARCEL_DAMAGED":
        damaged = [replace(parcel, state=ParcelState.DAMAGED) for parcel in aboard]
        for parcel in damaged:
            await journal.of_parcel(parcel, "parcel.damaged")
        return with_parcels(order, damaged)
    if reason not in _GONE:
        return order
    gone = await hand_over(
        journal,
        aboard,
        HandOver(
            state=ParcelState.MISSING,
            holder=Holder(kind=HolderKind.UNKNOWN, id=journal.route_id or order.id),
            event_type="parcel.missing",
            data={"where": "route", "reason": reason},
        ),
    )
    return with_parcels(order, gone)


async def _picked_up(journal: Journal, order: Order, ending: VisitEnding) -> Order:
    """The colecta is done, and the reparto can be planned; or it goes again another day."""
    if ending.outcome is Outcome.FAILED:
        day = day_after(journal, order.date)
        again = replace(
            order, state=ORDER.step(order.state, OrderState.RESCHEDULED), date=day, windows=()
        )
        data: dict[str, object] = {
            "date": day.isoformat(),
            "by": "policy",
            "cause": (ending.reason or "").lower(),
        }
        await journal.of_order(again, "order.rescheduled", data)
        return again
    wanted = [
        parcel for parcel in _those(order, ending.delivered) if parcel.state in _NOT_PICKED_UP
    ]
    moved = await hand_over(
        journal,
        wanted,
        HandOver(
            state=ParcelState.IN_TRANSIT,
            holder=Holder(kind=HolderKind.ROUTE, id=ending.stop.route_id),
            event_type="parcel.handed_over",
            evidence=ending.digests,
            data={"stop_id": str(ending.stop.id)},
        ),
    )
    next_leg = min(order.leg_index + 1, len(order.legs) - 1)
    return replace(
        with_parcels(order, moved),
        state=ORDER.step(order.state, OrderState.IN_PREPARATION),
        leg_index=next_leg,
    )


async def _given_back(journal: Journal, order: Order, ending: VisitEnding) -> Order:
    """The sender has its parcels again; refused there, they come back and go another day."""
    if ending.outcome is Outcome.FAILED:
        return replace(order, date=day_after(journal, order.date))
    return await give_back(journal, order, ending.delivered, digests=ending.digests)


async def give_back(
    journal: Journal,
    order: Order,
    parcel_ids: Collection[UUID],
    *,
    digests: tuple[str, ...] = (),
) -> Order:
    """Hands parcels to the sender; with the last one the order is returned. Does not save it."""
    moved = await hand_over(
        journal,
        _those(order, parcel_ids),
        HandOver(
            state=ParcelState.RETURNED_TO_SENDER,
            holder=Holder(kind=HolderKind.MERCHANT, id=order.merchant_id),
            event_type="parcel.handed_over",
            evidence=digests,
        ),
    )
    changed = with_parcels(order, moved)
    is_all_back = all(p.state is ParcelState.RETURNED_TO_SENDER for p in changed.parcels)
    if is_all_back and ORDER.allows(changed.state, OrderState.RETURNED):
        changed = replace(changed, state=OrderState.RETURNED)
        await journal.of_order(changed, "order.returned")
    return changed


def _those(order: Order, parcel_ids: Collection[UUID]) -> list[Parcel]:
    return [parcel for parcel in order.parcels if parcel.id in parcel_ids]
