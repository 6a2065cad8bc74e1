"""Rosters small enough to check by hand: one depot, two vans, two drivers. Monday is day one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

from promesa.domain.fleet import Depot, Driver, Load, Shift, Vehicle
from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.capacity.labour_rules import CHILE, LabourRule, LabourRules, RuleKind
from promesa.planning.capacity.own_fleet import FleetOfDays
from promesa.planning.capacity.roster_people import DAYS_SHOWN, RosterInputs

MONDAY = date(2026, 10, 5)
QUI = Depot(
    id=derived_id("depot", "qui"),
    code="QUI",
    name="CD Quilicura",
    position=Position(lon=-70, lat=-33),
)
ANA, LUIS = (
    Driver(id=derived_id("driver", name), code=name, person_id=derived_id("person", name))
    for name in ("C-1", "C-2")
)
NAMES = {ANA.id: "Ana Rojas", LUIS.id: "Luis Soto"}
EARLY, LATE = (time(8), time(15, 30)), (time(14), time(22))


def van(number: int, depot_id: UUID = QUI.id) -> Vehicle:
    """A van of the depot."""
    return Vehicle(
        id=derived_id("van", number),
        code=f"V-{number}",
        plate=f"BBCD1{number}",
        depot_id=depot_id,
        capacity=Load(parcels=80),
    )


def day(number: int) -> date:
    """Of the roster; negative ones are before it."""
    return MONDAY + timedelta(days=number)


def shift(
    driver: Driver, number: int, hours: tuple[time, time] = EARLY, depot: Depot = QUI
) -> Shift:
    """A shift in the driver's own van; past midnight where it ends before it starts."""
    on = ServiceDay(day(number))
    last = on if hours[1] > hours[0] else ServiceDay(day(number + 1))
    van_number = 1 if driver is ANA else 2
    return Shift(
        id=derived_id("shift", driver.code, number, hours[0]),
        date=on.date,
        driver_id=driver.id,
        vehicle_id=van(van_number).id,
        depot_id=depot.id,
        start=on.at(hours[0]),
        end=last.at(hours[1]),
    )


def inputs(
    *shifts: Shift, ready: int | None = None, days: Iterable[int] = range(5)
) -> RosterInputs:
    """Two weeks; ``ready`` vehicles are needed on ``days``, none on the others."""
    shown = tuple(day(number) for number in range(DAYS_SHOWN))
    busy = {day(number) for number in days}
    need = {} if ready is None else {("QUI", each): ready * (each in busy) for each in shown}
    return RosterInputs(
        days=shown,
        today=day(-1),
        depots=(QUI,),
        fleet=FleetOfDays(vehicles=(van(1), van(2)), drivers=(ANA, LUIS), shifts=shifts),
        names=NAMES,
        ready=need,
    )


def with_depots(given: RosterInputs, *depots: Depot) -> RosterInputs:
    """The same with other depots besides."""
    return replace(given, depots=(QUI, *depots))


def with_contract(given: RosterInputs, hours: float) -> RosterInputs:
    """The same with contracts of so many hours a week."""
    rule = LabourRule(
        kind=RuleKind.CONTRACT_WEEK_HOURS_MIN, value=hours, source="Contrato colectivo"
    )
    others = (each for each in CHILE if each.kind is not rule.kind)
    return replace(given, rules=LabourRules(rows=(*others, rule)))
