"""The chain from an address to a position, and what it doubts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from promesa.domain.place import PlaceLevel, Placement, PlaceSource
from promesa.kernel.errors import UnavailableError
from promesa.kernel.geo import Position
from promesa.orders.addressing import DoorQuery, find_placement, given_placement
from promesa.orders.door_points import learn_door_point
from promesa.orders.drafts import OrderDraft
from promesa.orders.geocoding import AddressQuery, CityGeocoder, GeocoderChain
from promesa.orders.intake import place_order
from tests.support.orders_memory import (
    BY_USER,
    MERCHANT_ID,
    KnownStreets,
    MemoryStore,
    make_desk,
)

DOOR = Position(lon=-70.60123, lat=-33.42456)
STREET = Placement(
    position=DOOR,
    level=PlaceLevel.STREET,
    score=0.9,
    uncertainty_m=300.0,
    source=PlaceSource.CITY_INDEX,
    comuna="Providencia",
)
HOUSE = replace(STREET, level=PlaceLevel.HOUSE, uncertainty_m=25.0, source=PlaceSource.EXTERNAL)


class TwoComunas:
    """Providencia west of -70.58, Las Condes east of it."""

    def comuna_of(self, position: Position) -> str | None:
        return "Providencia" if position.lon < -70.58 else "Las Condes"


class Broken:
    """A service that is down."""

    async def locate(self, query: AddressQuery) -> Placement | None:
        raise UnavailableError


async def test_a_given_pin_beats_the_address_and_asks_nobody() -> None:
    streets = KnownStreets({"Los Leones 220": STREET})
    query = DoorQuery(address="Los Leones 220", given=DOOR)
    placement = await find_placement(MemoryStore(), query, desk=make_desk(streets))
    assert placement is not None
    assert (placement.source, placement.is_routable) == (PlaceSource.GIVEN, True)
    assert placement.level is PlaceLevel.GIVEN  # No house number was matched.
    assert streets.asked == []


def test_a_pin_in_another_comuna_waits_for_a_person() -> None:
    pin = given_placement(Position(lon=-70.50, lat=-33.4), "Providencia", TwoComunas())
    assert (pin.level, pin.is_routable) == (PlaceLevel.GIVEN, False)


def test_a_pin_just_over_the_border_is_not_doubted() -> None:
    pin = given_placement(Position(lon=-70.5789, lat=-33.41234), "PROVIDENCIA", TwoComunas())
    assert pin.is_routable


def test_a_pin_tells_the_comuna_that_nobody_wrote() -> None:
    assert given_placement(DOOR, None, TwoComunas()).comuna == "Providencia"


@pytest.mark.parametrize(
    ("lon", "lat", "is_routable"),
    [(-70.60123, -33.42456, True), (-70.601, -33.424, True), (-70.6, -33.4, False)],
)
def test_a_rounded_pin_means_as_much_as_its_last_decimal(
    lon: float, lat: float, is_routable: bool
) -> None:
    assert given_placement(Position(lon=lon, lat=lat), None, None).is_routable is is_routable


async def test_a_learnt_door_beats_the_street_of_the_index() -> None:
    tx = MemoryStore()
    desk = make_desk(KnownStreets({"Los Leones 220": STREET}))
    draft = OrderDraft(
        reference="G-1", merchant_id=MERCHANT_ID, address="Los Leones 220", comuna="Providencia"
    )
    order = await place_order(tx, draft, desk=desk, author=BY_USER)
    await learn_door_point(tx, order, DOOR)
    query = DoorQuery(address="Los Leones 220", comuna="Providencia")
    placement = await find_placement(tx, query, desk=desk)
    assert placement is not None
    assert (placement.source, placement.level) == (PlaceSource.LEARNT, PlaceLevel.HOUSE)


async def test_a_learnt_door_is_found_without_a_comuna_once_the_index_tells_it() -> None:
    tx = MemoryStore()
    desk = make_desk(KnownStreets({"Los Leones 220": STREET}))
    draft = OrderDraft(reference="G-1", merchant_id=MERCHANT_ID, address="Los Leones 220")
    order = await place_order(tx, draft, desk=desk, author=BY_USER)
    await learn_door_point(tx, order, DOOR)
    placement = await find_placement(tx, DoorQuery(address="Los Leones 220"), desk=desk)
    assert placement is not None
    assert placement.source is PlaceSource.LEARNT


async def test_the_chain_stops_at_the_first_sure_answer() -> None:
    second = KnownStreets()
    sure = replace(STREET, uncertainty_m=90.0)
    chain = GeocoderChain([CityGeocoder(lambda _line, _comuna: sure), second])
    assert await chain.locate(AddressQuery(line="x")) == sure
    assert second.asked == []


async def test_of_unsure_answers_the_least_uncertain_wins() -> None:
    vague = replace(STREET, uncertainty_m=900.0)
    chain = GeocoderChain([KnownStreets({"x": vague}), KnownStreets({"x": STREET})])
    assert await chain.locate(AddressQuery(line="x")) == STREET


async def test_a_service_that_is_down_is_passed_over() -> None:
    chain = GeocoderChain([Broken(), KnownStreets({"x": STREET})])
    assert await chain.locate(AddressQuery(line="x")) == STREET


async def test_an_outside_answer_in_another_comuna_is_doubted() -> None:
    desk = make_desk(KnownStreets({"Los Leones 220": HOUSE}), territory=TwoComunas())
    query = DoorQuery(address="Los Leones 220", comuna="Las Condes")
    placement = await find_placement(MemoryStore(), query, desk=desk)
    assert placement is not None
    assert not placement.is_routable
