"""Nominatim's and Google's HTTP, spoken to a real server on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from promesa.domain.place import PlaceLevel, PlaceSource
from promesa.orders.geocoding import AddressQuery
from promesa.orders.geocoding_http import GeocoderUnavailableError
from promesa.orders.google_geocoding import GoogleGeocoder
from promesa.orders.nominatim import NominatimGeocoder

QUERY = AddressQuery(line="Los Leones 220 depto 1204", comuna="Providencia")
HOUSE = {
    "lat": "-33.42456",
    "lon": "-70.60123",
    "place_rank": 30,
    "boundingbox": ["-33.4246", "-33.4245", "-70.6013", "-70.6011"],
    "address": {"house_number": "220", "road": "Los Leones"},
    "importance": 0.1,
}
STREET = HOUSE | {
    "place_rank": 26,
    "address": {"road": "Los Leones"},
    "boundingbox": ["-33.43", "-33.42", "-70.61", "-70.60"],
}
POINT = {"lat": -33.42456, "lng": -70.60123}
BOX = {"southwest": {"lat": -33.43, "lng": -70.61}, "northeast": {"lat": -33.42, "lng": -70.60}}


def _google(location_type: str, **extra: object) -> dict[str, object]:
    geometry = {"location": POINT, "location_type": location_type, "viewport": BOX}
    return {"status": "OK", "results": [{"geometry": geometry, "types": ["route"], **extra}]}


@dataclass
class Service:
    """A server that gives one answer and remembers what it was asked."""

    url: str = ""
    status: int = 200
    body: bytes = b"[]"
    asked: list[str] = field(default_factory=list)

    def answer(self, told: object) -> None:
        """What to say from now on."""
        self.body = json.dumps(told).encode()

    def parameters(self) -> dict[str, str]:
        """Of the last question."""
        return {key: values[0] for key, values in parse_qs(urlsplit(self.asked[-1]).query).items()}


@pytest.fixture
def service() -> Iterator[Service]:
    told = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            self.send_response(told.status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(told.body)

        def log_request(self, code: object = "-", size: object = "-") -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


async def test_nominatim_is_asked_without_the_unit_and_within_chile(service: Service) -> None:
    service.answer([HOUSE])
    await NominatimGeocoder(service.url).locate(QUERY)
    asked = service.parameters()
    assert asked["q"] == "Los Leones 220, Providencia, Chile"
    assert (asked["countrycodes"], asked["format"]) == ("cl", "jsonv2")


@pytest.mark.parametrize(
    ("place", "level", "is_routable"),
    [
        (HOUSE, PlaceLevel.HOUSE, True),
        (STREET, PlaceLevel.STREET, False),
        (STREET | {"place_rank": 16}, PlaceLevel.COMUNA, False),
        (HOUSE | {"address": {"road": "Los Leones"}}, PlaceLevel.STREET, False),
    ],
)
async def test_nominatims_rank_tells_the_level(
    service: Service, place: dict[str, object], level: PlaceLevel, is_routable: bool
) -> None:
    service.answer([place])
    placement = await NominatimGeocoder(service.url).locate(QUERY)
    assert placement is not None
    assert (placement.level, placement.is_routable) == (level, is_routable)
    assert (placement.source, placement.position.lon) == (PlaceSource.EXTERNAL, -70.60123)


async def test_a_street_is_as_uncertain_as_half_its_box(service: Service) -> None:
    service.answer([STREET])
    placement = await NominatimGeocoder(service.url).locate(QUERY)
    assert placement is not None
    # Half the diagonal of 0.01 degrees each way at this latitude: 1,112 m by 928 m.
    assert placement.uncertainty_m == pytest.approx(724, abs=3)


async def test_nominatim_may_know_nothing(service: Service) -> None:
    assert await NominatimGeocoder(service.url).locate(QUERY) is None


@pytest.mark.parametrize(
    ("answer", "level", "is_routable"),
    [
        (_google("ROOFTOP"), PlaceLevel.HOUSE, True),
        (_google("RANGE_INTERPOLATED"), PlaceLevel.HOUSE, True),
        (_google("GEOMETRIC_CENTER"), PlaceLevel.STREET, False),
        (_google("APPROXIMATE", types=["locality"]), PlaceLevel.COMUNA, False),
        (_google("ROOFTOP", partial_match=True), PlaceLevel.HOUSE, False),
    ],
)
async def test_googles_location_type_tells_the_level(
    service: Service, answer: dict[str, object], level: PlaceLevel, is_routable: bool
) -> None:
    service.answer(answer)
    placement = await GoogleGeocoder(service.url, "k").locate(QUERY)
    assert placement is not None
    assert (placement.level, placement.is_routable) == (level, is_routable)
    assert service.parameters()["key"] == "k"


async def test_google_may_know_nothing(service: Service) -> None:
    service.answer({"status": "ZERO_RESULTS", "results": []})
    assert await GoogleGeocoder(service.url, "k").locate(QUERY) is None


@pytest.mark.parametrize("status", ["REQUEST_DENIED", "OVER_QUERY_LIMIT"])
async def test_a_refusal_of_google_is_told_as_unavailable(service: Service, status: str) -> None:
    service.answer({"status": status, "results": []})
    with pytest.raises(GeocoderUnavailableError):
        await GoogleGeocoder(service.url, "k").locate(QUERY)


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b"[]"), (200, b"<html>"), (200, b'[{"lat": "x", "lon": "y", "place_rank": 30}]')],
)
async def test_a_broken_service_is_unavailable_and_its_error_quotes_no_address(
    service: Service, status: int, body: bytes
) -> None:
    service.status, service.body = status, body
    for geocoder in (NominatimGeocoder(service.url), GoogleGeocoder(service.url, "secret")):
        with pytest.raises(GeocoderUnavailableError) as failure:
            await geocoder.locate(QUERY)
        told = repr(failure.value) + repr(failure.value.details)
        assert "Leones" not in told
        assert "secret" not in told


async def test_a_service_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(GeocoderUnavailableError):
        await NominatimGeocoder("http://127.0.0.1:9", timeout_s=0.5).locate(QUERY)
