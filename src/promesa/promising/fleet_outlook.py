"""What the coming days can carry, from shifts and past days: the port's plain implementation.

A capacity plan and a forecast take its place, through the same values. A day nobody planned
shifts for gets those that its weekday had; a depot with no shift on any such day is unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from promesa.domain.fleet import Driver, Shift
from promesa.kernel.serviceday import ServiceDay
from promesa.promising.coming import ArrivalBook, coming_for
from promesa.promising.expected import ExpectedOrders
from promesa.promising.odds import Spread
from promesa.promising.offers import OfferTerms
from promesa.promising.repository import (
    HALF_HOUR_S,
    HALF_HOURS,
    DayOutlook,
    DrivenWork,
    UsualWork,
)

# Weeks whose shifts stand in for a day that has none yet.
SHIFT_WEEKS = 4
# Routes of so many days tell what an order takes.
DRIVEN_DAYS = 28
# Fewer stops tell nothing; until then a usual order is assumed (measured metropolitan day: 3 to 5
# minutes at the door, some 60 stops a van).
DRIVEN_STOPS_MIN = 200
SERVICE_S_ASSUMED = 200.0
TRAVEL_S_ASSUMED = 240.0
VAN_STOPS_ASSUMED = 60.0
# To the first stop and back from the last, each way, where no door is known yet (assumed).
STEM_S_ASSUMED = 1_200.0


FleetHours = Mapping[tuple[UUID, date], tuple[float, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetPast:
    """What was read of an operator's fleet and orders.

    Attributes:
        hours: Of the coming days and of the weeks before them, as ``hours_of`` makes them.
        expected: What is forecast; None where nothing is, and past weeks tell.
    """

    depots: tuple[UUID, ...]
    hours: FleetHours
    driven: tuple[DrivenWork, ...]
    arrivals: ArrivalBook
    expected: ExpectedOrders | None = None


def outlooks_of(
    past: FleetPast, terms: OfferTerms, days: Sequence[date], now: datetime
) -> list[DayOutlook]:
    """Of each depot and day of which vans are known, by depot and date.

    Orders to come are shared among depots as their vans are.
    """
    usual = {depot: _usual(depot, past) for depot in past.depots}
    found: list[DayOutlook] = []
    before: date | None = None
    for day in days:
        hours = {depot: _hours_on(depot, day, past.hours) for depot in past.depots}
        totals = {depot: sum(known[0]) for depot, known in hours.items() if known is not None}
        coming = coming_for(
            day, before, now=now, book=past.arrivals, terms=terms, expected=past.expected
        )
        whole = sum(totals.values())
        for depot, known in hours.items():
            if known is not None and whole > 0:
                share = totals[depot] / whole
                orders = Spread(mean=coming.orders.mean * share, sd=coming.orders.sd * share)
                found.append(
                    DayOutlook(
                        depot_id=depot,
                        date=day,
                        hours_s=known[0],
                        coming=orders,
                        usual=usual[depot],
                        fixed_share=coming.fixed_share,
                        hours_basis=known[1],
                        coming_basis=coming.basis,
                        weeks=coming.weeks,
                    )
                )
        before = day
    return sorted(found, key=lambda outlook: (str(outlook.depot_id), outlook.date))


def hours_of(
    shifts: Sequence[Shift],
    drivers: Mapping[UUID, Driver],
    stems_s: Mapping[UUID, float],
    zone: str,
) -> FleetHours:
    """Vehicle-seconds in each half hour, by depot and date.

    ``stems_s`` has by depot the seconds from it to its doors in the mean; one left out is assumed.
    """
    found: dict[tuple[UUID, date], list[float]] = defaultdict(lambda: [0.0] * HALF_HOURS)
    for shift in shifts:
        row = found[shift.depot_id, shift.date]
        stem_s = stems_s.get(shift.depot_id, STEM_S_ASSUMED)
        for number, seconds in shift_hours(shift, drivers.get(shift.driver_id), stem_s, zone):
            row[number] += seconds
    return {key: tuple(row) for key, row in found.items()}


def shift_hours(
    shift: Shift, driver: Driver | None, stem_s: float, zone: str
) -> list[tuple[int, float]]:
    """Half hours of a shift with the seconds a van serves in each."""
    day = ServiceDay(shift.date, zone)
    rest_s = driver.meal_break.duration_s if driver and driver.meal_break else 0
    start_s, end_s = day.second_of(shift.start) + stem_s, day.second_of(shift.end) - stem_s
    return spread_hours(start_s, end_s, rest_s)


def spread_hours(start_s: float, end_s: float, rest_s: float) -> list[tuple[int, float]]:
    """Half hours of a day with the seconds served in each between two of its seconds.

    The colación is taken off all of them alike, since a plan may put it anywhere.
    """
    start_s, end_s = max(0.0, start_s), min(float(HALF_HOURS * HALF_HOUR_S), end_s)
    if end_s <= start_s:
        return []
    serving = max(0.0, 1 - rest_s / (end_s - start_s))
    found = []
    for number in range(HALF_HOURS):
        inside = min(end_s, (number + 1) * HALF_HOUR_S) - max(start_s, number * HALF_HOUR_S)
        if inside > 0:
            found.append((number, inside * serving))
    return found


def _hours_on(
    depot_id: UUID, day: date, by_day: FleetHours
) -> tuple[tuple[float, ...], str] | None:
    """Planned shifts, else the mean of the same weekday's; None where neither is known."""
    own = by_day.get((depot_id, day))
    if own is not None:
        return own, "shifts"
    # A day that lies weeks ahead has no week right before it yet: further back there are some.
    past = [by_day.get((depot_id, day - timedelta(weeks=week))) for week in range(1, 9)]
    known = [hours for hours in past if hours is not None][:SHIFT_WEEKS]
    if not known:
        return None
    mean = tuple(sum(hours) / len(known) for hours in zip(*known, strict=True))
    return mean, "past_shifts"


def _usual(depot_id: UUID, past: FleetPast) -> UsualWork:
    """What an order took on the depot's routes; assumed while there are too few."""
    driven = next((work for work in past.driven if work.depot_id == depot_id), None)
    if driven is not None and driven.stops >= DRIVEN_STOPS_MIN:
        return UsualWork(
            orders=driven.stops / max(driven.days, 1),
            service_s=driven.service_s / driven.stops,
            travel_s=driven.travel_s / driven.stops,
        )
    totals = [sum(hours) for (depot, _), hours in past.hours.items() if depot == depot_id]
    van_s = VAN_STOPS_ASSUMED * (SERVICE_S_ASSUMED + TRAVEL_S_ASSUMED)
    vans = max(totals, default=van_s) / van_s
    return UsualWork(
        orders=max(1.0, vans * VAN_STOPS_ASSUMED),
        service_s=SERVICE_S_ASSUMED,
        travel_s=TRAVEL_S_ASSUMED,
    )
