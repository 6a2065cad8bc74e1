"""The bandeja: every message that was sent, or waits, or failed, readable on screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Router, get

from promesa.api.decoding import View
from promesa.api.pages import PAGE_ITEMS_DEFAULT, Cursor, Limit, decode_cursor, encode_cursor
from promesa.domain.actor import Permission
from promesa.domain.person import Person
from promesa.notify.addressing import find_reference, read_message, read_webhook
from promesa.notify.repository import TO_PEOPLE, Channel, Message, WebhookEndpoint
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore


class MessageView(View):
    """A message as its reader gets it; rendered now, since the text is never stored."""

    id: UUID
    kind: str
    channel: str
    to: str | None
    subject: str
    text: str
    sms: str | None
    state: str
    queued_at: datetime
    due_at: datetime
    sent_at: datetime | None
    tries: int
    error: str | None
    order_id: UUID | None
    reference: str | None
    cause_event_id: UUID


class MessageList(View):
    """Newest first."""

    items: list[MessageView]
    next_cursor: str | None


def view_message(
    message: Message, people: Mapping[UUID, Person], endpoints: Mapping[UUID, WebhookEndpoint]
) -> MessageView:
    """A message for the screen; its link is personal and is not shown."""
    person = people.get(message.person_id) if message.person_id else None
    if message.channel is Channel.WEBHOOK:
        words, to = read_webhook(message), _host(message, endpoints)
    else:
        # Whoever was erased has no name any more, and the rest of the words stands.
        words = read_message(message, person or Person(id=message.id))
        to = _recipient(message, person)
    return MessageView(
        id=message.id,
        kind=message.kind,
        channel=message.channel.value,
        to=to,
        subject=words.subject,
        text=words.text,
        sms=words.sms if message.channel is Channel.SMS else None,
        state=message.state.value,
        queued_at=message.queued_at,
        due_at=message.due_at,
        sent_at=message.sent_at,
        tries=message.tries,
        error=message.error,
        order_id=message.order_id,
        reference=find_reference(message),
        cause_event_id=message.cause_event_id,
    )


def _recipient(message: Message, person: Person | None) -> str | None:
    if person is None:
        return None
    if message.channel is Channel.EMAIL:
        return person.email
    return person.phone if message.channel is Channel.SMS else person.name


def _host(message: Message, endpoints: Mapping[UUID, WebhookEndpoint]) -> str | None:
    """The receiver's name only: the rest of an address may hold what opens it."""
    endpoint_id = message.facts.get("endpoint_id")
    endpoint = endpoints.get(UUID(endpoint_id)) if isinstance(endpoint_id, str) else None
    return None if endpoint is None else urlsplit(endpoint.url).hostname


async def view_messages(tx: PlatformStore, messages: Sequence[Message]) -> list[MessageView]:
    """Several messages for the screen, with one query for all of their people."""
    wanted = sorted({item.person_id for item in messages if item.person_id is not None})
    people = await tx.people.get_many(wanted)
    has_webhooks = any(item.channel is Channel.WEBHOOK for item in messages)
    endpoints = await tx.outbox.list_endpoints() if has_webhooks else []
    by_id = {endpoint.id: endpoint for endpoint in endpoints}
    return [view_message(item, people, by_id) for item in messages]


@get("/v1/messages", access=Permission.READ_PEOPLE, summary="Messages, newest first")
async def list_messages(
    platform: Platform,
    caller: Caller,
    order_id: UUID | None = None,
    channel: Channel | None = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_ITEMS_DEFAULT,
) -> MessageList:
    """What people were told; what systems were told only when ``channel`` is webhook."""
    channels = TO_PEOPLE if channel is None else frozenset({channel})
    before = decode_cursor(cursor, tuple[datetime, UUID])
    async with platform.transaction(caller.tenant_id) as tx:
        found = await tx.outbox.list_page(
            order_id=order_id, channels=channels, limit=limit + 1, before=before
        )
        items = await view_messages(tx, found[:limit])
    last = found[limit - 1] if len(found) > limit else None
    return MessageList(
        items=items, next_cursor=encode_cursor((last.queued_at, last.id)) if last else None
    )


@get("/v1/messages/{message_id:uuid}", access=Permission.READ_PEOPLE, summary="A message")
async def get_message(message_id: UUID, platform: Platform, caller: Caller) -> MessageView:
    """One message."""
    async with platform.transaction(caller.tenant_id) as tx:
        return (await view_messages(tx, [await tx.outbox.get(message_id)]))[0]


router = Router(path="", route_handlers=[list_messages, get_message], tags=["messages"])
