"""E-mail over SMTP (RFC 5321). One conversation a message: slower, and nothing to keep alive."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum

import aiosmtplib

from promesa.notify.channels import (
    SEND_TIMEOUT_S,
    ChannelRefusedError,
    ChannelUnavailableError,
    Envelope,
    Receipt,
)

# RFC 5321 section 4.2.1: 4xx may work later, 5xx never will.
_PERMANENT_FROM = 500
# One address and nothing that could end it and begin something else; the server judges the rest.
_ADDRESS = re.compile(r"[^\s@<>\",;:()\[\]\\]+@[^\s@<>\",;:()\[\]\\]+")


class SmtpSecurity(StrEnum):
    """How the conversation is encrypted."""

    PLAIN = "plain"  # Only for a server on the same machine.
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """Where the mail server is and who we are there.

    Attributes:
        sender: The From address; its domain also names our message ids.
    """

    host: str
    port: int
    sender: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    security: SmtpSecurity = SmtpSecurity.STARTTLS


class SmtpChannel:
    """Sends plain-text e-mail."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings

    async def send(self, envelope: Envelope) -> Receipt:
        """The receipt is our own Message-ID, the same for the same message."""
        settings = self._settings
        mail = self._mail(envelope)
        try:
            await aiosmtplib.send(
                mail,
                hostname=settings.host,
                port=settings.port,
                username=settings.username,
                password=settings.password,
                use_tls=settings.security is SmtpSecurity.TLS,
                start_tls=settings.security is SmtpSecurity.STARTTLS,
                timeout=SEND_TIMEOUT_S,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _by_code(max(one.code for one in refused.recipients)) from None
        except aiosmtplib.SMTPAuthenticationError:
            # Our configuration is wrong, not the message: it goes out once that is put right.
            raise ChannelUnavailableError("El servidor de correo no acepta la clave.") from None
        except aiosmtplib.SMTPResponseException as answer:
            raise _by_code(answer.code) from None
        except (aiosmtplib.SMTPException, OSError) as silence:
            raise ChannelUnavailableError(cause=type(silence).__name__) from None
        return Receipt(provider_id=mail["Message-ID"])

    def _mail(self, envelope: Envelope) -> EmailMessage:
        # A line break in an address would add headers of a stranger's choice.
        if _ADDRESS.fullmatch(envelope.to) is None:
            raise ChannelRefusedError("La dirección de correo no sirve.")
        domain = self._settings.sender.rpartition("@")[2].strip("> ")
        mail = EmailMessage()
        mail["From"] = self._settings.sender
        mail["To"] = envelope.to
        mail["Subject"] = envelope.subject
        mail["Message-ID"] = f"<{envelope.message_id}@{domain}>"
        mail["Date"] = envelope.queued_at
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(envelope.text)
        return mail


def _by_code(code: int) -> ChannelRefusedError | ChannelUnavailableError:
    if code >= _PERMANENT_FROM:
        return ChannelRefusedError(cause=f"smtp {code}")
    return ChannelUnavailableError(cause=f"smtp {code}")
