"""Speeds learnt from the fleet's own passes, beside the table's: few passes say little.

How slow a street is, is a *slowness*: seconds it takes over seconds the table gives it, light
included. Of an edge in a slot

    slowness = w · seen + (1 - w) · class slowness      w = n / (n + k)

with n its passes there. The class slowness is the same over all passes of the class in the slot,
drawn towards 1, the table itself, by K_OF_CLASSES. k is how many passes weigh as much as the class
(Bühlmann 1969, "Experience rating and credibility", ASTIN Bulletin 5(2), 157-165): the variance of
passes on one street over that between the streets of its class; where too few were driven it is
assumed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from promesa.roads.profiles import ROAD_CLASSES
from promesa.roads.speed_sums import SLOTS, SpeedSums

# A handful of passes before a street is believed against its class (assumed).
K_ASSUMED = 8.0
K_MIN, K_MAX = 1.0, 60.0
# With fewer streets than this the variance between them is anybody's guess (assumed).
STREETS_MIN = 30
# A class moves off the table after some dozens of passes in a slot (assumed).
K_OF_CLASSES = 30.0
# Slower or faster than the table by more is a fault of a trace, not a street (assumed).
SLOWNESS_MIN, SLOWNESS_MAX = 0.5, 8.0
_MS_PER_CM_PER_S_PER_M = 10
_MS_PER_S = 1_000

# The table's seconds a metre of every edge in a slot: float64, [edge].
TablePace = Callable[[int], NDArray[np.float64]]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LearntSpeeds:
    """One version of what was learnt.

    Attributes:
        version: From 1, one more each time something is learnt.
        days: Service days whose traces are in it.
        traces: How many.
        k: float64, [class], passes that weigh as much as the class.
        class_slowness: float64, [slot, class].
        graph_key: Names the graph whose edges these are; on another they mean nothing.
    """

    version: int
    days: tuple[date, ...]
    traces: int
    sums: SpeedSums
    k: NDArray[np.float64]
    class_slowness: NDArray[np.float64]
    graph_key: str

    def slowness(
        self, slot: int, road_class: NDArray[np.uint8], table_s_per_m: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """float64, [edge], what the table's seconds are to be multiplied by. O(edges).

        Args:
            slot: See speed_sums.
            road_class: uint8, [edge].
            table_s_per_m: float64, [edge], the table's in that slot.
        """
        slowness = self.class_slowness[slot][road_class]
        rows = np.flatnonzero(self.sums.slots == slot)
        edges = self.sums.edges[rows]
        seen = self.sums.s_per_m[rows] / table_s_per_m[edges]
        weight = self.weight(self.sums.count[rows], road_class[edges])
        slowness[edges] = weight * seen + (1 - weight) * slowness[edges]
        bounded: NDArray[np.float64] = slowness.clip(SLOWNESS_MIN, SLOWNESS_MAX)
        return bounded

    def weight(
        self, count: NDArray[np.int64], road_class: NDArray[np.uint8]
    ) -> NDArray[np.float64]:
        """float64, n / (n + k), of so many passes on edges of such classes."""
        weight: NDArray[np.float64] = count / (count + self.k[road_class])
        return weight


def learn(
    sums: SpeedSums,
    *,
    road_class: NDArray[np.uint8],
    table_pace: TablePace,
    version: int,
    days: tuple[date, ...],
    traces: int,
    graph_key: str,
) -> LearntSpeeds:
    """Makes a version of all sums so far; O(rows), and one table for each slot that was driven."""
    table = np.ones(len(sums))
    for slot in np.unique(sums.slots).tolist():
        rows = np.flatnonzero(sums.slots == slot)
        table[rows] = table_pace(slot)[sums.edges[rows]]
    return LearntSpeeds(
        version=version,
        days=days,
        traces=traces,
        sums=sums,
        k=_k_by_class(sums, road_class, table),
        class_slowness=_class_slowness(sums, road_class, table),
        graph_key=graph_key,
    )


def _class_slowness(
    sums: SpeedSums, road_class: NDArray[np.uint8], table: NDArray[np.float64]
) -> NDArray[np.float64]:
    """float64, [slot, class]: seconds taken over the table's, each drawn towards 1."""
    places = (sums.slots, road_class[sums.edges])
    count, taken, expected = np.zeros((3, SLOTS, len(ROAD_CLASSES)))
    np.add.at(count, places, sums.count)
    np.add.at(taken, places, sums.elapsed_ms.astype(np.float64))
    np.add.at(expected, places, sums.length_cm * table * _MS_PER_CM_PER_S_PER_M)
    seen = np.divide(taken, expected, out=np.ones_like(taken), where=expected > 0)
    slowness: NDArray[np.float64] = (count * seen + K_OF_CLASSES) / (count + K_OF_CLASSES)
    return slowness


def _k_by_class(
    sums: SpeedSums, road_class: NDArray[np.uint8], table: NDArray[np.float64]
) -> NDArray[np.float64]:
    classes = road_class[sums.edges]
    return np.array(
        [_k(sums, np.flatnonzero(classes == number), table) for number in range(len(ROAD_CLASSES))]
    )


def _k(sums: SpeedSums, rows: NDArray[np.int64], table: NDArray[np.float64]) -> float:
    """How Bühlmann and Straub estimate it, over the rows of one class, relative to the table."""
    count = sums.count[rows].astype(np.float64)
    repeats = count.sum() - len(rows)
    if np.count_nonzero(count > 1) < STREETS_MIN:
        return K_ASSUMED
    ms_per_m = table[rows] * _MS_PER_S
    means = sums.pace[rows] / ms_per_m / count
    within = (sums.pace_squares[rows] / ms_per_m**2 - count * means**2).sum() / repeats
    total = count.sum()
    middle = (count * means).sum() / total
    spread = (count * (means - middle) ** 2).sum() - (len(rows) - 1) * within
    between = spread / (total - (count**2).sum() / total)
    if between <= within / K_MAX:
        return K_MAX
    return float(np.clip(within / between, K_MIN, K_MAX))
