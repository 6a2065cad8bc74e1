"""Many at once about the same order: nobody is refused for having come second."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from tests.support.client import body_of
from tests.support.operation import order_body
from tests.support.platform import Stage

ROWS = 20


def rows(names: range, **changes: Any) -> list[dict[str, Any]]:
    return [
        order_body(f"C-{number:03}", 2) | {"parcels": [{"barcode": f"C-{number:03}-1"}]} | changes
        for number in names
    ]


async def test_two_batches_in_opposite_order_never_wait_for_each_other(stage: Stage) -> None:
    """New ones first, then changes of them; each row is answered at its own place."""
    for instructions in (None, "Tocar dos veces"):
        batch = rows(range(ROWS), instructions=instructions)
        async with stage.client(stage.norte.shop()) as shop:
            answers = await asyncio.gather(
                *(shop.put("/v1/orders", json={"orders": turn}) for turn in (batch, batch[::-1]))
            )
        forth, back = (body_of(answer) for answer in answers)
        assert forth["rejected"] == back["rejected"] == []
        assert [row["index"] for row in back["accepted"]] == list(range(ROWS))
        told = [[row["reference"] for row in one["accepted"]] for one in (forth, back)]
        assert told[0] == told[1][::-1] == [row["reference"] for row in batch]


async def test_six_batches_of_the_same_orders_are_all_taken(stage: Stage) -> None:
    batch = rows(range(60))
    async with stage.client(stage.norte.shop()) as shop:
        answers = await asyncio.gather(
            *(shop.put("/v1/orders", json={"orders": batch}) for _ in range(6))
        )
        listed = body_of(await shop.get("/v1/orders", params={"q": "C-", "limit": 100}))
    outcomes = [row["outcome"] for answer in answers for row in body_of(answer)["accepted"]]
    assert outcomes.count("created") == len(batch) == listed["total"]
    assert outcomes.count("unchanged") == 5 * len(batch)


async def test_a_reference_twice_in_a_batch_ends_as_its_last_row_says(stage: Stage) -> None:
    batch = [*rows(range(1), cod_clp=1000), *rows(range(1), cod_clp=2000)]
    async with stage.client(stage.norte.shop()) as shop:
        told = body_of(await shop.put("/v1/orders", json={"orders": batch}))
        [order] = body_of(await shop.get("/v1/orders", params={"q": "C-000"}))["items"]
    assert [row["outcome"] for row in told["accepted"]] == ["created", "changed"]
    assert order["cod_clp"] == 2000


async def test_the_same_order_with_eight_keys_is_made_once_and_answered_eight_times(
    stage: Stage,
) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        sent = [
            shop.post("/v1/orders", json=rows(range(1))[0], headers={"idempotency-key": f"k-{n}"})
            for n in range(8)
        ]
        answers = await asyncio.gather(*sent)
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({body_of(answer)["id"] for answer in answers}) == 1


async def test_another_content_under_a_reference_is_refused_however_close(stage: Stage) -> None:
    one, other = rows(range(1), cod_clp=1000)[0], rows(range(1), cod_clp=2000)[0]
    async with stage.client(stage.norte.shop()) as shop:
        answers = await asyncio.gather(
            *(shop.post("/v1/orders", json=body) for body in (one, other))
        )
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_called_off_six_times_at_once_is_called_off_once(stage: Stage) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        order = body_of(await shop.post("/v1/orders", json=rows(range(1))[0]))
        address = f"/v1/orders/{order['id']}"
        answers = await asyncio.gather(*(shop.post(f"{address}/cancel", json={}) for _ in range(6)))
    assert [answer.status_code for answer in answers] == [200] * 6
    assert {body_of(answer)["state"] for answer in answers} == {"cancelled"}
    async with stage.platform.transaction(stage.norte.tenant_id) as tx:
        events = await tx.events.list_of_order(UUID(order["id"]))
    assert [event.type for event in events].count("order.cancelled") == 1


async def test_an_order_on_a_route_is_called_off_once_too(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        address = f"/v1/orders/{stage.norte.orders['A3']}"
        answers = await asyncio.gather(
            *(office.post(f"{address}/cancel", json={}) for _ in range(4))
        )
    assert [answer.status_code for answer in answers] == [200] * 4


async def test_one_barcode_is_taken_by_one_of_two_orders_however_close(stage: Stage) -> None:
    both = [rows(range(n, n + 1), parcels=[{"barcode": "ONE-LABEL"}])[0] for n in (0, 1)]
    async with stage.client(stage.norte.shop()) as shop:
        answers = await asyncio.gather(*(shop.post("/v1/orders", json=body) for body in both))
    assert sorted(answer.status_code for answer in answers) == [201, 422]
