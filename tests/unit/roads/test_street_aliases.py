"""Alameda and Avenida Libertador Bernardo O'Higgins are one street, on the map and in a search."""

from __future__ import annotations

import pytest

from promesa.roads.names import street_key
from promesa.roads.street_aliases import keys_of_street, list_aliases, spellings


@pytest.mark.parametrize(
    "written",
    [
        "Alameda",
        "Av. Alameda",
        "Avda. Libertador Gral. Bernardo O'Higgins",
        "Av. Lib. Gral. B. O'Higgins",
        "LIBERTADOR BDO. O HIGGINS",
    ],
)
def test_every_way_to_write_the_alameda_means_the_name_on_the_map(written: str) -> None:
    cores = {key.core for key in keys_of_street(street_key(written))}
    assert {"alameda", street_key("Avenida Libertador Bernardo O'Higgins").core} <= cores


def test_another_street_has_no_other_name() -> None:
    assert keys_of_street(street_key("Suecia")) == (street_key("Suecia"),)
    assert spellings("Suecia 100") == ("Suecia 100",)


def test_no_name_means_two_streets() -> None:
    cores = [core for alias in list_aliases() for core in {key.core for key in alias.keys}]
    assert len(cores) == len(set(cores))


def test_what_is_left_of_a_search_stays() -> None:
    assert spellings("Alameda 1234")[0] == "Alameda 1234"
    assert "lib higgins 1234" in spellings("Alameda 1234")
    assert "alameda rosa" in spellings("libertador o'higgins rosa")
