"""Merchants are changed and archived on screen; each manages its own webhooks with its key."""

from __future__ import annotations

from typing import Any

import pytest

from promesa.api.webhooks import MERCHANT_WEBHOOKS_MAX
from tests.support.client import body_of, problem_of
from tests.support.operation import CENTER, order_body
from tests.support.platform import Stage
from tests.support.vendors import http_vendor


def merchant(stage: Stage, **change: Any) -> dict[str, Any]:
    return {"code": "A", "name": "Tienda A", "position": list(CENTER)} | change


async def test_what_is_known_of_a_merchant_can_be_put_right(stage: Stage) -> None:
    path = f"/v1/merchants/{stage.norte.shops[0].id}"
    body = merchant(
        stage,
        name="Tienda Alfa",
        rut="76.123.456-0",
        email="hola@Alfa.cl",
        phone="9 8765 4321",
        address=" Suecia 1 ",
    )
    async with stage.client(stage.norte.session()) as office:
        changed = body_of(await office.put(path, json=body))
        listed = body_of(await office.get("/v1/merchants"))["items"]
    assert changed in listed
    assert (changed["name"], changed["rut"]) == ("Tienda Alfa", "76123456-0")
    assert (changed["email"], changed["phone"]) == ("hola@alfa.cl", "+56987654321")
    assert (changed["address"], changed["is_active"]) == ("Suecia 1", True)


@pytest.mark.parametrize(
    ("field", "value"), [("rut", "76123456-1"), ("phone", "12"), ("email", "hola")]
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_the_field_that_is_refused_is_named(
    stage: Stage, method: str, field: str, value: str
) -> None:
    path = "/v1/merchants" + (f"/{stage.norte.shops[0].id}" if method == "PUT" else "")
    async with stage.client(stage.norte.session()) as office:
        body = merchant(stage, code="Z") | {field: value}
        problem = problem_of(await office.request(method, path, json=body), 422)
    assert [fault["field"] for fault in problem["errors"]] == [field]


async def test_every_field_that_is_refused_is_named_at_once(stage: Stage) -> None:
    wrong = {"code": "Z", "name": "Z", "rut": "76123456-1", "phone": "12", "email": "hola"}
    async with stage.client(stage.norte.session()) as office:
        problem = problem_of(await office.post("/v1/merchants", json=wrong), 422)
    assert {fault["field"] for fault in problem["errors"]} == {"rut", "phone", "email"}


async def test_an_archived_merchant_sends_nothing_new_until_it_is_back(stage: Stage) -> None:
    path = f"/v1/merchants/{stage.norte.shops[0].id}"
    new = order_body("A9", 3)
    async with (
        stage.client(stage.norte.session()) as office,
        stage.client(stage.norte.shop()) as shop,
    ):
        body_of(await office.put(path, json=merchant(stage, is_active=False)))
        refused = problem_of(await shop.post("/v1/orders", json=new), 422)
        sheet = {"file": ("x.csv", b"referencia;direccion\nZ1;Suecia 800\n", "text/csv")}
        looked = body_of(await shop.post("/v1/imports", params={"dry_run": "true"}, files=sheet))
        read = body_of(await shop.get(f"/v1/orders/{stage.norte.orders['A1']}"))
        body_of(await office.put(path, json=merchant(stage)))
        placed = body_of(await shop.post("/v1/orders", json=new))
    assert [fault["code"] for fault in refused["errors"]] == ["merchant_inactive"]
    assert looked["accepted"] == 0
    assert read["reference"] == "A1"
    assert placed["reference"] == "A9"


async def test_a_merchant_manages_its_own_webhooks_with_its_key(stage: Stage) -> None:
    with http_vendor(lambda _: (204, {}, b"")) as receiver:
        async with stage.client(stage.norte.shop()) as shop:
            made = body_of(await shop.post("/v1/webhooks", json={"url": receiver.url}))
            sent = body_of(await shop.post(f"/v1/webhooks/{made['id']}/test"))
            seen = body_of(await shop.get(f"/v1/webhooks/{made['id']}/deliveries"))["items"]
            listed = body_of(await shop.get("/v1/webhooks"))["items"]
            body_of(await shop.delete(f"/v1/webhooks/{made['id']}"))
            left = body_of(await shop.get("/v1/webhooks"))["items"]
    assert made["merchant_id"] == stage.norte.shops[0].id
    assert made["secret"].startswith("whsec_")
    assert (sent["state"], len(receiver.requests)) == ("sent", 1)
    assert [item["id"] for item in seen] == [sent["id"]]
    assert [item["id"] for item in listed] == [made["id"]]
    assert left == []


async def test_the_webhooks_of_others_are_nobodys(stage: Stage) -> None:
    """Neither those of the operator nor those of another merchant."""
    hook = {"url": "http://127.0.0.1:9/x"}
    async with (
        stage.client(stage.norte.shop(0)) as shop,
        stage.client(stage.norte.shop(1)) as other,
    ):
        theirs = body_of(await other.post("/v1/webhooks", json=hook))["id"]
        for webhook_id in (theirs, stage.norte.ids["webhook_id"]):
            path = f"/v1/webhooks/{webhook_id}"
            problem_of(await shop.delete(path), 404)
            problem_of(await shop.post(f"{path}/test"), 404)
            problem_of(await shop.get(f"{path}/deliveries"), 404)
        for_other = hook | {"merchant_id": stage.norte.shops[1].id}
        problem_of(await shop.post("/v1/webhooks", json=for_other), 404)
        assert body_of(await shop.get("/v1/webhooks"))["items"] == []
        assert len(body_of(await other.get("/v1/webhooks"))["items"]) == 1


async def test_a_merchant_has_so_many_webhooks_and_no_more(stage: Stage) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        for number in range(MERCHANT_WEBHOOKS_MAX):
            body_of(await shop.post("/v1/webhooks", json={"url": f"http://127.0.0.1:9/{number}"}))
        answer = await shop.post("/v1/webhooks", json={"url": "http://127.0.0.1:9/more"})
    assert problem_of(answer, 409)["code"] == "webhooks_too_many"
