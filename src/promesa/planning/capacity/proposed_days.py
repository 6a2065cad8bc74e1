"""What is proposed of rosters: driver days as they would be, the vans they take, the fleet then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from promesa.domain.fleet import Depot, Shift
from promesa.planning.capacity.own_fleet import FleetOfDays
from promesa.planning.capacity.roster_people import RosterInputs
from promesa.planning.capacity.roster_vans import DriverDay, WantedDuty, fit_days

MadeDays = Mapping[tuple[UUID, date], tuple[Shift, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyChange:
    """One driver and day.

    Attributes:
        depot: Where they drive then; of a day off, their own.
        before: Code of the shift that is kept; empty for a day off.
        after: Code of the one proposed, likewise.
        is_spare: Whether the day is given up for nothing needing it, and breaks no rule.
        is_lent: Whether the depot is another than theirs.
    """

    driver_id: UUID
    name: str
    depot: Depot
    date: date
    before: str
    after: str
    is_spare: bool = False
    is_lent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DepotProposal:
    """A depot's proposal.

    The search hires where that is cheaper than overtime, and the plan of the fleet says whom once
    the rosters are such: it knows doors and how often somebody is called.

    Attributes:
        changes: Of its drivers, and of those lent to it.
        overtime_h: Of all its drivers.
        overtime_clp: What that costs.
    """

    depot: Depot
    changes: tuple[DutyChange, ...]
    overtime_h: float
    overtime_clp: int


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
