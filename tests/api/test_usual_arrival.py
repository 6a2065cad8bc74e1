"""What a checkout is told where nobody knows with what vans: by when such orders arrive.

the morning's operator, whose weekdays to come have no shift
"""

from __future__ import annotations

from datetime import timedelta

from promesa.promising.alarm import AlarmState
from promesa.promising.lead_time_model import fit_lead_times
from promesa.runtime.lead_times import LearntLanes
from tests.api.test_quotes import plan_shift, quoted
from tests.support.client import body_of
from tests.support.operation import TODAY
from tests.support.platform import Stage
from tests.unit.promising.test_lead_time_model import flow


async def look_a_few_days_ahead(stage: Stage) -> None:
    """Not as far as the next day of the week that vans are known of."""
    async with stage.client(stage.norte.session()) as office:
        terms = body_of(await office.get("/v1/promises/terms"))["terms"]
        body_of(await office.put("/v1/promises/terms", json=terms | {"horizon_days": 6}))


async def test_too_few_deliveries_say_nothing_of_when_an_order_arrives(stage: Stage) -> None:
    await look_a_few_days_ahead(stage)
    async with stage.client(stage.norte.shop()) as shop:
        found = await quoted(shop)
    assert (found["windows"], found["usual_arrival"]) == ([], None)
    assert found["note_code"] == "no_vans"


async def test_deliveries_say_by_when_and_on_how_many_that_rests(stage: Stage) -> None:
    await look_a_few_days_ahead(stage)
    board = await stage.platform.ready_board(stage.norte.tenant_id)
    [depot] = board.depots
    days = [TODAY - timedelta(days=90 - number) for number in range(80)]
    rows = [flow("Ñuñoa", day, 3, 5, depot=depot.code) for day in days]
    model = fit_lead_times(rows, today=TODAY)
    board.lead_times.learnt = LearntLanes(day=TODAY, model=model, drift=AlarmState.CALM)
    async with stage.client(stage.norte.shop()) as shop:
        arrival = (await quoted(shop, position=None, comuna="Ñuñoa"))["usual_arrival"]
        await plan_shift(stage, stage.norte)
        known = await quoted(shop, position=None, comuna="Ñuñoa")
    assert arrival["by"] == (TODAY + timedelta(days=3)).isoformat()
    assert arrival["p_kept"] >= 0.95
    # Of the newest four weeks, and of all before them to this comuna.
    assert (arrival["deliveries"], arrival["drift"]) == (28 * 5, "calm")
    assert arrival["lane_deliveries"] > 200
    # Once vans are known, windows are told instead.
    assert known["windows"]
    assert known["usual_arrival"] is None
