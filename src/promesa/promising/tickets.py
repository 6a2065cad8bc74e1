"""A quote as a ticket that its holder carries: signed, so that quoting writes nothing down.

The ticket says what was quoted and until when; it holds no secret, only what its holder asked.
Who changes a letter of it, or brings it to another operator, has no ticket.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from uuid import UUID

import msgspec

from promesa.domain.fleet import Load
from promesa.kernel.errors import NotFoundError
from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.kernel.timewindow import TimeWindow
from promesa.promising.quoting import Offer, Wanted

# 128 bits: nobody guesses one in the minutes that a quote stands.
_SEAL_BYTES = 16
# 64 bits by which two buyers of one building and second have two quotes.
MARK_BYTES = 8
TICKET_CHARS_MAX = 600
# What the tenant's secret makes a key for.
QUOTES = b"promise quotes"
_DEGREE = 1e6
_SHARE = 10_000


class QuoteUnknownError(NotFoundError):
    """Nobody quoted this."""

    code: ClassVar[str] = "quote_unknown"
    message = "Esa cotización no existe o no es tuya. Pide una nueva y usa su quote_id completo."


class Ticket(msgspec.Struct, frozen=True, array_like=True):
    """What was quoted: instants are whole seconds of Unix, shares ten-thousandths.

    Attributes:
        merchant: Whose order may take it; empty where an operator asked.
        comuna: As the map writes it; empty where nobody knows.
        mark: Chance, the same for all windows of one quote: who asks again has another quote.
    """

    merchant: bytes
    depot: bytes
    lon: int
    lat: int
    service_s: int
    start: int
    end: int
    work_s: int
    p_kept: int
    p_model: int
    price_clp: int
    quoted: int
    minutes: int
    mark: bytes = b""
    weight_g: int = 0
    volume_ml: int = 0
    comuna: str = ""
    parcels: int = 0

    @property
    def window(self) -> TimeWindow:
        """What was promised for."""
        return TimeWindow(start=_instant(self.start), end=_instant(self.end))

    @property
    def quoted_at(self) -> datetime:
        """When."""
        return _instant(self.quoted)

    @property
    def expires_at(self) -> datetime:
        """Until when it stands."""
        return self.quoted_at + timedelta(minutes=self.minutes)

    @property
    def merchant_id(self) -> UUID | None:
        """None where an operator asked."""
        return UUID(bytes=self.merchant) if self.merchant else None

    @property
    def wanted(self) -> Wanted:
        """What was asked."""
        return Wanted(
            position=Position(lon=self.lon / _DEGREE, lat=self.lat / _DEGREE),
            service_s=self.service_s,
            comuna=self.comuna or None,
            merchant_id=self.merchant_id,
            load=Load(parcels=self.parcels, weight_g=self.weight_g, volume_ml=self.volume_ml),
        )


def make_ticket(
    offer: Offer, wanted: Wanted, *, now: datetime, minutes: int, mark: bytes, key: bytes
) -> str:
    """The quote's id, which whoever accepts it sends back."""
    ticket = Ticket(
        merchant=wanted.merchant_id.bytes if wanted.merchant_id else b"",
        depot=offer.depot_id.bytes,
        lon=round(wanted.position.lon * _DEGREE),
        lat=round(wanted.position.lat * _DEGREE),
        service_s=wanted.service_s,
        start=int(offer.window.start.timestamp()),
        end=int(offer.window.end.timestamp()),
        work_s=offer.work_s,
        p_kept=round(offer.p_kept * _SHARE),
        p_model=round(offer.p_model * _SHARE),
        price_clp=offer.price_clp,
        quoted=int(now.timestamp()),
        minutes=minutes,
        mark=mark,
        weight_g=wanted.load.weight_g,
        volume_ml=wanted.load.volume_ml,
        parcels=wanted.load.parcels,
        comuna=wanted.comuna or "",
    )
    content = msgspec.msgpack.encode(ticket)
    return _written(_seal(content, key) + content)


def read_ticket(quote_id: str, *, key: bytes, merchant_id: UUID | None) -> Ticket:
    """What was quoted.

    Raises:
        QuoteUnknownError: It was not by this operator, or to another merchant.
    """
    try:
        raw = base64.urlsafe_b64decode(quote_id.encode("ascii") + b"=" * (-len(quote_id) % 4))
    except (binascii.Error, UnicodeEncodeError, ValueError) as error:
        raise QuoteUnknownError from error
    seal, content = raw[:_SEAL_BYTES], raw[_SEAL_BYTES:]
    # A decoder passes over what is no letter of its own: one quote has one spelling, or it would
    # be as many reservations as it can be spelt in.
    if not hmac.compare_digest(seal, _seal(content, key)) or _written(raw) != quote_id:
        raise QuoteUnknownError
    try:
        ticket = msgspec.msgpack.decode(content, type=Ticket)
    except msgspec.ValidationError as error:
        # Of another version of ours.
        raise QuoteUnknownError from error
    # An operator may accept for anybody; a merchant only what it was told.
    if merchant_id is not None and ticket.merchant_id != merchant_id:
        raise QuoteUnknownError
    return ticket


def reservation_id(quote_id: str) -> UUID:
    """The same for the same quote: accepting twice is one reservation."""
    return derived_id("reservation", quote_id)


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _seal(content: bytes, key: bytes) -> bytes:
    return hmac.digest(key, content, hashlib.sha256)[:_SEAL_BYTES]


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
