"""Who is free for a shift that lacks drivers, by name, and breaks no rule by taking it.

It tells whom to ask; nobody is put. Who would go beyond the week's hours comes last, and is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from promesa.domain.fleet import Shift
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
from promesa.planning.capacity.rosters import (
    Duty,
    RosterCase,
    RosterDriver,
    hours,
    monday_of,
)

# Names in a sentence, and drivers held against the rules to find them, a shift.
NAMED_MAX, TRIED_MAX = 4, 40

FreeDrivers: TypeAlias = Mapping[tuple[UUID, date, str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules, and each driver's past by id."""

    inputs: RosterInputs
    case: RosterCase
    people: Mapping[UUID, RosterDriver]

    @classmethod
    def of(cls, board: RosterBoard) -> RuleBook:
        """Those that a board is held against."""
        case = roster_case(board.inputs)
        pairs = zip(board.inputs.drivers, case.drivers, strict=True)
        return cls(board.inputs, case, {driver.id: person for driver, person in pairs})

    def may_take(self, row: DriverRow, codes: Mapping[date, Sequence[str]]) -> bool:
        """Whether such days bring no warning that the driver's own did not.

        Args:
            row: As it is kept.
            codes: Of the shifts they would have, by day.
        """
        case = replace(self.case, drivers=(self.people[row.driver.id],))
        duties = [
            Duty(driver=row.name, date=day, shift=code)
            for day, own in codes.items()
            for code in own
        ]
        before = {told.sentence for told in row.warnings}
        return all(told.sentence in before for told in check_roster(case, duties))

    def week_hours_max(self, day: date) -> float | None:
        """Beyond which an hour of that week is overtime; None where no rule says."""
        return self.case.rules.limit(RuleKind.WEEK_HOURS_MAX, [day])


def free_drivers(board: RosterBoard) -> FreeDrivers:
    """Names by depot, day and shift, for each shift to come that lacks drivers."""
    if not board.missing:
        return {}
    inputs, rules = board.inputs, RuleBook.of(board)
    return {
        (depot.depot.id, need.date, need.shift): names
        for depot in board.depots
        for need in depot.needs
        if need.missing
        and need.date >= inputs.today
        and vans_left(inputs, depot.depot.id, need.date, need.shift)
        and (names := _names(rules, depot, need))
    }


def vans_left(inputs: RosterInputs, depot_id: UUID, day: date, code: str) -> int:
    """Vans of the depot that nobody drives in those hours of that day."""
    start, end = shift_of(code).span_on(day)
    driven = {
        shift.vehicle_id
        for shift in inputs.fleet.shifts
        if abs(shift.date - day).days <= 1 and _meets(inputs, shift, start, end)
    }
    return sum(
        each.depot_id == depot_id and each.id not in driven for each in inputs.fleet.active.values()
    )


def _meets(inputs: RosterInputs, shift: Shift, start: datetime, end: datetime) -> bool:
    begins, ends = shift_of(inputs.code_of(shift)).span_on(shift.date)
    return begins < end and start < ends


def _names(rules: RuleBook, depot: DepotDuties, need: ShiftNeed) -> tuple[str, ...]:
    """Who has worked least that week comes first."""
    monday = monday_of(need.date)
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


def _may(rules: RuleBook, row: DriverRow, need: ShiftNeed) -> bool:
    codes: dict[date, Sequence[str]] = {
        day: [rules.inputs.code_of(shift) for shift in shifts] for day, shifts in row.shifts.items()
    }
    return rules.may_take(row, {**codes, need.date: (need.shift,)})


def _told(rules: RuleBook, row: DriverRow, need: ShiftNeed, monday: date) -> str:
    most = rules.week_hours_max(need.date)
    worked = row.week_hours.get(monday, 0.0) + shift_of(need.shift).hours
    over = 0.0 if most is None else worked - most
    return (
        row.name if over <= OVERTIME_MIN_H else f"{row.name} (con {hours(over)} extra en la semana)"
    )
