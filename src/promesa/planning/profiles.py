"""Vehicles of the fleet as the streets see them: a kind with the size and weight that is known.

A search has one travel time for each pair of places, whoever drives. So where a day has vehicles of
several kinds the slowest counts first, a place that one of them cannot reach is closed to it, and
then each kind goes on from what it was given at its own times (``own_times``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from promesa.domain.fleet import VehicleKind, VehicleSize
from promesa.roads import vehicles as roads

_CM_PER_M = 100
_KG_PER_T = 1_000
_KINDS: Mapping[VehicleKind, roads.Vehicle] = {
    VehicleKind.VAN: roads.VAN,
    VehicleKind.TRUCK: roads.TRUCK,
    VehicleKind.MOTORCYCLE: roads.MOTORCYCLE,
    VehicleKind.BICYCLE: roads.BICYCLE,
}


def profile_of(kind: VehicleKind, size: VehicleSize | None) -> roads.Vehicle:
    """How the streets see it; what nobody said of its size is that of its kind."""
    usual = _KINDS[kind]
    if size is None:
        return usual
    return replace(
        usual,
        height_m=usual.height_m if size.height_cm is None else size.height_cm / _CM_PER_M,
        width_m=usual.width_m if size.width_cm is None else size.width_cm / _CM_PER_M,
        weight_t=usual.weight_t if size.weight_kg is None else size.weight_kg / _KG_PER_T,
    )


def largest(profiles: Sequence[roads.Vehicle]) -> roads.Vehicle:
    """One that goes only where all of them may, who are of one kind."""
    return replace(
        profiles[0],
        height_m=_most([each.height_m for each in profiles]),
        width_m=_most([each.width_m for each in profiles]),
        weight_t=_most([each.weight_t for each in profiles]),
    )


def _most(known: Sequence[float | None]) -> float | None:
    return max((each for each in known if each is not None), default=None)


def slowest(squares: Sequence[NDArray[np.int32]]) -> NDArray[np.int32]:
    """The times of whoever takes longest of those who get there; -1 where nobody does."""
    found: NDArray[np.int32] = np.maximum.reduce(list(squares))
    return found


def cut_off(squares: Sequence[NDArray[np.int32]], depots: int) -> frozenset[int]:
    """The points that one kind cannot reach from any of the first ones, or not come back from.

    One hour at which it cannot is enough: a plan does not know at which hour it will be sent.
    """
    found: set[int] = set()
    for seconds in squares:
        no_way_there = (seconds[:depots] < 0).all(axis=0)
        no_way_back = (seconds[:, :depots] < 0).all(axis=1)
        found.update(np.flatnonzero(no_way_there | no_way_back).tolist())
    return frozenset(found)
