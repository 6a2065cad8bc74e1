"""A fleet file as capacity sees it: typical vehicles, what their day costs, who can be hired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from promesa.kernel.errors import InvalidError
from promesa.kernel.units import HOUR_S, MINUTE_S
from promesa.planning.capacity.needs import DepotWork
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


class FleetEmptyError(InvalidError):
    """The fleet has no depot, or no vehicle to take for typical."""

    code: ClassVar[str] = "capacity_fleet_empty"
    message: ClassVar[str] = (
        "La flota debe tener al menos un CD y un vehículo, que diga cuánto lleva y su jornada."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TypicalVehicle:
    """The mean of some vehicles.

    Attributes:
        day_cost_clp: Leaving, and all the hours of the shift; kilometres cost the same whoever
            drives them, and are left out.
    """

    limits: RouteLimits
    day_cost_clp: int


def typical(groups: Sequence[FleetVehicles]) -> TypicalVehicle:
    """The mean vehicle of some groups, each counted as often as it has ids.

    Raises:
        FleetEmptyError: There are none.
    """
    counted = [group for group in groups for _ in group.ids]
    if not counted:
        raise FleetEmptyError
    return TypicalVehicle(
        limits=RouteLimits(
            parcels=max(1, round(np.mean([group.parcels * group.trips for group in counted]))),
            shift_min=float(np.mean([_work_min(group) for group in counted])),
        ),
        day_cost_clp=round(float(np.mean([_day_cost_clp(group) for group in counted]))),
    )


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


def _day_cost_clp(group: FleetVehicles) -> float:
    return group.fixed_cost_clp + group.hour_cost_clp * _shift_min(group) * MINUTE_S / HOUR_S


def require_fleet(fleet: FleetFile) -> None:
    """Refuses a fleet that nothing can be sized with.

    Raises:
        FleetEmptyError: It has no depot or no vehicle.
    """
    if not fleet.depots or not any(group.ids for group in fleet.vehicles):
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
            limits=_typical_of(fleet, depot.id).limits,
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
        own_day_cost_clp=_typical_of(fleet, depot).day_cost_clp,
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


def _typical_of(fleet: FleetFile, depot: str) -> TypicalVehicle:
    """Of the depot's own vehicles; of the whole fleet's where it has none."""
    own = [group for group in fleet.vehicles if group.depot == depot]
    return typical(own or fleet.vehicles)
