"""Travel times of many legs at once, as ``Travel`` tells them one by one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from promesa.routing.matrix import NEVER_M, NEVER_S, UNREACHABLE, Matrix, Travel
from promesa.routing.plane import Plane
from promesa.routing.ring_speeds import HALF_HOUR_S, RingSpeeds

Ints = NDArray[np.int64]
_EPSILON = 1e-9


def many_s(travel: Travel, origins: Ints, destinations: Ints, departures_s: Ints) -> Ints:
    """Seconds of each leg: int64, as long as the three are."""
    if isinstance(travel, Matrix):
        return _interpolated(travel, origins, destinations, departures_s)
    if isinstance(travel, RingSpeeds):
        return _consumed(travel, origins, destinations, departures_s)
    if isinstance(travel, Plane):
        units = np.floor(travel.between(origins, destinations) + 0.5)
        return np.ceil(units * travel.seconds_per_unit - _EPSILON).astype(np.int64)
    asked = zip(origins.tolist(), destinations.tolist(), departures_s.tolist(), strict=True)
    return np.array([travel.travel_s(*leg) for leg in asked], np.int64)


def many_m(travel: Travel, origins: Ints, destinations: Ints, departures_s: Ints) -> Ints:
    """Metres of each leg, likewise."""
    if isinstance(travel, Matrix):
        slices = _slices(travel, departures_s)
        metres = travel.metres[slices, origins, destinations].astype(np.int64)
        return np.where(metres == UNREACHABLE, NEVER_M, metres)
    if isinstance(travel, RingSpeeds):
        return _consumed(travel, origins, destinations, departures_s)
    if isinstance(travel, Plane):
        return np.floor(travel.between(origins, destinations) + 0.5).astype(np.int64)
    asked = zip(origins.tolist(), destinations.tolist(), departures_s.tolist(), strict=True)
    return np.array([travel.distance_m(*leg) for leg in asked], np.int64)


def _slices(travel: Matrix, departures_s: Ints) -> Ints:
    instants = np.array(travel.departures_s, np.int64)
    return np.maximum(0, np.searchsorted(instants, departures_s, side="right") - 1)


def _interpolated(travel: Matrix, origins: Ints, destinations: Ints, departures_s: Ints) -> Ints:
    instants = np.array(travel.departures_s, np.int64)
    before = _slices(travel, departures_s)
    after = np.minimum(before + 1, len(instants) - 1)
    earlier = travel.seconds[before, origins, destinations].astype(np.int64)
    later = travel.seconds[after, origins, destinations].astype(np.int64)
    span_s = np.maximum(1, instants[after] - instants[before])
    since_s = np.maximum(0, departures_s - instants[before])
    seconds = earlier + (later - earlier) * since_s // span_s
    is_out = (earlier == UNREACHABLE) | (later == UNREACHABLE) & (since_s > 0)
    is_out |= (later == UNREACHABLE) & (after > before) & (departures_s >= instants[before])
    return np.where(is_out, NEVER_S, seconds)


def _consumed(travel: RingSpeeds, origins: Ints, destinations: Ints, departures_s: Ints) -> Ints:
    """Half-hour by half-hour, for those not there yet."""
    left = travel.free_flow_s[origins, destinations].astype(np.float64)
    rates = travel.speed[travel.ring[origins]]
    now_s = departures_s.astype(np.float64)
    arrival_s = now_s.copy()
    going = np.arange(len(left))
    while len(going):
        half_hour = (now_s[going] // HALF_HOUR_S).astype(np.int64)
        rate = rates[going, half_hour % rates.shape[1]]
        until_next_s = (half_hour + 1) * HALF_HOUR_S - now_s[going]
        is_there = left[going] <= rate * until_next_s
        there = going[is_there]
        arrival_s[there] = now_s[there] + left[there] / rate[is_there]
        left[going] -= rate * until_next_s
        now_s[going] += until_next_s
        going = going[~is_there]
    return np.ceil(arrival_s - departures_s - _EPSILON).astype(np.int64)
