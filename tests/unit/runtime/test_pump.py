"""The pump reacts to each event once, in order, and outlives a mistake in a reaction.

Two operators, Uno (A) and Dos (B); Dos comes first by name. A *poison* event is one whose reaction
fails each time.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from uuid import UUID

import pytest

from promesa.domain.events import Event, ParkedReaction
from promesa.kernel.clock import MovedClock
from promesa.kernel.errors import UnavailableError
from promesa.runtime.pump import Pump
from promesa.runtime.reacting import NO_WAITS_S, Reactor, count_parked
from promesa.runtime.repository import PlatformStore
from promesa.storage.database import Database
from promesa.storage.unit_of_work import UnitOfWork
from tests.support.nouns import MORNING, a_message, a_tenant, an_event

TENANT = a_tenant()
OTHER = a_tenant("Zeta")
POISON = an_event(TENANT.id, "poison").id
WAIT_S_MAX = 10.0


class Listener:
    """Notes what the pump does; the first reactions may fail, and those to a poison event do."""

    def __init__(self, *, faults: int = 0, poison: UUID | None = None) -> None:
        self.faults = faults
        self.poison = poison
        self.is_away = False
        self.reacted: list[UUID] = []
        self.told: list[UUID] = []
        self.sent_of: list[UUID] = []
        self.has_told = asyncio.Event()
        self.has_reacted = asyncio.Event()

    async def react(self, tx: PlatformStore, event: Event) -> None:
        del tx
        if self.faults:
            self.faults -= 1
            raise KeyError("a mistake of ours")
        if self.is_away:
            raise UnavailableError
        if event.id == self.poison:
            raise ValueError("Ana Pérez, +56987654321")
        self.reacted.append(event.id)
        self.has_reacted.set()

    async def note(self, tx: PlatformStore, event: Event) -> None:
        """Another reaction, which writes: what is rolled back was not done."""
        await tx.cursors.position(f"noted {event.id}")

    async def tell(self, tenant_id: UUID, events: list[Event]) -> None:
        del tenant_id
        self.told += [event.id for event in events]
        self.has_told.set()

    async def send(self, tenant_id: UUID) -> int:
        self.sent_of.append(tenant_id)
        return 0


def reactor_of(
    database: Database, listener: Listener, waits_s: tuple[float, ...] = NO_WAITS_S
) -> Reactor:
    table = {"react": listener.react, "note": listener.note}
    return Reactor(database, table, MovedClock(MORNING), waits_s=waits_s)


def pump_of(database: Database, listener: Listener, reactor: Reactor | None = None) -> Pump:
    made = reactor or reactor_of(database, listener)
    return Pump(database, MovedClock(MORNING), reactor=made, tell=listener.tell, send=listener.send)


async def record(database: Database, word: str, tenant_id: UUID = TENANT.id) -> UUID:
    event = an_event(tenant_id, word)
    async with database.transaction(tenant_id) as tx:
        await tx.events.record(event)
    # One after the other: numbers are given by instant and id, and these share the instant.
    await database.number_events()
    return event.id


async def test_a_mistake_in_a_reaction_does_not_end_the_pump(database: Database) -> None:
    await database.directory.add_tenant(TENANT)
    listener = Listener(faults=1)
    pump = pump_of(database, listener)
    await pump.start()
    event_id = await record(database, "one")
    pump.wake()
    await asyncio.wait_for(listener.has_reacted.wait(), WAIT_S_MAX)
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


async def test_a_poison_event_holds_up_neither_other_operators_nor_for_long_its_own(
    database: Database,
) -> None:
    await database.directory.add_tenant(TENANT)
    await database.directory.add_tenant(OTHER)
    listener = Listener(poison=POISON)
    before = await record(database, "before")
    await record(database, "poison")
    after = [await record(database, f"after {n}") for n in range(3)]
    others = await record(database, "theirs", OTHER.id)
    await pump_of(database, listener).settle()
    # Page after page is rolled back while it fails; what counts is that each was done at last.
    assert set(listener.reacted) == {before, *after, others}
    assert set(listener.told) == {before, POISON, *after, others}
    async with database.transaction(TENANT.id) as tx:
        (parked,) = await tx.parked.list_all()
        assert await tx.cursors.position("reactions") == await tx.cursors.last_number()
    assert (parked.event_id, parked.reaction) == (POISON, "react")
    assert parked.error.startswith("ValueError, runtime/reacting.py:")
    assert await count_parked(database) == 1


async def test_while_a_poison_event_waits_the_others_go_on_and_nothing_is_parked(
    database: Database,
) -> None:
    await database.directory.add_tenant(TENANT)
    await database.directory.add_tenant(OTHER)
    listener = Listener(poison=POISON)
    before, _ = await record(database, "before"), await record(database, "poison")
    after = await record(database, "after")
    others = await record(database, "theirs", OTHER.id)
    pump = pump_of(database, listener, reactor_of(database, listener, waits_s=(60.0,)))
    await pump.settle()
    assert {before, others} <= set(listener.reacted)
    assert after not in listener.reacted
    assert after in listener.told
    assert await count_parked(database) == 0


async def test_a_parked_reaction_is_done_once_when_it_is_tried_again(database: Database) -> None:
    await database.directory.add_tenant(TENANT)
    listener = Listener(poison=POISON)
    await record(database, "poison")
    after = await record(database, "after")
    reactor = reactor_of(database, listener)
    await pump_of(database, listener, reactor).settle()
    assert await reactor.retry(TENANT.id) == (0, await parked_of(database))
    listener.poison = None
    both = await asyncio.gather(reactor.retry(TENANT.id), reactor.retry(TENANT.id))
    assert [again.still for again in both] == [[], []]
    await pump_of(database, listener, reactor).settle()
    assert listener.reacted == [after, POISON]
    assert await parked_of(database) == []


async def parked_of(database: Database) -> list[ParkedReaction]:
    async with database.transaction(TENANT.id) as tx:
        return await tx.parked.list_all()


async def test_a_database_that_is_away_parks_nothing(database: Database) -> None:
    await database.directory.add_tenant(TENANT)
    listener = Listener()
    pump = pump_of(database, listener)
    event_id = await record(database, "one")
    listener.is_away = True
    for _ in range(2 * len(NO_WAITS_S)):
        await pump.settle()
    assert (listener.reacted, await count_parked(database)) == ([], 0)
    listener.is_away = False
    await pump.settle()
    assert listener.reacted == [event_id]


async def test_only_an_operator_with_something_to_do_is_visited(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.directory.add_tenant(TENANT)
    await database.directory.add_tenant(OTHER)
    listener = Listener()
    pump = pump_of(database, listener)
    await record(database, "one", OTHER.id)
    await pump.settle()
    visited: list[UUID] = []
    begun = database.transaction

    def counted(tenant_id: UUID) -> AbstractAsyncContextManager[UnitOfWork]:
        visited.append(tenant_id)
        return begun(tenant_id)

    monkeypatch.setattr(database, "transaction", counted)
    await pump.settle()
    assert visited == []
    event_id = await record(database, "two")
    visited.clear()
    await pump.settle()
    assert listener.told[-1] == event_id
    assert set(visited) == {TENANT.id}
    assert listener.sent_of == []
    async with begun(OTHER.id) as tx:
        assert await tx.outbox.queue(a_message())
    await pump.settle()
    assert listener.sent_of == [OTHER.id]
