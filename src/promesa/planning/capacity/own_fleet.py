"""How many own vehicles a depot has on each day to come, and what one of them can do.

Shifts that are put for a day say it. A day without any among days that have some is as the last of
its weekday before. Past the last day that anybody put a shift for, nobody has planned yet: the
depot has all its vehicles in use. A vehicle nobody gave a price is not free: it is taken to cost
what the others do, and how many those are is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from promesa.domain.fleet import (
    LOADING_TIME_S_DEFAULT,
    MEAL_BREAK_S_MIN,
    Driver,
    Shift,
    Vehicle,
)
from promesa.kernel.units import HOUR_S, MINUTE_S
from promesa.planning.capacity.route_length import RouteLimits

# A working day with its colación, where no shift says how long one is (assumed).
SHIFT_MIN_DEFAULT = 540.0
WORK_MIN_LEAST = 30.0
# A van with its driver for a day, where no vehicle of the operator has a price (assumed).
DAY_COST_ASSUMED_CLP = 80_000


class OwnFrom(StrEnum):
    """What the number of own vehicles of a day rests on."""

    SHIFTS = "shifts"
    WEEKDAY = "weekday"
    VEHICLES = "vehicles"


class CostFrom(StrEnum):
    """Whose prices say what a day of an own vehicle costs."""

    OWN = "own"
    OTHERS = "others"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFleet:
    """The own vehicles of a depot.

    Attributes:
        by_day: How many, in the order of the days asked about.
        sources: What each rests on.
        without_shift: The depot's in use that have none where others have; 0 where nobody does.
        day_cost_clp: Of a typical one that has a price: leaving, and all the hours of its shift.
        cost_from: Whether those are the depot's, another's, or none has any.
        vehicles: The depot's in use; without any, those of all depots.
        priced: Those of them that have a price; the others are taken to cost the same.
    """

    by_day: tuple[int, ...]
    sources: tuple[OwnFrom, ...]
    without_shift: tuple[int, ...]
    limits: RouteLimits
    day_cost_clp: int
    cost_from: CostFrom
    vehicles: int
    priced: int

    @property
    def with_shift(self) -> tuple[int, ...]:
        """Of each day's those that somebody put a shift for; 0 where that is only supposed."""
        return tuple(
            count if source is OwnFrom.SHIFTS else 0
            for count, source in zip(self.by_day, self.sources, strict=True)
        )

    def assumed_clp(self, vehicle_days: int) -> float:
        """What of the cost of so many days of own vehicles rests on no price."""
        return vehicle_days * self.day_cost_clp * (1 - self.priced / self.vehicles)


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetOfDays:
    """Vehicles, drivers and shifts, past and to come, of all depots."""

    vehicles: tuple[Vehicle, ...]
    drivers: tuple[Driver, ...]
    shifts: tuple[Shift, ...]

    @property
    def active(self) -> dict[UUID, Vehicle]:
        """Vehicles in use, by id."""
        return {vehicle.id: vehicle for vehicle in self.vehicles if vehicle.is_active}


def own_fleet(depot_id: UUID, days: Sequence[date], fleet: FleetOfDays) -> OwnFleet | None:
    """What a depot has; None where nobody has a vehicle in use to take for typical.

    How long a shift is those say that were worked, the first day's included: what is needed must
    not change with the rosters that are made from it.
    """
    active = fleet.active
    if not active:
        return None
    home = {key for key, vehicle in active.items() if vehicle.depot_id == depot_id}
    shifts = [
        each for each in fleet.shifts if each.depot_id == depot_id and each.vehicle_id in active
    ]
    there: dict[date, set[UUID]] = defaultdict(set)
    for shift in shifts:
        there[shift.date].add(shift.vehicle_id)
    counted = [_own_on(day, there, home) for day in days]
    typical = [active[key] for key in sorted(home)] or list(active.values())
    worked = [each for each in shifts if each.date <= days[0]] or shifts
    shift_min = _mean([(each.end - each.start).total_seconds() / MINUTE_S for each in worked])
    rest_min = _rest_min(worked, {driver.id: driver for driver in fleet.drivers})
    shift_min = SHIFT_MIN_DEFAULT if shift_min is None else shift_min
    work = [shift_min - rest_min - _reloading_min(vehicle) for vehicle in typical]
    parcels = [vehicle.capacity.parcels * vehicle.trips_max for vehicle in typical]
    costs, cost_from = day_costs(
        [_day_cost_clp(vehicle, shift_min) for vehicle in typical],
        [_day_cost_clp(vehicle, shift_min) for vehicle in active.values()],
    )
    return OwnFleet(
        by_day=tuple(len(out) for out, _ in counted),
        sources=tuple(source for _, source in counted),
        without_shift=tuple(len(home - out) for out, _ in counted),
        limits=RouteLimits(
            parcels=max(1, round(sum(parcels) / len(parcels))),
            shift_min=max(WORK_MIN_LEAST, sum(work) / len(work)),
        ),
        day_cost_clp=round(sum(costs) / len(costs)),
        cost_from=cost_from,
        vehicles=len(typical),
        priced=sum(_day_cost_clp(vehicle, shift_min) is not None for vehicle in typical),
    )


def _own_on(
    day: date, there: Mapping[date, set[UUID]], home: set[UUID]
) -> tuple[set[UUID], OwnFrom]:
    if day in there:
        return there[day], OwnFrom.SHIFTS
    if day > max(there, default=date.min):
        return home, OwnFrom.VEHICLES
    before = [each for each in there if each.weekday() == day.weekday() and each < day]
    if before:
        return there[max(before)], OwnFrom.WEEKDAY
    # A weekday that never had shifts, among weeks that have some: nobody had put them yet.
    return home, OwnFrom.VEHICLES


def day_costs(
    own: Sequence[float | None], everyone: Sequence[float | None]
) -> tuple[list[float], CostFrom]:
    """A day of those vehicles that have a price: the own ones, else all, else what is assumed.

    Args:
        own: Pesos of a day of each of a depot's; None for one without a price.
        everyone: Likewise, of all depots.
    """
    for source, costs in ((CostFrom.OWN, own), (CostFrom.OTHERS, everyone)):
        told = [cost for cost in costs if cost is not None]
        if told:
            return told, source
    return [DAY_COST_ASSUMED_CLP], CostFrom.ASSUMED


def _day_cost_clp(vehicle: Vehicle, shift_min: float) -> float | None:
    """A price a kilometre is none: who drives it costs the same whoever it is."""
    if not (vehicle.cost_fixed_clp or vehicle.cost_per_hour_clp):
        return None
    return vehicle.cost_fixed_clp + vehicle.cost_per_hour_clp * shift_min * MINUTE_S / HOUR_S


def _rest_min(shifts: Sequence[Shift], drivers: Mapping[UUID, Driver]) -> float:
    """The mean colación; the shortest the law knows where nobody said one."""
    rests = [
        (driver.meal_break.duration_s if driver.meal_break else MEAL_BREAK_S_MIN) / MINUTE_S
        for shift in shifts
        if (driver := drivers.get(shift.driver_id)) is not None
    ]
    found = _mean(rests)
    return MEAL_BREAK_S_MIN / MINUTE_S if found is None else found


def _reloading_min(vehicle: Vehicle) -> float:
    loading_s = vehicle.loading_time_s
    loading_s = LOADING_TIME_S_DEFAULT if loading_s is None else loading_s
    return (vehicle.trips_max - 1) * loading_s / MINUTE_S


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
