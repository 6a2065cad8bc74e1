"""Quotes as somebody handles them who means to break them, or who is just quick or late.

the morning's depot, one van from nine to seven tomorrow
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import time, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from promesa.kernel.serviceday import ServiceDay
from promesa.runtime.cleaning import forget_reservations
from promesa.runtime.settings import PromiseSettings
from tests.api.test_quotes import held, new_order, offers_tomorrow, plan_shift, quoted
from tests.support.client import body_of, problem_of
from tests.support.operation import TODAY, TOMORROW
from tests.support.platform import Stage

# Two hours at each door: a van has room for some three of them in its ten.
LONG = 7_200


async def accepted(shop: httpx.AsyncClient, quote_id: str) -> Any:
    return body_of(await shop.post(f"/v1/promises/{quote_id}/accept"))


async def of_tomorrow(shop: httpx.AsyncClient, **asked: Any) -> str:
    window = (await quoted(shop, **asked))["windows"][0]
    assert window["start"].startswith(TOMORROW.isoformat())
    return str(window["quote_id"])


async def test_two_buyers_of_one_building_in_one_second_have_a_place_each(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        first, second = await of_tomorrow(shop), await of_tomorrow(shop)
        mine, yours = await accepted(shop, first), await accepted(shop, second)
    assert mine["reservation"]["id"] != yours["reservation"]["id"]


@pytest.mark.parametrize("letter", ["!", "=", "~"])
async def test_a_quote_in_another_spelling_is_nobodys_and_no_second_place(
    stage: Stage, letter: str
) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        quote_id = await of_tomorrow(shop)
        await accepted(shop, quote_id)
        before = await held(stage)
        answer = await shop.post(f"/v1/promises/{quote_id[:9]}{letter}{quote_id[9:]}/accept")
    assert problem_of(answer, 404)["code"] == "quote_unknown"
    assert await held(stage) == before


async def test_of_many_who_want_the_last_places_at_once_no_more_get_one_than_in_turn(
    stage: Stage,
) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        quotes = [await of_tomorrow(shop, service_time_s=LONG) for _ in range(12)]
        in_turn = [await accepted(shop, quote_id) for quote_id in quotes[:6]]
        places = sum(done["state"] == "held" for done in in_turn)
        assert 1 <= places <= 4
        for quote_id in quotes[:6]:
            await shop.delete(f"/v1/promises/{quote_id}")
        await stage.platform.pump.settle()
        # Half of them bring an order right away, half accept first.
        at_once = [shop.post(f"/v1/promises/{quote_id}/accept") for quote_id in quotes[6:9]]
        at_once += [
            shop.post("/v1/orders", json=new_order(f"Q{number}", quote_id=quote_id))
            for number, quote_id in enumerate(quotes[9:])
        ]
        answers = await asyncio.gather(*at_once)
    got = [answer.status_code == 201 or answer.json().get("state") == "held" for answer in answers]
    assert sum(got) == places
    refused = [answer.json() for answer, has in zip(answers, got, strict=True) if not has]
    assert {each.get("code", each.get("state")) for each in refused} <= {
        "quote_overtaken",
        "requoted",
    }


async def test_of_many_who_only_accept_at_once_no_more_get_a_place_than_in_turn(
    stage: Stage,
) -> None:
    """Each asks storage what its shop holds, and meanwhile others count theirs."""
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        quotes = [await of_tomorrow(shop, service_time_s=LONG) for _ in range(12)]
        in_turn = [await accepted(shop, quote_id) for quote_id in quotes[:6]]
        for quote_id in quotes[:6]:
            await shop.delete(f"/v1/promises/{quote_id}")
        await stage.platform.pump.settle()
        at_once = await asyncio.gather(*(accepted(shop, quote_id) for quote_id in quotes[6:]))
    counts = [sum(each["state"] == "held" for each in some) for some in (in_turn, at_once)]
    assert counts[0] == counts[1]


async def test_the_same_quote_accepted_by_many_at_once_is_one_place(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    before = len(await held(stage))
    async with stage.client(stage.norte.shop()) as shop:
        quote_id = await of_tomorrow(shop)
        done = await asyncio.gather(*(accepted(shop, quote_id) for _ in range(8)))
    assert len({each["reservation"]["id"] for each in done}) == 1
    assert len(await held(stage)) == before + 1


async def test_the_last_place_accepted_twice_at_once_is_held_for_both(stage: Stage) -> None:
    """The second finds the day full, of its own place."""
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        quotes = [await of_tomorrow(shop, service_time_s=LONG) for _ in range(10)]
        in_turn = [await accepted(shop, quote_id) for quote_id in quotes[:5]]
        places = sum(done["state"] == "held" for done in in_turn)
        assert in_turn[-1]["state"] == "requoted"
        await shop.delete(f"/v1/promises/{quotes[places - 1]}")
        await stage.platform.pump.settle()
        done = await asyncio.gather(*(accepted(shop, quotes[5]) for _ in range(4)))
        other = await accepted(shop, quotes[6])
    assert [each["state"] for each in done] == ["held"] * 4
    assert len({each["reservation"]["id"] for each in done}) == 1
    assert other["state"] == "requoted"


async def test_a_script_that_only_accepts_is_stopped_and_others_still_get_in(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two places without an order are as many as a merchant may hold here."""
    few = replace(stage.platform.settings, promises=PromiseSettings(held_max=2))
    monkeypatch.setattr(stage.platform, "settings", few)
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        quotes = [await of_tomorrow(shop) for _ in range(3)]
        for quote_id in quotes[:2]:
            await accepted(shop, quote_id)
        refused = await shop.post(f"/v1/promises/{quotes[2]}/accept")
        assert (await accepted(shop, quotes[0]))["state"] == "held"
        body_of(await shop.post("/v1/orders", json=new_order("Q1", quote_id=quotes[2])))
        await shop.delete(f"/v1/promises/{quotes[1]}")
        assert (await accepted(shop, await of_tomorrow(shop)))["state"] == "held"
    async with stage.client(stage.norte.session()) as office:
        assert (await accepted(office, await of_tomorrow(office)))["state"] == "held"
    assert problem_of(refused, 409)["code"] == "quote_held_max"


async def test_long_visits_that_one_shop_holds_leave_the_day_open_to_others(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of some nine hours of one van a fifth may be held without an order, and one place more."""
    fifth = replace(stage.platform.settings, promises=PromiseSettings(held_share_max=0.2))
    monkeypatch.setattr(stage.platform, "settings", fifth)
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        quotes = [await of_tomorrow(shop, service_time_s=3_600) for _ in range(3)]
        for quote_id in quotes[:2]:
            await accepted(shop, quote_id)
        refused = await shop.post(f"/v1/promises/{quotes[2]}/accept")
    async with stage.client(stage.norte.session()) as office:
        assert (await accepted(office, await of_tomorrow(office)))["state"] == "held"
    assert problem_of(refused, 409)["code"] == "quote_held_max"


async def test_a_load_that_one_shop_holds_leaves_the_vans_open_to_others(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    fifth = replace(stage.platform.settings, promises=PromiseSettings(held_share_max=0.2))
    monkeypatch.setattr(stage.platform, "settings", fifth)
    await plan_shift(stage, stage.norte)
    heavy = [{"weight_g": 200_000}]
    async with stage.client(stage.norte.shop()) as shop:
        first = await accepted(shop, await of_tomorrow(shop, parcels=heavy))
        refused = await shop.post(f"/v1/promises/{await of_tomorrow(shop)}/accept")
    assert first["state"] == "held"
    assert problem_of(refused, 409)["code"] == "quote_held_max"


async def test_what_says_no_parcels_is_held_to_the_share_as_one_parcel(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a van for ten a fifth is two."""
    fifth = replace(stage.platform.settings, promises=PromiseSettings(held_share_max=0.2))
    monkeypatch.setattr(stage.platform, "settings", fifth)
    await plan_shift(stage, stage.norte, parcels=10)
    async with stage.client(stage.norte.shop()) as shop:
        quotes = [await of_tomorrow(shop, service_time_s=60) for _ in range(3)]
        for quote_id in quotes[:2]:
            assert (await accepted(shop, quote_id))["state"] == "held"
        refused = await shop.post(f"/v1/promises/{quotes[2]}/accept")
    assert problem_of(refused, 409)["code"] == "quote_held_max"


async def test_an_order_that_is_refused_lets_its_place_go(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        for number in range(5):
            quote_id = await of_tomorrow(shop, service_time_s=LONG)
            body = new_order(f"Q{number}", quote_id=quote_id) | {"recipient": {"rut": "1-1"}}
            assert (await shop.post("/v1/orders", json=body)).status_code == 422
        assert await offers_tomorrow(shop)


async def test_a_quote_of_just_before_the_cut_off_stands_for_its_minutes(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        stage.clock.move_to(ServiceDay(TODAY).at(time(17, 55)))
        quote_id = await of_tomorrow(shop)
        stage.clock.move_to(ServiceDay(TODAY).at(time(18, 5)))
        # Five past six: nobody else is offered tomorrow any more.
        assert not await offers_tomorrow(shop)
        assert (await accepted(shop, quote_id))["state"] == "held"


async def test_a_window_taken_off_the_offer_is_kept_to_who_was_quoted_it(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.session()) as office:
        quote_id = await of_tomorrow(office)
        terms = body_of(await office.get("/v1/promises/terms"))["terms"]
        windows = [terms["windows"][0] | {"name": "Tarde", "start": "13:00:00"}]
        body_of(await office.put("/v1/promises/terms", json=terms | {"windows": windows}))
        assert (await accepted(office, quote_id))["state"] == "held"


async def test_an_order_that_outgrew_its_quote_is_refused_where_it_does_not_fit(
    stage: Stage,
) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        for hours in (3, 3):
            await accepted(shop, await of_tomorrow(shop, service_time_s=hours * 3_600))
        quote_id = await of_tomorrow(shop, service_time_s=60)
        grown = new_order("Q1", quote_id=quote_id, service_time_s=4 * 3_600)
        refused = await shop.post("/v1/orders", json=grown)
        body_of(await shop.post("/v1/orders", json=new_order("Q2", quote_id=quote_id)))
    assert problem_of(refused, 409)["code"] == "quote_outgrown"


async def test_an_order_that_outgrew_a_place_on_a_day_full_by_now_is_refused(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        quote_id = await of_tomorrow(shop, service_time_s=60)
        await accepted(shop, quote_id)
        while await offers_tomorrow(shop):
            await accepted(shop, await of_tomorrow(shop, service_time_s=60))
        grown = new_order("Q1", quote_id=quote_id, service_time_s=4 * 3_600)
        refused = await shop.post("/v1/orders", json=grown)
        same = new_order("Q2", quote_id=quote_id, service_time_s=60)
        body_of(await shop.post("/v1/orders", json=same))
    assert problem_of(refused, 409)["code"] == "quote_outgrown"


async def test_giving_back_what_was_never_accepted_is_nothing_to_complain_of(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        quote_id = await of_tomorrow(shop)
        assert (await shop.delete(f"/v1/promises/{quote_id}")).status_code == 204
        stranger = await shop.delete("/v1/promises/nobodys")
    assert problem_of(stranger, 404)["code"] == "quote_unknown"


async def test_a_place_given_back_may_be_had_again_and_what_an_order_took_stays_taken(
    stage: Stage,
) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        quote_id = await of_tomorrow(shop)
        await accepted(shop, quote_id)
        await shop.delete(f"/v1/promises/{quote_id}")
        order = body_of(await shop.post("/v1/orders", json=new_order("Q1", quote_id=quote_id)))
        await shop.delete(f"/v1/promises/{quote_id}")
        again = await accepted(shop, quote_id)
    assert again["reservation"]["order_id"] == order["id"]


async def test_a_quote_outlives_a_restart_of_the_process(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        first, second = await of_tomorrow(shop), await of_tomorrow(shop)
        done = await accepted(shop, first)
        stage.platform.boards.clear()
        assert await accepted(shop, first) == done
        assert (await accepted(shop, second))["state"] == "held"


async def test_places_of_long_ago_and_of_an_erased_person_are_forgotten(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        given_back = await of_tomorrow(shop)
        await accepted(shop, given_back)
        await shop.delete(f"/v1/promises/{given_back}")
        body = new_order("Q1", quote_id=await of_tomorrow(shop))
        order = body_of(await shop.post("/v1/orders", json=body))
        detail = body_of(await shop.get(f"/v1/orders/{order['id']}"))
    async with stage.client(stage.norte.session()) as office:
        person_id = detail["recipient"]["person_id"]
        assert (await office.delete(f"/v1/people/{person_id}")).status_code == 204
    assert UUID(order["id"]) not in await taken_by(stage)
    tenant_id = stage.norte.tenant_id
    assert await forget_reservations(stage.platform, tenant_id) == 0
    stage.clock.move_to(stage.clock.now() + timedelta(days=121))
    # The one given back, and none that still waits to be.
    assert await forget_reservations(stage.platform, tenant_id) == 1


async def taken_by(stage: Stage) -> set[UUID | None]:
    async with stage.platform.transaction(stage.norte.tenant_id) as tx:
        made = [e.subject_id for e in await tx.events.list_after(0, limit=10_000)]
        return {each.order_id for each in await tx.reservations.list_of(made)}
