"""The rest of a day under way knows extra hours and second trips, from the form to the answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from promesa.domain.parcel import ParcelState
from promesa.domain.route import RouteBreak, RouteReload, RouteVersion
from promesa.domain.stop import StopType
from promesa.storage.routes import Routes
from tests.api.test_replanning import answered, new_order
from tests.support.client import body_of
from tests.support.operation import TODAY, event, tell
from tests.support.platform import Stage

DAY = {"date": TODAY.isoformat()}


async def with_agreed(office: Any, **agreed: Any) -> None:
    """Every driver has this agreed, and every shift of today ends at ten to ten."""
    for driver in body_of(await office.get("/v1/drivers"))["items"]:
        body = {key: said for key, said in driver.items() if key != "id"} | agreed
        body_of(await office.put(f"/v1/drivers/{driver['id']}", json=body))
    for shift in body_of(await office.get("/v1/shifts", params=DAY))["items"]:
        body = {key: said for key, said in shift.items() if key != "id"}
        body["end"] = "2026-11-23T09:50:00-03:00"
        body_of(await office.put(f"/v1/shifts/{shift['id']}", json=body))


async def test_an_urgent_order_may_keep_a_driver_as_long_as_agreed(stage: Stage) -> None:
    order_id = await new_order(stage)
    async with stage.client(stage.norte.session()) as office:
        await with_agreed(office)
        found = await answered(office, "/v1/insertions", order_id=order_id)
        assert found["places"] == []
        assert "antes de que termine su turno" in found["sentence"]
        await with_agreed(office, overtime_max_s=7_200, overtime_hour_cost_clp=9_000)
        found = await answered(office, "/v1/insertions", order_id=order_id)
        assert found["places"], found
        best = found["places"][0]
        assert best["back_at"] > best["shift_end"]
        # The extra hour is paid: nothing else of these vans costs by the hour.
        assert best["added_cost_clp"] > 0


async def comes_back(stage: Stage, route_id: UUID) -> None:
    """The van comes back to load before the last stop of its plan."""
    now = stage.clock.now()
    async with stage.platform.transaction(stage.norte.tenant_id) as tx:
        route = await tx.routes.get(route_id)
        version = await tx.routes.get_version(route_id, route.version)
        back = RouteReload(
            arrival=now + timedelta(minutes=30),
            departure=now + timedelta(minutes=60),
            order_id=version.stops[-1].order_id,
        )
        await tx.routes.add_version(replace(version, number=version.number + 1, reloads=(back,)))
        await tx.routes.save(replace(route, version=version.number + 1))
    await stage.platform.pump.catch_up()


async def test_an_urgent_order_goes_aboard_when_the_van_comes_back_to_load(stage: Stage) -> None:
    order_id = await new_order(stage)
    driver = stage.norte.drivers[0]
    await comes_back(stage, UUID(driver.route_id))
    async with stage.client(stage.norte.session()) as office:
        found = await answered(office, "/v1/insertions", order_id=order_id)
        place = next(each for each in found["places"] if each["route_id"] == driver.route_id)
        assert (place["depot"], place["after_reload"]) == ("Centro", True)
        chosen = {
            "order_id": order_id,
            "to_route_id": place["route_id"],
            "after_stop_id": place["after"] and place["after"]["stop_id"],
            "after_reload": True,
        }
        route = body_of(await office.post("/v1/insertions/accept", json=chosen))
        last = [stop["order_id"] for stop in route["stops"]][-2:]
        assert order_id in last
        (reload,) = route["reloads"]
        assert reload["order_id"] == last[0]
        first = next(stop for stop in route["stops"] if stop["order_id"] == last[0])
        assert first["planned_arrival"] > reload["departure"] > reload["arrival"]
        # Nothing is fetched on the way: it is loaded with the rest of the second trip.
        gone = chosen | {"order_id": await new_order(stage, "U2", 3), "to_route_id": ""}
        other = next(each for each in stage.norte.drivers if each.route_id != driver.route_id)
        gone["to_route_id"] = other.route_id
        refused = await office.post("/v1/insertions/accept", json=gone)
        assert (refused.status_code, refused.json()["code"]) == (409, "move_not_possible")


@pytest.mark.parametrize("leaves", [StopType.DELIVERY, StopType.EXCHANGE, StopType.RETURN])
async def test_the_phone_says_what_to_load_for_the_second_trip(
    stage: Stage, leaves: StopType
) -> None:
    route_id = UUID(stage.norte.drivers[0].route_id)
    await comes_back(stage, route_id)
    async with stage.client(stage.norte.phone()) as phone:
        last = body_of(await phone.get("/v1/driver/route"))["stops"][-1]
        # All of it was scanned into the van before anybody knew of a second trip.
        assert (last["trip"], last["transfer"]) == (2, None)
        async with stage.platform.transaction(stage.norte.tenant_id) as tx:
            order = await tx.orders.get(UUID(last["order_id"]))
            stored = tuple(replace(each, state=ParcelState.STAGED) for each in order.parcels)
            await tx.orders.save(replace(order, parcels=stored))
            stop = await tx.routes.get_stop(UUID(last["stop_id"]))
            await tx.routes.put_stop(replace(stop, type=leaves))
        *others, last = body_of(await phone.get("/v1/driver/route"))["stops"]
    assert (last["transfer"]["from_code"], last["transfer"]["is_depot"]) == ("Centro", True)
    assert {(stop["trip"], stop["transfer"]) for stop in others} == {(1, None)}


async def lane_of(stage: Stage, route_id: str) -> Any:
    async with stage.client(stage.norte.session()) as office:
        lanes = body_of(await office.get("/v1/day"))["lanes"]
    return next(lane for lane in lanes if lane["summary"]["id"] == route_id)


async def test_a_colacion_told_out_of_coverage_is_drawn_where_it_was_had(stage: Stage) -> None:
    driver, now = stage.norte.drivers[0], stage.clock.now()
    start = event(stage.clock, "route.paused")
    stage.clock.move_to(now + timedelta(minutes=32))
    end = event(stage.clock, "route.resumed")
    stage.clock.move_to(now + timedelta(minutes=50))
    async with stage.client(stage.norte.phone()) as phone:
        # The phone sends all of it again, for it heard no answer.
        for answered_as in ("accepted", "duplicate"):
            results = await tell(phone, [start, end])
            assert [each["status"] for each in results] == [answered_as] * 2
        shown = body_of(await phone.get("/v1/driver/route"))["route"]
    (rest,) = (await lane_of(stage, driver.route_id))["rests"]
    hours = [datetime.fromisoformat(rest[key]) for key in ("start", "end")]
    assert hours == [datetime.fromisoformat(told["occurred_at"]) for told in (start, end)]
    assert rest["is_over"]
    assert shown["rests"] == [rest]
    assert shown["state"] == "started"


async def test_a_colacion_that_goes_on_lasts_until_it_is_due(stage: Stage) -> None:
    driver, now = stage.norte.drivers[0], stage.clock.now()
    async with stage.client(stage.norte.phone()) as phone:
        await tell(phone, [event(stage.clock, "route.paused")])
        stage.clock.move_to(now + timedelta(minutes=5))
        shown = body_of(await phone.get("/v1/driver/route"))["route"]
    (rest,) = (await lane_of(stage, driver.route_id))["rests"]
    assert shown["rests"] == [rest]
    assert (shown["state"], rest["is_over"]) == ("paused", False)
    lasts = datetime.fromisoformat(rest["end"]) - datetime.fromisoformat(rest["start"])
    assert lasts == timedelta(minutes=30)


async def moved_stop(stage: Stage, office: Any) -> Any:
    """The lane of a route on the road whose last stop was put elsewhere: a newer version."""
    lane = await lane_of(stage, stage.norte.drivers[0].route_id)
    order_id = lane["stops"][-1]["order_id"]
    order = body_of(await office.get(f"/v1/orders/{order_id}"))
    lon, lat = order["placement"]["position"]
    change = {"version": order["version"], "position": [lon + 0.002, lat]}
    body_of(await office.patch(f"/v1/orders/{order_id}", json=change))
    await stage.platform.pump.catch_up()
    return await lane_of(stage, stage.norte.drivers[0].route_id)


async def test_a_late_van_is_as_late_after_a_change_of_its_route(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[UUID] = []
    every = Routes.list_versions

    async def counted(routes: Routes, route_id: UUID) -> list[RouteVersion]:
        read.append(route_id)
        return await every(routes, route_id)

    monkeypatch.setattr(Routes, "list_versions", counted)
    stage.clock.move_to(stage.clock.now() + timedelta(minutes=100))
    route_id = stage.norte.drivers[0].route_id
    async with stage.client(stage.norte.session()) as office:
        late = (await lane_of(stage, route_id))["summary"]
        assert late["delay_s"] > 30 * 60
        changed = (await moved_stop(stage, office))["summary"]
        assert changed["version"] == late["version"] + 1
        assert abs(changed["delay_s"] - late["delay_s"]) < 60
        # What was known of older versions is not asked for again, but after a restart.
        assert read == []
        stage.platform.watches.clear()
        assert (await lane_of(stage, route_id))["summary"]["delay_s"] == changed["delay_s"]
        assert read == [UUID(route_id)]


async def test_a_colacion_begun_early_makes_no_van_late_at_its_end(stage: Stage) -> None:
    """The plan has it behind the last visit; the driver has it now, and not once more then."""
    driver = stage.norte.drivers[0]
    async with stage.platform.transaction(stage.norte.tenant_id) as tx:
        route = await tx.routes.get(UUID(driver.route_id))
        version = await tx.routes.get_version(route.id, route.version)
        begins = version.stops[-1].departure
        rest = RouteBreak(start=begins, end=begins + timedelta(minutes=30))
        end = version.end + timedelta(minutes=30)
        newer = replace(version, number=version.number + 1, breaks=(rest,), end=end)
        await tx.routes.add_version(newer)
        await tx.routes.save(replace(route, version=newer.number))
    before = (await lane_of(stage, driver.route_id))["summary"]["expected_end"]
    async with stage.client(stage.norte.phone()) as phone:
        await tell(phone, [event(stage.clock, "route.paused")])
    await stage.platform.pump.catch_up()
    after = (await lane_of(stage, driver.route_id))["summary"]["expected_end"]
    gap = datetime.fromisoformat(after) - datetime.fromisoformat(before)
    assert abs(gap) < timedelta(minutes=3)
