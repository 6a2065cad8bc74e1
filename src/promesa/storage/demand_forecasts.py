"""Forecasts of demand, as they were made; the newest is the one that is looked at."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text, delete, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.planning.forecast.outlook import OutlookRecord
from promesa.storage.columns import day, identity, instant, tenant_table, value
from promesa.storage.rows import Rows

DEMAND_FORECASTS = tenant_table(
    "demand_forecasts", identity(), instant("made_at"), day("origin"), value("outlook")
)
Index("demand_forecasts_made_idx", DEMAND_FORECASTS.c.tenant_id, DEMAND_FORECASTS.c.made_at)

_FORECASTS = Rows(DEMAND_FORECASTS, OutlookRecord)


class DemandForecasts:
    """The forecasts of one tenant."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def add(self, record: OutlookRecord) -> None:
        """Keeps a forecast."""
        await _FORECASTS.add(self._tx, record)

    async def find_newest_id(self) -> UUID | None:
        """Of the one made last; None before the first."""
        made = DEMAND_FORECASTS.c
        query = select(made.id).order_by(made.made_at.desc(), made.id.desc()).limit(1)
        found: UUID | None = await self._tx.scalar(query)
        return found

    async def find_first_id(self, since: datetime, until: datetime) -> UUID | None:
        """Of the first one made from ``since`` on, before ``until``."""
        made = DEMAND_FORECASTS.c
        query = select(made.id).where(made.made_at >= since, made.made_at < until)
        found: UUID | None = await self._tx.scalar(query.order_by(made.made_at, made.id).limit(1))
        return found

    async def find_last_id(self, before: datetime) -> UUID | None:
        """Of the last one made before an instant."""
        made = DEMAND_FORECASTS.c
        query = select(made.id).where(made.made_at < before)
        query = query.order_by(made.made_at.desc(), made.id.desc()).limit(1)
        found: UUID | None = await self._tx.scalar(query)
        return found

    async def get(self, record_id: UUID) -> OutlookRecord:
        """The forecast, or NotFoundError."""
        return await _FORECASTS.get(self._tx, id=record_id)

    async def find_newest(self) -> OutlookRecord | None:
        """The one made last; None before the first."""
        newest = await self.find_newest_id()
        return None if newest is None else await self.get(newest)

    async def forget_far(self, record_id: UUID) -> None:
        """Drops the far days of a forecast, which nobody looks at once there is a newer one."""
        kept = DEMAND_FORECASTS.c
        without = kept.outlook.op("-", return_type=JSONB())(literal("far", Text))
        query = update(DEMAND_FORECASTS).where(kept.id == record_id).values(outlook=without)
        await self._tx.execute(query)

    async def remove_before(self, instant: datetime) -> int:
        """Forgets what was forecast long ago; returns how many forecasts."""
        query = delete(DEMAND_FORECASTS).where(DEMAND_FORECASTS.c.made_at < instant)
        return (await self._tx.execute(query)).rowcount
