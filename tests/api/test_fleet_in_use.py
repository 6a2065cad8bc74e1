"""What a published route needs of the fleet stays until the route is closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.api.test_prices import planned
from tests.support.client import body_of
from tests.support.operation import TODAY, TOMORROW
from tests.support.platform import Stage

DAY = {"date": TODAY.isoformat()}
LATER, LATEST = ((TODAY + timedelta(days=days)).isoformat() for days in (3, 4))


async def in_use(office: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A route of today, and the shift it is driven in."""
    (route, *_) = body_of(await office.get("/v1/routes", params=DAY))["items"]
    shifts = body_of(await office.get("/v1/shifts", params=DAY))["items"]
    return route, next(each for each in shifts if each["driver_id"] == route["driver"]["id"])


async def changed(office: Any, noun: str, noun_id: str, **change: Any) -> Any:
    """What the server says to a thing of the fleet put again with a change."""
    kept = body_of(await office.get(f"/v1/{noun}", params=DAY if noun == "shifts" else None))
    item = next(each for each in kept["items"] if each["id"] == noun_id)
    body = {key: said for key, said in item.items() if key != "id"} | change
    return await office.put(f"/v1/{noun}/{noun_id}", json=body)


async def test_a_shift_under_a_published_route_is_not_removed(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        route, shift = await in_use(office)
        answer = await office.delete(f"/v1/shifts/{shift['id']}")
        assert answer.status_code == 409
        assert answer.json()["code"] == "fleet_in_use"
        assert answer.json()["detail"].startswith(f"La ruta {route['code']} usa este turno")
        assert (await in_use(office))[1] == shift


async def test_a_shift_goes_once_its_route_is_closed(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        route, shift = await in_use(office)
        body_of(await office.post(f"/v1/routes/{route['id']}/close"))
        assert (await office.delete(f"/v1/shifts/{shift['id']}")).is_success


async def test_under_a_route_only_the_hours_of_a_shift_change(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        route, shift = await in_use(office)
        vans = body_of(await office.get("/v1/vehicles"))["items"]
        other = next(van["id"] for van in vans if van["id"] != shift["vehicle_id"])
        moved = await changed(office, "shifts", shift["id"], vehicle_id=other)
        assert (moved.status_code, moved.json()["code"]) == (409, "fleet_in_use")
        assert route["code"] in moved.json()["detail"]
        later = await changed(office, "shifts", shift["id"], end="2026-11-23T20:00:00-03:00")
        assert body_of(later)["vehicle_id"] == shift["vehicle_id"]


async def test_a_vehicle_of_a_published_route_is_not_taken_out_of_use(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        route, shift = await in_use(office)
        van_id = shift["vehicle_id"]
        answer = await changed(office, "vehicles", van_id, is_active=False)
        assert (answer.status_code, answer.json()["code"]) == (409, "fleet_in_use")
        assert route["code"] in answer.json()["detail"]
        body_of(await office.post(f"/v1/routes/{route['id']}/close"))
        assert not body_of(await changed(office, "vehicles", van_id, is_active=False))["is_active"]


async def test_a_copy_leaves_a_shift_that_a_route_needs(stage: Stage) -> None:
    """Today's pair would put the driver back into the first van, under tomorrow's route."""
    day = TOMORROW.isoformat()
    days = {"from_date": TODAY.isoformat(), "to_date": day}
    async with stage.client(stage.norte.session()) as office:
        kept, other = body_of(await office.post("/v1/shifts/copy", json=days))["items"]
        body_of(await office.delete(f"/v1/shifts/{other['id']}"))
        body = {key: said for key, said in kept.items() if key != "id"}
        body["vehicle_id"] = other["vehicle_id"]
        body_of(await office.put(f"/v1/shifts/{kept['id']}", json=body))
        plan = await planned(office, day)
        body_of(await office.post(f"/v1/plans/{plan['summary']['id']}/publish"))
        copied = body_of(await office.post("/v1/shifts/copy", json=days))["items"]
        assert [shift["id"] for shift in copied] == [other["id"]]
        stands = body_of(await office.get("/v1/shifts", params={"date": day}))["items"]
        assert {shift["id"]: shift["vehicle_id"] for shift in stands}[kept["id"]] == (
            other["vehicle_id"]
        )


async def test_a_driver_with_the_van_twice_is_copied_twice_and_what_stands_is_not_doubled(
    stage: Stage,
) -> None:
    days = {"from_date": TODAY.isoformat(), "to_date": LATER}
    async with stage.client(stage.norte.session()) as office:
        shifts = body_of(await office.get("/v1/shifts", params={"date": TODAY.isoformat()}))
        first = shifts["items"][0]
        whole = body_of(await office.post("/v1/shifts/copy", json=days))["items"]
        copied = next(each for each in whole if each["driver_id"] == first["driver_id"])
        # The day as another screen put it: the same hours under an id of its own, and two halves.
        body_of(await office.delete(f"/v1/shifts/{copied['id']}"))
        halves = [("09:00", "12:00"), ("14:00", "18:00")]
        for number, (start, end) in enumerate(halves):
            half = copied | {
                "start": f"{LATER}T{start}:00-03:00",
                "end": f"{LATER}T{end}:00-03:00",
            }
            del half["id"]
            body_of(await office.put(f"/v1/shifts/{UUID(int=number + 1)}", json=half))
        again = body_of(await office.post("/v1/shifts/copy", json=days))["items"]
        on = {"from_date": LATER, "to_date": LATEST}
        both = body_of(await office.post("/v1/shifts/copy", json=on))["items"]
    assert first["driver_id"] not in [each["driver_id"] for each in again]
    assert [each["driver_id"] for each in both].count(first["driver_id"]) == 2
    assert len({each["id"] for each in both}) == len(both)
