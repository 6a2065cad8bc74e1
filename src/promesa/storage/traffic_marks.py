"""Streets that dispatchers drew as closed or slow."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Double, Index, select
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.dispatch.traffic_marks import TrafficMark
from promesa.storage.columns import code, fact, identity, instant, tenant_table, value
from promesa.storage.rows import Rows

TRAFFIC_MARKS = tenant_table(
    "traffic_marks",
    identity(),
    value("line"),
    fact("is_both_ways"),
    Column("speed_kph", Double, nullable=True),
    code("reason"),
    instant("start"),
    instant("end"),
    identity("author_id"),
    instant("made_at"),
    instant("removed_at", nullable=True),
)
Index("traffic_marks_end_idx", TRAFFIC_MARKS.c.tenant_id, TRAFFIC_MARKS.c.end)

_MARKS = Rows(TRAFFIC_MARKS, TrafficMark)


class TrafficMarks:
    """The traffic marks of one tenant."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def put(self, mark: TrafficMark) -> None:
        """Adds or replaces by id."""
        await _MARKS.put(self._tx, mark)

    async def get(self, mark_id: UUID) -> TrafficMark:
        """The mark, also one that was taken away."""
        return await _MARKS.get(self._tx, id=mark_id)

    async def list_standing(self, now: datetime) -> list[TrafficMark]:
        """Those not removed and not over at ``now``, by start and id."""
        marks = TRAFFIC_MARKS.c
        query = (
            select(TRAFFIC_MARKS)
            .where(marks.end > now, marks.removed_at.is_(None))
            .order_by(marks.start, marks.id)
        )
        return await _MARKS.list(self._tx, query)
