"""One serving process a database."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from promesa.kernel.clock import pause_s
from promesa.storage.catalog import prepare_roles
from promesa.storage.migrating import migrate
from promesa.storage.serving import AlreadyServedError, sole_server

SOON_S, LONG_S = 0.05, 30.0


async def test_a_second_server_of_one_database_is_refused_until_the_first_stops(
    owner_dsn: str,
) -> None:
    async with sole_server(owner_dsn):
        with pytest.raises(AlreadyServedError):
            async with sole_server(owner_dsn, wait_s=SOON_S):
                pass
    async with sole_server(owner_dsn, wait_s=SOON_S):
        pass


async def test_a_restart_waits_for_the_one_that_is_stopping(owner_dsn: str) -> None:
    served: list[str] = []

    async def restart() -> None:
        async with sole_server(owner_dsn, wait_s=LONG_S):
            served.append("second")

    async with sole_server(owner_dsn):
        second = asyncio.create_task(restart())
        async with asyncio.timeout(LONG_S):
            await _waiting(owner_dsn)
        served.append("first")
    await second
    assert served == ["first", "second"]


async def _waiting(dsn: str) -> None:
    """Until somebody waits for a lock that another holds."""
    query = """
        SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    """
    connection = await asyncpg.connect(dsn)
    try:
        while not await connection.fetchval(query):
            await pause_s(SOON_S)
    finally:
        await connection.close()


async def test_who_serves_holds_up_neither_migrations_nor_roles_nor_numbering(
    owner_dsn: str,
) -> None:
    """A command beside the server opens the same database."""
    async with sole_server(owner_dsn), asyncio.timeout(LONG_S):
        await prepare_roles(owner_dsn)
        await migrate(owner_dsn)
        connection = await asyncpg.connect(owner_dsn)
        try:
            await connection.execute("SELECT number_events()")
        finally:
            await connection.close()
