"""Budgets in CPU time of this process, so that a busy machine gives the same search."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass


def process_cpu_s() -> float:
    """User and system seconds of this process and of its children that have ended."""
    sums = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        sums += usage.ru_utime + usage.ru_stime
    return sums


class CpuSpending:
    """A number of CPU seconds being spent, asked as our engine asks and as PyVRP does."""

    def __init__(self, seconds: float) -> None:
        self._seconds = max(1e-9, seconds)
        self._began_s = time.process_time()

    def share(self, _iterations: int, /) -> float:
        """Share of the seconds used; 1 or more when they are spent."""
        return (time.process_time() - self._began_s) / self._seconds

    def __call__(self, _best_cost: int, /) -> bool:
        """Whether they are spent."""
        return self.share(0) >= 1


@dataclass(frozen=True, slots=True)
class CpuBudget:
    """So many CPU seconds from the beginning of the search."""

    seconds: float
    iterations: int | None = None

    def part(self, share: float) -> CpuBudget:
        """So much of the seconds, of whichever process begins to spend them."""
        return CpuBudget(self.seconds * share)

    def start(self) -> CpuSpending:
        """Nothing of them used."""
        return CpuSpending(self.seconds)
