"""What forecasts need kept."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from promesa.planning.forecast.outlook import OutlookRecord


class ForecastRepository(Protocol):
    """The forecasts of one tenant."""

    async def add(self, record: OutlookRecord) -> None: ...
    async def find_newest_id(self) -> UUID | None:
        """Of the one made last; None before the first. It costs a look into an index."""
        ...

    async def find_first_id(self, since: datetime, until: datetime) -> UUID | None:
        """Of the first one made from ``since`` on, before ``until``; None where none was."""
        ...

    async def find_last_id(self, before: datetime) -> UUID | None:
        """Of the last one made before an instant; None where none was."""
        ...

    async def get(self, record_id: UUID) -> OutlookRecord:
        """The forecast, or NotFoundError."""
        ...

    async def find_newest(self) -> OutlookRecord | None:
        """The one made last; None before the first."""
        ...

    async def forget_far(self, record_id: UUID) -> None:
        """Drops the far days of a forecast, which nobody looks at once there is a newer one."""
        ...

    async def remove_before(self, instant: datetime) -> int:
        """Forgets what was forecast long ago; returns how many forecasts."""
        ...
