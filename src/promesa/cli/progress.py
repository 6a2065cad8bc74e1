"""Progress on stderr for what takes more than two seconds: a bar, or the seconds gone by."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self, TextIO

from promesa.kernel.clock import stopwatch_s
from promesa.routing.budget import Budget
from promesa.routing.watching import WatchedBudget

SHOWN_AFTER_S = 2.0
REDRAWN_EVERY_S = 0.5
WIDTH = 30


class ShownBudget(WatchedBudget):
    """A budget that draws how much of it is spent, if somebody is looking."""

    def __init__(self, budget: Budget, label: str, stream: TextIO = sys.stderr) -> None:
        super().__init__(budget, self._draw)
        self._label = label
        self._stream = stream
        self._is_drawn = False
        self._drawn_s = stopwatch_s() + SHOWN_AFTER_S - REDRAWN_EVERY_S

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

    def _draw(self, share: float) -> bool:
        now_s = stopwatch_s()
        if self._stream.isatty() and now_s - self._drawn_s >= REDRAWN_EVERY_S:
            self._drawn_s = now_s
            full = round(WIDTH * share)
            bar = "#" * full + "." * (WIDTH - full)
            self._stream.write(f"\r{self._label} [{bar}] {share:4.0%}")
            self._stream.flush()
            self._is_drawn = True
        return True


@contextmanager
def counted_seconds(
    label: str, stream: TextIO = sys.stderr, *, every_s: float = REDRAWN_EVERY_S
) -> Iterator[None]:
    """Counts the seconds of work of unknown length, if somebody is looking."""
    if not stream.isatty():
        yield
        return
    began_s, is_over = stopwatch_s(), threading.Event()

    def count() -> None:
        while not is_over.wait(every_s):
            stream.write(f"\r{label}: {stopwatch_s() - began_s:.0f} s")
            stream.flush()

    counting = threading.Thread(target=count, daemon=True)
    counting.start()
    try:
        yield
    finally:
        is_over.set()
        counting.join()
        stream.write("\n")
