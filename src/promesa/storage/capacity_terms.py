"""Capacity terms of depots, version by version; what stands is the newest of each."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Column, Double, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.planning.capacity.terms import DepotTerms
from promesa.storage.columns import code, identity, instant, refers, tenant_table, whole
from promesa.storage.locks import lock_of_tenant
from promesa.storage.rows import Rows

CAPACITY_TERMS = tenant_table(
    "capacity_terms",
    identity("depot_id"),
    whole("contract_vehicles"),
    code("contract_carrier"),
    whole("contract_day_cost_clp"),
    whole("contract_days_min"),
    whole("spot_vehicles"),
    whole("spot_day_cost_clp"),
    whole("doors", nullable=True),
    whole("loading_min"),
    whole("loading_span_min"),
    Column("target", Double, nullable=False),
    whole("version"),
    identity("author_id", nullable=True),
    instant("saved_at", nullable=True),
    refers("depot_id", "depots"),
    key=("depot_id", "version"),
)

_TERMS = Rows(CAPACITY_TERMS, DepotTerms, key=("depot_id", "version"))


class CapacityTerms:
    """The capacity terms of one tenant's depots."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def list_all(self) -> list[DepotTerms]:
        """The newest of every depot somebody saved terms of, by depot id."""
        table = CAPACITY_TERMS.c
        query = select(CAPACITY_TERMS).ext(distinct_on(table.depot_id))
        return await _TERMS.list(self._tx, query.order_by(table.depot_id, table.version.desc()))

    async def list_versions(self, depot_id: UUID, *, limit: int) -> list[DepotTerms]:
        """Of one depot, the newest first."""
        query = select(CAPACITY_TERMS).where(CAPACITY_TERMS.c.depot_id == depot_id)
        newest = query.order_by(CAPACITY_TERMS.c.version.desc()).limit(limit)
        return await _TERMS.list(self._tx, newest)

    async def lock_all(self) -> list[DepotTerms]:
        """The same, held against other writers until the transaction ends."""
        await lock_of_tenant(self._tx, CAPACITY_TERMS.name)
        return await self.list_all()

    async def add(self, terms: DepotTerms) -> None:
        """Adds a version."""
        await _TERMS.add(self._tx, terms)
