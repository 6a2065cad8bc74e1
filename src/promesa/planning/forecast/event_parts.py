"""Series that an event does not move alike: what each has beside what all have together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from promesa.planning.demand.event import DemandEvent

Floats = NDArray[np.float64]


def part_lifts(
    events: Sequence[DemandEvent], days: Sequence[tuple[int, int]], series: Sequence[str]
) -> tuple[Floats, Floats]:
    """Logarithms of the factors over that of all, and how many times as unsure.

    Args:
        events: Occurrences of one event.
        days: Which of them, and which day of it.
        series: Those that it is for.

    Returns:
        float64 [days, series] each; none and once where the event moves all alike.
    """
    lifts, spread = np.zeros((len(days), len(series))), np.ones((len(days), len(series)))
    places = {name: place for place, name in enumerate(series)}
    for row, (turn, offset) in enumerate(days):
        for part in events[turn].parts:
            place = places.get(part.series)
            if place is not None:
                lifts[row, place] = part.lifts[min(offset, len(part.lifts) - 1)]
                spread[row, place] = part.spread
    return lifts, spread


def without_lifts(residuals: Floats, rows: NDArray[np.int64], lifts: Floats) -> Floats:
    """What is left of the days that are past, as if the event moved all alike."""
    past = rows < len(residuals)
    found = residuals.copy()
    found[rows[past]] -= lifts[past]
    return found
