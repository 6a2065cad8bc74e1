"""What a forecast says will still come in, between two instants, for each depot.

An order of a far comuna takes more than a usual one: a van drives to it and back, and its stops
share that way. So orders are counted as they are, and each day says how many usual ones one of
them is worth.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import accumulate
from uuid import UUID
from zoneinfo import ZoneInfo

from promesa.kernel.serviceday import SANTIAGO
from promesa.promising.odds import Spread
from promesa.promising.usual_work import UsualWork

HOURS = 24
# A forecast looks three months ahead at most.
DAYS_MAX = 100
# No order takes less than half of a usual one's time for lying near.
WEIGHT_MIN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedOrders:
    """Orders a day as they are forecast, and the hours at which they come.

    Attributes:
        days: What each day is expected to bring, whole.
        hour_shares: Share of a day's orders in each of its 24 hours.
        weights: How many usual orders one of a day is; 1 of a day that is not there.
    """

    days: Mapping[date, Spread]
    hour_shares: tuple[float, ...]
    zone: str = SANTIAGO
    weights: Mapping[date, float] = field(default_factory=dict)

    def between(self, start: datetime, end: datetime) -> Spread | None:
        """Orders of that span; None where the forecast does not tell of all of it.

        Days miss together, as a forecast's level does; chance is added by what is left to come.
        """
        mean = shared = 0.0
        for day, share in self._parts(start, end):
            if day not in self.days:
                return None
            whole = self.days[day]
            mean += whole.mean * share
            # Of a day's variance chance is its mean; what is beyond it, all hours have in common.
            shared += math.sqrt(max(0.0, whole.sd**2 - whole.mean)) * share
        return Spread(mean=mean, sd=math.sqrt(mean + shared**2))

    def weight_between(self, start: datetime, end: datetime) -> float:
        """How many usual orders one of that span is, in the mean; 1 where none is expected."""
        orders = usual = 0.0
        for day, share in self._parts(start, end):
            count = self.days[day].mean * share if day in self.days else 0.0
            orders += count
            usual += count * self.weights.get(day, 1.0)
        return usual / orders if orders > 0 else 1.0

    def _parts(self, start: datetime, end: datetime) -> Iterator[tuple[date, float]]:
        """The days of a span with the share of their orders that comes in within it."""
        zone = ZoneInfo(self.zone)
        first, last = start.astimezone(zone), end.astimezone(zone)
        for number in range(min(DAYS_MAX, (last.date() - first.date()).days + 1)):
            day = first.date() + timedelta(days=number)
            low = self._reached(first) if day == first.date() else 0.0
            high = self._reached(last) if day == last.date() else 1.0
            if high > low:
                yield day, high - low

    def _reached(self, local: datetime) -> float:
        """The share of a day's orders that have come in by the clock of the zone."""
        before = (0.0, *accumulate(self.hour_shares))
        return before[local.hour] + self.hour_shares[local.hour] * local.minute / 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedOfDepots:
    """What is expected, by the depot that serves it.

    Attributes:
        shared: Of comunas that nobody knows the depot of.
        usual: What orders of a usual day take, where streets were measured.
    """

    depots: Mapping[UUID, ExpectedOrders]
    shared: ExpectedOrders
    usual: Mapping[UUID, UsualWork] = field(default_factory=dict)

    def of(self, depot_id: UUID) -> ExpectedOrders:
        """The depot's own; nothing where none of the comunas is its."""
        nothing = dict.fromkeys(self.shared.days, Spread(mean=0.0, sd=0.0))
        return self.depots.get(depot_id) or replace(self.shared, days=nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedComuna:
    """A comuna that is forecast, and who serves it.

    Attributes:
        depot_id: None where nobody knows.
        haul_s: From the depot to its doors in the mean, or its middle where none was timed; None
            where nobody knows, and an order of it is taken for a usual one.
        orders: Forecast, over all days.
    """

    depot_id: UUID | None
    haul_s: float | None
    orders: float


def weights_of(
    comunas: Sequence[ServedComuna], order_s: Mapping[UUID, float], *, van_stops: float
) -> list[float]:
    """How many usual orders of its depot an order of each comuna is.

    A usual one is what the depot's orders are in the mean; what a comuna lies farther off than
    those, there and back, is shared by the stops of a van.
    """
    total: dict[UUID, float] = {}
    hauled: dict[UUID, float] = {}
    for each in comunas:
        if each.depot_id is not None and each.haul_s is not None:
            total[each.depot_id] = total.get(each.depot_id, 0.0) + each.orders
            way_s = each.orders * each.haul_s
            hauled[each.depot_id] = hauled.get(each.depot_id, 0.0) + way_s
    found = []
    for each in comunas:
        if each.depot_id is None or each.haul_s is None or total[each.depot_id] <= 0:
            found.append(1.0)
            continue
        farther_s = each.haul_s - hauled[each.depot_id] / total[each.depot_id]
        usual_s = order_s[each.depot_id]
        found.append(max(WEIGHT_MIN, (usual_s + 2 * farther_s / van_stops) / usual_s))
    return found
