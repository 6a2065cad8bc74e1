"""Demand history: own orders, files with wrong rows, the newest file, undoing, overrides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from promesa.api.auth import USER_COOKIE
from promesa.domain.actor import Role
from tests.support.client import body_of, open_client, problem_of, session_header
from tests.support.operation import PASSWORD, order_body
from tests.support.platform import Stage
from tests.support.workbooks import untyped

HISTORY = "/v1/demand/history"
IMPORTS = f"{HISTORY}/imports"
OVERRIDES = "/v1/demand/overrides"


async def send(office: Any, text: str, **params: str) -> Any:
    file = {"file": ("historia.csv", text.encode())}
    return await office.post(IMPORTS, files=file, params=params)


async def comunas(office: Any) -> dict[str, dict[str, Any]]:
    found = body_of(await office.get(HISTORY))["comunas"]
    return {item["comuna"]: item for item in found}


async def next_day(stage: Stage) -> dict[str, str]:
    """Headers of the administrator, signed in anew on the day after."""
    stage.clock.move_to(stage.clock.now() + timedelta(days=1))
    async with open_client(stage.app) as visitor:
        who = {"email": "admin@norte.test", "password": PASSWORD}
        answer = await visitor.post("/v1/session", json=who)
    body_of(answer)
    return session_header(answer.cookies[USER_COOKIE])


def rows(*lines: str) -> str:
    return "\n".join(["fecha;comuna;pedidos", *lines, ""])


async def test_a_file_is_looked_at_before_it_is_taken_in(stage: Stage) -> None:
    text = rows("03/11/2026;Maipu;12", "04/11/2026;Maipú;x", "05/11/2026;Atlantis;3")
    async with stage.client(stage.norte.session()) as office:
        seen = body_of(await send(office, text, dry_run="true"))
        assert "Maipú" not in await comunas(office)
        taken = body_of(await send(office, text))
        again = body_of(await send(office, text, dry_run="true"))
        known = (await comunas(office))["Maipú"]
    assert (seen["id"], seen["accepted"], seen["rejected_rows"]) == (None, 1, 2)
    assert [(item["row"], item["field"]) for item in seen["rejected"]] == [
        (3, "pedidos"),
        (4, "comuna"),
    ]
    assert seen["rejected"][0]["written"] == "04/11/2026 · Maipú · x"
    assert not any("Reemplaza" in note for note in seen["notes"])
    assert any("Reemplaza 1 día de 1 comuna " in note for note in again["notes"])
    assert (taken["accepted"], taken["imported_by"]) == (1, "Ada Administra")
    assert (known["orders"], known["days"], known["days_from_files"]) == (12, 1, 1)


async def test_the_newest_file_counts_for_a_day_and_undoing_it_shows_the_one_below(
    stage: Stage,
) -> None:
    async with stage.client(stage.norte.session()) as office:
        body_of(await send(office, rows("03/11/2026;Maipú;12", "04/11/2026;Maipú;10")))
        stage.clock.move_to(stage.clock.now() + timedelta(seconds=1))
        newer = body_of(await send(office, rows("03/11/2026;Maipú;99")))
        assert (await comunas(office))["Maipú"]["orders"] == 109
        body_of(await office.delete(f"{IMPORTS}/{newer['id']}"))
        assert (await comunas(office))["Maipú"]["orders"] == 22
        body_of(await office.post(f"{IMPORTS}/{newer['id']}/restore"))
        assert (await comunas(office))["Maipú"]["orders"] == 109
        files = body_of(await office.get(IMPORTS))["items"]
        assert [item["orders"] for item in files[:2]] == [99, 22]


async def test_a_column_for_each_comuna_is_taken_in_undone_and_exported(stage: Stage) -> None:
    wide = "fecha;Ñuñoa;Maipú\n01/11/2026;3;4\n"
    async with stage.client(stage.norte.session()) as office:
        taken = body_of(await send(office, wide))
        table = await office.get("/v1/exports/demand-history/csv")
        body_of(await office.delete(f"{IMPORTS}/{taken['id']}"))
        undone = await comunas(office)
    assert (taken["accepted"], taken["orders"], taken["rejected"]) == (2, 7, [])
    lines = table.content.decode("utf-8-sig").splitlines()
    assert [line for line in lines if line.startswith("2026-11-01")] == [
        "2026-11-01;Maipú;4;;;",
        "2026-11-01;Ñuñoa;3;;;",
    ]
    assert not {"Ñuñoa", "Maipú"} & undone.keys()


async def test_a_file_that_takes_hours_and_classes_away_says_so(stage: Stage) -> None:
    whole = "fecha;comuna;pedidos;clase;hora\n07/11/2026;Maipú;12;grande;9\n08/11/2026;Maipú;1;;\n"
    async with stage.client(stage.norte.session()) as office:
        body_of(await send(office, whole))
        bare = rows("07/11/2026;Maipú;12", "08/11/2026;Maipú;10")
        (note, *_) = body_of(await send(office, bare, dry_run="true"))["notes"]
        (same, *_) = body_of(await send(office, whole, dry_run="true"))["notes"]
    assert "otro archivo, con clase y hora, que este no trae;" in note
    assert "que este no trae" not in same


async def test_a_file_without_a_good_row_is_refused_whole(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        problem = problem_of(await send(office, rows("ayer;Maipú;3")), 422)
    assert problem["code"] == "demand_sheet_invalid"
    assert [fault["field"] for fault in problem["errors"]] == ["fecha"]


async def test_own_orders_are_history_once_their_day_is_over(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        before = body_of(await office.get(HISTORY))
        assert before["own_until"] is None
    async with stage.client(await next_day(stage)) as office:
        after = body_of(await office.get(HISTORY))
        listed = body_of(await office.get("/v1/orders", params={"limit": "100"}))["items"]
        orders = [order for order in listed if order["state"] != "cancelled"]
    assert (after["own_since"], after["own_until"]) == ("2026-11-23", "2026-11-23")
    # Besides the seven that a file tells of another day.
    assert after["orders"] - 7 == len(orders)
    (lead,) = after["lead_times"]
    assert (lead["depot"], lead["source"]) == ("CD", "cut_off")


async def test_a_class_of_product_parts_the_history(stage: Stage) -> None:
    shop = stage.norte.shops[0].id
    order = order_body("CLASE-1", 2) | {"merchant_id": shop, "product_class": " Línea Blanca "}
    async with stage.client(stage.norte.session()) as office:
        made = body_of(await office.post("/v1/orders", json=order))
        assert made["product_class"] == "línea blanca"
    async with stage.client(await next_day(stage)) as office:
        table = await office.get("/v1/exports/demand-history/csv")
        book = await office.get("/v1/exports/demand-history/xlsx")
    assert untyped(book.content) == []
    lines = table.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "fecha;comuna;pedidos;bodega;clase;hora"
    assert [line for line in lines if line.split(";")[2:5] == ["1", "CD", "línea blanca"]]


async def test_an_export_of_own_orders_is_taken_in_whole(stage: Stage) -> None:
    async with stage.client(await next_day(stage)) as office:
        known = body_of(await office.get(HISTORY))
        table = await office.get("/v1/exports/demand-history/csv")
        seen = body_of(await send(office, table.content.decode("utf-8-sig"), dry_run="true"))
    assert (seen["orders"], seen["rejected"]) == (known["orders"], [])


async def test_series_that_are_no_comunas_leave_under_a_heading_that_takes_them(
    stage: Stage,
) -> None:
    named = "series;date;parcels\nS01;2026-11-02;9\nMaipú;2026-11-02;4\n"
    async with stage.client(stage.norte.session()) as office:
        body_of(await send(office, named))
        known = body_of(await office.get(HISTORY))
        table = (await office.get("/v1/exports/demand-history/csv")).content.decode("utf-8-sig")
        seen = body_of(await send(office, table, dry_run="true"))
    assert table.splitlines()[0] == "fecha;series;pedidos;bodega;clase;hora"
    assert (seen["orders"], seen["rejected"]) == (known["orders"], [])


async def test_the_example_can_be_imported(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        example = await office.get(f"{HISTORY}/template.csv")
        seen = body_of(
            await office.post(
                IMPORTS, files={"file": ("e.csv", example.content)}, params={"dry_run": "true"}
            )
        )
    assert (seen["accepted"], seen["rejected"]) == (3, [])


async def test_an_override_keeps_its_author_and_is_withdrawn_not_lost(stage: Stage) -> None:
    body = {"start": "2026-12-01", "end": "2026-12-03", "comuna": "Maipú", "factor": 1.3}
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        made = body_of(await office.post(OVERRIDES, json=body | {"reason": "Abre un mall"}))
        assert (made["author"], made["withdrawn_at"]) == ("planificador", None)
        path = f"{OVERRIDES}/{made['id']}/withdraw"
        body_of(await office.post(path))
        again = body_of(await office.post(path))
        assert again["withdrawn_by"] == "planificador"
        december = {"start": "2026-12-01", "end": "2026-12-03"}
        standing = body_of(await office.get(OVERRIDES, params=december))["items"]
        everything = body_of(await office.get(OVERRIDES, params=december | {"withdrawn": "true"}))[
            "items"
        ]
        table = await office.get("/v1/exports/demand-overrides/csv", params=december)
        book = await office.get("/v1/exports/demand-overrides/xlsx", params=december)
    assert untyped(book.content) == []
    assert standing == []
    assert "2026-12-01;2026-12-03;Maipú;;;1,3;;Abre un mall;planificador;" in table.text
    assert [item["id"] for item in everything] == [made["id"]]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"factor": None}, "factor"),
        ({"orders_a_day": 5}, "factor"),
        ({"end": "2026-11-30"}, "end"),
        ({"reason": " "}, "reason"),
        ({"factor": 0}, "factor"),
    ],
)
async def test_an_override_that_cannot_be_meant_is_refused(
    stage: Stage, wrong: dict[str, Any], field: str
) -> None:
    body = {"start": "2026-12-01", "end": "2026-12-03", "factor": 1.3, "reason": "Feria"} | wrong
    async with stage.client(stage.norte.session()) as office:
        problem = problem_of(await office.post(OVERRIDES, json=body), 422)
    assert [fault["field"] for fault in problem["errors"]] == [field]


async def test_who_only_reads_imports_and_overrides_nothing(stage: Stage) -> None:
    async with stage.client(stage.norte.session(Role.READER)) as reader:
        assert body_of(await reader.get(HISTORY))["comunas"]
        problem_of(await send(reader, rows("03/11/2026;Maipú;12")), 403)
