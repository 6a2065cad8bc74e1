"""Two ways to promise: a fixed number of days, and what the product's own core quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from promesa.domain.fleet import Load
from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.promising.calibration import Calibration
from promesa.promising.choice import Prices, choose
from promesa.promising.day_book import BookedStop, DayBook
from promesa.promising.offers import OfferTerms
from promesa.promising.quoting import Offer, Place, Snapshot, Wanted, make_snapshot, quote
from promesa.promising.rehearsal.buyers import Buyer, Sold
from promesa.promising.repository import DayOutlook, Ways
from promesa.promising.windows import is_whole_day

# So far ahead a delivery day is looked for: longer than any operator is closed.
CLOSED_DAYS_MAX = 60
# Whose size nobody forecasts: vans are full of so many parcels, as fleets are sized.
ORDER_LOAD = Load(parcels=1)
LookAhead = Callable[[datetime], Mapping[date, DayOutlook]]


class Policy(Protocol):
    """Promises one buyer after the other."""

    def promise(self, buyer: Buyer) -> Sold | None:
        """What the buyer is told; None where nothing is offered."""
        ...

    def book(self, sold: Sold, day: date | None = None) -> None:
        """The buyer took it; ``day`` is another day on which it goes."""
        ...

    def close_day(self, day: date) -> None:
        """A day is over: nothing more is promised for it."""
        ...


@dataclass(slots=True, kw_only=True)
class FixedDays:
    """Every order within so many delivery days, the widest window; it may come sooner."""

    days: int
    terms: OfferTerms

    def promise(self, buyer: Buyer) -> Sold | None:
        first = self.terms.first_day(buyer.at)
        span = self.terms.delivery_days(first, first + timedelta(days=CLOSED_DAYS_MAX))
        day = next((day for number, day in enumerate(span, start=1) if number == self.days), None)
        if day is None:
            return None
        service_day = ServiceDay(day, self.terms.zone)
        windows = [offered.on(service_day) for offered in self.terms.windows_of(day)]
        widest = max(windows, key=lambda window: window.width)
        return Sold(buyer=buyer, window=widest, day=day, p_model=-1.0, may_come_early=True)

    def book(self, sold: Sold, day: date | None = None) -> None:
        del sold, day

    def close_day(self, day: date) -> None:
        del day


@dataclass(slots=True, kw_only=True)
class CapacityAware:
    """The product's own quotes; of the world it knows what an operator knows.

    Attributes:
        ahead: What the coming days carry and what will still come for them, at an instant.
        orders_a_look: After so many orders the books are read anew. A checkout reads those of
            the second; a rehearsal of a peak would take minutes that way.
    """

    depot_id: UUID
    depot: Position
    terms: OfferTerms
    ways: Ways
    ahead: LookAhead
    calibration: Calibration = field(default_factory=Calibration)
    orders_a_look: int = 1
    _books: dict[date, DayBook] = field(default_factory=dict)
    _outlooks: Mapping[date, DayOutlook] = field(default_factory=dict)
    _outlooks_at: datetime | None = None
    _snapshot: Snapshot | None = None
    _booked: int = 0
    _parts: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._parts = parts_of(self.terms)

    def promise(self, buyer: Buyer) -> Sold | None:
        snapshot = self._look(buyer.at)
        wanted = Wanted(position=buyer.position, service_s=buyer.service_s, load=ORDER_LOAD)
        # A part of the day may be free on a later one than the whole day that is shown.
        part = self._parts.get(buyer.wants)
        enough = 1 if part is None else None
        offers = quote(snapshot, wanted, self.ways, buyer.at, enough=enough).offers
        shown = self._shown(offers, part)
        if shown is None:
            return None
        return Sold(
            buyer=buyer,
            window=shown.window,
            day=shown.date,
            p_model=shown.p_model,
            p_kept=shown.p_kept,
            is_whole_day=shown.is_whole_day,
        )

    def _shown(self, offers: tuple[Offer, ...], part: str | None) -> Offer | None:
        """The date by the two prices, and the part of a day that the buyer wants from there on."""
        prices = Prices(day_later_clp=self.terms.day_later_clp, broken_clp=self.terms.broken_clp)
        whole = [offer for offer in offers if offer.is_whole_day]
        shown = choose(whole, prices) or choose(offers, prices)
        if shown is None or part is None:
            return shown
        later = [offer for offer in offers if offer.name == part and offer.date >= shown.date]
        return later[0] if later else shown

    def book(self, sold: Sold, day: date | None = None) -> None:
        self._note(sold, day or sold.day)
        self._booked += 1
        if self._booked >= self.orders_a_look:
            self._snapshot, self._booked = None, 0

    def close_day(self, day: date) -> None:
        self._books.pop(day, None)
        self._snapshot = None

    def _note(self, sold: Sold, day: date) -> None:
        service_day = ServiceDay(day, self.terms.zone)
        window = sold.window
        if day != sold.day:
            windows = [each.on(service_day) for each in self.terms.windows_of(day)]
            window = max(windows, key=lambda each: each.width)
        stop = BookedStop(
            id=derived_id(sold.buyer.at.isoformat(), sold.buyer.number),
            position=sold.buyer.position,
            start_s=service_day.second_of(window.start),
            end_s=service_day.second_of(window.end),
            service_s=sold.buyer.service_s,
            load=ORDER_LOAD,
            is_named=sold.buyer.is_fixed and day == sold.day,
        )
        book = self._books.get(day) or DayBook(depot_id=self.depot_id, date=day)
        self._books[day] = book.with_stop(stop)

    def _look(self, now: datetime) -> Snapshot:
        """Outlooks of the hour, books of a moment ago."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        if self._outlooks_at != hour:
            self._outlooks, self._outlooks_at = self.ahead(now), hour
            self._snapshot = None
        if self._snapshot is None:
            empty = DayBook(depot_id=self.depot_id, date=now.date())
            self._snapshot = make_snapshot(
                terms=self.terms,
                places=[Place(depot_id=self.depot_id, position=self.depot)],
                days=[(self._books.get(d, empty), o) for d, o in self._outlooks.items()],
                calibration=self.calibration,
            )
        return self._snapshot


def parts_of(terms: OfferTerms) -> dict[str, str]:
    """The windows that buyers of a morning or an afternoon take, by name: the first and last ones.

    Empty where only whole days are offered.
    """
    any_day = ServiceDay(date(2026, 1, 5), terms.zone)
    parts = [each for each in terms.windows if not is_whole_day(each.on(any_day))]
    if not parts:
        return {}
    parts.sort(key=lambda window: window.start)
    return {"morning": parts[0].name, "afternoon": parts[-1].name}


def next_delivery_day(terms: OfferTerms, day: date) -> date | None:
    """The first one after that day; None where there is none for months."""
    days = terms.delivery_days(day + timedelta(days=1), day + timedelta(days=CLOSED_DAYS_MAX))
    return next(days, None)


def offered_days(terms: OfferTerms, now: datetime) -> Iterator[date]:
    """Days that a checkout may be offered now."""
    first = terms.first_day(now)
    return terms.delivery_days(first, first + timedelta(days=terms.horizon_days))
