"""Rosters proposed from what is needed, and what they change of those that are kept.

What lacks is added and what breaks a rule is mended; nobody's day is taken away for being too many,
unless that is asked for. Only days after today, and only a depot's own people, on the shifts they
are used to: a day somebody was lent to another depot stays as it is, and so does one of two shifts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from promesa.domain.fleet import Depot, Shift
from promesa.planning.capacity.own_fleet import FleetOfDays
from promesa.planning.capacity.roster_board import DepotDuties, DriverRow, RosterBoard, wanted_of
from promesa.planning.capacity.roster_people import (
    RosterInputs,
    people_of,
    shift_of,
    usual_shifts,
)
from promesa.planning.capacity.roster_search import (
    HOUR_CLP,
    Reinforcement,
    Roster,
    make_roster,
)
from promesa.planning.capacity.roster_spare import SpareDay, spare_days
from promesa.planning.capacity.roster_vans import DriverDay, WantedDuty, fit_days
from promesa.planning.capacity.rosters import RosterCase
from promesa.planning.capacity.terms import DepotTerms

CONTRACT, SPOT = "Por contrato", "Al día"
# A carrier's week: longer hires are two.
CONTRACT_DAYS_MAX = 6
SECONDS_A_DEPOT = 20.0

MadeDays = Mapping[tuple[UUID, date], tuple[Shift, ...]]
DriverDays = Collection[tuple[UUID, date]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyChange:
    """One driver and day.

    Attributes:
        before: Code of the shift that is kept; empty for a day off.
        after: Code of the one proposed, likewise.
        is_spare: Whether the day is given up for nothing needing it, and breaks no rule.
    """

    driver_id: UUID
    name: str
    depot: Depot
    date: date
    before: str
    after: str
    is_spare: bool = False


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


def propose(board: RosterBoard, *, frees_spare: bool = False) -> tuple[DepotProposal, ...]:
    """A roster for each depot that has people and a need.

    Args:
        board: As it is kept.
        frees_spare: Whether days that nothing needs are given up besides, as `spare_days` has them.

    Raises:
        RosterInvalidError: There are too many drivers, or no time was enough.
    """
    days = tuple(day for day in board.inputs.days if day > board.inputs.today)
    if not days:
        return ()
    spare: tuple[SpareDay, ...] = spare_days(board) if frees_spare else ()
    freed = {(each.driver_id, each.date) for each in spare}
    return tuple(
        _propose(board, depot, days, freed)
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


def _propose(
    board: RosterBoard, depot: DepotDuties, days: tuple[date, ...], freed: DriverDays
) -> DepotProposal:
    inputs = board.inputs
    rows = [row for row in depot.rows if row.driver.is_active]
    found = _search(board, depot, rows, days, freed)
    by_name = {(duty.driver, duty.date): duty.shift for duty in found.duties}
    changes = [
        replace(change, is_spare=(row.driver.id, day) in freed and not change.after)
        for row in rows
        for day in days
        if not _is_fixed(row, day, depot.depot)
        and (change := _change(inputs, depot.depot, row, day, by_name.get((row.name, day), "")))
    ]
    return DepotProposal(
        depot=depot.depot,
        changes=tuple(changes),
        overtime_h=found.overtime_h,
        overtime_clp=found.overtime_clp,
    )


def _search(
    board: RosterBoard,
    depot: DepotDuties,
    rows: list[DriverRow],
    days: tuple[date, ...],
    freed: DriverDays,
) -> Roster:
    inputs = board.inputs
    people = people_of(inputs, [row.driver for row in rows], days[0])
    vehicles = [each for each in inputs.fleet.active.values() if each.depot_id == depot.depot.id]
    keep = _kept(inputs, rows, days, freed)
    fixed = {(row.name, day) for row in rows for day in days if _is_fixed(row, day, depot.depot)}
    offered = {shift.code for shift in depot.shifts}
    odd = sorted(set(keep.values()) - offered)
    case = RosterCase(
        days=days,
        drivers=tuple(
            replace(person, shifts=usual_shifts(inputs, row.driver) & offered)
            for person, row in zip(people, rows, strict=True)
        ),
        shifts=(*depot.shifts, *map(shift_of, odd)),
        rules=inputs.rules,
        holidays=inputs.closed,
    )
    return make_roster(
        case,
        _wanted(board, depot, days, rows),
        reinforcement=reinforcement_of(inputs.terms_of(depot.depot)),
        hour_cost_clp=max((each.cost_per_hour_clp for each in vehicles), default=0) or HOUR_CLP,
        vehicles=len(vehicles),
        keep=keep,
        fixed=fixed,
        seconds=SECONDS_A_DEPOT,
    )


def _wanted(
    board: RosterBoard, depot: DepotDuties, days: tuple[date, ...], rows: Sequence[DriverRow]
) -> dict[tuple[date, str], int]:
    """Drivers that the depot's own people have to be, by day and shift.

    Who comes from another depot, or has two shifts that day, is there already.
    """
    inputs = board.inputs
    own = {row.driver.id: row for row in rows}
    there = Counter(
        (shift.date, inputs.code_of(shift))
        for shift in inputs.fleet.shifts
        if shift.depot_id == depot.depot.id
        and (shift.driver_id not in own or _is_fixed(own[shift.driver_id], shift.date, depot.depot))
    )
    return {
        (day, code): max(0, count - there[day, code])
        for day in days
        for code, count in (wanted_of(inputs, depot.depot, day) or {}).items()
    }


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


def _kept(
    inputs: RosterInputs, rows: list[DriverRow], days: Sequence[date], freed: DriverDays
) -> dict[tuple[str, date], str]:
    """What is kept of the days by driver, but for the days that are given up."""
    return {
        (row.name, day): inputs.code_of(row.shifts[day][0])
        for row in rows
        for day in days
        if day in row.shifts and (row.driver.id, day) not in freed
    }


def _is_fixed(row: DriverRow, day: date, depot: Depot) -> bool:
    """Whether a day is not looked at: lent to another depot, or of two shifts."""
    shifts = row.shifts.get(day, ())
    return len(shifts) > 1 or any(shift.depot_id != depot.id for shift in shifts)


def _change(
    inputs: RosterInputs, depot: Depot, row: DriverRow, day: date, after: str
) -> DutyChange | None:
    before = " ".join(inputs.code_of(shift) for shift in row.shifts.get(day, ()))
    if before == after:
        return None
    return DutyChange(
        driver_id=row.driver.id, name=row.name, depot=depot, date=day, before=before, after=after
    )
