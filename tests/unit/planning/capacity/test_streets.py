"""Comunas measured on the streets of the sample city."""

from __future__ import annotations

from promesa.planning.capacity.streets import NamedDepot, measure_zones
from promesa.roads.city import City
from promesa.routing.fleetfile import read_fleet
from promesa.runtime.places import default_city_directory

FLEET = read_fleet((default_city_directory() / "fleet.toml").read_bytes())
DEPOTS = [NamedDepot(id=depot.id, position=depot.position) for depot in FLEET.depots]


def test_a_comuna_is_as_wide_and_as_far_as_its_streets_are(city: City) -> None:
    """Providencia has some 14 km², and lies nearer to San Joaquín than to Quilicura."""
    (zone,) = measure_zones(city, ["Providencia"], DEPOTS, {}).zones
    assert 8 < zone.area_km2 < 20
    assert 2 < zone.pace_min_km < 7
    assert (zone.depot, zone.name) == ("SJO", "Providencia")
    assert 8 < zone.haul_min < 40


def test_who_decides_which_depot_serves_a_comuna_is_believed(city: City) -> None:
    measured = measure_zones(city, ["Providencia"], DEPOTS, {"Providencia": "QUI"})
    (zone,) = measured.zones
    assert zone.depot == "QUI"
    assert zone.haul_min == measured.hauls["Providencia", "QUI"]
    assert measured.hauls["Providencia", "SJO"] < zone.haul_min


def test_a_series_without_streets_or_without_a_comuna_says_why(city: City) -> None:
    measured = measure_zones(city, ["Valparaíso", "Zona 7", "Recoleta"], DEPOTS, {})
    assert [zone.name for zone in measured.zones] == ["Recoleta"]
    assert "no tiene calles en este mapa" in measured.faults["Valparaíso"]
    assert "no es una comuna que conozcamos" in measured.faults["Zona 7"]


def test_the_same_seed_measures_the_same(city: City) -> None:
    again = measure_zones(city, ["Recoleta", "Providencia"], DEPOTS, {}).zones
    assert measure_zones(city, ["Recoleta", "Providencia"], DEPOTS, {}).zones == again
