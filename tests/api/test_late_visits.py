"""The van was out of coverage, the torre closed its route: what really happened counts."""

from __future__ import annotations

from datetime import timedelta

from tests.api.test_driver import next_stop
from tests.support.client import body_of
from tests.support.operation import arrive, event, put_picture, tell
from tests.support.platform import Stage


async def test_who_was_told_another_day_is_told_of_the_delivery(stage: Stage) -> None:
    async with (
        stage.client(stage.norte.phone()) as phone,
        stage.client(stage.norte.session()) as office,
    ):
        stop = await next_stop(phone)
        door = await arrive(phone, stage.clock, stop)
        photo = await put_picture(phone, stage.clock, stop["stop_id"], "photo")
        kept = event(
            stage.clock,
            "stop.closed",
            **door,
            outcome="succeeded",
            evidence=[photo],
            receiver={"relation": "recipient"},
        )
        route_id = stage.norte.ids["route_id"]
        stage.clock.move_to(stage.clock.now() + timedelta(hours=5))
        body_of(await office.post(f"/v1/routes/{route_id}/close"))
        await stage.platform.pump.settle()
        closed = body_of(await office.get(f"/v1/orders/{stop['order_id']}"))
        stage.clock.move_to(stage.clock.now() + timedelta(hours=1))
        (result,) = await tell(phone, [kept])
        await stage.platform.pump.settle()
        story = body_of(await office.get(f"/v1/orders/{stop['order_id']}/story"))
    assert closed["state"] == "rescheduled"
    assert result["status"] == "accepted"
    assert story["order"]["state"] == "delivered"
    told = [message["kind"] for message in story["messages"] if message["channel"] != "webhook"]
    assert {"rescheduled", "delivered"} <= set(told)
    assert all(chain["is_intact"] for chain in story["custody"])
    assert {chain["entries"][-1]["holder_kind"] for chain in story["custody"]} == {"recipient"}
