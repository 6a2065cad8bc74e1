"""A plan says who waits for a route now, not who did when it was made."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from promesa.kernel.clock import pause_s
from tests.support.client import body_of
from tests.support.operation import TODAY, order_body
from tests.support.platform import Stage

LOOKS_MAX = 600


async def planned(office: httpx.AsyncClient) -> dict[str, Any]:
    """A plan of today, once it is made."""
    made = body_of(
        await office.post("/v1/plans", json={"date": TODAY.isoformat(), "iterations": 200})
    )
    for _ in range(LOOKS_MAX):
        plan: dict[str, Any] = body_of(await office.get(f"/v1/plans/{made['id']}"))
        if plan["summary"]["state"] not in {"queued", "running"}:
            return plan
        await pause_s(0.05)
    raise AssertionError("still being searched")


def waiting(plan: dict[str, Any]) -> set[UUID]:
    return {UUID(order["order_id"]) for order in plan["waiting"]}


async def test_who_waits_for_a_route_is_who_waits_now(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        plan = await planned(office)
        path = f"/v1/plans/{plan['summary']['id']}"
        before = waiting(plan)
        async with stage.client(stage.norte.shop()) as shop:
            placed = body_of(await shop.post("/v1/orders", json=order_body("LATE-1", 2)))
        came = body_of(await office.get(path))
        later = next(row for row in came["waiting"] if row["reference"] == "LATE-1")
        day = body_of(await office.get("/v1/day"))
        tomorrow = (stage.clock.now() + timedelta(days=1)).date().isoformat()
        moved = await office.post(f"/v1/orders/{placed['id']}/reschedule", json={"date": tomorrow})
        body_of(moved)
        gone = body_of(await office.get(path))
    assert waiting(came) == before | {UUID(placed["id"])}
    assert (later["code"], later["sentence"]) == ("came_after_plan", "Llegó después de planificar.")
    # The badge of the torre and the list of the screen are one number.
    assert day["waiting"]["unplanned"] == len(came["waiting"])
    assert waiting(gone) == before
    assert gone["unserved"] == plan["unserved"]


async def test_what_a_plan_would_take_is_counted_before_it_is_asked_for(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        params = {"date": TODAY.isoformat()}
        before = body_of(await office.get("/v1/plans/due", params=params))
        async with stage.client(stage.norte.shop()) as shop:
            body_of(await shop.post("/v1/orders", json=order_body("DUE-1", 2)))
        after = body_of(await office.get("/v1/plans/due", params=params))
    assert after == before | {"ready": before["ready"] + 1, "orders": before["orders"] + 1}
