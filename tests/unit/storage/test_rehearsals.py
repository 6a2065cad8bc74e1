"""Rehearsals come back as they were kept, the newest first."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from promesa.kernel.ids import derived_id
from promesa.storage.database import Database
from promesa.storage.unit_of_work import UnitOfWork
from tests.support import nouns
from tests.support.rehearsal_nouns import a_rehearsal

TENANT = nouns.a_tenant()


@pytest_asyncio.fixture
async def tx(database: Database) -> AsyncIterator[UnitOfWork]:
    """A transaction in which three are kept."""
    await database.directory.add_tenant(TENANT)
    async with database.transaction(TENANT.id) as tx:
        for minute, word in enumerate(("one", "two", "three")):
            await tx.rehearsals.add(a_rehearsal(word, minute))
        yield tx


async def test_a_rehearsal_comes_back_whole(tx: UnitOfWork) -> None:
    kept = a_rehearsal()
    assert await tx.rehearsals.find(kept.id) == kept
    assert await tx.rehearsals.find(derived_id("none")) is None


async def test_the_newest_come_first_and_the_oldest_are_forgotten(tx: UnitOfWork) -> None:
    newest = [a_rehearsal("three", 2), a_rehearsal("two", 1)]
    assert await tx.rehearsals.list_newest(limit=2) == newest
    assert await tx.rehearsals.keep_newest(2) == 1
    assert await tx.rehearsals.list_newest(limit=9) == newest


async def test_one_that_is_removed_is_gone_and_the_others_stay(tx: UnitOfWork) -> None:
    assert await tx.rehearsals.remove(a_rehearsal("two").id)
    assert not await tx.rehearsals.remove(a_rehearsal("two").id)
    assert await tx.rehearsals.list_newest(limit=9) == [a_rehearsal("three", 2), a_rehearsal()]
