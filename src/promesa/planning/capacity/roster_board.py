"""The rosters that are kept, day by day: who works when, what lacks, which rule is broken.

One board for all depots: rules follow the driver wherever they drive.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from promesa.domain.fleet import Depot, Driver, Shift
from promesa.planning.capacity.hires import DayHires
from promesa.planning.capacity.labour_rules import RuleKind
from promesa.planning.capacity.roster_check import RosterWarning, check_roster
from promesa.planning.capacity.roster_people import (
    RosterInputs,
    display_names,
    homes,
    offered,
    people_of,
    shift_of,
    split,
)
from promesa.planning.capacity.rosters import Duty, RosterCase, RosterShift, hours, weeks
from promesa.planning.capacity.words import day_name

OVERTIME_MIN_H = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftNeed:
    """A shift of a depot on a day.

    Attributes:
        wanted: Drivers to keep the target; None without a forecast.
        there: Own drivers who are put.
        contracted: Who come besides, hired by the plan of the fleet.
        spot: Likewise, called for the day.
    """

    date: date
    shift: str
    wanted: int | None
    there: int
    contracted: int = 0
    spot: int = 0

    @property
    def open(self) -> int:
        """Drivers that lack; below zero those that are too many."""
        return (self.wanted or 0) - self.there - self.contracted - self.spot

    @property
    def missing(self) -> int:
        """Drivers that lack."""
        return max(0, self.open)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverRow:
    """A driver's days.

    Attributes:
        shifts: As kept, by day; two of one day in their order.
        week_hours: By Monday, overtime included.
        overtime_h: Beyond the week's hours, by Monday.
    """

    driver: Driver
    name: str
    shifts: Mapping[date, tuple[Shift, ...]]
    away: frozenset[date]
    week_hours: Mapping[date, float]
    overtime_h: Mapping[date, float]
    warnings: tuple[RosterWarning, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepotDuties:
    """A depot with its people."""

    depot: Depot
    shifts: tuple[RosterShift, ...]
    needs: tuple[ShiftNeed, ...]
    rows: tuple[DriverRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterBoard:
    """All depots."""

    inputs: RosterInputs
    depots: tuple[DepotDuties, ...]

    @property
    def missing(self) -> int:
        """Shifts without a driver."""
        return sum(need.missing for depot in self.depots for need in depot.needs)

    @property
    def warnings(self) -> tuple[RosterWarning, ...]:
        """Of every driver."""
        return tuple(told for depot in self.depots for row in depot.rows for told in row.warnings)


def make_roster_board(inputs: RosterInputs) -> RosterBoard:
    """The days as they are kept."""
    rows = _rows(inputs)
    home = homes(inputs)
    return RosterBoard(
        inputs=inputs,
        depots=tuple(
            DepotDuties(
                depot=depot,
                shifts=tuple(map(shift_of, offered(inputs, depot))),
                needs=needs_of_depot(inputs, depot),
                rows=tuple(row for row in rows if home.get(row.driver.id) == depot.id),
            )
            for depot in inputs.depots
        ),
    )


def wanted_of(inputs: RosterInputs, depot: Depot, day: date) -> dict[str, int] | None:
    """Drivers by shift to keep the target; None where no forecast reaches."""
    ready = inputs.ready.get((depot.code, day))
    return None if ready is None else split(ready, offered(inputs, depot))


def needs_of_depot(inputs: RosterInputs, depot: Depot) -> tuple[ShiftNeed, ...]:
    """Each shift of each day, those that are worked though not offered too."""
    there = Counter(
        (shift.date, inputs.code_of(shift))
        for shift in inputs.fleet.shifts
        if shift.depot_id == depot.id
    )
    found = []
    weights = offered(inputs, depot)
    for day in inputs.days:
        ready = inputs.ready.get((depot.code, day))
        wanted = None if ready is None else split(ready, weights)
        codes = [*weights]
        codes += sorted({code for on, code in there if on == day} - set(codes))
        needs = [
            ShiftNeed(
                date=day,
                shift=code,
                wanted=None if wanted is None else wanted.get(code, 0),
                there=there[day, code],
            )
            for code in codes
        ]
        found += reinforced(needs, inputs.hired.get((depot.code, day), DayHires()))
    return tuple(found)


def reinforced(needs: Sequence[ShiftNeed], hired: DayHires) -> list[ShiftNeed]:
    """The shifts of one day with everybody the plan of the fleet hires for it.

    Each goes where most lack, or fewest are too many; those by contract before those of the day.
    """
    found = list(needs)
    for number in range(hired.contracted + hired.spot if found else 0):
        place = max(range(len(found)), key=lambda each: (found[each].open, -each))
        need = found[place]
        if number < hired.contracted:
            found[place] = replace(need, contracted=need.contracted + 1)
        else:
            found[place] = replace(need, spot=need.spot + 1)
    return found


def roster_case(inputs: RosterInputs) -> RosterCase:
    """Every driver and shift of the days, as the rules see them."""
    codes = {inputs.code_of(shift) for shift in inputs.fleet.shifts}
    for depot in inputs.depots:
        codes |= set(offered(inputs, depot))
    return RosterCase(
        days=inputs.days,
        drivers=people_of(inputs, inputs.drivers, inputs.days[0]),
        shifts=tuple(map(shift_of, sorted(codes))),
        rules=inputs.rules,
        holidays=inputs.closed,
    )


def _rows(inputs: RosterInputs) -> list[DriverRow]:
    names, case = display_names(inputs), roster_case(inputs)
    shown = set(inputs.days)
    kept: dict[UUID, dict[date, list[Shift]]] = defaultdict(lambda: defaultdict(list))
    duties = []
    for shift in sorted(inputs.fleet.shifts, key=lambda each: (each.start, each.id)):
        if shift.date in shown and shift.driver_id in names:
            kept[shift.driver_id][shift.date].append(shift)
            name, code = names[shift.driver_id], inputs.code_of(shift)
            duties.append(Duty(driver=name, date=shift.date, shift=code))
    warnings: dict[str, list[RosterWarning]] = defaultdict(list)
    for told in check_roster(case, duties):
        warnings[told.driver].append(told)
    rows = []
    for driver, person in zip(inputs.drivers, case.drivers, strict=True):
        worked = _week_hours(case, [duty for duty in duties if duty.driver == person.name])
        if case.days[0].weekday():
            worked[weeks(case.days)[0][0]] += person.week_hours
        rows.append(
            DriverRow(
                driver=driver,
                name=person.name,
                shifts={day: tuple(each) for day, each in kept[driver.id].items()},
                away=person.away & shown,
                week_hours=worked,
                overtime_h=_overtime(case, worked),
                warnings=tuple(warnings[person.name]),
            )
        )
    return rows


def _week_hours(case: RosterCase, duties: list[Duty]) -> dict[date, float]:
    return {
        monday: sum(
            shift.hours
            for duty in duties
            if duty.date in days and (shift := case.shift(duty.shift)) is not None
        )
        for monday, days in weeks(case.days)
    }


def _overtime(case: RosterCase, worked: Mapping[date, float]) -> dict[date, float]:
    found = {}
    for monday, days in weeks(case.days):
        most = case.rules.limit(RuleKind.WEEK_HOURS_MAX, days)
        over = 0.0 if most is None else worked[monday] - most
        if over > OVERTIME_MIN_H:
            found[monday] = over
    return found


def overtime_sentences(board: RosterBoard) -> tuple[str, ...]:
    """As ``Ana Rojas hace 5 h 30 min extra en la semana del lunes 5, sobre 42 h``."""
    rules = board.inputs.rules
    most = {
        monday: rules.limit(RuleKind.WEEK_HOURS_MAX, days) or 0.0
        for monday, days in weeks(board.inputs.days)
    }
    return tuple(
        f"{row.name} hace {hours(over)} extra en la semana del {day_name(monday)}, "
        f"sobre {hours(most[monday])}."
        for depot in board.depots
        for row in depot.rows
        for monday, over in row.overtime_h.items()
    )
