"""A forecast is made each day, and again where one is owed: a restart, or one that fell."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from promesa.kernel.clock import pause_s, stopwatch_s
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.runtime.forecast_states import Forecastings
from promesa.runtime.forecasting import AGAIN_AFTER, forecast_of_the_day
from tests.support.client import body_of
from tests.support.demand_nouns import a_forecast
from tests.support.platform import Stage

SALE = {"name": "Venta nocturna", "kind": "campaign", "start": "2026-12-03", "end": "2026-12-04"}
WAITED_S = 60.0


def pass_time(stage: Stage, by: timedelta) -> None:
    stage.clock.move_to(stage.clock.now() + by)


async def keep_forecast_of_the_day(stage: Stage) -> None:
    now = stage.clock.now()
    origin = ServiceDay.of(now).date - timedelta(days=1)
    made = replace(a_forecast(), id=derived_id("today"), made_at=now, origin=origin)
    async with stage.platform.transaction(stage.norte.tenant_id) as tx:
        await tx.demand_forecasts.add(made)


async def is_asked(stage: Stage) -> bool:
    """Whether the next look asks for one; then it is waited for: it falls, for want of history."""
    tenant_id = stage.norte.tenant_id
    await forecast_of_the_day(stage.platform, tenant_id)
    state, began_s = stage.platform.forecastings.of(tenant_id), stopwatch_s()
    was_asked = state.slip is not None
    while state.slip is not None:
        assert stopwatch_s() - began_s < WAITED_S, "it goes on"
        await pause_s(0.01)
    return was_asked


async def test_what_a_forecast_rests_on_is_not_forgotten_by_a_restart(stage: Stage) -> None:
    pass_time(stage, timedelta(seconds=1))
    await keep_forecast_of_the_day(stage)
    pass_time(stage, timedelta(seconds=1))
    stage.platform.forecastings = Forecastings()
    assert not await is_asked(stage), "it is of the day, and nothing changed"
    async with stage.client(stage.norte.session()) as office:
        body_of(await office.post("/v1/demand/events", json=SALE))
    pass_time(stage, timedelta(seconds=1))
    stage.platform.forecastings = Forecastings()
    assert await is_asked(stage)


async def test_a_forecast_that_fell_is_tried_again_after_a_while(stage: Stage) -> None:
    assert await is_asked(stage)
    assert not await is_asked(stage)
    pass_time(stage, AGAIN_AFTER - timedelta(minutes=1))
    assert not await is_asked(stage)
    pass_time(stage, timedelta(minutes=1))
    assert await is_asked(stage)
