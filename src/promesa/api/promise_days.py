"""How the coming days fill: what is promised, what will still come, what a day can get done.

A day is shown at a checkout while it has room, so a day that cannot carry all that is expected of
it is offered today and closed later: this says when both are true.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from promesa.api.decoding import View
from promesa.domain.fleet import Depot
from promesa.promising.coming import UNTOLD
from promesa.promising.day_load import DayLoad
from promesa.promising.quoting import Snapshot


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

    What comes is expected by `basis`: forecast, past_weeks, or none, when nobody knows.
    """

    depot: str
    name: str
    basis: str
    days: list[DayFillView]


def fills_of(snapshot: Snapshot, depots: Sequence[Depot]) -> list[DepotFillView]:
    """The days of every depot that has some to offer, as one snapshot has them."""
    loads = snapshot.loads
    named = sorted(depots, key=lambda each: each.name)
    return [_depot(depot, loads[depot.id]) for depot in named if loads.get(depot.id)]


def _depot(depot: Depot, loads: Sequence[DayLoad]) -> DepotFillView:
    bases = [load.outlook.coming_basis for load in loads]
    basis = UNTOLD if UNTOLD in bases else bases[0]
    days: list[DayFillView] = []
    for load in loads:
        pushed = (days[-1].later or 0) if days else 0
        # A day of which nothing is told is reckoned as one that fills: that is no expectation.
        days.append(_untold(load) if basis == UNTOLD else _day(load, pushed))
    return DepotFillView(depot=depot.code, name=depot.name, basis=basis, days=days)


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
