"""A fleet file as capacity sees it: typical vehicles, what their day costs, who can be hired.

A fleet may have no vehicles of its own; what a hired one carries is assumed then. A vehicle without
a price is not free: it is taken to cost what the others do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from promesa.domain.fleet import MEAL_BREAK_S_MIN
from promesa.kernel.errors import InvalidError
from promesa.kernel.units import HOUR_S, MINUTE_S
from promesa.planning.capacity.needs import DepotWork
from promesa.planning.capacity.own_fleet import SHIFT_MIN_DEFAULT, CostFrom, day_costs
from promesa.planning.capacity.route_length import (
    DEFAULT,
    RouteCoefficients,
    RouteLimits,
    StopWork,
)
from promesa.planning.capacity.sources import Contract, DepotFleet, Spot
from promesa.planning.capacity.zones import Zone
from promesa.routing.fleetfile import FleetFile, FleetVehicles

_DAY_MIN = 24 * 60
# A cargo van of the Partner or Berlingo class on a working day with its colación (assumed).
HIRED_LIMITS = RouteLimits(parcels=90, shift_min=SHIFT_MIN_DEFAULT - MEAL_BREAK_S_MIN / MINUTE_S)


class FleetEmptyError(InvalidError):
    """The fleet has no depot, or nowhere to take a vehicle from."""

    code: ClassVar[str] = "capacity_fleet_empty"
    message: ClassVar[str] = (
        "La flota debe tener al menos un CD y de dónde sacar camionetas: propias en vehicles, "
        "contratadas en contracts o al día en spot."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePrice:
    """What a day of a depot's own vehicle costs, and on what that rests.

    Attributes:
        day_cost_clp: Leaving, and all the hours of the shift; kilometres cost the same whoever
            drives them, and are left out.
        cost_from: Whose prices say so.
        vehicles: The depot's own.
        priced: Those of them that have a price.
    """

    day_cost_clp: int
    cost_from: CostFrom
    vehicles: int
    priced: int


def price_of(fleet: FleetFile, depot: str) -> FilePrice:
    """The price of a depot's own vehicles; where none has one, of all; else what is assumed."""
    groups = _counted(fleet.vehicles)
    own = [_day_cost_clp(group) for group in groups if group.depot == depot]
    everyone = [_day_cost_clp(group) for group in groups]
    costs, source = day_costs(own, everyone)
    return FilePrice(
        day_cost_clp=round(float(np.mean(costs))),
        cost_from=source,
        vehicles=len(own),
        priced=sum(cost is not None for cost in own),
    )


def typical_limits(fleet: FleetFile, depot: str) -> RouteLimits:
    """What the mean vehicle of a depot can do, each group counted as often as it has ids.

    Of the whole fleet where the depot has none; of groups without ids, which say what a vehicle
    would be, where nobody has any; else as assumed.
    """
    own = [group for group in fleet.vehicles if group.depot == depot]
    groups = _counted(own) or _counted(fleet.vehicles) or own or list(fleet.vehicles)
    if not groups:
        return HIRED_LIMITS
    return RouteLimits(
        parcels=max(1, round(np.mean([group.parcels * group.trips for group in groups]))),
        shift_min=float(np.mean([_work_min(group) for group in groups])),
    )


def _counted(groups: Sequence[FleetVehicles]) -> list[FleetVehicles]:
    """Each as often as it has ids."""
    return [group for group in groups for _ in group.ids]


def _shift_min(group: FleetVehicles) -> float:
    start, end = (
        each.hour * 60 + each.minute + each.second / MINUTE_S
        for each in (group.shift_start, group.shift_end)
    )
    return end - start if end > start else end + _DAY_MIN - start


def _work_min(group: FleetVehicles) -> float:
    """Without breaks, and without loading again between trips."""
    rest = sum(each.minutes for each in group.breaks)
    return max(1.0, _shift_min(group) - rest - (group.trips - 1) * group.loading_minutes)


def _day_cost_clp(group: FleetVehicles) -> float | None:
    """None where nobody gave a price; one a kilometre is none."""
    if not (group.fixed_cost_clp or group.hour_cost_clp):
        return None
    return group.fixed_cost_clp + group.hour_cost_clp * _shift_min(group) * MINUTE_S / HOUR_S


def require_fleet(fleet: FleetFile) -> None:
    """Refuses a fleet that nothing can be sized with.

    Raises:
        FleetEmptyError: It has no depot, or no vehicle, contract or spot offer.
    """
    has_vehicles = any(group.ids for group in fleet.vehicles)
    if not fleet.depots or not (has_vehicles or fleet.contracts or fleet.spot):
        raise FleetEmptyError


def depot_works(
    fleet: FleetFile,
    zones: Sequence[Zone],
    learnt: Mapping[str, RouteCoefficients] | None = None,
) -> tuple[DepotWork, ...]:
    """The depots that have zones, in the file's order.

    Args:
        fleet: As written.
        zones: Of all depots.
        learnt: Coefficients by depot, where routes have been driven.
    """
    work = StopWork(service_min=fleet.stops.service_minutes, parcels=fleet.stops.parcels)
    return tuple(
        DepotWork(
            id=depot.id,
            name=depot.name or depot.id,
            zones=tuple(zone for zone in zones if zone.depot == depot.id),
            limits=typical_limits(fleet, depot.id),
            work=work,
            coefficients=(learnt or {}).get(depot.id, DEFAULT),
        )
        for depot in fleet.depots
        if any(zone.depot == depot.id for zone in zones)
    )


def depot_fleet(fleet: FleetFile, depot: str) -> DepotFleet:
    """What one depot can put on the road."""
    doors = [docks.departures_max for docks in fleet.docks if docks.depot == depot]
    return DepotFleet(
        depot=depot,
        own=sum(len(group.ids) for group in fleet.vehicles if group.depot == depot),
        own_day_cost_clp=price_of(fleet, depot).day_cost_clp,
        contracts=tuple(
            Contract(
                name=each.name,
                vehicles_max=each.vehicles,
                day_cost_clp=each.day_cost_clp,
                days_min=each.days_min,
                block=each.block,
            )
            for each in fleet.contracts
            if each.depot == depot
        ),
        spot=tuple(
            Spot(name=each.name, vehicles_max=each.vehicles, day_cost_clp=each.day_cost_clp)
            for each in fleet.spot
            if each.depot == depot
        ),
        departures_max=doors[0] if doors else None,
    )
