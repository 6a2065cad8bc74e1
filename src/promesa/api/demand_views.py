"""The demand calendar as it goes over the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from promesa.api.decoding import View
from promesa.api.order_views import people_shown
from promesa.planning.demand.event_row import EventKind, EventRow, likely_range, told_source
from promesa.runtime.platform import Caller
from promesa.runtime.repository import PlatformStore


class ScopeView(View):
    """Where an event holds; each empty list means everywhere."""

    comunas: list[str]
    depots: list[str]
    product_classes: list[str]
    merchant_ids: list[UUID]


class LikelyView(View):
    """Between which factors an uplift lies in 8 of 10 cases."""

    low: float
    high: float


class EventView(View):
    """A row of the calendar, in one of its versions.

    Without ``uplift`` it is learnt; ``is_shipped`` began as a row of ours, and ``author_id`` is
    null while nobody has edited it. ``is_firm``: its uplift is taken as it is, whatever the history
    shows.
    """

    id: UUID
    name: str
    kind: EventKind
    start: date
    end: date
    scope: ScopeView
    uplift: float | None
    sigma: float | None
    is_firm: bool
    likely: LikelyView | None
    profile: list[float]
    source: str
    is_confirmed: bool
    is_rest: bool
    is_shipped: bool
    version: int
    author_id: UUID | None
    author: str | None
    saved_at: datetime
    is_deleted: bool


class EventList(View):
    """Events with a day in a period, by first day and name."""

    start: date
    end: date
    items: list[EventView]


class EventVersions(View):
    """Every version of an event, the newest first."""

    items: list[EventView]


async def authors_shown(
    tx: PlatformStore, caller: Caller, author_ids: Sequence[UUID | None]
) -> dict[UUID, str | None]:
    """Names of users by id, as far as the caller may read them."""
    wanted = {author for author in author_ids if author is not None}
    if not wanted:
        return {}
    users = {user.id: user.person_id for user in await tx.access.list_users()}
    known = {author: users[author] for author in sorted(wanted) if author in users}
    people = await people_shown(tx, caller, sorted(set(known.values())))
    return {author: people[person].name for author, person in known.items() if person in people}


async def view_events(
    tx: PlatformStore, caller: Caller, rows: Sequence[EventRow]
) -> list[EventView]:
    """Rows with who wrote them."""
    authors = await authors_shown(tx, caller, [row.author_id for row in rows])
    return [_view(row, authors.get(row.author_id) if row.author_id else None) for row in rows]


def _view(row: EventRow, author: str | None) -> EventView:
    content, scope = row.content, row.content.scope
    likely = likely_range(content.uplift, content.sigma)
    return EventView(
        id=row.id,
        name=content.name,
        kind=content.kind,
        start=content.start,
        end=content.end,
        scope=ScopeView(
            comunas=list(scope.comunas),
            depots=list(scope.depots),
            product_classes=list(scope.product_classes),
            merchant_ids=list(scope.merchant_ids),
        ),
        uplift=content.uplift,
        sigma=content.sigma,
        is_firm=content.is_firm,
        likely=LikelyView(low=likely[0], high=likely[1]) if likely else None,
        profile=list(content.profile),
        source=told_source(content),
        is_confirmed=content.is_confirmed,
        is_rest=content.is_rest,
        is_shipped=row.shipped_key is not None,
        version=row.version,
        author_id=row.author_id,
        author=author,
        saved_at=row.saved_at,
        is_deleted=row.deleted_at is not None,
    )
