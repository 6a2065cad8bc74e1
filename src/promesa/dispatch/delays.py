"""When the plan no longer holds for a promise, a new one is made before the recipient asks.

The first promise stays for judging; the new version says when it will really be, and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from promesa.dispatch.journal import Journal
from promesa.dispatch.promises import make_promise
from promesa.dispatch.repository import DispatchStore
from promesa.domain.actor import Actor
from promesa.domain.order import OrderState
from promesa.domain.promise import Promise
from promesa.kernel.ids import derived_id
from promesa.kernel.timewindow import TimeWindow
from promesa.notify.delay import is_worth_telling

# Moved more often than this a window is no longer worth reading: then a person should call.
DELAYS_MAX = 3
CAUSE = "delay_earlier_stops"
CAUSE_OF_BREAKDOWN = "delay_breakdown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """A stop whose promise will not be kept, and the window that can be."""

    order_id: UUID
    route_id: UUID
    window: TimeWindow
    is_broken_down: bool = False


async def tell_delay(
    tx: DispatchStore, delay: Delay, *, actor: Actor, now: datetime
) -> Promise | None:
    """Makes the new promise; None when it is not worth telling, or told too often."""
    order = await tx.orders.get(delay.order_id)
    told = (await tx.promises.list_of([order.id])).get(order.id, [])
    if order.state is not OrderState.OUT_FOR_DELIVERY or not told:
        return None
    delays = sum(promise.cause.startswith("delay") for promise in told)
    if delays >= DELAYS_MAX or not is_worth_telling(told[-1].window, delay.window):
        return None
    journal = Journal(
        tx=tx,
        cause_id=derived_id("delay", order.id, told[-1].version),
        actor=actor,
        occurred_at=now,
        recorded_at=now,
        route_id=delay.route_id,
    )
    cause = CAUSE_OF_BREAKDOWN if delay.is_broken_down else CAUSE
    return await make_promise(journal, order, delay.window, cause=cause)
