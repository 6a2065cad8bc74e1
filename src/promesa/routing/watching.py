"""Work that somebody waits for says how far it is, and ends early when nobody waits any more."""

from __future__ import annotations

from collections.abc import Callable

from promesa.kernel.clock import stopwatch_s
from promesa.routing.budget import Budget, Spending

# Told the share done, 0 to 1, it answers whether to go on.
Watch = Callable[[float], bool]
# Often enough for a bar that moves, seldom enough to cost nothing.
TOLD_EVERY_S = 0.1


def unwatched(share: float) -> bool:
    """Nobody looks; it goes on."""
    del share
    return True


def between(watch: Watch, start: float, end: float) -> Watch:
    """For a part of the work, which begins and ends at these shares of the whole."""

    def told(share: float) -> bool:
        return watch(start + (end - start) * min(1.0, max(0.0, share)))

    return told


class WatchedBudget:
    """A budget that is spent at once when nobody waits any more.

    Searches that follow each other with it have equal parts of what is told; any beyond those
    foreseen are told as done.
    """

    def __init__(self, budget: Budget, watch: Watch, searches: int = 1) -> None:
        self._budget = budget
        self._watch = watch
        self._searches = searches
        self._begun = 0

    @property
    def iterations(self) -> int | None:
        """The budget's own."""
        return self._budget.iterations

    @property
    def seconds(self) -> float | None:
        """Likewise."""
        return self._budget.seconds

    def part(self, share: float) -> Budget:
        """Part of the budget; what it is spent on is not watched."""
        return self._budget.part(share)

    def start(self) -> Spending:
        """The budget's own spending, told now and then."""
        begin, end = (min(1.0, (self._begun + n) / self._searches) for n in (0, 1))
        self._begun += 1
        return _Told(self._budget.start(), between(self._watch, begin, end))


class _Told:
    """A spending that is watched."""

    def __init__(self, spending: Spending, watch: Watch) -> None:
        self._spending = spending
        self._watch = watch
        self._told_s = stopwatch_s() - TOLD_EVERY_S
        self._is_wanted = True

    def share(self, iterations: int, /) -> float:
        """The spending's own; all of it once nobody waits."""
        share = self._spending.share(iterations)
        now_s = stopwatch_s()
        if now_s - self._told_s >= TOLD_EVERY_S:
            self._told_s = now_s
            self._is_wanted = self._watch(min(1.0, share))
        return share if self._is_wanted else max(1.0, share)
