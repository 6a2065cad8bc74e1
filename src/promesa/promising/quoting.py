"""Quoting: for an address, now, the windows of the coming days with their odds and price.

It commits to nothing and reads one snapshot to its end. Pure: what the snapshot is made of, who
keeps it and who writes it down are others' business.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from promesa.domain.fleet import NO_LOAD, Load
from promesa.kernel.geo import Position
from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.promising.calibration import NO_OUTCOMES, Calibration
from promesa.promising.day_book import DayBook
from promesa.promising.day_load import (
    DayLoad,
    kept_in_hours,
    kept_on_day,
    pour,
    pressed_on_day,
)
from promesa.promising.detour import Around, detour_s
from promesa.promising.odds import ASSUMED, Scatter, in_time_share
from promesa.promising.offers import OfferedWindow, OfferTerms
from promesa.promising.repository import DayOutlook, Ways
from promesa.promising.windows import is_whole_day

# Detours beyond those of a usual order are paid by the hour of a van with its driver (assumed:
# the van of the demo costs 6,000 an hour).
VAN_HOUR_CLP = 6_000
PRICE_STEP_CLP = 10
# An order far from those promised so far takes no more than so many usual ways once all came.
WAY_FACTOR_MAX = 3
# No day is asked to get more done than this; and as odds are compared, so near is equal.
SHARE_MAX = 0.995
SHARE_TOLERANCE = 0.002
# Windows of four weeks for some hundred operators.
SLOTS_KEPT = 8_192
HOUR_S = 3_600
# Windows are as wide on any day that is not one of a change of hour.
_ANY_DAY = date(2026, 1, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A depot that vans leave from."""

    depot_id: UUID
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything a quote reads, at one instant; a change makes a new one.

    Attributes:
        loads: By depot, the days with something to offer, rising.
        hour_clp: What a van's hour costs.
        share_min: What a day must get done to be open: enough for the narrowest of the windows
            that can be sure at all.
    """

    terms: OfferTerms
    places: tuple[Place, ...]
    loads: Mapping[UUID, tuple[DayLoad, ...]]
    calibration: Calibration = NO_OUTCOMES
    scatter: Scatter = ASSUMED
    hour_clp: int = VAN_HOUR_CLP
    share_min: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be delivered, and where; ``load`` is 0 of a measure nobody said."""

    position: Position
    service_s: int
    comuna: str | None = None
    merchant_id: UUID | None = None
    load: Load = NO_LOAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A window with what is known of it.

    Attributes:
        p_kept: The odds that it is kept, calibrated.
        p_model: The same before calibration, which outcomes are compared with.
        days: Dates from the one the order counts for.
        detour_s: What it takes on the way between the stops that are promised around it.
        work_s: That and the time at the door.
        cost_clp: What it costs us more than a usual order: detour, and promises it breaks.
        is_sure: Whether it may be offered: as sure as the operator asks, on a day that is open.
    """

    depot_id: UUID
    date: date
    name: str
    window: TimeWindow
    p_kept: float
    p_model: float
    price_clp: int
    cost_clp: int
    days: int
    detour_s: int
    work_s: int
    is_whole_day: bool
    is_sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """What can honestly be offered.

    Attributes:
        offers: By start and end; each at least as sure as the operator asks.
        unsure: Windows that were looked at and are not sure enough.
        unknown_days: Delivery days of which nobody said with what vans.
        outcomes: On how many promises the odds rest; 0 is the model's own.
    """

    offers: tuple[Offer, ...]
    unsure: int
    unknown_days: tuple[date, ...]
    outcomes: int


def make_snapshot(
    *,
    terms: OfferTerms,
    places: Sequence[Place],
    days: Sequence[tuple[DayBook, DayOutlook]],
    calibration: Calibration = NO_OUTCOMES,
    scatter: Scatter = ASSUMED,
    hour_clp: int = VAN_HOUR_CLP,
) -> Snapshot:
    """The snapshot of these books and outlooks; every depot's days are poured together."""
    share_min = _share_min(terms, scatter)
    closes_at = min(0.999, share_min + SHARE_TOLERANCE)
    of_depot: dict[UUID, list[tuple[DayBook, DayOutlook]]] = {}
    for book, outlook in sorted(days, key=lambda pair: pair[1].date):
        of_depot.setdefault(outlook.depot_id, []).append((book, outlook))
    return Snapshot(
        terms=terms,
        places=tuple(places),
        loads={
            depot_id: tuple(pour(pairs, share_min=closes_at, scatter=scatter))
            for depot_id, pairs in of_depot.items()
        },
        calibration=calibration,
        scatter=scatter,
        hour_clp=hour_clp,
        share_min=share_min,
    )


def quote(
    snapshot: Snapshot,
    wanted: Wanted,
    ways: Ways,
    now: datetime,
    *,
    kept_min: float | None = None,
    enough: int | None = None,
) -> Quotation:
    """Windows for the order over the coming days; half a millisecond for two weeks.

    ``kept_min`` looks at less sure ones too, which nobody is to be offered. With ``enough`` of
    them it stops at the day from which none can be the cheapest by the two prices any more.
    """
    asking = _Asking.of(snapshot, wanted, ways, now)
    offers: list[Offer] = []
    unsure, unknown = 0, []
    if asking is None:
        unknown = _days(snapshot.terms, now)
    else:
        known = {load.outlook.date: load for load in asking.loads}
        best_clp = math.inf
        for day in _days(snapshot.terms, now):
            later_clp = snapshot.terms.day_later_clp * (day - asking.today).days
            if enough is not None and len(offers) >= enough and later_clp > best_clp:
                break
            load = known.get(day)
            if load is None or load.capacity_s <= 0:
                unknown.append(day)
                continue
            for offer in asking.offers(load, snapshot.terms.windows_of(day)):
                if offer.is_sure if kept_min is None else offer.p_kept >= kept_min:
                    offers.append(offer)
                    late_clp = snapshot.terms.broken_clp * (1 - offer.p_kept)
                    best_clp = min(best_clp, later_clp + late_clp)
                else:
                    unsure += 1
    offers.sort(key=lambda offer: (offer.window.start, offer.window.end))
    return Quotation(
        offers=tuple(offers),
        unsure=unsure,
        unknown_days=tuple(unknown),
        outcomes=snapshot.calibration.outcomes,
    )


def requote(
    snapshot: Snapshot,
    wanted: Wanted,
    window: TimeWindow,
    *,
    ways: Ways,
    now: datetime,
    quoted_at: datetime | None = None,
) -> Offer | None:
    """The odds and price of one window now; None where it is not offered any more at all.

    ``quoted_at`` is of a quote that stands: the cut-off and the windows are those of then.
    """
    day = ServiceDay.of(window.start, snapshot.terms.zone)
    asking = _Asking.of(snapshot, wanted, ways, now)
    if asking is None or day.date not in _days(snapshot.terms, quoted_at or now):
        return None
    load = next((load for load in asking.loads if load.outlook.date == day.date), None)
    if load is None:
        return None
    offered = [*snapshot.terms.windows_of(day.date)]
    if quoted_at is not None:
        offered.append(
            OfferedWindow(
                name="", start=day.clock_time_of(window.start), end=day.clock_time_of(window.end)
            )
        )
    found = asking.offers(load, offered)
    return next((offer for offer in found if offer.window == window), None)


def nearest_place(snapshot: Snapshot, position: Position, ways: Ways) -> Place | None:
    """The depot that the order would leave from: the nearest one that has days to offer."""
    open_places = [place for place in snapshot.places if place.depot_id in snapshot.loads]
    return min(
        open_places,
        key=lambda place: (ways.leg_s(place.position, position), place.depot_id),
        default=None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """An offered window on a date."""

    window: TimeWindow
    span: tuple[int, int]
    is_whole_day: bool


@lru_cache(maxsize=SLOTS_KEPT)
def _slot(offered: OfferedWindow, day: date, zone: str) -> Slot:
    service_day = ServiceDay(day, zone)
    window = offered.on(service_day)
    return Slot(
        window=window,
        span=(service_day.second_of(window.start), service_day.second_of(window.end)),
        is_whole_day=is_whole_day(window),
    )


def _days(terms: OfferTerms, now: datetime) -> list[date]:
    first = terms.first_day(now)
    last = date.fromordinal(ServiceDay.of(now, terms.zone).date.toordinal() + terms.horizon_days)
    return list(terms.delivery_days(first, last))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """What one quote is about: the same for all its windows."""

    snapshot: Snapshot
    wanted: Wanted
    ways: Ways
    place: Place
    now: datetime
    today: date
    alone_s: float

    @classmethod
    def of(cls, snapshot: Snapshot, wanted: Wanted, ways: Ways, now: datetime) -> _Asking | None:
        """None where no depot has a day to offer."""
        place = nearest_place(snapshot, wanted.position, ways)
        if place is None:
            return None
        there = ways.leg_s(place.position, wanted.position)
        return cls(
            snapshot=snapshot,
            wanted=wanted,
            ways=ways,
            place=place,
            now=now,
            today=ServiceDay.of(now, snapshot.terms.zone).date,
            alone_s=there + ways.leg_s(wanted.position, place.position),
        )

    @property
    def loads(self) -> tuple[DayLoad, ...]:
        """The days of the depot."""
        return self.snapshot.loads.get(self.place.depot_id, ())

    def offers(self, load: DayLoad, offered: Sequence[OfferedWindow]) -> Iterator[Offer]:
        """Those windows of a day that are not over."""
        terms, day = self.snapshot.terms, load.outlook.date
        around = Around.of(load.book, self.wanted.position, self.ways, self.alone_s)
        for each in offered:
            slot = _slot(each, day, terms.zone)
            if slot.window.end > self.now:
                yield self._offer(load, each, slot, detour_s(around, slot.span, self.ways))

    def _offer(self, load: DayLoad, offered: OfferedWindow, slot: Slot, detour: float) -> Offer:
        snapshot, scatter = self.snapshot, self.snapshot.scatter
        # Once the day is full its stops lie nearer each other than those promised so far.
        own_s = self.wanted.service_s + min(detour, WAY_FACTOR_MAX * load.travel_s)
        served = kept_on_day(load, own_s, self.wanted.load, scatter)
        if not slot.is_whole_day:
            inside = kept_in_hours(load, own_s, slot.span, scatter)
            served = min(served, inside)
        # Of a window that has begun only the rest is left to be in time in.
        left = slot.window.end - max(slot.window.start, self.now)
        arrives = in_time_share(left.total_seconds(), scatter)
        p_model = served * arrives * scatter.made_share
        p_kept = snapshot.calibration.line(is_whole_day=slot.is_whole_day).right(p_model)
        cost_clp = self._cost_clp(load, own_s)
        return Offer(
            depot_id=load.outlook.depot_id,
            date=load.outlook.date,
            name=offered.name,
            window=slot.window,
            p_kept=round(p_kept, 4),
            p_model=round(p_model, 4),
            price_clp=offered.price_clp + (cost_clp if snapshot.terms.charges_cost else 0),
            cost_clp=cost_clp,
            days=(load.outlook.date - self.today).days,
            detour_s=round(detour),
            work_s=round(own_s),
            is_whole_day=slot.is_whole_day,
            is_sure=p_kept >= snapshot.terms.kept_min
            and served >= snapshot.share_min - SHARE_TOLERANCE,
        )

    def _cost_clp(self, load: DayLoad, own_s: float) -> int:
        """Beyond a usual order: its detour, its time at the door, promises of others it breaks."""
        snapshot = self.snapshot
        usual_s = load.outlook.usual.service_s + load.travel_s
        more_s = max(0.0, own_s - usual_s)
        broken = pressed_on_day(load, own_s, snapshot.scatter) * load.orders
        pesos = more_s / HOUR_S * snapshot.hour_clp + broken * snapshot.terms.broken_clp
        return round(pesos / PRICE_STEP_CLP) * PRICE_STEP_CLP


def surest(terms: OfferTerms, calibration: Calibration, scatter: Scatter = ASSUMED) -> float:
    """The surest that any of the windows can be stated, on a day with vans to spare."""
    found = []
    for window in terms.windows:
        is_whole = is_whole_day(window.on(ServiceDay(_ANY_DAY, terms.zone)))
        arrives = in_time_share(_width_s(window), scatter) * scatter.made_share
        found.append(calibration.line(is_whole_day=is_whole).right(arrives))
    return max(found)


def _share_min(terms: OfferTerms, scatter: Scatter) -> float:
    """What a day must get done: the sureness asked is of the whole promise, so this is more.

    A day is closed for all windows at once, by the narrowest that can be sure at all: otherwise
    whole days would fill it beyond what leaves a morning kept.
    """
    arrive = sorted(
        in_time_share(_width_s(window), scatter) * scatter.made_share for window in terms.windows
    )
    able = [share for share in arrive if share * SHARE_MAX >= terms.kept_min]
    return min(SHARE_MAX, terms.kept_min / (able[0] if able else arrive[-1]))


def _width_s(window: OfferedWindow) -> float:
    start, end = window.start, window.end
    return (end.hour - start.hour) * 3_600.0 + (end.minute - start.minute) * 60.0
