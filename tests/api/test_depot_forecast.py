"""The forecast by depot: a history that names none is split as vans are sized, and adds up."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

from openpyxl import load_workbook

from tests.api.test_demand_forecast import (
    FORECAST,
    IMPORTS,
    JUDGED,
    made,
    of_day,
    send_history,
    today,
)
from tests.support.client import body_of
from tests.support.platform import Stage

MAIPU = [-70.7570, -33.5100]
COMUNAS = ("Maipú", "Ñuñoa")
TODAY = "/v1/demand/today"
EXPORT = "/v1/exports/demand-forecast"
# Enough for eight weeks to be judged.
HISTORY_D = 130


async def test_a_history_without_depots_is_split_by_who_serves_each_comuna(stage: Stage) -> None:
    first = today(stage)
    day = first + timedelta(days=9)
    of_south = {"start": day.isoformat(), "end": day.isoformat()}
    async with stage.client(stage.norte.session()) as office:
        (depot,) = body_of(await office.get("/v1/depots"))["items"]
        place = {"code": "SUR", "name": "Bodega Maipú", "position": MAIPU}
        body_of(await office.post("/v1/depots", json=place))
        await send_history(office, first, HISTORY_D)
        await send_nowhere(office, first)
        sale: dict[str, Any] = of_south | {"name": "Venta del sur", "uplift": 3.0, "sigma": 0.2}
        sale |= {"kind": "campaign", "scope": {"depots": ["SUR"]}}
        body_of(await office.post("/v1/demand/events", json=sale))
        whole = (await made(office))["outlook"]

        async def about(code: str) -> dict[str, Any]:
            seen = body_of(await office.get(FORECAST, params={"depot": code}))
            return dict(seen["outlook"])

        south, north = await about("SUR"), await about(depot["code"])
        now, of_now = [
            body_of(await office.get(TODAY, params=params))["today"]
            for params in ({}, {"depot": "SUR"})
        ]
        number: dict[str, Any] = of_south | {
            "depot": "SUR",
            "orders_a_day": 50.0,
            "reason": "Se cae el techo",
        }
        body_of(await office.post("/v1/demand/overrides", json=number))
        said = await about("SUR")
        awaited = body_of(await office.get(JUDGED))["awaited"]
        table = (await office.get(f"{EXPORT}/csv?depot=SUR")).text
        book = load_workbook(io.BytesIO((await office.get(f"{EXPORT}/xlsx?depot=SUR")).content))
        paper = await office.get(f"{EXPORT}/pdf?depot=SUR")
    assert whole["depots"] == ["SUR", depot["code"]]
    adds_up(whole, south, north)
    # An event of the depot is of what it serves, and of nothing else.
    assert "Venta del sur" in {each["name"] for each in south["events"]}
    assert "Venta del sur" not in {each["name"] for each in north["events"]}
    usual = of_day({"outlook": south}, day + timedelta(days=7))["orders"]["mean"]
    assert of_day({"outlook": south}, day)["orders"]["mean"] > 2 * usual

    assert 0 < of_now["expected"] < now["expected"]
    assert of_now["hours"][23]["expected"] == of_now["morning"]

    # A number typed of the depot is what the depot will have.
    assert round(of_day({"outlook": said}, day)["orders"]["mean"], 6) == 50
    assert awaited[0]["model"] > 2 * 50
    assert all(";Maipú;" in line for line in table.splitlines()[1:])
    assert len(table.splitlines()) == 1 + 28
    assert {row[1] for row in list(book["Por comuna y día"].values)[1:]} == {"Maipú"}
    assert {row[1] for row in list(book["Últimas 8 semanas"].values)[1:]} == {"Maipú"}
    assert paper.content[:4] == b"%PDF"


async def test_what_was_said_of_what_another_depot_serves_is_left_out(stage: Stage) -> None:
    first = today(stage)
    on = {"start": (day := first + timedelta(days=9)).isoformat(), "end": day.isoformat()}
    said = [
        {"depot": "SUR", "orders_a_day": 50.0, "reason": "Se cae el techo"},
        {"comuna": "Ñuñoa", "factor": 2.0, "reason": "Abre un mall"},
        {"factor": 1.1, "reason": "Paro de buses"},
    ]
    fairs = [{"name": f"Feria de {name}", "scope": {"comunas": [name]}} for name in COMUNAS]
    async with stage.client(stage.norte.session()) as office:
        place = {"code": "SUR", "name": "Bodega Maipú", "position": MAIPU}
        body_of(await office.post("/v1/depots", json=place))
        await send_history(office, first, 84)
        for fair in fairs:
            body_of(await office.post("/v1/demand/events", json=on | fair | {"uplift": 2.0}))
        await made(office)
        for each in said:
            body_of(await office.post("/v1/demand/overrides", json=on | each))
        whole = body_of(await office.get(JUDGED))
        own = body_of(await office.get(JUDGED, params={"depot": "SUR"}))
        book = load_workbook(io.BytesIO((await office.get(f"{EXPORT}/xlsx?depot=SUR")).content))
    reasons = {each["override"]["reason"] for each in whole["awaited"]}
    of_south = {each["override"]["reason"] for each in own["awaited"]}
    assert reasons - of_south == {"Abre un mall"}
    assert {"Se cae el techo", "Paro de buses"} <= of_south
    assert {str(row[10]) for row in list(book["Correcciones"].values)[1:]} == of_south
    typed = [{each["name"] for each in found["uplifts"]} for found in (whole, own)]
    assert typed[0] - typed[1] == {"Feria de Ñuñoa"}
    assert {row[0] for row in list(book["Alzas escritas"].values)[1:]} == typed[1]


async def send_nowhere(office: Any, until: date) -> None:
    """Orders of a place that is on no map."""
    days = [until - timedelta(days=ago) for ago in range(HISTORY_D, 0, -1)]
    lines = ["series;date;parcels", *(f"Macondo;{each.isoformat()};30" for each in days), ""]
    told = {"file": ("otra.csv", "\n".join(lines).encode())}
    body_of(await office.post(IMPORTS, files=told))


def adds_up(whole: Any, south: Any, north: Any) -> None:
    """Each comuna is of one depot, and what nobody knows the depot of is in the whole alone."""
    assert [row["comuna"] for row in south["comunas"]] == ["Maipú"]
    # With what the operator's own orders bring to Providencia.
    assert [row["comuna"] for row in north["comunas"]] == ["Ñuñoa", "Providencia"]
    assert whole["unserved"]["comunas"] == ["Macondo"]
    lost = sum(row["next_28"] for row in whole["comunas"] if row["comuna"] == "Macondo")
    assert round(whole["unserved"]["orders"] - lost, 6) == 0
    everything, parts = (
        sum(day["orders"]["mean"] for of in several for day in of["days"])
        for several in ([whole], [south, north])
    )
    assert round(everything - parts - lost, 6) == 0
    assert 0 < len(south["judged"]) == len(whole["judged"])
    assert south["judged"][0]["expected"] < whole["judged"][0]["expected"]
