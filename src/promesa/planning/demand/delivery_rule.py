"""On which days an operator delivers, and until when an order of the day leaves with the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from promesa.kernel.serviceday import SANTIAGO
from promesa.planning.demand.lead_time import CutOff, next_working_day
from promesa.planning.demand.rest_days import OF_THE_LAW, RestDays


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRule:
    """What an operator says of its deliveries, at the checkout and everywhere else.

    Attributes:
        weekdays: With deliveries; 0 is Monday.
        closed: Dates without, whatever their weekday.
        serves_rest_days: Whether vans go out on feriados irrenunciables.
        rest: Which days those are.
        former: What held before ``since``; None where this always did.
    """

    cut_off: CutOff
    weekdays: frozenset[int]
    closed: frozenset[date] = frozenset()
    serves_rest_days: bool = False
    rest: RestDays = OF_THE_LAW
    zone: str = SANTIAGO
    former: DeliveryRule | None = None
    since: date = date.min

    def is_open(self, day: date) -> bool:
        """Whether anything is delivered on a day, or was by the rule of then."""
        if self.former is not None and day < self.since:
            return self.former.is_open(day)
        is_kept = self.serves_rest_days or not self.rest.has(day)
        return day.weekday() in self.weekdays and day not in self.closed and is_kept

    def first_day(self, now: datetime) -> date:
        """The first open day that something handed in now is delivered on, by the cut-off."""
        return next_working_day(self.cut_off.first_date(now, self.zone), self.is_open)
