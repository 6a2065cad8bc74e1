"""What a zone is to its depot: how wide it is, how slow its streets, how far away.

All in road minutes and square kilometres, so that what is learnt of one city's routes holds in
another. Where the figures come from (streets, earlier stops, outlines) is decided by who asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A zone narrower than a block is still a street to drive along: 0.01 km² (assumed).
AREA_KM2_MIN = 0.01

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A part of town that is forecast as one.

    Attributes:
        depot: Id of the depot it is served from.
        area_km2: Where its stops lie, empty hills and fields left out (`occupied_km2`).
        pace_min_km: Road minutes for each kilometre of straight line between its doors.
        haul_min: Road minutes between the depot and its doors, one way, on average.
    """

    name: str
    depot: str
    area_km2: float
    pace_min_km: float
    haul_min: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ZoneArrays:
    """Zones side by side, for arithmetic: each float64, [zone]."""

    area_km2: Floats
    pace_min_km: Floats
    haul_min: Floats

    @classmethod
    def of(cls, zones: Sequence[Zone]) -> ZoneArrays:
        """The zones in their order."""
        return cls(
            area_km2=np.array([zone.area_km2 for zone in zones], float),
            pace_min_km=np.array([zone.pace_min_km for zone in zones], float),
            haul_min=np.array([zone.haul_min for zone in zones], float),
        )


def occupied_km2(xy_m: Floats) -> float:
    """Square kilometres that stops really take up: float64, [stop, 2], metres.

    Twice the standard deviation along each axis of their ellipse, which for stops spread evenly
    over a disc is the disc. An outline counts its hills; a box counts its corners.
    """
    if len(xy_m) < 3:
        return AREA_KM2_MIN
    spread = np.linalg.det(np.cov(xy_m.T))
    return max(AREA_KM2_MIN, float(4 * np.pi * np.sqrt(max(0.0, spread)) / 1e6))


def street_pace_min_km(xy_m: Floats, minutes: Floats) -> float | None:
    """Road minutes a straight kilometre between doors of one zone; None where nothing is known.

    The median over pairs, since one pair across a river says nothing of the others.

    Args:
        xy_m: float64, [door, 2], metres.
        minutes: float64, [door, door], row = origin; not finite where there is no way.
    """
    apart_km = np.hypot(*(xy_m[:, None] - xy_m[None]).T).T / 1_000
    told = np.isfinite(minutes) & (apart_km > _NEAR_KM)
    if not told.any():
        return None
    return float(np.median(minutes[told] / apart_km[told]))


# Doors nearer than this share a corner: their minutes are signs and turns, not streets.
_NEAR_KM = 0.05
