"""The outbox, people and event log in memory, for tests that need no server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from promesa.domain.actor import Actor, ActorKind, Role
from promesa.domain.events import Event
from promesa.domain.person import Person
from promesa.notify.channels import Envelope, Receipt
from promesa.notify.declining import addresses_of
from promesa.notify.repository import (
    UNTOLD,
    Channel,
    Message,
    MessageState,
    WebhookEndpoint,
)

NOON = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)  # 12:00 in Santiago, a Monday.
SYSTEM = Actor(kind=ActorKind.SYSTEM, id=UUID(int=1), tenant_id=UUID(int=2), role=Role.SYSTEM)
ANA = Person(id=UUID(int=3), name="Ana María Pérez", phone="+56912345678", email="ana@example.cl")
ORDER = UUID(int=4)
SENTENCE_OF_VENDOR = "mailbox ana@example.cl is full"


class MemoryDeclined:
    """Wishes by address, as storage keeps them, without the digests."""

    def __init__(self) -> None:
        self._declined: set[tuple[Channel, str]] = set()

    async def list_of(self, people: Sequence[Person]) -> dict[UUID, frozenset[Channel]]:
        found = {
            person.id: frozenset(
                channel
                for channel, address in addresses_of(person).items()
                if (channel, address) in self._declined
            )
            for person in people
        }
        return {person_id: channels for person_id, channels in found.items() if channels}

    async def save(self, person: Person, declined: frozenset[Channel], at: datetime) -> None:
        del at
        for channel, address in addresses_of(person).items():
            self._declined.discard((channel, address))
            if channel in declined:
                self._declined.add((channel, address))


class MemoryOutbox:
    """Keeps messages and events once by their ids; is its own unit of work."""

    def __init__(self, *people: Person) -> None:
        self.messages: dict[UUID, Message] = {}
        self.endpoints: dict[UUID, WebhookEndpoint] = {}
        self.recorded: dict[UUID, Event] = {}
        self.declined = MemoryDeclined()
        self._people = {person.id: person for person in people}

    @property
    def outbox(self) -> MemoryOutbox:
        return self

    @property
    def people(self) -> MemoryOutbox:
        return self

    @property
    def events(self) -> MemoryOutbox:
        return self

    async def get_many(self, person_ids: Sequence[UUID]) -> dict[UUID, Person]:
        return {one: self._people[one] for one in person_ids if one in self._people}

    async def record(self, event: Event) -> bool:
        return self.recorded.setdefault(event.id, event) is event

    async def queue(self, message: Message) -> bool:
        return self.messages.setdefault(message.id, message) is message

    async def claim_due(self, now: datetime, *, limit: int) -> list[Message]:
        due = [
            message
            for message in self.messages.values()
            if message.state is MessageState.QUEUED and message.due_at <= now
        ]
        return sorted(due, key=lambda message: (message.due_at, message.id))[:limit]

    async def withdraw(self, message: Message) -> bool:
        if self.messages[message.id].state is not MessageState.QUEUED:
            return False
        self.messages[message.id] = replace(message, state=MessageState.WITHDRAWN)
        return True

    async def save(self, message: Message) -> None:
        self.messages[message.id] = message

    async def get(self, message_id: UUID) -> Message:
        return self.messages[message_id]

    async def list_page(
        self,
        *,
        order_id: UUID | None,
        channels: frozenset[Channel],
        limit: int,
        before: tuple[datetime, UUID] | None,
    ) -> list[Message]:
        found = [
            message
            for message in self.messages.values()
            if order_id in {None, message.order_id}
            and message.channel in channels
            and (before is None or (message.queued_at, message.id) < before)
        ]
        return sorted(found, key=lambda one: (one.queued_at, one.id), reverse=True)[:limit]

    async def count_since(self, channel: Channel, since: datetime) -> int:
        return sum(
            message.channel is channel
            and message.queued_at >= since
            and message.state not in UNTOLD
            for message in self.messages.values()
        )

    async def put_endpoint(self, endpoint: WebhookEndpoint) -> None:
        self.endpoints[endpoint.id] = endpoint

    async def list_endpoints(self) -> list[WebhookEndpoint]:
        return list(self.endpoints.values())

    async def remove_endpoint(self, endpoint_id: UUID) -> None:
        self.endpoints.pop(endpoint_id, None)


class ScriptedChannel:
    """Answers with each fault in turn, then takes everything; remembers what it was given."""

    def __init__(self, *faults: Exception) -> None:
        self._faults = list(faults)
        self.given: list[Envelope] = []

    async def send(self, envelope: Envelope) -> Receipt:
        self.given.append(envelope)
        if self._faults:
            raise self._faults.pop(0)
        return Receipt(provider_id=f"vendor-{len(self.given)}")


class MemoryLinks:
    """A link for each order."""

    async def tracking_url(self, order_id: UUID) -> str | None:
        return f"https://promesa.example.cl/seguimiento/{order_id.hex[:27]}"
