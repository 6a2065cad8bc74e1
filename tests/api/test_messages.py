"""The bandeja: what went to people and to their merchants' servers can be read on screen."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import SANTIAGO
from promesa.notify.messages import MessageKind
from promesa.runtime.reactions import window_to_tell
from tests.api.test_driver import next_stop
from tests.support.client import body_of
from tests.support.operation import arrive, event, put_picture, tell
from tests.support.platform import Stage
from tests.unit.analytics.test_reports import promise


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


async def test_who_gets_a_part_is_told_so_and_reads_it_on_the_page(stage: Stage) -> None:
    async with (
        stage.client(stage.norte.phone()) as phone,
        stage.client(stage.norte.session()) as office,
    ):
        stop = await next_stop(phone)
        async with stage.platform.transaction(stage.norte.tenant_id) as tx:
            order = await tx.orders.get(UUID(stop["order_id"]))
            more = replace(order.parcels[0], id=derived_id("second"), barcode="SECOND")
            await tx.orders.save(replace(order, parcels=(*order.parcels, more)))
        missing = event(stage.clock, "parcel.missing", parcel_id=str(more.id))
        assert (await tell(phone, [missing]))[0]["status"] == "accepted"
        shown = await next_stop(phone)
        assert "missing" in {parcel["state"] for parcel in shown["parcels"]}
        door = await arrive(phone, stage.clock, stop)
        photo = await put_picture(phone, stage.clock, stop["stop_id"], "photo")
        said = {"outcome": "succeeded", "evidence": [photo], "receiver": {"relation": "recipient"}}
        (result,) = await tell(phone, [event(stage.clock, "stop.closed", **door, **said)])
        await stage.platform.pump.settle()
        story = body_of(await office.get(f"/v1/orders/{stop['order_id']}/story"))
        path = f"/v1/orders/{stop['order_id']}/tracking-link"
        token = body_of(await office.post(path))["url"].rpartition("#")[2].rpartition("/")[2]
        page = body_of(await office.get(f"/v1/track/{token}"))
    assert result["status"] == "accepted"
    assert story["order"]["state"] == "partially_delivered"
    assert story["recipient_sees"]["state"] == page["state"] == "entrega_parcial"
    assert "partially_delivered" in {message["kind"] for message in story["messages"]}


async def test_nobody_is_told_to_be_next_after_the_visit_and_servers_are_no_recipients(
    stage: Stage,
) -> None:
    async with (
        stage.client(stage.norte.phone()) as phone,
        stage.client(stage.norte.session()) as office,
    ):
        body_of(await office.post("/v1/webhooks", json={"url": "https://ventas.example.cl/"}))
        stop = await next_stop(phone)
        photo = await put_picture(phone, stage.clock, stop["stop_id"], "photo")
        at = {"stop_id": stop["stop_id"], "position": stop["position"]}
        said = {"outcome": "succeeded", "evidence": [photo], "receiver": {"relation": "recipient"}}
        told = [
            event(stage.clock, "stop.started", stop_id=stop["stop_id"]),
            event(stage.clock, "stop.arrived", **at),
            event(stage.clock, "stop.closed", **at, **said),
        ]
        assert [result["status"] for result in await tell(phone, told)] == ["accepted"] * 3
        await stage.platform.pump.settle()
        story = body_of(await office.get(f"/v1/orders/{stop['order_id']}/story"))
        day = body_of(await office.get("/v1/day"))["date"]
        path = "/v1/reports/day/messages_per_order/rows"
        rows = body_of(await office.get(path, params={"date": day}))["rows"]
    kinds = [message["kind"] for message in story["messages"]]
    assert "delivered" in kinds
    assert "next_stop" not in kinds
    (row,) = [row for row in rows if row["subject_id"] == stop["order_id"]]
    today = [message for message in story["messages"] if message["queued_at"][:10] == day]
    assert row["numerator"] == len(today)


async def test_who_is_next_is_told_the_hours_of_the_page_and_never_the_whole_promise(
    stage: Stage,
) -> None:
    async with (
        stage.client(stage.norte.phone()) as phone,
        stage.client(stage.norte.session()) as office,
    ):
        await stage.platform.pump.settle()
        stop = await next_stop(phone)
        started = event(stage.clock, "stop.started", stop_id=stop["stop_id"])
        assert (await tell(phone, [started]))[0]["status"] == "accepted"
        await stage.platform.pump.settle()
        story = body_of(await office.get(f"/v1/orders/{stop['order_id']}/story"))
        path = f"/v1/orders/{stop['order_id']}/tracking-link"
        token = body_of(await office.post(path))["url"].rpartition("#")[2].rpartition("/")[2]
        page = body_of(await office.get(f"/v1/track/{token}"))
    (message,) = [item for item in story["messages"] if item["kind"] == "next_stop"]
    hours = [
        datetime.fromisoformat(page["expected"][edge]).astimezone(ZoneInfo(SANTIAGO))
        for edge in ("start", "end")
    ]
    assert page["expected"] != page["window"]
    assert "Llega entre las {:%H:%M} y las {:%H:%M}.".format(*hours) in message["text"]


def test_who_is_next_on_no_route_we_follow_is_told_minutes_and_no_hours() -> None:
    told = window_to_tell(MessageKind.NEXT_STOP, [promise("next")], None)
    assert told is None
