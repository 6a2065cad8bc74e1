"""How the coming days fill: what is promised, what will still come, what a day can get done.

A day is shown at a checkout while it has room, so a day that cannot carry all that is expected of
it is offered today and closed later: this says when both are true.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from promesa.api.decoding import View
from promesa.domain.fleet import Depot
from promesa.kernel.serviceday import ServiceDay
from promesa.promising.coming import UNTOLD
from promesa.promising.day_load import DayLoad
from promesa.promising.offers import OfferTerms
from promesa.promising.quoting import Snapshot
from promesa.runtime.promise_days import DayKey
from promesa.runtime.repository import PlatformStore


class ClosedDayView(View):
    """A date on which nothing is offered, and how many were promised for it and keep their day."""

    date: date
    promised: int


class CrowdingView(View):
    """That what is expected does not fit, in the middle of what may come.

    From `since` on not all of it fits at `depot`. Who finds `worst_day` full waits the longest, at
    `worst_depot`: `wait_days` delivery days more, the days after the last known ones taken as
    those are; null where no day has room, or those that do not fit name their day and see none.
    """

    since: date
    depot: str
    worst_day: date
    worst_depot: str
    wait_days: int | None


class DayFillView(View):
    """A depot's day in orders, rounded to whole ones, in the middle of what may come.

    `carried` are those that the days before are expected to leave undone, and go out first;
    `pushed` those that a fuller day before it turns away. `asked` are the day's own: `promised` and
    those still expected. `room` is what it can get done at the sureness asked for. What does not
    fit of `carried`, `pushed` and `asked` together is `later`, shown the next day, whose `pushed`
    it is, or `undone`, which names this day whatever is offered. What is asked and what does not
    fit is null where nothing tells what will come.
    `room` is that of `vans`, which have a shift that day, or by `vans_from` past_shifts had one
    on its weekday before; null where nobody counted them. Vans to be hired have no part in it.
    """

    date: date
    carried: int
    pushed: int
    promised: int
    asked: int | None
    room: int
    later: int | None
    undone: int | None
    vans: int | None
    vans_from: str


class DepotFillView(View):
    """The days of a depot that are offered, by date.

    What comes is expected by `basis`: forecast, past_weeks, or none, when nobody knows. `closed`
    are the dates among them that somebody closed, with this depot's own promises.
    """

    depot: str
    name: str
    basis: str
    days: list[DayFillView]
    closed: list[ClosedDayView]


def fills_of(
    snapshot: Snapshot, depots: Sequence[Depot], closed: Mapping[DayKey, int]
) -> list[DepotFillView]:
    """The days of every depot that has some to offer, as one snapshot has them.

    ``closed`` are the orders promised for each closed date of each depot.
    """
    loads = snapshot.loads
    named = sorted(depots, key=lambda each: each.name)
    return [_depot(depot, loads[depot.id], closed) for depot in named if loads.get(depot.id)]


async def closed_days(
    tx: PlatformStore, terms: OfferTerms, near: Mapping[DayKey, int], today: date
) -> list[ClosedDayView]:
    """The closed dates from today on, by date, with all depots' promises for each.

    ``near`` are those of the days in memory; of later ones storage is asked.
    """
    counts: Counter[date] = Counter()
    for (_, day), promised in near.items():
        counts[day] += promised
    days = sorted(day for day in terms.closed if day >= today)
    far = [day for day in days if day > today + timedelta(days=terms.horizon_days)]
    if far:
        first, last = ServiceDay(far[0], terms.zone), ServiceDay(far[-1], terms.zone)
        due = await tx.promise_history.list_due(first.start, last.end)
        counts.update(ServiceDay.of(each.window.start, terms.zone).date for each in due)
    return [ClosedDayView(date=day, promised=counts[day]) for day in days]


def crowding_of(fills: Sequence[DepotFillView]) -> CrowdingView | None:
    """From when on what is expected does not fit, and how long the longest wait is."""
    full = [
        (day.date, depot, number)
        for depot in fills
        for number, day in enumerate(depot.days)
        if (day.later or 0) + (day.undone or 0) > 0
    ]
    if not full:
        return None
    since, first, _ = min(full, key=lambda each: each[0])
    waits = [(_wait_days(depot, number), day, depot) for day, depot, number in full]
    # Of equal waits the first: that is the day to do something about.
    wait, worst_day, worst = max(waits, key=lambda each: math.inf if each[0] is None else each[0])
    return CrowdingView(
        since=since,
        depot=first.name,
        worst_day=worst_day,
        worst_depot=worst.name,
        wait_days=wait or None,
    )


def _wait_days(depot: DepotFillView, number: int) -> int | None:
    """Delivery days until all that a day turns away has found room, those of before first."""
    left, waited = depot.days[number].later or 0, 0
    if left == 0:
        return 0
    for day in depot.days[number + 1 :]:
        left -= _free(day)
        waited += 1
        if left <= 0:
            return waited
    usual = sum(map(_free, depot.days)) / len(depot.days)
    return waited + math.ceil(left / usual) if usual > 0 else None


def _free(day: DayFillView) -> int:
    return max(0, day.room - day.carried - day.promised)


def _depot(depot: Depot, loads: Sequence[DayLoad], closed: Mapping[DayKey, int]) -> DepotFillView:
    bases = [load.outlook.coming_basis for load in loads]
    basis = UNTOLD if UNTOLD in bases else bases[0]
    days: list[DayFillView] = []
    for load in loads:
        pushed = (days[-1].later or 0) if days else 0
        # A day of which nothing is told is reckoned as one that fills: that is no expectation.
        days.append(_untold(load) if basis == UNTOLD else _day(load, pushed))
    shut = [
        ClosedDayView(date=day, promised=promised)
        for (depot_id, day), promised in sorted(closed.items(), key=lambda item: item[0][1])
        if depot_id == depot.id
    ]
    return DepotFillView(depot=depot.code, name=depot.name, basis=basis, days=days, closed=shut)


def _untold(load: DayLoad) -> DayFillView:
    """Taken to fill up like those before it, whose leavings are then no expectation either."""
    return DayFillView(
        date=load.outlook.date,
        carried=0,
        pushed=0,
        promised=len(load.book),
        asked=None,
        room=round(load.carried.mean + load.room),
        later=None,
        undone=None,
        vans=load.outlook.vans,
        vans_from=load.outlook.hours_basis,
    )


def _day(load: DayLoad, pushed: int) -> DayFillView:
    """What may come above the middle is in the odds, and in no figure here."""
    carried, asked = round(load.carried.mean), round(load.asked - load.spilt)
    room = carried + round(load.room)
    beyond = max(0, carried + pushed + asked - room)
    later = min(beyond, pushed + round(load.outlook.coming.mean))
    return DayFillView(
        date=load.outlook.date,
        carried=carried,
        pushed=pushed,
        promised=len(load.book),
        asked=asked,
        room=room,
        later=later,
        undone=beyond - later,
        vans=load.outlook.vans,
        vans_from=load.outlook.hours_basis,
    )
