"""Rules of working hours and absences come back as they were kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

from promesa.storage.database import Database
from promesa.storage.unit_of_work import UnitOfWork
from tests.support import nouns
from tests.support.foresight_nouns import an_absence, labour_version

TENANT = nouns.a_tenant()
DECEMBER = date(2026, 12, 1), date(2026, 12, 31)


async def test_every_version_of_the_rules_stays_the_newest_first(database: Database) -> None:
    await database.directory.add_tenant(TENANT)
    first = labour_version()
    second = replace(first, version=2, rows=first.rows[:1])
    async with database.transaction(TENANT.id) as tx:
        await tx.labour_rules.lock()
        await tx.labour_rules.add(first)
        await tx.labour_rules.add(second)
    async with database.transaction(TENANT.id) as tx:
        assert await tx.labour_rules.list_versions(limit=5) == [second, first]
        assert await tx.labour_rules.list_versions(limit=1) == [second]


async def test_an_absence_is_kept_once_and_can_be_taken_back(database: Database) -> None:
    await database.directory.add_tenant(TENANT)
    driver = nouns.a_driver()
    absence = an_absence(driver.id)
    async with database.transaction(TENANT.id) as tx:
        await tx.fleet.put_driver(driver)
        await tx.absences.put_all([absence])
        await tx.absences.put_all([absence])
        assert await tx.absences.list_between(*DECEMBER, limit=9) == [absence]
        await tx.absences.remove(driver.id, absence.date)
        await tx.absences.remove(driver.id, absence.date)
        assert await tx.absences.list_between(*DECEMBER, limit=9) == []


async def test_who_saves_rules_terms_or_shifts_holds_up_no_other_operator(
    database: Database,
) -> None:
    """Were the other to wait, this would never end: the first one waits for it."""
    other = nouns.a_tenant("Otro")
    for tenant in (TENANT, other):
        await database.directory.add_tenant(tenant)
    async with database.transaction(TENANT.id) as held, asyncio.timeout(20):
        await _lock_all(held)
        async with database.transaction(other.id) as tx:
            await _lock_all(tx)


async def _lock_all(tx: UnitOfWork) -> None:
    await tx.labour_rules.lock()
    await tx.capacity_terms.lock_all()
    await tx.fleet.lock_vehicles()
    await tx.fleet.lock_shifts()
