"""Chile's calendar for an operator: brought when it is founded, and when somebody asks."""

from __future__ import annotations

from collections.abc import Iterable

from promesa.kernel.ids import derived_id
from promesa.planning.demand.calendar import Brought, bring_chile, years_around
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
