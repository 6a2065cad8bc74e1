"""Travel whose speed depends on where and in which half-hour it goes on: exact, without slices."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HALF_HOUR_S = 1_800
# A hundredth and a hundred times free flow: no street is beyond, and a way at a speed of nought
# would never end.
SPEED_MIN, SPEED_MAX = 0.01, 100.0


@dataclass(frozen=True, slots=True, eq=False)
class RingSpeeds:
    """Free-flow times consumed at a rate that changes each half-hour.

    Leaving later never means arriving earlier. Metres are the seconds driven, since what these
    instances count is driving.

    Attributes:
        free_flow_s: int32, [n, n], seconds, row = origin.
        ring: int8, [n], the ring of each location.
        speed: float64, [ring, half-hour], share of free-flow speed.
    """

    free_flow_s: NDArray[np.int32]
    ring: NDArray[np.int8]
    speed: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.ring.ndim != 1 or self.free_flow_s.shape != (len(self.ring), len(self.ring)):
            raise ValueError("free_flow_s must be [n, n] and ring [n]")
        if self.speed.ndim != 2 or not self.speed.shape[1]:
            raise ValueError("speed must be [ring, half-hour]")
        if not ((self.ring >= 0) & (self.ring < len(self.speed))).all():
            raise ValueError("each ring must have its row of speed")
        if not ((self.speed >= SPEED_MIN) & (self.speed <= SPEED_MAX)).all():
            raise ValueError(f"speeds must be from {SPEED_MIN} to {SPEED_MAX}")

    @property
    def locations(self) -> int:
        """How many locations there are."""
        return len(self.ring)

    def travel_s(self, origin: int, destination: int, departure_s: int) -> int:
        """Seconds, half-hour by half-hour, rounded up at the end."""
        left = float(self.free_flow_s.item(origin, destination))
        rates: list[float] = self.speed[self.ring.item(origin)].tolist()
        now_s = float(departure_s)
        while True:
            half_hour = int(now_s // HALF_HOUR_S)
            rate = rates[half_hour % len(rates)]
            until_next_s = (half_hour + 1) * HALF_HOUR_S - now_s
            if left <= rate * until_next_s:
                return math.ceil(now_s + left / rate - departure_s - 1e-9)
            left -= rate * until_next_s
            now_s += until_next_s

    def toll_clp(self, origin: int, destination: int, departure_s: int) -> int:
        """Nothing: these instances have no gates."""
        del origin, destination, departure_s
        return 0

    def distance_m(self, origin: int, destination: int, departure_s: int) -> int:
        """Seconds driven, as metres."""
        return self.travel_s(origin, destination, departure_s)

    def static_seconds(self, *, start_s: int, end_s: int) -> NDArray[np.int64]:
        """Free-flow times at the mean speed of the half-hours between, rounded up."""
        first, last = start_s // HALF_HOUR_S, -(-end_s // HALF_HOUR_S)
        halves = np.arange(first, max(last, first + 1)) % self.speed.shape[1]
        mean = self.speed[:, halves].mean(axis=1)
        seconds: NDArray[np.int64] = np.ceil(self.free_flow_s / mean[self.ring][:, None]).astype(
            np.int64
        )
        return seconds

    def static_metres(self, *, start_s: int, end_s: int) -> NDArray[np.int64]:
        """The same as seconds."""
        return self.static_seconds(start_s=start_s, end_s=end_s)
