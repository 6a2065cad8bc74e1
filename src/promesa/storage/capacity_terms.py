"""Capacity terms of depots, as they stand; who changed them when is in the log besides."""

from __future__ import annotations

from sqlalchemy import Column, Double, select
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
    key=("depot_id",),
)

_TERMS = Rows(CAPACITY_TERMS, DepotTerms, key=("depot_id",))


class CapacityTerms:
    """The capacity terms of one tenant's depots."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def list_all(self) -> list[DepotTerms]:
        """Of every depot somebody saved terms of, by depot id."""
        query = select(CAPACITY_TERMS).order_by(CAPACITY_TERMS.c.depot_id)
        return await _TERMS.list(self._tx, query)

    async def lock_all(self) -> list[DepotTerms]:
        """The same, held against other writers until the transaction ends."""
        await lock_of_tenant(self._tx, CAPACITY_TERMS.name)
        return await self.list_all()

    async def put(self, terms: DepotTerms) -> None:
        """Adds or replaces those of the depot."""
        await _TERMS.put(self._tx, terms)
