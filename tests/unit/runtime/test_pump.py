"""The pump reacts to each event once, in order, and outlives a mistake in a reaction."""

from __future__ import annotations

import asyncio
from uuid import UUID

from promesa.domain.events import Event
from promesa.runtime.pump import Pump
from promesa.runtime.repository import PlatformStore
from promesa.storage.database import Database
from tests.support.nouns import a_tenant, an_event

TENANT = a_tenant()
WAIT_S_MAX = 10.0


class Listener:
    """Notes what the pump does; the first reaction may fail."""

    def __init__(self, *, faults: int = 0) -> None:
        self.faults = faults
        self.reacted: list[UUID] = []
        self.told: list[UUID] = []
        self.has_told = asyncio.Event()

    async def react(self, tx: PlatformStore, event: Event) -> None:
        del tx
        if self.faults:
            self.faults -= 1
            raise KeyError("a mistake of ours")
        self.reacted.append(event.id)

    async def tell(self, tenant_id: UUID, events: list[Event]) -> None:
        del tenant_id
        self.told += [event.id for event in events]
        self.has_told.set()

    async def send(self, tenant_id: UUID) -> int:
        del tenant_id
        return 0


def pump_of(database: Database, listener: Listener) -> Pump:
    return Pump(database, react=listener.react, tell=listener.tell, send=listener.send)


async def record(database: Database, word: str) -> UUID:
    event = an_event(TENANT.id, word)
    async with database.transaction(TENANT.id) as tx:
        await tx.events.record(event)
    return event.id


async def test_a_mistake_in_a_reaction_does_not_end_the_pump(database: Database) -> None:
    await database.directory.add_tenant(TENANT)
    listener = Listener(faults=1)
    pump = pump_of(database, listener)
    await pump.start()
    event_id = await record(database, "one")
    pump.wake()
    await asyncio.wait_for(listener.has_told.wait(), WAIT_S_MAX)
    await pump.stop()
    assert (listener.reacted, listener.told) == ([event_id], [event_id])


async def test_two_processes_react_once_and_each_tells_all(database: Database) -> None:
    await database.directory.add_tenant(TENANT)
    both = [Listener(), Listener()]
    pumps = [pump_of(database, listener) for listener in both]
    ids = [await record(database, word) for word in ("one", "two", "three")]
    await asyncio.gather(*(pump.settle() for pump in pumps))
    ids.append(await record(database, "four"))
    for pump in reversed(pumps):
        await pump.settle()
    await pumps[0].settle()
    assert sorted(both[0].reacted + both[1].reacted) == sorted(ids)
    assert both[0].told == both[1].told
    assert sorted(both[0].told) == sorted(ids)
