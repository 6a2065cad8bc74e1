"""Rosters proposed from what is needed, and what they change of those that are kept.

What lacks is added and what breaks a rule is mended; nobody's day is taken away for being too many,
unless that is asked for. Only days after today, and only a depot's own people, on the shifts they
are used to: a day somebody was lent to another depot stays as it is, and so does one of two shifts.
What would take overtime, or cannot be covered so, others' idle people are then lent for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from promesa.domain.fleet import Depot
from promesa.planning.capacity.proposed_days import (
    DepotProposal,
    DutyChange,
    fit_proposed,
    with_made,
)
from promesa.planning.capacity.roster_board import (
    DepotDuties,
    DriverRow,
    RosterBoard,
    make_roster_board,
    wanted_of,
)
from promesa.planning.capacity.roster_lending import lend
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
from promesa.planning.capacity.roster_spare import Spare, spare_days
from promesa.planning.capacity.rosters import RosterCase
from promesa.planning.capacity.terms import DepotTerms

CONTRACT, SPOT = "Por contrato", "Al día"
# A carrier's week: longer hires are two.
CONTRACT_DAYS_MAX = 6
SECONDS_A_DEPOT = 20.0

DriverDays = Collection[tuple[UUID, date]]


def propose(board: RosterBoard, spare: Spare = Spare.KEPT) -> tuple[DepotProposal, ...]:
    """A roster for each depot that has people and a need, with who is lent between them.

    Args:
        board: As it is kept.
        spare: What becomes of days that nothing needs, as `spare_days` has them.

    Raises:
        RosterInvalidError: There are too many drivers, or no time was enough.
    """
    days = tuple(day for day in board.inputs.days if day > board.inputs.today)
    if not days:
        return ()
    given_up = spare_days(board) if spare is Spare.FREED else ()
    freed = {(each.driver_id, each.date) for each in given_up}
    found = tuple(
        _propose(board, depot, days, freed)
        for depot in board.depots
        if any((depot.depot.code, day) in board.inputs.ready for day in days)
    )
    if len(board.depots) == 1:
        return found
    fleet = with_made(board.inputs.fleet, fit_proposed(board.inputs, found))
    return lend(make_roster_board(replace(board.inputs, fleet=fleet)), found)


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
        closed=frozenset(day for day in days if _is_closed(inputs, depot.depot, day)),
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


def _is_closed(inputs: RosterInputs, depot: Depot, day: date) -> bool:
    """Whether the board knows that the depot delivers nothing that day."""
    return inputs.ready.get((depot.code, day)) == 0


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
