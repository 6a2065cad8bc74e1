"""Comunas by position and by name."""

from __future__ import annotations

import pytest

from promesa.kernel.geo import Position
from promesa.roads.territory import Territory


@pytest.mark.parametrize(
    ("lon", "lat", "name"),
    [
        (-70.6506, -33.4378, "Santiago"),
        (-70.5986, -33.4560, "Ñuñoa"),
        (-71.6197, -33.0458, "Valparaíso"),
    ],
)
def test_a_position_is_in_its_comuna(lon: float, lat: float, name: str) -> None:
    comuna = Territory.load().comuna_at(Position(lon=lon, lat=lat))
    assert comuna is not None
    assert comuna.name == name


def test_a_position_at_sea_is_in_no_comuna() -> None:
    assert Territory.load().comuna_at(Position(lon=-80.0, lat=-33.4)) is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("NUNOA", "Ñuñoa"),
        ("Estacion Cental", "Estación Central"),
        ("stgo", "Santiago"),
        ("Chicureo", "Colina"),
        ("San Pedro", "San Pedro"),
    ],
)
def test_a_comuna_is_found_however_it_is_written(written: str, name: str) -> None:
    comuna = Territory.load().find(written)
    assert comuna is not None
    assert comuna.name == name


@pytest.mark.parametrize("written", ["", "   ", "Springfield", "x"])
def test_what_is_no_comuna_is_none(written: str) -> None:
    assert Territory.load().find(written) is None


def test_all_comunas_have_a_code_of_their_own() -> None:
    codes = {comuna.code for comuna in Territory.load().comunas}
    assert len(codes) == 345
