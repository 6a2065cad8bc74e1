"""The phone: batches that come twice, late and backwards, pictures, and positions of two apps."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
from PIL import Image

from promesa.kernel.ids import derived_id
from tests.support.client import body_of, problem_of
from tests.support.operation import arrive, event, put_picture, tell
from tests.support.platform import Stage


async def next_stop(phone: httpx.AsyncClient) -> dict[str, Any]:
    shown = body_of(await phone.get("/v1/driver/route"))
    return next(stop for stop in shown["stops"] if stop["state"] != "closed")


async def statuses(phone: httpx.AsyncClient, events: list[dict[str, Any]]) -> list[str]:
    answer = body_of(await phone.post("/v1/driver/events", json={"events": events}))
    return [result["status"] for result in answer["results"]]


async def test_a_link_binds_one_phone_once(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        path = f"/v1/drivers/{stage.norte.ids['driver_id']}/sign-in-link"
        link = body_of(await office.post(path))
    token = link["url"].partition("#")[2]
    assert token not in link["url"].partition("#")[0]
    async with stage.client() as phone:
        first = await phone.post("/v1/driver/session", json={"token": token})
        again = await phone.post("/v1/driver/session", json={"token": token})
    cookie = first.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=lax", "path=/v1/driver"))
    problem_of(again, 404)


async def test_a_batch_that_comes_twice_happens_once(stage: Stage) -> None:
    async with stage.client(stage.norte.phone()) as phone:
        stop = await next_stop(phone)
        door = await arrive(phone, stage.clock, stop)
        photo = await put_picture(phone, stage.clock, stop["stop_id"], "photo")
        closing = event(
            stage.clock,
            "stop.closed",
            **door,
            outcome="failed",
            reason="RECIPIENT_ABSENT",
            evidence=[photo],
        )
        first = await statuses(phone, [closing])
        again = await statuses(phone, [closing, closing])
    assert (first, again) == (["accepted"], ["duplicate", "duplicate"])


async def test_messages_in_the_wrong_order_end_the_same(stage: Stage) -> None:
    """Without a signal at the door: closed, arrived and started come at once, last first."""
    async with stage.client(stage.norte.phone()) as phone:
        stop = await next_stop(phone)
        photo = await put_picture(phone, stage.clock, stop["stop_id"], "photo")
        at = {"stop_id": stop["stop_id"], "position": stop["position"]}
        told = [event(stage.clock, "stop.started", stop_id=stop["stop_id"])]
        for minutes, kind, content in (
            (5, "stop.arrived", {}),
            (2, "stop.closed", {"outcome": "succeeded", "evidence": [photo], "receiver": {}}),
        ):
            stage.clock.move_to(stage.clock.now() + timedelta(minutes=minutes))
            told.append(event(stage.clock, kind, **at, **content))
        assert await statuses(phone, told[::-1]) == ["accepted"] * 3
    async with stage.client(stage.norte.session()) as office:
        order = body_of(await office.get(f"/v1/orders/{stop['order_id']}"))
    assert order["state"] == "delivered"


async def test_one_bad_event_in_a_batch_stops_no_other(stage: Stage) -> None:
    async with stage.client(stage.norte.phone()) as phone:
        stop = await next_stop(phone)
        good = event(stage.clock, "stop.started", stop_id=stop["stop_id"])
        odd = event(stage.clock, "stop.danced", stop_id=stop["stop_id"])
        unknown = event(stage.clock, "stop.arrived", stop_id=str(derived_id("no stop")))
        naive = good | {"id": str(derived_id("naive")), "occurred_at": "2026-11-23T09:00:00"}
        told = await statuses(phone, [odd, unknown, naive, {"id": "x"}, good])
    assert told == ["refused"] * 4 + ["accepted"]


async def test_an_event_that_is_no_object_is_refused_alone(stage: Stage) -> None:
    async with stage.client(stage.norte.phone()) as phone:
        stop = await next_stop(phone)
        good = event(stage.clock, "stop.started", stop_id=stop["stop_id"])
        answer = await phone.post("/v1/driver/events", json={"events": [good, 7, None]})
        told = [result["status"] for result in body_of(answer)["results"]]
    assert told == ["accepted", "refused", "refused"]


async def test_a_field_that_a_newer_phone_adds_is_no_reason_to_lose_an_event(stage: Stage) -> None:
    async with stage.client(stage.norte.phone()) as phone:
        stop = await next_stop(phone)
        told = event(stage.clock, "stop.started", stop_id=stop["stop_id"]) | {"mood": "good"}
        assert await statuses(phone, [told]) == ["accepted"]


async def test_a_photo_may_come_after_its_stop_was_closed(stage: Stage) -> None:
    async with stage.client(stage.norte.phone()) as phone:
        stop = await next_stop(phone)
        door = await arrive(phone, stage.clock, stop)
        picture_id = str(derived_id("picture", stop["stop_id"], "photo"))
        closing = event(
            stage.clock,
            "stop.closed",
            **door,
            outcome="succeeded",
            evidence=[{"id": picture_id, "kind": "photo"}],
            receiver={"relation": "recipient"},
        )
        await tell(phone, [closing])
        assert (await put_picture(phone, stage.clock, stop["stop_id"], "photo"))["id"] == picture_id
    async with stage.client(stage.norte.session()) as office:
        picture = await office.get(f"/v1/evidence/{picture_id}")
        story = body_of(await office.get(f"/v1/orders/{stop['order_id']}/story"))
    assert picture.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(picture.content)).format == "JPEG"
    assert {"proof.captured", "stop.late_evidence"} <= {fact["type"] for fact in story["facts"]}
    assert [piece["withdrawn_at"] for piece in story["evidence"]] == [None] * len(story["evidence"])


async def test_what_is_no_picture_is_refused(stage: Stage) -> None:
    stop_id = stage.norte.ids["stop_id"]
    fields = {"stop_id": stop_id, "kind": "photo", "captured_at": "2026-11-23T10:00:00-03:00"}
    for content in (b"", b"%PDF-1.7", b"\xff\xd8\xff broken", b"\x89PNG\r\n\x1a\n"):
        async with stage.client(stage.norte.phone()) as phone:
            answer = await phone.put(
                f"/v1/driver/evidence/{derived_id(content)}",
                data=fields,
                files={"file": ("foto.jpg", content, "image/jpeg")},
            )
        assert answer.status_code in {400, 422}, content
        assert answer.json()["detail"]


async def test_a_photo_over_the_limit_is_refused(stage: Stage) -> None:
    fields = {
        "stop_id": stage.norte.ids["stop_id"],
        "kind": "photo",
        "captured_at": "2026-11-23T10:00:00-03:00",
    }
    async with stage.client(stage.norte.phone()) as phone:
        answer = await phone.put(
            f"/v1/driver/evidence/{derived_id('big')}",
            data=fields,
            files={"file": ("foto.jpg", b"\xff\xd8\xff" + bytes(13_000_000), "image/jpeg")},
        )
    assert answer.status_code in {413, 422}


async def pair(phone: httpx.AsyncClient) -> dict[str, Any]:
    paired: dict[str, Any] = body_of(await phone.post("/v1/driver/pairing"))
    return paired


def traccar(secret: str, at: str, lon: float, lat: float) -> dict[str, Any]:
    """As Traccar Client 9 posts it."""
    coords = {"latitude": lat, "longitude": lon, "accuracy": 6.0, "speed": 8.0, "heading": 90.0}
    return {
        "location": {"timestamp": at, "coords": coords, "battery": {"level": 0.8}},
        "device_id": secret,
    }


async def test_both_traccar_dialects_and_the_page_are_one_track(stage: Stage) -> None:
    """Three positions a minute apart, each by another way, on the way to the next stop."""
    began = stage.clock.now()
    moments = [began + timedelta(minutes=number) for number in (1, 2, 3)]
    driver_id = UUID(stage.norte.drivers[0].id)
    async with stage.client(stage.norte.phone()) as phone:
        stop = await next_stop(phone)
        paired = await pair(phone)
        link = parse_qs(urlsplit(paired["deep_link"]).query)
        assert link["id"] == [paired["device_id"]]
        lon, lat = stop["position"]
        stage.clock.move_to(moments[-1])
        async with stage.client() as app:
            body = traccar(paired["device_id"], moments[0].isoformat(), lon, lat)
            body_of(await app.post("/v1/positions/traccar", json=body))
            query = {
                "id": paired["device_id"],
                "lat": str(lat),
                "lon": str(lon + 0.001),
                "timestamp": str(int(moments[1].timestamp())),
                "speed": "10",
                "bearing": "90",
                "batt": "79",
            }
            body_of(await app.get("/v1/positions/osmand", params=query))
            body_of(await app.post("/v1/positions/osmand", params=query))
        fix = {
            "id": str(derived_id("page fix")),
            "at": moments[2].isoformat(),
            "position": [lon + 0.002, lat],
        }
        body_of(await phone.post("/v1/driver/positions", json={"fixes": [fix]}))
    async with stage.platform.database.transaction(stage.norte.tenant_id) as tx:
        track = await tx.tracks.list_between(driver_id, moments[0], moments[2])
    assert [fix.source for fix in track][:2] == ["traccar", "osmand"]
    assert len(track) == 3


async def test_a_position_of_a_phone_we_do_not_know_is_refused(stage: Stage) -> None:
    async with stage.client() as app:
        body = traccar("nobodys-phone", "2026-11-23T13:00:00Z", -70.6, -33.4)
        known = await app.post("/v1/positions/traccar", json=body)
        query = {"id": "nobodys-phone", "lat": "-33.4", "lon": "-70.6"}
        other = await app.get("/v1/positions/osmand", params=query)
    assert {known.status_code, other.status_code} <= {403, 404}


async def test_positions_that_cannot_be_are_refused_with_a_reason_each(stage: Stage) -> None:
    now = stage.clock.now().isoformat()
    fixes = [
        {"id": str(derived_id(1)), "at": now, "position": [0.0, 0.0]},
        {"id": str(derived_id(2)), "at": now, "position": [-270.0, 0.0]},
        {"id": str(derived_id(3)), "at": "2026-11-23T09:00:00", "position": [-70.6, -33.4]},
        {"id": str(derived_id(4)), "at": 0, "position": [-70.6, -33.4]},
    ]
    async with stage.client(stage.norte.phone()) as phone:
        told = body_of(await phone.post("/v1/driver/positions", json={"fixes": fixes}))
    assert told["accepted"] == 0
    assert len(told["refused"]) == 4
    assert all(item["reason"] for item in told["refused"])


async def test_parcels_of_a_stop_taken_off_the_route_stay_in_the_van_until_scanned(
    stage: Stage,
) -> None:
    async with (
        stage.client(stage.norte.phone()) as phone,
        stage.client(stage.norte.session()) as office,
    ):
        stop = await next_stop(phone)
        body = {"date": "2026-11-25", "cause": "rescheduled_by_dispatcher"}
        path = f"/v1/orders/{stop['order_id']}/reschedule"
        body_of(await office.post(path, json=body))
        shown = body_of(await phone.get("/v1/driver/route"))
        (left,) = shown["left_aboard"]
        barcodes = [parcel["barcode"] for parcel in left["parcels"]]
        told = [event(stage.clock, "parcel.returned_to_depot", barcode=code) for code in barcodes]
        assert await statuses(phone, told) == ["accepted"] * len(told)
        after = body_of(await phone.get("/v1/driver/route"))
    assert stop["stop_id"] not in {item["stop_id"] for item in shown["stops"]}
    assert barcodes == [parcel["barcode"] for parcel in stop["parcels"]]
    assert after["left_aboard"] == []


async def test_a_picture_is_kept_whatever_its_phone_says_of_place_and_hour(stage: Stage) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 40)).save(picture, "JPEG")
    async with stage.client(stage.norte.phone()) as phone:
        stop = await next_stop(phone)
        for number, (lon, at) in enumerate(
            (("200", "1970-01-01T00:00:00+00:00"), ("nan", "0001-01-01T00:00:00+14:00"))
        ):
            said = {"stop_id": stop["stop_id"], "kind": "photo", "captured_at": at}
            answer = await phone.put(
                f"/v1/driver/evidence/{derived_id('odd picture', number)}",
                data=said | {"lon": lon, "lat": "-33.4"},
                files={"file": ("a.jpg", picture.getvalue(), "image/jpeg")},
            )
            assert body_of(answer)["status"] == "kept"
    async with stage.platform.transaction(stage.norte.tenant_id) as tx:
        kept = await tx.proofs.get(derived_id("odd picture", 0))
    assert (kept.position, kept.captured_at) == (None, stage.clock.now())
