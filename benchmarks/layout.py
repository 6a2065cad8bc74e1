"""Groups of routes that a peer searches one by one, and the vans they share."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from promesa.routing.parts import layout


def grouped(
    points: NDArray[np.float64], weights: NDArray[np.int64], count: int, seed: int
) -> Iterator[list[int]]:
    """Indexes in ``count`` groups of like weight or fewer: halves of halves.

    The first cut is turned by the seed, so that another seed cuts elsewhere.
    """
    angle = np.random.default_rng([seed, count]).uniform(0, np.pi)
    yield from layout.grouped(points, weights, count, angle)


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
