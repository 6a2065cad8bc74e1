"""Nominatim's and Google's HTTP, spoken to a real server on this machine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from promesa.domain.place import PlaceLevel, PlaceSource
from promesa.kernel.clock import MovedClock
from promesa.orders.geocoding import ANSWER_KEPT, AddressQuery, RecentGeocoder
from promesa.orders.geocoding_http import GeocoderUnavailableError
from promesa.orders.google_geocoding import GoogleGeocoder
from promesa.orders.nominatim import NominatimGeocoder
from tests.support.address_service import HOUSE, Service

QUERY = AddressQuery(line="Los Leones 220 depto 1204", comuna="Providencia")
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


async def test_nominatim_is_asked_without_the_unit_and_within_chile(
    address_service: Service,
) -> None:
    address_service.answer([HOUSE])
    await NominatimGeocoder(address_service.url).locate(QUERY)
    asked = address_service.parameters()
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
    address_service: Service, place: dict[str, object], level: PlaceLevel, is_routable: bool
) -> None:
    address_service.answer([place])
    placement = await NominatimGeocoder(address_service.url).locate(QUERY)
    assert placement is not None
    assert (placement.level, placement.is_routable) == (level, is_routable)
    assert (placement.source, placement.position.lon) == (PlaceSource.EXTERNAL, -70.60123)


async def test_a_street_is_as_uncertain_as_half_its_box(address_service: Service) -> None:
    address_service.answer([STREET])
    placement = await NominatimGeocoder(address_service.url).locate(QUERY)
    assert placement is not None
    # Half the diagonal of 0.01 degrees each way at this latitude: 1,112 m by 928 m.
    assert placement.uncertainty_m == pytest.approx(724, abs=3)


async def test_nominatim_may_know_nothing(address_service: Service) -> None:
    assert await NominatimGeocoder(address_service.url).locate(QUERY) is None


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
    address_service: Service, answer: dict[str, object], level: PlaceLevel, is_routable: bool
) -> None:
    address_service.answer(answer)
    placement = await GoogleGeocoder(address_service.url, "k").locate(QUERY)
    assert placement is not None
    assert (placement.level, placement.is_routable) == (level, is_routable)
    assert address_service.parameters()["key"] == "k"


async def test_google_may_know_nothing(address_service: Service) -> None:
    address_service.answer({"status": "ZERO_RESULTS", "results": []})
    assert await GoogleGeocoder(address_service.url, "k").locate(QUERY) is None


@pytest.mark.parametrize("status", ["REQUEST_DENIED", "OVER_QUERY_LIMIT"])
async def test_a_refusal_of_google_is_told_as_unavailable(
    address_service: Service, status: str
) -> None:
    address_service.answer({"status": status, "results": []})
    with pytest.raises(GeocoderUnavailableError):
        await GoogleGeocoder(address_service.url, "k").locate(QUERY)


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b"[]"), (200, b"<html>"), (200, b'[{"lat": "x", "lon": "y", "place_rank": 30}]')],
)
async def test_a_broken_service_is_unavailable_and_its_error_quotes_no_address(
    address_service: Service, status: int, body: bytes
) -> None:
    address_service.status, address_service.body = status, body
    for geocoder in (
        NominatimGeocoder(address_service.url),
        GoogleGeocoder(address_service.url, "secret"),
    ):
        with pytest.raises(GeocoderUnavailableError) as failure:
            await geocoder.locate(QUERY)
        told = repr(failure.value) + repr(failure.value.details)
        assert "Leones" not in told
        assert "secret" not in told


async def test_a_service_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(GeocoderUnavailableError):
        await NominatimGeocoder("http://127.0.0.1:9", timeout_s=0.5).locate(QUERY)


async def test_a_service_is_asked_once_for_the_same_address_and_again_when_that_is_long_ago(
    address_service: Service,
) -> None:
    clock = MovedClock(datetime(2026, 11, 23, 12, tzinfo=UTC))
    recent = RecentGeocoder(NominatimGeocoder(address_service.url), clock)
    address_service.answer([HOUSE])
    first = await recent.locate(QUERY)
    again = await recent.locate(replace(QUERY, line="LOS LEONES  220 depto. 1204"))
    assert (again, len(address_service.asked)) == (first, 1)
    await recent.locate(replace(QUERY, line="Los Leones 222"))
    await recent.locate(replace(QUERY, comuna="Ñuñoa"))
    assert len(address_service.asked) == 3
    clock.move_to(clock.now() + ANSWER_KEPT)
    await recent.locate(QUERY)
    assert len(address_service.asked) == 4


async def test_a_service_that_was_down_is_asked_again(address_service: Service) -> None:
    clock = MovedClock(datetime(2026, 11, 23, 12, tzinfo=UTC))
    recent = RecentGeocoder(NominatimGeocoder(address_service.url), clock)
    address_service.status = 503
    with pytest.raises(GeocoderUnavailableError):
        await recent.locate(QUERY)
    address_service.status = 200
    address_service.answer([HOUSE])
    assert (found := await recent.locate(QUERY)) is not None
    assert found.level is PlaceLevel.HOUSE
