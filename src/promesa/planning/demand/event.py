"""A demand event: days on which demand leaves its course. A row people edit, never code.

The same name in another year is the same event: what its days did once is expected again. Scope is
said in series here; which series a comuna, a depot or a merchant means is decided by who asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPart:
    """What an event does to one of its series otherwise than to all of them together.

    Attributes:
        lifts: Of each of its days, the logarithm of the factor there over that of all.
        spread: How many times as unsure.
    """

    series: str
    lifts: tuple[float, ...]
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandEvent:
    """One occurrence of an event, first and last day included.

    Without an ``uplift`` it is learnt from the occurrences seen. With one, that is where its
    estimate begins: the median factor over an ordinary day, with ``sigma`` the standard deviation
    of its logarithm.
    """

    name: str
    start: date
    end: date
    uplift: float | None = None
    sigma: float | None = None
    # Factors of its days relative to ``uplift``, mean 1; empty where nobody gave them.
    profile: tuple[float, ...] = ()
    # Whether ``uplift`` is taken as it is, and not held against what the event did before.
    is_firm: bool = False
    # None: every series.
    series: frozenset[str] | None = None
    # Of a merchant's: which part of the orders of its series is the merchant's; None of others.
    share: float | None = None
    parts: tuple[EventPart, ...] = ()

    @property
    def days(self) -> tuple[date, ...]:
        """Its days in order."""
        count = (self.end - self.start).days + 1
        return tuple(self.start + timedelta(days=n) for n in range(count))

    def touches(self, series: str) -> bool:
        """Whether it is an event for ``series``."""
        return self.series is None or series in self.series
