"""Other ways to size a fleet, to hold ours against: by the mean, and zone by zone.

And what any plan comes to in scenarios it was not made from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from promesa.planning.capacity.needs import Need
from promesa.planning.capacity.sizing import kept_shares, ready_vehicles

ZONE_QUANTILE = 0.97

Floats = NDArray[np.float64]
Vehicles = NDArray[np.int64]
Policy = Callable[[Need], Vehicles]


def mean_plan(need: Need) -> Vehicles:
    """Vehicles for the mean day, no reserve: int64, [day]."""
    return _whole(need.vehicles.mean(axis=0))


def zone_by_zone(need: Need, quantile: float = ZONE_QUANTILE) -> Vehicles:
    """Every zone with a reserve of its own: int64, [day].

    Fractions of vehicles are added up and rounded once a depot, so that what is compared is the
    reserve and not the rounding.
    """
    by_zone = need.vehicles[..., None] * need.shares
    return _whole(np.quantile(by_zone, quantile, axis=0).sum(axis=-1))


def pooled_quantile(need: Need, quantile: float = ZONE_QUANTILE) -> Vehicles:
    """One reserve a depot, for so many of all scenarios entire: int64, [day]."""
    return _whole(np.quantile(need.vehicles, quantile, axis=0))


def pooled_target(need: Need, target: float) -> Vehicles:
    """One reserve a depot, for a share of promises kept: int64, [day]."""
    return np.array(
        [ready_vehicles(vehicles, target) for vehicles in need.vehicles.T], dtype=np.int64
    )


def _whole(vehicles: Floats) -> Vehicles:
    return np.asarray(np.ceil(vehicles - 1e-9), dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What vehicles put on beforehand come to in scenarios.

    Attributes:
        vehicle_days: Put on in all.
        kept: Share of all promises.
        days_kept: Share of days of depots, over all scenarios, that keep the target.
        worst_day: What the worst day keeps, on average over the scenarios.
        kept_p10: What one in ten days keeps at most.
    """

    vehicle_days: int
    kept: float
    days_kept: float
    worst_day: float
    kept_p10: float


def outcome(needs: Sequence[Need], vehicles: Sequence[Vehicles], target: float) -> Outcome:
    """The vehicles of each depot, in the needs' order, in the needs' scenarios."""
    kept, stops = [], []
    for need, ready in zip(needs, vehicles, strict=True):
        kept.append(kept_shares(need.vehicles, ready.astype(float)))
        stops.append(need.stops)
    shares, weight = np.stack(kept), np.stack(stops)
    # A day without stops breaks no promise.
    stops = weight.sum(axis=1)
    daily = np.where(stops > 0, (shares * weight).sum(axis=1) / np.maximum(stops, 1e-9), 1.0)
    return Outcome(
        vehicle_days=int(sum(ready.sum() for ready in vehicles)),
        kept=float((shares * weight).sum() / weight.sum()) if weight.sum() else 1.0,
        days_kept=float((shares >= target).mean()),
        worst_day=float(daily.min()),
        kept_p10=float(np.quantile(shares, 0.1)),
    )
