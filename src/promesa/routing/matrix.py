"""Travel times and distances between the locations of a routing problem, by hour of the day.

Holds arrays only. Where they come from (the road network, a benchmark file) is not its business.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

# What the road layer writes where no path exists.
UNREACHABLE = -1
# Thirty days: what an unreachable leg counts in schedules, so that no shift can ever hold it.
NEVER_S = 30 * 86_400
# One hundred thousand kilometres, likewise.
NEVER_M = 100_000_000


class Travel(Protocol):
    """Answers how long and how far it is from one location to another."""

    @property
    def locations(self) -> int:
        """How many locations there are; indexes run from 0."""
        ...

    def travel_s(self, origin: int, destination: int, departure_s: int) -> int:
        """Seconds from ``origin`` to ``destination`` leaving at ``departure_s``.

        Leaving later never means arriving earlier (FIFO). NEVER_S where there is no way.
        """
        ...

    def distance_m(self, origin: int, destination: int, departure_s: int) -> int:
        """Metres of the path taken at that hour; NEVER_M where there is no way."""
        ...

    def toll_clp(self, origin: int, destination: int, departure_s: int) -> int:
        """Pesos at the gates of the path taken at that hour."""
        ...

    def static_seconds(self, *, start_s: int, end_s: int) -> NDArray[np.int64]:
        """Mean travel time over a span of the day: int64, [n, n], seconds, row = origin."""
        ...

    def static_metres(self, *, start_s: int, end_s: int) -> NDArray[np.int64]:
        """Mean distance over a span of the day: int64, [n, n], metres, row = origin."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Travel by slices of the day.

    Slice k holds the times for leaving at ``departures_s[k]``. Between two such instants times
    are interpolated linearly, before the first and after the last they stay; so times have no
    jumps, and FIFO holds as long as no leg gets shorter by more than the time between slices.

    Attributes:
        seconds: int32, [slice, n, n], row = origin; -1 where there is no way.
        metres: int32, [slice, n, n], along those same paths.
        departures_s: Seconds of the service day, rising, one per slice.
        tolls: int32, [slice, n, n], pesos at the gates of those paths; None where nobody pays.
    """

    seconds: NDArray[np.int32]
    metres: NDArray[np.int32]
    departures_s: tuple[int, ...] = (0,)
    tolls: NDArray[np.int32] | None = None

    def __post_init__(self) -> None:
        slices, rows, columns = self.seconds.shape
        if rows != columns or self.metres.shape != self.seconds.shape:
            raise ValueError("seconds and metres must both be [slice, n, n]")
        if self.tolls is not None and self.tolls.shape != self.seconds.shape:
            raise ValueError("tolls must be [slice, n, n] as the seconds are")
        if slices != len(self.departures_s) or list(self.departures_s) != sorted(
            set(self.departures_s)
        ):
            raise ValueError("one departure per slice, rising")

    @classmethod
    def of(
        cls,
        seconds: Sequence[NDArray[np.int32]],
        metres: Sequence[NDArray[np.int32]],
        departures_s: Sequence[int] = (0,),
    ) -> Matrix:
        """Stacks one [n, n] array per slice."""
        return cls(
            np.stack(seconds).astype(np.int32, copy=False),
            np.stack(metres).astype(np.int32, copy=False),
            tuple(departures_s),
        )

    @property
    def locations(self) -> int:
        """How many locations there are."""
        return int(self.seconds.shape[1])

    def travel_s(self, origin: int, destination: int, departure_s: int) -> int:
        """Seconds, interpolated between the slices before and after the departure."""
        after = bisect_right(self.departures_s, departure_s)
        if after == 0:
            return _or(self.seconds.item(0, origin, destination), NEVER_S)
        earlier = self.seconds.item(after - 1, origin, destination)
        if after == len(self.departures_s) or earlier == UNREACHABLE:
            return _or(earlier, NEVER_S)
        later = self.seconds.item(after, origin, destination)
        if later == UNREACHABLE:
            return NEVER_S
        since_s = departure_s - self.departures_s[after - 1]
        span_s = self.departures_s[after] - self.departures_s[after - 1]
        return int(earlier + (later - earlier) * since_s // span_s)

    def distance_m(self, origin: int, destination: int, departure_s: int) -> int:
        """Metres in the slice the departure falls in."""
        return _or(self.metres.item(self.slice_at(departure_s), origin, destination), NEVER_M)

    def toll_clp(self, origin: int, destination: int, departure_s: int) -> int:
        """Pesos in the slice the departure falls in."""
        if self.tolls is None:
            return 0
        return int(self.tolls.item(self.slice_at(departure_s), origin, destination))

    def slice_at(self, departure_s: int) -> int:
        """The slice the departure falls in."""
        return max(0, bisect_right(self.departures_s, departure_s) - 1)

    def with_legs(self, legs: Mapping[tuple[int, int, int], tuple[int, int]]) -> Matrix:
        """The same with other metres and tolls for some legs, each (slice, origin, destination)."""
        metres = self.metres.copy()
        tolls = None if self.tolls is None else self.tolls.copy()
        for leg, (distance_m, toll_clp) in legs.items():
            metres[leg] = distance_m
            if tolls is not None:
                tolls[leg] = toll_clp
        return Matrix(self.seconds, metres, self.departures_s, tolls)

    def static_seconds(self, *, start_s: int, end_s: int) -> NDArray[np.int64]:
        """Mean over the slices that count between the two instants, rounded up."""
        return self._mean(self.seconds, NEVER_S, start_s, end_s)

    def static_metres(self, *, start_s: int, end_s: int) -> NDArray[np.int64]:
        """Mean over the slices that count between the two instants, rounded up."""
        return self._mean(self.metres, NEVER_M, start_s, end_s)

    def _mean(
        self, values: NDArray[np.int32], never: int, start_s: int, end_s: int
    ) -> NDArray[np.int64]:
        first = self.slice_at(start_s)
        last = max(first + 1, bisect_right(self.departures_s, end_s))
        span = values[first:last]
        mean: NDArray[np.int64] = np.ceil(span.mean(axis=0)).astype(np.int64)
        mean[(span == UNREACHABLE).any(axis=0)] = never
        return mean


def _or(value: int, never: int) -> int:
    return never if value == UNREACHABLE else value
