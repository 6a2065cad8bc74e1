"""Queuing: people by policy, webhooks by what they asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from promesa.domain.events import Event
from promesa.kernel.timewindow import TimeWindow
from promesa.notify.messages import MessageFacts, MessageKind
from promesa.notify.policy import Notice, NotifyPolicy
from promesa.notify.repository import Channel, MessageState, WebhookEndpoint
from promesa.notify.service import list_asking, queue_webhooks, tell
from tests.support.outbox_memory import ANA, NOON, ORDER, SYSTEM, MemoryOutbox

SHOP, OTHER_SHOP = UUID(int=70), UUID(int=71)
CLOSED = Event(
    id=UUID(int=50),
    type="stop.closed",
    subject_kind="stop",
    subject_id=UUID(int=51),
    occurred_at=NOON,
    recorded_at=NOON,
    actor=SYSTEM,
    data={"outcome": "succeeded"},
    order_id=ORDER,
)
NOTICE = Notice(
    kind=MessageKind.OUT_FOR_DELIVERY,
    facts=MessageFacts(reference="A-100", merchant="Tienda"),
    person=ANA,
    order_id=ORDER,
    cause_event_id=UUID(int=80),
    occasion=UUID(int=81),
)


async def told(tx: MemoryOutbox, notice: Notice = NOTICE) -> list[str]:
    messages = await tell(
        tx,
        notice,
        NotifyPolicy(),
        available=frozenset({Channel.EMAIL, Channel.SMS, Channel.TRAY}),
        actor=SYSTEM,
        now=NOON,
    )
    return [message.channel.value for message in messages]


def endpoint(number: int, merchant_id: UUID | None, *types: str) -> WebhookEndpoint:
    return WebhookEndpoint(
        id=UUID(int=number),
        url="https://example.cl/hook",
        secret="whsec_x",
        merchant_id=merchant_id,
        event_types=frozenset(types),
    )


async def test_telling_queues_and_records_the_cause() -> None:
    tx = MemoryOutbox(ANA)
    assert await told(tx) == ["email", "sms"]
    assert [event.type for event in tx.recorded.values()] == ["message.queued"] * 2
    assert {event.data["cause_event_id"] for event in tx.recorded.values()} == {
        str(NOTICE.cause_event_id)
    }


async def test_telling_twice_queues_once() -> None:
    tx = MemoryOutbox(ANA)
    await told(tx)
    assert await told(tx, replace(NOTICE, cause_event_id=UUID(int=82))) == []
    assert len(tx.messages) == len(tx.recorded) == 2


DELAY = replace(
    NOTICE,
    kind=MessageKind.DELAY,
    facts=replace(
        NOTICE.facts,
        window=TimeWindow(start=NOON + timedelta(hours=3), end=NOON + timedelta(hours=4)),
    ),
    cause_event_id=UUID(int=90),
    occasion=UUID(int=90),
)
GOOD_NEWS = replace(
    DELAY,
    kind=MessageKind.BACK_ON_TIME,
    facts=replace(
        NOTICE.facts,
        window=TimeWindow(start=NOON, end=NOON + timedelta(hours=2)),
    ),
    cause_event_id=UUID(int=91),
    occasion=UUID(int=91),
)


async def let_out(tx: MemoryOutbox, *channels: Channel) -> None:
    for message in list(tx.messages.values()):
        if message.channel in channels:
            await tx.save(replace(message, state=MessageState.SENT, sent_at=NOON))


async def test_a_delay_that_still_waits_is_withdrawn_and_nothing_is_told_instead() -> None:
    tx = MemoryOutbox(ANA)
    await told(tx, DELAY)
    assert await told(tx, GOOD_NEWS) == []
    assert {message.state for message in tx.messages.values()} == {MessageState.WITHDRAWN}
    taken = [event for event in tx.recorded.values() if event.type == "message.withdrawn"]
    assert [event.data["cause_event_id"] for event in taken] == [str(GOOD_NEWS.cause_event_id)] * 2


async def test_who_was_told_late_is_told_once_that_it_comes_as_promised() -> None:
    """Each delay is taken back by the channel it went out by; nobody else hears good news."""
    tx = MemoryOutbox(ANA)
    assert await told(tx, GOOD_NEWS) == []
    await told(tx, DELAY)
    await let_out(tx, Channel.SMS)
    later = replace(GOOD_NEWS, occasion=UUID(int=92), cause_event_id=UUID(int=92))
    assert await told(tx, later) == ["sms"]
    await let_out(tx, Channel.SMS)
    again = replace(GOOD_NEWS, occasion=UUID(int=93), cause_event_id=UUID(int=93))
    assert await told(tx, again) == []
    assert sum(m.state is MessageState.WITHDRAWN for m in tx.messages.values()) == 1


async def test_good_news_wakes_nobody_and_is_none_in_the_morning() -> None:
    tx = MemoryOutbox(ANA)
    await told(tx, DELAY)
    await let_out(tx, Channel.SMS, Channel.EMAIL)
    night = NOON + timedelta(hours=10)
    messages = await tell(
        tx,
        GOOD_NEWS,
        NotifyPolicy(),
        available=frozenset({Channel.EMAIL, Channel.SMS}),
        actor=SYSTEM,
        now=night,
    )
    assert messages == []


async def test_good_news_goes_by_no_channel_that_was_declined_since() -> None:
    tx = MemoryOutbox(ANA)
    await told(tx, DELAY)
    await let_out(tx, Channel.SMS, Channel.EMAIL)
    declined = replace(GOOD_NEWS, declined=frozenset({Channel.SMS}))
    assert await told(tx, declined) == ["email"]


async def test_sms_of_today_count_and_those_of_yesterday_do_not() -> None:
    tx = MemoryOutbox(ANA)
    await told(tx)
    tight = NotifyPolicy(sms_day_cost_clp_max=25)
    tomorrow = NOON + timedelta(days=1)
    for now, expected in ((NOON, {"email"}), (tomorrow, {"email", "sms"})):
        messages = await tell(
            tx,
            replace(NOTICE, occasion=UUID(int=now.day)),
            tight,
            available=frozenset({Channel.EMAIL, Channel.SMS}),
            actor=SYSTEM,
            now=now,
        )
        assert {message.channel.value for message in messages} == expected


async def hooked(tx: MemoryOutbox, merchant_id: UUID | None = SHOP) -> list[UUID]:
    asking = await list_asking(tx, CLOSED)
    messages = await queue_webhooks(
        tx, CLOSED, asking, actor=SYSTEM, now=NOON, merchant_id=merchant_id, reference="A-100"
    )
    return [UUID(str(message.facts["endpoint_id"])) for message in messages]


async def test_an_endpoint_gets_what_it_asked_for_of_its_own_orders() -> None:
    tx = MemoryOutbox()
    for wanted in (
        endpoint(1, SHOP, "stop.closed"),
        endpoint(2, None, "cl.promesa.stop.closed.v1"),
        endpoint(3, OTHER_SHOP, "stop.closed"),
        endpoint(4, SHOP, "order.placed"),
        replace(endpoint(5, SHOP, "stop.closed"), is_active=False),
    ):
        await tx.put_endpoint(wanted)
    assert await hooked(tx) == [UUID(int=1), UUID(int=2)]


async def test_an_event_is_queued_once_for_each_endpoint() -> None:
    tx = MemoryOutbox()
    await tx.put_endpoint(endpoint(1, None, "stop.closed"))
    assert len(await hooked(tx)) == 1
    assert await hooked(tx) == []


async def test_without_an_endpoint_nothing_happens() -> None:
    tx = MemoryOutbox()
    assert await hooked(tx) == []
    assert tx.recorded == {}


async def test_what_a_person_declined_is_kept_for_the_next_notice() -> None:
    tx = MemoryOutbox(ANA)
    await tx.declined.save(ANA, frozenset({Channel.EMAIL}), NOON)
    assert await told(tx) == ["sms"]


async def test_the_wish_goes_with_the_address_to_the_person_of_another_order() -> None:
    tx = MemoryOutbox(ANA)
    await tx.declined.save(ANA, frozenset({Channel.EMAIL, Channel.SMS}), NOON)
    again = replace(ANA, id=UUID(int=99), name="Ana P.")
    assert await told(tx, replace(NOTICE, person=again)) == []
