"""Nominatim's HTTP: an external geocoder that an operator may run itself.

Its search answers with a rank per place (nominatim.org, Customization/Ranking): 30 is a house, 26
and 27 are streets, less is an area.
"""

from __future__ import annotations

import httpx
import msgspec

from promesa.domain.place import PlaceLevel, Placement
from promesa.kernel.geo import Position
from promesa.orders.address_key import split_unit
from promesa.orders.geocoding import AddressQuery
from promesa.orders.geocoding_http import (
    ANSWER_BYTES_MAX,
    TIMEOUT_S,
    USER_AGENT,
    GeocoderUnavailableError,
    external_placement,
    half_diagonal_m,
    query_text,
)

RANK_HOUSE = 30
RANK_STREET = 26
# A point on the building; where only a range of numbers is mapped it lies between two houses.
HOUSE_UNCERTAINTY_M = 40.0
STREET_UNCERTAINTY_M_MIN = 160.0


class _Place(msgspec.Struct):
    """A search result; Nominatim writes numbers as text."""

    lat: str
    lon: str
    place_rank: int
    boundingbox: tuple[str, str, str, str] | None = None
    address: dict[str, str] = {}


class NominatimGeocoder:
    """Asks ``base_url``/search."""

    def __init__(self, base_url: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._client = httpx.AsyncClient(
            base_url=base_url.rstrip("/"), timeout=timeout_s, headers={"User-Agent": USER_AGENT}
        )

    async def locate(self, query: AddressQuery) -> Placement | None:
        """The first result.

        Raises:
            GeocoderUnavailableError: It does not answer, or not with results.
        """
        line, _ = split_unit(query.line)
        parameters = {
            "q": query_text(line, query.comuna),
            "format": "jsonv2",
            "addressdetails": "1",
            "limit": "1",
            "countrycodes": "cl",
        }
        try:
            answer = await self._client.get("/search", params=parameters)
            answer.raise_for_status()
            places = msgspec.json.decode(answer.content[:ANSWER_BYTES_MAX], type=list[_Place])
            return _placement(places[0], query.comuna) if places else None
        except (httpx.HTTPError, msgspec.DecodeError, ValueError):
            # The address asked stands in the error's URL, and may not reach a log.
            raise GeocoderUnavailableError from None

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.aclose()


def _placement(place: _Place, comuna: str | None) -> Placement:
    position = Position(lon=float(place.lon), lat=float(place.lat))
    reach_m = _reach_m(place)
    if place.place_rank >= RANK_HOUSE and "house_number" in place.address:
        level, score, uncertainty_m = PlaceLevel.HOUSE, 0.95, HOUSE_UNCERTAINTY_M
    elif place.place_rank >= RANK_STREET:
        level, score = PlaceLevel.STREET, 0.8
        uncertainty_m = max(STREET_UNCERTAINTY_M_MIN, reach_m)
    else:
        level, score = PlaceLevel.COMUNA, 0.3
        uncertainty_m = max(STREET_UNCERTAINTY_M_MIN, reach_m)
    return external_placement(
        position=position, level=level, score=score, uncertainty_m=uncertainty_m, comuna=comuna
    )


def _reach_m(place: _Place) -> float:
    """Half the diagonal of the box, which Nominatim writes south, north, west, east."""
    if place.boundingbox is None:
        return 0.0
    south, north, west, east = map(float, place.boundingbox)
    return half_diagonal_m(Position(lon=west, lat=south), Position(lon=east, lat=north))
