"""Which half hours of a day a plan needs travel times for.

Streets have times for every half hour, and between two of them the search interpolates. Where that
comes to nearly the same the half hour between is left out: a matrix of 600 stops takes a second
each. A few places tell which ones; what is live, closed or paid at some hours only is never
left out.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

HALF_HOUR_S = 1_800
# Of all trips between the places asked, 95 in 100 are off by less (assumed: 9 s in 15 minutes).
ERROR_SHARE_MAX = 0.01
ERROR_QUANTILE = 0.95
# Trips between 48 places show the hours of a city as well as those between 600.
SAMPLE_MAX = 48


def half_hours(start_s: int, end_s: int) -> list[int]:
    """The half hours that hold a span of the day: those before its start and after its end too."""
    first = start_s // HALF_HOUR_S
    last = max(first, -(-end_s // HALF_HOUR_S))
    return [number * HALF_HOUR_S for number in range(first, last + 1)]


def sample_of(count: int) -> list[int]:
    """Which of so many points are asked, spread evenly."""
    if count <= SAMPLE_MAX:
        return list(range(count))
    return [number * count // SAMPLE_MAX for number in range(SAMPLE_MAX)]


def needed(
    hours_s: Sequence[int],
    seconds_at: Callable[[int], NDArray[np.int32]],
    special_at: Callable[[int], Hashable],
) -> list[int]:
    """Those of the half hours between which interpolation does, rising, ends included.

    ``seconds_at`` gives seconds between the sample at one of the half hours, -1 where no way
    leads; ``special_at`` is equal where the same streets are slow, closed or paid.
    """
    if len(hours_s) < 3:
        return list(hours_s)
    squares = np.stack([seconds_at(hour_s) for hour_s in hours_s]).astype(np.float64)
    trips = squares[:, (squares > 0).all(axis=0)]
    special = [special_at(hour_s) for hour_s in hours_s]
    changes = {
        number
        for after in range(1, len(hours_s))
        if special[after] != special[after - 1]
        for number in (after - 1, after)
    }
    kept = sorted({0, len(hours_s) - 1} | changes)
    spans = list(pairwise(kept))
    while spans:
        first, last = spans.pop()
        worst = _worst(trips, first, last)
        if worst is not None:
            kept.append(worst)
            spans += [(first, worst), (worst, last)]
    return [hours_s[number] for number in sorted(kept)]


def _worst(trips: NDArray[np.float64], first: int, last: int) -> int | None:
    """The half hour between the two that their line misses most; None if it misses none by much."""
    if last - first < 2 or not trips.size:
        return None
    between = np.arange(first + 1, last)
    shares = ((between - first) / (last - first))[:, None]
    line = trips[first] * (1 - shares) + trips[last] * shares
    errors = np.quantile(np.abs(line - trips[between]) / trips[between], ERROR_QUANTILE, axis=1)
    worst = int(errors.argmax())
    return first + 1 + worst if errors[worst] > ERROR_SHARE_MAX else None
