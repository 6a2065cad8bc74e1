"""The table event → handlers: what follows from a fact, in the transaction that marks it done.

Each handler can run twice without harm: what it makes has an id derived from its cause.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from promesa.dispatch.delays import CAUSE_BACK_ON_TIME
from promesa.domain.access import Tenant
from promesa.domain.events import Event
from promesa.domain.order import Order
from promesa.domain.promise import DELAY, Promise
from promesa.domain.stop import StopState
from promesa.kernel.clock import Clock
from promesa.kernel.errors import NotFoundError
from promesa.kernel.timewindow import TimeWindow
from promesa.notify.messages import MessageFacts, MessageKind
from promesa.notify.policy import Notice, NotifyPolicy
from promesa.notify.repository import Channel
from promesa.notify.service import list_asking, queue_webhooks, tell
from promesa.orders.door_points import learn_door_point
from promesa.runtime.access import system_actor
from promesa.runtime.fleet_watch import FleetWatch, OrderNow
from promesa.runtime.forecast_states import FORECAST_RESTS_ON
from promesa.runtime.reacting import Reaction
from promesa.runtime.repository import PlatformStore

# Messages about messages would never end.
_SILENT = ("message.", "proof.", "access.", "webhook.", "device.", "fleet.", "demand.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reactions:
    """What reacting needs: the hour, the policy, and which channels are configured.

    Attributes:
        watches: The live picture of an operator's fleet, as the recipient's page reads it.
        forecast: Has a forecast made for an operator.
    """

    clock: Clock
    available: frozenset[Channel]
    policy: NotifyPolicy
    tenants: Callable[[UUID], Awaitable[Tenant]]
    watches: Callable[[UUID], FleetWatch]
    forecast: Callable[[UUID], None]

    def table(self) -> dict[str, Reaction]:
        """Each reaction by its name: one that always fails leaves the others of its event done."""
        return {
            "tell_recipient": self._tell_recipient,
            "tell_webhooks": self._tell_webhooks,
            "learn_door_point": _learn_door_point,
            "forecast_again": self._forecast_again,
        }

    async def _forecast_again(self, _tx: PlatformStore, event: Event) -> None:
        if event.type in FORECAST_RESTS_ON:
            self.forecast(event.actor.tenant_id)

    async def _tell_recipient(self, tx: PlatformStore, event: Event) -> None:
        kind = None if event.type.startswith(_SILENT) else _kind_of(event)
        order = None if kind is None else await _find_order(tx, event)
        if kind is None or order is None or not may_say(kind, order):
            return
        if await _is_over(tx, kind, event):
            return
        tenant = await self.tenants(event.actor.tenant_id)
        promises = (await tx.promises.list_of([order.id])).get(order.id, [])
        merchant = await tx.access.get_merchant(order.merchant_id)
        here = self.watches(tenant.id).find_order(order.id)
        reason = event.data.get("reason")
        notice = Notice(
            kind=kind,
            facts=MessageFacts(
                reference=order.reference,
                merchant=merchant.name,
                window=window_to_tell(kind, promises, here),
                date=order.date,
                reason=reason if isinstance(reason, str) else None,
                cause=_delay_cause(event),
                contact=merchant.phone,
                is_simulated=tenant.is_simulated,
            ),
            person=await tx.people.get(order.recipient_id),
            order_id=order.id,
            cause_event_id=event.id,
            occasion=_occasion(kind, event, order),
        )
        await tell(
            tx,
            notice,
            self.policy,
            available=self.available,
            actor=system_actor(tenant.id),
            now=self.clock.now(),
        )

    async def _tell_webhooks(self, tx: PlatformStore, event: Event) -> None:
        if event.type.startswith(_SILENT):
            return
        asking = await list_asking(tx, event)
        if not asking:
            return
        tenant = await self.tenants(event.actor.tenant_id)
        order = await _find_order(tx, event)
        await queue_webhooks(
            tx,
            event,
            asking,
            actor=system_actor(tenant.id),
            now=self.clock.now(),
            merchant_id=order.merchant_id if order else await _holder_id(tx, event),
            reference=order.reference if order else None,
            is_simulated=tenant.is_simulated,
        )


_KINDS: dict[str, MessageKind] = {
    "order.placed": MessageKind.ORDER_CONFIRMED,
    "order.out_for_delivery": MessageKind.OUT_FOR_DELIVERY,
    "stop.started": MessageKind.NEXT_STOP,
    "order.delivered": MessageKind.DELIVERED,
    "order.partially_delivered": MessageKind.PARTIALLY_DELIVERED,
    "order.delivery_failed": MessageKind.COULD_NOT_DELIVER,
    "order.rescheduled": MessageKind.RESCHEDULED,
    "order.return_started": MessageKind.RETURN_STARTED,
    "order.cancelled": MessageKind.CANCELLED,
}
_ONCE_PER_ORDER = frozenset({MessageKind.ORDER_CONFIRMED, MessageKind.DELIVERED})
_ONCE_PER_STOP = frozenset({MessageKind.NEXT_STOP})
# Said of parcels in a van: not of an order whose every parcel stayed behind.
_ON_THE_WAY = frozenset({MessageKind.OUT_FOR_DELIVERY, MessageKind.NEXT_STOP})
_WITHOUT_WINDOW = frozenset(
    {
        MessageKind.DELIVERED,
        MessageKind.PARTIALLY_DELIVERED,
        MessageKind.COULD_NOT_DELIVER,
        MessageKind.CANCELLED,
    }
)


def _kind_of(event: Event) -> MessageKind | None:
    if event.type == "promise.made" and _told_cause(event).startswith(DELAY):
        return MessageKind.DELAY
    if event.type == "order.correction_settled":
        is_taken = event.data.get("decision") == "taken"
        return MessageKind.ADDRESS_CORRECTED if is_taken else MessageKind.ADDRESS_KEPT
    if event.type == "promise.made" and _told_cause(event) == CAUSE_BACK_ON_TIME:
        return MessageKind.BACK_ON_TIME
    return _KINDS.get(event.type)


def _told_cause(event: Event) -> str:
    cause = event.data.get("cause")
    return cause if isinstance(cause, str) else ""


def _delay_cause(event: Event) -> str | None:
    """``delay_traffic`` tells the cause traffic; a plain ``delay`` tells none."""
    cause = _told_cause(event)
    return cause.removeprefix(f"{DELAY}_") if cause.startswith(f"{DELAY}_") else None


def may_say(kind: MessageKind, order: Order) -> bool:
    """Nothing is on its way to who waits for parcels that stayed behind."""
    return kind not in _ON_THE_WAY or not order.is_left_behind


def window_to_tell(
    kind: MessageKind, promises: list[Promise], here: OrderNow | None
) -> TimeWindow | None:
    """The hours to name: who is next is told what the page says, never the whole promise."""
    if kind is MessageKind.NEXT_STOP:
        return here.expected if here else None
    return None if kind in _WITHOUT_WINDOW or not promises else promises[-1].window


def _occasion(kind: MessageKind, event: Event, order: Order) -> UUID:
    """What may be told once: the order, the stop, or this very fact."""
    if kind in _ONCE_PER_ORDER:
        return order.id
    return event.subject_id if kind in _ONCE_PER_STOP else event.id


async def _is_over(tx: PlatformStore, kind: MessageKind, event: Event) -> bool:
    """A phone back in coverage tells the start and the end at once: nobody is next any more."""
    if kind is not MessageKind.NEXT_STOP:
        return False
    try:
        stop = await tx.routes.get_stop(event.subject_id)
    except NotFoundError:
        return False
    return stop.state is StopState.CLOSED


async def _learn_door_point(tx: PlatformStore, event: Event) -> None:
    if event.type != "order.delivered" or event.position is None:
        return
    order = await _find_order(tx, event)
    if order is not None:
        await learn_door_point(tx, order, event.position)


async def _holder_id(tx: PlatformStore, event: Event) -> UUID | None:
    """The merchant that a held place is of; None of anything else."""
    if event.subject_kind != "reservation":
        return None
    return next(
        (held.merchant_id for held in await tx.reservations.list_of([event.subject_id])), None
    )


async def _find_order(tx: PlatformStore, event: Event) -> Order | None:
    if event.order_id is None:
        return None
    try:
        return await tx.orders.get(event.order_id)
    except NotFoundError:
        return None
