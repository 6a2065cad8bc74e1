"""What forecasts need kept."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from promesa.planning.forecast.outlook import OutlookRecord


class ForecastRepository(Protocol):
    """The forecasts of one tenant."""

    async def add(self, record: OutlookRecord) -> None: ...
    async def find_newest(self) -> OutlookRecord | None:
        """The one made last; None before the first."""
        ...

    async def remove_before(self, instant: datetime) -> int:
        """Forgets what was forecast long ago; returns how many forecasts."""
        ...
