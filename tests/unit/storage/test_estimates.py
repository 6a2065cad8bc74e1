"""What was said of an arrival is kept once, by stop and horizon, until it is old."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest_asyncio

from promesa.storage.database import Database
from tests.support.nouns import MORNING, a_tenant, an_estimate, an_id

TENANT = a_tenant()


@pytest_asyncio.fixture(autouse=True)
async def tenant(database: Database) -> None:
    await database.directory.add_tenant(TENANT)


async def test_of_a_stop_and_a_horizon_the_first_estimate_stays(database: Database) -> None:
    later = replace(an_estimate(), made_at=MORNING + timedelta(minutes=5))
    async with database.transaction(TENANT.id) as tx:
        await tx.estimates.add([an_estimate(), an_estimate(10)])
        await tx.estimates.add([])
        await tx.estimates.add([later])
    async with database.transaction(TENANT.id) as tx:
        kept = await tx.estimates.list_of([an_id("stop"), an_id("other stop")])
        assert await tx.estimates.list_of([an_id("other stop")]) == []
    assert kept == [an_estimate(10), an_estimate()]


async def test_old_estimates_are_forgotten(database: Database) -> None:
    old = replace(an_estimate(120), made_at=MORNING - timedelta(days=1))
    async with database.transaction(TENANT.id) as tx:
        await tx.estimates.add([old, an_estimate()])
        assert await tx.estimates.remove_before(MORNING) == 1
        assert await tx.estimates.list_of([an_id("stop")]) == [an_estimate()]
