"""A peak rehearsed through the API: asked for, watched, cancelled, opened, taken away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from promesa.kernel.clock import pause_s
from promesa.kernel.ids import derived_id
from promesa.planning.capacity.driven import DrivenRoute
from promesa.promising.rehearsal import making
from promesa.runtime.rehearsal_states import RUNNING_MAX
from promesa.runtime.rehearsing import foresee
from promesa.runtime.slips import Slip
from tests.api.test_demand_forecast import made, send_history, today
from tests.support.client import body_of
from tests.support.demand_nouns import a_forecast
from tests.support.platform import Stage
from tests.support.workbooks import untyped
from tests.unit.planning.capacity.test_driven import a_route

REHEARSALS = "/v1/rehearsals"
RUNNING = "/v1/rehearsals/running"
LOOKS_MAX = 1_200


async def ended(office: httpx.AsyncClient) -> dict[str, Any]:
    """What is said once none runs any more."""
    for _ in range(LOOKS_MAX):
        found = body_of(await office.get(RUNNING))
        if not found["is_running"]:
            return dict(found)
        await pause_s(0.1)
    raise AssertionError("the rehearsal never ended")


async def test_without_a_forecast_there_is_nothing_to_rehearse(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        found = body_of(await office.get(REHEARSALS))
        asked = {"first": "2026-12-01", "last": "2026-12-02"}
        refused = await office.post(REHEARSALS, json=asked)
        missing = await office.get(f"{REHEARSALS}/{stage.norte.tenant_id}")
        gone = await office.delete(f"{REHEARSALS}/{stage.norte.tenant_id}")
    assert (found["first_day"], found["events"], found["items"]) == (None, [], [])
    assert (refused.status_code, refused.json()["code"]) == (409, "rehearsal_without_board")
    assert (missing.status_code, missing.json()["code"]) == (404, "rehearsal_missing")
    assert (gone.status_code, gone.json()["code"]) == (404, "rehearsal_missing")


async def test_fleets_are_sized_by_what_driven_routes_taught_as_on_the_board(stage: Stage) -> None:
    platform, tenant_id, day = stage.platform, stage.norte.tenant_id, today(stage)
    kept = a_forecast()
    days = (day, day + timedelta(days=1))
    outlook = replace(kept.outlook, origin=day - timedelta(days=1), days=days)
    async with platform.transaction(tenant_id) as tx:
        await tx.demand_forecasts.add(replace(kept, outlook=outlook))

    async def read() -> tuple[DrivenRoute, ...]:
        return (a_route(),)

    driven = await platform.capacity_boards.driven(tenant_id, day, read)
    foreseen = await foresee(platform, tenant_id)
    assert foreseen is not None
    assert foreseen.inputs.board.driven == driven


async def test_a_rehearsal_is_run_kept_and_exported_and_a_bad_one_is_refused(
    stage: Stage,
) -> None:
    async with stage.client(stage.norte.session()) as office:
        await send_history(office, today(stage), 84)
        await made(office)
        first = body_of(await office.get(REHEARSALS))["first_day"]
        asked = {"first": first, "last": first, "seeds": 1, "fleets": ["own"]}

        beyond = await office.post(REHEARSALS, json=asked | {"first": "2030-01-01"})
        assert beyond.json()["code"] == "rehearsal_invalid"
        assert "Elige un día del pronóstico" in beyond.json()["errors"][0]["reason"]

        assert (await office.post(REHEARSALS, json=asked)).status_code == 202
        again = await office.post(REHEARSALS, json=asked)
        assert again.json()["code"] == "rehearsal_running"
        choice = body_of(await office.get(RUNNING))["asked"]
        assert (choice["fleets"], choice["fixed_days"], choice["by_capacity"]) == (
            ["own"],
            [2],
            True,
        )
        over = await ended(office)
        assert (over["failure"], over["asked"]) == (None, None)

        (kept,) = body_of(await office.get(REHEARSALS))["items"]
        assert kept["id"] == over["newest"]
        shown = body_of(await office.get(f"{REHEARSALS}/{kept['id']}"))
        assert shown["is_simulated"] is True
        assert [way["fixed_days"] for way in shown["ways"]] == [2, None]
        assert shown["sentences"][0] == kept["sentence"]
        table = (await office.get(f"/v1/exports/rehearsals/{kept['id']}/csv")).text
        assert len(table.splitlines()) == 3
        assert "simulado" in table.splitlines()[0]
        book = await office.get(f"/v1/exports/rehearsals/{kept['id']}/xlsx")
        assert untyped(book.content) == []

        assert (await office.post(REHEARSALS, json=asked | {"seeds": 9})).status_code == 202
        assert (await office.post(f"{REHEARSALS}/cancel")).status_code == 204
        assert (await ended(office))["failure"] is None
        assert len(body_of(await office.get(REHEARSALS))["items"]) == 1

        async with stage.client(stage.sur.session()) as stranger:
            foreign = await stranger.delete(f"{REHEARSALS}/{kept['id']}")
        assert foreign.status_code == 404
        assert (await office.delete(f"{REHEARSALS}/{kept['id']}")).status_code == 204
        assert body_of(await office.get(REHEARSALS))["items"] == []
        assert body_of(await office.get(RUNNING))["newest"] is None


async def test_one_too_large_is_refused_before_it_begins_and_says_why(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "ORDERS_MAX", 10)
    async with stage.client(stage.norte.session()) as office:
        await send_history(office, today(stage), 84)
        await made(office)
        first = body_of(await office.get(REHEARSALS))["first_day"]
        refused = await office.post(REHEARSALS, json={"first": first, "last": first})
        assert body_of(await office.get(RUNNING))["is_running"] is False
    assert (refused.status_code, refused.json()["code"]) == (422, "rehearsal_invalid")
    (fault,) = refused.json()["errors"]
    assert fault["reason"].endswith("baja los escenarios, las políticas o los días.")


async def test_where_others_rehearse_as_much_as_the_machine_bears_one_waits(
    stage: Stage,
) -> None:
    others = [stage.platform.rehearsings.of(derived_id("other", n)) for n in range(RUNNING_MAX)]
    for state in others:
        state.slip = Slip.made()
    async with stage.client(stage.norte.session()) as office:
        asked = {"first": "2026-12-01", "last": "2026-12-02"}
        refused = await office.post(REHEARSALS, json=asked)
    for state in others:
        assert state.slip is not None
        state.slip.tear_up()
    assert (refused.status_code, refused.json()["code"]) == (503, "rehearsals_full")
    assert "Espera unos minutos" in refused.json()["detail"]
