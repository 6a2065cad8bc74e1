"""Webhooks leave signed, reach who asked for them, and come back when nobody was home."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from tests.api.test_quotes import plan_shift, quoted
from tests.meta.tree import ROOT
from tests.support.client import body_of, problem_of
from tests.support.platform import Stage
from tests.support.vendors import HttpVendor, Request, http_vendor


@pytest.fixture
def receiver() -> Iterator[HttpVendor]:
    """A merchant's server."""
    with http_vendor(lambda _: (204, {}, b"")) as vendor:
        yield vendor


async def add(stage: Stage, **body: Any) -> str:
    """Adds a webhook of norte; returns its secret."""
    async with stage.client(stage.norte.session()) as office:
        return str(body_of(await office.post("/v1/webhooks", json=body))["secret"])


async def webhook_of(office: Any, url: str) -> Any:
    """The webhook that sends there."""
    listed = body_of(await office.get("/v1/webhooks"))["items"]
    return next(item for item in listed if item["url"] == url)


async def cancel(stage: Stage, reference: str) -> None:
    async with stage.client(stage.norte.session()) as office:
        path = f"/v1/orders/{stage.norte.orders[reference]}/cancel"
        body_of(await office.post(path, json={}))
    await stage.platform.pump.settle()


def opened(request: Request, secret: str) -> Any:
    """What a receiver reads after the library of the standard verified it."""
    Webhook(secret).verify(request.body, request.headers)
    return json.loads(request.body)


async def test_a_fact_arrives_signed_and_verifies(stage: Stage, receiver: HttpVendor) -> None:
    secret = await add(stage, url=receiver.url, event_types=["order.cancelled"])
    await cancel(stage, "B3")
    (request,) = receiver.requests
    told = opened(request, secret)
    assert told["type"] == "cl.promesa.order.cancelled.v1"
    assert stage.norte.orders["B3"] in request.body.decode()
    assert "Rosa" not in request.body.decode()


async def test_a_merchants_webhook_hears_of_its_own_orders_alone(
    stage: Stage, receiver: HttpVendor
) -> None:
    secret = await add(
        stage,
        url=receiver.url,
        event_types=["order.cancelled"],
        merchant_id=stage.norte.shops[1].id,
    )
    await cancel(stage, "A4")
    assert receiver.requests == []
    await cancel(stage, "B3")
    assert [opened(request, secret)["type"] for request in receiver.requests]


async def test_a_merchants_webhook_hears_of_the_places_it_holds_alone(
    stage: Stage, receiver: HttpVendor
) -> None:
    mine, other = stage.norte.shop(), stage.norte.shops[1].id
    await add(stage, url=receiver.url, event_types=["reservation.made"], merchant_id=other)
    await plan_shift(stage, stage.norte)
    async with stage.client(mine) as shop:
        body_of(await shop.post(f"/v1/promises/{await quote_of(shop)}/accept"))
        await stage.platform.pump.settle()
        assert receiver.requests == []
        body = {"url": receiver.url, "event_types": ["reservation.made"]}
        secret = body_of(await shop.post("/v1/webhooks", json=body))["secret"]
        body_of(await shop.post(f"/v1/promises/{await quote_of(shop)}/accept"))
        await stage.platform.pump.settle()
    [request] = receiver.requests
    assert opened(request, secret)["type"] == "cl.promesa.reservation.made.v1"


async def quote_of(shop: Any) -> str:
    """Of the first window that is offered."""
    return str((await quoted(shop))["windows"][0]["quote_id"])


async def test_who_names_no_event_hears_of_all(stage: Stage, receiver: HttpVendor) -> None:
    secret = await add(stage, url=receiver.url)
    await cancel(stage, "B3")
    heard = {opened(request, secret)["type"] for request in receiver.requests}
    assert {"cl.promesa.order.cancelled.v1", "cl.promesa.promise.closed.v1"} <= heard


async def test_a_receiver_that_was_down_gets_it_later_under_the_same_id(stage: Stage) -> None:
    answers = iter([503, 204])
    with http_vendor(lambda _: (next(answers), {}, b"")) as vendor:
        secret = await add(stage, url=vendor.url, event_types=["order.cancelled"])
        await cancel(stage, "B3")
        stage.clock.move_to(stage.clock.now() + timedelta(minutes=10))
        await stage.platform.pump.settle()
        first, second = vendor.requests
        opened(second, secret)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


async def test_the_secret_is_shown_once(stage: Stage, receiver: HttpVendor) -> None:
    secret = await add(stage, url=receiver.url)
    async with stage.client(stage.norte.session()) as office:
        listed = (await office.get("/v1/webhooks")).text
    assert secret.startswith("whsec_")
    assert secret not in listed


async def test_a_target_of_our_own_network_is_refused_unless_a_setting_allows_it(
    stage: Stage,
) -> None:
    async with stage.client(stage.norte.session()) as office:
        for url in ("ftp://example.com/x", "http://user:pw@example.com/"):
            answer = await office.post("/v1/webhooks", json={"url": url})
            assert answer.status_code == 422, url
        unknown = {"url": "https://example.com/", "event_types": ["order.exploded"]}
        assert problem_of(await office.post("/v1/webhooks", json=unknown), 422)["code"] == (
            "event_type_unknown"
        )


async def test_a_test_arrives_signed_and_stands_in_the_list_of_deliveries(
    stage: Stage, receiver: HttpVendor
) -> None:
    secret = await add(stage, url=receiver.url, event_types=["order.cancelled"])
    async with stage.client(stage.norte.session()) as office:
        webhook = await webhook_of(office, receiver.url)
        sent = body_of(await office.post(f"/v1/webhooks/{webhook['id']}/test"))
        listed = body_of(await office.get(f"/v1/webhooks/{webhook['id']}/deliveries"))["items"]
    (request,) = receiver.requests
    assert opened(request, secret)["type"] == "cl.promesa.webhook.tested.v1"
    assert (sent["state"], [item["id"] for item in listed]) == ("sent", [sent["id"]])


async def test_a_test_that_is_refused_says_so_and_when_it_is_tried_again(stage: Stage) -> None:
    with http_vendor(lambda _: (503, {}, b"")) as vendor:
        await add(stage, url=vendor.url)
        async with stage.client(stage.norte.session()) as office:
            webhook = await webhook_of(office, vendor.url)
            sent = body_of(await office.post(f"/v1/webhooks/{webhook['id']}/test"))
    assert (sent["state"], sent["error"]) == ("queued", "channel_unavailable: webhook 503")
    assert sent["next_try_at"] is not None


def documented_verify() -> Any:
    """The function that the page of webhooks shows."""
    page = (ROOT / "docs" / "operations" / "webhooks.md").read_text()
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)
    return names["verify"]


async def test_the_example_of_the_page_verifies_what_arrives_and_nothing_else(
    stage: Stage, receiver: HttpVendor
) -> None:
    secret = await add(stage, url=receiver.url, event_types=["order.cancelled"])
    await cancel(stage, "B3")
    (request,) = receiver.requests
    verify = documented_verify()
    verify(secret, request.headers, request.body)
    stale = {**request.headers, "webhook-timestamp": "1"}
    for headers, body in ((request.headers, request.body + b" "), (stale, request.body)):
        with pytest.raises(ValueError, match="not from Promesa"):
            verify(secret, headers, body)
