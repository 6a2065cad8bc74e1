"""Who fails too often waits, and nobody else does; what is remembered is bounded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from promesa.runtime import sign_in_tries
from promesa.runtime.sign_in_tries import (
    TRIES_OF_EMAIL_FROM_PLACE_MAX,
    TRIES_OF_EMAIL_MAX,
    TRIES_OF_PLACE_MAX,
    WINDOW,
    SignInTries,
    TooManyTriesError,
)

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
ANA, BEA = b"ana", b"bea"
OFFICE, ELSEWHERE = "10.0.0.1", "10.9.9.9"


def fill(tries: SignInTries, email: bytes, address: str) -> None:
    for _ in range(TRIES_OF_EMAIL_FROM_PLACE_MAX):
        tries.begin(email, address, NOW)


def fill_everywhere(tries: SignInTries, email: bytes) -> None:
    for number in range(TRIES_OF_EMAIL_MAX):
        tries.begin(email, f"10.1.0.{number}", NOW)


def test_an_e_mail_is_refused_from_a_place_after_its_tries_there() -> None:
    tries = SignInTries()
    fill(tries, ANA, ELSEWHERE)
    with pytest.raises(TooManyTriesError) as refused:
        tries.begin(ANA, ELSEWHERE, NOW + timedelta(minutes=5))
    assert refused.value.details == {"retry_after_s": 600}
    tries.begin(BEA, ELSEWHERE, NOW)


def test_who_knows_an_e_mail_cannot_keep_its_owner_out() -> None:
    tries = SignInTries()
    fill(tries, ANA, ELSEWHERE)
    tries.begin(ANA, OFFICE, NOW)


def test_an_e_mail_is_refused_after_many_tries_from_wherever_they_come() -> None:
    tries = SignInTries()
    fill_everywhere(tries, ANA)
    with pytest.raises(TooManyTriesError):
        tries.begin(ANA, OFFICE, NOW)


def test_tries_from_everywhere_hold_up_no_place_its_owner_came_in_from_before() -> None:
    tries = SignInTries()
    tries.begin(ANA, OFFICE, NOW)
    tries.succeed(ANA, OFFICE, NOW)
    fill_everywhere(tries, ANA)
    fill(tries, ANA, OFFICE)
    with pytest.raises(TooManyTriesError):
        tries.begin(ANA, OFFICE, NOW)


def test_who_signs_in_gives_guessers_elsewhere_no_tries_back() -> None:
    tries = SignInTries()
    fill_everywhere(tries, ANA)
    tries.succeed(ANA, OFFICE, NOW)
    # Its own one came back.
    tries.begin(ANA, ELSEWHERE, NOW)
    with pytest.raises(TooManyTriesError):
        tries.begin(ANA, ELSEWHERE, NOW)


def test_a_line_of_ipv6_is_one_place_whichever_of_its_addresses_it_uses() -> None:
    tries = SignInTries()
    for number in range(TRIES_OF_EMAIL_FROM_PLACE_MAX):
        tries.begin(ANA, f"2001:db8:1:2::{number:x}", NOW)
    with pytest.raises(TooManyTriesError):
        tries.begin(ANA, "2001:db8:1:2:ffff::1", NOW)
    tries.begin(ANA, "2001:db8:1:3::1", NOW)


def test_a_place_is_refused_after_its_tries_whatever_the_e_mail() -> None:
    tries = SignInTries()
    for number in range(TRIES_OF_PLACE_MAX):
        tries.begin(str(number).encode(), OFFICE, NOW)
    with pytest.raises(TooManyTriesError):
        tries.begin(ANA, OFFICE, NOW)
    tries.begin(ANA, ELSEWHERE, NOW)


def test_after_the_wait_one_may_try_again() -> None:
    tries = SignInTries()
    fill(tries, ANA, OFFICE)
    tries.begin(ANA, OFFICE, NOW + WINDOW)


def test_who_signs_in_has_all_the_tries_again() -> None:
    tries = SignInTries()
    for _ in range(TRIES_OF_PLACE_MAX + TRIES_OF_EMAIL_MAX):
        tries.begin(ANA, OFFICE, NOW)
        tries.succeed(ANA, OFFICE, NOW)


def test_a_flood_of_e_mails_fills_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in_tries, "REMEMBERED_MAX", 10)
    tries = SignInTries()
    for number in range(100):
        tries.begin(str(number).encode(), f"10.0.0.{number}", NOW)
    assert len(tries) == 10
