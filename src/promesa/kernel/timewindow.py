"""A span of time with a start and an end, both instants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWindow:
    """From ``start`` to ``end``, both included, both aware.

    Raises:
        ValueError: An instant is naive, or the end is not after the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window needs instants with an offset")
        if self.end <= self.start:
            raise ValueError("a window ends after it starts")

    def contains(self, instant: datetime) -> bool:
        """Whether ``instant`` falls inside, the two ends included."""
        return self.start <= instant <= self.end

    def overlaps(self, other: TimeWindow) -> bool:
        """Whether the two share more than an instant."""
        return self.start < other.end and other.start < self.end

    @property
    def width(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start
