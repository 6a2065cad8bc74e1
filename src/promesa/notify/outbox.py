"""Empties the outbox: claim what is due, send it, mark it. At least once, never for ever.

It runs inside a transaction of whoever calls it: claimed rows stay locked until that ends. If it
breaks between sending and marking, the message goes again under the same idempotency key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from promesa.domain.actor import Actor
from promesa.domain.events import Event
from promesa.kernel.clock import Clock
from promesa.kernel.errors import PromesaError
from promesa.kernel.ids import derived_id
from promesa.notify.addressing import AddressBook, DeclinedError, NoAddressError, make_envelope
from promesa.notify.channels import (
    Channels,
    ChannelUnavailableError,
    Envelope,
    Receipt,
)
from promesa.notify.messages import MessageKind
from promesa.notify.repository import (
    Channel,
    Message,
    MessageState,
    NotifyStore,
)

# Bounds how long one transaction holds its rows: a batch sends side by side, 10 s at worst.
BATCH_MAX = 20
# After each failed try, as Svix waits; when they are used up the message has failed.
RETRY_WAITS: tuple[timedelta, ...] = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=10),
)
# Later than this these would say what is no longer so.
AGE_MAX: Mapping[MessageKind, timedelta] = {
    MessageKind.NEXT_STOP: timedelta(minutes=30),
    MessageKind.DELAY: timedelta(hours=2),
    MessageKind.BACK_ON_TIME: timedelta(hours=2),
    MessageKind.OUT_FOR_DELIVERY: timedelta(hours=6),
}
ERROR_LENGTH_MAX = 120


class Links(Protocol):
    """Makes a recipient's own tracking link; it is made on sending and stored only hashed."""

    async def tracking_url(self, order_id: UUID) -> str | None:
        """A link that works, or None when the order has none to show."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DrainReport:
    """What one round did; ``is_more_due`` asks for another at once."""

    sent: int = 0
    retried: int = 0
    failed: int = 0

    @property
    def is_more_due(self) -> bool:
        """Whether the round was full, so that more may wait."""
        return self.sent + self.retried + self.failed >= BATCH_MAX


@dataclass(frozen=True, slots=True)
class _Attempt:
    message: Message
    receipt: Receipt | None = None
    fault: PromesaError | None = None


async def drain(
    tx: NotifyStore, channels: Channels, links: Links, *, clock: Clock, actor: Actor
) -> DrainReport:
    """Sends one batch of what is due; each outcome is recorded as an event.

    ``actor`` is the tenant's system actor, the author of those events.
    """
    claimed = await tx.outbox.claim_due(clock.now(), limit=BATCH_MAX)
    if not claimed:
        return DrainReport()
    book = await _address_book(tx, claimed)
    prepared = [await _prepare(message, channels, book, links, clock.now()) for message in claimed]
    attempts = await asyncio.gather(*(_attempt(*one, channels) for one in prepared))
    report = DrainReport()
    for attempt in attempts:
        after = marked(attempt.message, attempt.receipt, attempt.fault, clock.now())
        await tx.outbox.save(after)
        report = await _record(tx, after, report, actor, clock.now())
    return report


def marked(
    message: Message, receipt: Receipt | None, fault: PromesaError | None, now: datetime
) -> Message:
    """The message after a try: sent, waiting for another one, or failed for good."""
    tries = message.tries + 1
    if fault is None:
        return replace(
            message,
            state=MessageState.SENT,
            tries=tries,
            sent_at=now,
            error=None,
            provider_id=None if receipt is None else receipt.provider_id,
        )
    error = _error(fault)
    if isinstance(fault, ChannelUnavailableError) and tries <= len(RETRY_WAITS):
        return replace(message, tries=tries, error=error, due_at=now + RETRY_WAITS[tries - 1])
    return replace(message, state=MessageState.FAILED, tries=tries, error=error)


def is_out_of_date(message: Message, now: datetime) -> bool:
    """Whether what it says may no longer be so."""
    if message.kind not in set(MessageKind):
        return False
    age_max = AGE_MAX.get(MessageKind(message.kind))
    return age_max is not None and now - message.queued_at > age_max


async def _address_book(tx: NotifyStore, claimed: Sequence[Message]) -> AddressBook:
    """Endpoints are asked for only when a webhook is among the messages."""
    person_ids = {message.person_id for message in claimed if message.person_id is not None}
    has_webhook = any(message.channel is Channel.WEBHOOK for message in claimed)
    endpoints = await tx.outbox.list_endpoints() if has_webhook else []
    people = await tx.people.get_many(sorted(person_ids))
    return AddressBook(
        people=people,
        declined=await tx.declined.list_of(list(people.values())),
        endpoints={endpoint.id: endpoint for endpoint in endpoints},
    )


async def _prepare(
    message: Message,
    channels: Channels,
    book: AddressBook,
    links: Links,
    now: datetime,
) -> tuple[Message, Envelope | PromesaError]:
    """The envelope, or why there can't be one. Nothing is sent yet."""
    if message.channel not in channels:
        return message, ChannelUnavailableError("Este canal no está configurado.")
    if is_out_of_date(message, now):
        return message, NoAddressError("El mensaje ya no corresponde: pasó su hora.")
    link = None
    if message.order_id is not None and message.channel in {Channel.EMAIL, Channel.SMS}:
        link = await links.tracking_url(message.order_id)
    try:
        return message, make_envelope(message, book, link=link, now=now)
    except (NoAddressError, DeclinedError) as fault:
        return message, fault


async def _attempt(
    message: Message, envelope: Envelope | PromesaError, channels: Channels
) -> _Attempt:
    if isinstance(envelope, PromesaError):
        return _Attempt(message, fault=envelope)
    try:
        return _Attempt(message, receipt=await channels[message.channel].send(envelope))
    except PromesaError as fault:
        return _Attempt(message, fault=fault)


async def _record(
    tx: NotifyStore, message: Message, report: DrainReport, actor: Actor, now: datetime
) -> DrainReport:
    """An event for what is settled; a message that waits for another try has none yet."""
    if message.state is MessageState.QUEUED:
        return replace(report, retried=report.retried + 1)
    is_sent = message.state is MessageState.SENT
    data: dict[str, object] = {"kind": message.kind, "channel": message.channel.value}
    if not is_sent:
        data["error"] = message.error
    name = "message.sent" if is_sent else "message.failed"
    await tx.events.record(message_event(name, message, data, actor, now))
    if is_sent:
        return replace(report, sent=report.sent + 1)
    return replace(report, failed=report.failed + 1)


def message_event(
    name: str, message: Message, data: dict[str, object], actor: Actor, now: datetime
) -> Event:
    """An event about a message; its id comes from both, so told twice it is one."""
    return Event(
        id=derived_id(name, message.id),
        type=name,
        subject_kind="message",
        subject_id=message.id,
        occurred_at=now,
        recorded_at=now,
        actor=actor,
        data=data,
        order_id=message.order_id,
    )


def _error(fault: PromesaError) -> str:
    """Our own code and the vendor's, which name nobody; never the vendor's sentence."""
    cause = fault.details.get("cause")
    text = fault.code if cause is None else f"{fault.code}: {cause}"
    return text[:ERROR_LENGTH_MAX]
