"""The capacity board: what it lacks, terms kept and refused, a forecast sized, what if."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

from openpyxl import load_workbook

from promesa.runtime.slips import Slip
from tests.api.test_demand_forecast import made, send_history, today
from tests.support.client import body_of
from tests.support.platform import Stage
from tests.support.workbooks import untyped

BOARD = "/v1/capacity"
TERMS = "/v1/capacity/terms"
OFFER = "/v1/promises/terms"
WHAT_IF = "/v1/capacity/what-if"


async def test_without_a_forecast_the_board_says_what_it_lacks(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        found = body_of(await office.get(BOARD))
        refused = await office.post(WHAT_IF, json={"vehicles_less": 1})
        stage.platform.forecastings.of(stage.norte.tenant_id).slip = Slip("first")
        under_way = body_of(await office.get(BOARD))
    assert (found["lacking"], found["depots"]) == ("forecast", [])
    assert under_way["lacking"] == "forecast_under_way"
    assert (refused.status_code, refused.json()["code"]) == (409, "capacity_without_board")


async def test_terms_are_kept_with_their_author_and_refused_in_words(stage: Stage) -> None:
    good = {"depot": "cd", "contract_vehicles": 4, "contract_day_cost_clp": 90_000}
    async with stage.client(stage.norte.session()) as office:
        saved = body_of(await office.put(TERMS, json=good))
        (kept,) = body_of(await office.get(TERMS))["items"]
        stale = await office.put(TERMS, json=good)
        odd = await office.put(TERMS, json={"depot": "CD", "spot_vehicles": 3, "version": 1})
        nowhere = await office.put(TERMS, json={"depot": "LUNA"})
    assert kept == saved
    assert (saved["depot"], saved["version"], saved["contract_vehicles"]) == ("CD", 1, 4)
    assert saved["author"]
    assert (stale.status_code, stale.json()["code"]) == (409, "capacity_terms_changed")
    assert odd.json()["errors"][0]["field"] == "spot_day_cost_clp"
    assert "No hay un CD" in nowhere.json()["errors"][0]["reason"]


async def test_every_version_of_the_terms_stays_with_its_author_and_can_be_taken_back(
    stage: Stage,
) -> None:
    first = {"depot": "CD", "contract_vehicles": 4, "contract_day_cost_clp": 90_000}
    async with stage.client(stage.norte.session()) as office:
        body_of(await office.put(TERMS, json=first))
        body_of(await office.put(TERMS, json=first | {"contract_vehicles": 9, "version": 1}))
        back = body_of(await office.put(TERMS, json=first | {"version": 2}))
        versions = body_of(await office.get(f"{TERMS}/versions", params={"depot": "CD"}))["items"]
        nowhere = await office.get(f"{TERMS}/versions", params={"depot": "LUNA"})
    async with stage.client(stage.sur.session()) as other:
        foreign = body_of(await other.get(f"{TERMS}/versions", params={"depot": "CD"}))["items"]
    assert [(each["version"], each["contract_vehicles"]) for each in versions] == [
        (3, 4),
        (2, 9),
        (1, 4),
        (0, 0),
    ]
    assert versions[0] == back
    assert [bool(each["author"]) for each in versions] == [True, True, True, False]
    assert "No hay un CD" in nowhere.json()["errors"][0]["reason"]
    assert [each["version"] for each in foreign] == [0]


async def test_a_forecast_is_sized_for_each_day_and_the_slider_moves_it(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        await send_history(office, today(stage), 84)
        await made(office)
        board = body_of(await office.get(BOARD))
        (depot,) = board["depots"]
        days = depot["days"]
        assert board["lacking"] is None
        assert (len(days), depot["target"]) == (28, 0.97)
        busy = max(days, key=lambda day: float(day["deliveries"]))
        assert busy["needed_p50"] <= busy["needed_p97"]
        assert busy["ready"] == busy["own"] + busy["contracted"] + busy["spot"] + busy["gap"]
        assert busy["gap"] > 0
        assert any("falta" in sentence for sentence in board["sentences"])

        # Its vehicles have no price yet: what they cost is assumed, and said.
        assert (depot["vehicles_priced"], depot["own_cost_from"]) == (0, "assumed")
        assert board["cost_clp"] == board["cost_assumed_clp"] > 0
        assert (depot["learnt"]["routes"], depot["learnt"]["days_missing"]) == (0, 5)
        await sundays_are_worked(office, board)

        low = body_of(await office.get(BOARD, params={"target": "0.6"}))
        assert low["gap"] < board["gap"]

        await hired(office)
        more = body_of(await office.get(BOARD))
        assert more["gap"] == 0
        assert more["kept"] > board["kept"]
        assert more["cost_clp"] > board["cost_clp"]

        asked = {"vehicles_less": 1, "depot": "CD"}
        as_it_is, fewer = body_of(await office.post(WHAT_IF, json=asked))["items"]
        # What drives today is on the road already.
        assert as_it_is["cost_clp"] == more["cost_clp"] - more["depots"][0]["days"][0]["cost_clp"]
        assert fewer["cost_clp"] > as_it_is["cost_clp"]
        assert fewer["name"] == "Sin 1 camioneta en Centro"
        # The terms of offer were saved, and with them what a broken promise costs.
        assert fewer["undelivered_clp"] == round(8_000 * fewer["undelivered"])
        assert fewer["total_clp"] == fewer["cost_clp"] + fewer["undelivered_clp"]
        place = {"position": [-70.757, -33.51], "label": "Maipú", "vehicles": 2}
        _, new = body_of(await office.post(WHAT_IF, json={"new_depot": place}))["items"]
        assert new["name"] == "CD nuevo en Maipú con 2 camionetas nuevas"
        assert new["takes"] == ["Maipú"]
        none = await office.post(WHAT_IF, json={})
        assert none.json()["code"] == "capacity_change_invalid"
        table = (await office.get("/v1/exports/capacity/csv")).text
        await what_ifs_leave_with_the_board(office, as_it_is, fewer, new)
    sheet_is_whole(table)


async def what_ifs_leave_with_the_board(office: Any, *on_screen: dict[str, Any]) -> None:
    """As the screen shows them, below the plan as it is; one that cannot be tried says why."""
    place = {"position": [-70.757, -33.51], "label": "Maipú", "vehicles": 2}
    changes: list[dict[str, Any]] = [
        {"vehicles_less": 1, "depot": "CD"},
        {"new_depot": place, "cut_off": None},
        {"vehicles_less": 900, "depot": "CD"},
    ]
    asked = {"what_if": [json.dumps(change) for change in changes]}
    content = (await office.get("/v1/exports/capacity/xlsx", params=asked)).content
    assert untyped(content) == []
    page = load_workbook(io.BytesIO(content))["Comparación"]
    _, *rows = page.iter_rows(values_only=True)
    found = [(row[0], *row[3:6]) for row in rows[:3]]
    money = ("cost_clp", "undelivered_clp", "total_clp")
    assert found == [(each["name"], *(each[key] for key in money)) for each in on_screen]
    assert [row[10] for row in rows[:3]] == [
        None,
        *(each["total_clp"] - on_screen[0]["total_clp"] for each in on_screen[1:]),
    ]
    assert rows[2][11] == "Maipú"
    assert rows[3][1] is None
    assert "camionetas" in str(rows[3][12])
    printed = await office.get("/v1/exports/capacity/pdf", params=asked)
    assert printed.content.startswith(b"%PDF")
    odd = await office.get("/v1/exports/capacity/pdf", params={"what_if": '{"vans": 3}'})
    assert (odd.status_code, odd.json()["errors"][0]["field"]) == (422, "vans")


def sheet_is_whole(table: str) -> None:
    """A row a day, the total below; closed days keep nothing and break nothing."""
    head, *rows, total = table.splitlines()
    assert (len(rows), rows[0].split(";")[1], total.split(";")[0]) == (28, "Centro", "Total")
    assert rows[0].count(";") == total.count(";") == head.count(";")
    closed = [row for row in rows if row.endswith("No se reparte")]
    assert closed
    assert all(row.split(";")[-3:-1] == ["", ""] for row in closed)


async def sundays_are_worked(office: Any, before: dict[str, Any]) -> None:
    """The terms of offer say it, and the board follows without another forecast."""
    assert before["delivery"]["weekdays"] == [0, 1, 2, 3, 4, 5]
    assert before["delivery"]["cut_off"] == "18:00:00"
    assert {day["deliveries"] for day in sundays(before)} == {0}
    kept = body_of(await office.get(OFFER))["terms"]
    windows = [{**window, "weekdays": list(range(7))} for window in kept["windows"]]
    body_of(await office.put(OFFER, json={**kept, "windows": windows, "cutoff": "14:00:00"}))
    after = body_of(await office.get(BOARD))
    assert after["delivery"]["weekdays"] == list(range(7))
    assert after["delivery"]["cut_off"] == "14:00:00"
    assert min(day["deliveries"] for day in sundays(after)) > 0
    body_of(await office.put(OFFER, json=kept))


def sundays(board: dict[str, Any]) -> list[dict[str, Any]]:
    days = board["depots"][0]["days"]
    return [day for day in days if date.fromisoformat(day["day"]).weekday() == 6]


async def hired(office: Any) -> None:
    terms = {"depot": "CD", "spot_vehicles": 900, "spot_day_cost_clp": 150_000}
    body_of(await office.put(TERMS, json=terms))
