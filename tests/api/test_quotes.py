"""Windows quoted at a checkout: what is offered, what is held, and what an order gets of it.

the morning's depot, two vans today; most tests give one of them a shift tomorrow
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from promesa.domain.actor import Role
from promesa.runtime.chores import do_chores
from tests.support.client import body_of, problem_of
from tests.support.operation import CENTER, TOMORROW, Operation, order_body
from tests.support.platform import Stage

DOOR = [CENTER[0] + 0.008, CENTER[1]]


async def plan_shift(stage: Stage, operation: Operation, *, parcels: int = 200) -> None:
    """One van works tomorrow, whose hours bind before its room for parcels does."""
    shift = {
        "date": TOMORROW.isoformat(),
        "driver_id": operation.ids["driver_id"],
        "vehicle_id": operation.ids["vehicle_id"],
        "depot_id": operation.ids["depot_id"],
        "start": "2026-11-24T09:00:00-03:00",
        "end": "2026-11-24T19:00:00-03:00",
    }
    async with stage.client(operation.session()) as office:
        await make_roomy(office, operation, parcels)
        body_of(await office.put(f"/v1/shifts/{operation.ids['user_id']}", json=shift))
    await stage.platform.pump.settle()


async def make_roomy(office: httpx.AsyncClient, operation: Operation, parcels: int) -> None:
    """Gives the van room for so many."""
    vans = body_of(await office.get("/v1/vehicles"))["items"]
    van = next(each for each in vans if each["id"] == operation.ids["vehicle_id"])
    roomy = {"capacity": van.pop("capacity") | {"parcels": parcels}}
    body_of(await office.put(f"/v1/vehicles/{van.pop('id')}", json=van | roomy))


async def quoted(client: httpx.AsyncClient, **asked: Any) -> Any:
    return body_of(await client.post("/v1/promises/quote", json={"position": DOOR} | asked))


def new_order(reference: str, **more: Any) -> dict[str, Any]:
    body = order_body(reference, 1) | more
    del body["date"]
    return body


async def test_a_day_without_known_vans_is_told_as_unknown_and_not_offered(stage: Stage) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        found = await quoted(shop)
    assert TOMORROW.isoformat() in found["unknown_days"]
    assert TOMORROW.isoformat() not in [window["start"][:10] for window in found["windows"]]


async def test_a_planned_shift_makes_its_day_one_that_is_offered_first(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        window = (await quoted(shop))["windows"][0]
    assert window["start"] == "2026-11-24T12:00:00Z"
    assert window["end"] == "2026-11-25T00:00:00Z"
    assert 0.95 <= window["p_kept"] < 1
    assert (window["days"], window["is_shown"]) == (1, True)


async def test_a_merchant_and_an_operator_may_ask_and_a_reader_may_not(stage: Stage) -> None:
    async with stage.client(stage.norte.session(Role.DISPATCHER)) as office:
        assert (await quoted(office))["place"] == "given"
    async with stage.client(stage.norte.session(Role.READER)) as reader:
        answer = await reader.post("/v1/promises/quote", json={"position": DOOR})
    assert problem_of(answer, 403)["code"] == "forbidden"


async def test_a_comuna_alone_is_quoted_at_its_middle(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        found = await quoted(shop, position=None, comuna="Ñuñoa")
    assert (found["place"], found["comuna"]) == ("comuna", "Ñuñoa")
    assert found["windows"]


async def test_a_place_nobody_knows_is_refused_with_what_to_send(stage: Stage) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        nowhere = await shop.post("/v1/promises/quote", json={"comuna": "Macondo"})
        afar = await shop.post("/v1/promises/quote", json={"position": [-70.0, -30.0]})
    assert problem_of(nowhere, 422)["code"] == "quote_place_unknown"
    assert problem_of(afar, 422)["code"] == "quote_outside"


async def test_a_parcel_that_no_van_carries_is_never_promised(stage: Stage) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        parcels = [{"weight_g": 2_000_000}]
        answer = await shop.post("/v1/promises/quote", json={"position": DOOR, "parcels": parcels})
    assert problem_of(answer, 422)["errors"][0]["code"] == "load_too_large"


async def test_quoting_keeps_nothing_and_accepting_twice_is_one_reservation(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        before = await held(stage)
        window = (await quoted(shop))["windows"][0]
        assert await held(stage) == before
        path = f"/v1/promises/{window['quote_id']}/accept"
        first, second = body_of(await shop.post(path)), body_of(await shop.post(path))
    assert first["state"] == "held"
    assert first["reservation"] == second["reservation"]
    assert first["reservation"]["p_kept"] == window["p_kept"]
    assert len(await held(stage)) == len(before) + 1


async def held(stage: Stage) -> list[Any]:
    async with stage.platform.transaction(stage.norte.tenant_id) as tx:
        return list(await tx.reservations.list_standing(stage.clock.now()))


async def test_a_quote_of_another_shop_or_operator_does_not_exist(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop(0)) as shop:
        path = f"/v1/promises/{(await quoted(shop))['windows'][0]['quote_id']}/accept"
    for headers in (stage.norte.shop(1), stage.sur.shop(0), stage.sur.session()):
        async with stage.client(headers) as stranger:
            assert problem_of(await stranger.post(path), 404)["code"] == "quote_unknown"


async def test_a_letter_changed_in_a_quote_makes_it_nobodys(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        quote_id = (await quoted(shop))["windows"][0]["quote_id"]
        forged = quote_id[:-4] + ("AAAA" if quote_id[-4:] != "AAAA" else "BBBB")
        answer = await shop.post(f"/v1/promises/{forged}/accept")
    assert problem_of(answer, 404)["code"] == "quote_unknown"


async def test_a_held_place_is_given_back_when_asked_and_when_its_hour_is_over(
    stage: Stage,
) -> None:
    await plan_shift(stage, stage.norte)
    before = len(await held(stage))
    async with stage.client(stage.norte.shop()) as shop:
        first, second = [(await quoted(shop, service_time_s=s))["windows"][0] for s in (60, 61)]
        for window in (first, second):
            body_of(await shop.post(f"/v1/promises/{window['quote_id']}/accept"))
        answer = await shop.delete(f"/v1/promises/{first['quote_id']}")
        assert answer.status_code == 204
        assert len(await held(stage)) == before + 1
    stage.clock.move_to(stage.clock.now() + timedelta(minutes=61))
    await do_chores(stage.platform, stage.norte.tenant_id)
    await stage.platform.pump.settle()
    async with stage.platform.transaction(stage.norte.tenant_id) as tx:
        causes = [
            event.data["cause"]
            for event in await tx.events.list_after(0, limit=10_000)
            if event.type == "reservation.released"
        ]
    # The morning's own place, which nobody took, is one of them.
    assert causes == ["asked", "expired", "expired"]


async def test_an_order_that_brings_a_quote_gets_its_window_as_first_promise(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    before = await held(stage)
    async with stage.client(stage.norte.shop()) as shop:
        window = (await quoted(shop))["windows"][0]
        body_of(await shop.post(f"/v1/promises/{window['quote_id']}/accept"))
        body = new_order("Q1", quote_id=window["quote_id"])
        order = body_of(await shop.post("/v1/orders", json=body))
        again = await shop.post("/v1/orders", json=body)
    assert (again.status_code, again.json()["id"]) == (200, order["id"])
    assert order["date"] == TOMORROW.isoformat()
    async with stage.platform.transaction(stage.norte.tenant_id) as tx:
        order_id = UUID(order["id"])
        [told] = (await tx.promises.list_of([order_id]))[order_id]
    assert (told.version, told.cause) == (1, "quote_accepted")
    assert told.window.start.isoformat() == "2026-11-24T12:00:00+00:00"
    assert await held(stage) == before


async def test_a_quote_serves_one_order_and_the_second_is_told_so(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        quote_id = (await quoted(shop))["windows"][0]["quote_id"]
        body_of(await shop.post("/v1/orders", json=new_order("Q1", quote_id=quote_id)))
        other = new_order("Q2", quote_id=quote_id, parcels=[{}])
        answer = await shop.post("/v1/orders", json=other)
    assert problem_of(answer, 409)["code"] == "quote_taken"


async def test_in_a_batch_a_bad_quote_is_a_row_and_the_good_orders_come_in(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        quote_id = (await quoted(shop))["windows"][0]["quote_id"]
        rows = [
            new_order("Q1", quote_id="nobodys-quote"),
            new_order("Q2", quote_id=quote_id),
            new_order("Q3", quote_id=quote_id),
        ]
        done = body_of(await shop.put("/v1/orders", json={"orders": rows}))
    assert [(row["index"], row["reference"]) for row in done["accepted"]] == [(1, "Q2")]
    assert [(row["index"], row["field"], row["code"]) for row in done["rejected"]] == [
        (0, "quote_id", "quote_unknown"),
        (2, "quote_id", "quote_taken"),
    ]


async def test_a_quote_that_ran_out_is_held_at_the_odds_of_now(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        window = (await quoted(shop))["windows"][0]
        stage.clock.move_to(stage.clock.now() + timedelta(minutes=20))
        done = body_of(await shop.post(f"/v1/promises/{window['quote_id']}/accept"))
    assert done["state"] == "held"
    assert done["reservation"]["price_clp"] <= window["price_clp"]


async def test_after_the_cut_off_the_day_is_gone_and_another_is_offered(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        window = (await quoted(shop))["windows"][0]
        # Half past seven in the evening: tomorrow's orders closed at six.
        stage.clock.move_to(stage.clock.now() + timedelta(hours=9, minutes=30))
        done = body_of(await shop.post(f"/v1/promises/{window['quote_id']}/accept"))
    assert (done["state"], done["reservation"]) == ("requoted", None)
    assert TOMORROW.isoformat() not in [each["start"][:10] for each in done["windows"]]
    assert done["reason"].startswith("La cotización venció")


async def test_a_full_day_is_offered_no_more(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        for number in range(5):
            # Two hours at each door: the fifth has no place left in the van's ten.
            windows = (await quoted(shop, service_time_s=7_200 + number))["windows"]
            tomorrow = [w for w in windows if w["start"].startswith(TOMORROW.isoformat())]
            if not tomorrow:
                break
            body_of(await shop.post(f"/v1/promises/{tomorrow[0]['quote_id']}/accept"))
    assert 2 <= number <= 4


async def test_an_order_takes_its_room_from_quotes_and_a_cancelled_one_gives_it_back(
    stage: Stage,
) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        assert await offers_tomorrow(shop)
        placed = []
        for reference in ("BIG1", "BIG2"):
            # Four hours at each door, of the ten of the van: two more do not fit.
            body = order_body(reference, 1, day=TOMORROW) | {"service_time_s": 14_400}
            placed.append(body_of(await shop.post("/v1/orders", json=body))["id"])
        await stage.platform.pump.settle()
        assert not await offers_tomorrow(shop)
        body_of(await shop.post(f"/v1/orders/{placed[0]}/cancel", json={}))
        await stage.platform.pump.settle()
        assert await offers_tomorrow(shop)


async def offers_tomorrow(shop: httpx.AsyncClient) -> bool:
    windows = (await quoted(shop, service_time_s=7_200))["windows"]
    return any(window["start"].startswith(TOMORROW.isoformat()) for window in windows)


async def test_a_shift_taken_away_closes_its_day(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.session()) as office:
        assert await offers_tomorrow(office)
        gone = await office.delete(f"/v1/shifts/{stage.norte.ids['user_id']}")
        assert gone.status_code == 204
        await stage.platform.pump.settle()
        assert not await offers_tomorrow(office)


async def test_a_day_that_begins_reads_the_coming_days_anew(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        assert await offers_tomorrow(shop)
        stage.clock.move_to(stage.clock.now() + timedelta(days=1))
        assert not await offers_tomorrow(shop)
