"""What a stop, its hours and a vehicle cost: of a plan, and of the routes as they stand."""

from __future__ import annotations

import io
from typing import Any

import httpx
import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from promesa.api.price_exports import price_table
from promesa.api.prices import FleetPriceView, PriceView, VehiclePriceView
from promesa.domain.actor import Role
from promesa.kernel.clock import pause_s
from promesa.kernel.ids import derived_id
from promesa.planning.prices import NotPricedError
from promesa.runtime.tables import write_csv
from tests.support.client import body_of
from tests.support.operation import TODAY, TOMORROW, order_body
from tests.support.platform import Stage

LOOKS_MAX = 600


async def priced(office: httpx.AsyncClient, path: str, **asked: Any) -> Any:
    """What the planner answers in the end."""
    answer = await office.post(path, json=asked) if asked else await office.post(path)
    assert answer.status_code == 202, answer.text
    price = answer.json()
    for _ in range(LOOKS_MAX):
        if price["state"] not in {"queued", "running"}:
            return price
        await pause_s(0.02)
        price = body_of(await office.get(f"/v1/prices/{price['id']}"))
    raise AssertionError(price)


async def planned(office: httpx.AsyncClient, day: str) -> Any:
    """A plan, once it is made."""
    made = body_of(await office.post("/v1/plans", json={"date": day, "iterations": 200}))
    for _ in range(LOOKS_MAX):
        plan = body_of(await office.get(f"/v1/plans/{made['id']}"))
        if plan["summary"]["state"] not in {"queued", "running"}:
            return plan
        await pause_s(0.02)
    raise AssertionError(made)


def hours(start: str, end: str, day: str = TODAY.isoformat()) -> dict[str, str]:
    return {"start": f"{day}T{start}:00-03:00", "end": f"{day}T{end}:00-03:00"}


async def first_on_route(office: httpx.AsyncClient) -> tuple[str, str]:
    """A route with several stops, and the order of its last."""
    routes = body_of(await office.get("/v1/routes", params={"date": TODAY.isoformat()}))["items"]
    route = max(routes, key=lambda each: each["stops_total"])
    stops = body_of(await office.get(f"/v1/routes/{route['id']}"))["stops"]
    return str(route["id"]), str(stops[-1]["order_id"])


async def test_a_stop_on_a_route_costs_something_and_its_hours_are_compared(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        _, order_id = await first_on_route(office)
        path = f"/v1/orders/{order_id}/price"
        typed = [hours("16:00", "18:00"), hours("03:00", "03:30")]
        price = await priced(office, path, windows=typed)
        assert (price["state"], price["failure"], price["vehicle"]) == ("ready", None, None)
        stop = price["stop"]
        assert stop["order_id"] == order_id
        assert stop["reference"] == stage.norte.reference_of(order_id)
        assert stop["cost_clp"] > 0
        assert stop["left_out_clp"] > stop["cost_clp"]
        assert stop["duration_s"] > 0
        promised, later, never, free = stop["windows"]
        kinds = [window["kind"] for window in stop["windows"]]
        assert kinds == ["promised", "asked", "asked", "whole_day"]
        # Nothing is cheaper than to come whenever it suits.
        assert 0 == free["more_clp"] <= promised["more_clp"]
        assert later["more_clp"] == later["cost_clp"] - free["cost_clp"] >= 0
        assert later["arrival"] >= "2026-11-23T19:00:00Z"
        assert (never["cost_clp"], never["more_clp"], never["route"]) == (None, None, None)
        again = await priced(office, path, windows=typed)
        assert again["stop"] == stop


async def test_a_street_marked_as_slow_counts_in_the_price_of_its_stop(stage: Stage) -> None:
    """At 1 km/h the last block takes minutes: the van works longer for the stop."""
    async with stage.client(stage.norte.session()) as office:
        _, order_id = await first_on_route(office)
        door = body_of(await office.get(f"/v1/orders/{order_id}"))["placement"]["position"]
        path = f"/v1/orders/{order_id}/price"
        before = (await priced(office, path, windows=[]))["stop"]
        mark = {"line": [door], "speed_kph": 1, "reason": "Feria libre"} | hours("00:00", "23:00")
        assert (await office.post("/v1/traffic/marks", json=mark)).status_code == 201
        slow = (await priced(office, path, windows=[]))["stop"]
        assert slow["duration_s"] > before["duration_s"] + 60
        closed = mark | {"speed_kph": None}
        assert (await office.post("/v1/traffic/marks", json=closed)).status_code == 201
        price = await priced(office, path, windows=[])
        # A door in a closed street stays on its route, and keeps a price.
        assert (price["state"], price["stop"]["duration_s"]) == ("ready", before["duration_s"])


async def test_a_vehicle_of_a_route_is_worth_what_the_day_costs_without_it(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        route_id, _ = await first_on_route(office)
        price = await priced(office, f"/v1/routes/{route_id}/price")
        assert (price["state"], price["stop"]) == ("ready", None), price
        for side in (price["vehicle"]["less"], price["vehicle"]["more"]):
            assert side["worth_clp"] == side["driven_clp"] + side["left_out_clp"]
        less = price["vehicle"]["less"]
        # The other van holds three parcels and has its own: somebody is left out.
        assert less["orders"]
        assert less["left_out_clp"] > 0
        known = set(stage.norte.orders)
        assert {order["reference"] for order in less["orders"]} <= known


async def test_what_was_priced_leaves_as_the_table_on_the_screen(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        route_id, order_id = await first_on_route(office)
        path = f"/v1/orders/{order_id}/price"
        price = await priced(office, path, windows=[hours("16:00", "18:00")])
        table = f"/v1/exports/prices/{price['id']}"
        csv = (await office.get(f"{table}/csv")).content.decode("utf-8-sig")
        heading, *lines = (line.split(";") for line in csv.splitlines())
        cells = [dict(zip(heading, line, strict=True)) for line in lines]
        windows = price["stop"]["windows"]
        assert [int(each["cuesta"]) for each in cells] == [each["cost_clp"] for each in windows]
        assert [each["ruta"] for each in cells] == [each["route"] for each in windows]
        assert cells[1]["desde"] == f"{TODAY} 16:00"
        van = await priced(office, f"/v1/routes/{route_id}/price")
        answer = await office.get(f"/v1/exports/prices/{van['id']}/xlsx")
        page = load_workbook(io.BytesIO(answer.content)).active
        assert page is not None
        plate, code, what, worth, *_ = (cell.value for cell in page[2])
        assert (plate, code) == (van["vehicle"]["plate"], van["vehicle"]["route"])
        assert (what, worth) == ("sin él", van["vehicle"]["less"]["worth_clp"])
        async with stage.client(stage.sur.session()) as others:
            assert (await others.get(f"{table}/csv")).status_code == 404


def unpriced(state: str) -> PriceView:
    return PriceView(
        id=derived_id("price", state),
        state=state,
        progress=1.0,
        keeps_times=True,
        failure=None,
        stop=None,
        vehicle=None,
    )


@pytest.mark.parametrize(
    ("state", "what"),
    [
        ("running", "espera a que aparezca"),
        ("failed", "no se pudo calcular: pregunta de nuevo"),
        ("cancelled", "se dejó: pregunta de nuevo"),
    ],
)
def test_who_takes_a_price_that_is_not_there_is_told_what_to_do(state: str, what: str) -> None:
    with pytest.raises(NotPricedError, match=what):
        price_table(unpriced(state))


@pytest.mark.parametrize("distance_m", [0, 4])
def test_a_vehicle_more_that_changes_nothing_has_no_minus_before_its_noughts(
    distance_m: int,
) -> None:
    same = FleetPriceView(
        worth_clp=0, driven_clp=0, left_out_clp=0, duration_s=0, distance_m=distance_m, orders=[]
    )
    vehicle = VehiclePriceView(vehicle="V-01", route="R-01", plate="AA", less=same, more=same)
    _, sheet = price_table(replace(unpriced("ready"), vehicle=vehicle))
    cells = write_csv(sheet).decode("utf-8-sig").split(";")
    assert "-0" not in cells
    assert cells.count("0") == 2 * 5


async def test_a_plan_that_is_not_published_is_priced_as_it_was_made(stage: Stage) -> None:
    day = TOMORROW.isoformat()
    async with stage.client(stage.norte.session()) as office:
        await office.post("/v1/shifts/copy", json={"from_date": TODAY.isoformat(), "to_date": day})
        plan = await planned(office, day)
        (route, *_) = plan["routes"]
        codes = {each["plate"]: each["code"] for each in plan["routes"]}
        assert list(codes.values()) == [f"R-{n + 1:02d}" for n in range(len(codes))]
        order_id = route["visits"][0]["order_id"]
        alone = len(route["visits"]) == 1
        stop = (await priced(office, f"/v1/orders/{order_id}/price", windows=[]))["stop"]
        assert stop["vehicle"] == route["vehicle_code"]
        (free,) = stop["windows"]
        assert free["route"] == codes.get(free["plate"])
        if alone:
            # Its own way, metre by metre, and the van that would stay at home.
            assert (stop["cost_clp"], stop["distance_m"]) == (
                route["cost_clp"],
                route["distance_m"],
            )
        path = f"/v1/plans/{plan['summary']['id']}/price"
        van = (await priced(office, path, shift_id=route["shift_id"]))["vehicle"]
        assert van["vehicle"] == route["vehicle_code"]
        published = await office.post(f"/v1/plans/{plan['summary']['id']}/publish")
        # The routes keep the names that the plan had for them, and so does the plan.
        routes = body_of(published)["items"]
        assert {each["vehicle"]["plate"]: each["code"] for each in routes} == codes
        again = body_of(await office.get(f"/v1/plans/{plan['summary']['id']}"))
        assert {each["plate"]: each["code"] for each in again["routes"]} == codes
        after = (await priced(office, path, shift_id=route["shift_id"]))["vehicle"]
        assert after == van


async def test_what_no_plan_has_is_said_in_a_sentence(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        async with stage.client(stage.norte.shop()) as shop:
            order = body_of(await shop.post("/v1/orders", json=order_body("NEW-1", 2)))
        answer = await office.post(f"/v1/orders/{order['id']}/price", json={})
        assert (answer.status_code, answer.json()["code"]) == (409, "not_priced")
        assert answer.json()["detail"].startswith("No está en ningún plan ni ruta")
        plan = await planned(office, TODAY.isoformat())
        nobodys = {"shift_id": str(stage.norte.tenant_id)}
        path = f"/v1/plans/{plan['summary']['id']}/price"
        assert (await office.post(path, json=nobodys)).json()["code"] == "not_priced"
        left = next(iter(plan["unserved"]), None)
        if left is not None:
            answer = await office.post(f"/v1/orders/{left['order_id']}/price", json={})
            assert left["sentence"] in answer.json()["detail"]


async def test_who_only_reads_and_other_operators_are_told_no(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        route_id, order_id = await first_on_route(office)
        price = (await office.post(f"/v1/routes/{route_id}/price")).json()
        path = f"/v1/prices/{price['id']}"
        async with stage.client(stage.norte.session(Role.READER)) as reader:
            assert (await reader.get(path)).status_code == 403
            assert (await reader.post(f"/v1/orders/{order_id}/price", json={})).status_code == 403
        async with stage.client(stage.sur.session()) as others:
            assert (await others.get(path)).status_code == 404
            assert (await others.post(f"/v1/routes/{route_id}/price")).status_code == 404
        # What is waited for elsewhere is not asked for here.
        assert (await office.get(f"/v1/replans/{price['id']}")).status_code == 404
        for _ in range(2):
            assert (await office.delete(path)).status_code == 204
        left = body_of(await office.get(path))
        assert left["state"] in {"cancelled", "ready"}
