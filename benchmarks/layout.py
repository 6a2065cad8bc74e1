"""Places laid out on a plane by their distances, and weighted points cut into compact groups."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

# Two axes need three; the rest evens out what is no plane (one-way times, rounding).
LANDMARKS = 60


def laid_out(metres: NDArray[np.int64]) -> NDArray[np.float64]:
    """float64, [place, 2]: landmark scaling (de Silva and Tenenbaum 2004) of both ways' mean."""
    landmarks = np.unique(np.linspace(0, len(metres) - 1, LANDMARKS).astype(np.int64))
    squares = ((metres[:, landmarks] + metres[landmarks].T) / 2.0) ** 2
    among = squares[landmarks]
    mean = among.mean(axis=0)
    centred = -0.5 * (among - mean - mean[:, None] + mean.mean())
    sizes, axes = np.linalg.eigh(centred)
    sizes, axes = np.maximum(sizes[-2:], 1e-12), axes[:, -2:]
    return np.asarray(-0.5 * (squares - mean) @ (axes / np.sqrt(sizes)))


def grouped(
    points: NDArray[np.float64], weights: NDArray[np.int64], count: int, seed: int
) -> Iterator[list[int]]:
    """Indexes in ``count`` groups of like weight or fewer: halves of halves.

    The first cut is turned by the seed, so that another seed cuts elsewhere.
    """
    angle = np.random.default_rng([seed, count]).uniform(0, np.pi)
    yield from _halved(points, weights, list(range(len(points))), count, angle)


def shared_out(counts: list[int], total: int) -> list[int]:
    """A limited number of vans over groups that want so many and could use one more.

    By largest remainders where there are too few; else all they want, and one more each as far
    as that goes.
    """
    wanted = sum(counts)
    if wanted <= total:
        return [count + (group < total - wanted) for group, count in enumerate(counts)]
    exact = [count * total / wanted for count in counts]
    dealt = [int(share) for share in exact]
    by_rest = sorted(range(len(counts)), key=lambda group: dealt[group] - exact[group])
    for group in by_rest[: total - sum(dealt)]:
        dealt[group] += 1
    return dealt


def _halved(
    points: NDArray[np.float64],
    weights: NDArray[np.int64],
    members: list[int],
    count: int,
    angle: float,
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
