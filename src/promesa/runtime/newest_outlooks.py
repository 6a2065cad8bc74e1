"""The newest forecast of every operator, kept in memory by its id.

A forecast is some megabytes and changes once a day; a look at the board is a step of a slider.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from promesa.planning.forecast.outlook import OutlookRecord
from promesa.planning.forecast.repository import ForecastRepository


class NewestStore(Protocol):
    """The unit of work as far as the newest forecast goes."""

    @property
    def tenant_id(self) -> UUID: ...
    @property
    def demand_forecasts(self) -> ForecastRepository: ...


@dataclass(slots=True)
class NewestOutlooks:
    """One forecast an operator."""

    _kept: dict[UUID, OutlookRecord] = field(default_factory=dict)

    async def find(self, tx: NewestStore) -> OutlookRecord | None:
        """The one made last, read only when it is another; None before the first."""
        newest = await tx.demand_forecasts.find_newest_id()
        if newest is None:
            return None
        kept = self._kept.get(tx.tenant_id)
        if kept is None or kept.id != newest:
            kept = await tx.demand_forecasts.get(newest)
            self._kept[tx.tenant_id] = kept
        return kept
