"""The vans of drivers who are lent: one of the depot they go to, or theirs, which comes along.

It keeps who drives what while a proposal lends people one by one, so that no van is given twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from promesa.domain.fleet import Shift
from promesa.planning.capacity.roster_people import RosterInputs
from promesa.planning.capacity.roster_vans import WantedDuty


class LentVans:
    """Which van is driven when, by whom."""

    def __init__(self, inputs: RosterInputs) -> None:
        self._active = inputs.fleet.active
        self._driven: dict[UUID, list[Shift]] = defaultdict(list)
        self._own: dict[tuple[UUID, date], list[Shift]] = defaultdict(list)
        self._usual: dict[UUID, UUID] = {}
        for shift in sorted(inputs.fleet.shifts, key=lambda each: (each.start, each.id)):
            self._usual[shift.driver_id] = shift.vehicle_id
            self._take(shift)

    def leave(self, driver_id: UUID, day: date) -> tuple[Shift, ...]:
        """The shifts whose vans a driver leaves that day."""
        own = self._own.pop((driver_id, day), [])
        for shift in own:
            self._driven[shift.vehicle_id].remove(shift)
        return tuple(own)

    def take_again(self, shifts: Sequence[Shift]) -> None:
        """Puts shifts back into their vans."""
        for shift in shifts:
            self._take(shift)

    def give(self, driver_id: UUID, day: date, duty: WantedDuty) -> bool:
        """Whether a van is free in those hours; the driver leaves theirs and has it."""
        left = self.leave(driver_id, day)
        start, end = duty.span_on(day)
        theirs = [shift.vehicle_id for shift in left]
        if driver_id in self._usual:
            theirs.append(self._usual[driver_id])
        there = [each.id for each in self._active.values() if each.depot_id == duty.depot.id]
        for vehicle_id in (*there, *theirs):
            driven = self._driven[vehicle_id]
            is_met = any(shift.start < end and start < shift.end for shift in driven)
            if vehicle_id in self._active and not is_met:
                made = Shift(
                    id=driver_id,
                    date=day,
                    driver_id=driver_id,
                    vehicle_id=vehicle_id,
                    depot_id=duty.depot.id,
                    start=start,
                    end=end,
                )
                self._take(made)
                return True
        self.take_again(left)
        return False

    def _take(self, shift: Shift) -> None:
        self._driven[shift.vehicle_id].append(shift)
        self._own[shift.driver_id, shift.date].append(shift)
