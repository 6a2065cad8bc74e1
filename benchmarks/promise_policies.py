"""What the product quotes in a made world, to an operator who knows its history and its shifts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from benchmarks.promise_world import (
    DEPOT,
    SHIFT_FROM,
    SHIFT_UNTIL,
    World,
)
from promesa.kernel.serviceday import ServiceDay
from promesa.promising.calibration import Calibration, Outcome
from promesa.promising.coming import ArrivalBook, PastArrivals, coming_for
from promesa.promising.odds import Spread
from promesa.promising.offers import OfferedWindow, OfferTerms
from promesa.promising.rehearsal.buyers import Buyer, Sold
from promesa.promising.rehearsal.policies import CapacityAware, offered_days
from promesa.promising.rehearsal.world import DrivenDay
from promesa.promising.repository import HALF_HOURS, DayOutlook
from promesa.promising.usual_work import UsualWork
from promesa.promising.windows import whole_day

DEPOT_ID = UUID(int=1)
HISTORY_DAYS = 63
WINDOWS = (
    OfferedWindow(name="Todo el día", start=time(9), end=time(21)),
    OfferedWindow(name="Mañana", start=time(9), end=time(14), price_clp=990),
    OfferedWindow(name="Tarde", start=time(14), end=time(21), price_clp=990),
)
# A longer promise loses so many of those who would have bought, for each day after the first.
LOST_A_DAY = 0.06
# What a sale leaves, against which lost ones are priced.
MARGIN_CLP = 6_500
BROKEN_CLP = 8_000


@dataclass(slots=True, kw_only=True)
class Operator:
    """Who promises by the product's own quotes, with nothing of the world but its history.

    Attributes:
        vans: On a date, as the operator planned them.
        uplifts: By how much the forecast expects more orders on some dates.
    """

    world: World
    terms: OfferTerms
    usual: UsualWork
    arrivals: ArrivalBook
    vans: Mapping[date, int]
    calibration: Calibration = field(default_factory=Calibration)
    uplifts: Mapping[date, float] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    _quotes: CapacityAware = field(init=False)

    def __post_init__(self) -> None:
        self._quotes = CapacityAware(
            depot_id=DEPOT_ID,
            depot=DEPOT,
            terms=self.terms,
            # Road times are those of a usual day.
            ways=self.world,
            ahead=self._look,
            calibration=self.calibration,
        )

    def promise(self, buyer: Buyer) -> Sold | None:
        """What the buyer is told; who says its own day has it, whatever would be offered."""
        if buyer.is_fixed:
            day = next(offered_days(self.terms, buyer.at))
            return Sold(buyer=buyer, window=whole_day(day), day=day, p_model=-1.0)
        return self._quotes.promise(buyer)

    def book(self, sold: Sold, day: date | None = None) -> None:
        """The buyer took it."""
        self._quotes.book(sold, day)

    def close_day(self, day: date) -> None:
        """A day is over."""
        self._quotes.close_day(day)

    def learn(self, day: date, driven: DrivenDay) -> None:
        """What became of the promises that stated their odds."""
        for sold, is_kept in outcomes_of(driven):
            if sold.day == day and sold.p_model >= 0:
                self.outcomes.append(
                    Outcome(
                        p_stated=sold.p_model,
                        is_kept=is_kept,
                        is_whole_day=sold.is_whole_day,
                        due_at=sold.window.end,
                    )
                )

    def _look(self, now: datetime) -> dict[date, DayOutlook]:
        found, before = {}, None
        for day in offered_days(self.terms, now):
            coming = coming_for(day, before, now=now, book=self.arrivals, terms=self.terms)
            uplift = self.uplift_of(day, before)
            found[day] = DayOutlook(
                depot_id=DEPOT_ID,
                date=day,
                hours_s=self._hours(day),
                coming=Spread(mean=coming.orders.mean * uplift, sd=coming.orders.sd * uplift),
                named=Spread(mean=coming.named.mean * uplift, sd=coming.named.sd * uplift),
                usual=self.usual,
                weeks=coming.weeks,
                vans=self.vans.get(day, 0),
            )
            before = day
        return found

    def uplift_of(self, day: date, before: date | None) -> float:
        """Of the orders that come in between two cut-offs, told a day earlier."""
        came = day - timedelta(days=1)
        days = [came] if before is None else []
        while before is not None and came >= before:
            days.append(came)
            came -= timedelta(days=1)
        return sum(self.uplifts.get(each, 1.0) for each in days) / len(days)

    def _hours(self, day: date) -> tuple[float, ...]:
        each = self.world.shift_s() / ((SHIFT_UNTIL.hour - SHIFT_FROM.hour) * 2)
        vans = self.vans.get(day, 0)
        first, last = SHIFT_FROM.hour * 2, SHIFT_UNTIL.hour * 2
        return tuple(vans * each if first <= n < last else 0.0 for n in range(HALF_HOURS))


def outcomes_of(driven: DrivenDay) -> list[tuple[Sold, bool]]:
    """What became of each order of a day."""
    return [
        *((sold, True) for sold in driven.kept),
        *((sold, False) for sold in (*driven.late, *driven.left)),
    ]


def history_of(world: World, until: date) -> ArrivalBook:
    """How orders came in before a day."""
    first = until - timedelta(days=HISTORY_DAYS)
    counts: dict[tuple[date, int], list[int]] = defaultdict(lambda: [0, 0])
    for number in range(HISTORY_DAYS):
        day = first + timedelta(days=number)
        for buyer in world.buyers(day):
            row = counts[day, ServiceDay(day).clock_time_of(buyer.at).hour]
            row[0] += 1
            row[1] += not buyer.is_fixed
    rows = [
        PastArrivals(date=day, hour=hour, orders=orders, quoted=quoted)
        for (day, hour), (orders, quoted) in counts.items()
    ]
    return ArrivalBook.of(rows, first, until)
