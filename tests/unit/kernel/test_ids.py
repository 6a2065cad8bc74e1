"""Ids sort by time; tokens cannot be guessed; the same seed gives the same ids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from promesa.kernel.clock import MovedClock
from promesa.kernel.ids import TOKEN_BYTES, Ids, derived_id, token_digest
from promesa.kernel.seeds import stream

NINE = datetime(2025, 10, 6, 9, 0, tzinfo=UTC)


def test_ids_of_later_instants_sort_after_earlier_ones() -> None:
    clock = MovedClock(NINE)
    ids = Ids(clock)
    first = ids.next()
    clock.move_to(NINE + timedelta(milliseconds=1))
    assert first < ids.next()
    assert first.version == 7


def test_ids_of_one_instant_sort_as_they_were_made() -> None:
    ids = Ids(MovedClock(NINE), stream(1, "ids").randbytes)
    made = [ids.next() for _ in range(1000)]
    assert made == sorted(made)


def test_the_same_seed_makes_the_same_ids_and_tokens() -> None:
    one, other = (Ids(MovedClock(NINE), stream(7, "ids").randbytes) for _ in range(2))
    assert (one.next(), one.token()) == (other.next(), other.token())


def test_a_token_holds_160_bits_and_travels_in_a_url_as_it_is() -> None:
    token = Ids(MovedClock(NINE)).token()
    assert len(token) == -(-TOKEN_BYTES * 8 // 6)
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_derived_id_tells_its_parts_apart() -> None:
    assert derived_id("stop", 1) == derived_id("stop", 1)
    assert derived_id("ab", "c") != derived_id("a", "bc")


def test_only_a_digest_of_a_token_is_stored() -> None:
    assert token_digest("secret") != b"secret"
    assert len(token_digest("secret")) == 32
