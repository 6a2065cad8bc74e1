"""The coefficients of one depot from its own days, drawn to the default while they are few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from promesa.planning.capacity.route_length import (
    DEFAULT,
    LAST_VEHICLE,
    RouteCoefficients,
    RouteLimits,
    StopWork,
    estimate,
    tour_features,
)
from promesa.planning.capacity.zones import ZoneArrays

# A day's minutes miss by some 3 %, a city's coefficients by some 30 % (spread over the cities
# of benchmarks/route_length.py): how strongly few days are drawn to the default.
DAY_SIGMA, COEFFICIENT_SIGMA = 0.03, 0.3
# The same for how full shifts and vans are: vehicles in a day, fullness.
VEHICLES_SIGMA, FILL_SIGMA = 0.7, 0.04
FILLS = tuple(round(0.60 + 0.01 * step, 2) for step in range(41))

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutedDay:
    """What a depot's routes of one day came to, planned or driven.

    Attributes:
        stops: By zone, in the order of the zones.
        driving_min: Of all routes together.
        service_min: Likewise, at the doors.
        vehicles: Routes that left.
        parcels: Carried.
    """

    stops: tuple[int, ...]
    driving_min: float
    service_min: float
    vehicles: int
    parcels: int

    @property
    def minutes(self) -> float:
        """Driving and serving."""
        return self.driving_min + self.service_min

    @property
    def work(self) -> StopWork:
        """Its average stop."""
        count = sum(self.stops)
        return StopWork(service_min=self.service_min / count, parcels=self.parcels / count)


def refit(
    days: Sequence[ExecutedDay],
    zones: ZoneArrays,
    limits: RouteLimits,
    default: RouteCoefficients = DEFAULT,
) -> RouteCoefficients:
    """The coefficients of one depot from its own days, drawn to the default while they are few.

    Days without stops or routes say nothing.
    """
    told = [day for day in days if sum(day.stops) and day.vehicles]
    if not told:
        return default
    rested = refit_travel(told, zones, default=default)
    return _refit_fills(told, zones, limits, rested, default)


def refit_travel(
    days: Sequence[ExecutedDay],
    zones: ZoneArrays,
    *,
    default: RouteCoefficients = DEFAULT,
    day_sigma: float = DAY_SIGMA,
) -> RouteCoefficients:
    """The minutes on the road alone; how full vans are stays the default's.

    Least squares of the relative errors, with the default as one more observation of each.

    Args:
        days: One at least, all with stops and routes.
        zones: In the order of their stops.
        default: What few days are drawn to.
        day_sigma: By which share a day's minutes miss.
    """
    stops = np.array([day.stops for day in days], float)
    vehicles = np.array([day.vehicles for day in days], float)
    share = 1 / np.array([day.minutes for day in days])
    local, haul = tour_features(stops, zones)
    inner = np.maximum(0.0, 1 - vehicles / stops.sum(axis=-1))
    rows = np.c_[local * inner, haul * vehicles] * share[:, None] / day_sigma
    seen = np.array([day.driving_min for day in days]) * share / day_sigma
    prior = np.array([default.local, default.haul])
    held = np.diag(1 / (COEFFICIENT_SIGMA * prior))
    found = np.linalg.lstsq(np.r_[rows, held], np.r_[seen, held @ prior], rcond=None)[0]
    # Neither can be nought: no route drives backwards, whatever few days seem to say.
    kept = np.clip(found, prior / 4, prior * 4)
    return replace(
        default,
        local=float(kept[0]),
        haul=float(kept[1]),
        days=len(days),
        routes=sum(day.vehicles for day in days),
    )


def _refit_fills(
    days: Sequence[ExecutedDay],
    zones: ZoneArrays,
    limits: RouteLimits,
    learnt: RouteCoefficients,
    default: RouteCoefficients,
) -> RouteCoefficients:
    """The pair of fills that gives the vehicles of those days best."""

    def misses(tried: RouteCoefficients) -> float:
        away = (tried.shift_fill - default.shift_fill) ** 2
        away += (tried.load_fill - default.load_fill) ** 2
        errors = _vehicle_errors(days, zones, limits, tried)
        return float((errors**2).sum()) / VEHICLES_SIGMA**2 + away / FILL_SIGMA**2

    return min(_fill_pairs(learnt, default), key=misses)


def _fill_pairs(
    learnt: RouteCoefficients, default: RouteCoefficients
) -> Iterator[RouteCoefficients]:
    """Every pair in which one of the two is the default's: few days cannot tell both apart."""
    pairs = set(product(FILLS, (default.load_fill,))) | set(product((default.shift_fill,), FILLS))
    for shift_fill, load_fill in sorted(pairs):
        yield replace(learnt, shift_fill=shift_fill, load_fill=load_fill)


def _vehicle_errors(
    days: Sequence[ExecutedDay],
    zones: ZoneArrays,
    limits: RouteLimits,
    tried: RouteCoefficients,
) -> Floats:
    """Vehicles estimated less vehicles used, against the middle of the last, half empty one."""
    guessed = [
        float(estimate(np.array(day.stops, float), zones, limits, day.work, tried).vehicles)
        for day in days
    ]
    used = np.array([day.vehicles for day in days], float)
    return np.asarray(np.array(guessed) + LAST_VEHICLE - used)
