"""Which zones another depot could take, and what that costs in vehicles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from promesa.planning.capacity.hires import Loan
from promesa.planning.capacity.needs import DepotWork
from promesa.planning.capacity.route_length import estimate, is_too_far
from promesa.planning.capacity.zones import Zone, ZoneArrays

# A zone that costs another depot more than this is no help to anybody (assumed).
FACTOR_MAX = 2.0
# The depots that take a zone most cheaply; a third would be further than both.
LOANS_OF_ZONE_MAX = 2


def make_loans(
    depots: Sequence[DepotWork],
    hauls: Mapping[tuple[str, str], float],
    mean_stops: Mapping[str, float],
) -> tuple[Loan, ...]:
    """Every zone with the other depots that could serve it in a shift, the cheapest of them.

    Args:
        depots: With their zones.
        hauls: Road minutes one way by zone and depot; none where there is no way.
        mean_stops: Of a day, by zone.
    """
    found = []
    for home in depots:
        for zone in home.zones:
            choices = [
                _loan(zone, home, other, hauls.get((zone.name, other.id)), mean_stops[zone.name])
                for other in depots
                if other.id != home.id
            ]
            told = [loan for loan in choices if loan is not None]
            found += sorted(told, key=lambda loan: loan.factor)[:LOANS_OF_ZONE_MAX]
    return tuple(found)


def _loan(
    zone: Zone, home: DepotWork, other: DepotWork, haul_min: float | None, stops: float
) -> Loan | None:
    if haul_min is None or stops <= 0:
        return None
    away = replace(zone, depot=other.id, haul_min=haul_min)
    if is_too_far(away, other.limits):
        return None
    factor = _vehicles(away, other, stops) / _vehicles(zone, home, stops)
    if factor > FACTOR_MAX:
        return None
    return Loan(zone=zone.name, home=home.id, other=other.id, factor=factor)


def _vehicles(zone: Zone, depot: DepotWork, stops: float) -> float:
    zones = ZoneArrays.of([zone])
    day = estimate(np.array([stops]), zones, depot.limits, depot.work, depot.coefficients)
    return max(float(day.vehicles), 1e-9)
