"""Rules of working hours and absences come back as they were kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from promesa.storage.database import Database
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
