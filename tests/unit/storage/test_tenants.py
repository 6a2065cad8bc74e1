"""Row-level security: what one tenant keeps does not exist for another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from promesa.domain.access import Tenant
from promesa.kernel.errors import NotFoundError
from promesa.orders.repository import OrderFilter
from promesa.storage.catalog import app_dsn_of, plain_dsn
from promesa.storage.database import Database
from promesa.storage.postgres import APP_ROLE
from promesa.storage.schema import METADATA
from tests.support.nouns import a_credential, a_tenant, a_user, keep_one_of_each
from tests.support.postgres import opened

ONE, OTHER = a_tenant("Uno"), a_tenant("Otro")
# The server's secrets are nobody's: the plain role may not even ask, see below.
TABLES = sorted(METADATA.tables.keys() - {"server_secrets"})

Count = Callable[[str, str], Awaitable[int]]


async def fill(database: Database) -> None:
    for tenant in (ONE, OTHER):
        await database.directory.add_tenant(tenant)
    async with database.transaction(ONE.id) as tx:
        await keep_one_of_each(tx)


async def counts(dsn: str, *, tenant: Tenant | None) -> dict[str, int]:
    """Rows of every table that a connection sees, with no WHERE."""
    connection = await asyncpg.connect(plain_dsn(dsn))
    try:
        async with connection.transaction():
            if tenant is not None:
                await connection.execute(
                    "SELECT set_config('promesa.tenant', $1, true)", str(tenant.id)
                )
            return {
                table: await connection.fetchval(f"SELECT count(*) FROM {table}")
                for table in TABLES
            }
    finally:
        await connection.close()


async def test_another_tenant_reads_nothing_from_any_table(
    database: Database, owner_dsn: str
) -> None:
    await fill(database)
    everything = await counts(owner_dsn, tenant=None)
    assert all(everything.values()), "each table has a row to hide"

    app_dsn = app_dsn_of(owner_dsn)
    seen = await counts(app_dsn, tenant=OTHER)
    assert {table: n for table, n in seen.items() if n} == {"tenants": 1}, "only its own name"
    assert all((await counts(app_dsn, tenant=ONE)).values())


async def test_without_a_tenant_nothing_is_read(database: Database, owner_dsn: str) -> None:
    await fill(database)
    assert not any((await counts(app_dsn_of(owner_dsn), tenant=None)).values())


async def test_the_tenant_ends_with_its_transaction(database: Database, owner_dsn: str) -> None:
    await fill(database)
    connection = await asyncpg.connect(plain_dsn(app_dsn_of(owner_dsn)))
    async with connection.transaction():
        await connection.execute("SELECT set_config('promesa.tenant', $1, true)", str(ONE.id))
    assert await connection.fetchval("SELECT count(*) FROM orders") == 0
    await connection.close()


async def test_a_row_for_another_tenant_is_refused(database: Database) -> None:
    await fill(database)
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.transaction(ONE.id) as tx:
            await tx.access.put_credential(a_credential(OTHER.id))


async def test_the_same_id_is_two_things_in_two_tenants(database: Database) -> None:
    await fill(database)
    async with database.transaction(OTHER.id) as tx:
        await keep_one_of_each(tx)
    async with database.transaction(ONE.id) as tx:
        assert len(await tx.fleet.list_depots()) == 1


async def test_the_plain_role_can_neither_rule_nor_own_nor_pass_by(owner_dsn: str) -> None:
    connection = await asyncpg.connect(plain_dsn(owner_dsn))
    role = await connection.fetchrow("SELECT * FROM pg_roles WHERE rolname = $1", APP_ROLE)
    powers = ("rolsuper", "rolbypassrls", "rolcreatedb", "rolcreaterole", "rolreplication")
    assert [power for power in powers if role[power]] == []
    owned = await connection.fetchval(
        "SELECT count(*) FROM pg_class WHERE relowner = $1", role["oid"]
    )
    memberships = await connection.fetchval(
        "SELECT count(*) FROM pg_auth_members WHERE member = $1", role["oid"]
    )
    await connection.close()
    assert (owned, memberships) == (0, 0)


async def test_every_table_is_guarded(owner_dsn: str) -> None:
    connection = await asyncpg.connect(plain_dsn(owner_dsn))
    rows = await connection.fetch(
        "SELECT relname, relrowsecurity FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
    )
    await connection.close()
    assert [row["relname"] for row in rows if not row["relrowsecurity"]] == ["alembic_version"]


async def test_the_plain_role_can_read_neither_versions_nor_make_tables(owner_dsn: str) -> None:
    connection = await asyncpg.connect(plain_dsn(app_dsn_of(owner_dsn)))
    for forbidden in (
        "SELECT * FROM alembic_version",
        "SELECT * FROM server_secrets",
        "CREATE TABLE mine (x int)",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(forbidden)
    await connection.close()


async def test_a_secret_says_across_tenants_whose_it_is(database: Database) -> None:
    await fill(database)
    credential = a_credential(ONE.id)
    assert await database.directory.find_credential(credential.digest) == credential
    assert await database.directory.find_credential(b"no such digest") is None


async def test_an_email_finds_its_users_by_tenant_name(database: Database) -> None:
    await fill(database)
    async with database.transaction(OTHER.id) as tx:
        await tx.access.put_user(a_user())
    found = await database.directory.find_users_by_email(a_user().email_digest or b"")
    assert [(tenant.name, user.id) for tenant, user in found] == [
        ("Otro", a_user().id),
        ("Uno", a_user().id),
    ]


async def test_an_email_finds_its_user_whose_tenant_another_process_has_just_founded(
    database: Database, owner_dsn: str, tmp_path: Path
) -> None:
    await database.directory.add_tenant(ONE)
    assert await database.directory.list_tenants() == [ONE]
    async with opened(owner_dsn, tmp_path) as other:
        await other.directory.add_tenant(OTHER)
        async with other.transaction(OTHER.id) as tx:
            await tx.access.put_user(a_user())
    found = await database.directory.find_users_by_email(a_user().email_digest or b"")
    assert [tenant for tenant, _ in found] == [OTHER]


async def test_a_tenant_added_again_keeps_its_people_findable(database: Database) -> None:
    await fill(database)
    await database.directory.add_tenant(Tenant(id=ONE.id, name="Uno SpA"))
    assert (await database.directory.get_tenant(ONE.id)).name == "Uno SpA"
    async with database.transaction(ONE.id) as tx:
        assert await tx.orders.list_page(OrderFilter(text="pérez"), limit=5)


async def test_an_unknown_tenant_is_not_found(database: Database) -> None:
    with pytest.raises(NotFoundError):
        await database.directory.get_tenant(ONE.id)
