"""Capacity terms come back as they were kept, and stay behind the wall between tenants."""

from __future__ import annotations

from promesa.planning.capacity.terms import DepotTerms
from promesa.storage.database import Database
from tests.support import nouns
from tests.support.demand_nouns import AUTHOR, SAVED_AT

TENANT = nouns.a_tenant()


async def test_terms_come_back_whole_and_the_last_ones_hold(database: Database) -> None:
    await database.directory.add_tenant(TENANT)
    depot = nouns.a_depot()
    terms = DepotTerms(
        depot_id=depot.id,
        contract_vehicles=4,
        contract_carrier="Ruta Sur",
        contract_day_cost_clp=90_000,
        contract_days_min=5,
        doors=3,
        target=0.95,
        version=1,
        author_id=AUTHOR,
        saved_at=SAVED_AT,
    )
    async with database.transaction(TENANT.id) as tx:
        await tx.fleet.put_depot(depot)
        await tx.capacity_terms.put(DepotTerms(depot_id=depot.id))
        await tx.capacity_terms.put(terms)
        assert await tx.capacity_terms.lock_all() == [terms]
    async with database.transaction(TENANT.id) as tx:
        assert await tx.capacity_terms.list_all() == [terms]
