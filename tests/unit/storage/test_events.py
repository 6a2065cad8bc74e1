"""The event log: appended to once, numbered in commit order, never changed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest
import pytest_asyncio

from promesa.domain.events import Event
from promesa.kernel.clock import pause_s
from promesa.storage.catalog import app_dsn_of, plain_dsn
from promesa.storage.database import Database
from tests.support.nouns import MORNING, a_tenant, an_event, an_id

TENANT = a_tenant()


@pytest_asyncio.fixture(autouse=True)
async def tenant(database: Database) -> None:
    await database.directory.add_tenant(TENANT)


def event(word: str, *, second: int = 0) -> Event:
    """An event recorded ``second`` seconds into the morning."""
    return replace(an_event(TENANT.id, word), recorded_at=MORNING + timedelta(seconds=second))


async def record(database: Database, *events: Event) -> None:
    async with database.transaction(TENANT.id) as tx:
        for one in events:
            assert await tx.events.record(one)


async def read_after(database: Database, number: int) -> list[Event]:
    async with database.transaction(TENANT.id) as tx:
        return await tx.events.list_after(number, limit=100)


async def test_an_event_comes_back_as_it_was_and_gets_a_number(database: Database) -> None:
    await record(database, event("one"))
    assert await database.number_events() == 1
    assert await read_after(database, 0) == [replace(event("one"), number=1)]


async def test_an_event_that_arrives_twice_changes_nothing(database: Database) -> None:
    await record(database, event("one"))
    async with database.transaction(TENANT.id) as tx:
        assert not await tx.events.record(replace(event("one"), data={"reference": "other"}))
        assert tx.events.recorded == 0
        assert await tx.events.find(event("one").id) == event("one")


async def test_a_late_commit_gets_a_later_number_and_is_never_skipped(database: Database) -> None:
    """A begins and records first, B records and commits, a reader resumes, then A commits.

    A: record 'early' ------------------------------ commit
    B:                  record 'quick', commit
    reader:                                  reads 1         resumes after 1: reads 'early'
    """
    early, quick = event("early", second=1), event("quick", second=2)
    async with database.transaction(TENANT.id) as slow:
        await slow.events.record(early)
        await record(database, quick)
        assert await database.number_events() == 1
        seen = await read_after(database, 0)
        assert [one.id for one in seen] == [quick.id]

    assert await database.number_events() == 1
    resumed = await read_after(database, seen[-1].number or 0)
    assert [(one.id, one.number) for one in resumed] == [(early.id, 2)]


async def test_a_commit_between_two_relays_is_numbered_once_and_in_order(
    database: Database, owner_dsn: str
) -> None:
    """One relay has numbered and not yet committed; the other waits, and neither repeats."""
    await record(database, event("one"))
    connection = await asyncpg.connect(plain_dsn(app_dsn_of(owner_dsn)))
    held = connection.transaction()
    await held.start()
    assert await connection.fetchval("SELECT number_events()") == 1

    await record(database, event("two", second=5))
    waiting = asyncio.ensure_future(database.number_events())
    await pause_s(0.05)
    assert not waiting.done()
    await held.commit()
    await connection.close()

    assert await waiting == 1
    numbered = await read_after(database, 0)
    assert [(one.id, one.number) for one in numbered] == [
        (event("one").id, 1),
        (event("two").id, 2),
    ]


async def test_a_rolled_back_event_leaves_no_gap(database: Database) -> None:
    async def change_my_mind() -> None:
        async with database.transaction(TENANT.id) as tx:
            await tx.events.record(event("lost"))
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        await change_my_mind()
    await record(database, event("kept"))
    await database.number_events()
    assert [one.number for one in await read_after(database, 0)] == [1]


async def test_numbers_go_on_over_tenants_and_each_reads_its_own(database: Database) -> None:
    other = a_tenant("Otro")
    await database.directory.add_tenant(other)
    await record(database, event("one", second=1))
    async with database.transaction(other.id) as tx:
        await tx.events.record(
            replace(an_event(other.id, "theirs"), recorded_at=MORNING + timedelta(seconds=2))
        )
    assert await database.number_events() == 2
    assert [one.number for one in await read_after(database, 0)] == [1]
    async with database.transaction(other.id) as tx:
        theirs = await tx.events.list_after(0, limit=10)
    assert [(one.number, one.actor.tenant_id) for one in theirs] == [(2, other.id)]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET data = '{}'",
        "UPDATE events SET number = 7, type = 'order.lost'",
        "UPDATE events SET number = NULL",
        "DELETE FROM events",
        "TRUNCATE events",
    ],
)
async def test_not_even_the_owner_changes_an_event(
    database: Database, owner_dsn: str, change: str
) -> None:
    await record(database, event("one"))
    await database.number_events()
    connection = await asyncpg.connect(plain_dsn(owner_dsn))
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.execute(change)
    await connection.close()


@pytest.mark.parametrize(
    "change", ["UPDATE events SET number = 1", "DELETE FROM events", "TRUNCATE events"]
)
async def test_the_plain_role_may_not_even_number(owner_dsn: str, change: str) -> None:
    connection = await asyncpg.connect(plain_dsn(app_dsn_of(owner_dsn)))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(change)
    await connection.close()


async def test_an_instant_without_an_offset_is_refused(database: Database) -> None:
    naive = MORNING.replace(tzinfo=None)
    async with database.transaction(TENANT.id) as tx:
        with pytest.raises(ValueError, match="offset"):
            await tx.events.record(replace(event("one"), occurred_at=naive))


async def test_stories_are_told_in_the_order_things_happened(database: Database) -> None:
    later = replace(event("a", second=1), occurred_at=MORNING + timedelta(hours=1))
    sooner = replace(event("b", second=2), occurred_at=MORNING)
    elsewhere = replace(event("c", second=3), order_id=None, route_id=None)
    await record(database, later, sooner, elsewhere)
    async with database.transaction(TENANT.id) as tx:
        of_order = await tx.events.list_of_order(an_id("order", "one"))
        of_route = await tx.events.list_of_route(an_id("route"))
    assert [one.id for one in of_order] == [sooner.id, later.id]
    assert [one.id for one in of_route] == [sooner.id, later.id]


async def test_a_span_includes_its_start_and_not_its_end(database: Database) -> None:
    await record(database, *(event(str(n), second=n) for n in range(4)))
    span = (MORNING + timedelta(seconds=1), MORNING + timedelta(seconds=3))
    async with database.transaction(TENANT.id) as tx:
        found = await tx.events.list_between(*span)
        none = await tx.events.list_between(*span, types=frozenset({"order.lost"}))
    assert [one.id for one in found] == [event("1").id, event("2").id]
    assert none == []
