"""At night: what the fleets drove yesterday is added to the learnt speeds of the city.

Whose traces they were is forgotten on the way: sums by street stay. Estimates go by the new version
at the next refresh of the roads, and plans from the next one on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.roads.city import ensure_built
from promesa.roads.learning import learn_more
from promesa.roads.learnt_file import find_learnt, save_learnt
from promesa.roads.matching import Matcher
from promesa.roads.network import RoadNetwork
from promesa.roads.passes import PassFinder
from promesa.roads.traces import NOISE_M, TraceFix

if TYPE_CHECKING:
    from promesa.runtime.platform import Platform

# Nobody plans and nobody drives.
LEARNING_HOUR = 3

_log = structlog.get_logger(__name__)


def is_time_to_learn(now: datetime) -> bool:
    """Whether the fleets sleep."""
    return now.astimezone(ZoneInfo(SANTIAGO)).hour == LEARNING_HOUR


async def learn_yesterday(platform: Platform) -> int:
    """Learns the service day before today's, once; returns how many traces it had."""
    day = ServiceDay.of(platform.clock.now()).date - timedelta(days=1)
    traces = await _traces_of(platform, ServiceDay(day))
    if not traces:
        return 0
    loop = asyncio.get_running_loop()
    learnt_of: int = await loop.run_in_executor(
        platform.executor, learn_in_worker, platform.city_directory, day, traces
    )
    if learnt_of:
        built, graph = ensure_built(Path(platform.city_directory)), platform.city.network.graph
        platform.traffic.learn(await asyncio.to_thread(find_learnt, built, graph))
    return learnt_of


def learn_in_worker(city_directory: str, day: date, traces: Sequence[Sequence[TraceFix]]) -> int:
    """Matches a day's traces in the worker process; a day that is learnt already is left alone."""
    built = ensure_built(Path(city_directory))
    network = RoadNetwork.load(built)
    before = find_learnt(built, network.graph)
    if before is not None and day in before.days:
        return 0
    finder = PassFinder(network.with_learnt(None), Matcher(network))
    learnt = learn_more(network, finder, before, traces)
    save_learnt(learnt, built)
    _log.info("speeds_learnt", version=learnt.version, days=len(learnt.days), traces=len(traces))
    return len(traces)


async def _traces_of(platform: Platform, day: ServiceDay) -> list[list[TraceFix]]:
    """One trace a driver of any operator, without a name."""
    traces = []
    for tenant in await platform.directory.list_tenants():
        async with platform.database.transaction(tenant.id) as tx:
            for driver in await tx.fleet.list_drivers():
                fixes = await tx.tracks.list_between(driver.id, day.start, day.end)
                traces.append(
                    [
                        TraceFix(
                            time=fix.at,
                            position=fix.position,
                            accuracy_m=NOISE_M if fix.accuracy_m is None else fix.accuracy_m,
                        )
                        for fix in fixes
                    ]
                )
    return [trace for trace in traces if len(trace) > 1]
