"""Rosters proposed from what is needed, and what they change of those that are kept.

Only days after today, and only a depot's own people, on the shifts they are used to: a day somebody
was lent to another depot stays as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from promesa.domain.fleet import Depot, Shift
from promesa.planning.capacity.own_fleet import FleetOfDays
from promesa.planning.capacity.roster_board import DepotDuties, DriverRow, RosterBoard, wanted_of
from promesa.planning.capacity.roster_people import (
    RosterInputs,
    people_of,
    usual_shifts,
)
from promesa.planning.capacity.roster_search import (
    HOUR_CLP,
    Reinforcement,
    Roster,
    make_roster,
)
from promesa.planning.capacity.roster_vans import DriverDay, WantedDuty, fit_days
from promesa.planning.capacity.rosters import RosterCase
from promesa.planning.capacity.terms import DepotTerms

CONTRACT, SPOT = "Por contrato", "Al día"
# A carrier's week: longer hires are two.
CONTRACT_DAYS_MAX = 6
SECONDS_A_DEPOT = 20.0

MadeDays = Mapping[tuple[UUID, date], tuple[Shift, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyChange:
    """One driver and day.

    Attributes:
        before: Code of the shift that is kept; empty for a day off.
        after: Code of the one proposed, likewise.
    """

    driver_id: UUID
    name: str
    depot: Depot
    date: date
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepotProposal:
    """A depot's proposal.

    The search hires where that is cheaper than overtime, and the plan of the fleet says whom once
    the rosters are such: it knows doors and how often somebody is called.

    Attributes:
        overtime_h: Of all its drivers.
        overtime_clp: What that costs.
    """

    depot: Depot
    changes: tuple[DutyChange, ...]
    overtime_h: float
    overtime_clp: int


def propose(board: RosterBoard) -> tuple[DepotProposal, ...]:
    """A roster for each depot that has people and a need.

    Raises:
        RosterInvalidError: There are too many drivers, or no time was enough.
    """
    days = tuple(day for day in board.inputs.days if day > board.inputs.today)
    if not days:
        return ()
    return tuple(
        _propose(board.inputs, depot, days)
        for depot in board.depots
        if any((depot.depot.code, day) in board.inputs.ready for day in days)
    )


def fit_proposed(inputs: RosterInputs, found: Sequence[DepotProposal]) -> MadeDays:
    """The shifts of every driver's day that is changed, in the van that taking them would choose.

    A day that finds no van stays as it was, and is not in it.
    """
    kept: dict[tuple[UUID, date], list[Shift]] = defaultdict(list)
    usual: dict[UUID, UUID] = {}
    for shift in sorted(inputs.fleet.shifts, key=lambda each: (each.start, each.id)):
        kept[shift.driver_id, shift.date].append(shift)
        usual[shift.driver_id] = shift.vehicle_id
    days = [
        DriverDay(
            driver_id=change.driver_id,
            day=change.date,
            before=tuple(kept[change.driver_id, change.date]),
            wanted=(WantedDuty(shift=change.after, depot=change.depot),) if change.after else (),
        )
        for each in found
        for change in each.changes
    ]
    vehicles = list(inputs.fleet.active.values())
    return fit_days(days, vehicles=vehicles, usual=usual, shifts=inputs.fleet.shifts).made


def with_made(fleet: FleetOfDays, made: MadeDays) -> FleetOfDays:
    """The fleet with those days as they would be."""
    stay = [shift for shift in fleet.shifts if (shift.driver_id, shift.date) not in made]
    return replace(fleet, shifts=(*stay, *(shift for own in made.values() for shift in own)))


def _propose(inputs: RosterInputs, depot: DepotDuties, days: tuple[date, ...]) -> DepotProposal:
    rows = [row for row in depot.rows if row.driver.is_active]
    found = _search(inputs, depot, rows, days)
    by_name = {(duty.driver, duty.date): duty.shift for duty in found.duties}
    changes = [
        change
        for row in rows
        for day in days
        if day not in _lent(row, depot.depot)
        and (change := _change(inputs, depot.depot, row, day, by_name.get((row.name, day), "")))
    ]
    return DepotProposal(
        depot=depot.depot,
        changes=tuple(changes),
        overtime_h=found.overtime_h,
        overtime_clp=found.overtime_clp,
    )


def _search(
    inputs: RosterInputs, depot: DepotDuties, rows: list[DriverRow], days: tuple[date, ...]
) -> Roster:
    people = people_of(inputs, [row.driver for row in rows], days[0])
    vehicles = [each for each in inputs.fleet.active.values() if each.depot_id == depot.depot.id]
    offered = {shift.code for shift in depot.shifts}
    case = RosterCase(
        days=days,
        drivers=tuple(
            replace(
                person,
                away=person.away | _lent(row, depot.depot),
                shifts=usual_shifts(inputs, row.driver) & offered,
            )
            for person, row in zip(people, rows, strict=True)
        ),
        shifts=depot.shifts,
        rules=inputs.rules,
        holidays=inputs.closed,
    )
    wanted = {
        (day, code): count
        for day in days
        for code, count in (wanted_of(inputs, depot.depot, day) or {}).items()
    }
    return make_roster(
        case,
        wanted,
        reinforcement=reinforcement_of(inputs.terms_of(depot.depot)),
        hour_cost_clp=max((each.cost_per_hour_clp for each in vehicles), default=0) or HOUR_CLP,
        vehicles=len(vehicles),
        keep=_kept(inputs, rows),
        seconds=SECONDS_A_DEPOT,
    )


def reinforcement_of(terms: DepotTerms) -> tuple[Reinforcement, ...]:
    """Who can be hired on a depot's terms."""
    found = []
    if terms.contract_vehicles:
        found.append(
            Reinforcement(
                name=CONTRACT,
                drivers_max=terms.contract_vehicles,
                day_cost_clp=terms.contract_day_cost_clp,
                days_min=terms.contract_days_min,
                days_max=max(CONTRACT_DAYS_MAX, terms.contract_days_min),
            )
        )
    if terms.spot_vehicles:
        found.append(
            Reinforcement(
                name=SPOT,
                drivers_max=terms.spot_vehicles,
                day_cost_clp=terms.spot_day_cost_clp,
                days_min=1,
                days_max=1,
            )
        )
    return tuple(found)


def _kept(inputs: RosterInputs, rows: list[DriverRow]) -> Mapping[tuple[str, date], str]:
    """What is kept, so that nobody's days move for nothing."""
    return {
        (row.name, day): inputs.code_of(shifts[0])
        for row in rows
        for day, shifts in row.shifts.items()
    }


def _lent(row: DriverRow, depot: Depot) -> frozenset[date]:
    return frozenset(
        day
        for day, shifts in row.shifts.items()
        if any(shift.depot_id != depot.id for shift in shifts)
    )


def _change(
    inputs: RosterInputs, depot: Depot, row: DriverRow, day: date, after: str
) -> DutyChange | None:
    before = " ".join(inputs.code_of(shift) for shift in row.shifts.get(day, ()))
    if before == after:
        return None
    return DutyChange(
        driver_id=row.driver.id, name=row.name, depot=depot, date=day, before=before, after=after
    )
