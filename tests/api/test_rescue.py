"""A van breaks down and runs again: who was told late is told, once, that the promise holds."""

from __future__ import annotations

from datetime import datetime, timedelta
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


async def test_a_told_delay_makes_no_stop_look_safe_on_any_screen(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        await look_around(stage)
        row = await one_in_time(office)
        lanes = body_of(await office.get("/v1/day"))["lanes"]
        lane = next(each for each in lanes if each["summary"]["code"] == row["route_code"])
        route_id, order_id = lane["summary"]["id"], row["order_id"]
        # Long after the promised window, while the one told for the delay lies ahead.
        stage.clock.move_to(datetime.fromisoformat(row["window"]["end"]) + timedelta(minutes=20))
        await look_around(stage)
        order = body_of(await office.get(f"/v1/orders/{order_id}"))
        assert order["promise"]["cause"].startswith("delay")

        route = body_of(await office.get(f"/v1/routes/{route_id}"))
        listed = body_of(await office.get("/v1/routes", params={"date": route["summary"]["date"]}))
        points = body_of(await office.get("/v1/day/stops"))["stops"]
        lanes = body_of(await office.get("/v1/day"))["lanes"]
        story = body_of(await office.get(f"/v1/orders/{order_id}/story"))
        (lane,) = [each for each in lanes if each["summary"]["id"] == route_id]
        (line,) = [each for each in listed["items"] if each["id"] == route_id]
    shapes = {stop["stop_id"]: stop["risk"] for stop in lane["stops"]}
    assert {stop["stop_id"]: stop["risk"] for stop in route["stops"]} == shapes
    assert {p["stop_id"]: p["risk"] for p in points if p["route_id"] == route_id} == shapes
    (stop,) = [stop for stop in route["stops"] if stop["order_id"] == order_id]
    assert (stop["risk"], order["risk"], story["order"]["risk"]) == ("late", "late", "late")
    numbers = ("risk", "late", "at_risk")
    assert [line[each] for each in numbers] == [lane["summary"][each] for each in numbers]
    assert [route["summary"][each] for each in numbers] == [line[each] for each in numbers]
    assert line["late"] >= 1
