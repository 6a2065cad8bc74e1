"""The demand calendar: events by period, written, changed, deleted, put back."""

from __future__ import annotations

import datetime as dt
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from litestar import Response, Router, delete, get, post, put

from promesa.api.decoding import View, Wire
from promesa.api.demand_scope import known_scope
from promesa.api.demand_views import (
    EventList,
    EventVersions,
    EventView,
    view_events,
)
from promesa.api.etags import IfMatch, version_read, version_tag
from promesa.domain.actor import Permission
from promesa.kernel.errors import InvalidError
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.demand import calendar
from promesa.planning.demand.calendar import EVENTS_A_YEAR_MAX, Writer
from promesa.planning.demand.event_row import (
    EVENT_DAYS_MAX,
    NAME_CHARS_MAX,
    SCOPE_MAX,
    SOURCE_CHARS_MAX,
    EventContent,
    EventKind,
    EventRow,
    EventScope,
)
from promesa.runtime.demand_calendar import bring_calendar
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

YEARS_ASKED_MAX = 10
PERIOD_DAYS_MAX = 366 * YEARS_ASKED_MAX
WORD_CHARS_MAX = 80

Word = Annotated[str, msgspec.Meta(min_length=1, max_length=WORD_CHARS_MAX)]
Words = Annotated[list[Word], msgspec.Meta(max_length=SCOPE_MAX)]
Year = Annotated[int, msgspec.Meta(ge=2000, le=2100)]


class PeriodError(InvalidError):
    """The days of a period cannot be meant."""

    code: ClassVar[str] = "period_invalid"
    message: ClassVar[str] = (
        f"El periodo no sirve: su fin va después de su comienzo, y dura a lo más {YEARS_ASKED_MAX} "
        "años."
    )


class ScopeBody(Wire):
    """Where an event holds; each empty list means everywhere. Depots go by their code."""

    comunas: Words = msgspec.field(default_factory=list)
    depots: Words = msgspec.field(default_factory=list)
    product_classes: Words = msgspec.field(default_factory=list)
    merchant_ids: Annotated[list[UUID], msgspec.Meta(max_length=SCOPE_MAX)] = msgspec.field(
        default_factory=list
    )


class EventBody(Wire):
    """An event; without ``uplift`` it is learnt from its former occurrences, by its name.

    ``is_firm`` takes the uplift as it is, whatever the history shows; where nobody says, another
    number than before is. ``profile`` has a factor, or a share, for each of its days; ``is_rest``
    says that commerce must stay closed.
    """

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_CHARS_MAX)]
    start: date
    end: date
    kind: EventKind = EventKind.OTHER
    scope: ScopeBody = msgspec.field(default_factory=ScopeBody)
    uplift: float | None = None
    sigma: float | None = None
    is_firm: bool | None = None
    profile: Annotated[list[float], msgspec.Meta(max_length=EVENT_DAYS_MAX)] = msgspec.field(
        default_factory=list
    )
    source: Annotated[str, msgspec.Meta(max_length=SOURCE_CHARS_MAX)] = ""
    is_confirmed: bool = True
    is_rest: bool = False


class ChileBody(Wire):
    """Which years' rows to bring; none for those that matter now."""

    years: Annotated[list[Year], msgspec.Meta(max_length=YEARS_ASKED_MAX)] = msgspec.field(
        default_factory=list
    )


class BroughtView(View):
    """What bringing the rows did; ``kept`` were edited, deleted, or the same already."""

    added: int
    updated: int
    kept: int


def period(platform: Platform, start: date | None, end: date | None) -> tuple[date, date]:
    """The days asked for; the year under way where nobody says.

    Raises:
        PeriodError: It ends before it begins, or is too long.
    """
    year = ServiceDay.of(platform.clock.now()).date.year
    first = start or dt.date(end.year if end else year, 1, 1)
    last = end or dt.date(first.year, 12, 31)
    if not 0 <= (last - first).days < PERIOD_DAYS_MAX:
        raise PeriodError
    return first, last


@get("/v1/demand/events", access=Permission.READ_OPERATION, summary="Events that move demand")
async def list_events(
    platform: Platform,
    caller: Caller,
    start: date | None = None,
    end: date | None = None,
    *,
    deleted: bool = False,
) -> EventList:
    """Events with a day in the period, the year under way by default; ``deleted`` shows those."""
    first, last = period(platform, start, end)
    limit = EVENTS_A_YEAR_MAX * YEARS_ASKED_MAX
    async with platform.transaction(caller.tenant_id) as tx:
        rows = await tx.demand_events.list_between(first, last, limit=limit, with_deleted=deleted)
        return EventList(start=first, end=last, items=await view_events(tx, caller, rows))


@get(
    "/v1/demand/events/{event_id:uuid}",
    access=Permission.READ_OPERATION,
    summary="An event that moves demand",
)
async def get_event(event_id: UUID, platform: Platform, caller: Caller) -> Response[EventView]:
    """The event as it is now, with its version as ETag."""
    async with platform.transaction(caller.tenant_id) as tx:
        return await _answer(tx, caller, await tx.demand_events.get(event_id))


@get(
    "/v1/demand/events/{event_id:uuid}/versions",
    access=Permission.READ_OPERATION,
    summary="Every version of an event",
)
async def list_versions(event_id: UUID, platform: Platform, caller: Caller) -> EventVersions:
    """Who wrote what, the newest first."""
    async with platform.transaction(caller.tenant_id) as tx:
        await tx.demand_events.get(event_id)
        rows = await tx.demand_events.list_versions(event_id)
        return EventVersions(items=await view_events(tx, caller, rows))


@post("/v1/demand/events", access=Permission.PLAN, summary="Add an event")
async def add_event(data: EventBody, platform: Platform, caller: Caller) -> Response[EventView]:
    """Adds an event of one's own: a campaign, a sale, a strike."""
    writer = writer_of(platform, caller)
    async with platform.transaction(caller.tenant_id) as tx:
        content = await known_scope(platform, tx, content_of(data))
        row = await calendar.add_event(tx, content, writer, is_firm=data.is_firm)
        await _note(platform, tx, caller, writer, row, "demand.event_saved")
        return await _answer(tx, caller, row, status_code=201)


@put("/v1/demand/events/{event_id:uuid}", access=Permission.PLAN, summary="Change an event")
async def change_event(
    event_id: UUID,
    data: EventBody,
    platform: Platform,
    caller: Caller,
    if_match: IfMatch = None,
) -> Response[EventView]:
    """Writes its next version; with If-Match only over the version that was read."""
    writer = writer_of(platform, caller)
    async with platform.transaction(caller.tenant_id) as tx:
        content = await known_scope(platform, tx, content_of(data))
        row = await calendar.change_event(
            tx,
            event_id,
            content,
            writer,
            version=version_read(if_match),
            is_firm=data.is_firm,
        )
        await _note(platform, tx, caller, writer, row, "demand.event_saved")
        return await _answer(tx, caller, row)


@delete("/v1/demand/events/{event_id:uuid}", access=Permission.PLAN, summary="Delete an event")
async def remove_event(event_id: UUID, platform: Platform, caller: Caller) -> None:
    """It counts no more; its versions stay, and it can be put back."""
    writer = writer_of(platform, caller)
    async with platform.transaction(caller.tenant_id) as tx:
        row = await calendar.remove_event(tx, event_id, writer)
        await _note(platform, tx, caller, writer, row, "demand.event_removed")


@post(
    "/v1/demand/events/{event_id:uuid}/restore",
    access=Permission.PLAN,
    status_code=200,
    summary="Put an event back",
)
async def restore_event(event_id: UUID, platform: Platform, caller: Caller) -> EventView:
    """Undoes deleting it."""
    writer = writer_of(platform, caller)
    async with platform.transaction(caller.tenant_id) as tx:
        row = await calendar.restore_event(tx, event_id, writer)
        await _note(platform, tx, caller, writer, row, "demand.event_saved")
        (view,) = await view_events(tx, caller, [row])
        return view


@post(
    "/v1/demand/calendar/chile",
    access=Permission.PLAN,
    status_code=200,
    summary="Bring the events of Chile",
)
async def bring_events(data: ChileBody, platform: Platform, caller: Caller) -> BroughtView:
    """Offers the rows that ship; those that somebody edited or deleted stay as they are."""
    async with platform.transaction(caller.tenant_id) as tx:
        brought = await bring_calendar(platform, tx, caller, data.years or None)
    return BroughtView(added=brought.added, updated=brought.updated, kept=brought.kept)


def content_of(body: EventBody) -> EventContent:
    """The body as planning takes it."""
    return EventContent(
        name=body.name,
        kind=body.kind,
        start=body.start,
        end=body.end,
        scope=EventScope(
            comunas=tuple(body.scope.comunas),
            depots=tuple(body.scope.depots),
            product_classes=tuple(body.scope.product_classes),
            merchant_ids=tuple(body.scope.merchant_ids),
        ),
        uplift=body.uplift,
        sigma=body.sigma,
        profile=tuple(body.profile),
        source=body.source.strip(),
        is_confirmed=body.is_confirmed,
        is_rest=body.is_rest,
    )


def writer_of(platform: Platform, caller: Caller) -> Writer:
    """Who writes, now."""
    return Writer(author_id=caller.actor.id, now=platform.clock.now(), ids=platform.ids)


async def _answer(
    tx: PlatformStore, caller: Caller, row: EventRow, *, status_code: int = 200
) -> Response[EventView]:
    (view,) = await view_events(tx, caller, [row])
    return Response(view, status_code=status_code, headers=version_tag(row.version))


async def _note(
    platform: Platform, tx: PlatformStore, caller: Caller, writer: Writer, row: EventRow, kind: str
) -> None:
    """Records a version that this request made; what changed nothing is no fact."""
    if row.saved_at == writer.now:
        subject = ("demand_event", row.id)
        await platform.record(tx, caller, kind, subject=subject, data={"version": row.version})


router = Router(
    path="",
    route_handlers=[
        list_events,
        get_event,
        list_versions,
        add_event,
        change_event,
        remove_event,
        restore_event,
        bring_events,
    ],
    tags=["demand"],
)
