"""When a delay is worth a message, and which new window it tells.

A wrong minute is worse than a wide window: the new window is the honest range of the estimate,
rounded outwards to quarters of an hour.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from promesa.kernel.timewindow import TimeWindow

# Less than this nobody changes plans for.
MOVED_MIN = timedelta(minutes=15)
QUARTER_S = 900
WIDTH_MIN = timedelta(minutes=30)


def expected_window(p10: datetime, p90: datetime) -> TimeWindow:
    """The window that holds an estimate's range, in whole quarters, at least half an hour wide."""
    start = datetime.fromtimestamp(int(p10.timestamp()) // QUARTER_S * QUARTER_S, UTC)
    end = datetime.fromtimestamp(-(-int(p90.timestamp()) // QUARTER_S) * QUARTER_S, UTC)
    return TimeWindow(start=start, end=max(end, start + WIDTH_MIN))


def is_worth_telling(told: TimeWindow, expected: TimeWindow) -> bool:
    """Whether the expected window ends 15 minutes or more after the one told last."""
    return expected.end - told.end >= MOVED_MIN
