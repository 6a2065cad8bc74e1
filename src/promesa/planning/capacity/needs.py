"""What every depot needs on every day of every scenario: minutes and vehicles.

A depot's zones share its vehicles. What was not delivered one day is not carried into the next:
each day's need is that day's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from promesa.planning.capacity.route_length import (
    DEFAULT,
    RouteCoefficients,
    RouteEstimate,
    RouteLimits,
    StopWork,
    estimate,
    zone_shares,
)
from promesa.planning.capacity.scenarios import Scenarios
from promesa.planning.capacity.zones import Zone, ZoneArrays

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepotWork:
    """A depot with the zones it serves, and what a vehicle and a stop are there.

    Attributes:
        zones: One for each of its series, by name.
    """

    id: str
    name: str
    zones: tuple[Zone, ...]
    limits: RouteLimits
    work: StopWork
    coefficients: RouteCoefficients = DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Need:
    """What a depot's days take.

    Attributes:
        stops: float64, [scenario, day].
        minutes: float64, [scenario, day], driving and serving of all vehicles.
        vehicles: float64, [scenario, day], with fractions.
        shares: float64, [scenario, day, zone], which part of them each zone takes; sums to 1
            where there are stops.
    """

    depot: str
    days: tuple[date, ...]
    zones: tuple[str, ...]
    stops: Floats
    minutes: Floats
    vehicles: Floats
    shares: Floats


def needs_of(scenarios: Scenarios, depots: Sequence[DepotWork]) -> tuple[Need, ...]:
    """The need of each depot, in their order; series of no zone are left out."""
    return tuple(_need(scenarios, depot) for depot in depots)


def _need(scenarios: Scenarios, depot: DepotWork) -> Need:
    column = {name: number for number, name in enumerate(scenarios.series)}
    served = [zone for zone in depot.zones if zone.name in column]
    parcels = scenarios.parcels[:, :, [column[zone.name] for zone in served]]
    stops = parcels / depot.work.parcels
    zones = ZoneArrays.of(served)
    found: RouteEstimate = estimate(stops, zones, depot.limits, depot.work, depot.coefficients)
    return Need(
        depot=depot.id,
        days=scenarios.days,
        zones=tuple(zone.name for zone in served),
        stops=stops.sum(axis=-1),
        minutes=found.minutes,
        vehicles=found.vehicles,
        shares=zone_shares(stops, zones, found, depot.work, depot.coefficients),
    )
