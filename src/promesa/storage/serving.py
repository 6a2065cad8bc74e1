"""One serving process a database: what one holds in memory, another would promise again.

Held as a lock of a connection of its own, so that a process that is killed lets go by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import ClassVar

import asyncpg
import structlog

from promesa.kernel.clock import pause_s
from promesa.kernel.errors import ConflictError
from promesa.storage.locks import DatabaseLock

# Who is asked to stop has drained within five seconds; a restart waits for it.
WAIT_S = 15.0
# A database that went away took the lock with it.
LOOK_AGAIN_S = 5.0
CLOSE_LIMIT_S = 1.0
_GONE = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)

_log = structlog.get_logger(__name__)


class AlreadyServedError(ConflictError):
    """Another process serves the same database."""

    code: ClassVar[str] = "already_served"
    message: ClassVar[str] = (
        "Otro proceso de Promesa ya atiende con esta base de datos. Detenlo antes de partir otro: "
        "dos a la vez prometerían dos veces el mismo lugar."
    )


@asynccontextmanager
async def sole_server(dsn: str, *, wait_s: float = WAIT_S) -> AsyncIterator[None]:
    """Serves alone for as long as the block lasts.

    Args:
        dsn: Of the database, as asyncpg reads it.
        wait_s: How long one that is about to stop is waited for.

    Raises:
        AlreadyServedError: Another went on serving.
    """
    lock = _Lock(dsn, await asyncpg.connect(dsn))
    try:
        await lock.take(wait_s)
        keeper = asyncio.create_task(lock.keep())
        try:
            yield
        finally:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
    finally:
        await lock.let_go()


class _Lock:
    """The lock, on whichever connection holds it now."""

    def __init__(self, dsn: str, held: asyncpg.Connection) -> None:
        self._dsn = dsn
        self._held = held

    async def take(self, wait_s: float) -> None:
        """Waits for it so long.

        Raises:
            AlreadyServedError: Another keeps it.
        """
        await self._held.execute(f"SET lock_timeout = {round(wait_s * 1_000)}")
        try:
            await self._held.execute("SELECT pg_advisory_lock($1)", DatabaseLock.SERVING.value)
        except asyncpg.LockNotAvailableError as error:
            raise AlreadyServedError from error

    async def keep(self) -> None:
        """Takes it again after a database that fell, so that nobody slips in beside us."""
        while True:
            await pause_s(LOOK_AGAIN_S)
            with suppress(*_GONE):
                if self._held.is_closed():
                    await self._take_again()
                await self._held.execute("SELECT 1")

    async def let_go(self) -> None:
        """Closes the connection, which frees it."""
        with suppress(*_GONE):
            await self._held.close(timeout=CLOSE_LIMIT_S)

    async def _take_again(self) -> None:
        self._held = await asyncpg.connect(self._dsn)
        if not await self._held.fetchval(
            "SELECT pg_try_advisory_lock($1)", DatabaseLock.SERVING.value
        ):
            _log.error("served_by_another")
            await self._held.close()
