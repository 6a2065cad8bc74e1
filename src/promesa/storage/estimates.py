"""What was said of each arrival at a few horizons, until it is older than tracks are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.storage.columns import code, identity, instant, tenant_table, whole
from promesa.storage.rows import Rows
from promesa.tracking.repository import ArrivalEstimate

ESTIMATES = tenant_table(
    "arrival_estimates",
    identity("stop_id"),
    whole("horizon_min"),
    instant("made_at"),
    instant("p10"),
    instant("p50"),
    instant("p90"),
    code("basis"),
    key=("stop_id", "horizon_min"),
)
Index("arrival_estimates_made_idx", ESTIMATES.c.tenant_id, ESTIMATES.c.made_at)

_ESTIMATES = Rows(ESTIMATES, ArrivalEstimate, key=("stop_id", "horizon_min"))


class Estimates:
    """The estimates kept of one tenant."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def add(self, estimates: Sequence[ArrivalEstimate]) -> None:
        """Keeps them; of a stop and a horizon the first stays."""
        rows = [_ESTIMATES.row(estimate) for estimate in estimates]
        if rows:
            await self._tx.execute(insert(ESTIMATES).on_conflict_do_nothing(), rows)

    async def list_of(self, stop_ids: Sequence[UUID]) -> list[ArrivalEstimate]:
        """Those of the stops, by stop and horizon."""
        query = (
            select(ESTIMATES)
            .where(ESTIMATES.c.stop_id.in_(list(stop_ids)))
            .order_by(ESTIMATES.c.stop_id, ESTIMATES.c.horizon_min)
        )
        return await _ESTIMATES.list(self._tx, query)

    async def remove_before(self, instant: datetime) -> int:
        """Forgets those made before ``instant``; returns how many."""
        gone = await self._tx.execute(delete(ESTIMATES).where(ESTIMATES.c.made_at < instant))
        return gone.rowcount
