"""What a forecast says will still come in, between two instants."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from promesa.kernel.serviceday import SANTIAGO
from promesa.promising.odds import Spread

HOURS = 24
# A forecast looks three months ahead at most.
DAYS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedOrders:
    """Orders a day as they are forecast, and the hours at which they come.

    Attributes:
        days: What each day is expected to bring, whole.
        hour_shares: Share of a day's orders in each of its 24 hours.
    """

    days: Mapping[date, Spread]
    hour_shares: tuple[float, ...]
    zone: str = SANTIAGO

    def between(self, start: datetime, end: datetime) -> Spread | None:
        """Orders of that span; None where the forecast does not tell of all of it.

        Days miss together, as a forecast's level does; chance is added by what is left to come.
        """
        zone = ZoneInfo(self.zone)
        first, last = start.astimezone(zone), end.astimezone(zone)
        mean = shared = 0.0
        for number in range(min(DAYS_MAX, (last.date() - first.date()).days + 1)):
            day = first.date() + timedelta(days=number)
            low = self._reached(first) if day == first.date() else 0.0
            high = self._reached(last) if day == last.date() else 1.0
            if high <= low:
                continue
            if day not in self.days:
                return None
            whole, share = self.days[day], high - low
            mean += whole.mean * share
            # Of a day's variance chance is its mean; what is beyond it, all hours have in common.
            shared += math.sqrt(max(0.0, whole.sd**2 - whole.mean)) * share
        return Spread(mean=mean, sd=math.sqrt(mean + shared**2))

    def _reached(self, local: datetime) -> float:
        """The share of a day's orders that have come in by the clock of the zone."""
        before = (0.0, *accumulate(self.hour_shares))
        return before[local.hour] + self.hour_shares[local.hour] * local.minute / 60


def even_hours() -> tuple[float, ...]:
    """Where nobody knows at which hours orders come."""
    return (1 / HOURS,) * HOURS
