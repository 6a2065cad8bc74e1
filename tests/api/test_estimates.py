"""What is said of arrivals is kept as vans drive, and the report opens it stop by stop."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import SANTIAGO
from promesa.runtime.chores import do_chores
from promesa.runtime.cleaning import forget_estimates
from promesa.runtime.positions import take_fixes
from promesa.tracking import horizons
from promesa.tracking.eta import Basis
from promesa.tracking.repository import ArrivalEstimate, Fix
from tests.support.client import body_of
from tests.support.operation import TODAY
from tests.support.platform import Stage

SANTIAGO_ZONE = ZoneInfo(SANTIAGO)


async def kept(stage: Stage) -> list[ArrivalEstimate]:
    async with stage.platform.database.transaction(stage.norte.tenant_id) as tx:
        stops = await tx.routes.list_stops_of_day(TODAY)
        return await tx.estimates.list_of([stop.id for stop in stops])


async def drive(stage: Stage) -> ArrivalEstimate:
    """A van silent for half an hour drives 7 km to its next stop at 30 km/h; what was said first.

    It reports once a minute, stands at the door for two, and nobody else does anything.
    """
    watch = await stage.platform.ready_watch(stage.norte.tenant_id)
    stage.clock.move_to(stage.clock.now() + timedelta(minutes=30))
    seen = max(watch.snapshot().routes.values(), key=lambda route: len(route.arrivals))
    watched = watch.find_route(seen.route_id)
    assert watched is not None
    assert seen.next_stop_id is not None
    door = watched.stops[seen.next_stop_id].position
    for number, km in enumerate([*(step / 2 for step in range(14, 0, -1)), 0, 0]):
        stage.clock.move_to(stage.clock.now() + timedelta(minutes=1))
        fix = Fix(
            id=derived_id("fix", number),
            driver_id=seen.driver_id,
            position=Position(lon=door.lon, lat=door.lat + km / 111),
            at=stage.clock.now(),
            accuracy_m=5,
        )
        assert (await take_fixes(stage.platform, stage.norte.tenant_id, [fix])).accepted == 1
        await stage.platform.pump.settle()
    return next(each for each in await kept(stage) if each.stop_id == seen.next_stop_id)


async def test_what_was_said_first_at_a_horizon_stays(stage: Stage) -> None:
    said = await drive(stage)
    assert said.horizon_min == 10
    assert 8 <= (said.p50 - said.made_at) / timedelta(minutes=1) <= 10
    assert said.basis is Basis.POSITION
    every = await kept(stage)
    keys = [(each.stop_id, each.horizon_min) for each in every]
    assert len(keys) == len(set(keys))

    stage.platform.watches.clear()
    await do_chores(stage.platform, stage.norte.tenant_id)
    assert set(every) <= set(await kept(stage)), "a restart changes nothing of it"


async def test_a_van_that_reports_nothing_is_estimated_by_the_chores(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its second stop is always some six minutes away, by the last thing its driver did."""
    before = await kept(stage)
    monkeypatch.setattr(horizons, "HORIZONS_MIN", (7,))
    await do_chores(stage.platform, stage.norte.tenant_id)
    said = [each for each in await kept(stage) if each not in before]
    assert {(each.horizon_min, each.basis) for each in said} == {(7, Basis.LAST_EVENT)}


async def test_the_report_opens_an_arrival_to_what_was_said_of_it(stage: Stage) -> None:
    said = await drive(stage)
    async with stage.client(stage.norte.session()) as office:
        date = {"date": TODAY.isoformat()}
        report = body_of(await office.get("/v1/reports/day", params=date))
        opened = body_of(await office.get("/v1/reports/day/eta_bias_10/rows", params=date))
    found = {item["key"]: item for item in report["indicators"]}
    (row,) = [row for row in opened["rows"] if row["subject_id"] == str(said.stop_id)]
    assert found["eta_bias_10"]["group"] == "arrivals"
    assert found["eta_bias_10"]["value"] == pytest.approx(row["numerator"] / 60, abs=1e-3)
    assert f"se estimó {said.p50.astimezone(SANTIAGO_ZONE):%H:%M}" in row["note"]
    assert "con posición; llegó" in row["note"]


async def test_estimates_are_forgotten_with_the_tracks(stage: Stage) -> None:
    await drive(stage)
    count = len(await kept(stage))
    assert await forget_estimates(stage.platform, stage.norte.tenant_id) == 0
    stage.clock.move_to(stage.clock.now() + timedelta(days=91))
    assert await forget_estimates(stage.platform, stage.norte.tenant_id) == count > 0
    assert await kept(stage) == []
