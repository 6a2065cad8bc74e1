"""Days on which drivers are not there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Index, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.planning.capacity.absences import Absence
from promesa.storage.columns import day, identity, instant, refers, tenant_table
from promesa.storage.rows import Rows

ABSENCES = tenant_table(
    "driver_absences",
    identity("driver_id"),
    day(),
    identity("author_id"),
    instant("saved_at"),
    refers("driver_id", "drivers"),
    key=("driver_id", "date"),
)
Index("driver_absences_date_idx", ABSENCES.c.tenant_id, ABSENCES.c.date)

_ABSENCES = Rows(ABSENCES, Absence, key=("driver_id", "date"))


class Absences:
    """The absences of one tenant."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def list_between(self, first: date, last: date, *, limit: int) -> list[Absence]:
        """By day, then driver."""
        query = select(ABSENCES).where(ABSENCES.c.date >= first, ABSENCES.c.date <= last)
        query = query.order_by(ABSENCES.c.date, ABSENCES.c.driver_id).limit(limit)
        return await _ABSENCES.list(self._tx, query)

    async def put_all(self, absences: Sequence[Absence]) -> None:
        """Adds or replaces."""
        await _ABSENCES.put_all(self._tx, [_ABSENCES.row(each) for each in absences])

    async def remove(self, driver_id: UUID, day: date) -> None:
        """Removes it; one that is not there is no error."""
        gone = (ABSENCES.c.driver_id == driver_id) & (ABSENCES.c.date == day)
        await self._tx.execute(delete(ABSENCES).where(gone))
