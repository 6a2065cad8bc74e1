"""Answers of the geocoder on a town of four streets in the comuna of Santiago."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from promesa.domain.place import PlaceLevel
from promesa.kernel.geo import distance_m
from promesa.roads.address_index import AddressIndex, built_index
from promesa.roads.addresses import Addresses
from promesa.roads.territory import Territory
from tests.support.towns import Street, Town

# The grid lies in Santiago, far from its borders.  d, e: 100 and 200 (and 202) of Los Leones.
TOWN = Town(
    junctions={
        "a": (0, 0), "b": (4, 0), "c": (0, 2), "f": (4, 2), "g": (0, 4), "h": (4, 4),
        "d": (1, 0.1), "e": (3, 0.1),
    },
    streets=(
        Street(along="ab", tags={"name": "Avenida Los Leones"}),
        Street(along="cf", tags={"name": "Pasaje 10"}),
        Street(along="gh", tags={"name": "José Manuel Irarrázaval"}),
        Street(along="ac", tags={"name": "General Velásquez"}),
    ),
    node_tags={
        "d": {"addr:street": "Avenida Los Leones", "addr:housenumber": "100"},
        "e": {"addr:street": "Avenida Los Leones", "addr:housenumber": "200;202"},
    },
)  # fmt: skip


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Addresses:
    folder: Path = tmp_path_factory.mktemp("town")
    territory = Territory.load()
    built_index(TOWN.extract(folder), territory, where_vans_can_stop).save(folder)
    return Addresses(AddressIndex.load(folder), territory)


def where_vans_can_stop(lons: NDArray[np.float64], lats: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Vans can stop in the last quarter of Irarrázaval, nowhere in General Velásquez."""
    is_irarrazaval = lats > TOWN.at(0, 3.9).lat
    return (lons > TOWN.at(3, 0).lon) | ~is_irarrazaval & (lons > TOWN.at(0.1, 0).lon)


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("Gral. Velasquez 77, Santiago", "General Velásquez"),
        ("General Velazquez 77, Santiago", "General Velásquez"),
        ("Irarrázaval 3400, Santiago", "José Manuel Irarrázaval"),
        ("Jose Manuel Irarazabal 3400, Santiago", "José Manuel Irarrázaval"),
        ("Jeneral Belaskes 77, Santiago", "General Velásquez"),
        ("Pje 10 55, Santiago", "Pasaje 10"),
        ("psje. 10, stgo", "Pasaje 10"),
    ],
)
def test_a_street_is_found_however_it_is_written(
    addresses: Addresses, text: str, street: str
) -> None:
    found = addresses.geocode(text)
    assert (found.level, found.street, found.comuna) == (PlaceLevel.STREET, street, "Santiago")


@pytest.mark.parametrize(
    ("text", "is_renamed"),
    [
        ("av. los leones 950, Santiago", False),
        ("Calle General Velasquez 77, Santiago", False),
        ("Gral. Velázquez 77, Santiago", True),
        ("Irarrázaval 3400, Santiago", True),
        ("Pasaje Los Leones 950, Santiago", True),
        ("José Manuel Irarazava 1, Santiago", True),
    ],
)
def test_a_street_the_map_writes_otherwise_is_told_apart(
    addresses: Addresses, text: str, is_renamed: bool
) -> None:
    found = addresses.geocode(text)
    assert (found.level, found.is_renamed) == (PlaceLevel.STREET, is_renamed)


def test_a_street_without_numbers_on_the_map_is_uncertain_by_its_length(
    addresses: Addresses,
) -> None:
    found = addresses.geocode("Pasaje 10 55, Santiago")
    half_street_m = distance_m(TOWN.at(0, 2), TOWN.at(4, 2)) / 2
    assert found.uncertainty_m > half_street_m * 0.9


def test_a_street_is_placed_where_a_van_can_stop_if_it_can_anywhere(addresses: Addresses) -> None:
    irarrazaval = addresses.geocode("Irarrázaval 3400, Santiago")
    velasquez = addresses.geocode("General Velásquez 77, Santiago")
    assert irarrazaval.position is not None
    assert velasquez.position is not None
    assert TOWN.at(3, 4).lon < irarrazaval.position.lon < TOWN.at(4, 4).lon
    assert irarrazaval.uncertainty_m > distance_m(TOWN.at(0, 4), TOWN.at(3, 4))
    assert distance_m(velasquez.position, TOWN.at(0, 1)) < 60


def test_another_number_in_the_name_is_another_street(addresses: Addresses) -> None:
    assert addresses.geocode("Pasaje 11 55, Santiago").level is PlaceLevel.COMUNA


def test_the_comuna_named_is_honoured(addresses: Addresses) -> None:
    found = addresses.geocode("Pasaje 10 55", comuna="Maipú")
    assert (found.level, found.comuna) == (PlaceLevel.COMUNA, "Maipú")
    assert found.uncertainty_m > 1000


def test_a_comuna_that_does_not_exist_gives_nothing(addresses: Addresses) -> None:
    found = addresses.geocode("Pasaje 10 55", comuna="Springfield")
    assert (found.level, found.position) == (PlaceLevel.NONE, None)


def test_a_street_that_does_not_exist_gives_its_comuna_or_nothing(addresses: Addresses) -> None:
    assert addresses.geocode("Zzyzx 12, Santiago").level is PlaceLevel.COMUNA
    assert addresses.geocode("Zzyzx 12").level is PlaceLevel.NONE


def test_a_known_door_is_found_at_its_place(addresses: Addresses) -> None:
    found = addresses.geocode("Los Leones 200 depto 5, Santiago")
    assert found.level is PlaceLevel.HOUSE
    assert found.position is not None
    assert distance_m(found.position, TOWN.at(3, 0.1)) < 1
    assert found.unit == "depto 5"


def test_a_door_between_two_known_ones_is_interpolated(addresses: Addresses) -> None:
    found = addresses.geocode("Av. Los Leones 150, Santiago")
    assert found.level is PlaceLevel.HOUSE
    assert found.position is not None
    assert distance_m(found.position, TOWN.at(2, 0.1)) < 1
    assert found.uncertainty_m >= 50


def test_a_number_beyond_the_known_ones_is_not_guessed(addresses: Addresses) -> None:
    assert addresses.geocode("Los Leones 950, Santiago").level is PlaceLevel.STREET


def test_a_misspelt_name_is_less_certain_than_an_exact_one(addresses: Addresses) -> None:
    exact = addresses.geocode("José Manuel Irarrázaval 1, Santiago")
    misspelt = addresses.geocode("José Manuel Irarazava 1, Santiago")
    assert misspelt.score < exact.score
    assert misspelt.uncertainty_m >= exact.uncertainty_m


@pytest.mark.parametrize("typed", ["los le", "LEONES", "av los leon", "los leonse 12"])
def test_a_street_is_offered_while_it_is_typed(addresses: Addresses, typed: str) -> None:
    assert [found.street for found in addresses.suggest(typed)] == ["Avenida Los Leones"]


@pytest.mark.parametrize("typed", ["irarazabal 12", "Irarazab", "manuel irarr"])
def test_a_street_is_offered_by_its_sound(addresses: Addresses, typed: str) -> None:
    assert [found.street for found in addresses.suggest(typed)] == ["José Manuel Irarrázaval"]


def test_a_suggestion_carries_the_number_typed(addresses: Addresses) -> None:
    assert addresses.suggest("los leones 12")[0].text == "Avenida Los Leones 12, Santiago"


@pytest.mark.parametrize("typed", ["", " ", "12", "?"])
def test_nothing_is_offered_for_nothing(addresses: Addresses, typed: str) -> None:
    assert addresses.suggest(typed) == []
