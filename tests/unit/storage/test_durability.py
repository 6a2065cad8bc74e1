"""kill -9 of the database at seeded moments: what was acknowledged is there, and there once."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from promesa.kernel.clock import SystemClock, pause_s
from promesa.kernel.errors import UnavailableError
from promesa.kernel.ids import Ids
from promesa.kernel.seeds import stream
from promesa.storage.database import Database, DatabasePlace
from promesa.storage.postmaster import processes_of
from tests.support.nouns import a_tenant, an_event, an_id
from tests.support.postgres import passable_folder, remove_folder

TENANT = a_tenant()
WRITERS = 4
KILLS = 5
SEED = 7


@pytest.fixture
def home() -> Iterator[Path]:
    folder = passable_folder()
    yield folder
    kill(folder)
    remove_folder(folder)


def kill(home: Path) -> None:
    for pid in processes_of(home / "postgres" / "data"):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


class Phone:
    """Sends events one by one, and again those whose fate it does not know, as a phone would."""

    def __init__(self, database: Database, name: str) -> None:
        self.database = database
        self.name = name
        self.sent = 0
        self.acknowledged: list[UUID] = []

    async def send(self, *, stop: asyncio.Event) -> None:
        while not stop.is_set():
            event = replace(an_event(TENANT.id), id=an_id(self.name, self.sent))
            try:
                async with self.database.transaction(TENANT.id) as tx:
                    await tx.events.record(event)
                await self.database.number_events()
            except UnavailableError:
                continue  # Not acknowledged: the same event is sent again.
            self.acknowledged.append(event.id)
            self.sent += 1


async def acknowledged_more(phones: list[Phone], *, by: int) -> None:
    """Waits until the phones together have ``by`` more acknowledgements than now."""
    before = sum(phone.sent for phone in phones)
    while sum(phone.sent for phone in phones) < before + by:
        await pause_s(0.001)


async def test_no_acknowledged_event_is_lost_or_doubled_by_kills(home: Path) -> None:
    database = await Database.open(DatabasePlace(home=home), Ids(SystemClock()))
    await database.directory.add_tenant(TENANT)
    phones = [Phone(database, f"phone-{n}") for n in range(WRITERS)]
    stop = asyncio.Event()
    sending = asyncio.gather(*(phone.send(stop=stop) for phone in phones))
    moments = stream(SEED, "kills")
    for _ in range(KILLS):
        await acknowledged_more(phones, by=moments.randint(1, 40))
        await pause_s(moments.uniform(0, 0.02))
        kill(home)
    await acknowledged_more(phones, by=1)
    stop.set()
    await sending

    async with database.transaction(TENANT.id) as tx:
        kept = await tx.events.list_after(0, limit=100_000)
    await database.close()
    acknowledged = [event_id for phone in phones for event_id in phone.acknowledged]
    assert len(acknowledged) > KILLS, "work went on between the kills"
    assert set(acknowledged) <= {event.id for event in kept}
    assert [event.number for event in kept] == list(range(1, len(kept) + 1))
