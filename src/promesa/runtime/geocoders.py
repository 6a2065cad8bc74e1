"""Joins the city's index and a configured service behind the port that orders asks."""

from __future__ import annotations

from functools import partial

from promesa.domain.place import Placement, PlaceSource
from promesa.kernel.clock import Clock
from promesa.kernel.geo import Position
from promesa.orders.geocoding import CityGeocoder, Geocoder, GeocoderChain, RecentGeocoder
from promesa.orders.google_geocoding import GoogleGeocoder
from promesa.orders.nominatim import NominatimGeocoder
from promesa.roads.city import City
from promesa.runtime.settings import GeocoderSettings, SettingsError


class CityTerritory:
    """The comunas of the city, as orders asks them."""

    def __init__(self, city: City) -> None:
        self._city = city

    def comuna_of(self, position: Position) -> str | None:
        """Its name; None outside the known ones."""
        found = self._city.territory.comuna_at(position)
        return None if found is None else found.name


def city_placement(city: City, line: str, comuna: str | None) -> Placement | None:
    """What the city's own index says of an address; None when it finds nothing."""
    found = city.addresses.geocode(line, comuna)
    if found.position is None:
        return None
    return Placement(
        position=found.position,
        level=found.level,
        score=found.score,
        uncertainty_m=found.uncertainty_m,
        source=PlaceSource.CITY_INDEX,
        comuna=found.comuna or None,
        is_renamed=found.is_renamed,
    )


def make_geocoder(city: City, settings: GeocoderSettings, clock: Clock) -> Geocoder:
    """The city's own index first, then the service, if one is configured, asked once an address.

    Raises:
        SettingsError: The kind is unknown, or its address is missing.
    """
    chain: list[Geocoder] = [CityGeocoder(partial(city_placement, city))]
    if settings.kind:
        chain.append(RecentGeocoder(_external(settings), clock))
    return GeocoderChain(chain)


def _external(settings: GeocoderSettings) -> Geocoder:
    match settings.kind:
        case "nominatim" if settings.url:
            return NominatimGeocoder(settings.url)
        case "google" if settings.url and settings.key:
            return GoogleGeocoder(settings.url, settings.key)
        case _:
            raise SettingsError("geocoder.kind debe ser nominatim o google, con su url y su key.")
