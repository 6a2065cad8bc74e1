"""A depot's coming days together: what each will have to carry once all have come that will.

What finds its day full is offered the next one, so what is forecast for a day spills over into
those after it. Who quotes today reckons with the day as it will be, not as it stands.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from promesa.domain.fleet import MEASURES, NO_LOAD, Load
from promesa.promising.day_book import DayBook
from promesa.promising.odds import (
    NOTHING,
    Crew,
    Scatter,
    Spread,
    capped,
    closing_ratio,
    crews,
    pressed_share,
    served_share,
)
from promesa.promising.repository import DayOutlook
from promesa.promising.usual_work import UsualWork

# What is promised says no more of the orders to come than that they take so many times the usual.
SERVICE_TIMES_MAX = 2.0
# Rounds of finding how many orders a day takes when vans load again: each halves what is left.
_RELOAD_ROUNDS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """How far a day's vans are filled with one measure: parcels, grams or millilitres.

    Attributes:
        name: Of the measure in a ``Load``.
        room: What the vans carry.
        promised: Of what is promised.
        final: Of all once they have come.
        each: Of a usual order.
    """

    name: str
    room: float
    promised: float
    final: Spread
    each: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLoad:
    """One day of a depot.

    Attributes:
        promised_s: Vehicle-seconds of what is promised, with the ways of a day as full as it gets.
        final_s: The same once all has come that will, before the scatter of the work itself.
        order_s: Of one usual order on that day.
        travel_s: Of these, on the way, back to load again included.
        orders: How many there will be.
        room: How many it can get done, as near each other as so many lie.
        asked: How many there would be were it never full.
        spilt: Of these, how many the days before turn away, over all that may come.
        turned: How many of these find it full, and take a later day.
        ratio: Work over capacity at which the day is full.
        carried: Orders that the days before it are expected to leave undone.
        fillings: Of each measure of which the vans' room is known.
    """

    book: DayBook
    outlook: DayOutlook
    promised_s: float
    final_s: Spread
    order_s: float
    travel_s: float
    orders: float
    room: float
    asked: float
    spilt: float
    turned: float
    ratio: float
    carried: Spread
    fillings: tuple[Filling, ...] = ()

    @property
    def to_come(self) -> float:
        """Orders that are still to come and find the day open."""
        return _to_come(self.final_s, self.promised_s, self.order_s * self.outlook.weight)

    @property
    def carried_s(self) -> Spread:
        """Vehicle-seconds of what the days before leave undone, at this day's ways."""
        return Spread(mean=self.carried.mean * self.order_s, sd=self.carried.sd * self.order_s)

    @property
    def capacity_s(self) -> float:
        """Vehicle-seconds of the day."""
        return self.outlook.capacity_s


def pour(
    days: Sequence[tuple[DayBook, DayOutlook]], *, share_min: float, scatter: Scatter
) -> list[DayLoad]:
    """The loads of one depot's days, in their order.

    What a full day turns away goes to the next, and so does what a bad day leaves undone.

    Args:
        days: By date, each with something to offer.
        share_min: Of a day's work, what must get done for it to be open.
        scatter: Of days.
    """
    spilt = carried = NOTHING
    loads = []
    for book, outlook in days:
        ratio = closing_ratio(share_min, scatter, outlook.vans)
        load, spilt = _day(book, outlook, spilt, carried, ratio)
        loads.append(load)
        carried = _undone(load, scatter)
    return loads


def _day(
    book: DayBook, outlook: DayOutlook, spilt: Spread, carried: Spread, ratio: float
) -> tuple[DayLoad, Spread]:
    """The day with what the one before turned away, and what it turns away itself (in orders)."""
    promised = len(book)
    named = _named_left(outlook, book)
    coming = Spread(
        mean=outlook.coming.mean + named.mean + spilt.mean,
        sd=math.hypot(outlook.coming.sd, named.sd, spilt.sd),
    )
    service_s = _service_s(book, outlook.usual)
    # What is promised may take longer at its doors, or less, than as many of those to come.
    longer_s = book.service_s - promised * service_s
    # As many as there is work for: more stops lie nearer each other.
    asked = promised + coming.mean
    stops = carried.mean + asked
    travel_s = _way_each(book, outlook, stops)
    limit_s, loaded = ratio * outlook.capacity_s, _loaded_orders(book, outlook, ratio)
    timed = _orders_within(book, outlook, service_s, max(0.0, limit_s - longer_s))
    order_s = service_s + travel_s
    there = carried.mean + promised
    # One that lies far off takes more of the hours, and no more of the room.
    whole = min(loaded, min(timed, there) + max(0.0, timed - there) / outlook.weight)
    is_long = order_s * (there + coming.mean * outlook.weight) + longer_s > limit_s
    if is_long or there + coming.mean > loaded:
        stops = max(there, whole)
        travel_s = _way_each(book, outlook, stops)
        order_s = service_s + travel_s
    # One that is still to come may lie farther off than a usual one.
    comer_s = order_s * outlook.weight
    # Who was left yesterday is driven to before anybody is promised more.
    promised_s = book.service_s + promised * travel_s
    limit_s = min(
        max(0.0, limit_s - carried.mean * order_s),
        promised_s + max(0.0, loaded - there) * comer_s,
    )
    fixed_s = named.mean * comer_s
    demand = Spread(mean=promised_s + coming.mean * comer_s, sd=coming.sd * comer_s)
    final = capped(demand, max(limit_s, promised_s + fixed_s))
    turned = max(0.0, demand.mean - final.mean) / max(comer_s, 1.0)
    load = DayLoad(
        book=book,
        outlook=outlook,
        promised_s=promised_s,
        final_s=final,
        order_s=order_s,
        travel_s=travel_s,
        orders=max(stops - carried.mean, 1.0),
        room=max(0.0, whole - carried.mean),
        asked=asked,
        spilt=spilt.mean,
        turned=turned,
        ratio=ratio,
        carried=carried,
        fillings=_fillings(book, outlook, final, promised_s, comer_s),
    )
    # What spills is as uncertain as what came, as far as it spills at all.
    share = turned / coming.mean if coming.mean > 0 else 0.0
    return load, Spread(mean=turned, sd=coming.sd * share)


def _service_s(book: DayBook, usual: UsualWork) -> float:
    """At the door of an order to come: a usual one's, moved by what is promised as by one day more.

    Some that take hours say nothing of the others.
    """
    if not len(book):
        return usual.service_s
    mean = book.service_s / len(book)
    said = min(max(mean, usual.service_s / SERVICE_TIMES_MAX), SERVICE_TIMES_MAX * usual.service_s)
    total = len(book) * said + usual.orders * usual.service_s
    return total / (len(book) + usual.orders)


def _named_left(outlook: DayOutlook, book: DayBook) -> Spread:
    """Of those that say their own day, what is not in yet.

    Of a day after a peak most of what is promised was pushed there, and says nothing of them.
    """
    whole = outlook.named
    left = max(0.0, whole.mean - book.named)
    share = left / whole.mean if whole.mean > 0 else 0.0
    return Spread(mean=left, sd=max(math.sqrt(left), whole.sd * share))


def _loaded_orders(book: DayBook, outlook: DayOutlook, ratio: float) -> float:
    """How many orders the vans are as full of as a day may get, of parcels, weight or volume."""
    least = math.inf
    for name in MEASURES:
        room, each = getattr(outlook.load, name), _each(outlook.usual, name)
        if room > 0 and each > 0:
            more = max(0.0, ratio * room - getattr(book.load, name)) / each
            least = min(least, len(book) + more)
    return least


def _each(usual: UsualWork, name: str) -> int:
    """What a usual order fills of a measure: one parcel at least, as fleets are sized."""
    said: int = getattr(usual.load, name)
    return max(1, said) if name == "parcels" else said


def _to_come(final: Spread, promised_s: float, comer_s: float) -> float:
    return max(0.0, final.mean - promised_s) / max(comer_s, 1.0)


def _fillings(
    book: DayBook, outlook: DayOutlook, final: Spread, promised_s: float, comer_s: float
) -> tuple[Filling, ...]:
    """Each measure with what those bring that are still to come and find the day open."""
    to_come = _to_come(final, promised_s, comer_s)
    found = []
    for name in MEASURES:
        room, each = getattr(outlook.load, name), _each(outlook.usual, name)
        if room > 0:
            promised = getattr(book.load, name)
            sd = final.sd / max(comer_s, 1.0) * each
            whole = Spread(mean=promised + to_come * each, sd=sd)
            found.append(Filling(name=name, room=room, promised=promised, final=whole, each=each))
    return tuple(found)


def travel_each(usual: UsualWork, orders: float) -> float:
    """Seconds on the way for each of so many orders: the way grows with the square root of them.

    Beardwood, Halton and Hammersley (1959), from the usual day of the depot; a near-empty day
    takes no more than five times the usual way, as vans are then few.
    """
    crowd = max(orders, 1.0) / max(usual.orders, 1.0)
    return usual.travel_s * min(5.0, 1 / math.sqrt(crowd))


def _way_each(book: DayBook, outlook: DayOutlook, orders: float) -> float:
    """Seconds on the way for each of so many orders, back to load again included."""
    return travel_each(outlook.usual, orders) + _reload_s(book, outlook, orders) / max(orders, 1.0)


def _reload_s(book: DayBook, outlook: DayOutlook, orders: float) -> float:
    """Vehicle-seconds of loading again, and of the ways there and out, for so many orders.

    Vans that one load each is enough for load once, whatever they may; what is beyond it takes of
    the hours in proportion to what all their loads hold.
    """
    if outlook.reload_s <= 0:
        return 0.0
    share = 0.0
    for name in MEASURES:
        first, whole = getattr(outlook.first_load, name), getattr(outlook.load, name)
        if 0 < first < whole:
            more = max(0.0, orders - len(book)) * _each(outlook.usual, name)
            beyond = getattr(book.load, name) + more - first
            share = max(share, min(1.0, beyond / (whole - first)))
    return share * outlook.reload_s


def _orders_within(book: DayBook, outlook: DayOutlook, service_s: float, work_s: float) -> float:
    """How many usual orders so much work is, loading again included."""
    high = _orders_at(outlook.usual, service_s, work_s)
    if _reload_s(book, outlook, high) <= 0:
        return high
    low = 0.0
    for _ in range(_RELOAD_ROUNDS):
        middle = (low + high) / 2
        driving_s = max(0.0, work_s - _reload_s(book, outlook, middle))
        is_within = middle <= _orders_at(outlook.usual, service_s, driving_s)
        low, high = (middle, high) if is_within else (low, middle)
    return low


def _orders_at(usual: UsualWork, service_s: float, work_s: float) -> float:
    """How many orders so much work is: service n + travel sqrt(n0 n) = work, for n."""
    way = usual.travel_s * math.sqrt(max(usual.orders, 1.0))
    root = (-way + math.sqrt(way * way + 4 * service_s * work_s)) / (2 * max(service_s, 1.0))
    return root * root


def kept_on_day(load: DayLoad, own_s: float, own: Load, scatter: Scatter) -> float:
    """The odds that an order of ``own_s`` more gets served on the day at all.

    Hours or the vans' room, whichever binds: a day whose vans are full has drivers to spare.
    """
    return min(1.0, sum(odds * share for odds, share in _by_crew(load, own_s, own, scatter)))


def _by_crew(
    load: DayLoad, own_s: float, own: Load, scatter: Scatter
) -> Iterator[tuple[float, float]]:
    """The odds of each number of vans, and the share of the day's work that they get done."""
    work = work_of(load, own_s, scatter)
    for crew in crews(load.outlook.vans, scatter):
        shares = [_loaded_share(load, filling, own, crew, scatter) for filling in load.fillings]
        yield crew.odds, min([served_share(work, crew.of(load.capacity_s)), *shares])


def _undone(load: DayLoad, scatter: Scatter) -> Spread:
    """What the day leaves for the next one: little on most days, a van's share on a few."""
    orders = load.carried.mean + len(load.book) + load.to_come
    left = [
        (odds, orders * max(0.0, 1 - share))
        for odds, share in _by_crew(load, 0.0, NO_LOAD, scatter)
    ]
    mean = sum(odds * undone for odds, undone in left)
    square = sum(odds * undone**2 for odds, undone in left)
    return Spread(mean=mean, sd=math.sqrt(max(0.0, square - mean**2)))


def pressed_on_day(load: DayLoad, own_s: float, scatter: Scatter) -> float:
    """Which share of the day's work an order of ``own_s`` more leaves undone, beside its own."""
    work = work_of(load, own_s, scatter)
    pressed = sum(
        crew.odds * pressed_share(work, crew.of(load.capacity_s))
        for crew in crews(load.outlook.vans, scatter)
    )
    return pressed * min(1.0, own_s / work.mean)


def work_of(load: DayLoad, own_s: float, scatter: Scatter) -> Spread:
    """The day's work with an order of ``own_s``: one of those to come, unless none is left."""
    mean = load.carried_s.mean + max(load.final_s.mean, load.promised_s + own_s)
    sd = math.hypot(load.final_s.sd, load.carried_s.sd, mean * scatter.work_cv)
    return Spread(mean=mean, sd=sd)


def _loaded_share(
    load: DayLoad, filling: Filling, own: Load, crew: Crew, scatter: Scatter
) -> float:
    """The odds that there is a van with room for the order; a usual one where it does not say."""
    carried = load.carried.mean * filling.each
    asked = filling.promised + (getattr(own, filling.name) or filling.each)
    mean = carried + max(filling.final.mean, asked)
    filled = Spread(mean=mean, sd=math.hypot(filling.final.sd, mean * scatter.work_cv))
    return served_share(filled, crew.of(filling.room))


def kept_in_hours(load: DayLoad, own_s: float, span: tuple[int, int], scatter: Scatter) -> float:
    """The odds that the vans of those hours get through what must be done within them.

    Of what is still to come, the window gets the share it has of what was promised.
    """
    count, service_s = load.book.inside(*span)
    room_s = load.outlook.capacity_between(*span)
    promised_s = service_s + count * load.travel_s
    share = count / len(load.book) if len(load.book) else 0.0
    to_come_s = max(0.0, load.final_s.mean - load.promised_s) * share
    closes_s = max(load.ratio * room_s, promised_s + own_s)
    mean = max(promised_s + own_s, min(promised_s + to_come_s, closes_s))
    work = Spread(mean=mean, sd=mean * scatter.work_cv)
    served = (
        crew.odds * served_share(work, crew.of(room_s))
        for crew in crews(load.outlook.vans, scatter)
    )
    return min(1.0, sum(served))
