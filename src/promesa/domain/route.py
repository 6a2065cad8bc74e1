"""A route (ruta): what one driver drives on one day. A published version never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from promesa.domain.machine import Machine
from promesa.kernel.geo import Position


class RouteState(StrEnum):
    """How far the route is; the dictionary has the Spanish labels."""

    DRAFT = "draft"
    OPTIMIZED = "optimized"
    PUBLISHED = "published"
    LOADING = "loading"
    LOADED = "loaded"
    STARTED = "started"
    PAUSED = "paused"
    FINISHED = "finished"
    RECONCILED = "reconciled"
    CANCELLED = "cancelled"


_S = RouteState
ROUTE = Machine(
    "route",
    {
        _S.DRAFT: frozenset({_S.OPTIMIZED, _S.CANCELLED}),
        _S.OPTIMIZED: frozenset({_S.DRAFT, _S.PUBLISHED, _S.CANCELLED}),
        _S.PUBLISHED: frozenset({_S.LOADING, _S.LOADED, _S.STARTED, _S.CANCELLED}),
        _S.LOADING: frozenset({_S.LOADED, _S.STARTED, _S.CANCELLED}),
        _S.LOADED: frozenset({_S.STARTED, _S.LOADING, _S.CANCELLED}),
        _S.STARTED: frozenset({_S.PAUSED, _S.FINISHED}),
        _S.PAUSED: frozenset({_S.STARTED, _S.FINISHED}),
        _S.FINISHED: frozenset({_S.RECONCILED}),
    },
)
# Its van is on the road.
UNDER_WAY = frozenset({_S.STARTED, _S.PAUSED})
# It is driven no more.
OVER = frozenset({_S.FINISHED, _S.RECONCILED, _S.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Where a stop's parcels are fetched: from a van that stands, or from a depot.

    Attributes:
        from_route_id: None for a depot where they lie.
        from_code: Of the van's route, or of the depot.
    """

    from_route_id: UUID | None
    from_code: str
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStop:
    """A stop as one version of a route plans it.

    Attributes:
        leg_duration_s: Travel from the stop before (or the depot), by way of a transfer.
        leg_distance_m: The same in metres.
        transfer: Where its parcels are fetched first; None when they left the depot with this van.
    """

    stop_id: UUID
    order_id: UUID
    sequence: int
    arrival: datetime
    departure: datetime
    leg_duration_s: int
    leg_distance_m: int
    transfer: Transfer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteBreak:
    """When the driver has their colación, wherever the van stands then."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRest:
    """When the driver really rested, as the phone told it; no end while it goes on."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteReload:
    """A return to the depot for the next load.

    Attributes:
        order_id: The first order delivered after it.
    """

    arrival: datetime
    departure: datetime
    order_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteVersion:
    """An immutable plan of a route, numbered from 1.

    Attributes:
        geometry: polyline5 of the whole way.
        cause: A code: planned, breakdown, dispatcher, …
        breaks: By start, as the plan put them; later versions keep their hours.
        reloads: Likewise.
    """

    route_id: UUID
    number: int
    published_at: datetime
    start: datetime
    end: datetime
    stops: tuple[PlannedStop, ...]
    distance_m: int
    duration_s: int
    geometry: str
    cause: str
    breaks: tuple[RouteBreak, ...] = ()
    reloads: tuple[RouteReload, ...] = ()

    def trips(self) -> Mapping[UUID, int]:
        """On which trip each stop is, from 1, by stop id; the van loads again before each other.

        A load whose first order has left the route begins with the next stop after its hour.
        """
        found, trip, waiting = {}, 1, list(self.reloads)
        for planned in sorted(self.stops, key=lambda stop: stop.sequence):
            while waiting and self._is_loaded_before(waiting[0], planned):
                waiting.pop(0)
                trip += 1
            found[planned.stop_id] = trip
        return found

    def _is_loaded_before(self, reload: RouteReload, planned: PlannedStop) -> bool:
        if any(stop.order_id == reload.order_id for stop in self.stops):
            return planned.order_id == reload.order_id
        return planned.arrival >= reload.departure


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A route in its present state.

    Attributes:
        code: What people call it, as ``R-14``; unique on its date.
        version: Number of the newest published version; 0 before the first.
        acknowledged_version: The version the driver's phone shows; 0 before the first.
        is_broken_down: Whether the vehicle stands with a breakdown.
        handed_in_at: When its driver says to have left parcels and cash at the depot.
        cash_told_clp: What drivers said to have collected, as far as the warehouse counted it.
        cash_counted_clp: What it found; None before it counted.
        rests: By start; only the last may go on.
    """

    id: UUID
    code: str
    date: date
    depot_id: UUID
    vehicle_id: UUID
    driver_id: UUID
    state: RouteState
    version: int = 0
    acknowledged_version: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    is_broken_down: bool = False
    handed_in_at: datetime | None = None
    cash_told_clp: int | None = None
    cash_counted_clp: int | None = None
    rests: tuple[RouteRest, ...] = ()
