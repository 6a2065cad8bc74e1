"""The only place that asks the machine for the time.

Everything that needs an instant is handed a Clock, so a simulated day runs the same code as a
real one.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the instant, always aware and in UTC."""

    def now(self) -> datetime:
        """The present instant."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The present instant by the operating system."""
        return datetime.now(UTC)


class MovedClock:
    """A clock that stands still until it is moved; it never goes back."""

    def __init__(self, start: datetime) -> None:
        self._instant = start.astimezone(UTC)

    def now(self) -> datetime:
        """The instant it was last moved to."""
        return self._instant

    def move_to(self, instant: datetime) -> None:
        """Moves forward to ``instant``; an earlier one changes nothing."""
        self._instant = max(self._instant, instant.astimezone(UTC))


class ScaledClock:
    """A clock that runs ``speed`` times as fast as the machine's; it never goes back.

    The demo shows a day in minutes with it. Speed 0 stands still.
    """

    def __init__(self, start: datetime, *, speed: float) -> None:
        self._anchor = start.astimezone(UTC)
        self._anchor_s = time.monotonic()
        self._speed = speed

    @property
    def speed(self) -> float:
        """Simulated seconds per real second."""
        return self._speed

    def now(self) -> datetime:
        """The anchor plus the scaled time since."""
        elapsed_s = time.monotonic() - self._anchor_s
        return self._anchor + timedelta(seconds=elapsed_s * self._speed)

    def run_at(self, speed: float) -> None:
        """Goes on from the present instant at another speed (0 or more)."""
        if speed < 0:
            raise ValueError("a clock never goes back")
        self._anchor, self._anchor_s, self._speed = self.now(), time.monotonic(), speed

    def move_to(self, instant: datetime) -> None:
        """Jumps forward to ``instant``; an earlier one changes nothing."""
        self._anchor = max(self.now(), instant.astimezone(UTC))
        self._anchor_s = time.monotonic()


async def pause_s(seconds: float) -> None:
    """Lets other tasks run for ``seconds`` of the machine's time."""
    await asyncio.sleep(seconds)


def stopwatch_s() -> float:
    """Seconds of a monotonic clock, for measuring durations only."""
    return time.monotonic()
