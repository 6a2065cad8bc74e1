"""RUT, phone and e-mail as people write them."""

from __future__ import annotations

import pytest

from promesa.orders.identity import (
    IdentityError,
    canonical_email,
    canonical_phone,
    canonical_rut,
    is_nothing,
)


@pytest.mark.parametrize("text", ["11.111.111-1", "11111111-1", "111111111", " 11.111.111 - 1 "])
def test_a_rut_has_one_form_however_it_is_written(text: str) -> None:
    assert canonical_rut(text) == "11111111-1"


def test_a_rut_may_end_in_k() -> None:
    assert canonical_rut("20.347.878-k") == "20347878-K"


@pytest.mark.parametrize("text", ["11.111.111-2", "abc", "1", ""])
def test_a_rut_whose_digit_does_not_match_is_refused(text: str) -> None:
    with pytest.raises(IdentityError):
        canonical_rut(text)


@pytest.mark.parametrize(
    "text",
    [
        "961234567",
        "9 6123 4567",
        "+56 9 6123 4567",
        "56961234567",
        "12 / 961234567",
        "(09) 61234567",
    ],
)
def test_a_mobile_becomes_one_number_however_it_is_written(text: str) -> None:
    assert canonical_phone(text) == "+56961234567"


def test_a_foreign_number_keeps_its_country() -> None:
    assert canonical_phone("+54 11 4123-4567") == "+541141234567"


@pytest.mark.parametrize("text", ["123", "no contesta", "9999", "+56 9 1"])
def test_a_number_that_cannot_exist_is_refused(text: str) -> None:
    with pytest.raises(IdentityError):
        canonical_phone(text)


def test_the_domain_of_an_email_has_no_case() -> None:
    assert canonical_email(" Ana.Rojas@Correo.CL ") == "Ana.Rojas@correo.cl"


@pytest.mark.parametrize(
    "text", ["ana", "ana@", "@correo.cl", "ana@correo", "a b@c.cl", "a@b@c.cl"]
)
def test_what_has_no_shape_of_an_email_is_refused(text: str) -> None:
    with pytest.raises(IdentityError):
        canonical_email(text)


def test_a_refusal_never_quotes_what_was_written() -> None:
    with pytest.raises(IdentityError) as failure:
        canonical_phone("55512")
    assert "55512" not in failure.value.sentence


@pytest.mark.parametrize("text", ["-", "S/N", "no tiene", " ", "0"])
def test_people_say_nothing_in_many_ways(text: str) -> None:
    assert is_nothing(text)
