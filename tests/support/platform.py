"""A real platform for each test: its own database, cloned from a morning that ran once.

The morning (tests/support/operation.py) is made through the API in two operators; each test gets
a copy of it in a tenth of a second and may do to it what it likes.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from argon2 import PasswordHasher

from promesa.api.app import build_app
from promesa.kernel.clock import MovedClock
from promesa.kernel.ids import Ids
from promesa.roads.city import City, ensure_built
from promesa.runtime import access, jobs
from promesa.runtime.places import default_city_directory
from promesa.runtime.platform import Platform
from promesa.runtime.settings import DatabaseSettings, PromiseSettings, Settings, WebhookSettings
from promesa.runtime.wiring import Circumstances, open_platform
from promesa.storage.catalog import drop_database, make_database
from tests.support.client import BASE_URL, open_client
from tests.support.operation import EIGHT, Operation, run_operation
from tests.support.postgres import TestServer, passable_folder, remove_folder

POOL_SIZE = 4
MORNING = "morning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """Two operators at half past nine, kept as a database to clone and a folder to copy."""

    norte: Operation
    sur: Operation
    city: City
    ended: MovedClock
    home: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A platform of one test, and who acts on it."""

    platform: Platform
    app: Any
    clock: MovedClock
    norte: Operation
    sur: Operation

    def client(self, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
        """A client; nobody's unless the headers of an operation say whose."""
        return open_client(self.app, **(headers or {}))


@pytest.fixture(scope="session")
def city() -> City:
    """The city that ships, loaded once."""
    return City.load(default_city_directory())


@pytest.fixture(scope="session")
def morning(postgres: TestServer, city: City) -> Iterator[Morning]:
    """Runs the morning once; its database is the template of every stage."""
    home = passable_folder()
    with pytest.MonkeyPatch.context() as patch:
        # A password costs half a second of two shared cores on purpose; here it is no secret.
        patch.setattr(access, "_hasher", PasswordHasher(time_cost=1, memory_cost=1024))
        # Plans are made in a thread on the city that is loaded: no second process loads it.
        patch.setattr(f"{jobs.WORKER}._roads", [city.network])
        patch.setattr(f"{jobs.WORKER}._folders", [ensure_built(default_city_directory())])
        yield asyncio.run(_run_morning(postgres, city, home))
    remove_folder(home)


async def _run_morning(postgres: TestServer, city: City, home: Path) -> Morning:
    clock = MovedClock(EIGHT)
    dsn = await make_database(postgres.server.owner_dsn, MORNING, template="migrated")
    async with opened(dsn, city, home, clock) as (platform, app):
        norte = await run_operation(app, platform, clock, "norte")
        sur = await run_operation(app, platform, clock, "sur")
    return Morning(norte=norte, sur=sur, city=city, ended=clock, home=home)


@asynccontextmanager
async def opened(
    dsn: str, city: City, home: Path, clock: MovedClock, *, is_background: bool = False
) -> AsyncIterator[tuple[Platform, Any]]:
    """A platform over a database, with its application."""
    settings = Settings(
        database=DatabaseSettings(url=dsn, pool_size=POOL_SIZE),
        webhooks=WebhookSettings(private_networks=True),
        # Tests fill whole days with what one shop accepts.
        promises=PromiseSettings(held_share_max=1.0),
    )
    circumstances = Circumstances(
        clock=clock,
        ids=Ids(clock),
        public_url=BASE_URL,
        home=home,
        is_background=is_background,
        city=city,
    )
    async with open_platform(settings, circumstances) as platform:
        with ThreadPoolExecutor(max_workers=1) as planner:
            platform.executor = planner
            yield platform, build_app(platform)


@asynccontextmanager
async def staged(
    postgres: TestServer, morning: Morning, *, is_background: bool = False
) -> AsyncIterator[Stage]:
    """A copy of the morning, alive."""
    number = next(postgres.numbers)
    name, home = f"stage_{number}", passable_folder()
    dsn = await make_database(postgres.server.owner_dsn, name, template=MORNING)
    shutil.copytree(morning.home, home, dirs_exist_ok=True)
    clock = MovedClock(morning.ended.now())
    try:
        async with opened(dsn, morning.city, home, clock, is_background=is_background) as made:
            yield Stage(
                platform=made[0], app=made[1], clock=clock, norte=morning.norte, sur=morning.sur
            )
    finally:
        await drop_database(postgres.server.owner_dsn, name)
        remove_folder(home)


@pytest_asyncio.fixture
async def stage(postgres: TestServer, morning: Morning) -> AsyncIterator[Stage]:
    """A platform where time stands still and nothing happens by itself."""
    async with staged(postgres, morning) as made:
        yield made
