"""What webhooks were sent, and one sent by hand to see that it arrives."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from litestar import Router, get, post

from promesa.api.decoding import View
from promesa.domain.actor import Permission
from promesa.kernel.errors import NotFoundError
from promesa.notify.repository import Channel, Message, WebhookEndpoint
from promesa.notify.service import queue_test
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

# The newest deliveries an operator looks at; older ones are in the bandeja.
DELIVERIES_SHOWN = 50
# How far back the outbox is read for one endpoint's deliveries.
MESSAGES_READ_MAX = 1_000


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


async def _get(tx: PlatformStore, webhook_id: UUID) -> WebhookEndpoint:
    for endpoint in await tx.outbox.list_endpoints():
        if endpoint.id == webhook_id:
            return endpoint
    raise NotFoundError(noun="webhook")


@get(
    "/v1/webhooks/{webhook_id:uuid}/deliveries",
    access=Permission.MANAGE_ACCESS,
    summary="What was sent",
)
async def list_deliveries(webhook_id: UUID, platform: Platform, caller: Caller) -> DeliveryList:
    """The newest sendings to one target, with their tries."""
    async with platform.transaction(caller.tenant_id) as tx:
        endpoint = await _get(tx, webhook_id)
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
    access=Permission.MANAGE_ACCESS,
    status_code=200,
    summary="Send a test",
)
async def send_test(webhook_id: UUID, platform: Platform, caller: Caller) -> DeliveryView:
    """Sends a test event, signed like any other, and says what came of it."""
    async with platform.transaction(caller.tenant_id) as tx:
        endpoint = await _get(tx, webhook_id)
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


router = Router(path="", route_handlers=[list_deliveries, send_test], tags=["merchants"])
