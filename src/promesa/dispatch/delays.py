"""When the plan no longer holds for a promise, a new one is made before the recipient asks.

The first promise stays for judging; the new version says when it will really be, and why. When
the promise holds again, by a rescue or because the van caught up, that is told as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from promesa.dispatch.journal import Journal
from promesa.dispatch.promises import make_promise
from promesa.dispatch.repository import DispatchStore
from promesa.domain.actor import Actor
from promesa.domain.order import OrderState
from promesa.domain.promise import Promise, PromiseFate, standing_promise
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.notify.delay import is_worth_telling

# Moved more often than this a window is no longer worth reading: then a person should call.
DELAYS_MAX = 3
CAUSE = "delay_earlier_stops"
CAUSE_OF_BREAKDOWN = "delay_breakdown"
# No delay: the window promised before is told again, and counts as it did.
CAUSE_BACK_ON_TIME = "back_on_time"


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
    if order.state is not OrderState.OUT_FOR_DELIVERY or order.is_left_behind or not told:
        return None
    delays = sum(promise.is_delay for promise in told)
    if delays >= DELAYS_MAX or not is_worth_telling(told[-1].window, delay.window):
        return None
    journal = _journal(tx, "delay", told[-1], delay.route_id, actor=actor, now=now)
    cause = CAUSE_OF_BREAKDOWN if delay.is_broken_down else CAUSE
    return await make_promise(journal, order, delay.window, cause=cause)


def taken_back(versions: Sequence[Promise], day: ServiceDay) -> TimeWindow | None:
    """The window promised before a delay that was told last; None when there is none to keep."""
    if not versions or not versions[-1].is_delay:
        return None
    standing = standing_promise(versions, day)
    if standing is None or standing.is_delay or standing.fate is not PromiseFate.OPEN:
        return None
    return standing.window


async def tell_back_on_time(
    tx: DispatchStore,
    order_id: UUID,
    route_id: UUID,
    *,
    day: ServiceDay,
    actor: Actor,
    now: datetime,
) -> Promise | None:
    """Makes the promise anew whose delay is over; None when no delay was told last.

    Each delay is taken back once, so never more often than delays are told.
    """
    order = await tx.orders.get(order_id)
    told = (await tx.promises.list_of([order.id])).get(order.id, [])
    window = taken_back(told, day)
    if order.state is not OrderState.OUT_FOR_DELIVERY or window is None:
        return None
    journal = _journal(tx, CAUSE_BACK_ON_TIME, told[-1], route_id, actor=actor, now=now)
    return await make_promise(journal, order, window, cause=CAUSE_BACK_ON_TIME)


def _journal(
    tx: DispatchStore, what: str, last: Promise, route_id: UUID, *, actor: Actor, now: datetime
) -> Journal:
    return Journal(
        tx=tx,
        cause_id=derived_id(what, last.order_id, last.version),
        actor=actor,
        occurred_at=now,
        recorded_at=now,
        route_id=route_id,
    )
