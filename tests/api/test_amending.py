"""A change says what it would do before it does it, on a route too."""

from __future__ import annotations

from typing import Any

from tests.support.client import body_of, problem_of
from tests.support.platform import Stage


async def order_on_a_route(office: Any) -> Any:
    """An order that waits on a route, as the torre sees it."""
    body_of(await office.get("/v1/day"))
    listed = body_of(await office.get("/v1/orders"))["items"]
    return next(
        item
        for item in listed
        if item["route"] and item["state"] in {"scheduled", "out_for_delivery"}
    )


async def test_a_preview_writes_nothing_and_the_change_does_what_it_said(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        order = await order_on_a_route(office)
        path = f"/v1/orders/{order['id']}"
        lon, lat = order["placement"]["position"]
        change = {"version": order["version"], "position": [lon + 0.002, lat]}
        told = body_of(await office.post(f"{path}/change-preview", json=change))
        assert body_of(await office.get(path))["version"] == order["version"]
        kept = body_of(await office.patch(path, json=change))
        route = body_of(await office.get(f"/v1/routes/{kept['route']['id']}"))
    assert told["fields"] == ["position"]
    assert told["route"]["code"] == kept["route"]["code"]
    assert told["route"]["version"] == route["summary"]["version"]
    assert told["route"]["new_sequence"] == kept["route"]["sequence"]
    assert kept["placement"]["position"] == [lon + 0.002, lat]


async def test_who_looked_at_an_older_version_is_told(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        order = await order_on_a_route(office)
        change = {"version": order["version"] - 1, "phone": "+56987650000"}
        answer = await office.post(f"/v1/orders/{order['id']}/change-preview", json=change)
    assert problem_of(answer, 409)["code"] == "order_version"


async def test_a_merchant_does_not_change_a_route(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        order = await order_on_a_route(office)
    shop = next(
        number
        for number, shop in enumerate(stage.norte.shops)
        if shop.id == order["merchant"]["id"]
    )
    async with stage.client(stage.norte.shop(shop)) as merchant:
        change = {"version": order["version"], "position": [-70.6, -33.44]}
        answer = await merchant.patch(f"/v1/orders/{order['id']}", json=change)
    assert problem_of(answer, 409)["code"] == "order_on_route"
