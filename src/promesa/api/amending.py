"""Changing an order, on a route or off it: first what would happen, then doing it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from litestar import Router, post

from promesa.api.decoding import View
from promesa.api.order_views import PlacementView, WindowView, placement_view, window_view
from promesa.api.order_wire import OrderPatch
from promesa.dispatch import amending, proposals
from promesa.dispatch.amending import Amendment
from promesa.dispatch.moving import Rerouted
from promesa.domain.actor import Permission
from promesa.domain.order import Order
from promesa.orders.drafts import OrderChange
from promesa.orders.making import WHEN_FIELDS, promised_window
from promesa.runtime.delivery_days import intake_desk
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

if TYPE_CHECKING:
    from promesa.dispatch.situation import Situation


class RouteChangeView(View):
    """What a change does to the route the order is on; its driver gets the next version."""

    code: str
    version: int
    is_under_way: bool
    sequence: int
    new_sequence: int
    arrival: datetime
    new_arrival: datetime
    end: datetime
    new_end: datetime


class ChangeView(View):
    """What a change would do; nothing is decided yet."""

    fields: list[str]
    placement: PlacementView | None
    needs_review: bool
    promise: WindowView | None
    is_kept: bool | None
    route: RouteChangeView | None


@post(
    "/v1/orders/{order_id:uuid}/change-preview",
    access=Permission.WRITE_ORDERS,
    status_code=200,
    summary="What a change would do",
)
async def preview_change(
    order_id: UUID, data: OrderPatch, platform: Platform, caller: Caller
) -> ChangeView:
    """The fields that change, the new door, and the route with the order in it; writes nothing."""
    amendment, situation, rerouted = await _work_out(
        platform, caller, order_id, data.change(), version=data.version
    )
    revision = amendment.revision
    told = None
    if revision.fields & WHEN_FIELDS:
        workday = platform.desk().policy.workday(revision.order.date)
        told = promised_window(revision.order, workday)
    elif situation is not None:
        told = situation.promised.get(order_id)
    route = _route_view(platform, caller, amendment, situation, rerouted)
    placement = revision.order.placement
    return ChangeView(
        fields=sorted(revision.fields),
        placement=placement_view(placement),
        needs_review=placement is None or not placement.is_routable,
        promise=window_view(told) if told else None,
        is_kept=route.new_arrival <= told.end if route and told else None,
        route=route,
    )


async def apply_change(
    platform: Platform,
    caller: Caller,
    order_id: UUID,
    change: OrderChange,
    *,
    version: int,
    then: Callable[[PlatformStore, Order], Awaitable[None]] | None = None,
) -> None:
    """Makes the change, and ``then`` what goes with it; the route's next version goes out."""
    amendment, _, rerouted = await _work_out(platform, caller, order_id, change, version=version)
    async with platform.transaction(caller.tenant_id) as tx:
        kept = await amending.keep_amendment(
            tx,
            amendment,
            rerouted,
            desk=platform.desk(),
            author=platform.author(caller),
        )
        if then is not None:
            await then(tx, kept)
    if rerouted is not None:
        await platform.pump.catch_up()


async def _work_out(
    platform: Platform, caller: Caller, order_id: UUID, change: OrderChange, *, version: int
) -> tuple[Amendment, Situation | None, Rerouted | None]:
    """Reads what there is, and finds the stop's new place outside of any transaction."""
    watch = await platform.ready_watch(caller.tenant_id)
    seen = watch.snapshot().routes
    fixes = {key: item.fix for key, item in seen.items() if item.fix is not None}
    async with platform.transaction(caller.tenant_id) as tx:
        desk = await intake_desk(platform, tx, caller)
        amendment = await amending.read_amendment(
            tx,
            order_id,
            change,
            version=version,
            desk=desk,
            author=platform.author(caller),
        )
        if amendment.stop is None:
            return amendment, None, None
        day = (await tx.routes.get(amendment.stop.route_id)).date
        situation = await proposals.gather_situation(tx, day, now=platform.clock.now(), fixes=fixes)
    rerouted = await asyncio.to_thread(
        amending.fit,
        situation,
        amendment,
        platform.streets(caller.tenant_id),
        workday=desk.policy.workday(amendment.revision.order.date),
    )
    return amendment, situation, rerouted


def _route_view(
    platform: Platform,
    caller: Caller,
    amendment: Amendment,
    situation: Situation | None,
    rerouted: Rerouted | None,
) -> RouteChangeView | None:
    stop = amendment.stop
    if stop is None or situation is None or rerouted is None:
        return None
    now = situation.get_route(stop.route_id)
    before = next(item for item in now.version.stops if item.stop_id == stop.id)
    sequence, after = next(
        (number, item)
        for number, item in enumerate(rerouted.stops, start=1)
        if item.stop_id == stop.id
    )
    here = platform.watch(caller.tenant_id).find_order(amendment.revision.order.id)
    return RouteChangeView(
        code=now.route.code,
        version=now.route.version + 1,
        is_under_way=now.is_under_way,
        sequence=before.sequence,
        new_sequence=sequence,
        arrival=here.eta.p50 if here and here.eta else before.arrival,
        new_arrival=after.arrival,
        end=now.version.end,
        new_end=rerouted.timing.end,
    )


router = Router(path="", route_handlers=[preview_change], tags=["orders"])
