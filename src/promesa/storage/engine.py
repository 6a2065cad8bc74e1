"""Connections: one pool for each role, in UTC, with a limit on everything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import ClassVar

import asyncpg
import msgspec
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool

from promesa.kernel.errors import InvalidError, UnavailableError

POOL_SIZE_DEFAULT = 10
# A request that found no connection in this time had better be refused than queued.
POOL_WAIT_S = 10.0
CONNECT_LIMIT_S = 10
# The slowest statement of a 600-order day takes under a second on two cores.
STATEMENT_LIMIT_MS = 30_000
LOCK_LIMIT_MS = 10_000
# A process that hangs inside a transaction would keep its locks for ever.
IDLE_IN_TRANSACTION_LIMIT_MS = 60_000

# What the driver itself raises on a connection that is gone, now or in the middle of a statement.
_GONE = (asyncpg.InterfaceError, asyncpg.InternalClientError)

# Classes of SQLSTATE after which the same request may work: connection, resources, operator
# intervention (57014 is a cancelled statement), locks (55P03), deadlock and serialization (40).
TRANSIENT_CLASSES = ("08", "40", "53", "55", "57")
# Others were in the way: serialization failure, deadlock, a lock that did not come in time.
_CONTENDED = frozenset({"40001", "40P01", "55P03"})
# SQLSTATEs of a text that PostgreSQL can't hold: in a column, and inside jsonb.
_NO_TEXT = frozenset({"22021", "22P05"})


class DatabaseUnavailableError(UnavailableError):
    """The database does not answer, or refused for now."""

    code: ClassVar[str] = "database_unavailable"
    message = "La base de datos no responde. Intenta de nuevo en un minuto."


class DatabaseBusyError(UnavailableError):
    """Others were changing the same; nothing was kept, and the same may work at once."""

    code: ClassVar[str] = "database_busy"
    message = "Otros están cambiando lo mismo en este momento. Intenta de nuevo en unos segundos."


class CharacterError(InvalidError):
    """A text holds the null character, which no column takes."""

    code: ClassVar[str] = "character_invalid"
    message = "Hay un carácter que no se puede guardar. Vuelve a escribir el texto."


def make_engine(dsn: str, *, pool_size: int = POOL_SIZE_DEFAULT) -> AsyncEngine:
    """An engine over ``dsn`` whose connections speak UTC and give up in time."""
    return create_async_engine(
        make_engine_url(dsn),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_WAIT_S,
        # We say BEGIN and COMMIT ourselves; the layer above would add a trip for each.
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        json_serializer=_to_json,
        json_deserializer=msgspec.json.decode,
        connect_args={
            "timeout": CONNECT_LIMIT_S,
            "server_settings": {
                "application_name": "promesa",
                "timezone": "UTC",
                "statement_timeout": str(STATEMENT_LIMIT_MS),
                "lock_timeout": str(LOCK_LIMIT_MS),
                "idle_in_transaction_session_timeout": str(IDLE_IN_TRANSACTION_LIMIT_MS),
            },
        },
    )


@asynccontextmanager
async def begun(
    engine: AsyncEngine, *, opening: str = "", revive: Callable[[], Awaitable[None]] | None = None
) -> AsyncIterator[AsyncConnection]:
    """A connection inside a transaction, which commits when the block ends, else rolls back.

    BEGIN and ``opening`` go to the server in one trip, which also proves the connection: a server
    that was restarted meanwhile is connected to again, one that is gone is revived first.
    ``opening`` is a statement without parameters.

    Raises:
        DatabaseUnavailableError: The database can't be reached, went away or gave up.
        DatabaseBusyError: Another transaction was in the way.
    """
    with outage_as_unavailable():
        connection = await _begin(engine, f"BEGIN; {opening}", revive)
        try:
            yield connection
            if await (await driver_of(connection)).execute("COMMIT") != "COMMIT":
                # PostgreSQL answers COMMIT with ROLLBACK when a statement had failed before.
                raise RuntimeError("a statement failed in this transaction: nothing was kept")
        finally:
            await _give_back(connection)


async def _begin(
    engine: AsyncEngine, opening: str, revive: Callable[[], Awaitable[None]] | None
) -> AsyncConnection:
    # What else waits in the pool may be as dead as the connection that failed. Each failure
    # throws one away; the pool is not replaced, since connections in use would never be closed.
    for _ in range(engine.pool.size() if isinstance(engine.pool, QueuePool) else 0):
        try:
            return await _open(engine, opening, revive)
        except (asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError, *_GONE, OSError):
            continue
    return await _open(engine, opening, revive)


async def _open(
    engine: AsyncEngine, opening: str, revive: Callable[[], Awaitable[None]] | None
) -> AsyncConnection:
    connection = await _connect(engine, revive)
    async with AsyncExitStack() as failed:
        # Cancelled in between, nobody knows whether the server has begun.
        failed.push_async_callback(_throw_away, connection)
        await (await driver_of(connection)).execute(opening)
        failed.pop_all()
    return connection


async def _give_back(connection: AsyncConnection) -> None:
    """Into the pool, outside any transaction; one that can't be brought there is thrown away."""
    async with AsyncExitStack() as failed:
        # A second cancellation may end the wait for the server: whoever came next would go on in
        # this transaction, and commit what was left of it.
        failed.push_async_callback(_throw_away, connection)
        if await _is_outside(connection):
            failed.pop_all()
            await connection.close()


async def _throw_away(connection: AsyncConnection) -> None:
    try:
        await connection.invalidate()
    finally:
        await connection.close()


async def _is_outside(connection: AsyncConnection) -> bool:
    """Whether the connection is known to be outside any transaction, rolled back if need be."""
    try:
        if connection.invalidated:
            return False
        driver = await driver_of(connection)
        if driver.is_in_transaction():
            await driver.execute("ROLLBACK")
    except (asyncpg.PostgresError, *_GONE, OSError):
        return False
    return not driver.is_closed()


async def _connect(
    engine: AsyncEngine, revive: Callable[[], Awaitable[None]] | None
) -> AsyncConnection:
    with refusal_as_unavailable():
        try:
            return await engine.connect()
        except OSError:
            if revive is None:
                raise
        await revive()
        return await engine.connect()


async def driver_of(connection: AsyncConnection) -> asyncpg.Connection:
    """The driver's own connection, inside the same transaction, for the hottest statements.

    It costs a third of the CPU of the layer above; jsonb goes in and out as text.
    """
    return (await connection.get_raw_connection()).driver_connection


@contextmanager
def outage_as_unavailable() -> Iterator[None]:
    """Turns what the database can't do now, or with this text, into our errors; the rest passes.

    Raises:
        DatabaseUnavailableError: It is away, too busy, or gave up in time.
        DatabaseBusyError: Another transaction was in the way.
        CharacterError: A text can't be kept, nor looked for.
    """
    try:
        yield
    except PoolTimeoutError as error:
        raise DatabaseUnavailableError from error
    except (DBAPIError, asyncpg.PostgresError, *_GONE) as error:
        sqlstate = _sqlstate(error)
        if sqlstate in _NO_TEXT:
            raise CharacterError from error
        if sqlstate in _CONTENDED:
            raise DatabaseBusyError(sqlstate=sqlstate) from error
        if not _is_outage(error):
            raise
        raise DatabaseUnavailableError(**{"sqlstate": sqlstate} if sqlstate else {}) from error


@contextmanager
def refusal_as_unavailable() -> Iterator[None]:
    """The same for the moment of connecting, when the system itself may refuse.

    Raises:
        DatabaseUnavailableError: Nothing listens, or it does not let us in now.
    """
    try:
        with outage_as_unavailable():
            yield
    except OSError as error:
        raise DatabaseUnavailableError from error


def _is_outage(error: Exception) -> bool:
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    origin = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(origin, _GONE) or _sqlstate(error).startswith(TRANSIENT_CLASSES)


def _sqlstate(error: Exception) -> str:
    origin = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(origin, "sqlstate", None) or "")


def make_engine_url(dsn: str) -> URL:
    """The address with the driver we use, whichever it names."""
    return make_url(dsn).set(drivername="postgresql+asyncpg")


def _to_json(value: object) -> str:
    return msgspec.json.encode(value).decode()
