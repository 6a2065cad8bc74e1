"""Live traffic: streets a dispatcher marks as closed or slow, and what the other sources say."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, delete, get, post

from promesa.api.decoding import View, Wire
from promesa.api.order_views import people_shown
from promesa.dispatch.traffic_marks import (
    REASON_CHARS_MAX,
    Drawing,
    Hand,
    MarkWithoutStreetError,
    TrafficMark,
    draw_mark,
    remove_mark,
    restore_mark,
)
from promesa.domain.actor import Permission
from promesa.kernel.geo import Position
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.positions import Lat, Lon
from promesa.runtime.repository import PlatformStore
from promesa.runtime.traffic import Stretch
from promesa.runtime.traffic_run import refresh_traffic

LINE_POINTS_MAX = 200

Line = Annotated[list[tuple[Lon, Lat]], msgspec.Meta(min_length=1, max_length=LINE_POINTS_MAX)]


class LineBody(Wire):
    """A line along a street, in the direction of travel; one position is the street under it."""

    line: Line
    is_both_ways: bool = True


class MarkBody(Wire):
    """A closure, or a slow street with its speed; without ``start`` it holds from now."""

    line: Line
    end: Annotated[datetime, msgspec.Meta(tz=True)]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=REASON_CHARS_MAX)]
    is_both_ways: bool = True
    speed_kph: Annotated[float, msgspec.Meta(ge=1, le=130)] | None = None
    start: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class StreetsView(View):
    """The streets under a line: their names, and one line for each direction of each block.

    Between two corners they follow the street. Where ``is_joined`` is false the pieces leave a gap,
    and who drives passes through it.
    """

    names: list[str]
    length_m: int
    is_joined: bool
    lines: list[list[tuple[float, float]]]


class MarkView(View):
    """A street marked as closed (no speed) or slow."""

    id: UUID
    line: list[tuple[float, float]]
    is_both_ways: bool
    speed_kph: float | None
    reason: str
    start: datetime
    end: datetime
    author_id: UUID
    author: str | None
    made_at: datetime
    is_removed: bool
    streets: StreetsView


class MarkList(View):
    """Marks that hold now or later, by start."""

    items: list[MarkView]


class FeedView(View):
    """What an external feed said last."""

    name: str
    generated_at: datetime | None
    rows: int
    refused: dict[str, int]
    is_stale: bool


class SourceView(View):
    """How many directions of blocks a source speaks of."""

    source: str
    streets: int


class TrafficView(View):
    """What is known of the streets right now; with no source the speed tables stand alone."""

    sources: list[SourceView]
    feed: FeedView | None
    learnt_version: int | None


@get("/v1/traffic", access=Permission.READ_OPERATION, summary="Live traffic")
async def see_traffic(platform: Platform, caller: Caller) -> TrafficView:
    """Who says something of the streets right now, and how fresh the feed is."""
    traffic, now = platform.traffic.of(caller.tenant_id), platform.clock.now()
    counts = [
        SourceView(source=source.name, streets=len(source.speeds(now)))
        for source in traffic.sources()
    ]
    feed = platform.traffic.feed
    learnt = platform.traffic.city.learnt
    return TrafficView(
        sources=counts,
        feed=None
        if feed is None
        else FeedView(
            name=feed.name,
            generated_at=feed.report.generated_at if feed.report else None,
            rows=feed.report.rows if feed.report else 0,
            refused=dict(feed.report.refused) if feed.report else {},
            is_stale=feed.is_stale(now),
        ),
        learnt_version=None if learnt is None else learnt.version,
    )


@post(
    "/v1/traffic/lines",
    access=Permission.DISPATCH,
    status_code=200,
    summary="Streets under a line",
)
async def find_streets(data: LineBody, platform: Platform) -> StreetsView:
    """Which streets a mark with this line would be about; nothing is kept."""
    found = await _stretch(platform, _places(data.line), both=data.is_both_ways)
    return _view_streets(platform, found)


@get("/v1/traffic/marks", access=Permission.READ_OPERATION, summary="Traffic marks")
async def list_marks(platform: Platform, caller: Caller) -> MarkList:
    """Streets marked as closed or slow, that hold now or later."""
    async with platform.transaction(caller.tenant_id) as tx:
        marks = await tx.traffic_marks.list_standing(platform.clock.now())
        return MarkList(items=await _views(platform, tx, caller, marks))


@post("/v1/traffic/marks", access=Permission.DISPATCH, summary="Mark a street")
async def add_mark(data: MarkBody, platform: Platform, caller: Caller) -> MarkView:
    """Marks a street as closed or slow; estimates and new plans drive around it at once."""
    line = _places(data.line)
    await _stretch(platform, line, both=data.is_both_ways)
    drawing = Drawing(
        line=line,
        is_both_ways=data.is_both_ways,
        speed_kph=data.speed_kph,
        reason=data.reason.strip(),
        start=data.start or platform.clock.now(),
        end=data.end,
    )
    async with platform.transaction(caller.tenant_id) as tx:
        mark = await draw_mark(tx, drawing, _hand(platform, caller))
    return await _after(platform, caller, mark)


@delete(
    "/v1/traffic/marks/{mark_id:uuid}",
    access=Permission.DISPATCH,
    summary="Take a traffic mark away",
)
async def take_mark_away(mark_id: UUID, platform: Platform, caller: Caller) -> None:
    """The street is as the tables say again; taking it away twice changes nothing."""
    async with platform.transaction(caller.tenant_id) as tx:
        await remove_mark(tx, mark_id, _hand(platform, caller))
    await refresh_traffic(platform, caller.tenant_id)


@post(
    "/v1/traffic/marks/{mark_id:uuid}/restore",
    access=Permission.DISPATCH,
    status_code=200,
    summary="Put a traffic mark back",
)
async def put_mark_back(mark_id: UUID, platform: Platform, caller: Caller) -> MarkView:
    """Undoes taking it away."""
    async with platform.transaction(caller.tenant_id) as tx:
        mark = await restore_mark(tx, mark_id, _hand(platform, caller))
    return await _after(platform, caller, mark)


def _hand(platform: Platform, caller: Caller) -> Hand:
    return Hand(
        actor=caller.actor,
        clock=platform.clock,
        ids=platform.ids,
        request_id=caller.request_id,
    )


async def _after(platform: Platform, caller: Caller, mark: TrafficMark) -> MarkView:
    """Vans drive around it before the answer goes out."""
    await refresh_traffic(platform, caller.tenant_id)
    async with platform.transaction(caller.tenant_id) as tx:
        (view,) = await _views(platform, tx, caller, [mark])
    return view


async def _stretch(platform: Platform, line: Sequence[Position], *, both: bool) -> Stretch:
    """The street that a line follows, away from the event loop.

    Raises:
        MarkWithoutStreetError: There are none.
    """
    tools = platform.traffic.tools
    found = await asyncio.to_thread(tools.stretch, line, is_both_ways=both)
    if not found.edges:
        raise MarkWithoutStreetError
    return found


async def _views(
    platform: Platform, tx: PlatformStore, caller: Caller, marks: list[TrafficMark]
) -> list[MarkView]:
    """Marks with their streets and who drew them."""
    users = {user.id: user.person_id for user in await tx.access.list_users()}
    authors = {users[mark.author_id] for mark in marks if mark.author_id in users}
    people = await people_shown(tx, caller, sorted(authors))
    tools = platform.traffic.tools
    views = []
    for mark in marks:
        found = await asyncio.to_thread(tools.stretch, mark.line, is_both_ways=mark.is_both_ways)
        person = people.get(users[mark.author_id]) if mark.author_id in users else None
        views.append(_view(mark, person.name if person else None, _view_streets(platform, found)))
    return views


def _view(mark: TrafficMark, author: str | None, streets: StreetsView) -> MarkView:
    return MarkView(
        id=mark.id,
        line=[(place.lon, place.lat) for place in mark.line],
        is_both_ways=mark.is_both_ways,
        speed_kph=mark.speed_kph,
        reason=mark.reason,
        start=mark.start,
        end=mark.end,
        author_id=mark.author_id,
        author=author,
        made_at=mark.made_at,
        is_removed=mark.removed_at is not None,
        streets=streets,
    )


def _view_streets(platform: Platform, found: Stretch) -> StreetsView:
    streets = platform.traffic.tools.lines().seen(found.edges)
    return StreetsView(
        names=list(streets.names),
        length_m=round(streets.length_m),
        is_joined=found.is_joined,
        lines=[[(place.lon, place.lat) for place in line] for line in streets.lines],
    )


def _places(line: list[tuple[float, float]]) -> tuple[Position, ...]:
    return tuple(Position(lon=lon, lat=lat) for lon, lat in line)


router = Router(
    path="",
    route_handlers=[see_traffic, find_streets, list_marks, add_mark, take_mark_away, put_mark_back],
    tags=["traffic"],
)
