"""Tracks and estimates of arrivals in memory, for tests that need no server."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from promesa.tracking.repository import ArrivalEstimate, Fix


class MemoryTracks:
    """Keeps each position once by its id; is its own unit of work."""

    def __init__(self) -> None:
        self.fixes: dict[UUID, Fix] = {}
        self.estimates = MemoryEstimates()

    @property
    def tracks(self) -> MemoryTracks:
        return self

    async def append(self, fixes: Sequence[Fix], received_at: datetime) -> None:
        self.fixes.update({fix.id: fix for fix in fixes})

    async def last_fixes(self) -> dict[UUID, Fix]:
        return {fix.driver_id: fix for fix in sorted(self.fixes.values(), key=lambda fix: fix.at)}

    async def list_between(self, driver_id: UUID, start: datetime, end: datetime) -> list[Fix]:
        own = [fix for fix in self.fixes.values() if fix.driver_id == driver_id]
        return sorted((f for f in own if start <= f.at <= end), key=lambda fix: (fix.at, fix.id))

    async def remove_before(self, instant: datetime) -> int:
        old = [fix.id for fix in self.fixes.values() if fix.at < instant]
        for fix_id in old:
            del self.fixes[fix_id]
        return len(old)


class MemoryEstimates:
    """Keeps the first of each stop and horizon."""

    def __init__(self) -> None:
        self.kept: dict[tuple[UUID, int], ArrivalEstimate] = {}

    async def add(self, estimates: Sequence[ArrivalEstimate]) -> None:
        for estimate in estimates:
            self.kept.setdefault((estimate.stop_id, estimate.horizon_min), estimate)

    async def list_of(self, stop_ids: Sequence[UUID]) -> list[ArrivalEstimate]:
        return [kept for key, kept in sorted(self.kept.items()) if key[0] in set(stop_ids)]

    async def remove_before(self, instant: datetime) -> int:
        old = [key for key, kept in self.kept.items() if kept.made_at < instant]
        for key in old:
            del self.kept[key]
        return len(old)
