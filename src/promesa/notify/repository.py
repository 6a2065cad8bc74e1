"""What notify needs kept: the outbox and the bandeja are the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from promesa.domain.events import Event
from promesa.domain.person import Person


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    SMS = "sms"
    WEBHOOK = "webhook"
    TRAY = "tray"  # bandeja: readable on screen.


# What people were told. A system that hears of everything gets dozens for each of these.
TO_PEOPLE = frozenset(Channel) - {Channel.WEBHOOK}


class MessageState(StrEnum):
    """How far a message is."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"  # Untrue before it was sent.


# What nobody was told, and nobody will be.
UNTOLD = frozenset({MessageState.FAILED, MessageState.WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to one person, by one channel, caused by one event.

    The text is rendered when it is sent or read, from the kind, the facts and the person, so that
    no personal data stand in it.

    Attributes:
        id: Derived from cause, kind and channel: one cause gives one message.
        kind: A MessageKind of messages.py.
        facts: What the template needs besides the person: hours, reference, reason code.
        due_at: When it may go out (quiet hours, retries).
        provider_id: What the channel called it.
    """

    id: UUID
    kind: str
    channel: Channel
    person_id: UUID | None
    order_id: UUID | None
    cause_event_id: UUID
    queued_at: datetime
    due_at: datetime
    state: MessageState = MessageState.QUEUED
    tries: int = 0
    sent_at: datetime | None = None
    error: str | None = None
    provider_id: str | None = None
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpoint:
    """Where a merchant or the operator wants events."""

    id: UUID
    url: str
    secret: str
    merchant_id: UUID | None
    event_types: frozenset[str]
    is_active: bool = True


class OutboxRepository(Protocol):
    """Messages to send and messages sent."""

    async def queue(self, message: Message) -> bool:
        """Keeps it; False when it was there already."""
        ...

    async def claim_due(self, now: datetime, *, limit: int) -> list[Message]:
        """Queued messages that are due, locked for this transaction and skipped by others."""
        ...

    async def withdraw(self, message: Message) -> bool:
        """Takes a queued one back; False when it was sent or failed meanwhile."""
        ...

    async def save(self, message: Message) -> None: ...
    async def get(self, message_id: UUID) -> Message: ...
    async def list_page(
        self,
        *,
        order_id: UUID | None,
        channels: frozenset[Channel],
        limit: int,
        before: tuple[datetime, UUID] | None,
    ) -> list[Message]:
        """Newest first by (queued_at, id)."""
        ...

    async def count_since(self, channel: Channel, since: datetime) -> int:
        """Messages of a channel queued at ``since`` or later, those nobody was told left out."""
        ...

    async def put_endpoint(self, endpoint: WebhookEndpoint) -> None: ...
    async def list_endpoints(self) -> list[WebhookEndpoint]: ...
    async def remove_endpoint(self, endpoint_id: UUID) -> None: ...


class DeclinedRepository(Protocol):
    """Channels that people want to hear no more of."""

    async def list_of(self, people: Sequence[Person]) -> dict[UUID, frozenset[Channel]]:
        """The declined channels of those who declined any, by person id."""
        ...

    async def save(self, person: Person, declined: frozenset[Channel], at: datetime) -> None:
        """Replaces what the person declines."""
        ...


class PeopleReader(Protocol):
    """Personal data, as far as notify reads them."""

    async def get_many(self, person_ids: Sequence[UUID]) -> dict[UUID, Person]: ...


class EventLog(Protocol):
    """The append-only log, as far as notify writes it."""

    async def record(self, event: Event) -> bool: ...


class NotifyStore(Protocol):
    """The unit of work as notify sees it."""

    @property
    def outbox(self) -> OutboxRepository: ...
    @property
    def declined(self) -> DeclinedRepository: ...
    @property
    def people(self) -> PeopleReader: ...
    @property
    def events(self) -> EventLog: ...
