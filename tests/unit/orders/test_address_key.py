"""One key per building, however its address is written."""

from __future__ import annotations

import pytest

from promesa.orders.address_key import address_key, split_unit

SALT = b"salt"


@pytest.mark.parametrize(
    ("line", "street", "unit"),
    [
        ("Los Leones 220 depto 1204, torre B", "Los Leones 220", "depto 1204, torre B"),
        ("Los Leones 220, Dpto. 12", "Los Leones 220", "Dpto. 12"),
        ("Los Leones 220 #12", "Los Leones 220", "#12"),
        ("Los Leones 220", "Los Leones 220", None),
        ("Torre Entel 12", "Torre Entel 12", None),
        ("Casa Blanca 45", "Casa Blanca 45", None),
    ],
)
def test_the_unit_is_parted_from_its_street(line: str, street: str, unit: str | None) -> None:
    assert split_unit(line) == (street, unit)


@pytest.mark.parametrize(
    "line",
    [
        "Av. Los Leones 220",
        "AVENIDA LOS LEONES Nº 220",
        "avda. leones 220, depto 5",
        "Av Los Leones #220",
        "Av. Los Leones 220, Providencia",
    ],
)
def test_ways_to_write_one_address_share_a_key(line: str) -> None:
    expected = address_key("Avenida Los Leones 220", "Providencia", salt=SALT)
    assert address_key(line, "PROVIDENCIA", salt=SALT) == expected


@pytest.mark.parametrize(
    ("line", "comuna"),
    [
        ("Los Leones 221", "Providencia"),
        ("Los Leones 220", "Ñuñoa"),
        ("Leonera 1", "Providencia"),
    ],
)
def test_another_door_has_another_key(line: str, comuna: str) -> None:
    assert address_key(line, comuna, salt=SALT) != address_key(
        "Los Leones 220", "Providencia", salt=SALT
    )


def test_a_key_of_one_operator_says_nothing_to_another() -> None:
    mine = address_key("Los Leones 220", "Providencia", salt=SALT)
    assert mine != address_key("Los Leones 220", "Providencia", salt=b"other")
