"""Two ways to promise in a made world: a fixed number of days, and what the product quotes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Protocol
from uuid import UUID

from benchmarks.promise_world import (
    DEPOT,
    SHIFT_FROM,
    SHIFT_UNTIL,
    Buyer,
    DrivenDay,
    Sold,
    World,
)
from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.promising.calibration import Calibration, Outcome
from promesa.promising.choice import Prices, choose
from promesa.promising.coming import ArrivalBook, PastArrivals, coming_for
from promesa.promising.day_book import BookedStop, DayBook
from promesa.promising.odds import Spread
from promesa.promising.offers import OfferedWindow, OfferTerms
from promesa.promising.quoting import Place, Snapshot, Wanted, make_snapshot, quote
from promesa.promising.repository import HALF_HOURS, DayOutlook, UsualWork
from promesa.promising.windows import whole_day

DEPOT_ID = UUID(int=1)
HISTORY_DAYS = 63
WINDOWS = (
    OfferedWindow(name="Todo el día", start=time(9), end=time(21)),
    OfferedWindow(name="Mañana", start=time(9), end=time(14), price_clp=990),
    OfferedWindow(name="Tarde", start=time(14), end=time(21), price_clp=990),
)
PARTS = {"morning": WINDOWS[1], "afternoon": WINDOWS[2]}
# A longer promise loses so many of those who would have bought, for each day after the first.
LOST_A_DAY = 0.06
# What a sale leaves, against which lost ones are priced.
MARGIN_CLP = 6_500
BROKEN_CLP = 8_000


class Policy(Protocol):
    """Promises one buyer after the other."""

    def promise(self, buyer: Buyer) -> Sold | None:
        """What the buyer is told; None where nothing is offered."""
        ...

    def close_day(self, day: date, driven: DrivenDay) -> None:
        """Learns what became of a day."""
        ...


@dataclass(slots=True, kw_only=True)
class FixedDays:
    """Every order within so many days, the whole day; it may come sooner."""

    days: int
    terms: OfferTerms

    def promise(self, buyer: Buyer) -> Sold | None:
        day = self.terms.first_day(buyer.at)
        span = self.terms.delivery_days(day, day + timedelta(days=40))
        days = [next(span) for _ in range(self.days)]
        window = whole_day(days[-1])
        return Sold(buyer=buyer, window=window, day=days[-1], may_come_early=True)

    def close_day(self, day: date, driven: DrivenDay) -> None:
        del day, driven


@dataclass(slots=True, kw_only=True)
class CapacityAware:
    """The product's own quotes, with nothing of the world but its history and its shifts.

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
    books: dict[date, DayBook] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    _outlooks: dict[date, DayOutlook] = field(default_factory=dict)
    _outlooks_at: datetime | None = None
    _snapshot: Snapshot | None = None

    def leg_s(self, origin: Position, destination: Position) -> float:
        """Road times are those of a usual day."""
        return self.world.leg_s(origin, destination)

    def promise(self, buyer: Buyer) -> Sold | None:
        if buyer.is_fixed:
            day = next(self._days(buyer.at))
            window = whole_day(day)
            sold = Sold(buyer=buyer, window=window, day=day, p_model=-1.0)
            self._note(sold)
            return sold
        snapshot = self._now(buyer.at)
        wanted = Wanted(position=buyer.position, service_s=buyer.service_s)
        offers = quote(snapshot, wanted, self, buyer.at).offers
        prices = Prices(day_later_clp=self.terms.day_later_clp, broken_clp=self.terms.broken_clp)
        whole = [offer for offer in offers if offer.is_whole_day]
        shown = choose(whole, prices) or choose(offers, prices)
        if shown is None:
            return None
        if buyer.wants:
            part = PARTS[buyer.wants].name
            later = [o for o in offers if o.name == part and o.date >= shown.date]
            shown = later[0] if later else shown
        sold = Sold(
            buyer=buyer,
            window=shown.window,
            day=shown.date,
            p_model=shown.p_model,
            p_kept=shown.p_kept,
            is_whole_day=shown.is_whole_day,
        )
        if not is_lost(sold):
            self._note(sold)
        return sold

    def close_day(self, day: date, driven: DrivenDay) -> None:
        self.books.pop(day, None)
        for sold in driven.left:
            again = next(
                self.terms.delivery_days(day + timedelta(days=1), day + timedelta(days=40))
            )
            self._note(sold, again)
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

    def _note(self, sold: Sold, day: date | None = None) -> None:
        day = day or sold.day
        service_day = ServiceDay(day)
        window = sold.window if day == sold.day else whole_day(day)
        stop = BookedStop(
            id=derived_id(sold.buyer.at.isoformat(), sold.buyer.number),
            position=sold.buyer.position,
            start_s=service_day.second_of(window.start),
            end_s=service_day.second_of(window.end),
            service_s=sold.buyer.service_s,
        )
        book = self.books.get(day) or DayBook(depot_id=DEPOT_ID, date=day)
        self.books[day] = book.with_stop(stop)
        self._snapshot = None

    def _now(self, now: datetime) -> Snapshot:
        """Outlooks of the hour, books of the moment."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        if self._outlooks_at != hour:
            self._outlooks, self._outlooks_at = self._look(now), hour
            self._snapshot = None
        if self._snapshot is None:
            empty = DayBook(depot_id=DEPOT_ID, date=now.date())
            self._snapshot = make_snapshot(
                terms=self.terms,
                places=[Place(depot_id=DEPOT_ID, position=DEPOT)],
                days=[(self.books.get(d, empty), o) for d, o in self._outlooks.items()],
                calibration=self.calibration,
            )
        return self._snapshot

    def _days(self, now: datetime) -> Iterator[date]:
        first = self.terms.first_day(now)
        last = first + timedelta(days=self.terms.horizon_days)
        return self.terms.delivery_days(first, last)

    def _look(self, now: datetime) -> dict[date, DayOutlook]:
        found, before = {}, None
        for day in self._days(now):
            coming = coming_for(day, before, now=now, book=self.arrivals, terms=self.terms)
            uplift = self.uplift_of(day, before)
            found[day] = DayOutlook(
                depot_id=DEPOT_ID,
                date=day,
                hours_s=self._hours(day),
                coming=Spread(mean=coming.orders.mean * uplift, sd=coming.orders.sd * uplift),
                usual=self.usual,
                fixed_share=coming.fixed_share,
                weeks=coming.weeks,
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


def is_lost(sold: Sold) -> bool:
    """Whether the buyer goes elsewhere for so long a promise."""
    days = (sold.day - ServiceDay.of(sold.buyer.at).date).days
    return not sold.buyer.is_fixed and sold.buyer.patience > (1 - LOST_A_DAY) ** max(0, days - 1)


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
