"""Keeps the roads of each operator current beside requests, the feed at its own pace.

Whoever draws a mark or saves a table of tolls or zones asks for a refresh at once.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import structlog

from promesa.kernel.clock import pause_s
from promesa.kernel.errors import PromesaError
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.road_tables import contents_of
from promesa.runtime.learning import is_time_to_learn, learn_yesterday
from promesa.runtime.traffic_feed import FeedPoller

if TYPE_CHECKING:
    from promesa.runtime.platform import Platform

# Streets change by minutes; a new half hour's metric takes 0.1 s each time.
TRAFFIC_GAP_S = 30.0
# Often enough to meet the hour of learning.
NIGHT_GAP_S = 600.0

_log = structlog.get_logger(__name__)


async def run_traffic(platform: Platform) -> None:
    """Refreshes for ever."""
    work = [_run_operators(platform)]
    if not platform.is_demo:
        work.append(_run_nights(platform))
    if platform.traffic.feed is not None:
        poller = FeedPoller(
            platform.settings.traffic,
            platform.traffic.feed,
            platform.traffic.tools,
            platform.clock,
            platform.metrics,
        )
        work.append(poller.run())
    await asyncio.gather(*work)


async def refresh_traffic(platform: Platform, tenant_id: UUID) -> bool:
    """Asks every source of an operator; when the streets changed, estimates ask them anew."""
    traffic, now = platform.traffic.of(tenant_id), platform.clock.now()
    async with platform.database.transaction(tenant_id) as tx:
        marks = await tx.traffic_marks.list_standing(now)
        own = contents_of(await tx.road_tables.list())
    is_other = await asyncio.to_thread(platform.traffic.lay, tenant_id, own)
    await asyncio.to_thread(traffic.learn, traffic.traces(now), marks, now)
    watch, is_changed = platform.watch(tenant_id), traffic.publish(now) or is_other
    if is_changed:
        # The half hour's metric is made here, so that nobody who asks for a way waits for it.
        await asyncio.to_thread(traffic.roads.metric, now)
        watch.forget_travel()
    if marks:
        # So are those of the hours in which the fleet comes to legs that a mark makes longer.
        await asyncio.to_thread(watch.ask_ahead, timedelta(seconds=TRAFFIC_GAP_S))
    return is_changed


async def _run_nights(platform: Platform) -> None:
    """Learns each day in the night after it. A simulated fleet teaches nobody anything."""
    tried: ServiceDay | None = None
    while True:
        now = platform.clock.now()
        if is_time_to_learn(now) and ServiceDay.of(now) != tried:
            tried = ServiceDay.of(now)
            try:
                await learn_yesterday(platform)
            except PromesaError as error:
                _log.warning("learning_waits", code=error.code)
        await pause_s(NIGHT_GAP_S)


async def _run_operators(platform: Platform) -> None:
    while True:
        try:
            for tenant in await platform.directory.list_tenants():
                await refresh_traffic(platform, tenant.id)
        except PromesaError as error:
            _log.warning("traffic_waits", code=error.code)
        await pause_s(TRAFFIC_GAP_S)
