"""What passes add up to, by edge and half hour: whole numbers, so that no order changes a sum.

A sum of two days is the sum of their sums. What speeds are made of them is learnt's business.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from promesa.roads.profiles import DAY_KINDS, HALF_HOURS_PER_DAY
from promesa.roads.traces import EdgePass
from promesa.roads.traffic import TrafficSlice, slice_at

# A slot is a slice of traffic as one number: day_kind · 48 + half_hour.
SLOTS = len(DAY_KINDS) * HALF_HOURS_PER_DAY
_CM_PER_M = 100
_MS_PER_S = 1_000


def slot_of(traffic_slice: TrafficSlice) -> int:
    """The number of a slice."""
    return traffic_slice.day_kind * HALF_HOURS_PER_DAY + traffic_slice.half_hour


def slice_of(slot: int) -> TrafficSlice:
    """The slice of a number."""
    return TrafficSlice(*divmod(slot, HALF_HOURS_PER_DAY))


def slot_at(instant: datetime, holidays: Collection[date] = ()) -> int:
    """The slot an aware instant falls in, by the clocks of the city."""
    return slot_of(slice_at(instant, holidays=holidays))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SpeedSums:
    """Sums of passes, one row an edge and a slot that was driven.

    Attributes:
        keys: int64, [row], rising: edge · SLOTS + slot.
        count: int64, [row], passes.
        length_cm, elapsed_ms: int64, [row].
        pace, pace_squares: int64, [row], of the passes' milliseconds per metre, and of their
            squares: how much passes of one row differ.
    """

    keys: NDArray[np.int64]
    count: NDArray[np.int64]
    length_cm: NDArray[np.int64]
    elapsed_ms: NDArray[np.int64]
    pace: NDArray[np.int64]
    pace_squares: NDArray[np.int64]

    @classmethod
    def of(cls, passes: Sequence[EdgePass], holidays: Collection[date] = ()) -> SpeedSums:
        """The sums of ``passes``."""
        keys = [item.edge * SLOTS + slot_at(item.at, holidays) for item in passes]
        length_cm = np.array([round(item.length_m * _CM_PER_M) for item in passes], dtype=np.int64)
        elapsed_ms = np.array([round(item.elapsed_s * _MS_PER_S) for item in passes], np.int64)
        pace = np.rint(elapsed_ms * _CM_PER_M / np.maximum(length_cm, 1)).astype(np.int64)
        return _summed(
            np.array(keys, dtype=np.int64),
            [np.ones(len(passes), np.int64), length_cm, elapsed_ms, pace, pace**2],
        )

    def __add__(self, other: SpeedSums) -> SpeedSums:
        """Both together."""
        columns = [
            np.concatenate((getattr(self, item.name), getattr(other, item.name)))
            for item in fields(self)
        ]
        return _summed(columns[0], columns[1:])

    def __len__(self) -> int:
        return len(self.keys)

    def find_count(self, edge: int, slot: int) -> int:
        """The passes of an edge in a slot; 0 where there was none."""
        row = int(np.searchsorted(self.keys, edge * SLOTS + slot))
        is_there = row < len(self.keys) and int(self.keys[row]) == edge * SLOTS + slot
        return int(self.count[row]) if is_there else 0

    @property
    def edges(self) -> NDArray[np.int64]:
        """int64, [row]."""
        return self.keys // SLOTS

    @property
    def slots(self) -> NDArray[np.int64]:
        """int64, [row]."""
        return self.keys % SLOTS

    @property
    def s_per_m(self) -> NDArray[np.float64]:
        """float64, [row], seconds a metre over all its passes."""
        seconds: NDArray[np.float64] = self.elapsed_ms / _MS_PER_S
        return seconds / (np.maximum(self.length_cm, 1) / _CM_PER_M)


def _summed(keys: NDArray[np.int64], columns: list[NDArray[np.int64]]) -> SpeedSums:
    unique, place = np.unique(keys, return_inverse=True)
    sums = []
    for column in columns:
        total = np.zeros(len(unique), dtype=np.int64)
        np.add.at(total, place, column)
        sums.append(total)
    count, length_cm, elapsed_ms, pace, pace_squares = sums
    return SpeedSums(
        keys=unique,
        count=count,
        length_cm=length_cm,
        elapsed_ms=elapsed_ms,
        pace=pace,
        pace_squares=pace_squares,
    )


NO_SUMS = SpeedSums.of(())
