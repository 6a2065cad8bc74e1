"""What vehicles and drivers can do and what orders ask, from the form to the plan."""

from __future__ import annotations

from typing import Any

import pytest

from promesa.kernel.geo import Position
from tests.api.test_plan_waiting import planned
from tests.api.test_plates import van
from tests.support.client import body_of, problem_of
from tests.support.operation import order_body
from tests.support.platform import Stage

MEAL = {"duration_s": 1_800, "earliest": "13:00:00", "latest": "15:00:00"}


async def test_a_vehicle_keeps_what_was_said_and_what_was_not_stays_unknown(stage: Stage) -> None:
    said = {"kind": "truck", "size": {"height_cm": 320}, "trips_max": 2, "stops_max": 40}
    async with stage.client(stage.norte.session()) as office:
        body_of(await office.post("/v1/vehicles", json=van(stage, "C-1", "HKCD12", **said)))
        body_of(await office.post("/v1/vehicles", json=van(stage, "V-7", "HKCD13")))
        known = {v["code"]: v for v in body_of(await office.get("/v1/vehicles"))["items"]}
    size = {"height_cm": 320, "width_cm": None, "weight_kg": None}
    assert {name: known["C-1"][name] for name in said} == said | {"size": size}
    assert known["C-1"]["loading_time_s"] is None
    free = {name: known["V-7"][name] for name in ("kind", "size", "trips_max", "stops_max")}
    assert free == {"kind": "van", "size": None, "trips_max": 1, "stops_max": None}


@pytest.mark.parametrize(
    ("limits", "field", "said"),
    [
        ({"meal_break": MEAL | {"duration_s": 1_200}}, "meal_break.duration_s", "art. 34"),
        ({"meal_break": MEAL | {"latest": "13:20:00"}}, "meal_break.latest", "no cabe"),
        ({"overtime_max_s": 10_800}, "overtime_max_s", "art. 31"),
    ],
)
async def test_hours_that_the_law_forbids_are_refused_with_its_article(
    stage: Stage, limits: dict[str, Any], field: str, said: str
) -> None:
    body = {"code": "C-90", "name": "Dora Muñoz"} | limits
    async with stage.client(stage.norte.session()) as office:
        problem = problem_of(await office.post("/v1/drivers", json=body), 422)
    (fault,) = problem["errors"]
    assert fault["field"] == field
    assert said in fault["reason"]


async def test_a_driver_keeps_their_hours(stage: Stage) -> None:
    limits = {"meal_break": MEAL, "duty_max_s": 32_400, "latest_start": "10:00:00"}
    async with stage.client(stage.norte.session()) as office:
        made = body_of(
            await office.post("/v1/drivers", json={"code": "C-90", "name": "Dora"} | limits)
        )
        (known,) = [
            driver
            for driver in body_of(await office.get("/v1/drivers"))["items"]
            if driver["id"] == made["id"]
        ]
    assert {name: known[name] for name in limits} == limits
    assert (known["driving_max_s"], known["overtime_max_s"]) == (None, None)


async def test_an_order_that_asks_for_a_vehicle_of_another_day_is_told_so(stage: Stage) -> None:
    body = order_body("ONLY-1", 2) | {"terms": {"only_vehicle": "V-77"}}
    async with stage.client(stage.norte.shop()) as shop:
        placed = body_of(await shop.post("/v1/orders", json=body))
    async with stage.client(stage.norte.session()) as office:
        plan = await planned(office)
    assert placed["terms"]["only_vehicle"] == "V-77"
    reasons = {row["reference"]: row["sentence"] for row in plan["waiting"]}
    assert "ONLY-1" in reasons


async def test_conditions_that_contradict_each_other_are_refused(stage: Stage) -> None:
    terms = {"bond_rank": 1, "only_vehicle": "V-1", "never_vehicles": ["V-1"]}
    async with stage.client(stage.norte.shop()) as shop:
        problem = problem_of(
            await shop.post("/v1/orders", json=order_body("ODD-1", 2) | {"terms": terms}), 422
        )
    assert {fault["field"] for fault in problem["errors"]} == {
        "terms.bond",
        "terms.never_vehicles",
    }


ZONE = ["Z1", "Centro", "moto", "laboral", "07:30", "20:00", "prohibido", ""]
POLYGON = "POLYGON ((-70.66 -33.45, -70.64 -33.45, -70.64 -33.43, -70.66 -33.43, -70.66 -33.45))"


async def test_a_saved_zone_is_the_operators_own_and_comes_back_as_csv(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        body = {"rows": [[*ZONE, POLYGON], ["", "", ""]]}
        body_of(await office.put("/v1/road-tables/zones", json=body))
        tables = body_of(await office.get("/v1/road-tables"))["items"]
        sheet = await office.get("/v1/road-tables/zones/csv")
    async with stage.client(stage.sur.session()) as other:
        theirs = body_of(await other.get("/v1/road-tables"))["items"]
    zones = {table["kind"]: table for table in tables}["zones"]
    assert zones["rows"] == [[*ZONE, POLYGON]]
    assert zones["saved_at"] is not None
    assert sheet.text.splitlines()[0].startswith("id,name,vehicles")
    assert {table["kind"]: table["saved_at"] for table in theirs}["zones"] is None


async def test_a_row_that_cannot_be_used_refuses_the_table_and_names_its_place(
    stage: Stage,
) -> None:
    async with stage.client(stage.norte.session()) as office:
        body = {"rows": [[*ZONE, POLYGON], [*ZONE[:-2], "quizás", "", POLYGON]]}
        problem = problem_of(await office.put("/v1/road-tables/zones", json=body), 422)
        tables = body_of(await office.get("/v1/road-tables"))["items"]
    (fault,) = problem["errors"]
    assert (fault["row"], fault["field"]) == (3, "rule")
    assert {table["kind"]: table["saved_at"] for table in tables}["zones"] is None


async def test_a_toll_gate_is_told_by_its_street_and_its_comuna(stage: Stage) -> None:
    ends = Position(lon=-70.67, lat=-33.45), Position(lon=-70.64, lat=-33.44)
    path = stage.platform.city.network.path(*ends, None)
    place = path.geometry[len(path.geometry) // 2]
    rows = [["G1", "", str(place.lon), str(place.lat), ""], ["G2", "Lejos", "-71.6", "-33.04", ""]]
    async with stage.client(stage.norte.session()) as office:
        body_of(await office.put("/v1/road-tables/prices", json={"rows": []}))
        tables = body_of(await office.put("/v1/road-tables/gates", json={"rows": rows}))
    assert tables["off_map"] == ["G2"]
    graph = stage.platform.city.network.graph
    street, comuna = tables["gate_places"]["G1"].split(", ")
    assert street in graph.names.tolist()
    assert comuna == "Santiago"
    assert tables["gate_places"]["G2"] == "Valparaíso"


async def test_a_zone_drawn_now_counts_for_estimates_and_for_this_operator_only(
    stage: Stage,
) -> None:
    platform, now = stage.platform, stage.clock.now()
    norte, sur = stage.norte.tenant_id, stage.sur.tenant_id
    ends = Position(lon=-70.67, lat=-33.45), Position(lon=-70.64, lat=-33.44)
    before_s = platform.legs(norte).leg_s(*ends, now)
    middle = platform.roads(norte).path(*ends, now).geometry
    place = middle[len(middle) // 2]
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    ring = ", ".join(f"{place.lon + x * 0.002} {place.lat + y * 0.002}" for x, y in corners)
    zone = [*ZONE[:2], "todos", "todos", "", "", "prohibido", "", f"POLYGON (({ring}))"]
    async with stage.client(stage.norte.session()) as office:
        body_of(await office.put("/v1/road-tables/zones", json={"rows": [zone]}))
        around_s = platform.legs(norte).leg_s(*ends, now)
        assert around_s > before_s
        assert platform.legs(sur).leg_s(*ends, now) == before_s
        body_of(await office.put("/v1/road-tables/zones", json={"rows": []}))
        assert platform.legs(norte).leg_s(*ends, now) == before_s
