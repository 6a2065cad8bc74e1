"""Windows that are told to recipients: the whole day, or one whose width is earned by a plan.

Nothing here knows the fleet: offers are priced in `quoting`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.kernel.timewindow import TimeWindow

# Couriers in Santiago state "entre 9 y 21 horas" for a day without a window (assumed).
DAY_FROM = time(9, 0)
DAY_UNTIL = time(21, 0)
# What a plan of the morning earns: arrival spread within the day is about an hour either way
# until measured on our own days (assumed).
EARNED_WIDTH = timedelta(hours=2)
STEP = timedelta(minutes=30)


def whole_day(day: date, zone: str = SANTIAGO) -> TimeWindow:
    """The hours of delivery of a day."""
    service_day = ServiceDay(day, zone)
    return TimeWindow(start=service_day.at(DAY_FROM), end=service_day.at(DAY_UNTIL))


def is_whole_day(window: TimeWindow) -> bool:
    """Whether the window is no narrower than the hours of delivery of a day."""
    hours = DAY_UNTIL.hour - DAY_FROM.hour
    return window.width >= timedelta(hours=hours)


def earned_window(
    arrival: datetime, *, width: timedelta = EARNED_WIDTH, step: timedelta = STEP
) -> TimeWindow:
    """A window of ``width`` on round hours with ``arrival`` as near its middle as they allow.

    Steps count from midnight UTC, which in Chile falls on round half hours too.
    """
    start = _rounded(arrival - width / 2, step)
    return TimeWindow(start=start, end=start + width)


def _rounded(instant: datetime, step: timedelta) -> datetime:
    midnight = instant.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    steps = round((instant - midnight) / step)
    return midnight + steps * step
