"""Places laid out on a plane, and weighted points cut into compact groups.

Only who lies beside whom counts here, never how far anything is.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from promesa.routing.matrix import Matrix, Travel
from promesa.routing.plane import Kind, Plane
from promesa.routing.ring_speeds import RingSpeeds

# Two axes need three; the rest evens out what is no plane (one-way times, rounding).
LANDMARKS = 60

Points = NDArray[np.float64]


def positions(travel: Travel) -> Points:
    """float64, [place, 2]: the coordinates, or where the times put them.

    Raises:
        TypeError: This kind of travel cannot be laid out.
    """
    if isinstance(travel, Plane):
        if travel.kind == Kind.EUCLID:
            return travel.xy
        # A degree of longitude is shorter the farther from the equator.
        shrunk = np.cos(np.radians(travel.xy[:, 1].mean())) if len(travel.xy) else 1.0
        return np.asarray(travel.xy * (shrunk, 1.0))
    if isinstance(travel, Matrix):
        return laid_out(travel.seconds[len(travel.seconds) // 2])
    if isinstance(travel, RingSpeeds):
        return laid_out(travel.free_flow_s)
    raise TypeError(type(travel).__name__)


def laid_out(table: NDArray[np.signedinteger]) -> Points:
    """float64, [place, 2]: landmark scaling (de Silva and Tenenbaum 2004) of both ways' mean.

    Below nought is where there is no way; it counts as the longest there is.
    """
    landmarks = np.unique(np.linspace(0, len(table) - 1, LANDMARKS).astype(np.int64))
    there, back = table[:, landmarks].astype(np.float64), table[landmarks].T.astype(np.float64)
    for way in (there, back):
        way[way < 0] = way.max()
    squares = ((there + back) / 2.0) ** 2
    among = squares[landmarks]
    mean = among.mean(axis=0)
    centred = -0.5 * (among - mean - mean[:, None] + mean.mean())
    sizes, axes = np.linalg.eigh(centred)
    if len(sizes) == 1:
        return np.zeros((len(table), 2))
    sizes, axes = np.maximum(sizes[-2:], 1e-12), axes[:, -2:]
    return np.asarray(-0.5 * (squares - mean) @ (axes / np.sqrt(sizes)))


def grouped(
    points: Points, weights: NDArray[np.int64], count: int, angle: float
) -> Iterator[list[int]]:
    """Indexes in ``count`` groups of like weight or fewer: halves of halves.

    The first cut is turned by the angle, in radians, so that another cuts elsewhere.
    """
    yield from _halved(points, weights, list(range(len(points))), count, angle)


def _halved(
    points: Points, weights: NDArray[np.int64], members: list[int], count: int, angle: float
) -> Iterator[list[int]]:
    if count <= 1 or len(members) <= 1:
        yield members
        return
    along = points[members] @ np.array([np.cos(angle), np.sin(angle)])
    order = [members[at] for at in np.argsort(along, kind="stable")]
    share = np.cumsum(weights[order]) / weights[order].sum()
    left = count // 2
    cut = min(max(1, int(np.searchsorted(share, left / count)) + 1), len(order) - 1)
    across = angle + np.pi / 2
    yield from _halved(points, weights, order[:cut], left, across)
    yield from _halved(points, weights, order[cut:], count - left, across)
