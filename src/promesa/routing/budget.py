"""How long a search may go on: so many iterations, so many seconds, or whichever ends first.

Only a budget of iterations gives the same plan twice; simulations and tests use nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from promesa.kernel.clock import stopwatch_s

ITERATIONS_MAX = 1_000_000_000
# What a day's plan is searched for when nobody says: 8 s of one core for 600 stops at the hour's
# travel times (measured; some 5,000 iterations a second, whatever the number of stops).
PLAN_ITERATIONS, PLAN_STOPS = 40_000, 600
# The same for a day that is only shown or simulated: 3 s, and nobody is left out.
QUICK_ITERATIONS = 15_000
SECONDS_MAX = 86_400.0


def iterations_for(stops: int, usual: int = PLAN_ITERATIONS) -> int:
    """What a day of so many stops is searched for: ``usual``, and more as it is bigger.

    3,600 stops came to 823 thousand pesos with 40,000 iterations, to 777 with 240,000 (measured).
    """
    return max(usual, min(ITERATIONS_MAX, usual * stops // PLAN_STOPS))


class Spending(Protocol):
    """Says how much of a budget a search has used."""

    def share(self, iterations: int, /) -> float:
        """Share of the budget used after so many iterations; 1 or more when it is spent."""
        ...


class Limit(Protocol):
    """What a search is given: something whose count and stopwatch begin when the search does."""

    @property
    def iterations(self) -> int | None:
        """How many iterations it may make; None for no such limit."""
        ...

    @property
    def seconds(self) -> float | None:
        """How many seconds it may take; None for no such limit."""
        ...

    def part(self, share: float) -> Limit:
        """So much of it, nothing used, for a search of its own; fit to be sent elsewhere."""
        ...

    def start(self) -> Spending:
        """The budget, nothing of it used."""
        ...


class Started:
    """A budget whose stopwatch is running."""

    def __init__(self, iterations: int | None, seconds: float | None) -> None:
        self._iterations = iterations
        self._seconds = seconds
        self._began_s = stopwatch_s()

    def share(self, iterations: int, /) -> float:
        """The larger of the shares of iterations and of time; nothing of nothing is all of it."""
        shares = []
        if self._iterations is not None:
            shares.append(iterations / self._iterations if self._iterations else 1.0)
        if self._seconds is not None:
            elapsed_s = stopwatch_s() - self._began_s
            shares.append(elapsed_s / self._seconds if self._seconds else 1.0)
        return max(shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A limit on a search; at least one of the two is given.

    Raises:
        ValueError: Neither is given, or one is out of range.
    """

    iterations: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        if self.iterations is None and self.seconds is None:
            raise ValueError("a budget has iterations, seconds or both")
        if self.iterations is not None and not 0 <= self.iterations <= ITERATIONS_MAX:
            raise ValueError("iterations out of range")
        if self.seconds is not None and not 0 <= self.seconds <= SECONDS_MAX:
            raise ValueError("seconds out of range")

    def part(self, share: float) -> Budget:
        """So much of the iterations, rounded down, and of the seconds."""
        return Budget(
            iterations=None if self.iterations is None else int(self.iterations * share),
            seconds=None if self.seconds is None else min(SECONDS_MAX, self.seconds * share),
        )

    def start(self) -> Started:
        """The budget, nothing of it used; its stopwatch begins now."""
        return Started(self.iterations, self.seconds)
