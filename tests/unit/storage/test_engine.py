"""A connection goes back clean or not at all: nobody inherits somebody else's transaction."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest

from promesa.kernel.clock import pause_s
from promesa.storage.catalog import app_dsn_of, plain_dsn
from promesa.storage.database import Database
from promesa.storage.engine import DatabaseBusyError, begun, driver_of, make_engine
from tests.support.nouns import a_tenant

TENANT = a_tenant()
POOL = 2
TURNS = 10


async def test_a_statement_cancelled_twice_leaves_nothing_for_the_next_one(owner_dsn: str) -> None:
    engine = make_engine(app_dsn_of(owner_dsn), pool_size=1)
    await run_as_owner(owner_dsn, "CREATE TABLE notes (word text)")
    await run_as_owner(owner_dsn, "GRANT ALL ON notes TO promesa_app")
    is_written = asyncio.Event()

    async def write_and_wait() -> None:
        async with begun(engine) as connection:
            driver = await driver_of(connection)
            await driver.execute("INSERT INTO notes VALUES ('half done')")
            is_written.set()
            await driver.execute("SELECT pg_sleep(1)")

    for turns in range(1, TURNS):
        is_written.clear()
        task = asyncio.create_task(write_and_wait())
        await is_written.wait()
        await take_turns(2)
        task.cancel()
        # The second one comes while the first is being undone, a little later each time.
        await take_turns(turns)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with begun(engine) as connection:
            assert await (await driver_of(connection)).fetch("SELECT * FROM notes") == []
    await engine.dispose()


async def test_a_beginning_that_is_cancelled_leaves_no_transaction_open(
    database: Database, owner_dsn: str
) -> None:
    await database.directory.add_tenant(TENANT)

    async def begin() -> None:
        async with database.transaction(TENANT.id):
            await pause_s(60)

    for turns in range(TURNS):
        task = asyncio.create_task(begin())
        await take_turns(turns)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await count_open(owner_dsn) == 0


async def test_lost_connections_leave_none_of_the_others_behind(
    owner_dsn: str, tmp_path: Path
) -> None:
    engine = make_engine(app_dsn_of(owner_dsn), pool_size=POOL)
    for _ in range(6):
        async with begun(engine), begun(engine) as other:
            lost = (await driver_of(other)).get_server_pid()
        holding = begun(engine)
        held = await holding.__aenter__()
        pid = (await driver_of(held)).get_server_pid()
        await terminate_others(owner_dsn, pid)
        async with begun(engine) as connection:
            assert (await driver_of(connection)).get_server_pid() != lost
        await holding.__aexit__(None, None, None)
    assert await count_connections(owner_dsn) <= POOL
    await engine.dispose()


async def take_turns(count: int) -> None:
    for _ in range(count):
        await pause_s(0)


async def run_as_owner(owner_dsn: str, statement: str) -> None:
    owner = await asyncpg.connect(plain_dsn(owner_dsn))
    await owner.execute(statement)
    await owner.close()


async def terminate_others(owner_dsn: str, kept: int) -> None:
    """Ends every connection of the plain role but one, as a firewall may end idle ones."""
    plain = await asyncpg.connect(plain_dsn(app_dsn_of(owner_dsn)))
    await plain.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'promesa_app'"
        " AND datname = current_database() AND pid <> pg_backend_pid() AND pid <> $1",
        kept,
    )
    await plain.close()


async def count_connections(owner_dsn: str, state: str = "%") -> int:
    owner = await asyncpg.connect(plain_dsn(owner_dsn))
    count: int = await owner.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'promesa_app'"
        " AND datname = current_database() AND state LIKE $1",
        state,
    )
    await owner.close()
    return count


async def count_open(owner_dsn: str) -> int:
    return await count_connections(owner_dsn, "idle in transaction%")


async def test_a_deadlock_is_told_apart_from_a_database_that_is_away(owner_dsn: str) -> None:
    engine = make_engine(app_dsn_of(owner_dsn), pool_size=2)
    await run_as_owner(owner_dsn, "CREATE TABLE rows (id int); INSERT INTO rows VALUES (1), (2)")
    await run_as_owner(owner_dsn, "GRANT ALL ON rows TO promesa_app")
    both = asyncio.Barrier(2)

    async def lock(*ids: int) -> None:
        async with begun(engine) as connection:
            driver = await driver_of(connection)
            await driver.execute("SELECT FROM rows WHERE id = $1 FOR UPDATE", ids[0])
            await both.wait()
            await driver.execute("SELECT FROM rows WHERE id = $1 FOR UPDATE", ids[1])

    ends = await asyncio.gather(lock(1, 2), lock(2, 1), return_exceptions=True)
    [error] = [end for end in ends if end is not None]
    assert isinstance(error, DatabaseBusyError)
    assert error.details == {"sqlstate": "40P01"}
    await engine.dispose()
