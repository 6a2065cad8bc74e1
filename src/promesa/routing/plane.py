"""Travel from coordinates alone: nothing is stored per pair, so 50,000 places take 800 kB.

Seconds are metres at one speed, the same at all hours. Streets, one-way or slow, are not its
business: where they count, the road layer fills a Matrix.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from promesa.kernel import geo
from promesa.kernel.errors import InvalidError
from promesa.routing.matrix import Matrix

# A full int64 matrix of more places would take more than 1.2 GB.
MATRIX_PLACES_MAX = 12_000
# Rows computed at a time: 256 rows of 12,000 places take 25 MB per intermediate array.
_ROWS = 256
# What a sum of floats may be above a whole number and still be that number.
_EPSILON = 1e-9


class Kind(IntEnum):
    """How two places are measured; whole numbers, so that compiled code can compare them."""

    EUCLID = 0
    GREAT_CIRCLE = 1


class MatrixTooLargeError(InvalidError):
    """Somebody asked for every pair of more places than memory should hold."""

    code: ClassVar[str] = "routing_matrix_too_large"
    message: ClassVar[str] = (
        "Son demasiados lugares para calcular todos los pares. Divide el día en zonas."
    )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Plane:
    """Places on a plane or on the globe.

    EUCLID is EUC_2D of TSPLIB (Reinelt 1991): the square root of the
    sum of squares, times ``detour``, rounded to the nearest unit. GREAT_CIRCLE is the haversine
    in metres times ``detour``, rounded likewise. Both are symmetric.

    Attributes:
        xy: float64, [n, 2], C order; x and y in units, or longitude and latitude in degrees.
        kind: How they are measured.
        seconds_per_unit: Seconds for a unit of distance, rounded up per leg; 0 if time is no
            matter.
        detour: How much longer the way is than the straight line.
    """

    xy: NDArray[np.float64]
    kind: Kind = Kind.EUCLID
    seconds_per_unit: float = 0.0
    detour: float = 1.0

    def __post_init__(self) -> None:
        if self.xy.ndim != 2 or self.xy.shape[1] != 2 or not np.isfinite(self.xy).all():
            raise ValueError("xy must be finite, [n, 2]")
        if self.seconds_per_unit < 0 or self.detour <= 0:
            raise ValueError("seconds_per_unit must be 0 or more, detour above 0")
        object.__setattr__(self, "xy", np.ascontiguousarray(self.xy, dtype=np.float64))

    @property
    def locations(self) -> int:
        """How many locations there are."""
        return len(self.xy)

    def travel_s(self, origin: int, destination: int, departure_s: int) -> int:
        """Seconds, the same at all hours, rounded up."""
        units = self.distance_m(origin, destination, departure_s)
        return math.ceil(units * self.seconds_per_unit - _EPSILON)

    def toll_clp(self, origin: int, destination: int, departure_s: int) -> int:
        """Nothing: a plane has no gates."""
        del origin, destination, departure_s
        return 0

    def distance_m(self, origin: int, destination: int, departure_s: int) -> int:
        """Units or metres, rounded to the nearest."""
        from_x, from_y = self.xy[origin].tolist()
        to_x, to_y = self.xy[destination].tolist()
        if self.kind == Kind.EUCLID:
            across, up = from_x - to_x, from_y - to_y
            straight = math.sqrt(across * across + up * up)
        else:
            straight = geo.distance_m(
                geo.Position(lon=from_x, lat=from_y), geo.Position(lon=to_x, lat=to_y)
            )
        return math.floor(straight * self.detour + 0.5)

    def between(
        self, origins: NDArray[np.int64], destinations: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Distances of many pairs, not rounded: float64, in the shape the two broadcast to."""
        start, end = self.xy[origins], self.xy[destinations]
        if self.kind == Kind.EUCLID:
            across, up = start[..., 0] - end[..., 0], start[..., 1] - end[..., 1]
            return np.sqrt(across * across + up * up) * self.detour
        radians = np.radians
        half_x = radians(start[..., 0] - end[..., 0]) / 2
        half_y = radians(start[..., 1] - end[..., 1]) / 2
        cosines = np.cos(radians(start[..., 1])) * np.cos(radians(end[..., 1]))
        chord = np.sin(half_y) ** 2 + cosines * np.sin(half_x) ** 2
        radii: NDArray[np.float64] = np.arcsin(np.sqrt(np.minimum(1.0, chord)))
        return 2 * geo.EARTH_RADIUS_M * self.detour * radii

    def static_metres(self, *, start_s: int, end_s: int) -> NDArray[np.int64]:
        """Every pair, the same at all hours.

        Raises:
            MatrixTooLargeError: There are more than MATRIX_PLACES_MAX places.
        """
        if self.locations > MATRIX_PLACES_MAX:
            raise MatrixTooLargeError(places=self.locations, places_max=MATRIX_PLACES_MAX)
        every = np.arange(self.locations)
        metres = np.empty((self.locations, self.locations), dtype=np.int64)
        for first in range(0, self.locations, _ROWS):
            rows = every[first : first + _ROWS, None]
            metres[first : first + _ROWS] = np.floor(self.between(rows, every[None]) + 0.5)
        return metres

    def static_seconds(self, *, start_s: int, end_s: int) -> NDArray[np.int64]:
        """Every pair, the same at all hours.

        Raises:
            MatrixTooLargeError: There are more than MATRIX_PLACES_MAX places.
        """
        return self._seconds(self.static_metres(start_s=start_s, end_s=end_s))

    def matrix(self) -> Matrix:
        """The same travel with every pair stored.

        Raises:
            MatrixTooLargeError: There are more than MATRIX_PLACES_MAX places.
        """
        metres = self.static_metres(start_s=0, end_s=0)
        seconds = self._seconds(metres).astype(np.int32)
        return Matrix(seconds[None], metres.astype(np.int32)[None])

    def _seconds(self, metres: NDArray[np.int64]) -> NDArray[np.int64]:
        seconds: NDArray[np.int64] = np.ceil(metres * self.seconds_per_unit - _EPSILON).astype(
            np.int64
        )
        return seconds
