"""What *Flota* and a quote begin with is ready before anybody looks."""

from __future__ import annotations

import pytest

from promesa.runtime import capacity_boards
from promesa.runtime.warming import warm_boards
from tests.api.test_demand_forecast import made, send_history, today
from tests.support.client import body_of
from tests.support.platform import Stage


async def test_boards_are_made_ready_once_a_forecast_and_the_first_look_finds_them(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform, tenant_id = stage.platform, stage.norte.tenant_id
    assert not await warm_boards(platform, tenant_id)
    async with stage.client(stage.norte.session()) as office:
        await send_history(office, today(stage), 84)
        await made(office)
        assert await warm_boards(platform, tenant_id)
        assert not await warm_boards(platform, tenant_id)
        monkeypatch.setattr(capacity_boards, "make_board_case", None)
        monkeypatch.setattr(capacity_boards, "make_board", None)
        shown = body_of(await office.get("/v1/capacity"))
    assert platform.boards[tenant_id].is_current
    assert shown["lacking"] is None
