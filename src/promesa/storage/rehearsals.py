"""Rehearsals of peaks, as they were run."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.promising.rehearsal.repository import RehearsalRecord
from promesa.storage.columns import identity, instant, tenant_table, value
from promesa.storage.rows import Rows

REHEARSALS = tenant_table(
    "rehearsals",
    identity(),
    instant("made_at"),
    identity("author_id"),
    identity("outlook_id"),
    value("rehearsal"),
)
Index("rehearsals_made_idx", REHEARSALS.c.tenant_id, REHEARSALS.c.made_at)

_REHEARSALS = Rows(REHEARSALS, RehearsalRecord)
_NEWEST = (REHEARSALS.c.made_at.desc(), REHEARSALS.c.id.desc())


class Rehearsals:
    """The rehearsals of one tenant."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def add(self, record: RehearsalRecord) -> None:
        """Keeps one."""
        await _REHEARSALS.add(self._tx, record)

    async def find(self, rehearsal_id: UUID) -> RehearsalRecord | None:
        """None where there is none of that id."""
        return await _REHEARSALS.find(self._tx, select(REHEARSALS).filter_by(id=rehearsal_id))

    async def remove(self, rehearsal_id: UUID) -> bool:
        """Deletes one; whether there was one of that id."""
        query = delete(REHEARSALS).where(REHEARSALS.c.id == rehearsal_id)
        return (await self._tx.execute(query)).rowcount > 0

    async def list_newest(self, *, limit: int) -> list[RehearsalRecord]:
        """The last ones, newest first."""
        query = select(REHEARSALS).order_by(*_NEWEST).limit(limit)
        return await _REHEARSALS.list(self._tx, query)

    async def keep_newest(self, count: int) -> int:
        """Forgets all but so many; returns how many."""
        newest = select(REHEARSALS.c.id).order_by(*_NEWEST).limit(count)
        query = delete(REHEARSALS).where(REHEARSALS.c.id.not_in(newest))
        return (await self._tx.execute(query)).rowcount
