"""Where an order goes that brings a quote: found as the quote's place was, and held against it.

the morning's depot on the map of Santiago, one van from nine to seven tomorrow
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from promesa.runtime.geocoders import make_geocoder
from promesa.runtime.settings import GeocoderSettings
from tests.api.test_quote_attacks import accepted, of_tomorrow
from tests.api.test_quotes import DOOR, make_roomy, new_order, offers_tomorrow, plan_shift, quoted
from tests.support.address_service import HOUSE, Service
from tests.support.client import body_of, problem_of
from tests.support.operation import TOMORROW
from tests.support.platform import Stage

# Ten minutes at each door.
LONG = {"service_time_s": 600}


async def ordered(shop: httpx.AsyncClient, quote_id: str, **place: Any) -> httpx.Response:
    """An order at no position but what ``place`` says."""
    body = new_order("Q1", quote_id=quote_id) | {"address": "Pasaje Inventado 12"} | place
    del body["position"]
    return await shop.post("/v1/orders", json=body)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ({"comuna": "Punta Arenas"}, "quote_outside"),
        ({"comuna": "Valparaíso", "address": "Condell 1200"}, "quote_outside"),
        ({"comuna": "Narnia"}, "quote_place_unknown"),
    ],
)
async def test_an_order_that_goes_off_the_map_gets_no_quoted_window(
    stage: Stage, place: dict[str, Any], code: str
) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        quote_id = await of_tomorrow(shop, position=None, comuna="Ñuñoa")
        answer = await ordered(shop, quote_id, **place)
        still = await ordered(shop, quote_id, comuna="Ñuñoa")
    assert problem_of(answer, 422)["code"] == code
    assert still.status_code == 201


async def test_a_position_off_the_map_gets_no_quoted_window(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        quote_id = await of_tomorrow(shop)
        body = new_order("Q1", quote_id=quote_id, position=[-71.7, -33.0])
        answer = await shop.post("/v1/orders", json=body)
    assert problem_of(answer, 422)["code"] == "quote_outside"


async def test_an_order_in_another_comuna_gets_the_window_only_if_it_fits_there(
    stage: Stage,
) -> None:
    """The van fills up until its day has a place in Ñuñoa left, and none as far off as Buin."""
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        while await offers_tomorrow_in(shop, "Buin"):
            await accepted(shop, await of_tomorrow(shop, service_time_s=900))
        quote_id = await of_tomorrow(shop, position=None, comuna="Ñuñoa", service_time_s=60)
        far = await ordered(shop, quote_id, comuna="Buin", service_time_s=60)
        near = await ordered(shop, quote_id, comuna="Ñuñoa", service_time_s=60)
    assert problem_of(far, 409)["code"] == "quote_outgrown"
    assert near.status_code == 201


async def offers_tomorrow_in(shop: httpx.AsyncClient, comuna: str) -> bool:
    windows = (await quoted(shop, position=None, comuna=comuna, service_time_s=60))["windows"]
    return any(window["start"].startswith(TOMORROW.isoformat()) for window in windows)


@pytest.mark.parametrize("comuna", ["Ñuñoa", "Maipú", "Pudahuel", "Lampa", "Buin", "Padre Hurtado"])
async def test_an_address_the_map_lacks_is_quoted_as_its_comuna_is(
    stage: Stage, comuna: str
) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        alone = await quoted(shop, position=None, comuna=comuna)
        lost = await quoted(shop, position=None, comuna=comuna, address="aaaaaaaa")
    assert (lost["place"], lost["comuna"]) == ("comuna", comuna)
    assert lost["uncertainty_m"] == alone["uncertainty_m"] > 1_000
    assert [w["p_kept"] for w in lost["windows"]] == [w["p_kept"] for w in alone["windows"]]


async def test_a_place_says_how_finely_it_was_found(stage: Stage) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        pin = await quoted(shop)
        street = await quoted(shop, position=None, address="Irarrázaval", comuna="Ñuñoa")
    assert (pin["place"], pin["uncertainty_m"]) == ("given", None)
    assert street["place"] == "street"
    assert street["uncertainty_m"] > 100


async def test_a_misspelt_comuna_is_answered_with_the_one_that_was_meant(stage: Stage) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        answer = await shop.post("/v1/promises/quote", json={"comuna": "Las condez"})
    problem = problem_of(answer, 422)
    assert problem["code"] == "quote_place_unknown"
    assert "Las Condes" in problem["detail"]


async def test_a_quote_whose_order_was_called_off_is_spent_and_what_is_left_is_told(
    stage: Stage,
) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        quote_id = await of_tomorrow(shop)
        await accepted(shop, quote_id)
        body = new_order("Q1", quote_id=quote_id)
        order = body_of(await shop.post("/v1/orders", json=body))
        standing = await accepted(shop, quote_id)
        kept = await shop.delete(f"/v1/promises/{quote_id}")
        body_of(await shop.post(f"/v1/orders/{order['id']}/cancel"))
        spent = await accepted(shop, quote_id)
        gone = await shop.delete(f"/v1/promises/{quote_id}")
    assert (standing["state"], standing["reservation"]["order_id"]) == ("taken", order["id"])
    assert problem_of(kept, 409)["code"] == "quote_ordered"
    assert (spent["state"], spent["reservation"]) == ("requoted", None)
    assert spent["windows"]
    assert "se anuló" in spent["reason"]
    assert gone.status_code == 204


async def test_a_shop_is_told_what_a_shop_can_do_and_an_operator_what_lacks(stage: Stage) -> None:
    """Nobody has said what vans drive on the next two days, the only ones that are offered."""
    async with stage.client(stage.norte.session()) as office:
        terms = body_of(await office.get("/v1/promises/terms"))["terms"]
        body_of(await office.put("/v1/promises/terms", json=terms | {"horizon_days": 2}))
        operator = await quoted(office)
    async with stage.client(stage.norte.shop()) as shop:
        merchant = await quoted(shop)
    assert operator["note_code"] == merchant["note_code"] == "no_vans"
    assert "Carga los turnos" in operator["note"]
    assert "turnos" not in merchant["note"]


async def test_a_shop_quotes_for_itself_alone(stage: Stage) -> None:
    async with stage.client(stage.norte.shop(0)) as shop:
        asked = {"comuna": "Ñuñoa", "merchant_id": stage.norte.shops[1].id}
        answer = await shop.post("/v1/promises/quote", json=asked)
    assert problem_of(answer, 403)["code"] == "forbidden"


async def test_a_question_without_a_place_names_the_field_and_a_huge_number_is_told_in_spanish(
    stage: Stage,
) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        nothing = await shop.post("/v1/promises/quote", json={})
        huge = await shop.post("/v1/promises/quote", content=b'{"position": [1e999, -33.4]}')
    assert problem_of(nothing, 422)["errors"][0]["field"] == "comuna"
    assert problem_of(huge, 422)["errors"][0]["reason"] == "Ese número es demasiado grande."


async def test_a_key_is_taken_in_any_case_of_its_scheme_and_asked_for_where_it_lacks(
    stage: Stage,
) -> None:
    key = stage.norte.shop()["authorization"].partition(" ")[2]
    async with stage.client({"authorization": f"bearer {key}"}) as shop:
        assert (await quoted(shop))["place"] == "given"
    async with stage.client() as stranger:
        answer = await stranger.post("/v1/promises/quote", json={"comuna": "Ñuñoa"})
    assert "Authorization: Bearer" in problem_of(answer, 401)["detail"]


async def test_an_order_says_what_its_quoted_promise_cost_and_which_reservation_it_took(
    stage: Stage,
) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        [window, *_] = (await quoted(shop))["windows"]
        held = (await accepted(shop, window["quote_id"]))["reservation"]
        body = new_order("Q1", quote_id=window["quote_id"])
        order = body_of(await shop.post("/v1/orders", json=body))
        plain = body_of(await shop.post("/v1/orders", json=new_order("Q2")))
        story = body_of(await shop.get(f"/v1/orders/{order['id']}/story"))
    assert (window["date"], held["date"]) == (TOMORROW.isoformat(), TOMORROW.isoformat())
    told = order["first_promise"]
    assert (told["price_clp"], told["reservation_id"]) == (window["price_clp"], held["id"])
    assert story["promises"][0] == told
    assert plain["first_promise"]["price_clp"] is None


async def test_what_no_fact_tells_of_is_read_anew_within_the_hour(stage: Stage) -> None:
    """A shift is kept, and the board is not told of it: nobody lets the pump go on."""
    shift = {
        "date": TOMORROW.isoformat(),
        "driver_id": stage.norte.ids["driver_id"],
        "vehicle_id": stage.norte.ids["vehicle_id"],
        "depot_id": stage.norte.ids["depot_id"],
        "start": "2026-11-24T09:00:00-03:00",
        "end": "2026-11-24T19:00:00-03:00",
    }
    async with stage.client(stage.norte.session()) as office:
        await make_roomy(office, stage.norte, 200)
        assert not await offers_tomorrow(office)
        body_of(await office.put(f"/v1/shifts/{stage.norte.ids['user_id']}", json=shift))
        assert not await offers_tomorrow(office)
        stage.clock.move_to(stage.clock.now() + timedelta(minutes=61))
        assert await offers_tomorrow(office)


async def test_an_archived_shop_is_quoted_nothing_as_its_orders_are_not_taken(
    stage: Stage,
) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        assert (await quoted(shop))["place"] == "given"
        async with stage.client(stage.norte.session()) as office:
            path = f"/v1/merchants/{stage.norte.shops[0].id}"
            known = body_of(await office.get("/v1/merchants"))["items"]
            mine = next(each for each in known if each["id"] == stage.norte.shops[0].id)
            del mine["id"]
            body_of(await office.put(path, json=mine | {"is_active": False}))
        await stage.platform.pump.settle()
        answer = await shop.post("/v1/promises/quote", json={"position": DOOR})
    assert problem_of(answer, 422)["errors"][0]["code"] == "merchant_inactive"


async def test_the_place_that_a_quote_found_serves_its_order_unless_the_address_differs(
    stage: Stage, address_service: Service
) -> None:
    """The city's index knows no Pasaje Inventado; who does is asked once an address."""
    await plan_shift(stage, stage.norte)
    settings = GeocoderSettings(kind="nominatim", url=address_service.url)
    stage.platform.geocoder = make_geocoder(stage.platform.city, settings, stage.clock)
    address_service.answer([HOUSE])
    place = {"address": "Pasaje Inventado 12", "comuna": "Providencia"}
    async with stage.client(stage.norte.shop()) as shop:
        quote_id = await of_tomorrow(shop, position=None, **place)
        order = body_of(await ordered(shop, quote_id, **place))
        asked = len(address_service.asked)
        second = await of_tomorrow(shop, position=None, **place)
        other = place | {"reference": "Q2", "address": "Pasaje Inventado 14", "parcels": []}
        body_of(await ordered(shop, second, **other))
    assert order["placement"]["level"] == "house"
    assert asked == 1
    assert len(address_service.asked) == 2
