"""From a case of capacity and a forecast of orders to what is rehearsed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import ClassVar

import numpy as np

from promesa.domain.fleet import MEAL_BREAK_S_MIN
from promesa.kernel.errors import FieldFault, InvalidError
from promesa.kernel.units import MINUTE_S
from promesa.planning.capacity.needs import DepotWork
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.route_length import StopWork
from promesa.planning.capacity.scenarios import Scenarios
from promesa.planning.demand.shop_hours import SHOP_HOURS
from promesa.promising.calibration import Calibration
from promesa.promising.odds import Spread
from promesa.promising.offers import OfferTerms
from promesa.promising.rehearsal.case import (
    DAYS_MAX,
    FIXED_DAYS_MAX,
    ORDERS_MAX,
    SEEDS_MAX,
    WAYS_MAX,
    DepotCase,
    FleetKind,
    Orders,
    RehearsalCase,
    Size,
    Way,
)
from promesa.promising.rehearsal.fleets import make_fleets
from promesa.promising.rehearsal.ground import Ground
from promesa.promising.rehearsal.world import Vans
from promesa.routing.words import thousands

# Books and vans fill up before the first day that counts.
WARM_D = 4
# What is looked at around an event: the day before it, and until its parcels are gone.
BEFORE_D, AFTER_D = 1, 8
# So many usual days tell what an order takes: their traffic differs by 8 %.
USUAL_DAYS = 8
# Beyond a forecast's last day an operator takes that it goes on as usual.
AHEAD_D = 70
SHIFT_FROM = time(9)
# Of sums of parts: three thirds are a whole.
ROUNDING = 1e-9


class RehearsalInvalidError(InvalidError):
    """It cannot be rehearsed as asked; each field says why."""

    code: ClassVar[str] = "rehearsal_invalid"
    message: ClassVar[str] = "Ese ensayo no se puede hacer así. Corrige los campos que se indican."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a planner asks for.

    Attributes:
        seeds: How many scenarios of that size are run.
        lost_sale_clp: What a lost sale costs; None to take it from the price of a day more.
    """

    first: date
    last: date
    size: Size = Size.TYPICAL
    seeds: int = 3
    seed: int = 1
    ways: tuple[Way, ...] = (
        Way(fleet=FleetKind.MEAN, fixed_days=2),
        Way(fleet=FleetKind.MEAN),
        Way(fleet=FleetKind.POOLED, fixed_days=2),
        Way(fleet=FleetKind.POOLED),
    )
    lost_sale_clp: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Surroundings:
    """What it is run with.

    Attributes:
        capacity: Deliveries and fleets.
        orders: Orders of the same zones, drawn.
        comuna_of: Of each zone, by its name.
        targets: Share of promises that the reserve is for, by depot.
        starts: When vans leave, by depot; 09:00 where nobody said.
        hours: Share of a day's orders in each of 24 hours.
        is_hours_known: Whether they were learnt.
    """

    capacity: CapacityCase
    orders: Scenarios
    comuna_of: Mapping[str, str]
    targets: Mapping[str, float]
    ground: Ground
    terms: OfferTerms
    calibration: Calibration = field(default_factory=Calibration)
    hours: tuple[float, ...] = SHOP_HOURS
    is_hours_known: bool = False
    starts: Mapping[str, time] = field(default_factory=dict)
    rest_s: int = MEAL_BREAK_S_MIN


def make_rehearsal(asked: Asked, around: Surroundings) -> RehearsalCase:
    """The case of what is asked for.

    Raises:
        RehearsalInvalidError: Days beyond the forecast, too many of anything.
    """
    require_asked(asked, around.orders)
    orders = tuple(_orders(around, number) for number in _picked(around.orders, asked))
    return RehearsalCase(
        first=asked.first,
        last=asked.last,
        begins=_begins(asked, around.orders.days),
        depots={work.id: _depot(work, around) for work in around.capacity.depots},
        orders=orders,
        usual=_usual_days(around.orders),
        fleets=make_fleets(around.capacity, around.targets),
        ways=asked.ways,
        ground=around.ground,
        terms=around.terms,
        hours=around.hours,
        is_hours_known=around.is_hours_known,
        calibration=around.calibration,
        seed=asked.seed,
        lost_sale_clp=asked.lost_sale_clp,
    )


def require_asked(asked: Asked, orders: Scenarios) -> None:
    """Refuses what cannot be, all faults together; the size is looked at where nothing else is.

    Raises:
        RehearsalInvalidError: With the fields.
    """
    faults = [*_faults(asked, orders.days)] or [*_size_faults(asked, orders)]
    if faults:
        raise RehearsalInvalidError(faults=faults)


def _size_faults(asked: Asked, orders: Scenarios) -> Iterator[FieldFault]:
    """Of the days that are run: those before the first that counts fill books and vans."""
    begins = _begins(asked, orders.days)
    inside = [begins <= day <= asked.last for day in orders.days]
    came = int(orders.parcels[_picked(orders, asked)][:, inside].sum())
    if came * len(asked.ways) > ORDERS_MAX:
        reason = (
            f"Son {thousands(came * len(asked.ways))} pedidos entre todos los escenarios y "
            f"políticas, y se ensayan {thousands(ORDERS_MAX)} a lo más: baja los escenarios, las "
            "políticas o los días."
        )
        yield FieldFault(field="seeds", reason=reason)


def _begins(asked: Asked, days: Sequence[date]) -> date:
    return max(days[0], asked.first - timedelta(days=WARM_D))


def _faults(asked: Asked, days: Sequence[date]) -> Iterator[FieldFault]:
    if not days[0] <= asked.first <= days[-1]:
        reason = f"Elige un día del pronóstico, del {days[0]:%d-%m-%Y} al {days[-1]:%d-%m-%Y}."
        yield FieldFault(field="first", reason=reason)
    if not asked.first <= asked.last <= days[-1]:
        reason = f"Elige un día desde el primero hasta el {days[-1]:%d-%m-%Y}."
        yield FieldFault(field="last", reason=reason)
    elif (asked.last - asked.first).days >= DAYS_MAX:
        yield FieldFault(field="last", reason=f"Ensaya {DAYS_MAX} días a lo más.")
    if not 1 <= asked.seeds <= SEEDS_MAX:
        yield FieldFault(field="seeds", reason=f"Usa entre 1 y {SEEDS_MAX} semillas.")
    if not 1 <= len(asked.ways) <= WAYS_MAX or len(set(asked.ways)) < len(asked.ways):
        reason = f"Compara entre 1 y {WAYS_MAX} políticas distintas."
        yield FieldFault(field="ways", reason=reason)
    if any(not 1 <= way.fixed_days <= FIXED_DAYS_MAX for way in asked.ways if way.fixed_days):
        reason = f"Los días fijos van de 1 a {FIXED_DAYS_MAX}."
        yield FieldFault(field="ways", reason=reason)


def default_period(days: Sequence[date], events: Sequence[str]) -> tuple[date, date]:
    """Around the first event of a forecast, else its first two weeks.

    ``events`` has the name of each day's event, empty where there is none.
    """
    named = next((name for name in events if name), None)
    if named is None:
        return days[0], days[min(len(days) - 1, 13)]
    own = [day for day, name in zip(days, events, strict=True) if name == named]
    return days_around(own[0], own[-1], days)


def days_around(start: date, end: date, days: Sequence[date]) -> tuple[date, date]:
    """The first and the last day that a rehearsal of an event takes in, of those forecast."""
    first = max(days[0], start - timedelta(days=BEFORE_D))
    last = min(days[-1], end + timedelta(days=AFTER_D), first + timedelta(days=DAYS_MAX - 1))
    return first, last


def _picked(orders: Scenarios, asked: Asked) -> list[int]:
    """The scenarios nearest to the size asked for, by the orders of the days that count."""
    inside = [asked.first <= day <= asked.last for day in orders.days]
    totals = orders.parcels[:, inside].sum(axis=(1, 2))
    ranked = np.argsort(totals, kind="stable")
    middle = round(asked.size.quantile * (len(ranked) - 1))
    nearest = sorted(range(len(ranked)), key=lambda rank: (abs(rank - middle), rank))
    return [int(ranked[rank]) for rank in nearest[: asked.seeds]]


def _orders(around: Surroundings, number: int) -> Orders:
    scenarios = around.orders
    column = {name: place for place, name in enumerate(scenarios.series)}
    found: dict[str, dict[date, dict[str, int]]] = {}
    for work in around.capacity.depots:
        by_day = found[work.id] = {day: {} for day in scenarios.days}
        for zone in work.zones:
            comuna = around.comuna_of[zone.name]
            if zone.name not in column or comuna not in around.ground.doors:
                continue
            parcels = scenarios.parcels[number, :, column[zone.name]].tolist()
            for day, stops in zip(scenarios.days, whole_stops(parcels, work.work), strict=True):
                by_day[day][comuna] = by_day[day].get(comuna, 0) + stops
    return found


def whole_stops(parcels: Sequence[int], work: StopWork) -> Iterator[int]:
    """One order, one stop: parcels that go to one door together are one.

    What is left over goes to the next day: rounded day by day, a small comuna would lose all.
    """
    due = 0.0
    for count in parcels:
        due += count / work.parcels
        whole = math.floor(due + ROUNDING)
        due -= whole
        yield whole


def _depot(work: DepotWork, around: Surroundings) -> DepotCase:
    scenarios = around.orders
    names = {zone.name for zone in work.zones}
    own = [place for place, name in enumerate(scenarios.series) if name in names]
    totals = scenarios.parcels[:, :, own].sum(axis=2) / work.work.parcels
    known = {
        day: Spread(mean=float(totals[:, row].mean()), sd=float(totals[:, row].std()))
        for row, day in enumerate(scenarios.days)
    }
    weight = scenarios.parcels[:, :, own].mean(axis=(0, 1))
    hauls = {zone.name: zone.haul_min for zone in work.zones}
    haul_min = np.array([hauls[scenarios.series[place]] for place in own])
    stem_min = float((haul_min * weight).sum() / max(float(weight.sum()), 1e-9))
    return DepotCase(
        name=work.name,
        vans=Vans(
            starts=around.starts.get(work.id, SHIFT_FROM),
            shift_s=round(work.limits.shift_min * MINUTE_S),
            rest_s=around.rest_s,
            stops_max=max(1, int(work.limits.parcels / work.work.parcels)),
        ),
        expected=known | _after(known),
        service_s=work.work.service_min * MINUTE_S,
        stem_s=stem_min * MINUTE_S,
    )


def _after(known: Mapping[date, Spread]) -> dict[date, Spread]:
    """Days beyond the forecast: the quietest of the same weekday."""
    last = max(known)
    found = {}
    for number in range(1, AHEAD_D):
        day = last + timedelta(days=number)
        alike = [spread for each, spread in known.items() if each.weekday() == day.weekday()]
        found[day] = min(alike or list(known.values()), key=lambda spread: spread.mean)
    return found


def _usual_days(orders: Scenarios) -> tuple[date, ...]:
    """Days of no event that bring what the middle one does, nearest first."""
    means = orders.parcels.sum(axis=2).mean(axis=0)
    plain = [
        row
        for row, (name, day) in enumerate(zip(orders.events, orders.days, strict=True))
        if not name and day.weekday() < 5
    ] or list(range(len(orders.days)))
    middle = float(np.median(means[plain]))
    nearest = sorted(plain, key=lambda row: (abs(means[row] - middle), row))
    return tuple(orders.days[row] for row in sorted(nearest[:USUAL_DAYS]))
