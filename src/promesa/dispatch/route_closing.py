"""Closing a route from the torre: what nobody visited is told and put on another day.

A route nobody drove is called off and its orders wait for another one. One on the road is taken
as back: each open stop ends as skipped, since no visit was made, and counts as no attempt; its
parcels stay with the van until the depot scans them in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from promesa.dispatch.failures import (
    DEFAULT_RETRY_POLICY,
    RetryPolicy,
    day_after,
    retry_on,
    settle_route,
)
from promesa.dispatch.journal import Journal
from promesa.dispatch.promises import always, close_promises, make_promise
from promesa.dispatch.repository import DispatchStore
from promesa.dispatch.resting import with_end
from promesa.dispatch.route_over import RouteOverError
from promesa.domain.actor import Actor, Permission
from promesa.domain.order import ORDER, Order, OrderState
from promesa.domain.promise import PromiseFate
from promesa.domain.route import ROUTE, UNDER_WAY, Route, RouteState
from promesa.domain.stop import Outcome, Stop, StopState
from promesa.kernel.clock import Clock
from promesa.kernel.ids import Ids
from promesa.promising.windows import whole_day

DAY_CAUSE = "day_closed"
ROUTE_CAUSE = "route_closed"
# The reason of the dictionary for a stop the van did not reach.
NOT_REACHED = "OUT_OF_TIME"
BEFORE_START = frozenset({RouteState.PUBLISHED, RouteState.LOADING, RouteState.LOADED})


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteClosing:
    """What closing a route did.

    Attributes:
        skipped: Orders nobody visited, put on another day.
        waiting: Orders of a route nobody drove; they wait for another one.
        settled: Failed visits that ended by the policy.
    """

    route: Route
    skipped: tuple[UUID, ...] = ()
    waiting: tuple[UUID, ...] = ()
    settled: tuple[UUID, ...] = ()


async def close_route(
    tx: DispatchStore,
    route_id: UUID,
    *,
    actor: Actor,
    clock: Clock,
    ids: Ids,
    request_id: str | None = None,
    policy: RetryPolicy = DEFAULT_RETRY_POLICY,
) -> RouteClosing:
    """Ends a route as it is now; nothing of it stays open.

    Raises:
        RouteOverError: It has ended already.
    """
    actor.require(Permission.DISPATCH)
    route = await tx.routes.lock(route_id)
    now = clock.now()
    journal = Journal(
        tx=tx,
        cause_id=ids.next(),
        actor=actor,
        occurred_at=now,
        recorded_at=now,
        request_id=request_id,
    )
    if route.state in BEFORE_START:
        waiting = await cancel_route(journal, route, cause=ROUTE_CAUSE)
        return RouteClosing(route=await tx.routes.get(route_id), waiting=waiting)
    if route.state not in UNDER_WAY:
        raise RouteOverError(state=route.state.value)
    return await _bring_back(journal.on_route(route.id), route, policy)


async def cancel_route(
    journal: Journal, route: Route, *, cause: str = DAY_CAUSE
) -> tuple[UUID, ...]:
    """A route nobody drove: its stops close as cancelled, its orders wait again."""
    journal = journal.on_route(route.id)
    waiting = []
    for stop in await _open_stops(journal, route):
        await _close(journal, stop, Outcome.CANCELLED, reason=None)
        order = await journal.tx.orders.get(stop.order_id)
        await journal.of_order(order, "order.unscheduled", {"cause": cause})
        waiting.append(order.id)
    await journal.of_route(route, "route.cancelled", {"cause": cause})
    state = ROUTE.step(route.state, RouteState.CANCELLED)
    await journal.tx.routes.save(replace(route, state=state))
    return tuple(waiting)


async def put_off(journal: Journal, order: Order, day: date, *, cause: str) -> None:
    """Nobody came: the promise is broken, and another day is promised."""
    if order.state is OrderState.RETURNING:
        await journal.tx.orders.save(replace(order, date=day))
        return
    await close_promises(journal, order, always(PromiseFate.BROKEN))
    if ORDER.allows(order.state, OrderState.RESCHEDULED):
        await retry_on(journal, order, day, by="policy", cause=cause)
        return
    # Under review or being prepared: it stays so, for another day.
    moved = replace(order, date=day, windows=())
    data: dict[str, object] = {"date": day.isoformat(), "by": "policy", "cause": cause}
    await journal.of_order(moved, "order.rescheduled", data)
    await make_promise(journal, moved, whole_day(day), cause="rescheduled_by_policy")
    await journal.tx.orders.save(moved)


async def _bring_back(journal: Journal, route: Route, policy: RetryPolicy) -> RouteClosing:
    skipped = []
    for stop in await _open_stops(journal, route):
        await _close(journal, stop, Outcome.SKIPPED, reason=NOT_REACHED)
        order = await journal.tx.orders.get(stop.order_id)
        day = day_after(journal, order.date, policy)
        await put_off(journal, order, day, cause=NOT_REACHED.lower())
        skipped.append(order.id)
    finished = replace(
        route,
        state=ROUTE.step(route.state, RouteState.FINISHED),
        finished_at=journal.occurred_at,
        is_broken_down=False,
        rests=with_end(route.rests, journal.occurred_at),
    )
    await journal.of_route(finished, "route.finished", {"skipped": len(skipped)})
    await journal.tx.routes.save(finished)
    settled = await settle_route(journal, finished, policy)
    return RouteClosing(
        route=finished,
        skipped=tuple(skipped),
        settled=tuple(order.id for order in settled),
    )


async def _open_stops(journal: Journal, route: Route) -> list[Stop]:
    stops = await journal.tx.routes.list_stops(route.id)
    return [stop for stop in stops if stop.state is not StopState.CLOSED]


async def _close(journal: Journal, stop: Stop, outcome: Outcome, *, reason: str | None) -> None:
    closed = replace(
        stop,
        state=StopState.CLOSED,
        outcome=outcome,
        reason=reason,
        closed_at=journal.occurred_at,
    )
    await journal.tx.routes.put_stop(closed)
    data: dict[str, object] = {
        "outcome": outcome.value,
        "reason": reason,
        "attempt": stop.attempt,
        "type": stop.type.value,
    }
    await journal.of_stop(closed, "stop.closed", data)
