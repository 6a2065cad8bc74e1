"""Messages to send and messages sent: one table, drained by workers that skip each other's rows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, delete, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.notify.repository import (
    UNTOLD,
    Channel,
    Message,
    MessageState,
    WebhookEndpoint,
)
from promesa.storage.columns import code, fact, identity, instant, tenant_table, value, whole
from promesa.storage.rows import Rows

MESSAGES = tenant_table(
    "messages",
    identity(),
    code("kind"),
    code("channel"),
    identity("person_id", nullable=True),
    identity("order_id", nullable=True),
    identity("cause_event_id"),
    instant("queued_at"),
    instant("due_at"),
    code("state"),
    whole("tries"),
    instant("sent_at", nullable=True),
    code("error", nullable=True),
    code("provider_id", nullable=True),
    value("facts"),
)
Index(
    "messages_due_idx",
    MESSAGES.c.tenant_id,
    MESSAGES.c.due_at,
    MESSAGES.c.id,
    postgresql_where=MESSAGES.c.state == "queued",
)
Index("messages_queued_idx", MESSAGES.c.tenant_id, MESSAGES.c.queued_at, MESSAGES.c.id)
Index("messages_order_idx", MESSAGES.c.tenant_id, MESSAGES.c.order_id)

ENDPOINTS = tenant_table(
    "webhook_endpoints",
    identity(),
    code("url"),
    code("secret"),
    identity("merchant_id", nullable=True),
    value("event_types"),
    fact("is_active"),
)

_MESSAGES = Rows(MESSAGES, Message)
_ENDPOINTS = Rows(ENDPOINTS, WebhookEndpoint)


class Outbox:
    """The messages and webhook endpoints of one tenant."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def queue(self, message: Message) -> bool:
        """Keeps it; False when it was there already."""
        return await _MESSAGES.add(self._tx, message)

    async def claim_due(self, now: datetime, *, limit: int) -> list[Message]:
        """Queued messages that are due, locked for this transaction and skipped by others."""
        query = (
            select(MESSAGES)
            .where(MESSAGES.c.state == MessageState.QUEUED, MESSAGES.c.due_at <= now)
            .order_by(MESSAGES.c.due_at, MESSAGES.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return await _MESSAGES.list(self._tx, query)

    async def withdraw(self, message: Message) -> bool:
        """Takes a queued one back; False when it was sent or failed meanwhile.

        A worker that is sending it holds the row: this waits, and finds it sent.
        """
        query = (
            update(MESSAGES)
            .where(MESSAGES.c.id == message.id, MESSAGES.c.state == MessageState.QUEUED)
            .values(state=MessageState.WITHDRAWN)
            .returning(MESSAGES.c.id)
        )
        return await self._tx.scalar(query) is not None

    async def save(self, message: Message) -> None:
        """Replaces it."""
        await _MESSAGES.put(self._tx, message)

    async def get(self, message_id: UUID) -> Message:
        """The message, or NotFoundError."""
        return await _MESSAGES.get(self._tx, id=message_id)

    async def list_page(
        self,
        *,
        order_id: UUID | None,
        channels: frozenset[Channel],
        limit: int,
        before: tuple[datetime, UUID] | None,
    ) -> list[Message]:
        """Newest first by (queued_at, id)."""
        query = select(MESSAGES).where(MESSAGES.c.channel.in_(sorted(channels)))
        if order_id is not None:
            query = query.where(MESSAGES.c.order_id == order_id)
        if before is not None:
            query = query.where(tuple_(MESSAGES.c.queued_at, MESSAGES.c.id) < before)
        newest_first = query.order_by(MESSAGES.c.queued_at.desc(), MESSAGES.c.id.desc())
        return await _MESSAGES.list(self._tx, newest_first.limit(limit))

    async def count_since(self, channel: Channel, since: datetime) -> int:
        """Messages of a channel queued at ``since`` or later, those nobody was told left out."""
        query = select(func.count()).where(
            MESSAGES.c.channel == channel,
            MESSAGES.c.queued_at >= since,
            MESSAGES.c.state.not_in(sorted(UNTOLD)),
        )
        return await self._tx.scalar(query) or 0

    async def put_endpoint(self, endpoint: WebhookEndpoint) -> None:
        """Adds or replaces."""
        await _ENDPOINTS.put(self._tx, endpoint)

    async def list_endpoints(self) -> list[WebhookEndpoint]:
        """All endpoints, by id."""
        return await _ENDPOINTS.list(self._tx, select(ENDPOINTS).order_by(ENDPOINTS.c.id))

    async def remove_endpoint(self, endpoint_id: UUID) -> None:
        """Removes it; one that is not there is no error."""
        await self._tx.execute(delete(ENDPOINTS).where(ENDPOINTS.c.id == endpoint_id))
