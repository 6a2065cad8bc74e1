"""Travel as the kernels read it."""

from __future__ import annotations

from typing import Any

import numpy as np

from promesa.kernel.units import MINUTE_S
from promesa.routing.engine.day import GLOBE, NOWHERE, PLANE, RATES, SLICES, Ints, Records, Shorts
from promesa.routing.matrix import NEVER_M, UNREACHABLE, Matrix, Travel
from promesa.routing.plane import Kind, Plane
from promesa.routing.problem import LAST_S
from promesa.routing.ring_speeds import HALF_HOUR_S, RingSpeeds

_NOTHING = np.zeros((1, 1, 1), np.int32)


class UnknownTravelError(TypeError):
    """The search does not know this kind of travel."""


def flat_roads(travel: Travel, nodes: Records) -> dict[str, Any]:
    """The fields of a Day that tell travel; the nodes are given their rows of the tables."""
    if isinstance(travel, Matrix):
        return _blank() | _slices(travel, _number_places(nodes))
    if isinstance(travel, RingSpeeds):
        nodes["group"] = travel.ring[nodes["place"]]
        return _blank() | _rates(travel, _number_places(nodes))
    if isinstance(travel, Plane):
        nodes["x"], nodes["y"] = travel.xy[nodes["place"]].T
        return _blank() | _plane(travel)
    raise UnknownTravelError(type(travel).__name__)


def _number_places(nodes: Records) -> Ints:
    """Numbers the places as the nodes come; the place of each number."""
    somewhere = nodes["place"] != NOWHERE
    places, first, number = np.unique(
        nodes["place"][somewhere], return_index=True, return_inverse=True
    )
    order = np.argsort(first)
    turn = np.empty(len(order), np.int64)
    turn[order] = np.arange(len(order))
    nodes["place"][somewhere] = turn[number]
    return np.asarray(places[order], np.int64)


def is_hourly(travel: Travel) -> bool:
    """Whether metres depend on the hour."""
    if isinstance(travel, Matrix):
        return _metre_slices(travel) > 1 or (travel.tolls is not None and len(travel.tolls) > 1)
    return isinstance(travel, RingSpeeds)


def _slices(travel: Matrix, places: Ints) -> dict[str, Any]:
    seconds = _by_pair(travel.seconds, places)
    metres = seconds
    if travel.metres is not travel.seconds:
        metres = _by_pair(travel.metres[: _metre_slices(travel)], places)
    if (metres == UNREACHABLE).any():
        metres = np.where(metres == UNREACHABLE, NEVER_M, metres)
    departures = np.array(travel.departures_s, np.int32)
    minutes = np.arange(LAST_S // MINUTE_S) * MINUTE_S
    slice_of = np.maximum(0, np.searchsorted(departures, minutes, side="right") - 1)
    return {
        "mode": SLICES,
        "usual": _usual(metres, seconds),
        "seconds": seconds if seconds.shape[2] > 1 else _NOTHING,
        "metres": metres if metres.shape[2] > 1 else _NOTHING,
        "tolls": _NOTHING if travel.tolls is None else _by_pair(travel.tolls, places),
        "slices": len(departures),
        "clock": np.concatenate([departures, slice_of]).astype(np.int64),
    }


def _usual(metres: Shorts, seconds: Shorts) -> Shorts:
    """Metres in the middle of the day and the fewest seconds, side by side."""
    if metres is seconds and seconds.shape[2] == 1:
        return seconds
    middle = metres[:, :, metres.shape[2] // 2]
    never = np.iinfo(np.int32).max
    fewest = np.where(seconds == UNREACHABLE, never, seconds).min(axis=2)
    return np.stack([middle, np.where(fewest == never, UNREACHABLE, fewest)], axis=2)


def _metre_slices(travel: Matrix) -> int:
    """One where all slices are alike."""
    first = travel.metres[0]
    alike = all(metres is first or np.array_equal(metres, first) for metres in travel.metres[1:])
    return 1 if alike else len(travel.metres)


def _by_pair(slices: Shorts, places: Ints) -> Shorts:
    """Slices last: the times of one pair lie side by side in memory."""
    pairs = np.empty((len(places), len(places), len(slices)), np.int32)
    for k, values in enumerate(slices):
        pairs[:, :, k] = values[np.ix_(places, places)]
    return pairs


def _rates(travel: RingSpeeds, places: Ints) -> dict[str, Any]:
    free = _by_pair(travel.free_flow_s[np.newaxis], places)[:, :, 0]
    fastest = np.asarray(travel.speed, np.float64).max(axis=1)[travel.ring[places]]
    fewest = np.floor(free / fastest[:, np.newaxis]).astype(np.int32)
    return {
        "mode": RATES,
        "usual": np.stack([free, np.where(free == UNREACHABLE, UNREACHABLE, fewest)], axis=2),
        "rates": np.ascontiguousarray(travel.speed, np.float64),
        "period_s": HALF_HOUR_S,
        "pays_seconds": 1,
    }


def _plane(travel: Plane) -> dict[str, Any]:
    return {
        "mode": PLANE if travel.kind == Kind.EUCLID else GLOBE,
        "detour": travel.detour,
        "seconds_per_unit": travel.seconds_per_unit,
    }


def _blank() -> dict[str, Any]:
    return {
        "mode": PLANE,
        "slices": 1,
        "period_s": HALF_HOUR_S,
        "pays_seconds": 0,
        "detour": 1.0,
        "seconds_per_unit": 0.0,
        "usual": _NOTHING,
        "seconds": _NOTHING,
        "metres": _NOTHING,
        "tolls": _NOTHING,
        "clock": np.zeros(2, np.int64),
        "rates": np.ones((1, 1)),
    }
