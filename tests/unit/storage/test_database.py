"""Transactions: all or nothing, and an outage that says so and passes."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from promesa.kernel.clock import SystemClock, pause_s
from promesa.kernel.errors import NotFoundError
from promesa.kernel.ids import Ids
from promesa.storage.database import Database, DatabasePlace
from promesa.storage.engine import DatabaseUnavailableError
from promesa.storage.postgres import PrivateServer
from promesa.storage.postmaster import processes_of
from tests.support.nouns import a_depot, a_tenant, an_event, an_order
from tests.support.postgres import passable_folder, remove_folder

TENANT = a_tenant()


async def test_a_block_that_fails_keeps_nothing(database: Database) -> None:
    await database.directory.add_tenant(TENANT)

    async def fail_half_way() -> None:
        async with database.transaction(TENANT.id) as tx:
            await tx.orders.add(an_order())
            await tx.events.record(an_event(TENANT.id))
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        await fail_half_way()
    async with database.transaction(TENANT.id) as tx:
        assert await tx.events.find(an_event(TENANT.id).id) is None
        with pytest.raises(NotFoundError):
            await tx.orders.get(an_order().id)


async def test_a_database_that_is_killed_is_unavailable_and_then_goes_on() -> None:
    home = passable_folder()
    database = await Database.open(DatabasePlace(home=home), Ids(SystemClock()))
    await database.directory.add_tenant(TENANT)
    async with database.transaction(TENANT.id) as tx:
        await tx.fleet.put_depot(a_depot())

    data = home / "postgres" / "data"
    for pid in processes_of(data):
        os.kill(pid, signal.SIGKILL)
    while processes_of(data):
        await pause_s(0.01)
    with pytest.raises(DatabaseUnavailableError):
        await database.ping()

    server = await PrivateServer.start(home)
    await database.ping()
    async with database.transaction(TENANT.id) as tx:
        assert await tx.fleet.list_depots() == [a_depot()]
    await database.close()
    await server.stop()
    remove_folder(home)


async def test_an_address_with_a_password_opens_the_same_database(
    owner_dsn: str, tmp_path: Path
) -> None:
    """The socket trusts, so only the way is tested: the plain role gets a derived password."""
    url = owner_dsn.replace("promesa_owner@", "promesa_owner:s3cret@")
    database = await Database.open(DatabasePlace(url=url, home=tmp_path), Ids(SystemClock()))
    await database.directory.add_tenant(TENANT)
    assert await database.directory.list_tenants() == [TENANT]
    await database.close()
