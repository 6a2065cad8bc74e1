"""Webhooks: where events are sent, what was sent, and one sent by hand to see that it arrives.

A merchant's key sees and changes the webhooks of its own orders and no others; a secret is shown
once and never again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from litestar import Router, delete, get, post

from promesa.api.decoding import View, Wire
from promesa.domain.actor import Actor, Permission
from promesa.domain.events import EVENT_TYPES
from promesa.kernel.errors import ConflictError, InvalidError, NotFoundError
from promesa.notify.repository import Channel, Message, WebhookEndpoint
from promesa.notify.service import queue_test
from promesa.notify.webhook import check_target, new_secret
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

# The newest deliveries an operator looks at; older ones are in the bandeja.
DELIVERIES_SHOWN = 50
# How far back the outbox is read for one endpoint's deliveries.
MESSAGES_READ_MAX = 1_000
# Each event goes to every target that asked: a merchant's system and its test one, and some more.
MERCHANT_WEBHOOKS_MAX = 10

Url = Annotated[str, msgspec.Meta(min_length=8, max_length=500, pattern=r"^https?://")]


class EventTypeError(InvalidError):
    """A webhook asks for events that do not exist."""

    code: ClassVar[str] = "event_type_unknown"
    message = "Hay un tipo de evento que no existe. Mira la lista en la documentación."


class TooManyWebhooksError(ConflictError):
    """A merchant has as many webhooks as it may."""

    code: ClassVar[str] = "webhooks_too_many"
    message = f"Un comercio tiene hasta {MERCHANT_WEBHOOKS_MAX} webhooks. Quita uno que no uses."


class WebhookView(View):
    """Where events are sent; ``secret`` only in the answer that makes it."""

    id: UUID
    url: str
    merchant_id: UUID | None
    event_types: list[str]
    is_active: bool
    secret: str | None = None


class WebhookList(View):
    """All of them."""

    items: list[WebhookView]


class NewWebhook(Wire):
    """Where to send which events; an empty list means all. A merchant's are always its own."""

    url: Url
    event_types: Annotated[list[str], msgspec.Meta(max_length=100)] = msgspec.field(
        default_factory=list
    )
    merchant_id: UUID | None = None


class DeliveryView(View):
    """One sending of an event; ``error`` is the receiver's status or our code."""

    id: UUID
    event_type: str
    state: str
    queued_at: datetime
    sent_at: datetime | None
    next_try_at: datetime | None
    tries: int
    error: str | None


class DeliveryList(View):
    """Newest first."""

    items: list[DeliveryView]


def _view(message: Message) -> DeliveryView:
    is_waiting = message.state.value == "queued"
    return DeliveryView(
        id=message.id,
        event_type=message.kind,
        state=message.state.value,
        queued_at=message.queued_at,
        sent_at=message.sent_at,
        next_try_at=message.due_at if is_waiting else None,
        tries=message.tries,
        error=message.error,
    )


async def _list_own(tx: PlatformStore, actor: Actor) -> list[WebhookEndpoint]:
    """Those that who asks may know of."""
    endpoints = await tx.outbox.list_endpoints()
    if actor.merchant_id is None:
        return endpoints
    return [item for item in endpoints if item.merchant_id == actor.merchant_id]


async def _get_own(tx: PlatformStore, webhook_id: UUID, actor: Actor) -> WebhookEndpoint:
    for endpoint in await _list_own(tx, actor):
        if endpoint.id == webhook_id:
            return endpoint
    raise NotFoundError(noun="webhook")


def _view_webhook(endpoint: WebhookEndpoint, secret: str | None = None) -> WebhookView:
    return WebhookView(
        id=endpoint.id,
        url=endpoint.url,
        merchant_id=endpoint.merchant_id,
        event_types=sorted(endpoint.event_types),
        is_active=endpoint.is_active,
        secret=secret,
    )


@get("/v1/webhooks", access=Permission.MANAGE_WEBHOOKS, summary="Webhooks")
async def list_webhooks(platform: Platform, caller: Caller) -> WebhookList:
    """Where events are sent: all of them for the torre, its own for a merchant."""
    async with platform.transaction(caller.tenant_id) as tx:
        endpoints = await _list_own(tx, caller.actor)
    return WebhookList(items=[_view_webhook(endpoint) for endpoint in endpoints])


@post("/v1/webhooks", access=Permission.MANAGE_WEBHOOKS, summary="Add a webhook")
async def add_webhook(data: NewWebhook, platform: Platform, caller: Caller) -> WebhookView:
    """Adds a target; addresses of private networks are refused unless a setting allows them."""
    if unknown := sorted(set(data.event_types) - set(EVENT_TYPES)):
        raise EventTypeError(unknown=", ".join(unknown[:5]))
    check_target(data.url, private_networks=platform.settings.webhooks.private_networks)
    owner_id = caller.actor.merchant_id or data.merchant_id
    endpoint = WebhookEndpoint(
        id=platform.ids.next(),
        url=data.url,
        secret=new_secret(platform.ids),
        merchant_id=owner_id,
        event_types=frozenset(data.event_types),
    )
    async with platform.transaction(caller.tenant_id) as tx:
        if data.merchant_id not in {None, owner_id}:
            raise NotFoundError
        if owner_id is not None:
            await tx.access.get_merchant(owner_id)
        if caller.actor.merchant_id is not None:
            own = await _list_own(tx, caller.actor)
            if len(own) >= MERCHANT_WEBHOOKS_MAX:
                raise TooManyWebhooksError
        await tx.outbox.put_endpoint(endpoint)
        await platform.record(tx, caller, "webhook.added", subject=("webhook", endpoint.id))
    return _view_webhook(endpoint, endpoint.secret)


@delete(
    "/v1/webhooks/{webhook_id:uuid}", access=Permission.MANAGE_WEBHOOKS, summary="Remove a webhook"
)
async def remove_webhook(webhook_id: UUID, platform: Platform, caller: Caller) -> None:
    """Stops sending there."""
    async with platform.transaction(caller.tenant_id) as tx:
        await _get_own(tx, webhook_id, caller.actor)
        await tx.outbox.remove_endpoint(webhook_id)
        await platform.record(tx, caller, "webhook.removed", subject=("webhook", webhook_id))


@get(
    "/v1/webhooks/{webhook_id:uuid}/deliveries",
    access=Permission.MANAGE_WEBHOOKS,
    summary="What was sent",
)
async def list_deliveries(webhook_id: UUID, platform: Platform, caller: Caller) -> DeliveryList:
    """The newest sendings to one target, with their tries."""
    async with platform.transaction(caller.tenant_id) as tx:
        endpoint = await _get_own(tx, webhook_id, caller.actor)
        messages = await tx.outbox.list_page(
            order_id=None,
            channels=frozenset({Channel.WEBHOOK}),
            limit=MESSAGES_READ_MAX,
            before=None,
        )
    wanted = str(endpoint.id)
    own = [message for message in messages if message.facts.get("endpoint_id") == wanted]
    return DeliveryList(items=[_view(message) for message in own[:DELIVERIES_SHOWN]])


@post(
    "/v1/webhooks/{webhook_id:uuid}/test",
    access=Permission.MANAGE_WEBHOOKS,
    status_code=200,
    summary="Send a test",
)
async def send_test(webhook_id: UUID, platform: Platform, caller: Caller) -> DeliveryView:
    """Sends a test event, signed like any other, and says what came of it."""
    async with platform.transaction(caller.tenant_id) as tx:
        endpoint = await _get_own(tx, webhook_id, caller.actor)
        queued = await queue_test(
            tx,
            endpoint,
            event_id=platform.ids.next(),
            actor=caller.actor,
            now=platform.clock.now(),
        )
    platform.pump.wake()
    await platform.pump.settle()
    async with platform.transaction(caller.tenant_id) as tx:
        return _view(await tx.outbox.get(queued.id))


router = Router(
    path="",
    route_handlers=[list_webhooks, add_webhook, remove_webhook, list_deliveries, send_test],
    tags=["merchants"],
)
