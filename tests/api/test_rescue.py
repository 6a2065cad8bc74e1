"""A van breaks down and runs again: who was told late is told, once, that the promise holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from promesa.runtime.chores import do_chores
from tests.support.client import body_of
from tests.support.platform import Stage


async def look_around(stage: Stage) -> int:
    """The torre's chores, and what follows of them."""
    told = await do_chores(stage.platform, stage.norte.tenant_id)
    await stage.platform.pump.settle()
    return told


async def one_in_time(office: Any) -> Any:
    """A promise of today that an open visit will keep, by its row."""
    rows = body_of(await office.get("/v1/day/promises", params={"shape": "on_time"}))
    return next(row for row in rows["items"] if row["expected_at"])


async def told_kinds(office: Any, order_id: str) -> list[tuple[str, str]]:
    found = body_of(await office.get("/v1/messages", params={"order_id": order_id}))
    told = [(item["kind"], item["state"]) for item in found["items"]]
    return [each for each in told if each[0] in {"delay", "back_on_time"}]


async def test_a_delay_that_a_repair_makes_untrue_is_taken_back_once(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        await look_around(stage)
        row = await one_in_time(office)
        day = body_of(await office.get("/v1/day"))
        lane = next(each for each in day["lanes"] if each["summary"]["code"] == row["route_code"])
        route = f"/v1/routes/{lane['summary']['id']}"

        body_of(await office.post(f"{route}/breakdown", json={}))
        assert await look_around(stage) == 1
        assert {kind for kind, _ in await told_kinds(office, row["order_id"])} == {"delay"}

        body_of(await office.post(f"{route}/repair", json={}))
        assert await look_around(stage) == 1
        assert await look_around(stage) == 0
        told = await told_kinds(office, row["order_id"])
        assert ("back_on_time", "sent") in told
        # Once by each channel that told the delay.
        often = [kind for kind, _ in told]
        assert often.count("back_on_time") == often.count("delay")

        story = body_of(await office.get(f"/v1/orders/{row['order_id']}/story"))
        seen = story["recipient_sees"]["window"]
        assert datetime.fromisoformat(seen["end"]) == datetime.fromisoformat(row["window"]["end"])
        causes = {event["event_id"] for event in story["facts"]}
        found = body_of(await office.get("/v1/messages", params={"order_id": row["order_id"]}))
        assert {item["cause_event_id"] for item in found["items"]} <= causes
