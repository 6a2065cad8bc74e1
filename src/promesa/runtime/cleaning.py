"""What is forgotten in time: old tracks, estimates, accepted quotes, and nameless pictures.

Runs by itself once an hour while the platform serves. What belongs to the history of an order is
never cleaned: its events stay, and a person is erased on request alone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import structlog

from promesa.kernel.clock import SystemClock, pause_s
from promesa.kernel.errors import PromesaError

if TYPE_CHECKING:
    from promesa.runtime.platform import Platform

CLEANING_GAP_S = 3600.0

_log = structlog.get_logger(__name__)


async def run_cleaning(platform: Platform) -> None:
    """Cleans what is old, again and again."""
    while True:
        try:
            for tenant in await platform.directory.list_tenants():
                await forget_tracks(platform, tenant.id)
                await forget_estimates(platform, tenant.id)
                await forget_reservations(platform, tenant.id)
            await sweep_blobs(platform)
        except PromesaError as error:
            _log.warning("cleaning_waits", code=error.code, **error.details)
        await pause_s(CLEANING_GAP_S)


async def forget_tracks(platform: Platform, tenant_id: UUID) -> int:
    """Forgets where drivers drove longer ago than is set; returns how many minutes of it."""
    days = platform.settings.retention.track_days
    if not days:
        return 0
    before, forgotten = platform.clock.now() - timedelta(days=days), 0
    while True:
        async with platform.database.transaction(tenant_id) as tx:
            removed = await tx.tracks.remove_before(before)
        forgotten += removed
        if not removed:
            return forgotten


async def forget_estimates(platform: Platform, tenant_id: UUID) -> int:
    """Forgets what was said of arrivals as long ago as tracks are kept; returns how many."""
    days = platform.settings.retention.track_days
    if not days:
        return 0
    async with platform.database.transaction(tenant_id) as tx:
        return await tx.estimates.remove_before(platform.clock.now() - timedelta(days=days))


async def forget_reservations(platform: Platform, tenant_id: UUID) -> int:
    """Forgets places that were held and given back or taken longer ago than is set; how many."""
    days = platform.settings.retention.reservation_days
    if not days:
        return 0
    async with platform.database.transaction(tenant_id) as tx:
        return await tx.reservations.remove_before(platform.clock.now() - timedelta(days=days))


async def sweep_blobs(platform: Platform) -> int:
    """Removes pictures without a record; returns how many.

    The files' ages are the machine's, also where the platform's clock is moved by hand.
    """
    hours = platform.settings.retention.orphan_h
    if not hours:
        return 0
    removed = await platform.database.sweep_blobs(SystemClock().now() - timedelta(hours=hours))
    if removed:
        _log.info("blobs_swept", count=removed)
    return removed
