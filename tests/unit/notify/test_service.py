"""Queuing: people by policy, webhooks by what they asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from promesa.domain.events import Event
from promesa.notify.messages import MessageFacts, MessageKind
from promesa.notify.policy import Notice, NotifyPolicy
from promesa.notify.repository import Channel, WebhookEndpoint
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
