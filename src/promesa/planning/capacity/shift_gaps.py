"""Shifts that lack drivers on days whose vans suffice: *Flota* counts days, *Turnos* counts shifts.

Both are told from here, so that they say the same of a day: that vans lack, that doors do, that a
shift lacks somebody while another has too many, or that nobody was put yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from promesa.domain.fleet import Depot
from promesa.planning.capacity.board import DepotBoard
from promesa.planning.capacity.board_case import BoardInputs
from promesa.planning.capacity.hires import DayHires
from promesa.planning.capacity.roster_board import DepotDuties, ShiftNeed, needs_of_depot
from promesa.planning.capacity.roster_people import RosterInputs, offered, shift_of


class Lack(StrEnum):
    """What a depot's day lacks.

    VANS: vans, and with them drivers. DOORS: only doors to let them out. SHIFT: drivers of a shift,
    while the day has enough. ROSTER: nobody was put yet.
    """

    VANS = "vans"
    DOORS = "doors"
    SHIFT = "shift"
    ROSTER = "roster"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLack:
    """A depot's day that lacks something."""

    date: date
    depot: DepotDuties
    kind: Lack
    needs: tuple[ShiftNeed, ...]
    hires: DayHires

    @property
    def missing(self) -> int:
        """Drivers that its shifts lack."""
        return sum(need.missing for need in self.needs)


def lacks_of(inputs: RosterInputs, depots: Sequence[DepotDuties]) -> tuple[DayLack, ...]:
    """What the days from today on lack, by day and depot."""
    found = []
    for day in inputs.days:
        for depot in depots if day >= inputs.today else ():
            needs = tuple(need for need in depot.needs if need.date == day)
            hires = inputs.hired.get((depot.depot.code, day), DayHires())
            kind = _kind(needs, hires)
            if kind is not None:
                found.append(DayLack(date=day, depot=depot, kind=kind, needs=needs, hires=hires))
    return tuple(found)


def board_lacks(inputs: BoardInputs, boards: Sequence[DepotBoard]) -> tuple[DayLack, ...]:
    """Likewise, of the days of a capacity board."""
    days = tuple(day for day in inputs.outlook.days if day >= inputs.first_day)
    given = with_plans(
        RosterInputs(
            days=days,
            today=inputs.first_day,
            depots=inputs.depots,
            fleet=inputs.fleet,
            terms=inputs.terms,
        ),
        boards,
    )
    planned = {board.depot for board in boards}
    return lacks_of(
        given, [_duties(given, depot) for depot in inputs.depots if depot.code in planned]
    )


def with_plans(inputs: RosterInputs, boards: Sequence[DepotBoard]) -> RosterInputs:
    """The rosters with what the board says each depot and day takes, hires and lacks."""
    plans = {(board.depot, day.date): day for board in boards for day in board.plan.days}
    return replace(
        inputs,
        ready={key: day.ready for key, day in plans.items()},
        hired={key: DayHires.of(day) for key, day in plans.items()},
    )


def _duties(inputs: RosterInputs, depot: Depot) -> DepotDuties:
    shifts = tuple(map(shift_of, offered(inputs, depot)))
    return DepotDuties(depot=depot, shifts=shifts, needs=needs_of_depot(inputs, depot), rows=())


def _kind(needs: Sequence[ShiftNeed], hires: DayHires) -> Lack | None:
    is_short = any(need.missing for need in needs)
    if is_short and not any(need.there for need in needs):
        return Lack.ROSTER
    if hires.gap > hires.held:
        return Lack.VANS
    if hires.held:
        return Lack.DOORS
    if not is_short:
        return None
    # Two drivers may share a van: who is missing over the day is.
    return Lack.VANS if sum(need.open for need in needs) > 0 else Lack.SHIFT
