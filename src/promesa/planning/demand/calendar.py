"""The demand calendar as people keep it: adding, changing, deleting, and what Chile's rows bring.

A row that ships is offered once: who edited or deleted it keeps that, whatever ships later; one
that nobody touched follows what is known of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from promesa.kernel.errors import ConflictError
from promesa.kernel.ids import Ids, derived_id
from promesa.planning.demand.chile import chile_events
from promesa.planning.demand.event_row import EventContent, EventRow, is_firm_uplift, require_sound
from promesa.planning.demand.repository import CalendarStore, DemandEventChangedError

# Chile's rows are some forty a year, deleted ones counted; more than this is a feed.
EVENTS_A_YEAR_MAX = 600
# How far back the history that counts reaches, and how far ahead a plan.
YEARS_BEFORE, YEARS_AFTER = 4, 1


class TooManyEventsError(ConflictError):
    """A year has more events than a person keeps."""

    code: ClassVar[str] = "demand_events_too_many"
    message: ClassVar[str] = (
        f"Ese año ya tiene {EVENTS_A_YEAR_MAX} eventos. Borra los que no uses antes de agregar."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Who writes, and when."""

    author_id: UUID
    now: datetime
    ids: Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What bringing Chile's rows did; ``kept`` were edited, deleted, or the same already."""

    added: int
    updated: int
    kept: int


def years_around(day: date) -> range:
    """The years whose events matter to a history that ends, and a plan that begins, at ``day``."""
    return range(day.year - YEARS_BEFORE, day.year + YEARS_AFTER + 1)


async def add_event(
    tx: CalendarStore, content: EventContent, writer: Writer, *, is_firm: bool | None = None
) -> EventRow:
    """Keeps a new row; ``is_firm`` as in :func:`is_firm_uplift`.

    Raises:
        DemandEventInvalidError: It cannot be meant.
        TooManyEventsError: Its year is full.
    """
    sound = require_sound(content)
    sound = replace(sound, is_firm=is_firm_uplift(sound.uplift, said=is_firm))
    await _require_room(tx, sound.start.year)
    row = EventRow(
        id=writer.ids.next(),
        content=sound,
        shipped_key=None,
        version=1,
        author_id=writer.author_id,
        saved_at=writer.now,
    )
    await tx.demand_events.add_all([row])
    return row


async def change_event(
    tx: CalendarStore,
    event_id: UUID,
    content: EventContent,
    writer: Writer,
    *,
    version: int | None,
    is_firm: bool | None = None,
) -> EventRow:
    """Keeps the next version of a row; the same content again changes nothing.

    ``version`` is the one that was read; None takes whatever is there. ``is_firm`` as in
    :func:`is_firm_uplift`.

    Raises:
        DemandEventInvalidError: It cannot be meant.
        DemandEventChangedError: Another version was saved since.
    """
    sound = require_sound(content)
    row = await tx.demand_events.get(event_id)
    if version is not None and version != row.version:
        raise DemandEventChangedError(version=row.version)
    sound = replace(sound, is_firm=is_firm_uplift(sound.uplift, said=is_firm, before=row.content))
    if sound == row.content and row.deleted_at is None:
        return row
    return await _save(tx, replace(row, content=sound, deleted_at=None), writer)


async def remove_event(tx: CalendarStore, event_id: UUID, writer: Writer) -> EventRow:
    """The event counts no more; one that is deleted stays as it is."""
    row = await tx.demand_events.get(event_id)
    if row.deleted_at is not None:
        return row
    return await _save(tx, replace(row, deleted_at=writer.now), writer)


async def restore_event(tx: CalendarStore, event_id: UUID, writer: Writer) -> EventRow:
    """Undoes deleting it."""
    row = await tx.demand_events.get(event_id)
    if row.deleted_at is None:
        return row
    return await _save(tx, replace(row, deleted_at=None), writer)


async def bring_chile(tx: CalendarStore, years: Iterable[int], now: datetime) -> Brought:
    """Offers the rows that ship for ``years``; what a person wrote or deleted is left alone."""
    offered = {
        derived_id("demand event", tx.tenant_id, event.key): event
        for year in sorted(set(years))
        for event in chile_events(year)
    }
    known = await tx.demand_events.find_many(offered)
    new = [
        EventRow(
            id=event_id,
            content=event.content,
            shipped_key=event.key,
            version=1,
            author_id=None,
            saved_at=now,
        )
        for event_id, event in offered.items()
        if event_id not in known
    ]
    await tx.demand_events.add_all(new)
    updated = 0
    for event_id, row in known.items():
        content = offered[event_id].content
        if row.author_id is None and row.content != content:
            later = replace(row, content=content, version=row.version + 1, saved_at=now)
            await tx.demand_events.save(later)
            updated += 1
    return Brought(added=len(new), updated=updated, kept=len(known) - updated)


async def _save(tx: CalendarStore, row: EventRow, writer: Writer) -> EventRow:
    saved = replace(row, version=row.version + 1, author_id=writer.author_id, saved_at=writer.now)
    await tx.demand_events.save(saved)
    return saved


async def _require_room(tx: CalendarStore, year: int) -> None:
    first, last = date(year, 1, 1), date(year, 12, 31)
    known = await tx.demand_events.list_between(first, last, limit=EVENTS_A_YEAR_MAX)
    if len(known) >= EVENTS_A_YEAR_MAX:
        raise TooManyEventsError(year=year)
