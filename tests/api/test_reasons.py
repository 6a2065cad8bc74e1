"""Reasons for a body that cannot be read: in Spanish, whatever the decoder says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
import pytest

from promesa.api.decoding import BodyError, Wire, decode_strictly
from promesa.api.reasons import reason_in_spanish
from promesa.domain.leg import LegKind


class Sample(Wire):
    """One field of each sort."""

    at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    day: date | None = None
    key: UUID | None = None
    code: Annotated[str, msgspec.Meta(pattern="^[A-Z]+$")] = "A"
    kind: LegKind = LegKind.DELIVERY
    count: Annotated[int, msgspec.Meta(ge=1)] = 1
    name: Annotated[str, msgspec.Meta(min_length=2)] = "ab"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"at": "2026-11-23T10:00:00"}', "Falta el desfase horario"),
        (b'{"at": "ayer"}', "No es un instante"),
        (b'{"day": "23/11/2026"}', "No es una fecha"),
        (b'{"key": "1"}', "No es un identificador"),
        (b'{"count": "1"}', "Debe ser número entero y llegó texto."),
        (b'{"count": 0}', "Debe ser número entero de 1 o más."),
        (b'{"name": "a"}', "Debe ser texto de largo 2 o más."),
        (b'{"nombre": "a"}', "No conocemos el campo `nombre`"),
        (b'{"name": "A1"', "El contenido llegó vacío o cortado."),
        (b'{"name": "\xff\xfe"}', "El texto no está en UTF-8."),
        (b'{"code": "a b"}', "Hay letras o signos que no se admiten"),
        (b'{"kind": "otra"}', "No es una de las opciones: 'otra'."),
        (b"{,}", "No es JSON bien escrito, cerca del byte 1."),
        (b"", "El contenido llegó vacío o cortado."),
    ],
)
def test_each_thing_the_decoder_finds_is_told_in_spanish(body: bytes, reason: str) -> None:
    with pytest.raises(BodyError) as told:
        decode_strictly(body, Sample)

    faults = told.value.details["faults"]
    assert isinstance(faults, list)
    assert faults[0].reason.startswith(reason)


def test_a_missing_field_is_named() -> None:
    assert reason_in_spanish("Object missing required field `address`") == "Falta `address`."


class Crate(Wire):
    """Something inside another."""

    weight_g: int


class Load(Wire):
    """A list of things."""

    crates: tuple[Crate, ...] = ()


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        (b'{"crates": [{"weight_g": 1}, {"weight_g": 1, "w": 2}]}', "crates[1].w", "unknown"),
        (b'{"crates": [{}]}', "crates[0].weight_g", "missing"),
        (b'{"crates": [{"weight_g": "1"}]}', "crates[0].weight_g", "type"),
        (b'{"w": 2}', "w", "unknown"),
    ],
)
def test_a_field_inside_is_named_as_one_at_the_top(body: bytes, field: str, code: str) -> None:
    with pytest.raises(BodyError) as told:
        decode_strictly(body, Load)

    faults = told.value.details["faults"]
    assert isinstance(faults, list)
    assert [(fault.field, fault.code) for fault in faults] == [(field, code)]


def test_what_has_no_sentence_keeps_the_decoders_words() -> None:
    assert reason_in_spanish("Something new") == "Something new"
