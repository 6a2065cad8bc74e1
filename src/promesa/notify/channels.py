"""The port every vendor is behind: an envelope goes in, a receipt or one of two errors comes out.

A channel may be given the same envelope twice (at least once is what the outbox promises); the
message id is its idempotency key. Errors say what went wrong and never to whom.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Protocol
from uuid import UUID

from promesa.kernel.errors import InvalidError, UnavailableError
from promesa.notify.repository import Channel

# One slow vendor must not hold the outbox: connect, send and answer within this.
SEND_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A message ready for its channel.

    Attributes:
        message_id: Idempotency key.
        to: E-mail address, phone in E.164, or URL.
        text: As long as the channel takes it.
        secret: What a webhook is signed with.
    """

    message_id: UUID
    to: str = field(repr=False)
    text: str = field(repr=False)
    queued_at: datetime
    subject: str = ""
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The vendor took it; ``provider_id`` is what it calls it."""

    provider_id: str | None = None


class ChannelRefusedError(InvalidError):
    """The vendor will never take this message: another try changes nothing."""

    code: ClassVar[str] = "channel_refused"
    message: ClassVar[str] = "El canal rechazó el mensaje. Revisa el dato de contacto."


class ChannelUnavailableError(UnavailableError):
    """The vendor does not answer or asks to wait: try again later."""

    code: ClassVar[str] = "channel_unavailable"
    message: ClassVar[str] = "El canal no responde. Se intenta de nuevo más tarde."


class ChannelPort(Protocol):
    """Sends one message."""

    async def send(self, envelope: Envelope) -> Receipt:
        """Hands the message to the vendor.

        Raises:
            ChannelRefusedError: For good.
            ChannelUnavailableError: For now.
        """
        ...


Channels = Mapping[Channel, ChannelPort]
