"""Today's promises, gathered once for the first line's numbers and for the rows behind them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from litestar import get

from promesa.analytics.headline import (
    FORMULA,
    PromiseNow,
    Standing,
    risk_unrouted,
    standing_of,
    standing_promise,
)
from promesa.api.decoding import View
from promesa.api.order_views import WindowView, window_view
from promesa.domain.actor import Permission
from promesa.domain.order import Order, OrderState
from promesa.domain.promise import Promise, PromiseRisk
from promesa.domain.stop import Stop, StopState
from promesa.orders.repository import OrderFilter
from promesa.runtime.fleet_watch import FleetWatch, WatchedRoute
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore
from promesa.tracking.risk import window_risk, worst_risk
from promesa.tracking.snapshot import RouteSnapshot

WAITING_ORDERS_MAX = 500
_WAITING = frozenset({OrderState.ADDRESS_REVIEW, OrderState.CONFIRMED, OrderState.RESCHEDULED})


class PromiseRow(View):
    """A promise behind a number."""

    order_id: UUID
    reference: str
    route_code: str | None
    window: WindowView
    first_window: WindowView
    expected_at: datetime | None
    standing: str
    fate: str


class PromiseRows(View):
    """The rows of a number, and how it is counted."""

    formula: str
    items: list[PromiseRow]


class Known:
    """Today's promises with their risk, gathered once for the numbers and their rows."""

    def __init__(
        self,
        watch: FleetWatch,
        waiting: list[Order],
        told: dict[UUID, list[Promise]],
        now: datetime,
    ) -> None:
        self.watch = watch
        self._now = now
        self.waiting = waiting
        self._told = told

    def promises(self) -> Iterable[tuple[Order, WatchedRoute | None, list[Promise], PromiseNow]]:
        """Each promise of today once, on a route or waiting for one."""
        day, seen = self.watch.day, self.watch.snapshot()
        carried: set[UUID] = set()
        for watched in self.watch.routes():
            picture = seen.find_route(watched.route.id)
            for stop in watched.stops.values():
                order = watched.orders.get(stop.order_id)
                versions = watched.told.get(stop.order_id, [])
                standing = standing_promise(versions)
                if order is None or standing is None or order.id in carried:
                    continue
                carried.add(order.id)
                risk = _risk(picture, stop, standing, self._now)
                now = PromiseNow(order_id=order.id, promise=standing, risk=risk)
                yield order, watched, versions, now
        for order in self.waiting:
            versions = self._told.get(order.id, [])
            standing = standing_promise(versions)
            if standing is not None and order.id not in carried and order.date == day:
                risk = risk_unrouted(standing, self._now)
                now = PromiseNow(order_id=order.id, promise=standing, risk=risk)
                yield order, None, versions, now


def _risk(
    picture: RouteSnapshot | None, stop: Stop, standing: Promise, now: datetime
) -> PromiseRisk | None:
    """Of the promise that counts: a window told because we are late makes no promise safe again."""
    risk = picture.risks.get(stop.id) if picture else None
    if picture is None or risk is None or stop.state is StopState.CLOSED:
        return risk
    arrival = picture.find_arrival(stop.id)
    own = window_risk(standing.window, arrival, arrived_at=stop.arrived_at, now=now)
    # A window told later that is in danger too, or a van that broke down, weighs as much.
    return worst_risk((risk, own))


async def know(tx: PlatformStore, watch: FleetWatch, now: datetime) -> Known:
    """Today's promises of the orders on routes and of those that wait for one."""
    waiting = await tx.orders.list_page(
        OrderFilter(date=watch.day, states=_WAITING), limit=WAITING_ORDERS_MAX
    )
    told = await tx.promises.list_of([order.id for order in waiting])
    return Known(watch, waiting, told, now)


@get("/v1/day/promises", access=Permission.READ_OPERATION, summary="The rows behind a number")
async def list_promises(
    platform: Platform, caller: Caller, standing: Standing | None = None
) -> PromiseRows:
    """Today's promises that stand so, with the formula of the count."""
    watch = await platform.ready_watch(caller.tenant_id)
    async with platform.transaction(caller.tenant_id) as tx:
        known = await know(tx, watch, platform.clock.now())
    items = []
    for order, watched, versions, now in known.promises():
        stands = standing_of(now)
        if standing is not None and stands is not standing:
            continue
        here = watch.find_order(order.id)
        items.append(
            PromiseRow(
                order_id=order.id,
                reference=order.reference,
                route_code=watched.route.code if watched else None,
                window=window_view(now.promise.window),
                first_window=window_view(versions[0].window),
                expected_at=here.eta.p50 if here and here.eta else None,
                standing=stands.value,
                fate=now.promise.fate.value,
            )
        )
    items.sort(key=lambda row: (row.window.end, row.reference))
    return PromiseRows(formula=FORMULA, items=items)
