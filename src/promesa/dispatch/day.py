"""The state of a service day, and closing it: whatever was not done is told and put on another day.

    planning ── first route published ──> published ── first van leaves ──> on_the_road
    on_the_road ── last van is back ──> over

A day is closed by a job in the night, or at the end of a simulation. It closes what is still open
around routes that are over; a van on the road is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from promesa.dispatch.failures import (
    DEFAULT_RETRY_POLICY,
    RetryPolicy,
    day_after,
    settle,
)
from promesa.dispatch.journal import Journal
from promesa.dispatch.repository import DispatchStore
from promesa.dispatch.route_closing import (
    BEFORE_START,
    DAY_CAUSE,
    cancel_route,
    put_off,
)
from promesa.domain.actor import Actor, Permission
from promesa.domain.order import Order, OrderState
from promesa.domain.route import UNDER_WAY, Route, RouteState
from promesa.domain.stop import Outcome, Stop, StopState
from promesa.kernel.clock import Clock
from promesa.kernel.errors import ConflictError, InvalidError
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.orders.repository import OrderFilter

PAGE = 500
LEFT_OVER = frozenset(
    {
        OrderState.CONFIRMED,
        OrderState.ADDRESS_REVIEW,
        OrderState.SCHEDULED,
        OrderState.IN_PREPARATION,
        OrderState.READY_FOR_DISPATCH,
        OrderState.RESCHEDULED,
        OrderState.RETURNING,
    }
)


class DayState(StrEnum):
    """How far a service day is."""

    PLANNING = "planning"
    PUBLISHED = "published"
    ON_THE_ROAD = "on_the_road"
    OVER = "over"


class DayAheadError(InvalidError):
    """A day that has not come can't be closed."""

    code: ClassVar[str] = "day_ahead"
    message: ClassVar[str] = "Ese día aún no llega. Cierra hoy o un día que ya pasó."


class DayClosedError(ConflictError):
    """Somebody else closed it meanwhile, and nothing is left to do; ``by`` is that user's id."""

    code: ClassVar[str] = "day_closed"
    message: ClassVar[str] = "Otra persona ya cerró este día. Recarga para ver cómo quedó."


@dataclass(frozen=True, slots=True, kw_only=True)
class DayClosing:
    """What closing a day did.

    Attributes:
        still_driving: Routes that are on the road and were left alone.
        settled: Failed visits that ended by the policy.
        moved: Orders no van had visited, put on another day.
    """

    still_driving: tuple[UUID, ...]
    cancelled: tuple[UUID, ...]
    settled: tuple[UUID, ...]
    moved: tuple[UUID, ...]


def day_state(routes: Iterable[Route]) -> DayState:
    """The state of a day by its routes; cancelled ones do not count."""
    states = {route.state for route in routes} - {RouteState.CANCELLED}
    if not states:
        return DayState.PLANNING
    if states & UNDER_WAY:
        return DayState.ON_THE_ROAD
    if not states & BEFORE_START:
        return DayState.OVER
    is_anyone_back = bool(states & {RouteState.FINISHED, RouteState.RECONCILED})
    return DayState.ON_THE_ROAD if is_anyone_back else DayState.PUBLISHED


async def close_day(
    tx: DispatchStore,
    day: date,
    *,
    actor: Actor,
    clock: Clock,
    policy: RetryPolicy = DEFAULT_RETRY_POLICY,
    zone: str = SANTIAGO,
) -> DayClosing:
    """Closes a day: each order of it ends, waits for a person, or has another day and promise.

    Twice is once: what is closed is found closed. Two who close it at once do so one after the
    other.

    Raises:
        DayAheadError: It has not come.
        DayClosedError: Somebody else closed it before, and nothing was left.
    """
    actor.require(Permission.DISPATCH)
    now = clock.now()
    if day > ServiceDay.of(now, zone).date:
        raise DayAheadError(date=day.isoformat())
    await tx.routes.lock_day(day)
    journal = Journal(
        tx=tx,
        cause_id=derived_id(DAY_CAUSE, day.isoformat(), now.isoformat()),
        actor=actor,
        occurred_at=now,
        recorded_at=now,
    )
    routes = await tx.routes.list_of(day)
    cancelled = []
    for route in routes:
        if route.state in BEFORE_START:
            await cancel_route(journal, await tx.routes.lock(route.id))
            cancelled.append(route.id)
    settled, moved = [], []
    for order in await orders_of(tx, day):
        if order.state is OrderState.DELIVERY_FAILED:
            ended = await settle(journal, order, await _failed_stop(tx, order), policy)
            settled += [order.id] if ended.state is not order.state else []
        elif order.state in LEFT_OVER and not await _is_on_a_route(tx, order):
            await put_off(journal, order, day_after(journal, day, policy), cause=DAY_CAUSE)
            moved.append(order.id)
    if not (cancelled or settled or moved):
        await _require_own(tx, day, actor, now, zone)
    data: dict[str, object] = {
        "date": day.isoformat(),
        "cancelled": len(cancelled),
        "settled": len(settled),
        "moved": len(moved),
    }
    await journal.of_cause(("day", _day_id(day)), "day.closed", data)
    return DayClosing(
        still_driving=tuple(route.id for route in routes if route.state in UNDER_WAY),
        cancelled=tuple(cancelled),
        settled=tuple(settled),
        moved=tuple(moved),
    )


async def _require_own(
    tx: DispatchStore, day: date, actor: Actor, now: datetime, zone: str
) -> None:
    """Nothing was left to close: who finds somebody else's closing is told whose."""
    began = ServiceDay(day, zone).start
    told = await tx.events.list_between(
        began, now + timedelta(seconds=1), types=frozenset({"day.closed"})
    )
    closings = [event for event in told if event.subject_id == _day_id(day)]
    if closings and closings[-1].actor.id != actor.id:
        last = closings[-1]
        raise DayClosedError(by=last.actor.id, at=last.recorded_at)


def _day_id(day: date) -> UUID:
    return derived_id("day", day.isoformat())


async def orders_of(tx: DispatchStore, day: date) -> list[Order]:
    """Every order of a day, by id."""
    orders: list[Order] = []
    after: tuple[date, UUID] | None = None
    while True:
        page = await tx.orders.list_page(OrderFilter(date=day), limit=PAGE, after=after)
        orders.extend(page)
        if len(page) < PAGE:
            return orders
        after = (page[-1].date, page[-1].id)


async def _failed_stop(tx: DispatchStore, order: Order) -> Stop:
    """The visit that failed last; an order that failed has one."""
    stops = await tx.routes.list_stops_of_order(order.id)
    return max(
        (stop for stop in stops if stop.outcome is Outcome.FAILED),
        key=lambda stop: (stop.attempt, stop.id),
    )


async def _is_on_a_route(tx: DispatchStore, order: Order) -> bool:
    stops = await tx.routes.list_stops_of_order(order.id)
    return any(stop.state is not StopState.CLOSED for stop in stops)
