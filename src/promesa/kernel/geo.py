"""Positions on the Earth and distances between them; no roads here."""

from __future__ import annotations

import math
from dataclasses import dataclass

# IUGG mean radius R1 of the Earth.
EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A point on the WGS 84 ellipsoid, in degrees.

    Raises:
        ValueError: A coordinate is not finite or is out of range.
    """

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lon) and math.isfinite(self.lat)):
            raise ValueError("coordinates must be finite")
        if not (-180.0 <= self.lon <= 180.0 and -90.0 <= self.lat <= 90.0):
            raise ValueError("coordinates out of range")


def distance_m(origin: Position, destination: Position) -> float:
    """Great-circle distance in metres (haversine)."""
    lat_1, lat_2 = math.radians(origin.lat), math.radians(destination.lat)
    half_dlat = (lat_2 - lat_1) / 2
    half_dlon = math.radians(destination.lon - origin.lon) / 2
    chord = math.sin(half_dlat) ** 2 + math.cos(lat_1) * math.cos(lat_2) * math.sin(half_dlon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, chord)))


def between(origin: Position, destination: Position, fraction: float) -> Position:
    """The point at ``fraction`` (0-1) of the straight line; good for city-size segments."""
    return Position(
        lon=origin.lon + (destination.lon - origin.lon) * fraction,
        lat=origin.lat + (destination.lat - origin.lat) * fraction,
    )
