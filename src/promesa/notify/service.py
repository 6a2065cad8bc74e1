"""Puts messages in the outbox: people are told by policy, webhooks get what they asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from promesa.domain.actor import Actor
from promesa.domain.events import Event
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.notify.cloud_events import cloud_event, webhook_type
from promesa.notify.messages import MessageKind
from promesa.notify.outbox import message_event
from promesa.notify.policy import Notice, NotifyPolicy, decide
from promesa.notify.repository import (
    TO_PEOPLE,
    Channel,
    Message,
    MessageState,
    NotifyStore,
    WebhookEndpoint,
)

# An order lives through fewer messages than this even when it is retried for a week.
HISTORY_MAX = 200
TEST_EVENT = "webhook.tested"


async def tell(
    tx: NotifyStore,
    notice: Notice,
    policy: NotifyPolicy,
    *,
    available: frozenset[Channel],
    actor: Actor,
    now: datetime,
) -> list[Message]:
    """Queues what the policy decides and records it; told before, it queues nothing.

    Channels the person declined since are added to those the notice names. Who is on time again
    hears nothing of a delay that still waits to be sent: it is withdrawn.
    """
    declined = (await tx.declined.list_of([notice.person])).get(notice.person.id, frozenset())
    notice = replace(notice, declined=notice.declined | declined)
    if notice.kind is MessageKind.BACK_ON_TIME:
        await _withdraw_delays(tx, notice, actor, now)
    history = await _history(tx, notice.order_id)
    day_start = ServiceDay.of(now, policy.zone).start
    sms_today = await tx.outbox.count_since(Channel.SMS, day_start)
    messages = decide(
        notice, policy, available=available, history=history, sms_today=sms_today, now=now
    )
    return [message for message in messages if await _queue(tx, message, actor, now)]


async def _history(tx: NotifyStore, order_id: UUID) -> list[Message]:
    return await tx.outbox.list_page(
        order_id=order_id, channels=TO_PEOPLE, limit=HISTORY_MAX, before=None
    )


async def _withdraw_delays(tx: NotifyStore, notice: Notice, actor: Actor, now: datetime) -> None:
    for message in await _history(tx, notice.order_id):
        if message.kind != MessageKind.DELAY or message.state is not MessageState.QUEUED:
            continue
        if await tx.outbox.withdraw(message):
            data: dict[str, object] = {
                "kind": message.kind,
                "channel": message.channel.value,
                "cause_event_id": str(notice.cause_event_id),
            }
            await tx.events.record(message_event("message.withdrawn", message, data, actor, now))


async def list_asking(tx: NotifyStore, event: Event) -> list[WebhookEndpoint]:
    """Active endpoints that asked for events of this type, whoever's order it is about."""
    names = {event.type, webhook_type(event.type)}
    return [
        endpoint
        for endpoint in await tx.outbox.list_endpoints()
        if endpoint.is_active
        and (not endpoint.event_types or not names.isdisjoint(endpoint.event_types))
    ]


async def queue_webhooks(
    tx: NotifyStore,
    event: Event,
    asking: Iterable[WebhookEndpoint],
    *,
    actor: Actor,
    now: datetime,
    merchant_id: UUID | None = None,
    reference: str | None = None,
    is_simulated: bool = False,
) -> list[Message]:
    """Queues ``event`` for every endpoint of those asking that may see its order.

    ``merchant_id`` is the order's; an endpoint of another merchant gets nothing, one of the
    operator gets everything.
    """
    payload = cloud_event(event, reference=reference, is_simulated=is_simulated)
    messages = [
        _webhook_message(event, endpoint, payload, now)
        for endpoint in asking
        if endpoint.merchant_id is None or endpoint.merchant_id == merchant_id
    ]
    return [message for message in messages if await _queue(tx, message, actor, now)]


async def queue_test(
    tx: NotifyStore, endpoint: WebhookEndpoint, *, event_id: UUID, actor: Actor, now: datetime
) -> Message:
    """Queues an event that says nothing but that the endpoint is reached."""
    event = Event(
        id=event_id,
        type=TEST_EVENT,
        subject_kind="webhook",
        subject_id=endpoint.id,
        occurred_at=now,
        recorded_at=now,
        actor=actor,
    )
    message = _webhook_message(event, endpoint, cloud_event(event), now)
    await tx.events.record(event)
    await _queue(tx, message, actor, now)
    return message


def _webhook_message(
    event: Event, endpoint: WebhookEndpoint, payload: dict[str, object], now: datetime
) -> Message:
    return Message(
        id=derived_id("message", event.id, "webhook", endpoint.id),
        kind=webhook_type(event.type),
        channel=Channel.WEBHOOK,
        person_id=None,
        order_id=event.order_id,
        cause_event_id=event.id,
        queued_at=now,
        due_at=now,
        facts={"endpoint_id": str(endpoint.id), "payload": payload},
    )


async def _queue(tx: NotifyStore, message: Message, actor: Actor, now: datetime) -> bool:
    """False when it was there already, and then nothing is recorded either."""
    if not await tx.outbox.queue(message):
        return False
    data: dict[str, object] = {
        "kind": message.kind,
        "channel": message.channel.value,
        "cause_event_id": str(message.cause_event_id),
    }
    await tx.events.record(message_event("message.queued", message, data, actor, now))
    return True
