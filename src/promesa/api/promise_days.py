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
    """A depot's day in orders, rounded to whole ones.

    `carried` are those that the days before are expected to leave undone, and go out first.
    `asked` are `promised` and those still expected for the day, with what fuller days before it
    turn away; `room` is what it can get done at the sureness asked for, `carried` included. Of
    what does not fit, `later` will be shown a later day and `undone` name this day whatever is
    offered. What is asked and what does not fit is null where nothing tells what will come.
    """

    date: date
    carried: int
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
    return DepotFillView(
        depot=depot.code,
        name=depot.name,
        basis=basis,
        days=[_day(load, is_told=basis != UNTOLD) for load in loads],
    )


def _day(load: DayLoad, *, is_told: bool) -> DayFillView:
    carried, left = round(load.carried.mean) if is_told else 0, round(load.room)
    # A day of which nothing is told is reckoned as one that fills: that is no expectation.
    asked = round(load.asked) if is_told else None
    beyond = None if asked is None else max(0, asked - left)
    later = None if beyond is None else min(beyond, round(load.turned))
    return DayFillView(
        date=load.outlook.date,
        carried=carried,
        promised=len(load.book),
        asked=asked,
        room=carried + left,
        later=later,
        undone=None if beyond is None or later is None else beyond - later,
        vans=load.outlook.vans,
        vans_from=load.outlook.hours_basis,
    )
