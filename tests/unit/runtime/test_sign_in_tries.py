"""Who fails too often waits, and nobody else does; what is remembered is bounded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from promesa.runtime import sign_in_tries
from promesa.runtime.sign_in_tries import (
    TRIES_OF_ADDRESS_MAX,
    TRIES_OF_EMAIL_MAX,
    WINDOW,
    SignInTries,
    TooManyTriesError,
)

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
ANA, BEA = b"ana", b"bea"


def test_an_e_mail_is_refused_after_its_tries_from_wherever_they_come() -> None:
    tries = SignInTries()
    for number in range(TRIES_OF_EMAIL_MAX):
        tries.begin(ANA, f"10.0.0.{number}", NOW)
    with pytest.raises(TooManyTriesError) as refused:
        tries.begin(ANA, "10.0.1.1", NOW + timedelta(minutes=5))
    assert refused.value.details == {"retry_after_s": 600}
    tries.begin(BEA, "10.0.0.1", NOW)


def test_an_address_is_refused_after_its_tries_whatever_the_e_mail() -> None:
    tries = SignInTries()
    for number in range(TRIES_OF_ADDRESS_MAX):
        tries.begin(str(number).encode(), "10.0.0.1", NOW)
    with pytest.raises(TooManyTriesError):
        tries.begin(ANA, "10.0.0.1", NOW)
    tries.begin(ANA, "10.0.0.2", NOW)


def test_after_the_wait_one_may_try_again() -> None:
    tries = SignInTries()
    for _ in range(TRIES_OF_EMAIL_MAX):
        tries.begin(ANA, "10.0.0.1", NOW)
    tries.begin(ANA, "10.0.0.1", NOW + WINDOW)


def test_who_signs_in_has_all_the_tries_again() -> None:
    tries = SignInTries()
    for _ in range(TRIES_OF_ADDRESS_MAX + TRIES_OF_EMAIL_MAX):
        tries.begin(ANA, "10.0.0.1", NOW)
        tries.succeed(ANA, "10.0.0.1", NOW)


def test_a_flood_of_e_mails_fills_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in_tries, "REMEMBERED_MAX", 10)
    tries = SignInTries()
    for number in range(100):
        tries.begin(str(number).encode(), f"10.0.0.{number}", NOW)
    assert len(tries) == 10
