"""Chile's calendar for an operator: brought when it is founded, each year, and when asked for."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from promesa.kernel.ids import derived_id
from promesa.planning.demand.calendar import Brought, bring_chile, years_around
from promesa.runtime.access import system_actor
from promesa.runtime.forecasting import today
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore


async def bring_calendar(
    platform: Platform, tx: PlatformStore, caller: Caller, years: Iterable[int] | None = None
) -> Brought:
    """Offers the rows that ship, and records it when it changed something.

    Without ``years`` it brings those that matter now.
    """
    now = platform.clock.now()
    wanted = sorted(set(years if years is not None else years_around(now.date())))
    brought = await bring_chile(tx, wanted, now)
    if brought.added or brought.updated:
        await platform.record(
            tx,
            caller,
            "demand.calendar_brought",
            subject=("demand_calendar", derived_id("demand calendar", caller.tenant_id)),
            data={"years": wanted, "added": brought.added, "updated": brought.updated},
        )
    return brought


async def calendar_of_the_year(platform: Platform, tenant_id: UUID) -> None:
    """Brings the years that matter now, once a year and once a start; called again and again.

    Else the plans of autumn would meet a year without holidays. What people wrote or deleted stays.
    """
    state, year = platform.forecastings.of(tenant_id), today(platform).year
    if state.calendar_year == year:
        return
    async with platform.transaction(tenant_id) as tx:
        await bring_calendar(platform, tx, Caller(actor=system_actor(tenant_id)))
    state.calendar_year = year
