"""A visit that waits for a person stands in 'Qué mirar' until it is decided in its story."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from tests.api.test_driver import next_stop
from tests.support.client import body_of, problem_of
from tests.support.operation import arrive, event, put_picture, tell
from tests.support.platform import Stage


async def line_of(office: Any, kind: str) -> Any:
    lines = body_of(await office.get("/v1/day"))["exceptions"]
    return next((line for line in lines if line["kind"] == kind), None)


async def visit(stage: Stage, phone: Any, **told: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Stands at the next door with a photo; the stop, and the visit as the phone would tell it."""
    stop = await next_stop(phone)
    door = await arrive(phone, stage.clock, stop)
    photo = await put_picture(phone, stage.clock, stop["stop_id"], "photo")
    said = {"outcome": "succeeded", "evidence": [photo], "receiver": {"relation": "recipient"}}
    return stop, event(stage.clock, "stop.closed", **(door | said | told))


async def test_another_amount_than_the_due_one_is_shown_until_somebody_has_seen_it(
    stage: Stage,
) -> None:
    async with (
        stage.client(stage.norte.phone()) as phone,
        stage.client(stage.norte.session()) as office,
    ):
        stop, closing = await visit(stage, phone, cod_collected_clp=5_000, note="Pagó otro pedido")
        await tell(phone, [closing])
        await stage.platform.pump.settle()
        line = await line_of(office, "cash_differs")
        shown = next(
            item
            for item in body_of(await phone.get("/v1/driver/route"))["stops"]
            if item["stop_id"] == stop["stop_id"]
        )
        story = body_of(await office.get(f"/v1/orders/{stop['order_id']}/story"))
        path = f"/v1/stops/{stop['stop_id']}/decision"
        body_of(await office.post(path, json={"decision": "seen"}))
        again = await office.post(path, json={"decision": "seen"})
        after = await line_of(office, "cash_differs")
    visited = line["facts"]["visit"]
    assert (line["order_id"], line["route_id"], line["action"]) == (stop["order_id"], None, "see")
    assert (visited["cod_due_clp"], visited["cod_collected_clp"]) == (None, 5_000)
    assert (visited["note"], visited["reference"]) == ("Pagó otro pedido", stop["reference"])
    assert visited["driver"]
    assert shown["cod_collected_clp"] == 5_000
    assert [doubt["doubt"] for doubt in story["doubts"]] == ["cash_differs"]
    assert after is None
    assert problem_of(again, 409)["code"] == "doubt_settled"


def why_of(story: dict[str, Any]) -> str | None:
    """The words of who decided: they stand with the people, and the event has none."""
    facts = story["facts"]
    settled = next(fact for fact in facts if fact["type"] == "stop.doubt_settled")
    return cast("str | None", settled["data"].get("cause"))


async def test_a_delivery_in_dispute_is_accepted_from_its_story(stage: Stage) -> None:
    async with (
        stage.client(stage.norte.phone()) as phone,
        stage.client(stage.norte.session()) as office,
    ):
        stop, closing = await visit(stage, phone)
        route_id = stage.norte.ids["route_id"]
        depot_id = body_of(await office.get("/v1/depots"))["items"][0]["id"]
        stage.clock.move_to(stage.clock.now() + timedelta(hours=5))
        body_of(await office.post(f"/v1/routes/{route_id}/close"))
        scans = [
            {
                "id": f"00000000-0000-7000-8000-00000000000{number}",
                "barcode": parcel["barcode"],
                "depot_id": depot_id,
                "occurred_at": stage.clock.now().isoformat(),
                "kind": "returned",
            }
            for number, parcel in enumerate(stop["parcels"])
        ]
        body_of(await office.post("/v1/depot/scans", json={"scans": scans}))
        answer = await phone.post("/v1/driver/events", json={"events": [closing]})
        (refused,) = body_of(answer)["results"]
        await stage.platform.pump.settle()
        line = await line_of(office, "delivery_disputed")
        before = body_of(await office.get(f"/v1/orders/{stop['order_id']}/story"))
        decision = {"decision": "accepted", "cause": "La destinataria lo tiene"}
        body_of(await office.post(f"/v1/stops/{stop['stop_id']}/decision", json=decision))
        await stage.platform.pump.settle()
        story = body_of(await office.get(f"/v1/orders/{stop['order_id']}/story"))
        after = await line_of(office, "delivery_disputed")
        person_id = story["order"]["recipient"]["person_id"]
        assert (await office.delete(f"/v1/people/{person_id}")).status_code == 204
        erased = body_of(await office.get(f"/v1/orders/{stop['order_id']}/story"))
    assert refused["code"] == "delivery_disputed"
    assert [why_of(told) for told in (story, erased)] == ["La destinataria lo tiene", None]
    assert (line["action"], line["facts"]["visit"]["outcome"]) == ("decide", "succeeded")
    assert line["facts"]["visit"]["why"] == "parcel.returned_to_depot"
    assert [doubt["may_be_accepted"] for doubt in before["doubts"]] == [True]
    assert (story["order"]["state"], story["doubts"], after) == ("delivered", [], None)
    assert all(chain["is_intact"] for chain in story["custody"])
    assert {chain["entries"][-1]["holder_kind"] for chain in story["custody"]} == {"recipient"}
    told = [message["kind"] for message in story["messages"] if message["channel"] != "webhook"]
    assert "delivered" in told
