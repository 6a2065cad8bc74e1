"""The forecast: made from a file, moved by an event and a correction, and what it says without."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import load_workbook

from promesa.domain.actor import Role
from promesa.kernel.clock import pause_s, stopwatch_s
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.runtime.forecast_states import Forecastings
from promesa.runtime.forecasting import forecast_of_the_day
from tests.support.client import body_of, problem_of, session_header
from tests.support.operation import sign_in
from tests.support.platform import Stage
from tests.support.workbooks import untyped

FORECAST = "/v1/demand/forecast"
JUDGED = "/v1/demand/overrides/judged"
IMPORTS = "/v1/demand/history/imports"
BOOK = "/v1/exports/demand-forecast/xlsx"
WAITED_S = 120.0
# Monday to Sunday, as both comunas order.
WEEK = (100, 110, 120, 120, 150, 80, 40)


def today(stage: Stage) -> date:
    return ServiceDay.of(stage.clock.now()).date


async def send_history(office: Any, until: date, days: int, *, extra: Sequence[str] = ()) -> None:
    lines = ["fecha;comuna;pedidos", *extra]
    for ago in range(days, 0, -1):
        day = until - timedelta(days=ago)
        # A wave of a percent or two, so that no two weeks are the same.
        orders = WEEK[day.weekday()] + (day.toordinal() % 3) - 1
        lines += [f"{day:%d/%m/%Y};Maipú;{orders}", f"{day:%d/%m/%Y};Ñuñoa;{orders // 2}"]
    text = "\n".join([*lines, ""])
    body_of(await office.post(IMPORTS, files={"file": ("historia.csv", text.encode())}))


async def made(office: Any, **params: str) -> dict[str, Any]:
    """Asks for a forecast and waits for it."""
    assert (await office.post(FORECAST)).status_code == 202
    began_s = stopwatch_s()
    while (found := body_of(await office.get(FORECAST, params=params)))["is_running"]:
        assert stopwatch_s() - began_s < WAITED_S, "no forecast"
        await pause_s(0.2)
    return dict(found)


def of_day(found: dict[str, Any], day: date) -> dict[str, Any]:
    return next(dict(each) for each in found["outlook"]["days"] if each["day"] == day.isoformat())


async def test_without_history_it_says_what_is_missing(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        found = await made(office)
        assert body_of(await office.get("/v1/demand/today"))["today"] is None
    assert found["outlook"] is None
    assert "28 días de historia" in found["failure"]


async def test_a_history_is_forecast_by_weekday_and_moved_by_events_and_corrections(
    stage: Stage,
) -> None:
    first = today(stage)
    friday = first + timedelta(days=(4 - first.weekday()) % 7 + 7)
    async with stage.client(stage.norte.session()) as office:
        await send_history(office, first, 84)
        found = await made(office)
        assert found["failure"] is None
        assert (len(found["outlook"]["days"]), found["outlook"]["days_max"]) == (28, 28)
        before = of_day(found, friday)["orders"]
        assert 200 < before["p50"] < 250
        assert before["p10"] < before["p50"] < before["p90"]
        sunday = of_day(found, friday + timedelta(days=2))["orders"]
        assert 50 < sunday["p50"] < 70
        assert found["outlook"]["past"][-1]["orders"] > 0

        now = body_of(await office.get("/v1/demand/today"))["today"]
        assert now["morning"] == of_day(found, first)["orders"]["mean"]
        # The history comes by file: own orders say nothing of the day.
        assert (now["basis"], now["mean"]) == ("part", now["morning"])
        assert len(now["hours"]) == 24
        assert now["hours"][23]["expected"] == now["morning"]
        assert now["hours_days"] == 0

        # A server that begins again finds the forecast of the day made.
        stage.platform.forecastings = Forecastings()
        await forecast_of_the_day(stage.platform, stage.norte.tenant_id)
        assert not body_of(await office.get(FORECAST))["is_running"]
        run = body_of(await office.get(f"{FORECAST}/running"))
        assert (run["is_running"], run["progress"]) == (False, 0.0)

        event = {
            "name": "Venta nocturna",
            "kind": "campaign",
            "start": friday.isoformat(),
            "end": friday.isoformat(),
            "uplift": 3.0,
            "sigma": 0.3,
        }
        saved = body_of(await office.post("/v1/demand/events", json=event))
        moved = await made(office)
        assert abs(of_day(moved, friday)["orders"]["p50"] / before["p50"] - 3) < 0.2
        used = [each for each in moved["outlook"]["events"] if each["name"] == "Venta nocturna"]
        assert (used[0]["event_id"], used[0]["is_unsaid"]) == (saved["id"], False)
        assert used[0]["low"] < 3 < used[0]["high"]

        said = {
            "start": friday.isoformat(),
            "end": friday.isoformat(),
            "comuna": "Ñuñoa",
            "orders_a_day": 10.0,
            "reason": "La tienda cierra",
        }
        body_of(await office.post("/v1/demand/overrides", json=said))
        told = body_of(await office.get(FORECAST, params={"comuna": "Ñuñoa"}))
        corrected = of_day(told, friday)
        assert round(corrected["orders"]["mean"], 6) == 10
        assert corrected["model"] > 150
        assert (await office.get(JUDGED)).json()["items"] == []
        table = (await office.get("/v1/exports/demand-forecast/csv")).text
    assert sum(";Maipú;" in line for line in table.splitlines()) == 28


async def test_an_uplift_that_the_history_moved_says_so_until_it_is_taken_as_it_is(
    stage: Stage,
) -> None:
    first = today(stage)
    seen, ahead = first - timedelta(days=28), first + timedelta(days=7)
    # Twice the usual on the day it was seen; newer files tell a day whole.
    twice = [f"{seen:%d/%m/%Y};Maipú;{2 * WEEK[seen.weekday()]}"]
    sale = {"name": "Venta nocturna", "kind": "campaign", "uplift": 6.0, "is_firm": False}
    async with stage.client(stage.norte.session()) as office:
        await send_history(office, first, 84)
        text = "\n".join(
            ["fecha;comuna;pedidos", *twice, f"{seen:%d/%m/%Y};Ñuñoa;{WEEK[seen.weekday()]}", ""]
        )
        body_of(await office.post(IMPORTS, files={"file": ("venta.csv", text.encode())}))
        before = {"start": seen.isoformat(), "end": seen.isoformat()}
        body_of(await office.post("/v1/demand/events", json=sale | before))
        span = {"start": ahead.isoformat(), "end": ahead.isoformat()}
        saved = body_of(await office.post("/v1/demand/events", json=sale | span))
        found = await made(office)
        (used,) = [each for each in found["outlook"]["events"] if each["event_id"] == saved["id"]]
        (moved,) = body_of(await office.get("/v1/demand/own-events"))["moved"]
        assert moved == {"event_id": saved["id"], **used["moved"]}
        assert (round(moved["given"], 6), used["own"]["times"], used["is_firm"]) == (6, 1, False)
        assert 1.8 < used["own"]["factor"] < 2.2
        assert round(moved["expected"], 6) == round(used["factor"], 6) < 3.5
        book = load_workbook(io.BytesIO((await office.get(BOOK)).content))
        told = [row[7] for row in book["Por día"].iter_rows(values_only=True) if row[7]]
        assert any("(se dio ×6; con tu historia, ×" in words for words in told)

        path = f"/v1/demand/events/{saved['id']}"
        body_of(await office.put(path, json=sale | span | {"is_firm": True}))
        again = (await made(office))["outlook"]["events"]
        (firm,) = [each for each in again if each["event_id"] == saved["id"]]
        assert (firm["is_firm"], firm["moved"], round(firm["factor"], 2)) == (True, None, 6)


async def test_an_event_nobody_gave_an_uplift_opens_the_interval_and_the_day_keeps_its_morning(
    stage: Stage,
) -> None:
    first = today(stage)
    day = (first + timedelta(days=9)).isoformat()
    fair = {"name": "Feria de barrio", "kind": "campaign", "start": day, "end": day}
    async with stage.client(stage.norte.session()) as office:
        await send_history(office, first, 84)
        await made(office)
        began = body_of(await office.get("/v1/demand/today"))["today"]
        fair_in_maipu = fair | {"uplift": None, "scope": {"comunas": ["Maipú"]}}
        body_of(await office.post("/v1/demand/events", json=fair_in_maipu))
        found = await made(office)
        now = body_of(await office.get("/v1/demand/today"))["today"]
    (used,) = (each for each in found["outlook"]["events"] if each["name"] == fair["name"])
    assert (used["is_given"], used["is_unsaid"]) == (True, True)
    assert used["low"] < 1 < used["high"]
    assert (now["morning"], now["morning_at"]) == (began["morning"], began["morning_at"])
    assert now["is_remade"]


async def test_with_a_year_of_history_it_reaches_three_months(stage: Stage) -> None:
    first = today(stage)
    far = first + timedelta(days=70)
    async with stage.client(stage.norte.session()) as office:
        await send_history(office, first, 380)
        found = (await made(office, days="90"))["outlook"]
        assert (len(found["days"]), found["days_max"]) == (90, 90)
        # Nothing is said of errors that nobody could count.
        assert (found["far_from"], found["far_calibrated"]) == (
            (first + timedelta(days=28)).isoformat(),
            0,
        )
        said = {"start": far.isoformat(), "end": far.isoformat(), "factor": 2.0, "reason": "Feria"}
        body_of(await office.post("/v1/demand/overrides", json=said))
        told = body_of(await office.get(FORECAST, params={"days": "90"}))
        corrected = of_day(told, far)
        assert round(corrected["orders"]["mean"] / corrected["model"], 6) == 2
        near = body_of(await office.get(FORECAST))["outlook"]
        assert (len(near["days"]), near["far_from"]) == (28, None)
        table = (await office.get("/v1/exports/demand-forecast/csv?days=56")).text
        assert sum(";Maipú;" in line for line in table.splitlines()) == 56
        problem_of(await office.get(FORECAST, params={"days": "400"}), 400)


async def test_what_the_planner_sees_adds_up_and_leaves_as_it_is_seen(stage: Stage) -> None:
    first = today(stage)
    async with stage.client(stage.norte.session()) as office:
        await send_history(
            office, first, 84, extra=[f"{first - timedelta(days=1):%d/%m/%Y};Lampa;40"]
        )
        await made(office)
        said = {"start": first.isoformat(), "end": first.isoformat(), "orders_a_day": 500.0}
        body_of(await office.post("/v1/demand/overrides", json=said | {"reason": "Abre un mall"}))
        seen = body_of(await office.get(FORECAST))["outlook"]
        content = (await office.get("/v1/exports/demand-forecast/xlsx")).content
        lampa = body_of(await office.get(FORECAST, params={"comuna": "Lampa"}))["outlook"]
        own = (await office.get("/v1/exports/demand-forecast/csv?comuna=Lampa")).text
    rows = {row["comuna"]: row for row in seen["comunas"]}
    whole = sum(day["orders"]["mean"] for day in seen["days"])
    assert round(seen["days"][0]["orders"]["mean"], 6) == 500
    assert round(sum(row["next_28"] for row in rows.values()) - whole, 6) == 0
    assert round(seen["total"]["next_28"] - whole, 6) == 0
    # One day of 40 is no comuna of 40 a day.
    assert rows["Lampa"]["known_days"] == 1
    assert rows["Lampa"]["error"] is None
    assert rows["Lampa"]["next_28"] < 0.5 * 28 * 40
    assert rows["Maipú"]["known_days"] is None
    assert (lampa["is_new"], lampa["history_days"]) == (True, 1)

    assert untyped(content) == []
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames[:3] == ["Por día", "Por comuna y día", "Comunas"]
    assert book.sheetnames[3:] == ["Últimas 8 semanas", "Correcciones", "Alzas escritas"]
    days = list(book["Por día"].values)
    assert days[0][:4] == ("fecha", "pedidos esperados", "entre", "y")
    assert days[1][0] == datetime.combine(first, time())
    assert "Abre un mall" in str(days[1][9])
    assert round(float(str(days[29][1])) - whole, 6) == 0
    # Expected and both ends, of orders and of deliveries, as the screen has them.
    ends = ("mean", "p10", "p90")
    shown = [
        [round(day[measure][end], 6) for measure in ("orders", "deliveries") for end in ends]
        for day in seen["days"]
    ]
    assert [[round(float(str(cell)), 6) for cell in row[1:7]] for row in days[1:29]] == shown
    made_at = datetime.fromisoformat(seen["made_at"]).astimezone(ZoneInfo(SANTIAGO))
    assert days[30][0] == f"Pronóstico hecho el {made_at:%d-%m-%Y, %H:%M}."
    table = list(book["Por comuna y día"].values)
    assert table[0] == ("fecha", "comuna", "pedidos esperados", "entre", "y")
    assert round(sum(float(str(row[2])) for row in table[1:]) - whole, 6) == 0
    assert round(sum(float(str(row[2])) for row in table[1:] if row[0] == days[1][0]), 6) == 500
    assert len(own.splitlines()) == 29


async def test_a_file_that_tells_of_today_is_what_is_known_of_today(stage: Stage) -> None:
    first = today(stage)
    async with stage.client(stage.norte.session()) as office:
        await send_history(office, first, 84, extra=[f"{first:%d/%m/%Y};Maipú;90"])
        await made(office)
        now = body_of(await office.get("/v1/demand/today"))["today"]
    assert (now["basis"], now["mean"]) == ("file", now["morning"])
    # With own orders of the comunas it does not tell.
    assert now["seen"] >= 90


async def test_a_correction_of_what_has_no_forecast_is_refused(stage: Stage) -> None:
    first = today(stage)
    day = first.isoformat()
    said = {"start": day, "end": day, "comuna": "Arica", "factor": 2.0, "reason": "Abre"}
    async with stage.client(stage.norte.session()) as office:
        await send_history(office, first, 28)
        await made(office)
        refused = problem_of(await office.post("/v1/demand/overrides", json=said), 422)
    assert refused["code"] == "demand_override_of_nothing"


async def test_a_correction_is_judged_when_its_day_is_over(stage: Stage) -> None:
    first = today(stage)
    friday = first + timedelta(days=(4 - first.weekday()) % 7 + 7)
    said = {
        "start": friday.isoformat(),
        "end": friday.isoformat(),
        "comuna": "Maipú",
        "factor": 2.0,
        "reason": "Inaugura una tienda",
    }
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        await send_history(office, first, 84)
        await made(office)
        body_of(await office.post("/v1/demand/overrides", json=said))
        waiting = body_of(await office.get(JUDGED))["awaited"]
        book = load_workbook(io.BytesIO((await office.get(BOOK)).content))
    (awaited,) = (each for each in waiting if each["override"]["reason"] == said["reason"])
    assert abs(awaited["said"] - 2 * awaited["model"]) < 0.1
    rows = {row[10]: row[8] for row in book["Correcciones"].values}
    assert rows[said["reason"]] == "por ver"
    stage.clock.move_to(ServiceDay(friday + timedelta(days=1)).at(time(9, 0)))
    async with stage.client() as visitor:
        token = await sign_in(visitor, f"admin@{stage.norte.name}.test")
    async with stage.client(session_header(token)) as office:
        await send_history(office, friday + timedelta(days=1), 20)
        found = body_of(await office.get(JUDGED))
    (judged,) = found["items"]
    assert said["reason"] not in [each["override"]["reason"] for each in found["awaited"]]
    assert judged["override"]["reason"] == "Inaugura una tienda"
    assert (judged["days"], judged["is_better"], found["better"]) == (1, False, 0)
    assert abs(judged["came"] - 150) <= 1
    assert abs(judged["said"] - 2 * judged["model"]) < 0.1
    assert found["model_error"] < 0.1
    assert found["said_error"] > 0.8
