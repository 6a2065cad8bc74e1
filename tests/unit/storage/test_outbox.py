"""The outbox: a message is queued once, and claimed by one worker at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest_asyncio

from promesa.notify.repository import Channel, MessageState
from promesa.storage.database import Database
from tests.support.nouns import MORNING, a_message, a_tenant, an_endpoint, an_id

TENANT = a_tenant()
LATER = MORNING + timedelta(hours=1)


@pytest_asyncio.fixture(autouse=True)
async def tenant(database: Database) -> None:
    await database.directory.add_tenant(TENANT)


async def queue(database: Database, *words: str) -> None:
    async with database.transaction(TENANT.id) as tx:
        for minute, word in enumerate(words):
            due_at = MORNING + timedelta(minutes=minute)
            assert await tx.outbox.queue(replace(a_message(word), due_at=due_at, queued_at=due_at))


async def test_two_workers_never_claim_the_same_message(database: Database) -> None:
    await queue(database, "a", "b", "c")
    async with (
        database.transaction(TENANT.id) as first,
        database.transaction(TENANT.id) as second,
    ):
        mine = await first.outbox.claim_due(LATER, limit=2)
        theirs = await second.outbox.claim_due(LATER, limit=2)
    assert [message.id for message in mine] == [a_message("a").id, a_message("b").id]
    assert [message.id for message in theirs] == [a_message("c").id]


async def test_a_message_is_claimed_when_due_and_no_more_once_sent(database: Database) -> None:
    await queue(database, "a", "b")
    async with database.transaction(TENANT.id) as tx:
        due = await tx.outbox.claim_due(MORNING, limit=9)
        assert [message.id for message in due] == [a_message("a").id]
        await tx.outbox.save(replace(due[0], state=MessageState.SENT, tries=1, sent_at=MORNING))
    async with database.transaction(TENANT.id) as tx:
        assert await tx.outbox.claim_due(MORNING, limit=9) == []
        assert (await tx.outbox.get(a_message("a").id)).tries == 1


async def test_a_message_is_withdrawn_while_it_waits_and_not_once_it_was_sent(
    database: Database,
) -> None:
    await queue(database, "a", "b")
    async with database.transaction(TENANT.id) as tx:
        (first, *_) = await tx.outbox.claim_due(LATER, limit=1)
        await tx.outbox.save(replace(first, state=MessageState.SENT, sent_at=MORNING))
        assert not await tx.outbox.withdraw(a_message("a"))
        assert await tx.outbox.withdraw(a_message("b"))
    async with database.transaction(TENANT.id) as tx:
        assert await tx.outbox.claim_due(LATER, limit=9) == []
        states = [(await tx.outbox.get(a_message(word).id)).state for word in ("a", "b")]
        assert await tx.outbox.count_since(Channel.EMAIL, MORNING) == 1
    assert states == [MessageState.SENT, MessageState.WITHDRAWN]


async def test_the_same_cause_queues_one_message(database: Database) -> None:
    await queue(database, "a")
    async with database.transaction(TENANT.id) as tx:
        assert not await tx.outbox.queue(a_message("a"))


async def test_the_bandeja_shows_the_newest_first_page_by_page(database: Database) -> None:
    await queue(database, "a", "b", "c")
    async with database.transaction(TENANT.id) as tx:
        first = await tx.outbox.list_page(
            order_id=None, channels=frozenset(Channel), limit=2, before=None
        )
        last = first[-1]
        rest = await tx.outbox.list_page(
            order_id=None, channels=frozenset(Channel), limit=2, before=(last.queued_at, last.id)
        )
        none = await tx.outbox.list_page(
            order_id=an_id("other"), channels=frozenset(Channel), limit=2, before=None
        )
        by_sms = await tx.outbox.list_page(
            order_id=None, channels=frozenset({Channel.SMS}), limit=2, before=None
        )
    wanted = [a_message(word).id for word in ("c", "b", "a")]
    assert [message.id for message in first + rest] == wanted
    assert (none, by_sms) == ([], [])


async def test_messages_are_counted_without_the_failed_ones(database: Database) -> None:
    await queue(database, "a", "b", "c")
    async with database.transaction(TENANT.id) as tx:
        await tx.outbox.save(replace(a_message("c"), state=MessageState.FAILED))
        since = MORNING + timedelta(minutes=1)
        assert await tx.outbox.count_since(Channel.EMAIL, MORNING) == 2
        assert await tx.outbox.count_since(Channel.EMAIL, since) == 1
        assert await tx.outbox.count_since(Channel.SMS, MORNING) == 0


async def test_an_endpoint_can_be_changed_and_removed(database: Database) -> None:
    async with database.transaction(TENANT.id) as tx:
        await tx.outbox.put_endpoint(an_endpoint())
        await tx.outbox.put_endpoint(replace(an_endpoint(), is_active=False))
        assert await tx.outbox.list_endpoints() == [replace(an_endpoint(), is_active=False)]
        await tx.outbox.remove_endpoint(an_endpoint().id)
        assert await tx.outbox.list_endpoints() == []
