"""The demand calendar: each row as it is now, and every version it ever had."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, and_, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.planning.demand.chile import HOLIDAY_KEY
from promesa.planning.demand.event_row import EventRow
from promesa.planning.demand.repository import DemandEventChangedError
from promesa.storage.columns import code, day, identity, instant, tenant_table, value, whole
from promesa.storage.rows import Rows


def _columns() -> list[Column[Any]]:
    return [
        identity(),
        value("content"),
        code("shipped_key", nullable=True),
        whole("version"),
        identity("author_id", nullable=True),
        instant("saved_at"),
        instant("deleted_at", nullable=True),
    ]


# The days stand beside the content, so that a period can be looked for.
DEMAND_EVENTS = tenant_table("demand_events", *_columns(), day("first_day"), day("last_day"))
Index("demand_events_day_idx", DEMAND_EVENTS.c.tenant_id, DEMAND_EVENTS.c.first_day)
DEMAND_EVENT_VERSIONS = tenant_table("demand_event_versions", *_columns(), key=("id", "version"))

_EVENTS = Rows(DEMAND_EVENTS, EventRow)
_VERSIONS = Rows(DEMAND_EVENT_VERSIONS, EventRow, key=("id", "version"))


class DemandEvents:
    """The calendar of one tenant."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def add_all(self, rows: Sequence[EventRow]) -> None:
        """Keeps new rows, each with its first version."""
        if rows:
            # Two that bring the same rows at once keep them once.
            event = insert(DEMAND_EVENTS).on_conflict_do_nothing()
            version = insert(DEMAND_EVENT_VERSIONS).on_conflict_do_nothing()
            await self._tx.execute(event, [_with_days(row) for row in rows])
            await self._tx.execute(version, [_VERSIONS.row(row) for row in rows])

    async def save(self, row: EventRow) -> None:
        """Replaces the version before ``row.version``.

        Raises:
            DemandEventChangedError: The kept version is another, or there is none.
        """
        events = DEMAND_EVENTS.c
        result = await self._tx.execute(
            DEMAND_EVENTS.update()
            .where(events.id == row.id, events.version == row.version - 1)
            .values(_with_days(row))
            .returning(events.id)
        )
        if result.first() is None:
            raise DemandEventChangedError(event_id=str(row.id))
        await _VERSIONS.add(self._tx, row)

    async def get(self, event_id: UUID) -> EventRow:
        """The row as it is now, also one that was deleted."""
        return await _EVENTS.get(self._tx, id=event_id)

    async def find_many(self, event_ids: Iterable[UUID]) -> dict[UUID, EventRow]:
        """Those that exist, deleted or not, by id."""
        events = DEMAND_EVENTS.c
        query = select(DEMAND_EVENTS).where(events.id.in_(list(event_ids))).order_by(events.id)
        return {row.id: row for row in await _EVENTS.list(self._tx, query)}

    async def list_between(
        self, start: date, end: date, *, limit: int, with_deleted: bool = False
    ) -> list[EventRow]:
        """Rows with a day from ``start`` to ``end``, by first day, name and id."""
        events = DEMAND_EVENTS.c
        query = select(DEMAND_EVENTS).where(events.first_day <= end, events.last_day >= start)
        if not with_deleted:
            query = query.where(events.deleted_at.is_(None))
        name = events.content["name"].astext
        query = query.order_by(events.first_day, name, events.id).limit(limit)
        return await _EVENTS.list(self._tx, query)

    async def list_rest_rows(self, *, limit: int) -> list[EventRow]:
        """Rows that decide whether commerce rests on a day, the latest first.

        Those with the mark that count, and those that ship as a holiday and a person wrote last,
        deleted ones too.
        """
        events = DEMAND_EVENTS.c
        is_marked = and_(events.content["is_rest"].as_boolean(), events.deleted_at.is_(None))
        is_holiday = and_(events.shipped_key.startswith(HOLIDAY_KEY), events.author_id.is_not(None))
        query = select(DEMAND_EVENTS).where(or_(is_marked, is_holiday))
        query = query.order_by(events.last_day.desc(), events.id).limit(limit)
        return await _EVENTS.list(self._tx, query)

    async def list_versions(self, event_id: UUID) -> list[EventRow]:
        """Every version of a row, the newest first."""
        versions = DEMAND_EVENT_VERSIONS.c
        query = (
            select(DEMAND_EVENT_VERSIONS)
            .where(versions.id == event_id)
            .order_by(versions.version.desc())
        )
        return await _VERSIONS.list(self._tx, query)

    async def list_written(self, start: date, end: date, *, limit: int) -> list[list[EventRow]]:
        """All versions, the newest first, of rows of those days that a person wrote last.

        By first day; deleted rows are left out, and of more than ``limit`` the earliest.
        """
        events, versions = DEMAND_EVENTS.c, DEMAND_EVENT_VERSIONS.c
        asked = select(events.id).where(events.first_day <= end, events.last_day >= start)
        asked = asked.where(events.author_id.is_not(None), events.deleted_at.is_(None))
        asked = asked.order_by(events.first_day.desc(), events.id).limit(limit)
        query = select(DEMAND_EVENT_VERSIONS).where(versions.id.in_(asked))
        found = await _VERSIONS.list(self._tx, query.order_by(versions.version.desc()))
        by_event: dict[UUID, list[EventRow]] = {}
        for row in found:
            by_event.setdefault(row.id, []).append(row)
        return sorted(by_event.values(), key=lambda rows: (rows[0].content.start, rows[0].id))


def _with_days(row: EventRow) -> dict[str, Any]:
    days = {"first_day": row.content.start, "last_day": row.content.end}
    return _EVENTS.row(row) | days
