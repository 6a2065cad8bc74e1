"""Days that could be free: drivers a shift has beyond what it needs, above what they are paid for.

Who has a contract is paid whether they drive or not. So nobody is left below the hours of their
contract, and no day gives up a driver whom another of its shifts lacks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from promesa.planning.capacity.labour_rules import LabourRules, RuleKind
from promesa.planning.capacity.roster_board import DepotDuties, DriverRow, RosterBoard, ShiftNeed
from promesa.planning.capacity.roster_people import RosterInputs, shift_of
from promesa.planning.capacity.rosters import monday_of

_SUNDAY_AFTER = 6


class Spare(StrEnum):
    """What becomes of days that nothing needs: they are kept, or given up."""

    KEPT = "kept"
    FREED = "freed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpareDay:
    """A driver's day that nothing needs."""

    driver_id: UUID
    date: date
    shift: str

    @property
    def hours(self) -> float:
        """Of work."""
        return shift_of(self.shift).hours


def contract_hours(rules: LabourRules, day: date) -> float | None:
    """Hours a week that are paid whether they are worked or not; None where nobody says.

    Without a rule of contracts everybody is taken to work full time.
    """
    told = rules.on(RuleKind.CONTRACT_WEEK_HOURS_MIN, day)
    told = told or rules.on(RuleKind.WEEK_HOURS_MAX, day)
    return None if told is None else told.value


def spare_days(board: RosterBoard) -> tuple[SpareDay, ...]:
    """Days after today that could be free; who has most hours beyond their contract's comes first.

    A week that goes on past the days shown stays as it is: its hours are not known here.
    """
    inputs, last = board.inputs, board.inputs.days[-1]
    days = [
        day
        for day in inputs.days
        if day > inputs.today and monday_of(day) + timedelta(days=_SUNDAY_AFTER) <= last
    ]
    left = {row.driver.id: dict(row.week_hours) for each in board.depots for row in each.rows}
    found: list[SpareDay] = []
    for depot in board.depots:
        for day in days:
            for need in too_many([each for each in depot.needs if each.date == day]):
                spare = _spare(inputs, depot, need, left, found)
                if spare is not None:
                    left[spare.driver_id][monday_of(day)] -= spare.hours
                    found.append(spare)
    return tuple(found)


def too_many(needs: Sequence[ShiftNeed]) -> Iterator[ShiftNeed]:
    """The shifts of a day with too many, once for each driver that the whole day has too many.

    Of own drivers alone: nobody stays at home for one who is hired.
    """
    left = sum(need.there - (need.wanted or 0) for need in needs)
    for need in needs:
        count = 0 if need.wanted is None else max(0, min(left, need.there - need.wanted))
        left -= count
        yield from [need] * count


def _spare(
    inputs: RosterInputs,
    depot: DepotDuties,
    need: ShiftNeed,
    left: dict[UUID, dict[date, float]],
    found: Sequence[SpareDay],
) -> SpareDay | None:
    """Somebody of that shift who keeps the hours of their contract without it."""
    monday, least = monday_of(need.date), contract_hours(inputs.rules, need.date)
    taken = {each.driver_id for each in found if each.date == need.date}
    hours = shift_of(need.shift).hours
    able = [
        row
        for row in depot.rows
        if row.driver.id not in taken
        and _has_only(inputs, depot, row, need)
        and (least is None or left[row.driver.id].get(monday, 0.0) - hours >= least)
    ]
    if not able:
        return None
    row = max(able, key=lambda each: left[each.driver.id].get(monday, 0.0))
    return SpareDay(driver_id=row.driver.id, date=need.date, shift=need.shift)


def _has_only(inputs: RosterInputs, depot: DepotDuties, row: DriverRow, need: ShiftNeed) -> bool:
    shifts = row.shifts.get(need.date, ())
    return (
        len(shifts) == 1
        and shifts[0].depot_id == depot.depot.id
        and inputs.code_of(shifts[0]) == need.shift
    )
