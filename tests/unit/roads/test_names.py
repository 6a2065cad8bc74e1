"""One spelling for every way of writing a street."""

from __future__ import annotations

import pytest

from promesa.roads.names import folded, street_key


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("Av. Pdte. Kennedy", "Avenida Presidente Kennedy"),
        ("AVDA GRAL VELASQUEZ", "Avenida General Velásquez"),
        ("Psje. Sta. Rosa", "Pasaje Santa Rosa"),
        ("Calle 4 Pte", "calle 4 poniente"),
        ("Libertador Bdo. O'Higgins", "Libertador Bernardo OHiggins"),
        ("Pje 010", "Pasaje 10"),
    ],
)
def test_two_spellings_of_a_street_have_one_key(written: str, other: str) -> None:
    assert street_key(written) == street_key(other)


@pytest.mark.parametrize(
    ("one", "another"),
    [("Pasaje 10", "Pasaje 11"), ("4 Norte", "4 Sur"), ("Pasaje A", "Pasaje B")],
)
def test_streets_that_differ_in_a_figure_differ_in_their_marks(one: str, another: str) -> None:
    assert street_key(one).marks != street_key(another).marks


def test_a_folded_text_has_neither_accents_nor_signs() -> None:
    assert folded("  ÑUÑOA, (Región) ") == "nunoa region"
