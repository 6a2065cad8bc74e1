"""The rest of the day planned anew, and an order that has just come in: asked, waited for, made."""

from __future__ import annotations

from datetime import timedelta
from threading import Event
from typing import Any

from promesa.kernel.clock import pause_s
from promesa.runtime.searches import WAITING_MAX
from tests.support.client import body_of, open_client
from tests.support.operation import TODAY, TOMORROW, event, order_body, tell
from tests.support.platform import Stage

LOOKS_MAX = 600
DAY = {"date": TODAY.isoformat()}


async def answered(office: Any, path: str, **asked: Any) -> Any:
    """What the planner answers in the end."""
    answer = await office.post(path, json=asked)
    assert answer.status_code == 202, answer.text
    search = answer.json()
    for _ in range(LOOKS_MAX):
        if search["state"] not in {"queued", "running"}:
            return search
        await pause_s(0.02)
        search = body_of(await office.get(f"{path}/{search['id']}"))
    raise AssertionError(search)


async def new_order(stage: Stage, reference: str = "U1", number: int = 2) -> str:
    """An order of today that comes after the plan."""
    async with open_client(stage.app, **stage.norte.shop()) as shop:
        order = body_of(await shop.post("/v1/orders", json=order_body(reference, number)))
    return str(order["id"])


async def state_of(office: Any, order_id: str) -> str:
    return str(body_of(await office.get(f"/v1/orders/{order_id}"))["state"])


async def test_changes_are_looked_for_beside_the_server_and_kept(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        found = await answered(office, "/v1/replans", **DAY)
        assert (found["state"], found["progress"], found["failure"]) == ("ready", 1.0, None)
        assert found["stops"] > 0
        again = body_of(await office.get(f"/v1/replans/{found['id']}"))
        assert again == found
        for change in found["changes"]:
            assert change["saves"] >= 0


async def test_a_thorough_search_answers_with_the_same_list(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        limits = {"stops_max": 5, "windows_max": 1, "is_thorough": True}
        found = await answered(office, "/v1/replans", **DAY, **limits)
        assert found["state"] == "ready"
        moved = {move["stop_id"] for change in found["changes"] for move in change["moves"]}
        assert len(moved) <= 5
        harmed = {stop["stop_id"] for change in found["changes"] for stop in change["harmed"]}
        assert len(harmed) <= 1


async def test_who_leaves_waits_no_longer(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        search = (await office.post("/v1/replans", json=DAY)).json()
        for _ in range(2):
            assert (await office.delete(f"/v1/replans/{search['id']}")).status_code == 204
        left = body_of(await office.get(f"/v1/replans/{search['id']}"))
        assert (left["state"], left["changes"]) == ("cancelled", [])
        nobodys = await office.delete(f"/v1/replans/{stage.norte.tenant_id}")
        assert (nobodys.status_code, nobodys.json()["code"]) == (404, "search_forgotten")


async def test_a_search_is_its_operators_alone(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        found = await answered(office, "/v1/replans", **DAY)
        async with stage.client(stage.sur.session()) as others:
            path = f"/v1/replans/{found['id']}"
            assert (await others.get(path)).status_code == 404
            assert (await others.delete(path)).status_code == 404
        assert (await office.get(path)).status_code == 200


async def test_no_more_wait_than_may(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        # Whoever plans just now keeps the planner busy.
        stage.platform.executor.submit(_stand_still)
        codes = [
            (await office.post("/v1/replans", json=DAY)).status_code for _ in range(WAITING_MAX + 1)
        ]
        assert codes == [202] * WAITING_MAX + [409]


def _stand_still() -> None:
    Event().wait(2.0)


async def test_the_best_places_of_an_urgent_order_say_what_they_do(stage: Stage) -> None:
    order_id = await new_order(stage)
    async with stage.client(stage.norte.session()) as office:
        found = await answered(office, "/v1/insertions", order_id=order_id)
        assert (found["reference"], found["sentence"]) == ("U1", None)
        assert 1 <= len(found["places"]) <= 10
        assert found["tried"] >= len(found["places"])
        routes = body_of(await office.get("/v1/routes", params=DAY))["items"]
        under_way = {route["id"] for route in routes if route["state"] == "started"}
        for place in found["places"]:
            # Its parcels lie in the depot: who is on the road goes back for them first.
            assert (place["depot"] is not None) == (place["route_id"] in under_way)
            assert place["added_cost_clp"] >= 0
            assert place["latest"] >= place["arrival"]


async def test_an_urgent_order_goes_into_a_route_and_out_again(stage: Stage) -> None:
    order_id = await new_order(stage)
    async with stage.client(stage.norte.session()) as office:
        found = await answered(office, "/v1/insertions", order_id=order_id)
        assert found["places"], found
        place = found["places"][0]
        chosen = {
            "order_id": order_id,
            "to_route_id": place["route_id"],
            "after_stop_id": place["after"] and place["after"]["stop_id"],
        }
        route = body_of(await office.post("/v1/insertions/accept", json=chosen))
        visits = [stop["order_id"] for stop in route["stops"]]
        at = visits.index(order_id)
        assert place["after"] is None or visits[at - 1] == place["after"]["order_id"]
        assert await state_of(office, order_id) == "scheduled"
        twice = body_of(await office.post("/v1/insertions/accept", json=chosen))
        assert twice == route
        elsewhere = chosen | {"to_route_id": stage.norte.ids["delivered_order_id"]}
        refused = await office.post("/v1/insertions/accept", json=elsewhere)
        assert (refused.status_code, refused.json()["code"]) == (409, "order_not_waiting")
        as_a_replan = await office.get(f"/v1/replans/{found['id']}")
        assert (as_a_replan.status_code, as_a_replan.json()["code"]) == (404, "search_forgotten")

        for _ in range(2):
            body_of(await office.post("/v1/insertions/undo", json={"order_id": order_id}))
        assert await state_of(office, order_id) == "confirmed"
        left = body_of(await office.get(f"/v1/routes/{place['route_id']}"))
        assert order_id not in [s["order_id"] for s in left["stops"] if s["state"] != "closed"]
        # It waits as before, so it may go in once more.
        again = await answered(office, "/v1/insertions", order_id=order_id)
        assert again["places"]
        body_of(await office.post("/v1/insertions/accept", json=chosen))
        assert await state_of(office, order_id) == "scheduled"


async def all_are(office: Any, kind: str) -> None:
    """Every vehicle is of this kind from now on."""
    for vehicle in body_of(await office.get("/v1/vehicles"))["items"]:
        body = {key: said for key, said in vehicle.items() if key != "id"} | {"kind": kind}
        body_of(await office.put(f"/v1/vehicles/{vehicle['id']}", json=body))


async def test_trucks_take_an_urgent_order_and_bicycles_without_their_streets_do_not(
    stage: Stage,
) -> None:
    order_id = await new_order(stage)
    async with stage.client(stage.norte.session()) as office:
        await all_are(office, "truck")
        place = (await answered(office, "/v1/insertions", order_id=order_id))["places"][0]
        replanned = await answered(office, "/v1/replans", **DAY)
        assert replanned["stops"] > 0
        assert "queda" not in replanned["sentence"]
        chosen = {"order_id": order_id, "to_route_id": place["route_id"]}
        route = body_of(await office.post("/v1/insertions/accept", json=chosen))
        assert order_id in [stop["order_id"] for stop in route["stops"]]
        body_of(await office.post("/v1/insertions/undo", json={"order_id": order_id}))

        await all_are(office, "bicycle")
        found = await answered(office, "/v1/insertions", order_id=order_id)
        assert found["places"] == []
        assert found["sentence"].startswith("Solo quedan bicicletas")
        sentence = (await answered(office, "/v1/replans", **DAY))["sentence"]
        assert "esta ciudad se armó sin la red de bicicletas" in sentence
        refused = await office.post("/v1/insertions/accept", json=chosen)
        assert (refused.status_code, refused.json()["code"]) == (409, "move_not_possible")


async def test_the_driver_is_sent_to_the_depot_for_an_urgent_order(stage: Stage) -> None:
    order_id = await new_order(stage)
    async with stage.client(stage.norte.session()) as office:
        found = await answered(office, "/v1/insertions", order_id=order_id)
        assert found["places"], found
        own = stage.norte.drivers[0].route_id
        place = next(place for place in found["places"] if place["route_id"] == own)
        chosen = {
            "order_id": order_id,
            "to_route_id": own,
            "after_stop_id": place["after"] and place["after"]["stop_id"],
        }
        body_of(await office.post("/v1/insertions/accept", json=chosen))
        async with open_client(stage.app, **stage.norte.phone()) as phone:
            shown = body_of(await phone.get("/v1/driver/route"))
            stop = next(stop for stop in shown["stops"] if stop["order_id"] == order_id)
            assert stop["transfer"]["is_depot"] is True
            assert stop["transfer"]["from_code"] == place["depot"]
            stage.clock.move_to(stage.clock.now() + timedelta(minutes=20))
            barcode = stop["parcels"][0]["barcode"]
            await tell(phone, [event(stage.clock, "parcel.loaded", barcode=barcode)])
            shown = body_of(await phone.get("/v1/driver/route"))
            stop = next(stop for stop in shown["stops"] if stop["order_id"] == order_id)
            assert stop["transfer"] is None
        assert await state_of(office, order_id) == "out_for_delivery"
        undo = await office.post("/v1/insertions/undo", json={"order_id": order_id})
        assert (undo.status_code, undo.json()["code"]) == (409, "insertion_too_late")


async def test_what_waits_for_no_route_today_has_no_places(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        tomorrow = stage.norte.orders["B3"]
        for order_id in (tomorrow, stage.norte.ids["delivered_order_id"]):
            answer = await office.post("/v1/insertions", json={"order_id": order_id})
            if order_id == tomorrow:
                # Nobody drives tomorrow yet.
                assert answer.status_code == 202
                continue
            assert (answer.status_code, answer.json()["code"]) == (409, "order_not_waiting")
        unknown = await office.post("/v1/insertions", json={"order_id": str(stage.norte.tenant_id)})
        assert unknown.status_code == 404
        assert TOMORROW > TODAY
