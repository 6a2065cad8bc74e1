"""Quotes as signed tickets: what they say survives the way, and nothing forged does."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from promesa.promising.tickets import (
    TICKET_CHARS_MAX,
    QuoteUnknownError,
    make_ticket,
    read_ticket,
    reservation_id,
)
from tests.unit.promising.test_quoting import (
    NOW,
    WANTED,
    asked,
    day_after,
    empty,
    snapshot_of,
)

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
SHOP, OTHER_SHOP = UUID(int=7), UUID(int=8)


def ticket(shop: UUID | None = SHOP, mark: bytes = b"one") -> str:
    [offer] = asked(snapshot_of(empty(day_after(1)))).offers
    wanted = replace(WANTED, merchant_id=shop)
    return make_ticket(offer, wanted, now=NOW, minutes=15, mark=mark, key=KEY)


def test_a_ticket_says_what_was_quoted_and_until_when() -> None:
    [offer] = asked(snapshot_of(empty(day_after(1)))).offers
    read = read_ticket(ticket(), key=KEY, merchant_id=SHOP)
    assert (read.window, read.price_clp) == (offer.window, offer.price_clp)
    assert read.p_kept == round(offer.p_kept * 10_000)
    assert read.wanted == replace(WANTED, merchant_id=SHOP)
    assert read.expires_at == NOW + timedelta(minutes=15)


def test_a_ticket_fits_into_an_address() -> None:
    text = ticket()
    assert len(text) <= TICKET_CHARS_MAX / 2
    assert text.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("place", [0, 5, 30, -1])
def test_a_changed_letter_makes_it_nobodys(place: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(ticket() + "=="))
    raw[place] ^= 1
    forged = base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()
    with pytest.raises(QuoteUnknownError):
        read_ticket(forged, key=KEY, merchant_id=SHOP)


@pytest.mark.parametrize("text", ["", "x", "ñandú", "AAAA" * 40])
def test_what_is_no_ticket_is_refused_like_a_forged_one(text: str) -> None:
    with pytest.raises(QuoteUnknownError):
        read_ticket(text, key=KEY, merchant_id=SHOP)


def test_another_operators_key_opens_nothing() -> None:
    with pytest.raises(QuoteUnknownError):
        read_ticket(ticket(), key=OTHER_KEY, merchant_id=SHOP)


def test_a_shop_takes_its_own_tickets_and_an_operator_anybodys() -> None:
    assert read_ticket(ticket(), key=KEY, merchant_id=None).merchant_id == SHOP
    for stranger in (ticket(OTHER_SHOP), ticket(None)):
        with pytest.raises(QuoteUnknownError):
            read_ticket(stranger, key=KEY, merchant_id=SHOP)


def test_one_quote_is_one_reservation() -> None:
    assert reservation_id(ticket()) == reservation_id(ticket())
    assert reservation_id(ticket()) != reservation_id(ticket(OTHER_SHOP))
    assert reservation_id(ticket()) != reservation_id(ticket(mark=b"two"))


def test_a_quote_has_one_spelling() -> None:
    for other in (ticket() + "=", " " + ticket(), ticket()[:7] + "!" + ticket()[7:]):
        with pytest.raises(QuoteUnknownError):
            read_ticket(other, key=KEY, merchant_id=SHOP)
