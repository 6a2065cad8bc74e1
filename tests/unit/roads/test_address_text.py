"""Addresses as customers type them, taken apart."""

from __future__ import annotations

import pytest

from promesa.roads.address_text import AddressText, parsed_address
from promesa.roads.territory import Territory


def parsed(text: str) -> AddressText:
    def comuna_of(name: str) -> str | None:
        found = Territory.load().exact(name)
        return found.name if found else None

    return parsed_address(text, comuna_of)


@pytest.mark.parametrize(
    ("text", "street", "number"),
    [
        ("GENERAL GANA 959", "GENERAL GANA", "959"),
        ("Pje. 10 1234", "Pje. 10", "1234"),
        ("Pasaje 10", "Pasaje 10", ""),
        ("10 de Julio 345", "10 de Julio", "345"),
        ("Calle 4 Norte 123", "Calle 4 Norte", "123"),
        ("Irarrázaval N° 3400", "Irarrázaval", "3400"),
        ("Santa Rosa #123-A", "Santa Rosa", "123"),
        ("Gran Avenida 6.150", "Gran Avenida", "6150"),
        ("los alerces, 234", "los alerces", "234"),
        ("Camino El Alba s/n", "Camino El Alba", ""),
        ("San Pablo 1234 esquina Brasil 20", "San Pablo", "1234"),
    ],
)
def test_street_and_number_come_apart(text: str, street: str, number: str) -> None:
    found = parsed(text)
    assert (found.street, found.number) == (street, number)


def test_zeros_in_front_stay_since_058_and_58_are_two_doors() -> None:
    assert parsed("Purísima 058").number == "058"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Av. Providencia 1234, Dpto. 504 Torre B", "depto 504 torre b"),
        ("5 de Abril 100 of. 22", "oficina 22"),
        ("Camino El Alba s/n parcela 12", "parcela 12"),
        ("Gran Avenida 6150 casa B", "casa b"),
        ("Calle 4 Norte 123 blk 3 dp 22", "block 3 depto 22"),
        ("Casa Blanca 123", ""),
    ],
)
def test_the_unit_is_no_part_of_the_street(text: str, unit: str) -> None:
    assert parsed(text).unit == unit


@pytest.mark.parametrize(
    ("text", "comunas"),
    [
        ("Irarrázaval 3400, Ñuñoa, Santiago, Chile", ("Ñuñoa", "Santiago")),
        ("Irarrázaval 3400 nunoa", ("Ñuñoa",)),
        ("Av. Las Condes", ()),
        ("Av. Las Condes 9000", ()),
        ("Los Alerces 234, pte alto", ("Puente Alto",)),
    ],
)
def test_the_comuna_named_is_found_and_the_city_comes_last(
    text: str, comunas: tuple[str, ...]
) -> None:
    assert parsed(text).comunas == comunas


@pytest.mark.parametrize("text", ["", "   ", ",,,", "1234", "x" * 5000, "s/n", "#"])
def test_nonsense_is_taken_apart_without_complaint(text: str) -> None:
    assert len(parsed(text).street) <= 300
