"""The open database: migrated by its owner, used by the plain role, one transaction at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from promesa.kernel.ids import Ids
from promesa.storage.blobs import BlobStore, DiskBlobs
from promesa.storage.catalog import app_dsn_of, prepare_roles
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
from promesa.storage.tenants import TenantDirectory
from promesa.storage.unit_of_work import UnitOfWork

_SET_TENANT = f"SELECT set_config('{TENANT_SETTING}', $1, true)"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabasePlace:
    """Where the database is.

    Attributes:
        url: Address as the owner of the tables; empty for a private server under ``home``.
        home: Folder of the private server's data and of the blobs; None for the usual place.
        pool_size: Connections of the plain role.
    """

    url: str = ""
    home: Path | None = None
    pool_size: int = POOL_SIZE_DEFAULT


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
        self.directory = TenantDirectory(engine, ids)

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
            with refusal_as_unavailable():
                await prepare_roles(owner_dsn)
                await migrate(owner_dsn)
            engine = make_engine(app_dsn_of(owner_dsn), pool_size=place.pool_size)
            opened.pop_all()
        return cls(engine, ids, DiskBlobs(home / "blobs"), server)

    @asynccontextmanager
    async def transaction(self, tenant_id: UUID) -> AsyncIterator[UnitOfWork]:
        """One transaction of one tenant: commits when the block ends, else rolls back.

        Raises:
            DatabaseUnavailableError: The database went away or gave up; nothing was kept, or,
                when it went away while committing, the caller can't know: events and idempotency
                keys make the repetition harmless.
        """
        async with begun(self._engine) as connection:
            # The layer above sends BEGIN with its first statement, so this one goes through it.
            await connection.exec_driver_sql(_SET_TENANT, (str(tenant_id),))
            yield UnitOfWork(
                connection,
                await driver_of(connection),
                tenant_id=tenant_id,
                ids=self._ids,
                blobs=self._blobs,
            )

    async def number_events(self) -> int:
        """Numbers what has been committed, of all tenants; returns how many events got one."""
        async with begun(self._engine) as connection:
            return await number_events(connection)

    async def ping(self) -> None:
        """Does nothing when the database answers.

        Raises:
            DatabaseUnavailableError: It does not.
        """
        async with begun(self._engine) as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Gives the connections back, and lets the private server go."""
        await self._engine.dispose()
        if self._server is not None:
            await self._server.stop()
