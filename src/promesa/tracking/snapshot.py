"""What readers see of the fleet: immutable, made by the one writer, shared without a lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from promesa.domain.promise import PromiseRisk
from promesa.tracking.eta import Arrival, Basis
from promesa.tracking.progress import Progress
from promesa.tracking.repository import Fix


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSnapshot:
    """One route at one instant.

    Attributes:
        fix: The newest believed position, however old; `computed_at` minus its instant is its age.
        arrivals: Of the open stops, by stop id, in the order they are expected.
        risks: Of every stop of the version, by stop id.
        risk: The worst of the open ones; closed when none is open.
        delay_s: At the next stop, against what its route planned first; negative when ahead.
    """

    route_id: UUID
    driver_id: UUID
    version: int
    computed_at: datetime
    basis: Basis
    is_under_way: bool
    is_broken_down: bool
    fix: Fix | None
    progress: Progress | None
    next_stop_id: UUID | None
    arrivals: Mapping[UUID, Arrival]
    risks: Mapping[UUID, PromiseRisk]
    risk: PromiseRisk
    delay_s: int
    stops_total: int
    stops_closed: int
    stops_failed: int

    def find_arrival(self, stop_id: UUID) -> Arrival | None:
        """The estimate of an open stop."""
        return self.arrivals.get(stop_id)

    def find_stops_before(self, stop_id: UUID) -> int | None:
        """How many stops come before this one; None when it is closed or elsewhere."""
        for number, open_id in enumerate(self.arrivals):
            if open_id == stop_id:
                return number
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSnapshot:
    """All followed routes.

    Attributes:
        number: Rises by one with each change, so that two snapshots compare by it.
        routes: By route id.
    """

    number: int
    at: datetime
    routes: Mapping[UUID, RouteSnapshot] = field(default_factory=lambda: MappingProxyType({}))

    def find_route(self, route_id: UUID) -> RouteSnapshot | None:
        """The route's snapshot, if it is followed."""
        return self.routes.get(route_id)
