"""What a planner writes of an event is held against what came once it is over."""

from __future__ import annotations

import io
from datetime import time, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from promesa.domain.actor import Role
from promesa.kernel.serviceday import ServiceDay
from tests.api.test_demand_forecast import BOOK, JUDGED, made, send_history, today
from tests.support.client import body_of, session_header
from tests.support.operation import sign_in
from tests.support.platform import Stage

EVENTS = "/v1/demand/events"


def of_fair(found: dict[str, Any]) -> dict[str, Any]:
    (judged,) = (dict(each) for each in found["uplifts"] if each["name"] == "Feria")
    return judged


async def test_an_uplift_that_was_written_is_judged_when_its_event_is_over(stage: Stage) -> None:
    first = today(stage)
    friday = first + timedelta(days=(4 - first.weekday()) % 7 + 7)
    fair = {
        "name": "Feria",
        "start": friday.isoformat(),
        "end": friday.isoformat(),
        "uplift": 3.0,
        "scope": {"comunas": ["Maipú"]},
    }
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        await send_history(office, first, 84)
        body_of(await office.post(EVENTS, json=fair))
        await made(office)
        awaited = of_fair(body_of(await office.get(JUDGED)))
        book = load_workbook(io.BytesIO((await office.get(BOOK)).content))
    assert (awaited["uplift"], awaited["model"]) == (3, 1)
    assert (awaited["is_over"], awaited["came"], awaited["is_better"]) == (False, None, None)
    (row,) = (row for row in book["Alzas escritas"].values if row[0] == "Feria")
    assert (row[6], row[7], row[9]) == ("un día normal", 3, "por ver")
    stage.clock.move_to(ServiceDay(friday + timedelta(days=1)).at(time(9, 0)))
    async with stage.client() as visitor:
        token = await sign_in(visitor, f"admin@{stage.norte.name}.test")
    async with stage.client(session_header(token)) as office:
        await send_history(office, friday + timedelta(days=1), 20)
        judged = of_fair(body_of(await office.get(JUDGED)))
        await made(office)
        book = load_workbook(io.BytesIO((await office.get(BOOK)).content))
    # A Friday like others came, whatever was written.
    assert judged["came"] == pytest.approx(1.0, abs=0.1)
    assert (judged["days"], judged["is_better"], judged["without"]) == (1, False, "ordinary")
    (row,) = (row for row in book["Alzas escritas"].values if row[0] == "Feria")
    assert (row[6], row[9]) == ("un día normal", "lo que había")
