"""Connections: one pool for each role, in UTC, with a limit on everything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import ClassVar

import asyncpg
import msgspec
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from promesa.kernel.errors import UnavailableError

POOL_SIZE_DEFAULT = 10
# A request that found no connection in this time had better be refused than queued.
POOL_WAIT_S = 10.0
CONNECT_LIMIT_S = 10
# The slowest statement of a 600-order day takes under a second on two cores.
STATEMENT_LIMIT_MS = 30_000
LOCK_LIMIT_MS = 10_000
# A process that hangs inside a transaction would keep its locks for ever.
IDLE_IN_TRANSACTION_LIMIT_MS = 60_000

# Classes of SQLSTATE after which the same request may work: connection, resources, operator
# intervention (57014 is a cancelled statement), locks (55P03), deadlock and serialization (40).
TRANSIENT_CLASSES = ("08", "40", "53", "55", "57")


class DatabaseUnavailableError(UnavailableError):
    """The database does not answer, or refused for now."""

    code: ClassVar[str] = "database_unavailable"
    message = "La base de datos no responde. Intenta de nuevo en un minuto."


def make_engine(dsn: str, *, pool_size: int = POOL_SIZE_DEFAULT) -> AsyncEngine:
    """An engine over ``dsn`` whose connections speak UTC and give up in time."""
    return create_async_engine(
        make_engine_url(dsn),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_WAIT_S,
        # The server may have been restarted since the connection was last used.
        pool_pre_ping=True,
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
    engine: AsyncEngine, *, revive: Callable[[], Awaitable[None]] | None = None
) -> AsyncIterator[AsyncConnection]:
    """A connection inside a transaction, which commits when the block ends, else rolls back.

    When nothing listens, ``revive`` is called once before it is tried again.

    Raises:
        DatabaseUnavailableError: The database can't be reached, went away or gave up.
    """
    with outage_as_unavailable():
        connection = await _connect(engine, revive)
        try:
            async with connection.begin():
                yield connection
        finally:
            await connection.close()


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
    """Turns what the database can't do now into our error; all else passes as it is.

    Raises:
        DatabaseUnavailableError: It is away, too busy, or gave up in time.
    """
    try:
        yield
    except PoolTimeoutError as error:
        raise DatabaseUnavailableError from error
    except (DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        if not _is_outage(error):
            raise
        raise DatabaseUnavailableError from error


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
    if isinstance(origin, asyncpg.InterfaceError):
        return True
    return str(getattr(origin, "sqlstate", None) or "").startswith(TRANSIENT_CLASSES)


def make_engine_url(dsn: str) -> URL:
    """The address with the driver we use, whichever it names."""
    return make_url(dsn).set(drivername="postgresql+asyncpg")


def _to_json(value: object) -> str:
    return msgspec.json.encode(value).decode()
