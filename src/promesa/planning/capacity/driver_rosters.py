"""Rosters for the own vehicles of a capacity plan, where the fleet file names their drivers.

Contracted and spot vehicles bring their drivers. What was worked before the first day is not in a
fleet file, and is taken to be nothing: a roster by hand goes on from there (`roster_check`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, time

from promesa.planning.capacity.departures import OWN, shifts_of
from promesa.planning.capacity.labour_rules import LabourRules
from promesa.planning.capacity.plan import CapacityPlan
from promesa.planning.capacity.roster_search import Roster, make_roster
from promesa.planning.capacity.rosters import (
    HORIZON_DAYS_MAX,
    RosterCase,
    RosterDriver,
    RosterShift,
)
from promesa.planning.demand.rest_days import OF_THE_LAW
from promesa.routing.fleetfile import FleetFile, FleetVehicles


@dataclass(frozen=True, slots=True, kw_only=True)
class DepotRoster:
    """The roster of one depot.

    Attributes:
        days: The first of the plan, as many as a roster has at most.
    """

    depot: str
    days: tuple[date, ...]
    roster: Roster


def rosters_of(
    found: CapacityPlan, fleet: FleetFile, rules: LabourRules | None = None
) -> tuple[DepotRoster, ...]:
    """A roster for each depot whose drivers are named, in the plan's order."""
    by_depot = {depot.id: depot for depot in found.case.depots}
    names: dict[str, list[str]] = defaultdict(list)
    for each in fleet.drivers:
        names[each.depot] += each.names
    return tuple(
        _roster(found, fleet, depot, tuple(names[depot]), rules or LabourRules())
        for depot in by_depot
        if names[depot]
    )


def _roster(
    found: CapacityPlan,
    fleet: FleetFile,
    depot: str,
    names: tuple[str, ...],
    rules: LabourRules,
) -> DepotRoster:
    days = found.case.scenarios.days[:HORIZON_DAYS_MAX]
    wanted: dict[tuple[date, str], int] = defaultdict(int)
    for day in found.plan.days:
        if day.depot == depot and day.date in days:
            for shift in shifts_of(fleet, depot, day.mix):
                if shift.source == OWN:
                    wanted[day.date, shift_code(shift.start, shift.end)] += shift.vehicles
    groups = [group for group in fleet.vehicles if group.depot == depot]
    case = RosterCase(
        days=days,
        drivers=tuple(RosterDriver(name=name) for name in names),
        shifts=tuple({shift.code: shift for shift in map(_shift, groups)}.values()),
        rules=rules,
        holidays=OF_THE_LAW.of(days),
    )
    hour_clp = max((group.hour_cost_clp for group in groups), default=0)
    return DepotRoster(
        depot=depot, days=days, roster=make_roster(case, wanted, hour_cost_clp=hour_clp)
    )


def _shift(group: FleetVehicles) -> RosterShift:
    return RosterShift(
        code=shift_code(group.shift_start, group.shift_end),
        start=group.shift_start,
        end=group.shift_end,
        break_min=sum(each.minutes for each in group.breaks),
    )


def shift_code(start: time, end: time) -> str:
    """As ``08:30–18:30``."""
    return f"{start:%H:%M}–{end:%H:%M}"
