"""What closing a day would do, told before it is done: routes still open, and each order's fate.

Reads only; the fates are those of the policy that ``day.close_day`` applies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from promesa.dispatch.day import LEFT_OVER, DayState, day_state, orders_of
from promesa.dispatch.failures import (
    DEFAULT_RETRY_POLICY,
    Ending,
    RetryPolicy,
    ending_of,
    next_open_day,
)
from promesa.dispatch.repository import DispatchStore
from promesa.dispatch.route_closing import BEFORE_START
from promesa.domain.order import Order, OrderState
from promesa.domain.parcel import ParcelState
from promesa.domain.route import UNDER_WAY, Route, RouteState
from promesa.domain.stop import Outcome, Stop, StopState

_ABOARD = frozenset({ParcelState.LOADED, ParcelState.IN_TRANSIT, ParcelState.RETURN_IN_TRANSIT})
_SHOWN = BEFORE_START | UNDER_WAY | {RouteState.FINISHED}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRoute:
    """A route that is not squared yet.

    Attributes:
        open_stops: Not visited; ``aboard`` are parcels the depot has not scanned back.
    """

    route: Route
    open_stops: int
    failed_stops: int
    aboard: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrder:
    """An order that closing the day would end, and how.

    Attributes:
        reason: Why its last visit failed; None for one nobody visited.
        day: When it goes again; None when it does not.
    """

    order_id: UUID
    reference: str
    state: OrderState
    reason: str | None
    ending: Ending
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """A day as it stands before it is closed.

    Attributes:
        states: How many orders of the day are in each state.
    """

    state: DayState
    next_day: date
    routes: tuple[OpenRoute, ...]
    orders: tuple[OpenOrder, ...]
    states: dict[OrderState, int]


async def look_at_day(
    tx: DispatchStore, day: date, *, today: date, policy: RetryPolicy = DEFAULT_RETRY_POLICY
) -> Outlook:
    """What is open on ``day``, and what would become of it ``today``; changes nothing."""
    next_day = next_open_day(day, today, policy)
    routes = await tx.routes.list_of(day)
    orders = await orders_of(tx, day)
    stops = await tx.routes.list_stops_of_day(day)
    driving = {route.id for route in routes if route.state in UNDER_WAY}
    held = {
        stop.order_id
        for stop in stops
        if stop.state is not StopState.CLOSED and stop.route_id in driving
    }
    of_order: dict[UUID, list[Stop]] = {}
    for stop in stops:
        of_order.setdefault(stop.order_id, []).append(stop)
    found = [
        _fate(order, of_order.get(order.id, []), next_day, policy)
        for order in orders
        if order.id not in held
    ]
    here = {order.id: order for order in orders}
    return Outlook(
        state=day_state(routes),
        next_day=next_day,
        routes=tuple(_open(route, stops, here) for route in routes if route.state in _SHOWN),
        orders=tuple(item for item in found if item is not None),
        states=dict(Counter(order.state for order in orders)),
    )


def _open(route: Route, stops: Sequence[Stop], orders: dict[UUID, Order]) -> OpenRoute:
    own = [stop for stop in stops if stop.route_id == route.id]
    parcels = [
        parcel
        for stop in own
        if stop.order_id in orders
        for parcel in orders[stop.order_id].parcels
    ]
    return OpenRoute(
        route=route,
        open_stops=sum(stop.state is not StopState.CLOSED for stop in own),
        failed_stops=sum(stop.outcome is Outcome.FAILED for stop in own),
        aboard=sum(parcel.state in _ABOARD for parcel in parcels),
    )


def _fate(
    order: Order, stops: Sequence[Stop], next_day: date, policy: RetryPolicy
) -> OpenOrder | None:
    if order.state is OrderState.DELIVERY_FAILED:
        failed = [stop for stop in stops if stop.outcome is Outcome.FAILED]
        last = max(failed, key=lambda stop: (stop.attempt, stop.id), default=None)
        reason = last.reason if last and last.reason else "SYSTEM_ERROR"
        ending = ending_of(reason, attempts=order.attempts, policy=policy)
    elif order.state in LEFT_OVER:
        reason, ending = None, Ending.RETRY
    else:
        return None
    goes_again = ending in {Ending.RETRY, Ending.FIX_ADDRESS, Ending.RETURN}
    return OpenOrder(
        order_id=order.id,
        reference=order.reference,
        state=order.state,
        reason=reason,
        ending=ending,
        day=next_day if goes_again else None,
    )
