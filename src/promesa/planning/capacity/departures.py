"""The vehicles of a capacity plan as shifts that start and as loads at the doors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from promesa.kernel.units import HOUR_S, MINUTE_S
from promesa.planning.capacity.docks import Doors, Loading, Slot, schedule
from promesa.planning.capacity.sources import Mix
from promesa.routing.fleet_offers import FleetDocks
from promesa.routing.fleetfile import FleetFile

OWN, OWN_WORD = "own", "Propia"
# Of hired vehicles where no group of the fleet says one (assumed: a working day with its colación).
HIRED_SHIFT = (time(8, 30), time(17, 30))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftStart:
    """Vehicles whose shift is alike.

    Attributes:
        source: ``own``, or the name of who sends them.
    """

    source: str
    vehicles: int
    start: time
    end: time


def shifts_of(fleet: FleetFile, depot: str, mix: Mix) -> tuple[ShiftStart, ...]:
    """The own vehicles in the file's order; hired ones work the depot's first shift."""
    groups = [group for group in fleet.vehicles if group.depot == depot]
    shifts, left = [], mix.own
    for group in groups:
        count = min(left, len(group.ids))
        left -= count
        if count:
            shifts.append(
                ShiftStart(source=OWN, vehicles=count, start=group.shift_start, end=group.shift_end)
            )
    first = next(iter(groups or fleet.vehicles), None)
    start, end = (first.shift_start, first.shift_end) if first else HIRED_SHIFT
    names = [each.name for each in fleet.contracts if each.depot == depot]
    names += [each.name for each in fleet.spot if each.depot == depot]
    shifts += [
        ShiftStart(source=name, vehicles=count, start=start, end=end)
        for name, count in zip(names, [*mix.contracted, *mix.spot], strict=True)
        if count
    ]
    return tuple(shifts)


def door_slots(docks: FleetDocks, shifts: tuple[ShiftStart, ...]) -> tuple[Slot, ...]:
    """Every vehicle loaded in time for its shift, as far as the doors allow.

    All parcels are taken to be staged when the doors open: what comes later is known on the day.
    """
    loadings = [
        Loading(
            route=f"{OWN_WORD if shift.source == OWN else shift.source} {number + 1}",
            ready_s=_second(docks.first),
            due_s=_second(shift.start),
            duration_s=docks.loading_minutes * MINUTE_S,
        )
        for shift in shifts
        for number in range(shift.vehicles)
    ]
    return schedule(loadings, doors_of(docks)) if loadings else ()


def doors_of(docks: FleetDocks) -> Doors:
    """The doors as they are scheduled."""
    return Doors(count=docks.doors, open_s=_second(docks.first), close_s=_second(docks.last))


def _second(clock_time: time) -> int:
    return clock_time.hour * HOUR_S + clock_time.minute * MINUTE_S
