"""The live picture after a restart: nobody is shown a day that is half read."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

from promesa.api.route_views import unwatched_risk
from promesa.domain.promise import PromiseRisk
from promesa.domain.route import Route, RouteState
from promesa.domain.stop import Outcome, StopState
from promesa.kernel.clock import MovedClock, pause_s
from promesa.kernel.ids import derived_id
from promesa.runtime.fleet_watch import FleetWatch, WatchedRoute

NOON = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@dataclass
class SlowStore:
    """No routes, after a while; counts how often it was asked."""

    asked: int = 0
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def routes(self) -> SlowStore:
        return self

    @property
    def tracks(self) -> SlowStore:
        return self

    async def last_fixes(self) -> dict[Any, Any]:
        return {}

    async def list_of(self, _day: date) -> list[Route]:
        self.asked += 1
        await self.answers.wait()
        return []


def watched(
    state: RouteState, stops: dict[Any, Any], planned: tuple[Any, ...] = ()
) -> WatchedRoute:
    route = SimpleNamespace(state=state)
    version = SimpleNamespace(stops=[SimpleNamespace(stop_id=stop_id) for stop_id in planned])
    return WatchedRoute(
        route=cast("Any", route),
        version=cast("Any", version),
        stops=stops,
        orders={},
        promises={},
        told={},
    )


def test_a_spare_van_whose_stops_went_back_has_no_line_of_the_day() -> None:
    stop = {derived_id("stop"): cast("Any", None)}
    assert watched(RouteState.CANCELLED, {}).is_called_off
    # An urgent order taken out again leaves its stop behind, closed, and no plan.
    assert watched(RouteState.CANCELLED, stop).is_called_off
    assert not watched(RouteState.CANCELLED, stop, planned=tuple(stop)).is_called_off
    assert not watched(RouteState.PUBLISHED, {}).is_called_off


def test_a_route_of_another_day_shows_what_is_still_to_be_visited_as_such() -> None:
    """Nobody watches tomorrow's route: a stop to come must not look delivered."""
    to_come = cast("Any", SimpleNamespace(state=StopState.PENDING, outcome=None))
    failed = cast("Any", SimpleNamespace(state=StopState.CLOSED, outcome=Outcome.FAILED))
    tomorrow = watched(RouteState.PUBLISHED, {})
    assert unwatched_risk(tomorrow, to_come) is PromiseRisk.ON_TIME
    assert unwatched_risk(tomorrow, failed) is PromiseRisk.FAILED
    assert unwatched_risk(watched(RouteState.CANCELLED, {}), to_come) is PromiseRisk.CLOSED


async def test_who_asks_while_the_day_is_read_waits_for_all_of_it() -> None:
    watch = FleetWatch(derived_id("t"), cast("Any", None), MovedClock(NOON))
    store = SlowStore()
    tx = cast("Any", store)
    first, second = asyncio.create_task(watch.load(tx)), asyncio.create_task(watch.load(tx))
    await pause_s(0)
    assert not second.done()
    store.answers.set()
    await asyncio.gather(first, second)
    assert watch.is_current
    assert store.asked == 1
