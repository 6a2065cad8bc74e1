"""Events as a forecast takes them: what was given, what the history did, what is expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from litestar import Router, get

from promesa.api.demand_views import authors_shown
from promesa.api.forecast_views import (
    EventUsedView,
    MovedEventView,
    MovedUpliftView,
    OwnEventList,
    OwnEventNamedView,
    OwnEventView,
)
from promesa.dispatch.demand_desk import EVENTS_MAX as EVENTS_READ_MAX
from promesa.domain.actor import Permission
from promesa.planning.demand.event_row import EventRow
from promesa.planning.forecast.forecast import HORIZON_FAR_D, EventUsed
from promesa.planning.forecast.moved_uplift import MovedUplift, moved_uplift
from promesa.planning.forecast.outlook import Outlook
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

EVENTS_MAX = 1_000


@get(
    "/v1/demand/own-events",
    access=Permission.READ_OPERATION,
    summary="What events did in the history",
)
async def list_own_events(platform: Platform, caller: Caller) -> OwnEventList:
    """Of the newest forecast: events with an uplift that the history has, whatever was given.

    And those to come whose uplift it moved.
    """
    async with platform.transaction(caller.tenant_id) as tx:
        record = await platform.newest_outlooks.find(tx)
        if record is None:
            return OwnEventList(items=[], moved=[])
        outlook = record.outlook.reaching(HORIZON_FAR_D)
        days = outlook.days
        rows = await tx.demand_events.list_between(days[0], days[-1], limit=EVENTS_MAX)
    own = outlook.basis.own_events
    told = ((row.id, moved_of(row, outlook)) for row in rows)
    return OwnEventList(
        items=[
            OwnEventNamedView(name=name, factor=each.factor, times=each.times)
            for name, each in sorted(own.items())
        ],
        moved=[
            MovedEventView(event_id=row_id, given=moved.given, expected=moved.expected)
            for row_id, moved in told
            if moved is not None
        ],
    )


def is_row_of(row: EventRow, used: EventUsed) -> bool:
    """Whether a row of the calendar is the event that a forecast takes on a day."""
    return row.content.name == used.name and row.content.start <= used.day <= row.content.end


def moved_of(row: EventRow, outlook: Outlook) -> MovedUplift | None:
    """What the forecast makes of the uplift of a row; None where it takes it as it was given.

    Of a merchant's event both are of the merchant's own orders, as its uplift is.
    """
    content, share = row.content, 1.0
    if content.scope.merchant_ids:
        share = outlook.share_of(content.name, content.start) or 0.0
    if not share:
        return None
    used = [each for each in outlook.events if is_row_of(row, each)]
    return moved_uplift(used, first_day=content.start, profile=content.profile, share=share)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventOrigins:
    """Where the numbers of events come from.

    Attributes:
        authors: Names of who wrote rows of the calendar, by id, as far as they may be read.
        seen: By name, how many former dates the history has.
    """

    authors: Mapping[UUID, str | None]
    seen: Mapping[str, int]


async def origins_of(
    tx: PlatformStore, caller: Caller, rows: Sequence[EventRow], outlook: Outlook
) -> EventOrigins:
    """Of the rows that a forecast meets."""
    last = outlook.origin
    first = last - timedelta(days=outlook.basis.days - 1)
    former = await tx.demand_events.list_between(first, last, limit=EVENTS_READ_MAX)
    dates = {(row.content.name, row.content.start) for row in former}
    return EventOrigins(
        authors=await authors_shown(tx, caller, [row.author_id for row in rows]),
        seen=Counter(name for name, start in dates if start >= first),
    )


def event_view(
    used: EventUsed, rows: Sequence[EventRow], outlook: Outlook, origins: EventOrigins
) -> EventUsedView:
    """An event of one day with its row of the calendar, where there is one."""
    row = next((row for row in rows if is_row_of(row, used)), None)
    offset = 0 if row is None else (used.day - row.content.start).days
    profile = () if row is None else row.content.profile
    did = outlook.basis.own_events.get(used.name) if used.is_given else None
    is_firm = row is not None and row.content.is_firm
    moved = None if row is None or did is None or is_firm else moved_of(row, outlook)
    return EventUsedView(
        name=used.name,
        day=used.day,
        factor=used.factor,
        low=used.factor_p10,
        high=used.factor_p90,
        is_given=used.is_given,
        event_id=None if row is None else row.id,
        uplift=None if row is None else row.content.uplift,
        is_firm=is_firm,
        day_share=profile[offset] if offset < len(profile) else None,
        comunas=[] if row is None else list(row.content.scope.comunas),
        depots=[] if row is None else list(row.content.scope.depots),
        merchant_ids=[] if row is None else list(row.content.scope.merchant_ids),
        share=None if row is None else _share(row, outlook),
        own=OwnEventView(factor=did.factor, times=did.times) if did else None,
        moved=MovedUpliftView(given=moved.given, expected=moved.expected) if moved else None,
        together=_together(used, outlook),
        is_confirmed=row is None or row.content.is_confirmed or _has_begun(row, outlook),
        is_unsaid=used.is_given and row is not None and row.content.uplift is None and did is None,
        source="" if row is None else row.content.source,
        author=None if row is None or not row.author_id else origins.authors.get(row.author_id),
        is_typed=row is not None and row.author_id is not None,
        seen=None if used.is_given else origins.seen.get(used.name, 0),
    )


def _share(row: EventRow, outlook: Outlook) -> float | None:
    """Which part of the orders a merchant's event multiplies; None of others."""
    content = row.content
    is_merchants = bool(content.scope.merchant_ids)
    return outlook.share_of(content.name, content.start) if is_merchants else None


def _has_begun(row: EventRow, outlook: Outlook) -> bool:
    """Of what is under way nobody asks for the date any more."""
    return row.content.start <= outlook.days[0]


def _together(used: EventUsed, outlook: Outlook) -> list[str]:
    """The other learnt events of its day: the models know what all of them add, not each."""
    if used.is_given:
        return []
    learnt = {
        other.name for other in outlook.events if other.day == used.day and not other.is_given
    }
    return sorted(learnt - {used.name})


router = Router(path="", route_handlers=[list_own_events], tags=["demand"])
