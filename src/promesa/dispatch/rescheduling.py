"""Another day, called off, or back to the sender: what dispatchers and merchants decide.

The order leaves its route first, if it has one; orders then writes what changed.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from promesa.dispatch.failures import send_back
from promesa.dispatch.journal import Journal
from promesa.dispatch.promises import always, close_promises
from promesa.dispatch.repository import DispatchStore
from promesa.dispatch.versions import withdraw
from promesa.domain.actor import ActorKind
from promesa.domain.order import ORDER, Order, OrderState
from promesa.domain.promise import PromiseFate
from promesa.kernel.errors import ConflictError
from promesa.kernel.ids import derived_id
from promesa.kernel.timewindow import TimeWindow
from promesa.orders import changing
from promesa.orders.desk import Author, Desk
from promesa.orders.reading import get_own_order

_ENDED = frozenset(
    {
        OrderState.DELIVERED,
        OrderState.RETURNED,
        OrderState.RETURNING,
        OrderState.CANCELLED,
        OrderState.LOST,
    }
)


class OrderNotReturnableError(ConflictError):
    """The parcels are not with us, or on their way back already."""

    code: ClassVar[str] = "order_not_returnable"
    message: ClassVar[str] = "Este pedido no se puede devolver: ya se entregó, volvió o se anuló."


async def reschedule(
    tx: DispatchStore,
    order_id: UUID,
    *,
    day: date,
    window: TimeWindow | None = None,
    cause: str | None = None,
    desk: Desk,
    author: Author,
) -> Order:
    """Puts an order on another day, off its route, with a new promise.

    Raises:
        TransitionError: Its state does not allow it.
        OrderInvalidError: The day is over, or the window is not on it.
    """
    order = await get_own_order(tx, order_id, author.actor)
    ORDER.step(order.state, OrderState.RESCHEDULED)
    told = cause or f"rescheduled_by_{author.actor.kind.value}"
    journal = journal_of(tx, order, "reschedule", desk=desk, author=author)
    await withdraw(journal, order, cause=told)
    return await changing.reschedule_order(
        tx, order_id, day=day, window=window, cause=told, desk=desk, author=author
    )


async def cancel(
    tx: DispatchStore, order_id: UUID, *, cause: str, desk: Desk, author: Author
) -> Order:
    """Calls an order off and takes it off its route; twice is once.

    Raises:
        TransitionError: Its state does not allow it any more.
    """
    order = await get_own_order(tx, order_id, author.actor)
    if order.state is OrderState.CANCELLED:
        return order
    ORDER.step(order.state, OrderState.CANCELLED)
    journal = journal_of(tx, order, "cancel", desk=desk, author=author)
    await withdraw(journal, order, cause=cause)
    return await changing.cancel_order(tx, order_id, cause=cause, desk=desk, author=author)


async def start_return(
    tx: DispatchStore, order_id: UUID, *, cause: str, desk: Desk, author: Author
) -> Order:
    """Sends an order back to its sender: off its route, one more leg, planned like any other.

    Raises:
        OrderNotReturnableError: It is delivered, returned, called off or lost.
    """
    order = await get_own_order(tx, order_id, author.actor)
    if order.state in _ENDED or not ORDER.allows(order.state, OrderState.RETURNING):
        raise OrderNotReturnableError(state=order.state.value)
    journal = journal_of(tx, order, "return", desk=desk, author=author)
    await withdraw(journal, order, cause=cause)
    is_ours = author.actor.kind is ActorKind.USER
    fate = PromiseFate.BROKEN if is_ours else PromiseFate.RELEASED
    await close_promises(journal, order, always(fate))
    await send_back(journal, order, cause=cause)
    return await tx.orders.get(order_id)


def journal_of(
    tx: DispatchStore, order: Order, what: str, *, desk: Desk, author: Author
) -> Journal:
    """A journal whose cause is this deed upon this version of the order."""
    now = desk.clock.now()
    return Journal(
        tx=tx,
        cause_id=derived_id(what, order.id, order.version, now.isoformat()),
        actor=author.actor,
        occurred_at=now,
        recorded_at=now,
        request_id=author.request_id,
    )
