"""Orders over HTTP: once however often they are sent, strict in what they take, in pages."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.support.client import body_of, problem_of
from tests.support.operation import TODAY, order_body
from tests.support.platform import Stage

# More than the connections of the tests' pool: the rest waits for one.
SENT_AT_ONCE = 6


def new_order(reference: str = "N-1", **changes: Any) -> dict[str, Any]:
    return order_body(reference, 2) | changes


async def test_the_same_key_and_content_make_one_order_and_one_answer(stage: Stage) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        key = {"idempotency-key": "k-1"}
        first = await shop.post("/v1/orders", json=new_order(), headers=key)
        again = await shop.post("/v1/orders", json=new_order(), headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"


async def test_the_same_key_at_the_same_time_makes_one_order_and_one_answer(stage: Stage) -> None:
    """Six at once over real connections: whoever comes second waits, and gets the same words."""
    async with stage.client(stage.norte.shop()) as shop:
        key = {"idempotency-key": "k-1"}
        sent = [shop.post("/v1/orders", json=new_order(), headers=key) for _ in range(SENT_AT_ONCE)]
        answers = await asyncio.gather(*sent)
        listed = body_of(await shop.get("/v1/orders", params={"q": "N-1"}))["items"]
    assert [answer.status_code for answer in answers] == [201] * SENT_AT_ONCE
    assert len({answer.content for answer in answers}) == 1
    replayed = [answer.headers.get("idempotent-replayed") for answer in answers]
    assert replayed.count("true") == SENT_AT_ONCE - 1
    assert len(listed) == 1


async def test_the_same_key_with_two_contents_at_the_same_time_makes_one_order(
    stage: Stage,
) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        key = {"idempotency-key": "k-1"}
        answers = await asyncio.gather(
            shop.post("/v1/orders", json=new_order("N-1"), headers=key),
            shop.post("/v1/orders", json=new_order("N-2", parcels=[]), headers=key),
        )
        listed = body_of(await shop.get("/v1/orders", params={"q": "N-"}))["items"]
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["code"] == "idempotency_key_reused"
    assert len(listed) == 1


async def test_the_same_order_at_the_same_time_without_a_key_is_one_order(stage: Stage) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        sent = [shop.post("/v1/orders", json=new_order()) for _ in range(2)]
        answers = await asyncio.gather(*sent)
        listed = body_of(await shop.get("/v1/orders", params={"q": "N-1"}))["items"]
    assert sorted(answer.status_code for answer in answers) == [200, 201]
    assert len(listed) == 1


async def test_the_same_key_with_another_content_is_refused(stage: Stage) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        key = {"idempotency-key": "k-1"}
        body_of(await shop.post("/v1/orders", json=new_order(), headers=key))
        other = await shop.post("/v1/orders", json=new_order("N-2"), headers=key)
    assert problem_of(other, 409)["code"] == "idempotency_key_reused"


async def test_two_shops_may_use_the_same_key(stage: Stage) -> None:
    ids = []
    for number in (0, 1):
        async with stage.client(stage.norte.shop(number)) as shop:
            body = new_order(parcels=[])
            answer = await shop.post("/v1/orders", json=body, headers={"idempotency-key": "k"})
            ids.append(body_of(answer)["id"])
    assert len(set(ids)) == 2


async def test_a_batch_keeps_its_good_rows_and_explains_the_bad_ones(stage: Stage) -> None:
    rows = [
        new_order("G-1", parcels=[]),
        new_order("G-2", parcels=[], cod_clp="5000"),
        new_order("G-3", parcels=[], recipient={"rut": "11.111.111-2"}),
        {"reference": "G-4"},
        new_order("G-5", parcels=[], colour="red"),
        new_order("A4", parcels=[{"barcode": "A4-1"}], instructions="Otra cosa"),
        "no es un pedido",
    ]
    async with stage.client(stage.norte.shop()) as shop:
        told = body_of(await shop.put("/v1/orders", json={"orders": rows}))
        again = body_of(await shop.put("/v1/orders", json={"orders": rows}))
    assert [(row["index"], row["outcome"]) for row in told["accepted"]] == [
        (0, "created"),
        (5, "changed"),
    ]
    assert [(row["index"], row["reference"]) for row in told["rejected"]] == [
        (1, "G-2"),
        (2, "G-3"),
        (3, "G-4"),
        (4, "G-5"),
        (6, None),
    ]
    assert all(row["reason"] and row["code"] for row in told["rejected"])
    assert {row["outcome"] for row in again["accepted"]} == {"unchanged"}


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("cod_clp", {"cod_clp": "5000"}),
    ("cod_clp", {"cod_clp": 10.5}),
    ("cod_clp", {"cod_clp": -1}),
    ("requires_pin", {"requires_pin": 1}),
    ("colour", {"colour": "red"}),
    ("position", {"position": [-33.4, -190.0]}),
    ("position", {"position": [1.0]}),
    ("date", {"date": 0}),
    ("date", {"date": "23/11/2026"}),
    ("start", {"windows": [{"start": "2026-11-23T10:00:00", "end": "2026-11-23T12:00:00-03:00"}]}),
    ("start", {"windows": [{"start": 0, "end": 1}]}),
    ("parcels", {"parcels": [{}] * 101}),
    ("reference", {"reference": ""}),
    ("name", {"recipient": {"name": "x" * 121}}),
]


@pytest.mark.parametrize(("field", "changes"), WRONG)
async def test_json_means_what_it_says(stage: Stage, field: str, changes: dict[str, Any]) -> None:
    """No "5" for 5, no 0 for an instant, no hour without a zone, no field we do not know."""
    async with stage.client(stage.norte.shop()) as shop:
        problem = problem_of(await shop.post("/v1/orders", json=new_order(**changes)), 422)
    assert problem["errors"]
    assert field in json.dumps(problem["errors"])


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"reference": NaN}'])
async def test_what_is_no_order_is_refused_with_a_sentence(stage: Stage, content: bytes) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        headers = {"content-type": "application/json"}
        answer = await shop.post("/v1/orders", content=content, headers=headers)
    assert answer.status_code in {400, 422}
    assert answer.json()["detail"]


async def test_a_body_of_more_than_a_megabyte_is_refused(stage: Stage) -> None:
    body = new_order(instructions="x" * 1_100_000)
    async with stage.client(stage.norte.shop()) as shop:
        problem_of(await shop.post("/v1/orders", json=body), 413)


async def test_pages_give_every_order_once(stage: Stage) -> None:
    seen: list[str] = []
    async with stage.client(stage.norte.session()) as office:
        whole = body_of(await office.get("/v1/orders", params={"limit": 200}))
        cursor = None
        while True:
            query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
            page = body_of(await office.get("/v1/orders", params=query))
            assert len(page["items"]) <= 2
            seen += [order["id"] for order in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
    assert seen == [order["id"] for order in whole["items"]]
    assert len(set(seen)) == len(seen) >= 9


async def test_a_list_is_sorted_as_asked_over_its_pages_and_says_how_many_there_are(
    stage: Stage,
) -> None:
    sorting = {"sort": "reference", "way": "desc"}
    async with stage.client(stage.norte.session()) as desk:
        whole = body_of(await desk.get("/v1/orders", params=sorting | {"limit": "200"}))
        seen: list[str] = []
        cursor = None
        while cursor is not None or not seen:
            query = sorting | {"limit": "3"} | ({"cursor": cursor} if cursor else {})
            page = body_of(await desk.get("/v1/orders", params=query))
            assert page["total"] == whole["total"] == len(whole["items"])
            seen += [order["reference"] for order in page["items"]]
            cursor = page["next_cursor"]
        ids = {order["id"] for order in whole["items"]}
        first = body_of(await desk.get("/v1/orders", params=sorting | {"limit": "1"}))
        other = {"sort": "state", "cursor": first["next_cursor"]}
        refused = problem_of(await desk.get("/v1/orders", params=other), 422)
    assert seen == sorted(seen, key=str.lower, reverse=True)
    assert len(seen) == len(ids) == whole["total"]
    assert refused["code"] == "cursor_invalid"


@pytest.mark.parametrize("by", ["date", "reference", "merchant", "comuna", "promised", "state"])
async def test_every_sorting_gives_every_order_once(stage: Stage, by: str) -> None:
    seen: list[str] = []
    async with stage.client(stage.norte.session()) as desk:
        page = body_of(await desk.get("/v1/orders", params={"sort": by, "limit": "2"}))
        seen += [order["id"] for order in page["items"]]
        while page["next_cursor"] is not None:
            query = {"sort": by, "limit": "2", "cursor": page["next_cursor"]}
            page = body_of(await desk.get("/v1/orders", params=query))
            seen += [order["id"] for order in page["items"]]
    assert len(seen) == len(set(seen)) == page["total"]


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "201"}, {"limit": "x"}, {"cursor": "%"}, {"cursor": "bm8"}]
)
async def test_a_limit_or_cursor_that_cannot_be_is_refused(
    stage: Stage, query: dict[str, str]
) -> None:
    async with stage.client(stage.norte.session()) as office:
        answer = await office.get("/v1/orders", params=query)
    assert answer.status_code in {400, 422}
    assert answer.json()["code"]


async def test_whoever_changes_an_old_version_is_told(stage: Stage) -> None:
    path = f"/v1/orders/{stage.norte.orders['B3']}"
    async with stage.client(stage.norte.session()) as office:
        version = body_of(await office.get(path))["version"]
        body = {"version": version, "instructions": "Timbre malo"}
        changed = body_of(await office.patch(path, json=body))
        stale = await office.patch(path, json=body | {"instructions": "Otro"})
    assert changed["instructions"] == "Timbre malo"
    problem_of(stale, 409)


async def test_cancelling_twice_is_cancelling_once(stage: Stage) -> None:
    path = f"/v1/orders/{stage.norte.orders['B3']}"
    async with stage.client(stage.norte.session()) as office:
        body_of(await office.post(f"{path}/cancel", json={}))
        state = body_of(await office.post(f"{path}/cancel", json={}))["state"]
        story = body_of(await office.get(f"{path}/story"))
    assert state == "cancelled"
    assert [fact["type"] for fact in story["facts"]].count("order.cancelled") == 1


async def test_filters_find_what_they_say(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        today = {"date": TODAY.isoformat()}
        delivered = body_of(await office.get("/v1/orders", params=today | {"state": "delivered"}))
        found = body_of(await office.get("/v1/orders", params={"q": "B3"}))
    assert [order["id"] for order in delivered["items"]] == [stage.norte.ids["delivered_order_id"]]
    assert [order["reference"] for order in found["items"]] == ["B3"]


async def test_the_request_id_of_the_caller_is_in_the_events(stage: Stage) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        headers = {"x-request-id": "caja-7-venta-1234"}
        answer = await shop.post("/v1/orders", json=new_order(), headers=headers)
        story = body_of(await shop.get(f"/v1/orders/{body_of(answer)['id']}/story"))
    assert answer.headers["x-request-id"] == "caja-7-venta-1234"
    assert {fact["request_id"] for fact in story["facts"]} == {"caja-7-venta-1234"}


async def test_each_fault_names_the_field_as_it_was_sent(stage: Stage) -> None:
    parcels = [{"weight_g": 1}, {"weight_g": 1}, {"weight_g": 6_000_000}]
    bad = new_order("F-1", recipient={"name": "Ana", "phone": "12"}, parcels=parcels)
    async with stage.client(stage.norte.shop()) as shop:
        alone = problem_of(await shop.post("/v1/orders", json=bad), 422)
        batch = body_of(await shop.put("/v1/orders", json={"orders": [new_order("F-2"), bad]}))
    named = ["recipient.phone", "parcels[2].weight_g"]
    assert [fault["field"] for fault in alone["errors"]] == named
    assert [(fault["index"], fault["field"]) for fault in batch["rejected"]] == [
        (1, field) for field in named
    ]


async def test_every_field_that_cannot_be_read_is_told_at_once(stage: Stage) -> None:
    bad = new_order(
        "F-1", cod_clp="1", colour="red", date="23/11/2026", recipient={"name": 1, "mail": "a@b.cl"}
    )
    async with stage.client(stage.norte.shop()) as shop:
        problem = problem_of(await shop.post("/v1/orders", json=bad), 422)
        batch = body_of(await shop.put("/v1/orders", json={"orders": [bad]}))
    named = ["date", "recipient.name", "recipient.mail", "cod_clp", "colour"]
    assert [fault["field"] for fault in problem["errors"]] == named
    assert [fault["field"] for fault in batch["rejected"]] == named


async def test_an_order_that_was_called_off_is_not_taken_in_again(stage: Stage) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        order = body_of(await shop.post("/v1/orders", json=new_order()))
        body_of(await shop.post(f"/v1/orders/{order['id']}/cancel", json={}))
        again = problem_of(await shop.post("/v1/orders", json=new_order()), 409)
    assert again["code"] == "order_cancelled"
    assert "otro número" in again["detail"]


async def test_an_order_for_a_day_that_is_over_is_refused(stage: Stage) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        late = new_order(date="2026-11-22")
        (fault,) = problem_of(await shop.post("/v1/orders", json=late), 422)["errors"]
    assert (fault["field"], fault["code"]) == ("date", "past")


async def test_a_null_character_in_one_order_of_a_batch_rejects_that_order(stage: Stage) -> None:
    orders = [
        new_order("Z-1"),
        new_order("Z-2", tags={"color": "ro\0jo"}),
        new_order("Z-3", parcels=[{"barcode": "Z\0-3"}]),
        new_order("Z-4"),
    ]
    async with stage.client(stage.norte.shop()) as shop:
        done = body_of(await shop.put("/v1/orders", json={"orders": orders}))
    assert [row["reference"] for row in done["accepted"]] == ["Z-1", "Z-4"]
    assert [(row["index"], row["field"], row["code"]) for row in done["rejected"]] == [
        (1, "tags.color", "character_invalid"),
        (2, "parcels[0].barcode", "character_invalid"),
    ]


@pytest.mark.parametrize(("deed", "body"), [("cancel", {}), ("reschedule", {"date": "2026-12-02"})])
async def test_an_order_taken_off_its_route_shows_no_route_and_no_risk(
    stage: Stage, deed: str, body: dict[str, str]
) -> None:
    async with stage.client(stage.norte.session()) as office:
        body_of(await office.get("/v1/day"))
        listed = body_of(await office.get("/v1/orders"))["items"]
        (order_id, *_) = [one["id"] for one in listed if one["risk"] not in {None, "closed"}]
        body_of(await office.post(f"/v1/orders/{order_id}/{deed}", json=body))
        await stage.platform.pump.settle()
        after = body_of(await office.get(f"/v1/orders/{order_id}/story"))["order"]
    assert (after["route"], after["risk"]) == (None, None)


async def test_an_order_is_looked_up_by_its_whole_reference(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        any_one = body_of(await office.get("/v1/orders?limit=1"))["items"][0]["reference"]
        found = body_of(await office.get("/v1/orders", params={"reference": any_one}))
        part = body_of(await office.get("/v1/orders", params={"reference": any_one[:-1]}))
        table = await office.get("/v1/exports/orders/csv", params={"reference": any_one})
    assert {item["reference"] for item in found["items"]} == {any_one}
    assert part["total"] == 0
    assert len(table.text.strip().splitlines()) == 1 + found["total"]
