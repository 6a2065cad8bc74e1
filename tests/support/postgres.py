"""A private server for the whole test session, and a fresh database for each test.

The migrated database is made once and cloned: 50 ms a test instead of a migration.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from promesa.kernel.clock import SystemClock
from promesa.kernel.ids import Ids
from promesa.storage.account import PUBLIC_MODE
from promesa.storage.blobs import DiskBlobs
from promesa.storage.catalog import app_dsn_of, drop_database, make_database, prepare_roles
from promesa.storage.database import Database
from promesa.storage.engine import make_engine
from promesa.storage.migrating import migrate
from promesa.storage.postgres import PrivateServer

TEMPLATE = "migrated"
POOL_SIZE = 4
MEMORY = Path("/dev/shm")
# A session's server with its databases and log takes some hundred megabytes.
MEMORY_BYTES_MIN = 4_000_000_000


def passable_folder(prefix: str = "promesa-test-") -> Path:
    """A new folder that a lent user can pass through; pytest's own are closed to others.

    In memory where there is plenty, since each clone syncs hundreds of files.
    """
    is_roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_BYTES_MIN
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=MEMORY if is_roomy else "/tmp"))
    folder.chmod(PUBLIC_MODE)
    return folder


def remove_folder(folder: Path) -> None:
    """Removes what ``passable_folder`` made."""
    shutil.rmtree(folder, ignore_errors=True)


def is_root() -> bool:
    """Whether the tests run as root."""
    return os.geteuid() == 0


@dataclass(frozen=True, slots=True)
class TestServer:
    """The session's server and its migrated template."""

    __test__ = False

    server: PrivateServer
    home: Path
    numbers: count[int]

    async def make(self) -> str:
        """A fresh migrated database; returns the owner's address."""
        name = f"test_{next(self.numbers)}"
        return await make_database(self.server.owner_dsn, name, template=TEMPLATE)


@pytest.fixture(scope="session")
def postgres() -> Iterator[TestServer]:
    """The server; ends with the session."""
    home = passable_folder()
    server = asyncio.run(_start(home))
    yield TestServer(server, home, count(1))
    asyncio.run(server.stop())
    remove_folder(home)


@pytest_asyncio.fixture
async def owner_dsn(postgres: TestServer) -> AsyncIterator[str]:
    """The owner's address of a fresh migrated database."""
    dsn = await postgres.make()
    yield dsn
    await drop_database(postgres.server.owner_dsn, dsn.rpartition("/")[2].partition("?")[0])


@pytest_asyncio.fixture
async def database(owner_dsn: str, tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh migrated database, open as the plain role."""
    async with opened(owner_dsn, tmp_path) as database:
        yield database


@asynccontextmanager
async def opened(owner_dsn: str, folder: Path) -> AsyncIterator[Database]:
    """A Database over an address, closed at the end."""
    engine = make_engine(app_dsn_of(owner_dsn), pool_size=POOL_SIZE)
    database = Database(engine, Ids(SystemClock()), DiskBlobs(folder / "blobs"))
    try:
        yield database
    finally:
        await database.close()


async def _start(home: Path) -> PrivateServer:
    server = await PrivateServer.start(home)
    await prepare_roles(server.owner_dsn)
    await migrate(await make_database(server.owner_dsn, TEMPLATE))
    return server
