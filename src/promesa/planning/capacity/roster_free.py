"""Who is free for a shift that lacks drivers, by name, and breaks no rule by taking it.

It tells whom to ask; nobody is put. Who would go beyond the week's hours comes last, and is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias
from uuid import UUID

from promesa.planning.capacity.labour_rules import RuleKind
from promesa.planning.capacity.roster_board import (
    OVERTIME_MIN_H,
    DepotDuties,
    DriverRow,
    RosterBoard,
    ShiftNeed,
    roster_case,
)
from promesa.planning.capacity.roster_check import check_roster
from promesa.planning.capacity.roster_people import RosterInputs, shift_of
from promesa.planning.capacity.rosters import Duty, RosterCase, RosterDriver, hours, weeks

# Names in a sentence, and drivers held against the rules to find them, a shift.
NAMED_MAX, TRIED_MAX = 4, 40

FreeDrivers: TypeAlias = Mapping[tuple[UUID, date, str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rules, and each driver's past by id."""

    inputs: RosterInputs
    case: RosterCase
    people: Mapping[UUID, RosterDriver]


def free_drivers(board: RosterBoard) -> FreeDrivers:
    """Names by depot, day and shift, for each shift to come that lacks drivers."""
    if not board.missing:
        return {}
    inputs, case = board.inputs, roster_case(board.inputs)
    people = {
        driver.id: person for driver, person in zip(inputs.drivers, case.drivers, strict=True)
    }
    rules = _Rules(inputs, case, people)
    return {
        (depot.depot.id, need.date, need.shift): names
        for depot in board.depots
        for need in depot.needs
        if need.missing
        and need.date >= inputs.today
        and _vans_left(inputs, depot, need)
        and (names := _names(rules, depot, need))
    }


def _vans_left(inputs: RosterInputs, depot: DepotDuties, need: ShiftNeed) -> int:
    """Vans of the depot that nobody drives in those hours of that day."""
    start, end = shift_of(need.shift).span_on(need.date)
    own = sum(1 for each in inputs.fleet.active.values() if each.depot_id == depot.depot.id)
    spans = (
        shift_of(inputs.code_of(shift)).span_on(shift.date)
        for row in depot.rows
        for shift in row.shifts.get(need.date, ())
    )
    return own - sum(1 for begins, ends in spans if begins < end and start < ends)


def _names(rules: _Rules, depot: DepotDuties, need: ShiftNeed) -> tuple[str, ...]:
    """Who has worked least that week comes first."""
    monday = _monday(rules, need.date)
    able = [
        row
        for row in depot.rows
        if row.driver.is_active and need.date not in row.away and need.date not in row.shifts
    ]
    able.sort(key=lambda row: (row.week_hours.get(monday, 0.0), row.name))
    found = []
    for row in able[:TRIED_MAX]:
        if _may(rules, row, need):
            found.append(_told(rules, row, need, monday))
        if len(found) == NAMED_MAX:
            break
    return tuple(found)


def _may(rules: _Rules, row: DriverRow, need: ShiftNeed) -> bool:
    """Whether the shift brings no warning that was not there before."""
    case = replace(rules.case, drivers=(rules.people[row.driver.id],))
    duties = [
        Duty(driver=row.name, date=day, shift=rules.inputs.code_of(shift))
        for day, shifts in row.shifts.items()
        for shift in shifts
    ]
    duties.append(Duty(driver=row.name, date=need.date, shift=need.shift))
    before = {told.sentence for told in row.warnings}
    return all(told.sentence in before for told in check_roster(case, duties))


def _told(rules: _Rules, row: DriverRow, need: ShiftNeed, monday: date) -> str:
    most = rules.case.rules.limit(RuleKind.WEEK_HOURS_MAX, [need.date])
    worked = row.week_hours.get(monday, 0.0) + shift_of(need.shift).hours
    over = 0.0 if most is None else worked - most
    return row.name if over <= OVERTIME_MIN_H else f"{row.name} (con {hours(over)} extra)"


def _monday(rules: _Rules, day: date) -> date:
    return next(monday for monday, days in weeks(rules.case.days) if day in days)
