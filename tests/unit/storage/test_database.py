"""Transactions: all or nothing, and an outage that says so and passes."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest

from promesa.kernel.clock import SystemClock, pause_s
from promesa.kernel.errors import NotFoundError
from promesa.kernel.ids import Ids
from promesa.storage.catalog import RolesError
from promesa.storage.database import Database, DatabasePlace
from promesa.storage.engine import DatabaseUnavailableError
from promesa.storage.postgres import PrivateServer
from promesa.storage.postmaster import processes_of
from tests.support.nouns import a_depot, a_person, a_tenant, an_event, an_order
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


@pytest.fixture
def home() -> Iterator[Path]:
    folder = passable_folder()
    yield folder
    for pid in processes_of(folder / "postgres" / "data"):
        os.kill(pid, signal.SIGKILL)
    remove_folder(folder)


async def kill(home: Path) -> None:
    data = home / "postgres" / "data"
    for pid in processes_of(data):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while processes_of(data):
        await pause_s(0.01)


async def open_at(home: Path, *, url: str = "") -> Database:
    database = await Database.open(DatabasePlace(url=url, home=home), Ids(SystemClock()))
    await database.directory.add_tenant(TENANT)
    return database


async def test_a_private_server_that_is_killed_is_started_again_with_all_it_kept(
    home: Path,
) -> None:
    database = await open_at(home)
    async with database.transaction(TENANT.id) as tx:
        await tx.fleet.put_depot(a_depot())
    await kill(home)
    async with database.transaction(TENANT.id) as tx:
        assert await tx.fleet.list_depots() == [a_depot()]
    await database.close()
    assert not processes_of(home / "postgres" / "data")


async def test_a_kill_in_the_middle_of_a_transaction_says_unavailable_and_keeps_nothing(
    home: Path,
) -> None:
    database = await open_at(home)

    async def be_cut_short() -> None:
        async with database.transaction(TENANT.id) as tx:
            await tx.fleet.put_depot(a_depot())
            await kill(home)
            await tx.events.record(an_event(TENANT.id))

    with pytest.raises(DatabaseUnavailableError):
        await be_cut_short()
    async with database.transaction(TENANT.id) as tx:
        assert await tx.fleet.list_depots() == []
    await database.close()


async def test_a_server_that_another_process_started_is_started_again_too(home: Path) -> None:
    first = await open_at(home)
    second = await open_at(home)
    await kill(home)
    await second.ping()
    await first.ping()
    await first.close()
    await second.ping()
    await second.close()
    assert not processes_of(home / "postgres" / "data")


async def test_a_server_that_is_not_ours_is_unavailable_while_it_is_away(home: Path) -> None:
    server = await PrivateServer.start(home)
    place = DatabasePlace(url=server.owner_dsn, home=home)
    database = await Database.open(place, Ids(SystemClock()))
    await kill(home)
    with pytest.raises(DatabaseUnavailableError):
        await database.ping()
    await server.revive()
    await database.ping()
    await database.close()
    await server.stop()


async def test_a_scratch_database_begins_empty_and_leaves_the_lasting_one_alone(
    home: Path,
) -> None:
    lasting = await open_at(home)
    place = DatabasePlace(home=home, scratch="simulated_7")
    for _ in range(2):
        scratch = await Database.open(place, Ids(SystemClock()))
        assert await scratch.directory.list_tenants() == []
        await scratch.directory.add_tenant(a_tenant("Simulado"))
        async with scratch.transaction(a_tenant("Simulado").id) as tx:
            await tx.people.put(a_person())
            await tx.vault.seal(a_person().id, b"a photo")
        await scratch.close()
    assert [tenant.name for tenant in await lasting.directory.list_tenants()] == [TENANT.name]
    await lasting.close()
    assert not list((home / "scratch").iterdir())


async def test_the_plain_role_signs_in_with_a_password_derived_from_the_owners(
    home: Path,
) -> None:
    """A server elsewhere asks for passwords: the owner's is set, the other follows from it."""
    server = await PrivateServer.start(home)
    superuser = await asyncpg.connect(server.dsn("postgres", "postgres"))
    await superuser.execute("ALTER ROLE promesa_owner PASSWORD 's3cr:t@'")
    rules = "local all postgres trust\nlocal all all scram-sha-256\n"
    (server.data / "pg_hba.conf").write_text(rules)
    await superuser.execute("SELECT pg_reload_conf()")
    await superuser.close()

    url = server.owner_dsn.replace("promesa_owner@", "promesa_owner:s3cr%3At%40@")
    database = await open_at(home, url=url)
    assert await database.directory.list_tenants() == [TENANT]
    await database.close()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(server.owner_dsn)
    await server.stop()


async def test_an_owner_who_may_not_make_roles_is_told_what_to_do(home: Path) -> None:
    server = await PrivateServer.start(home)
    superuser = await asyncpg.connect(server.dsn("postgres", "postgres"))
    await superuser.execute("ALTER ROLE promesa_owner NOCREATEROLE")
    await superuser.close()
    with pytest.raises(RolesError, match="CREATEROLE"):
        await open_at(home, url=server.owner_dsn)
    await server.stop()
