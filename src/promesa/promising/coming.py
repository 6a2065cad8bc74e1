"""What will still come in for a day, from how orders came in on the same days of past weeks.

The mean of the weeks there are, and a spread with two parts: chance, and a common factor that
makes all of a day more or less than usual. Without a week of history nothing is known, and a day
is taken to fill up. Where demand is forecast (`expected.py`), that takes the place of past weeks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from promesa.kernel.serviceday import SANTIAGO
from promesa.promising.expected import HOURS, ExpectedOrders
from promesa.promising.odds import NOTHING, Spread
from promesa.promising.offers import OfferTerms

WEEKS_MAX = 8
# Days differ from their weekday's mean by so much where too few are known to tell (assumed; daily
# series of 42 stores came to 5 to 9 % on ordinary days).
COMMON_CV_DEFAULT = 0.12
# So many days weigh as much as that default.
_CV_WEIGHT = 14
_DAYS_TOLD_MIN = 14
# An empty history: the day is taken to have as many orders to come as fill it several times.
FILLS_ORDERS = 1e6
UNTOLD = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastArrivals:
    """Orders that came in during one hour of a past day, by the clocks of the zone.

    Attributes:
        orders: All of them.
        quoted: Those that took a quoted window; the others said their own day.
    """

    date: date
    hour: int
    orders: int
    quoted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingOrders:
    """Orders still to come in for a day.

    Attributes:
        orders: Those that take a window they are offered.
        named: All of the day that say their own day whatever is offered, in already or not: a
            file of the night before comes in when no cut-off tells.
        weight: How many usual orders of the depot one of these is.
        weeks: On how many it rests; 0 where nothing is known and a full day is supposed.
        basis: forecast, past_weeks, none.
    """

    orders: Spread
    named: Spread = NOTHING
    weight: float = 1.0
    weeks: int = 0
    basis: str = "past_weeks"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalBook:
    """How orders came in, hour by hour.

    Attributes:
        first: The first date it tells of.
        until: The date after the last.
        reached: Orders from ``first`` until before each hour; one more than hours.
        common_cv: How much all of a day is more or less than its weekday's mean.
        fixed_share: Of all orders, those that took no quoted window.
    """

    first: date
    until: date
    reached: tuple[float, ...]
    common_cv: float
    fixed_share: float
    zone: str = SANTIAGO

    @classmethod
    def of(
        cls, arrivals: Iterable[PastArrivals], first: date, until: date, zone: str = SANTIAGO
    ) -> ArrivalBook:
        """The book of the days from ``first`` until before ``until``; an hour without is empty."""
        hours = [0.0] * (max(0, (until - first).days) * HOURS)
        orders = quoted = 0
        for row in arrivals:
            if first <= row.date < until:
                hours[(row.date - first).days * HOURS + row.hour] += row.orders
                orders += row.orders
                quoted += row.quoted
        return cls(
            first=first,
            until=until,
            reached=(0.0, *accumulate(hours)),
            common_cv=_common_cv(hours, first),
            fixed_share=1 - quoted / orders if orders else 1.0,
            zone=zone,
        )

    def between(self, start: datetime, end: datetime, weeks_back: int) -> float | None:
        """Orders of that span so many weeks earlier; None where the book does not tell of it."""
        low, high = self._hour_of(start, weeks_back), self._hour_of(end, weeks_back)
        if low < 0 or high > len(self.reached) - 1:
            return None
        return self._at(high) - self._at(low)

    def _hour_of(self, instant: datetime, weeks_back: int) -> float:
        """Hours from the first date by the clock on the wall: a changed clock is an hour off."""
        local = instant.astimezone(ZoneInfo(self.zone)) - timedelta(weeks=weeks_back)
        days = (local.date() - self.first).days
        return days * HOURS + local.hour + local.minute / 60

    def _at(self, hour: float) -> float:
        whole = min(int(hour), len(self.reached) - 1)
        after = min(whole + 1, len(self.reached) - 1)
        return self.reached[whole] + (self.reached[after] - self.reached[whole]) * (hour - whole)


def coming_for(
    day: date,
    before: date | None,
    *,
    now: datetime,
    book: ArrivalBook,
    terms: OfferTerms,
    expected: ExpectedOrders | None = None,
) -> ComingOrders:
    """Orders whose first possible day this is, that have not come in yet.

    ``before`` is the delivery day before it, whose cut-off they came too late for; None for the
    first day that is offered, for which they come from now on.
    """
    opened = terms.last_orders(before or terms.delivery_day_before(day))
    start = now if before is None else max(now, opened)
    end = terms.last_orders(day)
    whole = _between(opened, end, book, expected)
    rest = whole if end <= start else _between(start, end, book, expected)
    to_come = NOTHING if end <= start else rest.spread
    if rest.basis == UNTOLD:
        return ComingOrders(orders=to_come, basis=UNTOLD)
    # Of a day whose beginning nobody tells of, what is still to come says all there is to say.
    told = whole if whole.basis == rest.basis else rest
    fixed = book.fixed_share
    return ComingOrders(
        orders=_part(to_come, 1 - fixed),
        named=_part(told.spread, fixed),
        weight=told.weight,
        weeks=rest.weeks,
        basis=rest.basis,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """Orders of a span of time, and on what that rests."""

    spread: Spread
    basis: str
    weeks: int = 0
    weight: float = 1.0


def _between(
    start: datetime, end: datetime, book: ArrivalBook, expected: ExpectedOrders | None
) -> _Span:
    forecast = None if expected is None else expected.between(start, end)
    if expected is not None and forecast is not None:
        weight = expected.weight_between(start, end)
        return _Span(spread=forecast, basis="forecast", weight=weight)
    past = [book.between(start, end, weeks) for weeks in _weeks(end, book)]
    known = [orders for orders in past if orders is not None]
    if not known:
        return _Span(spread=Spread(mean=FILLS_ORDERS, sd=0.0), basis=UNTOLD)
    mean = sum(known) / len(known)
    # Chance, the common factor, and how little so few weeks know of the mean.
    variance = mean + (book.common_cv * mean) ** 2
    sd = math.sqrt(variance * (1 + 1 / len(known)))
    return _Span(spread=Spread(mean=mean, sd=sd), basis="past_weeks", weeks=len(known))


def _part(whole: Spread, share: float) -> Spread:
    """Some of the orders: chance grows with their number, what they have in common with them."""
    shared = math.sqrt(max(0.0, whole.sd**2 - whole.mean)) * share
    mean = whole.mean * share
    return Spread(mean=mean, sd=math.sqrt(mean + shared**2))


def _weeks(end: datetime, book: ArrivalBook) -> range:
    """The newest weeks in which a span that ends so lies wholly before the book's last date."""
    last = end.astimezone(ZoneInfo(book.zone)).date()
    newest = max(1, -(-((last - book.until).days + 1) // 7))
    return range(newest, newest + WEEKS_MAX)


def _common_cv(hours: list[float], first: date) -> float:
    """Spread of whole days about the mean of their weekday, beyond chance, held to the default."""
    days = [sum(hours[at : at + HOURS]) for at in range(0, len(hours), HOURS)]
    if len(days) < _DAYS_TOLD_MIN:
        return COMMON_CV_DEFAULT
    by_weekday: dict[int, list[float]] = {}
    for number, orders in enumerate(days):
        by_weekday.setdefault((first.weekday() + number) % 7, []).append(orders)
    beyond = counted = 0.0
    for several in by_weekday.values():
        mean = sum(several) / len(several)
        if len(several) < 2 or mean <= 0:
            continue
        variance = sum((each - mean) ** 2 for each in several) / (len(several) - 1)
        beyond += max(0.0, variance - mean) / mean**2 * len(several)
        counted += len(several)
    square = (beyond + _CV_WEIGHT * COMMON_CV_DEFAULT**2) / (counted + _CV_WEIGHT)
    return math.sqrt(square)
