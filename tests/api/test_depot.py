"""The warehouse over HTTP: a scan says where the parcel belongs, the board counts it."""

from __future__ import annotations

import asyncio
from typing import Any

from promesa.domain.actor import Role
from promesa.kernel.ids import derived_id
from tests.support.client import body_of
from tests.support.operation import TODAY
from tests.support.platform import Stage


def scan_of(barcode: str, depot_id: str, kind: str, number: int = 0) -> dict[str, Any]:
    return {
        "id": str(derived_id("scan", barcode, kind, number)),
        "barcode": barcode,
        "depot_id": depot_id,
        "occurred_at": f"{TODAY}T09:30:00-03:00",
        "kind": kind,
    }


async def test_a_scan_tells_where_the_parcel_belongs_and_the_second_one_that_it_was_read(
    stage: Stage,
) -> None:
    async with stage.client(stage.norte.session(Role.WAREHOUSE)) as dock:
        depot_id = body_of(await dock.get("/v1/depots"))["items"][0]["id"]
        board = {"depot_id": depot_id, "date": TODAY.isoformat()}
        lines = body_of(await dock.get("/v1/depot/parcels", params=board))["items"]
        line = next(item for item in lines if item["stage"] == "expected")
        scans = [scan_of(line["barcode"], depot_id, "received", number) for number in range(2)]
        first, second = body_of(await dock.post("/v1/depot/scans", json={"scans": scans}))[
            "results"
        ]
        counted = body_of(await dock.get("/v1/depot/board", params=board))["routes"]
    assert (first["status"], first["parcel"]["reference"]) == ("accepted", line["reference"])
    assert first["parcel"]["route_code"] == line["route_code"]
    assert second["code"] == "parcel_already_scanned"
    assert sum(load["in_depot"] for load in counted) == 1


async def test_an_unknown_code_has_no_parcel(stage: Stage) -> None:
    async with stage.client(stage.norte.session(Role.WAREHOUSE)) as dock:
        depot_id = body_of(await dock.get("/v1/depots"))["items"][0]["id"]
        scans = {"scans": [scan_of("NADIE-1", depot_id, "received")]}
        (result,) = body_of(await dock.post("/v1/depot/scans", json=scans))["results"]
    assert (result["code"], result["parcel"]) == ("barcode_unknown", None)


async def test_an_account_says_what_a_route_has_to_square(stage: Stage) -> None:
    async with stage.client(stage.norte.session(Role.WAREHOUSE)) as dock:
        route_id = stage.norte.drivers[0].route_id
        account = body_of(await dock.get(f"/v1/routes/{route_id}/account"))
        refused = await dock.post(f"/v1/routes/{route_id}/reconcile", json={"counted_clp": 0})
        unasked = await dock.post(f"/v1/routes/{route_id}/reconcile", json={})
        false = await dock.post(f"/v1/routes/{route_id}/reconcile", json={"counted_clp": -1})
    assert account["state"] in {"started", "published", "loading", "loaded"}
    assert (refused.status_code, refused.json()["code"]) == (409, "route_not_back")
    # No route is squared without the amount that was counted.
    assert [unasked.status_code, false.status_code] == [422, 422]


async def test_a_route_that_is_back_is_squared_with_the_cash_that_was_counted(stage: Stage) -> None:
    route_id = stage.norte.drivers[0].route_id
    async with (
        stage.client(stage.norte.session(Role.WAREHOUSE)) as dock,
        stage.client(stage.norte.session()) as office,
    ):
        depot_id = body_of(await dock.get("/v1/depots"))["items"][0]["id"]
        body_of(await office.post(f"/v1/routes/{route_id}/close"))
        account = body_of(await dock.get(f"/v1/routes/{route_id}/account"))
        scans = [
            scan_of(line["barcode"], depot_id, "returned") | {"route_id": str(route_id)}
            for line in account["aboard"]
        ]
        stray = [scan_of("NADIE-3", depot_id, "returned") | {"route_id": str(route_id)}]
        body_of(await dock.post("/v1/depot/scans", json={"scans": scans + stray}))
        square = f"/v1/routes/{route_id}/reconcile"
        told = account["cash"]["to_count_clp"]
        mute = await dock.post(square, json={"counted_clp": told + 500})
        body = {"counted_clp": told + 500, "note": "Venía de más"}
        squared = body_of(await dock.post(square, json=body))
        summary = body_of(await office.get(f"/v1/routes/{route_id}"))["summary"]
    assert (mute.status_code, mute.json()["code"]) == (422, "count_note_missing")
    assert (squared["state"], squared["aboard"]) == ("reconciled", [])
    assert (squared["cash"]["difference_clp"], squared["cash"]["notes"]) == (500, ["Venía de más"])
    assert [(item["barcode"], item["why"]) for item in squared["surplus"]] == [
        ("NADIE-3", "unknown")
    ]
    assert (summary["cash_told_clp"], summary["cash_counted_clp"]) == (told, told + 500)


async def test_docks_that_scan_the_same_parcel_at_once_are_answered_one_after_the_other(
    stage: Stage,
) -> None:
    async with stage.client(stage.norte.session(Role.WAREHOUSE)) as dock:
        depot_id = body_of(await dock.get("/v1/depots"))["items"][0]["id"]
        board = {"depot_id": depot_id, "date": TODAY.isoformat()}
        lines = body_of(await dock.get("/v1/depot/parcels", params=board))["items"]
        barcode = next(item["barcode"] for item in lines if item["reference"] == "A4")
        answers = await asyncio.gather(
            *(
                dock.post(
                    "/v1/depot/scans", json={"scans": [scan_of(barcode, depot_id, "staged", n)]}
                )
                for n in range(3)
            )
        )
    results = [body_of(answer)["results"][0] for answer in answers]
    assert sorted(result["status"] for result in results) == ["accepted", "refused", "refused"]


async def test_a_scan_that_can_be_no_label_stops_no_other(stage: Stage) -> None:
    async with stage.client(stage.norte.session(Role.WAREHOUSE)) as dock:
        depot_id = body_of(await dock.get("/v1/depots"))["items"][0]["id"]
        codes = ["A\x00B", "X" * 5_000, "NADIE-2"]
        scans = [scan_of(code, depot_id, "received") for code in codes]
        answer = await dock.post("/v1/depot/scans", json={"scans": scans})
    told = [result["code"] for result in body_of(answer)["results"]]
    assert told == ["event_unreadable", "event_unreadable", "barcode_unknown"]
