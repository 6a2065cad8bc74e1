"""What the coming days can carry, from shifts, past days and the forecast.

Of whose shifts a day's vans are known ``shift_days`` says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from uuid import UUID

from promesa.domain.fleet import NO_LOAD, Driver, Load, Shift, Vehicle
from promesa.kernel.serviceday import ServiceDay
from promesa.promising.coming import ArrivalBook, ComingOrders, coming_for
from promesa.promising.expected import ExpectedOfDepots, ExpectedOrders
from promesa.promising.odds import Spread
from promesa.promising.offers import OfferTerms
from promesa.promising.repository import HALF_HOUR_S, HALF_HOURS, DayOutlook, DrivenWork
from promesa.promising.shift_days import days_like
from promesa.promising.usual_work import UsualWork
from promesa.promising.vans_load import VansLoad

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
FleetLoads = Mapping[tuple[UUID, date], VansLoad]
FleetVans = Mapping[tuple[UUID, date], int]
_NOON = time(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetPast:
    """What was read of an operator's fleet and orders.

    Attributes:
        hours: Of the coming days and of the weeks before them, as ``hours_of`` makes them.
        expected: What is forecast; None where nothing is, and past weeks tell.
        loads: What the vans of those days carry, as ``loads_of`` makes them.
        usual_load: Of an order in the mean.
        vans: Of those days, as ``vans_of`` counts them.
    """

    depots: tuple[UUID, ...]
    hours: FleetHours
    driven: tuple[DrivenWork, ...]
    arrivals: ArrivalBook
    expected: ExpectedOfDepots | None = None
    loads: FleetLoads = field(default_factory=dict)
    usual_load: Load = NO_LOAD
    vans: FleetVans = field(default_factory=dict)


def outlooks_of(
    past: FleetPast, terms: OfferTerms, days: Sequence[date], now: datetime
) -> list[DayOutlook]:
    """Of each depot and day of which vans are known, by depot and date.

    Orders to come are each depot's own where they are forecast by comuna; others are shared among
    depots as their vans are. Of a day under way only the hours that are left count.
    """
    usual = {depot: _usual(depot, past) for depot in past.depots}
    found: list[DayOutlook] = []
    # Of each depot the last of the days that its own vans go out on: what comes in after its
    # cut-off waits for this one.
    before: dict[UUID, date] = {}
    for day in days:
        hours = {depot: _hours_on(depot, day, past.hours, terms.zone) for depot in past.depots}
        totals = {depot: sum(known[0]) for depot, known in hours.items() if known is not None}
        whole = sum(totals.values())
        for depot, known in hours.items():
            if known is not None and whole > 0:
                share = totals[depot] / whole
                was = before.get(depot)
                coming = _coming(depot, share, day, was, past=past, terms=terms, now=now)
                load = _load_on(depot, day, past.loads)
                found.append(
                    DayOutlook(
                        depot_id=depot,
                        date=day,
                        hours_s=_left_of(known[0], day, now, terms.zone),
                        coming=coming.orders,
                        usual=usual[depot],
                        named=coming.named,
                        weight=coming.weight,
                        hours_basis=known[1],
                        coming_basis=coming.basis,
                        weeks=coming.weeks,
                        load=load.whole,
                        first_load=load.first,
                        reload_s=load.reload_s,
                        vans=_vans_on(depot, day, past.vans),
                    )
                )
        before |= {depot: day for depot, total in totals.items() if total > 0}
    return sorted(found, key=lambda outlook: (str(outlook.depot_id), outlook.date))


def _coming(
    depot_id: UUID,
    share: float,
    day: date,
    before: date | None,
    *,
    past: FleetPast,
    terms: OfferTerms,
    now: datetime,
) -> ComingOrders:
    """What is forecast for the depot's comunas, and its share of what is nobody's."""
    told = past.expected

    def to_come(expected: ExpectedOrders | None) -> ComingOrders:
        return coming_for(day, before, now=now, book=past.arrivals, terms=terms, expected=expected)

    rest = to_come(told.shared if told is not None else None)
    rest = replace(rest, orders=_times(rest.orders, share), named=_times(rest.named, share))
    if told is None or rest.basis != "forecast":
        return rest
    own = to_come(told.of(depot_id))
    own_orders, more = (each.orders.mean + each.named.mean for each in (own, rest))
    weight = (own_orders * own.weight + more) / max(own_orders + more, 1e-9)
    return replace(
        rest,
        orders=_both(own.orders, rest.orders),
        named=_both(own.named, rest.named),
        weight=weight if own_orders + more > 0 else 1.0,
    )


def _times(whole: Spread, share: float) -> Spread:
    return Spread(mean=whole.mean * share, sd=whole.sd * share)


def _both(own: Spread, shared: Spread) -> Spread:
    return Spread(mean=own.mean + shared.mean, sd=own.sd + shared.sd)


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


def loads_of(
    shifts: Sequence[Shift],
    vehicles: Mapping[UUID, Vehicle],
    stems_s: Mapping[UUID, float] | None = None,
) -> FleetLoads:
    """What the vans of each depot and day carry; ``stems_s`` as ``hours_of`` has them."""
    vans: dict[tuple[UUID, date], dict[UUID, Vehicle | None]] = defaultdict(dict)
    for shift in shifts:
        # A van that two drivers share in a day is one van.
        vans[shift.depot_id, shift.date][shift.vehicle_id] = vehicles.get(shift.vehicle_id)
    stems = stems_s or {}
    return {
        key: VansLoad.of(list(several.values()), stems.get(key[0], STEM_S_ASSUMED))
        for key, several in vans.items()
    }


def vans_of(shifts: Sequence[Shift]) -> FleetVans:
    """How many vans leave each depot on each day; one that two drivers share is one."""
    vans: dict[tuple[UUID, date], set[UUID]] = defaultdict(set)
    for shift in shifts:
        vans[shift.depot_id, shift.date].add(shift.vehicle_id)
    return {key: len(several) for key, several in vans.items()}


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
    depot_id: UUID, day: date, by_day: FleetHours, zone: str
) -> tuple[tuple[float, ...], str] | None:
    """Planned shifts, else the mean of the same weekday's; None where neither is known."""
    days = days_like(depot_id, day, by_day)
    if not days:
        return None
    if days == [day]:
        return by_day[depot_id, day], "shifts"
    noon = _noon_of(day, zone)
    known = [_moved(by_day[depot_id, past], noon - _noon_of(past, zone)) for past in days]
    mean = tuple(sum(hours) / len(known) for hours in zip(*known, strict=True))
    return mean, "past_shifts"


def _noon_of(day: date, zone: str) -> int:
    """Half hours from the start of the day to its noon: 22 on the one that begins at 01:00."""
    service_day = ServiceDay(day, zone)
    return service_day.second_of(service_day.at(_NOON)) // HALF_HOUR_S


def _moved(hours: tuple[float, ...], by: int) -> tuple[float, ...]:
    """The hours at the same clock times on a day whose noon comes so many half hours later."""
    if by == 0:
        return hours
    return tuple(
        hours[number - by] if 0 <= number - by < HALF_HOURS else 0.0 for number in range(HALF_HOURS)
    )


def _left_of(hours: tuple[float, ...], day: date, now: datetime, zone: str) -> tuple[float, ...]:
    """The hours that are still to come; all of a day that has not begun."""
    gone = ServiceDay(day, zone).second_of(now) / HALF_HOUR_S
    if gone <= 0:
        return hours
    return tuple(
        seconds * min(1.0, max(0.0, number + 1 - gone)) for number, seconds in enumerate(hours)
    )


def _load_on(depot_id: UUID, day: date, by_day: FleetLoads) -> VansLoad:
    """What the day's vans carry, else the mean of its weekday's; 0 where nobody says."""
    known = [by_day[depot_id, each] for each in days_like(depot_id, day, by_day)]
    return VansLoad.mean(known) if known else VansLoad()


def _vans_on(depot_id: UUID, day: date, by_day: FleetVans) -> int | None:
    """The day's own vans, else the mean of its weekday's; None where nobody says."""
    known = [by_day[depot_id, each] for each in days_like(depot_id, day, by_day)]
    return round(sum(known) / len(known)) if known else None


def order_s(
    depot_id: UUID, driven: Sequence[DrivenWork], measured: UsualWork | None = None
) -> float:
    """What an order of the depot takes, at the door and on the way."""
    work = _told_work(depot_id, driven)
    if work is None:
        assumed = SERVICE_S_ASSUMED + TRAVEL_S_ASSUMED
        return assumed if measured is None else measured.service_s + measured.travel_s
    return (work.service_s + work.travel_s) / work.stops


def _told_work(depot_id: UUID, driven: Sequence[DrivenWork]) -> DrivenWork | None:
    """What the depot's routes took; None while there are too few."""
    work = next((work for work in driven if work.depot_id == depot_id), None)
    return work if work is not None and work.stops >= DRIVEN_STOPS_MIN else None


def _usual(depot_id: UUID, past: FleetPast) -> UsualWork:
    """What an order took on the depot's routes; while there are too few, what its streets say."""
    driven = _told_work(depot_id, past.driven)
    if driven is not None:
        return UsualWork(
            orders=driven.stops / max(driven.days, 1),
            service_s=driven.service_s / driven.stops,
            travel_s=driven.travel_s / driven.stops,
            load=past.usual_load,
        )
    measured = past.expected.usual.get(depot_id) if past.expected is not None else None
    if measured is not None:
        return replace(measured, load=past.usual_load)
    totals = [sum(hours) for (depot, _), hours in past.hours.items() if depot == depot_id]
    van_s = VAN_STOPS_ASSUMED * (SERVICE_S_ASSUMED + TRAVEL_S_ASSUMED)
    vans = max(totals, default=van_s) / van_s
    return UsualWork(
        orders=max(1.0, vans * VAN_STOPS_ASSUMED),
        service_s=SERVICE_S_ASSUMED,
        travel_s=TRAVEL_S_ASSUMED,
        load=past.usual_load,
    )
