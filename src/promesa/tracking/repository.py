"""What tracking needs kept: packed tracks, last positions, and estimates to be judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from promesa.kernel.geo import Position
from promesa.tracking.eta import Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A position a phone reported.

    Attributes:
        id: Made by the phone, or derived from device and instant: arriving twice changes nothing.
        at: By the device.
        speed_mps: Metres per second, None when the phone does not know.
        source: web, traccar, osmand or simulator.
    """

    id: UUID
    driver_id: UUID
    position: Position
    at: datetime
    accuracy_m: float | None = None
    speed_mps: float | None = None
    heading_deg: float | None = None
    battery: float | None = None
    source: str = "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalEstimate:
    """What was said of an arrival so long before it; it never changes.

    Attributes:
        horizon_min: How far away the arrival was said to be, as one of HORIZONS_MIN.
        basis: What it stood on.
    """

    stop_id: UUID
    horizon_min: int
    made_at: datetime
    p10: datetime
    p50: datetime
    p90: datetime
    basis: Basis


class TrackRepository(Protocol):
    """Tracks in packed segments of a driver and a minute, and the last position of each driver."""

    async def append(self, fixes: Sequence[Fix], received_at: datetime) -> None: ...
    async def last_fixes(self) -> dict[UUID, Fix]:
        """The newest accepted fix of each driver."""
        ...

    async def list_between(self, driver_id: UUID, start: datetime, end: datetime) -> list[Fix]:
        """A driver's track in [start, end], by instant."""
        ...

    async def remove_before(self, instant: datetime) -> int:
        """Forgets some of what was driven before ``instant``; returns 0 once nothing is left."""
        ...


class EstimateRepository(Protocol):
    """Estimates by stop and horizon."""

    async def add(self, estimates: Sequence[ArrivalEstimate]) -> None:
        """Keeps them; of a stop and a horizon the first stays."""
        ...

    async def list_of(self, stop_ids: Sequence[UUID]) -> list[ArrivalEstimate]:
        """Those of the stops, by stop and horizon."""
        ...

    async def remove_before(self, instant: datetime) -> int:
        """Forgets those made before ``instant``; returns how many."""
        ...


class TrackingStore(Protocol):
    """The unit of work as tracking sees it."""

    @property
    def tracks(self) -> TrackRepository: ...
    @property
    def estimates(self) -> EstimateRepository: ...
