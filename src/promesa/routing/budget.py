"""How long a search may go on: so many iterations, so many seconds, or whichever ends first.

Only a budget of iterations gives the same plan twice; simulations and tests use nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from promesa.kernel.clock import stopwatch_s

ITERATIONS_MAX = 10_000_000
SECONDS_MAX = 86_400.0


class StopCriterion(Protocol):
    """Says, once per iteration, whether the search should end."""

    def __call__(self, best_cost: int, /) -> bool:
        """Whether to end now, told the best cost so far."""
        ...


class Limit(Protocol):
    """What a search is given: something that starts a criterion when the search begins."""

    def start(self) -> StopCriterion:
        """A criterion whose count and stopwatch begin now."""
        ...


class AfterIterations:
    """Ends after a number of calls."""

    def __init__(self, count: int) -> None:
        self._left = count

    def __call__(self, _best_cost: int, /) -> bool:
        """Counts this call."""
        self._left -= 1
        return self._left < 0


class AfterSeconds:
    """Ends when so many seconds have passed since it was made."""

    def __init__(self, seconds: float) -> None:
        self._end_s = stopwatch_s() + seconds

    def __call__(self, _best_cost: int, /) -> bool:
        """Looks at the stopwatch."""
        return stopwatch_s() >= self._end_s


class AnyOf:
    """Ends as soon as one of several criteria does."""

    def __init__(self, *criteria: StopCriterion) -> None:
        self._criteria = criteria

    def __call__(self, best_cost: int, /) -> bool:
        """Asks all of them, so that each keeps count."""
        answers = [criterion(best_cost) for criterion in self._criteria]
        return any(answers)


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

    def start(self) -> StopCriterion:
        """A criterion whose count and stopwatch begin now."""
        criteria: list[StopCriterion] = []
        if self.iterations is not None:
            criteria.append(AfterIterations(self.iterations))
        if self.seconds is not None:
            criteria.append(AfterSeconds(self.seconds))
        return AnyOf(*criteria)
