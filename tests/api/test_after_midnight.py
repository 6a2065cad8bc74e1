"""A van of a peak day is still out at midnight: neither its driver nor the torre loses it."""

from __future__ import annotations

from datetime import timedelta

from tests.api.test_driver import next_stop
from tests.support.client import body_of
from tests.support.operation import (
    EIGHT,
    PASSWORD,
    TODAY,
    TOMORROW,
    arrive,
    event,
    put_picture,
    tell,
)
from tests.support.platform import Stage

HALF_PAST_MIDNIGHT = EIGHT + timedelta(hours=16, minutes=30)
SIX = EIGHT + timedelta(hours=22)


async def test_after_midnight_the_driver_goes_on_with_the_route_that_is_under_way(
    stage: Stage,
) -> None:
    stage.clock.move_to(HALF_PAST_MIDNIGHT)
    async with stage.client(stage.norte.phone()) as phone:
        shown = body_of(await phone.get("/v1/driver/route"))
        stop = await next_stop(phone)
        door = await arrive(phone, stage.clock, stop)
        photo = await put_picture(phone, stage.clock, stop["stop_id"], "photo")
        told = event(
            stage.clock,
            "stop.closed",
            **door,
            outcome="succeeded",
            evidence=[photo],
            receiver={"relation": "recipient"},
        )
        (closed,) = await tell(phone, [told])
        # Without the route's id, as an event gathered before the phone knew it.
        (finished,) = await tell(phone, [event(stage.clock, "route.paused")])
    assert shown["route"]["date"] == TODAY.isoformat()
    assert (closed["status"], finished["status"]) == ("accepted", "accepted")


async def test_after_midnight_the_torre_still_shows_the_day_whose_van_is_out(stage: Stage) -> None:
    stage.clock.move_to(HALF_PAST_MIDNIGHT)
    watch = await stage.platform.ready_watch(stage.norte.tenant_id)
    shown = (watch.day, [item.route.code for item in watch.routes()])
    stage.clock.move_to(SIX)
    await stage.platform.ready_watch(stage.norte.tenant_id)
    assert shown[0] == TODAY
    assert shown[1]
    assert (watch.day, watch.routes()) == (TOMORROW, [])


async def test_when_the_last_van_of_the_night_is_back_the_new_day_begins(stage: Stage) -> None:
    stage.clock.move_to(HALF_PAST_MIDNIGHT)
    watch = await stage.platform.ready_watch(stage.norte.tenant_id)
    async with stage.client() as office:
        who = {"email": "admin@norte.test", "password": PASSWORD}
        body_of(await office.post("/v1/session", json=who))
        for item in watch.routes():
            body_of(await office.post(f"/v1/routes/{item.route.id}/close"))
        await stage.platform.pump.settle()
        day = body_of(await office.get("/v1/day"))
    assert day["date"] == TOMORROW.isoformat()
