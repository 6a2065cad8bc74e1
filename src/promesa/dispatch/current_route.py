"""Which route a driver is on now."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from promesa.dispatch.repository import DispatchStore
from promesa.domain.route import UNDER_WAY, Route
from promesa.kernel.serviceday import SANTIAGO, ServiceDay


async def find_current_route(
    tx: DispatchStore, driver_id: UUID, at: datetime, zone: str = SANTIAGO
) -> Route | None:
    """The route of yesterday that is still on the road after midnight, else the one of the day.

    A van that comes home at 00:30 would otherwise lose its last stops from the phone at midnight.
    """
    night = ServiceDay.of_the_night(at, zone)
    if night is not None:
        late = await tx.routes.find_of_driver(driver_id, night.date)
        if late is not None and late.state in UNDER_WAY:
            return late
    return await tx.routes.find_of_driver(driver_id, ServiceDay.of(at, zone).date)
