"""A progress bar on stderr for a search that takes more than two seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

from promesa.kernel.clock import stopwatch_s
from promesa.routing.budget import Budget, Spending

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

    @property
    def iterations(self) -> int | None:
        """The budget's own."""
        return self._budget.iterations

    @property
    def seconds(self) -> float | None:
        """Likewise."""
        return self._budget.seconds

    def part(self, share: float) -> Budget:
        """Part of the budget; what it is spent on is not drawn."""
        return self._budget.part(share)

    def start(self) -> Spending:
        """The budget's own spending, which also redraws the bar now and then."""
        return _Drawn(self._budget.start(), self._draw)

    def _draw(self, share: float) -> None:
        if not self._stream.isatty():
            return
        full = round(WIDTH * share)
        self._stream.write(f"\r{self._label} [{'#' * full}{'.' * (WIDTH - full)}] {share:4.0%}")
        self._stream.flush()
        self._is_drawn = True


class _Drawn:
    """A spending that is watched."""

    def __init__(self, spending: Spending, draw: Callable[[float], None]) -> None:
        self._spending = spending
        self._draw = draw
        self._drawn_s = stopwatch_s() + SHOWN_AFTER_S - REDRAWN_EVERY_S

    def share(self, iterations: int, /) -> float:
        """Redraws and answers."""
        share = self._spending.share(iterations)
        now_s = stopwatch_s()
        if now_s - self._drawn_s >= REDRAWN_EVERY_S:
            self._drawn_s = now_s
            self._draw(min(1.0, share))
        return share
