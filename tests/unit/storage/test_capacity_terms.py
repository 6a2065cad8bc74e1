"""Capacity terms come back as they were kept, and stay behind the wall between tenants."""

from __future__ import annotations

from dataclasses import replace

from promesa.kernel.ids import derived_id
from promesa.planning.capacity.terms import DepotTerms
from promesa.storage.database import Database
from tests.support import nouns
from tests.support.demand_nouns import AUTHOR, SAVED_AT

TENANT = nouns.a_tenant()


async def test_terms_come_back_whole_and_the_newest_of_each_depot_hold(
    database: Database,
) -> None:
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
        version=2,
        author_id=AUTHOR,
        saved_at=SAVED_AT,
    )
    first = DepotTerms(depot_id=depot.id, version=1)
    other = replace(depot, id=derived_id("depot", "other"), code="SUR")
    others = DepotTerms(depot_id=other.id, version=1)
    newest = sorted([terms, others], key=lambda each: each.depot_id)
    async with database.transaction(TENANT.id) as tx:
        await tx.fleet.put_depot(depot)
        await tx.fleet.put_depot(other)
        await tx.capacity_terms.add(first)
        await tx.capacity_terms.add(terms)
        await tx.capacity_terms.add(others)
        assert await tx.capacity_terms.lock_all() == newest
    async with database.transaction(TENANT.id) as tx:
        assert await tx.capacity_terms.list_all() == newest
        assert await tx.capacity_terms.list_versions(depot.id, limit=5) == [terms, first]
        assert await tx.capacity_terms.list_versions(depot.id, limit=1) == [terms]
