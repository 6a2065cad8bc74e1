"""What goes on with the forecast of each operator: kept in memory, found again by asking anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from promesa.runtime.slips import Slip

# What a forecast rests on, besides the orders of each day.
FORECAST_RESTS_ON = frozenset(
    {
        "demand.event_saved",
        "demand.event_removed",
        "demand.calendar_brought",
        "demand.history_imported",
        "demand.history_undone",
    }
)


@dataclass(slots=True, kw_only=True)
class Forecasting:
    """What goes on for one operator.

    Attributes:
        slip: How far the forecast is that is being made; None while none is.
        is_asked: Something changed meanwhile: another follows.
        failure: Why the last one was not made; None when it was.
        looked_at: When one was last begun, or found to be of the day; None since the start.
        calendar_year: The year for which Chile's calendar was last brought; None since the start.
    """

    slip: Slip | None = None
    is_asked: bool = False
    failure: str | None = None
    looked_at: datetime | None = None
    calendar_year: int | None = None


@dataclass(slots=True)
class Forecastings:
    """Those of every operator."""

    _kept: dict[UUID, Forecasting] = field(default_factory=dict)

    def of(self, tenant_id: UUID) -> Forecasting:
        """What goes on for an operator."""
        return self._kept.setdefault(tenant_id, Forecasting())
