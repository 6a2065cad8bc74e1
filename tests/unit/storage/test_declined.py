"""Who wants no more messages: kept by address, without the address."""

from __future__ import annotations

from dataclasses import replace

import pytest_asyncio
from sqlalchemy import text

from promesa.notify.repository import Channel
from promesa.storage.database import Database
from tests.support.nouns import MORNING, a_person, a_tenant, an_id

TENANT = a_tenant()
ANA = a_person()
BOTH = frozenset({Channel.SMS, Channel.EMAIL})
SMS = frozenset({Channel.SMS})


@pytest_asyncio.fixture(autouse=True)
async def tenant(database: Database) -> None:
    await database.directory.add_tenant(TENANT)


async def test_the_wish_is_known_of_whoever_has_the_same_phone(database: Database) -> None:
    again = replace(ANA, id=an_id("ana again"), email=None)
    other = replace(ANA, id=an_id("other"), email=None, phone="+56900000001")
    async with database.transaction(TENANT.id) as tx:
        await tx.declined.save(ANA, SMS, MORNING)
    async with database.transaction(TENANT.id) as tx:
        assert await tx.declined.list_of([ANA, again, other]) == {ANA.id: SMS, again.id: SMS}


async def test_what_is_left_out_is_wanted_again(database: Database) -> None:
    reachable = replace(ANA, email="ana@correo.cl")
    async with database.transaction(TENANT.id) as tx:
        await tx.declined.save(reachable, BOTH, MORNING)
        await tx.declined.save(reachable, SMS, MORNING)
        await tx.declined.save(reachable, SMS, MORNING)
        assert await tx.declined.list_of([reachable]) == {reachable.id: SMS}
        await tx.declined.save(reachable, frozenset(), MORNING)
        assert await tx.declined.list_of([reachable]) == {}


async def test_the_table_holds_no_address(database: Database) -> None:
    async with database.transaction(TENANT.id) as tx:
        await tx.declined.save(ANA, SMS, MORNING)
        rows = (await tx.declined._tx.execute(text("SELECT * FROM declined_channels"))).all()
    assert len(rows) == 1
    assert (ANA.phone or "").lstrip("+") not in repr(rows)
