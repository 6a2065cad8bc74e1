"""A progress bar on stderr for a search that takes more than two seconds."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self, TextIO

from promesa.kernel.clock import stopwatch_s
from promesa.routing.budget import Budget, StopCriterion

SHOWN_AFTER_S = 2.0
REDRAWN_EVERY_S = 0.5
WIDTH = 30


class ShownBudget:
    """A budget that draws how much of it is spent, if somebody is looking."""

    def __init__(self, budget: Budget, label: str, stream: TextIO = sys.stderr) -> None:
        self._budget = budget
        self._label = label
        self._stream = stream
        self._is_drawn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._is_drawn:
            self._stream.write("\n")

    def start(self) -> StopCriterion:
        """The budget's own criterion, which also redraws the bar now and then."""
        criterion, began_s = self._budget.start(), stopwatch_s()
        calls, drawn_s = 0, began_s + SHOWN_AFTER_S - REDRAWN_EVERY_S

        def is_spent(best_cost: int) -> bool:
            nonlocal calls, drawn_s
            calls += 1
            now_s = stopwatch_s()
            if now_s - drawn_s >= REDRAWN_EVERY_S:
                drawn_s = now_s
                self._draw(self._share(calls, now_s - began_s))
            return criterion(best_cost)

        return is_spent

    def _share(self, calls: int, elapsed_s: float) -> float:
        budget = self._budget
        shares = [
            calls / max(1, budget.iterations) if budget.iterations is not None else 0.0,
            elapsed_s / max(1e-9, budget.seconds) if budget.seconds is not None else 0.0,
        ]
        return min(1.0, max(shares))

    def _draw(self, share: float) -> None:
        if not self._stream.isatty():
            return
        full = round(WIDTH * share)
        self._stream.write(f"\r{self._label} [{'#' * full}{'.' * (WIDTH - full)}] {share:4.0%}")
        self._stream.flush()
        self._is_drawn = True
