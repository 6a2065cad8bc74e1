"""The open database: migrated by its owner, used by the plain role, one transaction at a time."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from promesa.kernel.ids import Ids
from promesa.storage.blobs import BlobStore, DiskBlobs
from promesa.storage.catalog import (
    app_dsn_of,
    drop_database,
    make_database,
    plain_dsn,
    prepare_roles,
)
from promesa.storage.columns import TENANT_SETTING
from promesa.storage.engine import (
    POOL_SIZE_DEFAULT,
    begun,
    driver_of,
    make_engine,
    refusal_as_unavailable,
)
from promesa.storage.events import number_events
from promesa.storage.migrating import migrate
from promesa.storage.postgres import PrivateServer, default_home
from promesa.storage.serving import sole_server
from promesa.storage.sweeping import sweep
from promesa.storage.tenants import TenantDirectory
from promesa.storage.unit_of_work import UnitOfWork

_SET_TENANT = "SELECT set_config('" + TENANT_SETTING + "', '{}', true)"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabasePlace:
    """Where the database is.

    Attributes:
        url: Address as the owner of the tables; empty for a private server under ``home``.
        home: Folder of the private server's data and of the blobs; None for the usual place.
        pool_size: Connections of the plain role.
        scratch: Name of a database made anew and dropped on closing, as a simulation wants; empty
            for the lasting one.
    """

    url: str = ""
    home: Path | None = None
    pool_size: int = POOL_SIZE_DEFAULT
    scratch: str = ""


class Database:
    """Transactions for tenants, questions across them, and the numbering of events."""

    def __init__(
        self,
        engine: AsyncEngine,
        ids: Ids,
        blobs: BlobStore,
        server: PrivateServer | None = None,
    ) -> None:
        self._engine = engine
        self._ids = ids
        self._blobs = blobs
        self._server = server
        self._closing = AsyncExitStack()
        self._closing.push_async_callback(engine.dispose)
        self.directory = TenantDirectory(self._begun, ids)

    @classmethod
    async def open(cls, place: DatabasePlace, ids: Ids) -> Self:
        """Finds or starts the server, migrates as the owner and connects as the plain role.

        Raises:
            UnavailableError: There is no server, or it does not let us in.
        """
        home = place.home or default_home()
        async with AsyncExitStack() as opened:
            server = None if place.url else await PrivateServer.start(home)
            if server is not None:
                opened.push_async_callback(server.stop)
            owner_dsn = server.owner_dsn if server else place.url
            if place.scratch:
                owner_dsn, home = await _start_over(owner_dsn, home, place.scratch, opened)
            with refusal_as_unavailable():
                await prepare_roles(owner_dsn)
                await migrate(owner_dsn)
            engine = make_engine(app_dsn_of(owner_dsn), pool_size=place.pool_size)
            database = cls(engine, ids, DiskBlobs(home / "blobs"), server)
            # Closing goes backwards: the connections first, the server last.
            opened.push_async_callback(engine.dispose)
            database._closing = opened.pop_all()
        return database

    @asynccontextmanager
    async def transaction(self, tenant_id: UUID) -> AsyncIterator[UnitOfWork]:
        """One transaction of one tenant: commits when the block ends, else rolls back.

        Raises:
            DatabaseUnavailableError: The database went away or gave up; nothing was kept, or,
                when it went away while committing, the caller can't know: events and idempotency
                keys make the repetition harmless.
        """
        async with self._begun(_SET_TENANT.format(tenant_id)) as connection:
            yield UnitOfWork(
                connection,
                await driver_of(connection),
                tenant_id=tenant_id,
                ids=self._ids,
                blobs=self._blobs,
            )

    async def number_events(self) -> int:
        """Numbers what has been committed, of all tenants; returns how many events got one."""
        async with self._begun() as connection:
            return await number_events(connection)

    async def sweep_blobs(self, before: datetime) -> int:
        """Removes pictures put before ``before`` that no record names; returns how many.

        Raises:
            ForeignBlobsError: They are too many to be ours; nothing was removed.
        """
        tenants = [tenant.id for tenant in await self.directory.list_tenants()]
        return await sweep(self, tenants, self._blobs, before)

    async def ping(self) -> None:
        """Does nothing when the database answers.

        Raises:
            DatabaseUnavailableError: It does not.
        """
        async with self._begun() as connection:
            await connection.execute(text("SELECT 1"))

    def served_alone(self) -> AbstractAsyncContextManager[None]:
        """No other process serves this database while the block lasts.

        Raises:
            AlreadyServedError: Another does.
        """
        return sole_server(plain_dsn(self._engine.url.render_as_string(hide_password=False)))

    def crash(self) -> bool:
        """Kills a private server as a power cut would; somebody else's is left alone (False)."""
        return self._server is not None and self._server.crash()

    async def close(self) -> None:
        """Gives the connections back, and lets the private server go."""
        await self._closing.aclose()

    @asynccontextmanager
    async def _begun(self, opening: str = "") -> AsyncIterator[AsyncConnection]:
        """A transaction; a private server that died is started again for it."""
        revive = None if self._server is None else self._server.revive
        async with begun(self._engine, opening=opening, revive=revive) as connection:
            yield connection


async def _start_over(
    owner_dsn: str, home: Path, name: str, opened: AsyncExitStack
) -> tuple[str, Path]:
    """Makes the scratch database; returns its address and the folder of its blobs."""
    folder = home / "scratch" / name
    with refusal_as_unavailable():
        await drop_database(owner_dsn, name)
        scratch_dsn = await make_database(owner_dsn, name)
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    opened.push_async_callback(asyncio.to_thread, shutil.rmtree, folder, ignore_errors=True)
    opened.push_async_callback(drop_database, owner_dsn, name)
    return scratch_dsn, folder
