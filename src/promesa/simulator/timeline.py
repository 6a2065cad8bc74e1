"""The event loop of a simulated day: what is due next happens next, in one order for one seed.

Time is the platform's own clock, moved by hand; nothing here waits for the machine. In the demo
the same timeline is run against a clock that runs by itself, up to wherever it has come.
"""

from __future__ import annotations

import heapq
from collections.abc import Awaitable, Callable
from datetime import datetime

Deed = Callable[[datetime], Awaitable[None]]


class Timeline:
    """Deeds by instant; those of one instant in the order they were planned."""

    def __init__(self) -> None:
        self._queue: list[tuple[datetime, int, Deed]] = []
        self._planned = 0

    def plan(self, at: datetime, deed: Deed) -> None:
        """Has ``deed`` done at ``at``."""
        heapq.heappush(self._queue, (at, self._planned, deed))
        self._planned += 1

    @property
    def next_at(self) -> datetime | None:
        """When something happens next; None when nothing does."""
        return self._queue[0][0] if self._queue else None

    def pop_due(self, until: datetime) -> tuple[datetime, Deed] | None:
        """The next deed that is due by ``until``."""
        if not self._queue or self._queue[0][0] > until:
            return None
        at, _, deed = heapq.heappop(self._queue)
        return at, deed

    def __len__(self) -> int:
        return len(self._queue)
