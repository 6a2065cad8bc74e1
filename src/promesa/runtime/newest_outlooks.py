"""The newest forecast of every operator, kept in memory by its id.

A forecast is some megabytes and changes once a day; a look at the board is a step of a slider.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from typing import Protocol
from uuid import UUID

from promesa.kernel.serviceday import ServiceDay
from promesa.planning.forecast.outlook import OutlookRecord
from promesa.planning.forecast.repository import ForecastRepository

# A forecast made later is of a day whose morning somebody has already seen.
NOON = time(12)


class NewestStore(Protocol):
    """The unit of work as far as the newest forecast goes."""

    @property
    def tenant_id(self) -> UUID: ...
    @property
    def demand_forecasts(self) -> ForecastRepository: ...


@dataclass(slots=True)
class NewestOutlooks:
    """One forecast an operator, and the one of this morning where another was made since."""

    _kept: dict[UUID, OutlookRecord] = field(default_factory=dict)
    _mornings: dict[UUID, OutlookRecord] = field(default_factory=dict)

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

    async def find_of_morning(self, tx: NewestStore, day: ServiceDay) -> OutlookRecord | None:
        """The one a day began with: the first of its morning, or what stood before.

        Where there is neither, the first of the day; None where nothing tells of it.
        """
        forecasts, noon = tx.demand_forecasts, day.at(NOON)
        began = (
            await forecasts.find_first_id(day.start, noon)
            or await forecasts.find_last_id(day.start)
            or await forecasts.find_first_id(noon, day.end)
        )
        if began is None:
            return None
        kept = [self._kept.get(tx.tenant_id), self._mornings.get(tx.tenant_id)]
        found = next((each for each in kept if each is not None and each.id == began), None)
        if found is None:
            found = self._mornings[tx.tenant_id] = await forecasts.get(began)
        return found if day.date in found.outlook.days else None
