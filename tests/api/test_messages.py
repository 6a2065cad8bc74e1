"""The bandeja: what went to people and to their merchants' servers can be read on screen."""

from __future__ import annotations

import json

from tests.support.client import body_of
from tests.support.platform import Stage


async def test_a_webhook_in_the_bandeja_shows_where_it_goes_and_what_it_says(stage: Stage) -> None:
    hook = {
        "url": "https://ventas.example.cl/promesa?clave=1234",
        "event_types": ["order.cancelled"],
    }
    async with stage.client(stage.norte.session()) as office:
        body_of(await office.post("/v1/webhooks", json=hook))
        order_id = stage.norte.orders["B3"]
        body_of(await office.post(f"/v1/orders/{order_id}/cancel", json={}))
        await stage.platform.pump.settle()
        listed = body_of(await office.get("/v1/messages", params={"channel": "webhook"}))["items"]
    message = next(item for item in listed if item["to"] == "ventas.example.cl")
    told = json.loads(message["text"])
    assert told["type"] == message["subject"] == "cl.promesa.order.cancelled.v1"
    assert told["data"]["order_id"] == order_id
    assert message["reference"] == "B3"
    assert "clave" not in str(message)


async def test_a_message_to_a_person_shows_its_words_to_who_may_read_people(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        listed = body_of(await office.get("/v1/messages", params={"channel": "tray"}))["items"]
        one = body_of(await office.get(f"/v1/messages/{listed[0]['id']}"))
    assert one == listed[0]
    assert all(message["text"] and message["reference"] for message in listed)


async def test_webhooks_bury_neither_the_bandeja_nor_the_history_of_an_order(stage: Stage) -> None:
    order_id = stage.norte.orders["B3"]
    async with stage.client(stage.norte.session()) as office:
        body_of(await office.post("/v1/webhooks", json={"url": "https://ventas.example.cl/"}))
        body_of(await office.post(f"/v1/orders/{order_id}/cancel", json={}))
        await stage.platform.pump.settle()
        query = {"order_id": order_id}
        told = body_of(await office.get("/v1/messages", params=query))["items"]
        sent = body_of(await office.get("/v1/messages", params=query | {"channel": "webhook"}))
        story = body_of(await office.get(f"/v1/orders/{order_id}/story"))
    assert sent["items"]
    assert told
    assert {message["channel"] for message in (*told, *story["messages"])} == {"tray"}
    told_of = [fact for fact in story["facts"] if fact["type"].startswith("message.")]
    assert told_of
    assert all(fact["data"]["channel"] == "tray" for fact in told_of)
