"""Google's Geocoding HTTP, for operators that have a key; its answers say how they were found."""

from __future__ import annotations

from collections.abc import Sequence

import httpx
import msgspec

from promesa.domain.place import PlaceLevel, Placement
from promesa.kernel.geo import Position
from promesa.orders.address_key import split_unit
from promesa.orders.geocoding import AddressQuery
from promesa.orders.geocoding_http import (
    ANSWER_BYTES_MAX,
    TIMEOUT_S,
    GeocoderUnavailableError,
    external_placement,
    half_diagonal_m,
    query_text,
)

PATH = "/maps/api/geocode/json"
ROOFTOP_UNCERTAINTY_M = 25.0
INTERPOLATED_UNCERTAINTY_M = 80.0
STREET_UNCERTAINTY_M_MIN = 160.0
# "partial_match" says that part of the text was ignored: perhaps the number.
PARTIAL_UNCERTAINTY_M_MIN = 500.0
PARTIAL_SCORE_FACTOR = 0.6


class _Point(msgspec.Struct):
    lat: float
    lng: float

    @property
    def position(self) -> Position:
        return Position(lon=self.lng, lat=self.lat)


class _Box(msgspec.Struct):
    northeast: _Point
    southwest: _Point


class _Geometry(msgspec.Struct):
    location: _Point
    location_type: str
    viewport: _Box
    bounds: _Box | None = None


class _Result(msgspec.Struct):
    geometry: _Geometry
    types: list[str] = []
    partial_match: bool = False


class _Answer(msgspec.Struct):
    status: str
    results: list[_Result] = []


class GoogleGeocoder:
    """Asks ``base_url``/maps/api/geocode/json with the operator's key."""

    def __init__(self, base_url: str, key: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._client = httpx.AsyncClient(base_url=base_url.rstrip("/"), timeout=timeout_s)
        self._key = key

    async def locate(self, query: AddressQuery) -> Placement | None:
        """The first result.

        Raises:
            GeocoderUnavailableError: It does not answer, refuses the key, or is over its quota.
        """
        line, _ = split_unit(query.line)
        parameters = {
            "address": query_text(line, query.comuna),
            "components": "country:CL",
            "language": "es",
            "key": self._key,
        }
        try:
            answer = await self._client.get(PATH, params=parameters)
            answer.raise_for_status()
            told = msgspec.json.decode(answer.content[:ANSWER_BYTES_MAX], type=_Answer)
            return _first_placement(told, query.comuna)
        except (httpx.HTTPError, msgspec.DecodeError, ValueError):
            # The address asked stands in the error's URL, and so does the key.
            raise GeocoderUnavailableError from None

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.aclose()


def _first_placement(answer: _Answer, comuna: str | None) -> Placement | None:
    if answer.status == "ZERO_RESULTS":
        return None
    if answer.status != "OK":
        raise GeocoderUnavailableError(status=answer.status)
    return _placement(answer.results, comuna)


def _placement(results: Sequence[_Result], comuna: str | None) -> Placement | None:
    if not results:
        return None
    best = results[0]
    geometry = best.geometry
    level, score, uncertainty_m = _judged(geometry, best.types)
    if best.partial_match:
        score *= PARTIAL_SCORE_FACTOR
        uncertainty_m = max(uncertainty_m, PARTIAL_UNCERTAINTY_M_MIN)
    return external_placement(
        position=geometry.location.position,
        level=level,
        score=score,
        uncertainty_m=uncertainty_m,
        comuna=comuna,
    )


def _judged(geometry: _Geometry, types: Sequence[str]) -> tuple[PlaceLevel, float, float]:
    """Level, score and metres of a result."""
    box = geometry.bounds or geometry.viewport
    reach_m = half_diagonal_m(box.southwest.position, box.northeast.position)
    if geometry.location_type == "ROOFTOP":
        return PlaceLevel.HOUSE, 0.95, ROOFTOP_UNCERTAINTY_M
    if geometry.location_type == "RANGE_INTERPOLATED":
        return PlaceLevel.HOUSE, 0.85, INTERPOLATED_UNCERTAINTY_M
    is_street = "route" in types or "street_address" in types
    level = PlaceLevel.STREET if is_street else PlaceLevel.COMUNA
    return level, 0.8 if is_street else 0.3, max(STREET_UNCERTAINTY_M_MIN, reach_m)
