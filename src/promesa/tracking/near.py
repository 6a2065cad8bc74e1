"""When a customer may see the van: only while it is near, and never where it was before.

The driver's position is personal data (Ley 21.719); it is shown only while this customer is
among the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from promesa.kernel.geo import Position
from promesa.tracking.snapshot import RouteSnapshot

STOPS_BEFORE_MAX = 3
LEAD_MAX = timedelta(minutes=20)
# An older position would show a van where it no longer is.
FIX_AGE_MAX = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class VanView:
    """What the customer's page shows of the van."""

    position: Position
    heading_deg: float | None
    at: datetime


def is_near(*, stops_before: int, lead: timedelta) -> bool:
    """Whether a van with so many stops before, expected (p50) in so long, counts as near."""
    return stops_before <= STOPS_BEFORE_MAX or lead <= LEAD_MAX


def find_van(route: RouteSnapshot, stop_id: UUID, now: datetime) -> VanView | None:
    """The van as this stop's customer may see it now; None when they may not."""
    arrival = route.find_arrival(stop_id)
    stops_before = route.find_stops_before(stop_id)
    fix = route.fix
    if arrival is None or stops_before is None or fix is None or not route.is_under_way:
        return None
    if now - fix.at > FIX_AGE_MAX:
        return None
    if not is_near(stops_before=stops_before, lead=arrival.p50 - now):
        return None
    return VanView(position=fix.position, heading_deg=fix.heading_deg, at=fix.at)
