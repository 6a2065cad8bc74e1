"""What an operator offers, and the curve of days promised against promises broken."""

from __future__ import annotations

import io
from typing import Any

import httpx
from openpyxl import load_workbook

from promesa.domain.actor import Role
from tests.api.test_quotes import DOOR, plan_shift, quoted
from tests.support.client import body_of, problem_of
from tests.support.platform import Stage
from tests.support.workbooks import untyped


async def terms_of(office: httpx.AsyncClient) -> Any:
    return body_of(await office.get("/v1/promises/terms"))


async def test_terms_are_those_we_begin_with_until_somebody_saves_others(stage: Stage) -> None:
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        begun = await terms_of(office)
        asked = begun["terms"] | {"cutoff": "12:00:00", "broken_clp": 12_000}
        saved = body_of(await office.put("/v1/promises/terms", json=asked))
        assert await terms_of(office) == saved
    assert begun["saved_at"] is None
    assert (saved["terms"]["cutoff"], saved["terms"]["broken_clp"]) == ("12:00:00", 12_000)


async def test_every_version_of_the_terms_stays_with_its_author_the_newest_first(
    stage: Stage,
) -> None:
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        begun = (await terms_of(office))["terms"]
        body_of(await office.put("/v1/promises/terms", json=begun | {"hold_min": 7}))
        body_of(await office.put("/v1/promises/terms", json=begun | {"hold_min": 8}))
        versions = body_of(await office.get("/v1/promises/terms/versions"))["items"]
        assert await terms_of(office) == versions[0]
    assert [(each["version"], each["terms"]["hold_min"]) for each in versions] == [
        (2, 8),
        (1, 7),
        (0, 60),
    ]
    assert [bool(each["author"]) for each in versions] == [True, True, False]


async def test_who_read_another_version_overwrites_nobody(stage: Stage) -> None:
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        read = await office.get("/v1/promises/terms")
        terms, tag = body_of(read)["terms"], {"If-Match": read.headers["etag"]}
        first = await office.put("/v1/promises/terms", json=terms | {"hold_min": 7}, headers=tag)
        late = await office.put("/v1/promises/terms", json=terms | {"hold_min": 9}, headers=tag)
        assert (await terms_of(office))["terms"]["hold_min"] == 7
        odd = {"If-Match": "la-mia"}
        odd_answer = await office.put("/v1/promises/terms", json=terms, headers=odd)
    assert (read.headers["etag"], first.headers["etag"]) == ('"0"', '"1"')
    assert problem_of(late, 409)["code"] == "offer_terms_changed"
    assert problem_of(odd_answer, 422)["code"] == "if_match_invalid"


async def test_saved_terms_change_the_next_quote(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        assert (await quoted(office))["windows"][0]["name"] == "Todo el día"
        terms = (await terms_of(office))["terms"]
        week = [0, 1, 2, 3, 4, 5]
        windows: list[dict[str, object]] = [
            {"name": "Mañana", "start": "09:00:00", "end": "14:00:00", "weekdays": week},
            {"name": "Tarde", "start": "14:00:00", "end": "20:00:00", "weekdays": week},
        ]
        windows[0]["price_clp"] = 990
        body_of(
            await office.put(
                "/v1/promises/terms", json=terms | {"windows": windows, "kept_min": 0.9}
            )
        )
        found = (await quoted(office))["windows"][:2]
    assert [(each["name"], each["start"][11:16]) for each in found] == [
        ("Mañana", "12:00"),
        ("Tarde", "17:00"),
    ]
    assert found[0]["price_clp"] >= 990


async def test_terms_that_cannot_be_kept_are_refused_fault_by_fault(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        terms = (await terms_of(office))["terms"]
        terms["windows"][0] |= {"start": "18:00:00", "end": "09:00:00"}
        answer = await office.put("/v1/promises/terms", json=terms | {"kept_min": 1.5})
        assert (await terms_of(office))["saved_at"] is None
    faults = problem_of(answer, 422)["errors"]
    assert [fault["field"] for fault in faults] == ["windows[0].end", "kept_min"]


async def test_a_reader_sees_terms_and_does_not_change_them(stage: Stage) -> None:
    async with stage.client(stage.norte.session(Role.READER)) as reader:
        terms = (await terms_of(reader))["terms"]
        answer = await reader.put("/v1/promises/terms", json=terms)
    assert problem_of(answer, 403)["code"] == "forbidden"


async def test_another_operators_terms_are_its_own(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        terms = (await terms_of(office))["terms"]
        body_of(await office.put("/v1/promises/terms", json=terms | {"hold_min": 7}))
    async with stage.client(stage.sur.session()) as office:
        assert (await terms_of(office))["saved_at"] is None


async def test_the_curve_says_what_each_comuna_is_shown_and_where_the_operator_stands(
    stage: Stage,
) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.session(Role.READER)) as reader:
        curve = body_of(await reader.get("/v1/promises/curve"))
        assert (await quoted_by_operator(stage))["windows"]
    assert [each["comuna"] for each in curve["comunas"]] == ["Providencia"]
    assert curve["comunas"][0]["days"] == 1
    assert curve["own"]["days"] == 1.0
    assert 0 < curve["own"]["late_share"] < 0.05
    assert curve["quantile"] == 0.95
    assert (curve["alarm"]["state"], curve["outcomes"]) == ("unknown", 0)
    assert (curve["alarm"]["told_days"], curve["alarm"]["days_min"]) == (0, 7)
    assert curve["basis"] == "model"


async def test_other_prices_are_tried_on_the_curve_before_anybody_saves_them(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.session(Role.READER)) as reader:
        asked = {"day_later_clp": 0, "broken_clp": 50_000}
        tried = body_of(await reader.get("/v1/promises/curve", params=asked))
        kept = body_of(await reader.get("/v1/promises/curve"))
        answer = await reader.get("/v1/promises/curve", params={"broken_clp": 0})
    assert (tried["day_later_clp"], tried["broken_clp"]) == (0, 50_000)
    assert tried["own"]["ratio"] == 50_000
    assert kept["own"]["ratio"] == 20
    assert problem_of(answer, 400)["errors"][0]["field"] == "broken_clp"


async def test_what_is_shown_and_the_curve_leave_as_tables(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.session(Role.READER)) as reader:
        rows = await reader.get("/v1/exports/promises/csv")
        curve = await reader.get("/v1/exports/promises/csv", params={"table": "curve"})
        book = await reader.get("/v1/exports/promises/xlsx")
    lines = rows.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("comuna;pedidos en Promesa, 8 semanas;desde")
    assert lines[1].startswith("Providencia;")
    assert "2026-11-24 09:00" in lines[1]
    own = curve.content.decode("utf-8-sig").splitlines()[-1]
    assert own.endswith(";sí")
    assert untyped(book.content) == []
    assert load_workbook(io.BytesIO(book.content)).sheetnames == ["Comunas", "Días", "Curva"]


async def quoted_by_operator(stage: Stage) -> Any:
    async with stage.client(stage.norte.session()) as office:
        return await quoted(office, position=DOOR)


async def test_more_than_any_window_can_be_sure_of_is_refused_with_what_can_be_had(
    stage: Stage,
) -> None:
    """Of the whole day some 98,8 % at most: the rest are failures that no van of ours can help."""
    async with stage.client(stage.norte.session()) as office:
        terms = body_of(await office.get("/v1/promises/terms"))["terms"]
        refused = await office.put("/v1/promises/terms", json=terms | {"kept_min": 0.995})
        body_of(await office.put("/v1/promises/terms", json=terms | {"kept_min": 0.985}))
    fault = problem_of(refused, 422)["errors"][0]
    assert (fault["field"], fault["code"]) == ("kept_min", "unreachable")
    assert "98,7 %" in fault["reason"]
