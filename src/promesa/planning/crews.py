"""A vehicle with the driver of its shift, as the routing problem sees them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from uuid import UUID

from promesa.domain import fleet
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.profiles import profile_of
from promesa.roads.vehicles import Vehicle as Profile
from promesa.routing.problem import Break, Vehicle

# What a visit counts to a driver who does not know the comuna: some ten minutes of looking for
# the door (assumed); a van with room goes nevertheless.
UNFAMILIAR_PRICE_CLP = 1_200


@dataclass(frozen=True, slots=True, kw_only=True)
class Crews:
    """Who drives what that day.

    Attributes:
        shifts: By vehicle index of the problem.
        vehicles: Of the problem.
        profiles: How the streets see each of them.
        codes: What orders name each by; two shifts of one van share it.
        plates: Of every vehicle by its code, those without a shift too: what screens call it.
    """

    shifts: tuple[fleet.Shift, ...]
    vehicles: tuple[Vehicle, ...]
    profiles: tuple[Profile, ...]
    codes: tuple[str, ...]
    plates: Mapping[str, str] = field(default_factory=dict)

    def named(self, codes: frozenset[str]) -> frozenset[str]:
        """Ids in the problem of the vehicles that orders name so."""
        pairs = zip(self.vehicles, self.codes, strict=True)
        return frozenset(vehicle.id for vehicle, code in pairs if code in codes)


def make_crews(
    day: ServiceDay,
    shifts: Sequence[fleet.Shift],
    vans: Mapping[UUID, fleet.Vehicle],
    drivers: Mapping[UUID, fleet.Driver],
    depots: Sequence[fleet.Depot],
) -> Crews:
    """The crews of the shifts, in their order; a driver nobody knows has no limits."""
    index = {depot.id: number for number, depot in enumerate(depots)}
    codes = [vans[shift.vehicle_id].code for shift in shifts]
    calls = _calls(vans)
    vehicles, profiles = [], []
    for shift, code in zip(shifts, codes, strict=True):
        van = vans[shift.vehicle_id]
        turn = f"{calls[code]} {day.clock_time_of(shift.start).hour:02d} h"
        name = calls[code] if codes.count(code) == 1 else turn
        home = index[shift.depot_id]
        driver = drivers.get(shift.driver_id)
        vehicles.append(
            _crew(name, day, shift=shift, van=van, driver=driver, home=home, depot=depots[home])
        )
        profiles.append(profile_of(van.kind, van.size))
    return Crews(
        shifts=tuple(shifts),
        vehicles=tuple(vehicles),
        profiles=tuple(profiles),
        codes=tuple(codes),
        plates=calls,
    )


def _calls(vans: Mapping[UUID, fleet.Vehicle]) -> dict[str, str]:
    """What screens call each vehicle, by its code: its plate, where no other has the same."""
    plates = Counter(van.plate for van in vans.values())
    return {van.code: van.plate if plates[van.plate] == 1 else van.code for van in vans.values()}


def leaves_from(depot: fleet.Depot) -> str:
    """Asked of a van as a skill, and read by a dispatcher when no van has it."""
    return f"salir de {depot.name}"


def _crew(
    name: str,
    day: ServiceDay,
    *,
    shift: fleet.Shift,
    van: fleet.Vehicle,
    driver: fleet.Driver | None,
    home: int,
    depot: fleet.Depot,
) -> Vehicle:
    start_s, end_s = max(0, day.second_of(shift.start)), day.second_of(shift.end)
    return Vehicle(
        id=name,
        start_depot=home,
        end_depot=home,
        capacity=van.capacity,
        shift_start_s=start_s,
        shift_end_s=end_s,
        latest_start_s=_latest_start_s(day, driver, start_s),
        skills=van.skills | {leaves_from(depot)},
        fixed_cost_clp=van.cost_fixed_clp,
        hour_cost_clp=van.cost_per_hour_clp,
        km_cost_clp=van.cost_per_km_clp,
        overtime_max_s=overtime_of(day, driver, depot, end_s),
        overtime_hour_cost_clp=(driver.overtime_hour_cost_clp if driver else None) or 0,
        driving_max_s=driver.driving_max_s if driver else None,
        duty_max_s=driver.duty_max_s if driver else None,
        breaks=breaks_of(day, driver.meal_break if driver else None, start_s, end_s),
        stops_max=van.stops_max,
        trips_max=van.trips_max,
        loading_time_s=loading_time_of(van),
        areas=driver.areas if driver else frozenset(),
        unfamiliar_price_clp=UNFAMILIAR_PRICE_CLP if driver and driver.areas else 0,
    )


def overtime_of(
    day: ServiceDay, driver: fleet.Driver | None, depot: fleet.Depot, end_s: int
) -> int:
    """Seconds after the end of the shift, ``end_s``, until which the driver may be brought back."""
    overtime_s = (driver.overtime_max_s if driver else None) or 0
    if depot.closes is None:
        return overtime_s
    # Who comes back after it has closed finds nobody.
    return max(0, min(overtime_s, _second(day, depot.closes) - end_s))


def loading_time_of(van: fleet.Vehicle) -> int:
    """Seconds at the depot between two trips."""
    known_s = van.loading_time_s
    return fleet.LOADING_TIME_S_DEFAULT if known_s is None else known_s


def breaks_of(
    day: ServiceDay, meal: fleet.MealBreak | None, start_s: int, end_s: int
) -> tuple[Break, ...]:
    """The colación of a shift; none where the shift does not last through its hours."""
    if meal is None:
        return ()
    earliest_s, latest_s = _second(day, meal.earliest), _second(day, meal.latest)
    if latest_s <= start_s or earliest_s >= end_s:
        return ()
    return (Break(start_s=earliest_s, end_s=latest_s, duration_s=meal.duration_s),)


def _latest_start_s(day: ServiceDay, driver: fleet.Driver | None, start_s: int) -> int | None:
    """None for no limit; who is asked after that hour to begin may still leave at once."""
    if driver is None or driver.latest_start is None:
        return None
    return max(start_s, _second(day, driver.latest_start))


def _second(day: ServiceDay, clock_time: time) -> int:
    return day.second_of(day.at(clock_time))
