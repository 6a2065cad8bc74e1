"""What planners say instead of a forecast; withdrawn ones stay."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Column, Double, Index, select
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.planning.demand.overrides import DemandOverride
from promesa.storage.columns import code, day, identity, instant, tenant_table, value
from promesa.storage.rows import Rows

DEMAND_OVERRIDES = tenant_table(
    "demand_overrides",
    identity(),
    code("comuna", nullable=True),
    code("depot", nullable=True),
    code("product_class", nullable=True),
    day("first_day"),
    day("last_day"),
    Column("factor", Double, nullable=True),
    Column("orders_a_day", Double, nullable=True),
    value("expected"),
    code("reason"),
    identity("author_id"),
    instant("made_at"),
    instant("withdrawn_at", nullable=True),
    identity("withdrawn_by", nullable=True),
)
Index("demand_overrides_day_idx", DEMAND_OVERRIDES.c.tenant_id, DEMAND_OVERRIDES.c.first_day)

_OVERRIDES = Rows(DEMAND_OVERRIDES, DemandOverride)


class DemandOverrides:
    """The overrides of one tenant."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def put(self, override: DemandOverride) -> None:
        """Adds or replaces by id."""
        await _OVERRIDES.put(self._tx, override)

    async def get(self, override_id: UUID) -> DemandOverride:
        """The override, or NotFoundError."""
        return await _OVERRIDES.get(self._tx, id=override_id)

    async def list_between(
        self, start: date, end: date, *, limit: int, with_withdrawn: bool = False
    ) -> list[DemandOverride]:
        """Those with a day from ``start`` to ``end``, by first day, then the last made first.

        Of more than ``limit`` the latest days.
        """
        said = DEMAND_OVERRIDES.c
        query = select(DEMAND_OVERRIDES).where(said.first_day <= end, said.last_day >= start)
        if not with_withdrawn:
            query = query.where(said.withdrawn_at.is_(None))
        query = query.order_by(said.first_day.desc(), said.made_at.desc(), said.id).limit(limit)
        found = await _OVERRIDES.list(self._tx, query)
        return sorted(found, key=lambda each: each.first_day)
