"""Distances between all nodes of a file, by the conventions of the field."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from promesa.routing.plane import MATRIX_PLACES_MAX, MatrixTooLargeError

# From one point to all: float64, [2] and [n, 2] to [n].
Measure = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]

# As TSPLIB writes them (Reinelt 1991): its costs come out with these digits and with no others.
_PI = 3.141592
_RADIUS_KM = 6_378.388


def every_pair(coordinates: NDArray[np.float64], measure: Measure) -> NDArray[np.int32]:
    """int32, [n, n], row = origin, nought from a node to itself.

    Raises:
        MatrixTooLargeError: There are more places than memory should hold every pair of.
    """
    places = len(coordinates)
    if places > MATRIX_PLACES_MAX:
        raise MatrixTooLargeError(places=places, places_max=MATRIX_PLACES_MAX)
    pairs = np.empty((places, places), np.int32)
    for row, origin in enumerate(coordinates):
        pairs[row] = measure(origin, coordinates)
    np.fill_diagonal(pairs, 0)
    return pairs


def rounded_euclid(origin: NDArray[np.float64], every: NDArray[np.float64]) -> NDArray[np.float64]:
    """EUC_2D of TSPLIB: to the nearest whole number."""
    return np.floor(_straight(origin, every) + 0.5)


def ceiled_euclid(origin: NDArray[np.float64], every: NDArray[np.float64]) -> NDArray[np.float64]:
    """CEIL_2D of TSPLIB: to the next whole number."""
    return np.ceil(_straight(origin, every))


def truncated_tenths(
    origin: NDArray[np.float64], every: NDArray[np.float64]
) -> NDArray[np.float64]:
    """DIMACS' VRPTW convention: tenths of a unit, one decimal truncated."""
    return np.floor(10 * _straight(origin, every) + 1e-9)


def geographic(origin: NDArray[np.float64], every: NDArray[np.float64]) -> NDArray[np.float64]:
    """GEO of TSPLIB: kilometres on its globe; x is latitude, both are DDD.MM, degrees.minutes."""
    latitude, longitude = _radians(origin)
    latitudes, longitudes = _radians(every.T)
    apart = np.cos(longitude - longitudes)
    less, sum_ = np.cos(latitude - latitudes), np.cos(latitude + latitudes)
    cosine = 0.5 * ((1 + apart) * less - (1 - apart) * sum_)
    kilometres: NDArray[np.float64] = np.floor(_RADIUS_KM * np.arccos(np.clip(cosine, -1, 1)) + 1)
    return kilometres


def _straight(origin: NDArray[np.float64], every: NDArray[np.float64]) -> NDArray[np.float64]:
    across, up = (origin - every).T
    straight: NDArray[np.float64] = np.sqrt(across * across + up * up)
    return straight


def _radians(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    whole = np.trunc(degrees)
    radians: NDArray[np.float64] = _PI * (whole + 5 * (degrees - whole) / 3) / 180
    return radians
