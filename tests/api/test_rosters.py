"""Rosters: cells put and undone, rules kept by version, a proposal taken."""

from __future__ import annotations

import asyncio
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from promesa.domain.fleet import Shift
from promesa.kernel.clock import pause_s
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from tests.api.test_demand_forecast import made, send_history, today
from tests.support.client import body_of
from tests.support.platform import Stage
from tests.support.workbooks import untyped

ROSTER = "/v1/capacity/roster"
CELLS = "/v1/capacity/roster/cells"
RULES = "/v1/capacity/labour-rules"
HOURS = "09:00–17:00"
LOOK_S, WAIT_S = 1.0, 60.0


def first_row(board: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = board["depots"][0]["drivers"][0]
    return row


async def test_a_cell_puts_a_shift_of_the_fleet_and_what_was_there_undoes_it(stage: Stage) -> None:
    day = today(stage) + timedelta(days=3)
    async with stage.client(stage.norte.session()) as office:
        driver = first_row(body_of(await office.get(ROSTER)))["driver_id"]
        cell = {"driver_id": driver, "day": day.isoformat(), "shift": HOURS, "depot": "CD"}
        done = body_of(await office.put(CELLS, json={"cells": [cell]}))
        (shift,) = body_of(await office.get("/v1/shifts", params={"date": day.isoformat()}))[
            "items"
        ]
        shown = first_row(body_of(await office.get(ROSTER)))["cells"][3]
        undone = body_of(await office.put(CELLS, json={"cells": done["before"]}))
        left = body_of(await office.get("/v1/shifts", params={"date": day.isoformat()}))["items"]
    assert (done["accepted"], done["failures"]) == (1, [])
    assert shift["driver_id"] == driver
    assert [duty["shift"] for duty in shown["duties"]] == [HOURS]
    assert undone["before"][0]["vehicle_id"] == shift["vehicle_id"]
    assert left == []


async def test_an_absence_takes_the_shift_away_and_is_undone_with_it(stage: Stage) -> None:
    day = (today(stage) + timedelta(days=3)).isoformat()
    async with stage.client(stage.norte.session()) as office:
        driver = first_row(body_of(await office.get(ROSTER)))["driver_id"]
        cell = {"driver_id": driver, "day": day}
        await office.put(CELLS, json={"cells": [cell | {"shift": HOURS, "depot": "CD"}]})
        done = body_of(await office.put(CELLS, json={"cells": [cell | {"is_away": True}]}))
        away = first_row(body_of(await office.get(ROSTER)))["cells"][3]
        await office.put(CELLS, json={"cells": done["before"]})
        back = first_row(body_of(await office.get(ROSTER)))["cells"][3]
    assert (away["is_away"], away["duties"]) == (True, [])
    assert (back["is_away"], len(back["duties"])) == (False, 1)


async def test_what_somebody_changed_since_is_not_undone(stage: Stage) -> None:
    day = (today(stage) + timedelta(days=3)).isoformat()
    async with stage.client(stage.norte.session()) as office:
        driver = first_row(body_of(await office.get(ROSTER)))["driver_id"]
        cell = {"driver_id": driver, "day": day, "shift": HOURS, "depot": "CD"}
        done = body_of(await office.put(CELLS, json={"cells": [cell]}))
        undo = {"cells": done["before"], "expected": done["after"]}
        changed = [cell | {"shift": "10:00–18:00"}]
        body_of(await office.put(CELLS, json={"cells": changed}))
        refused = await office.put(CELLS, json=undo)
        body_of(await office.put(CELLS, json={"cells": [cell]}))
        undone = body_of(await office.put(CELLS, json=undo))
        left = body_of(await office.get("/v1/shifts", params={"date": day}))["items"]
    assert (refused.status_code, refused.json()["code"]) == (409, "roster_cells_changed")
    assert (undone["accepted"], left) == (1, [])


async def test_what_a_route_needs_stays_and_the_good_cells_are_put(stage: Stage) -> None:
    """Today's shifts carry published routes; a day later nothing does."""
    now = today(stage)
    async with stage.client(stage.norte.session()) as office:
        row = first_row(body_of(await office.get(ROSTER)))
        driver = row["driver_id"]
        assert row["cells"][0]["duties"]
        cells = [
            {"driver_id": driver, "day": now.isoformat()},
            {
                "driver_id": driver,
                "day": (now + timedelta(days=2)).isoformat(),
                "shift": HOURS,
                "depot": "cd-que-no-hay",
            },
            {
                "driver_id": driver,
                "day": (now + timedelta(days=3)).isoformat(),
                "shift": HOURS,
                "depot": "CD",
            },
        ]
        done = body_of(await office.put(CELLS, json={"cells": cells}))
    assert done["accepted"] == 1
    assert [(fault["row"], fault["field"]) for fault in done["failures"]] == [
        (1, "shift"),
        (2, "depot"),
    ]
    assert "usa este turno" in done["failures"][0]["reason"]


async def test_a_van_has_one_driver_at_a_time(stage: Stage) -> None:
    day = (today(stage) + timedelta(days=3)).isoformat()
    async with stage.client(stage.norte.session()) as office:
        vans = body_of(await office.get("/v1/vehicles"))["items"]
        people = body_of(await office.get(ROSTER))["depots"][0]["drivers"]
        for number in range(len(vans)):
            body = {"code": f"X-{number}", "name": f"Extra {number}"}
            people.append({"driver_id": body_of(await office.post("/v1/drivers", json=body))["id"]})
        cells = [
            {"driver_id": each["driver_id"], "day": day, "shift": HOURS, "depot": "CD"}
            for each in people
        ]
        done = body_of(await office.put(CELLS, json={"cells": cells}))
        shifts = body_of(await office.get("/v1/shifts", params={"date": day}))["items"]
    assert len({shift["vehicle_id"] for shift in shifts}) == len(shifts) == len(vans)
    assert done["failures"][0]["field"] == "vehicle_id"
    assert "No queda camioneta libre" in done["failures"][0]["reason"]


async def test_a_van_that_is_out_all_night_has_no_morning_shift(stage: Stage) -> None:
    """Every van goes out on one evening; before six of the next morning none is back."""
    night = today(stage) + timedelta(days=3)
    async with stage.client(stage.norte.session()) as office:
        vans = body_of(await office.get("/v1/vehicles"))["items"]
        people = [
            body_of(await office.post("/v1/drivers", json={"code": f"N-{n}", "name": f"Noche {n}"}))
            for n in range(len(vans) + 1)
        ]
        cells = [cell_of(each["id"], night, "22:00–06:00") for each in people[1:]]
        body_of(await office.put(CELLS, json={"cells": cells}))
        morning = night + timedelta(days=1)
        early = [cell_of(people[0]["id"], morning, "05:00–12:00")]
        done = body_of(await office.put(CELLS, json={"cells": early}))
    assert done["accepted"] == 0
    assert "No queda camioneta libre" in done["failures"][0]["reason"]


async def test_who_puts_a_day_waits_for_who_is_putting_it_and_moves_their_shift(
    stage: Stage,
) -> None:
    """Two planners take proposals at once; each would find the day empty, and put a shift."""
    day = today(stage) + timedelta(days=3)
    async with stage.client(stage.norte.session()) as office:
        driver = first_row(body_of(await office.get(ROSTER)))["driver_id"]
        van = body_of(await office.get("/v1/vehicles"))["items"][0]
        on = ServiceDay(day)
        first = Shift(
            id=derived_id("shift", "first"),
            date=day,
            driver_id=UUID(driver),
            vehicle_id=UUID(van["id"]),
            depot_id=UUID(van["depot_id"]),
            start=on.at(time(9)),
            end=on.at(time(17)),
        )
        async with asyncio.timeout(WAIT_S), stage.platform.transaction(stage.norte.tenant_id) as tx:
            await tx.fleet.lock_shifts()
            second = asyncio.create_task(
                office.put(CELLS, json={"cells": [cell_of(driver, day, "10:00–18:00")]})
            )
            await pause_s(LOOK_S)
            assert not second.done()
            await tx.fleet.put_shift(first)
        done = body_of(await second)
        shifts = body_of(await office.get("/v1/shifts", params={"date": day.isoformat()}))["items"]
    assert [each["shift"] for each in done["before"]] == ["09:00–17:00"]
    assert [each["id"] for each in shifts if each["driver_id"] == driver] == [str(first.id)]


def cell_of(driver: str, day: date, shift: str) -> dict[str, str]:
    return {"driver_id": driver, "day": day.isoformat(), "shift": shift, "depot": "CD"}


async def test_a_second_shift_leaves_the_one_that_was_moved_where_it_is(stage: Stage) -> None:
    day = (today(stage) + timedelta(days=3)).isoformat()
    morning, evening = "08:00–13:00", "15:00–20:00"
    async with stage.client(stage.norte.session()) as office:
        driver = first_row(body_of(await office.get(ROSTER)))["driver_id"]

        async def put(*codes: str) -> list[str]:
            cells = [
                {"driver_id": driver, "day": day, "shift": code, "depot": "CD"} for code in codes
            ]
            body_of(await office.put(CELLS, json={"cells": cells}))
            shifts = body_of(await office.get("/v1/shifts", params={"date": day}))["items"]
            return sorted(each["start"] for each in shifts if each["driver_id"] == driver)

        await put(morning)
        (moved,) = await put(evening)
        both = await put(evening, morning)
    assert len(both) == 2
    assert both[1] == moved


async def test_rules_are_kept_by_version_and_the_template_comes_back(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        found = body_of(await office.get(RULES))
        rows = [row | {"is_on": False} for row in found["template"]]
        saved = body_of(await office.put(RULES, json={"rows": rows, "version": 0}))
        stale = await office.put(RULES, json={"rows": rows, "version": 0})
        odd = await office.put(RULES, json={"rows": [rows[0] | {"source": ""}], "version": 1})
        back = body_of(await office.put(RULES, json={"rows": found["template"], "version": 1}))
    assert (found["standing"]["version"], found["standing"]["author"]) == (0, None)
    assert (saved["standing"]["version"], [each["version"] for each in saved["earlier"]]) == (
        1,
        [0],
    )
    assert saved["standing"]["author"]
    assert (stale.status_code, stale.json()["code"]) == (409, "labour_rules_changed")
    assert (odd.json()["errors"][0]["row"], odd.json()["errors"][0]["field"]) == (1, "source")
    assert back["standing"]["rows"] == found["template"]


HIRES = {
    "depot": "CD",
    "contract_vehicles": 1,
    "contract_day_cost_clp": 90_000,
    "spot_vehicles": 2,
    "spot_day_cost_clp": 150_000,
}


def hires_of_rosters(board: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """Who comes by contract and for the day, by day, over all shifts."""
    found: dict[str, tuple[int, int]] = {}
    for need in board["depots"][0]["needs"]:
        contracted, spot = found.get(need["day"], (0, 0))
        found[need["day"]] = contracted + need["contracted"], spot + need["spot"]
    return found


def hires_of_fleet(board: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """Likewise of *Flota*, on the first two weeks."""
    days = board["depots"][0]["days"][:14]
    return {day["day"]: (day["contracted"], day["spot"]) for day in days}


async def test_a_proposal_is_told_first_and_taken_cell_by_cell(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        await send_history(office, today(stage), 84)
        await made(office)
        await office.put("/v1/capacity/terms", json=HIRES)
        before = body_of(await office.get(ROSTER))
        found = body_of(await office.post(f"{ROSTER}/proposal", json={}))
        same = body_of(await office.get(ROSTER))
        cells = [
            {"driver_id": each["driver_id"], "day": each["day"], "shift": each["after"]}
            | {"depot": each["depot"]}
            for each in found["changes"]
        ]
        done = body_of(await office.put(CELLS, json={"cells": cells}))
        after = body_of(await office.get(ROSTER))
        fleet = body_of(await office.get("/v1/capacity"))
        again = body_of(await office.post(f"{ROSTER}/proposal", json={}))
        freed = body_of(await office.post(f"{ROSTER}/proposal", json={"frees_spare": True}))
        far = await office.get(ROSTER, params={"start": "2031-01-01"})
        table = (await office.get("/v1/exports/roster/csv")).text
        book = (await office.get("/v1/exports/roster/xlsx")).content
    assert untyped(book) == []
    assert before == same
    assert found["changes"]
    assert (done["accepted"], done["failures"]) == (len(cells), [])
    assert lacking(after) < lacking(before)
    assert (needs_and_hours(found["board"]), found["board"]["headline"]) == (
        needs_and_hours(after),
        after["headline"],
    )
    assert [
        told for depot in after["depots"] for row in depot["drivers"] for told in row["warnings"]
    ] == []
    assert again["changes"] == []
    # Nobody has more than the hours of a full week.
    assert (after["spare"]["days"], after["spare"]["contract_h"]) == (0, 42.0)
    assert freed["changes"] == []
    assert hires_of_rosters(after) == hires_of_fleet(fleet)
    assert {spot for _, spot in hires_of_rosters(after).values()} > {0}
    assert far.json()["code"] == "roster_days_invalid"
    assert after["start_max"] > after["end"]
    assert any(change["after"] in table for change in found["changes"])


async def test_the_doors_of_today_load_the_published_routes(stage: Stage) -> None:
    terms = {"depot": "CD", "doors": 1, "loading_min": 20, "loading_span_min": 20}
    async with stage.client(stage.norte.session()) as office:
        free = body_of(await office.get("/v1/capacity/docks"))["depots"][0]
        await office.put("/v1/capacity/terms", json=terms)
        tight = body_of(await office.get("/v1/capacity/docks"))["depots"][0]
        table = (await office.get("/v1/exports/docks/csv")).text
        assert untyped((await office.get("/v1/exports/docks/xlsx")).content) == []
        papers = [
            await office.get(f"/v1/exports/{name}/pdf")
            for name in ("docks", "roster", "capacity", "demand-forecast")
        ]
    assert (free["source"], free["are_given"], free["late"]) == ("published", False, 0)
    assert tight["are_given"]
    assert tight["late"] == len(tight["slots"]) - 1 == len(tight["sentences"])
    assert len(tight["variants"]) == 2
    assert len(table.splitlines()) == len(tight["slots"]) + 1
    assert [paper.content[:4] for paper in papers] == [b"%PDF"] * 4
    assert {paper.headers["content-type"] for paper in papers} == {"application/pdf"}


def needs_and_hours(board: dict[str, Any]) -> list[Any]:
    return [
        (depot["needs"], [row["weeks"] for row in depot["drivers"]]) for depot in board["depots"]
    ]


def lacking(board: dict[str, Any]) -> int:
    return sum(need["missing"] for depot in board["depots"] for need in depot["needs"])


async def test_a_week_is_copied_to_the_next_and_taken_back(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        first = body_of(await office.get(ROSTER))
        depot = first["depots"][0]
        driver, code = depot["drivers"][0]["driver_id"], depot["shifts"][0]["code"]
        monday = today(stage) + timedelta(days=7 - today(stage).weekday())
        far = (monday + timedelta(days=14)).isoformat()
        cell = {"driver_id": driver, "day": monday.isoformat(), "shift": code, "depot": "CD"}
        await office.put(CELLS, json={"cells": [cell]})
        done = body_of(await office.put(f"{ROSTER}/week", json={"day": monday.isoformat()}))
        empty = await office.put(f"{ROSTER}/week", json={"day": far})
        undone = body_of(
            await office.put(CELLS, json={"cells": done["before"], "expected": done["after"]})
        )
    assert done["failures"] == []
    assert [(each["day"], each["shift"]) for each in done["after"]] == [
        ((monday + timedelta(days=7)).isoformat(), code)
    ]
    assert empty.json()["code"] == "roster_week_empty"
    assert undone["accepted"] == 1
