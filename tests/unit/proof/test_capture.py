"""What evidence a visit needs."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from promesa.domain.order import Order, OrderState
from promesa.domain.reasons import REASONS
from promesa.domain.stop import Outcome
from promesa.proof.capture import (
    REASONS_WITH_PHOTO,
    HandedTo,
    ProofPolicy,
    list_missing,
    required,
    required_on_delivery,
    suffices,
)
from promesa.proof.repository import EvidenceKind as Kind


def order(*, cod_clp: int | None = None, requires_pin: bool = False) -> Order:
    return Order(
        id=UUID(int=1),
        merchant_id=UUID(int=2),
        reference="A-1",
        state=OrderState.OUT_FOR_DELIVERY,
        date=date(2026, 11, 30),
        recipient_id=UUID(int=3),
        comuna="Maipú",
        cod_clp=cod_clp,
        requires_pin=requires_pin,
    )


def test_a_delivery_needs_a_photo_and_the_name_of_who_received() -> None:
    assert required(order(), outcome=Outcome.SUCCEEDED) == {Kind.PHOTO, Kind.RECEIVER}


def test_cash_needs_a_signature_and_a_code_needs_to_be_said() -> None:
    needed = required(order(cod_clp=9990, requires_pin=True), outcome=Outcome.PARTIAL)
    assert needed == {Kind.PHOTO, Kind.RECEIVER, Kind.SIGNATURE, Kind.PIN}


def test_at_a_safe_place_nobody_signs_and_the_photo_does() -> None:
    paid = order(cod_clp=9990, requires_pin=True)
    assert required_on_delivery(paid, HandedTo.SAFE_PLACE) == {Kind.PHOTO}


@pytest.mark.parametrize("reason", ["RECIPIENT_ABSENT", "PARCEL_DAMAGED", "ACCESS_RESTRICTED"])
def test_a_failure_that_can_be_seen_needs_a_photo(reason: str) -> None:
    assert required(order(), outcome=Outcome.FAILED, reason=reason) == {Kind.PHOTO}


@pytest.mark.parametrize("reason", ["UNSAFE_AREA", "PARCEL_STOLEN", "OUT_OF_TIME", None])
def test_nobody_has_to_stop_for_a_photo_where_there_is_nothing_to_see_or_danger(
    reason: str | None,
) -> None:
    assert required(order(), outcome=Outcome.FAILED, reason=reason) == frozenset()


@pytest.mark.parametrize("outcome", [Outcome.SKIPPED, Outcome.CANCELLED])
def test_a_visit_that_did_not_happen_needs_nothing(outcome: Outcome) -> None:
    assert required(order(cod_clp=1), outcome=outcome) == frozenset()


def test_every_reason_with_a_photo_is_one_of_the_dictionary() -> None:
    assert set(REASONS) >= REASONS_WITH_PHOTO


def test_what_is_missing_is_said_in_the_order_the_phone_asks() -> None:
    needed = required(order(cod_clp=1), outcome=Outcome.SUCCEEDED)
    assert list_missing(needed, [Kind.RECEIVER]) == ["Falta la foto.", "Falta la firma."]
    assert not suffices(needed, [Kind.RECEIVER])
    assert suffices(needed, [Kind.RECEIVER, Kind.PHOTO, Kind.SIGNATURE, Kind.NOTE])
    assert list_missing(needed, list(Kind)) == []


def test_an_operator_may_ask_for_more() -> None:
    strict = ProofPolicy(delivered=frozenset({Kind.SIGNATURE}), reasons_with_photo=frozenset())
    assert required(order(), outcome=Outcome.SUCCEEDED, policy=strict) == {Kind.SIGNATURE}
    absent = required(order(), outcome=Outcome.FAILED, reason="RECIPIENT_ABSENT", policy=strict)
    assert absent == frozenset()
