"""A recipient asks to correct the address; the torre sees old and new, and answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest_asyncio

from promesa.dispatch.corrections import CORRECTIONS_MAX
from promesa.domain.actor import Role
from promesa.kernel.clock import pause_s
from tests.support.client import body_of, problem_of
from tests.support.operation import CENTER, TODAY, TOMORROW
from tests.support.platform import Stage

ASKED = {"address": "Suecia 712", "unit": "depto 4B", "reference": "Portón verde"}
NEAR = [CENTER[0] + 0.003, CENTER[1] + 0.002]


@pytest_asyncio.fixture
async def office(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    """The dispatcher of norte."""
    async with stage.client(stage.norte.session(Role.DISPATCHER)) as client:
        yield client


async def ask(stage: Stage, order: str = "B3", **body: Any) -> httpx.Response:
    """The recipient asks from the page."""
    path = f"/v1/track/{stage.norte.tracking[order]}/address"
    async with stage.client() as recipient:
        return await recipient.post(path, json=ASKED | body)


async def page(stage: Stage, reference: str = "B3") -> Any:
    async with stage.client() as recipient:
        return body_of(await recipient.get(f"/v1/track/{stage.norte.tracking[reference]}"))


async def waiting(office: httpx.AsyncClient, reference: str = "B3") -> Any:
    items = body_of(await office.get("/v1/address-reviews"))["items"]
    return next((item for item in items if item["reference"] == reference), None)


async def answer(stage: Stage, office: httpx.AsyncClient, **body: Any) -> httpx.Response:
    path = f"/v1/address-reviews/{stage.norte.orders['B3']}"
    return await office.post(path, json=body)


async def test_what_is_asked_changes_nothing_until_a_person_takes_it(
    stage: Stage, office: httpx.AsyncClient
) -> None:
    path = f"/v1/orders/{stage.norte.orders['B3']}"
    before = body_of(await office.get(path))
    told = body_of(await ask(stage))
    item = await waiting(office)
    held = body_of(await office.get(path))
    assert told["correction"]["address"] == "Suecia 712"
    assert told["address_short"] == before["address"] == held["address"]
    assert (before["state"], held["state"]) == ("confirmed", "address_review")
    assert held["placement"] == before["placement"]
    assert (item["address"], item["unit"]) == (before["address"], before["unit"])
    assert item["correction"] | {"asked_at": None, "placement": None} == {
        "asked_at": None,
        "fields": ["address", "instructions", "unit"],
        "address": "Suecia 712",
        "unit": "depto 4B",
        "instructions": "Portón verde",
        "placement": None,
        "is_on_route": False,
    }


async def test_taking_it_corrects_the_order_and_tells_who_asked(
    stage: Stage, office: httpx.AsyncClient
) -> None:
    body_of(await ask(stage))
    order = body_of(await answer(stage, office, correction="take", position=NEAR))
    await stage.platform.pump.settle()
    seen = await page(stage)
    story = body_of(await office.get(f"/v1/orders/{order['id']}/story"))
    facts = {fact["type"]: fact for fact in story["facts"]}
    assert (order["address"], order["unit"]) == ("Suecia 712", "depto 4B")
    assert (order["instructions"], order["placement"]["position"]) == ("Portón verde", NEAR)
    assert (order["state"], order["placement"]["is_routable"]) == ("confirmed", True)
    assert order["placement"]["confirmed_by"] is not None
    assert await waiting(office) is None
    assert (seen["address_short"], seen["correction"]["answer"]) == ("Suecia 712", "taken")
    assert facts["order.correction_asked"]["actor_kind"] == "recipient"
    assert facts["order.correction_settled"]["actor_kind"] == "user"
    messages = body_of(await office.get("/v1/messages", params={"order_id": order["id"]}))
    assert "address_corrected" in {item["kind"] for item in messages["items"]}
    assert "Suecia" not in str([fact["data"] for fact in story["facts"]])


async def test_left_as_it_is_the_order_goes_where_it_went(
    stage: Stage, office: httpx.AsyncClient
) -> None:
    body_of(await ask(stage))
    order = body_of(await answer(stage, office, correction="decline"))
    again = problem_of(await answer(stage, office, correction="decline"), 409)
    seen = await page(stage)
    assert (order["address"], order["state"]) == ("Suecia 700", "confirmed")
    assert again["code"] == "no_correction"
    assert seen["correction"]["answer"] == "declined"


async def test_no_other_yes_answers_it(stage: Stage, office: httpx.AsyncClient) -> None:
    """A yes to the old door, alone or for the whole day, would be a no nobody meant."""
    body_of(await ask(stage))
    alone = problem_of(await answer(stage, office, accept=True), 409)
    pinned = problem_of(await answer(stage, office, position=NEAR), 409)
    ids = {"order_ids": [stage.norte.orders["B3"]], "level": "house"}
    many = body_of(await office.post("/v1/address-reviews/accept", json=ids))
    assert (alone["code"], pinned["code"]) == ("correction_open", "correction_open")
    assert many["accepted"] == 0
    both = problem_of(await answer(stage, office, correction="take", accept=True), 422)
    assert both["code"] == "review_choice_invalid"


async def test_on_the_way_it_is_too_late(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        orders = body_of(await office.get("/v1/orders", params={"date": TODAY.isoformat()}))
    away = next(item for item in orders["items"] if item["state"] == "out_for_delivery")
    refused = problem_of(await ask(stage, away["reference"]), 409)
    assert refused["code"] == "too_late_for_this"
    assert (await page(stage, away["reference"]))["can"]["correct"] is False


async def test_it_has_limits(stage: Stage) -> None:
    same = problem_of(await ask(stage, address="Suecia 700", unit=None, reference=None), 422)
    far = problem_of(await ask(stage, position=[CENTER[0] + 0.2, CENTER[1]]), 422)
    abroad = problem_of(await ask(stage, position=[2.35, 48.85]), 422)
    assert [item["code"] for item in (same, far, abroad)] == [
        "nothing_to_correct",
        "pin_too_far",
        "pin_too_far",
    ]
    for number in range(CORRECTIONS_MAX):
        body_of(await ask(stage, address=f"Suecia {720 + number}"))
    assert (await page(stage))["can"]["correct"] is False
    more = problem_of(await ask(stage, address="Suecia 799"), 409)
    assert more["code"] == "corrections_used_up"


async def test_on_a_route_the_stop_stays_until_the_next_version(
    stage: Stage, office: httpx.AsyncClient
) -> None:
    await publish_tomorrow(office)
    body_of(await ask(stage, position=NEAR))
    order_id = stage.norte.orders["B3"]
    item = await waiting(office)
    held = body_of(await office.get(f"/v1/orders/{order_id}"))
    (route,) = body_of(await office.get("/v1/routes", params={"date": TOMORROW.isoformat()}))[
        "items"
    ]
    taken = body_of(await answer(stage, office, correction="take"))
    (after,) = body_of(await office.get("/v1/routes", params={"date": TOMORROW.isoformat()}))[
        "items"
    ]
    assert (item["correction"]["is_on_route"], held["state"]) == (True, "scheduled")
    assert held["address"] == "Suecia 700"
    assert (taken["address"], taken["state"]) == ("Suecia 712", "scheduled")
    assert after["version"] == route["version"] + 1


async def test_erasing_the_person_erases_what_was_asked(
    stage: Stage, office: httpx.AsyncClient
) -> None:
    body_of(await ask(stage))
    order = body_of(await office.get(f"/v1/orders/{stage.norte.orders['B3']}"))
    async with stage.client(stage.norte.session()) as admin:
        body_of(await admin.delete(f"/v1/people/{order['recipient']['person_id']}"))
    item = await waiting(office)
    assert (item["address"], item["correction"]) == (None, None)


async def publish_tomorrow(office: httpx.AsyncClient) -> None:
    days = {"from_date": TODAY.isoformat(), "to_date": TOMORROW.isoformat()}
    body_of(await office.post("/v1/shifts/copy", json=days))
    asked = {"date": TOMORROW.isoformat(), "iterations": 200, "seed": 1}
    plan_id = body_of(await office.post("/v1/plans", json=asked))["id"]
    while body_of(await office.get(f"/v1/plans/{plan_id}"))["summary"]["state"] != "ready":
        await pause_s(0.05)
    body_of(await office.post(f"/v1/plans/{plan_id}/publish"))
