"""From a message of the outbox to an envelope: to whom, with which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from promesa.domain.person import Person
from promesa.kernel.errors import InvalidError
from promesa.notify.channels import Envelope
from promesa.notify.cloud_events import encode
from promesa.notify.messages import MessageFacts, MessageKind, MessageText, render
from promesa.notify.repository import Channel, Message, WebhookEndpoint


class NoAddressError(InvalidError):
    """There is nobody to send it to, or no longer a reason to."""

    code: ClassVar[str] = "message_not_sendable"
    message: ClassVar[str] = "Ya no hay a quién mandarlo: faltan los datos de contacto."


class DeclinedError(InvalidError):
    """The person wants no more messages by this channel."""

    code: ClassVar[str] = "message_declined"
    message: ClassVar[str] = "La persona no quiere más mensajes por este canal."


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressBook:
    """Where a batch of messages goes: people and webhooks by their ids, and who declined what."""

    people: Mapping[UUID, Person] = field(default_factory=dict)
    declined: Mapping[UUID, frozenset[Channel]] = field(default_factory=dict)
    endpoints: Mapping[UUID, WebhookEndpoint] = field(default_factory=dict)


def make_envelope(
    message: Message, book: AddressBook, *, link: str | None, now: datetime
) -> Envelope:
    """The message with its address and its words.

    Raises:
        NoAddressError: The person was erased or has no such address, or the webhook is gone.
        DeclinedError: The person declined the channel after the message was queued.
    """
    if message.channel is Channel.WEBHOOK:
        return _webhook_envelope(message, book.endpoints)
    person = book.people.get(message.person_id) if message.person_id is not None else None
    if person is None:
        raise NoAddressError
    if message.channel in book.declined.get(person.id, frozenset()):
        raise DeclinedError
    to = _address(person, message.channel)
    words = read_message(message, person, told_at=now, link=link)
    return Envelope(
        message_id=message.id,
        to=to,
        subject=words.subject,
        text=words.sms if message.channel is Channel.SMS else words.text,
        queued_at=message.queued_at,
    )


def read_message(
    message: Message, person: Person, *, told_at: datetime | None = None, link: str | None = None
) -> MessageText:
    """The words of a message to a person, for sending or for reading on screen.

    On screen there is no link: whoever reads the bandeja is not the recipient. A message already
    sent is shown as it was told then.
    """
    facts = MessageFacts.from_data(message.facts)
    at = told_at or message.sent_at or message.queued_at
    return render(MessageKind(message.kind), facts, person, told_at=at, link=link)


def read_webhook(message: Message) -> MessageText:
    """What a webhook carries, for reading on screen."""
    payload = message.facts.get("payload")
    text = encode(payload) if isinstance(payload, dict) else ""
    return MessageText(subject=message.kind, text=text, sms="")


def find_reference(message: Message) -> str | None:
    """The number of the order it is about, if it is about one."""
    facts: Mapping[str, object] = message.facts
    payload = facts.get("payload")
    if isinstance(payload, dict):
        facts = payload.get("data") or {}
    reference = facts.get("reference")
    return reference if isinstance(reference, str) else None


def masked(address: str) -> str:
    """An address as a screen that should not name a person shows it: its two ends."""
    if "@" in address:
        name, _, domain = address.partition("@")
        return f"{name[:1]}…@{domain}"
    return f"…{address[-4:]}"


def _address(person: Person, channel: Channel) -> str:
    address = {
        Channel.EMAIL: person.email,
        Channel.SMS: person.phone,
        Channel.TRAY: str(person.id),
    }.get(channel)
    if not address:
        raise NoAddressError
    return address


def _webhook_envelope(message: Message, endpoints: Mapping[UUID, WebhookEndpoint]) -> Envelope:
    endpoint_id = message.facts.get("endpoint_id")
    endpoint = endpoints.get(UUID(endpoint_id)) if isinstance(endpoint_id, str) else None
    payload = message.facts.get("payload")
    if endpoint is None or not endpoint.is_active or not isinstance(payload, dict):
        raise NoAddressError("El webhook ya no existe.")
    return Envelope(
        message_id=message.id,
        to=endpoint.url,
        text=encode(payload),
        queued_at=message.queued_at,
        secret=endpoint.secret,
    )
