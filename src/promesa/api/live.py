"""What is live: the stream of facts, the feed to resume from, and where the vans are."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Router, get
from litestar.params import Parameter
from litestar.response import Stream

from promesa.api.decoding import INTEGER_MAX, View
from promesa.api.pages import PAGE_ITEMS_DEFAULT
from promesa.api.streams import open_facts_stream
from promesa.domain.actor import Permission
from promesa.runtime.live import FactView, view_of
from promesa.runtime.platform import Caller, Platform

FEED_ITEMS_MAX = 1000


class FeedView(View):
    """Numbered events; ``next_after`` resumes and skips none."""

    items: list[FactView]
    next_after: int


class VanPosition(View):
    """Where a van was last."""

    route_id: UUID
    position: tuple[float, float]
    heading_deg: float | None
    at: datetime


class VanPositions(View):
    """Every van that reported today."""

    items: list[VanPosition]


@get("/v1/stream", access=Permission.READ_OPERATION, summary="Facts and positions as they happen")
async def stream(platform: Platform, caller: Caller, request: Request[Any, Any, Any]) -> Stream:
    """Server-sent events; Last-Event-ID resumes after that number."""
    return open_facts_stream(platform, caller.actor, request.headers.get("last-event-id"))


@get("/v1/events", access=Permission.READ_OPERATION, summary="The event log, by number")
async def list_events(
    platform: Platform,
    caller: Caller,
    after: Annotated[int, Parameter(ge=0, le=INTEGER_MAX)] = 0,
    limit: Annotated[int, Parameter(ge=1, le=FEED_ITEMS_MAX)] = PAGE_ITEMS_DEFAULT,
) -> FeedView:
    """Events after a number, in the order they were committed."""
    async with platform.transaction(caller.tenant_id) as tx:
        events = await tx.events.list_after(after, limit=limit)
    last = events[-1].number if events else after
    return FeedView(items=[view_of(event) for event in events], next_after=last or after)


@get("/v1/day/positions", access=Permission.READ_OPERATION, summary="Where the vans are")
async def list_positions(platform: Platform, caller: Caller) -> VanPositions:
    """The last believed position of each van of today."""
    watch = await platform.ready_watch(caller.tenant_id)
    items = [
        VanPosition(
            route_id=route_id,
            position=(seen.fix.position.lon, seen.fix.position.lat),
            heading_deg=seen.fix.heading_deg,
            at=seen.fix.at,
        )
        for route_id, seen in sorted(watch.snapshot().routes.items())
        if seen.fix is not None
    ]
    return VanPositions(items=items)


router = Router(path="", route_handlers=[stream, list_events, list_positions], tags=["live"])
