"""What time brings about does not hold up whoever asks meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import get_ident
from typing import Any, cast

import pytest

from promesa.roads.network import RoadNetwork
from promesa.runtime.chores import HOURS_WARM, chores_of_all, warm_roads
from promesa.runtime.road_travel import RoadTravel
from tests.support.client import body_of
from tests.support.demand_nouns import a_forecast
from tests.support.platform import Stage


async def test_the_hours_of_the_day_are_made_ready_outside_the_loop(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each hour's roads are asked once, in a thread, and no reader has to ask again."""
    threads: list[int] = []
    asked = RoadNetwork.matrix

    def noted(self: RoadNetwork, *args: object, **kwargs: object) -> object:
        threads.append(get_ident())
        return asked(self, *args, **kwargs)  # type: ignore[arg-type]

    platform = stage.platform
    platform.travel = RoadTravel(lambda: platform.traffic.city, platform.city.center)
    monkeypatch.setattr(RoadNetwork, "matrix", noted)
    await warm_roads(stage.platform)
    made = len(threads)
    assert made >= HOURS_WARM
    assert get_ident() not in threads
    for hour in range(HOURS_WARM):
        stage.platform.travel.slowness(stage.clock.now() + timedelta(hours=hour))
    assert len(threads) == made


async def test_one_operators_fault_holds_up_no_other(stage: Stage) -> None:
    platform, clock = stage.platform, stage.clock
    states = [platform.forecastings.of(each.tenant_id) for each in (stage.norte, stage.sur)]
    clock.move_to(clock.now() + timedelta(seconds=1))
    async with platform.transaction(stage.norte.tenant_id) as tx:
        # One that cannot be read.
        await tx.demand_forecasts.add(replace(a_forecast(), outlook=cast("Any", {})))
    await chores_of_all(platform)
    assert [state.looked_at for state in states] == [None, clock.now()]


async def test_a_picture_refreshed_in_the_background_is_what_readers_get(stage: Stage) -> None:
    watch = await stage.platform.ready_watch(stage.norte.tenant_id)
    before = watch.snapshot()
    stage.clock.move_to(stage.clock.now() + timedelta(seconds=20))
    await watch.refresh()
    refreshed = watch.snapshot()
    assert refreshed.number == before.number + 1
    async with stage.client(stage.norte.session()) as office:
        body_of(await office.get("/v1/day"))
    assert watch.snapshot() is refreshed, "nobody had to make it again"
