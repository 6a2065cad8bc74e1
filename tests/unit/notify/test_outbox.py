"""At least once, never for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from promesa.kernel.clock import MovedClock
from promesa.kernel.timewindow import TimeWindow
from promesa.notify.channels import ChannelRefusedError, ChannelUnavailableError
from promesa.notify.messages import MessageFacts, MessageKind
from promesa.notify.outbox import AGE_MAX, BATCH_MAX, RETRY_WAITS, DrainReport, drain
from promesa.notify.repository import Channel, Message, MessageState, WebhookEndpoint
from tests.support.outbox_memory import (
    ANA,
    NOON,
    ORDER,
    SENTENCE_OF_VENDOR,
    SYSTEM,
    MemoryLinks,
    MemoryOutbox,
    ScriptedChannel,
)


def message(number: int = 1, **changes: Any) -> Message:
    window = TimeWindow(start=NOON, end=NOON + timedelta(hours=2))
    made = Message(
        id=UUID(int=number),
        kind=MessageKind.ORDER_CONFIRMED.value,
        channel=Channel.EMAIL,
        person_id=ANA.id,
        order_id=ORDER,
        cause_event_id=UUID(int=900),
        queued_at=NOON,
        due_at=NOON,
        facts=MessageFacts(reference="A-100", merchant="Tienda", window=window).to_data(),
    )
    return replace(made, **changes)


class Post:
    """An outbox, a channel and a clock."""

    def __init__(self, *faults: Exception, messages: tuple[Message, ...] = (message(),)) -> None:
        self.tx = MemoryOutbox(ANA)
        self.tx.messages = {one.id: one for one in messages}
        self.channel = ScriptedChannel(*faults)
        self.clock = MovedClock(NOON)

    async def drain(self, at: datetime | None = None) -> DrainReport:
        self.clock.move_to(at or NOON)
        channels = dict.fromkeys((Channel.EMAIL, Channel.SMS), self.channel)
        return await drain(self.tx, channels, MemoryLinks(), clock=self.clock, actor=SYSTEM)

    def only(self) -> Message:
        (one,) = self.tx.messages.values()
        return one

    def told(self) -> list[str]:
        return [event.type for event in self.tx.recorded.values()]


async def test_what_is_due_is_sent_once_and_recorded() -> None:
    post = Post()
    assert await post.drain() == DrainReport(sent=1)
    assert await post.drain() == DrainReport()
    sent = post.only()
    assert (sent.state, sent.tries, sent.sent_at) == (MessageState.SENT, 1, NOON)
    assert sent.provider_id == "vendor-1"
    (envelope,) = post.channel.given
    assert (envelope.to, envelope.message_id) == ("ana@example.cl", sent.id)
    assert "/seguimiento/" in envelope.text
    assert post.told() == ["message.sent"]


async def test_what_is_not_due_waits() -> None:
    post = Post(messages=(message(due_at=NOON + timedelta(hours=1)),))
    assert await post.drain() == DrainReport()
    assert await post.drain(NOON + timedelta(hours=1)) == DrainReport(sent=1)


async def test_a_vendor_that_does_not_answer_is_tried_again_later_and_later() -> None:
    post = Post(*[ChannelUnavailableError(cause="smtp 421")] * 3)
    at = NOON
    for wait in RETRY_WAITS[:3]:
        assert await post.drain(at) == DrainReport(retried=1)
        assert post.only().due_at == at + wait
        at += wait
    assert await post.drain(at) == DrainReport(sent=1)
    assert post.only().tries == 4
    assert post.only().error is None
    assert {envelope.message_id for envelope in post.channel.given} == {UUID(int=1)}


async def test_after_the_last_wait_it_has_failed_for_good() -> None:
    post = Post(*[ChannelUnavailableError(cause="smtp 421")] * 20)
    at = NOON
    for wait in RETRY_WAITS:
        await post.drain(at)
        at += wait
    assert await post.drain(at) == DrainReport(failed=1)
    assert await post.drain(at + timedelta(days=9)) == DrainReport()
    assert (post.only().state, post.only().tries) == (MessageState.FAILED, len(RETRY_WAITS) + 1)
    assert post.told() == ["message.failed"]


async def test_a_refusal_is_not_tried_again_and_keeps_no_sentence_of_the_vendors() -> None:
    post = Post(ChannelRefusedError(SENTENCE_OF_VENDOR, cause="smtp 550"))
    assert await post.drain() == DrainReport(failed=1)
    assert post.only().error == "channel_refused: smtp 550"
    (event,) = post.tx.recorded.values()
    assert "ana@" not in repr(event)


async def test_one_bad_message_does_not_hold_the_others() -> None:
    post = Post(ChannelRefusedError(), messages=(message(1), message(2), message(3)))
    assert await post.drain() == DrainReport(sent=2, failed=1)


async def test_an_erased_person_gets_nothing_more() -> None:
    post = Post(messages=(message(person_id=UUID(int=404)), message(2, person_id=None)))
    assert await post.drain() == DrainReport(failed=2)
    assert post.channel.given == []


async def test_a_person_whose_number_is_gone_gets_nothing_by_sms() -> None:
    post = Post(messages=(message(channel=Channel.SMS),))
    post.tx = MemoryOutbox(replace(ANA, phone=None))
    post.tx.messages = {UUID(int=1): message(channel=Channel.SMS)}
    assert await post.drain() == DrainReport(failed=1)


async def test_news_that_is_no_longer_true_is_not_told() -> None:
    late = NOON + AGE_MAX[MessageKind.NEXT_STOP] + timedelta(seconds=1)
    post = Post(messages=(message(kind=MessageKind.NEXT_STOP.value),))
    assert await post.drain(late) == DrainReport(failed=1)
    assert post.channel.given == []


async def test_a_channel_nobody_configured_is_waited_for() -> None:
    post = Post(messages=(message(channel=Channel.TRAY),))
    assert await post.drain() == DrainReport(retried=1)


async def test_a_round_is_bounded_and_says_that_more_may_wait() -> None:
    post = Post(messages=tuple(message(number) for number in range(1, BATCH_MAX + 3)))
    first = await post.drain()
    assert (first.sent, first.is_more_due) == (BATCH_MAX, True)
    second = await post.drain()
    assert (second.sent, second.is_more_due) == (2, False)


@pytest.mark.parametrize("is_active", [True, False])
async def test_a_webhook_goes_to_its_endpoint_while_it_is_active(*, is_active: bool) -> None:
    endpoint = WebhookEndpoint(
        id=UUID(int=60),
        url="https://shop.example.cl/hook",
        secret="whsec_x",
        merchant_id=None,
        event_types=frozenset({"stop.closed"}),
        is_active=is_active,
    )
    facts = {"endpoint_id": str(endpoint.id), "payload": {"id": "1"}}
    post = Post(messages=(message(channel=Channel.WEBHOOK, person_id=None, facts=facts),))
    await post.tx.put_endpoint(endpoint)
    hook = ScriptedChannel()
    report = await drain(
        post.tx, {Channel.WEBHOOK: hook}, MemoryLinks(), clock=post.clock, actor=SYSTEM
    )
    assert report == (DrainReport(sent=1) if is_active else DrainReport(failed=1))
    if is_active:
        (envelope,) = hook.given
        assert (envelope.to, envelope.secret, envelope.text) == (
            endpoint.url,
            "whsec_x",
            '{"id":"1"}',
        )


async def test_what_was_queued_before_the_person_declined_is_not_sent() -> None:
    post = Post()
    await post.tx.declined.save(ANA, frozenset({Channel.EMAIL}), NOON)
    assert await post.drain() == DrainReport(failed=1)
    assert (post.channel.given, post.only().error) == ([], "message_declined")
    assert post.told() == ["message.failed"]
