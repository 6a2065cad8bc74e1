"""The day and the windows that a row of a sheet asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.orders.cells import Moment
from promesa.orders.desk import IntakePolicy

# A range of dates longer than this is no window but a mistake.
RANGE_DAYS_MAX = 31
_DAY_START, _DAY_END = time(0, 0), time(23, 59)

Pair = tuple[time | None, time | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What a row says of time.

    Attributes:
        day: The delivery date.
        earliest: The first instant or day, in layouts that give a range.
        latest: The last one.
        pairs: Hours from and to, at most two.
    """

    day: Moment | None = None
    earliest: Moment | None = None
    latest: Moment | None = None
    pairs: tuple[Pair, ...] = ()

    @property
    def date(self) -> date | None:
        """The service date: the one given, else the first of the range."""
        for moment in (self.day, self.earliest, self.latest):
            if moment is not None:
                return moment.day
        return None


@dataclass(frozen=True, slots=True)
class WindowFault:
    """Why the hours of a row cannot be."""

    field: str
    reason: str


def windows_of(
    timing: Timing, day: date, policy: IntakePolicy
) -> tuple[tuple[TimeWindow, ...], tuple[WindowFault, ...]]:
    """The windows on ``day``, and what is wrong with them; none means any time of the day."""
    told = [pair for pair in timing.pairs if not _says_nothing(pair)]
    if told:
        return _paired(told, day, policy)
    if timing.earliest is None and timing.latest is None:
        return (), ()
    return _ranged(timing, day, policy)


def _says_nothing(pair: Pair) -> bool:
    """Whether a pair of hours means the whole day: both empty, both midnight, or 00:00-23:59."""
    start, end = pair
    if (start or _DAY_START) != _DAY_START:
        return False
    return end is None or end in {_DAY_START, _DAY_END}


def _paired(
    pairs: Iterable[Pair], day: date, policy: IntakePolicy
) -> tuple[tuple[TimeWindow, ...], tuple[WindowFault, ...]]:
    service_day = ServiceDay(day, policy.zone)
    windows: list[TimeWindow] = []
    faults: list[WindowFault] = []
    for start, end in pairs:
        first = start if start is not None else policy.workday_start
        last = end if end is not None else policy.workday_end
        if last <= first:
            faults.append(
                WindowFault("window_end", "La ventana termina antes de empezar. Corrige las horas.")
            )
            continue
        windows.append(TimeWindow(start=service_day.at(first), end=service_day.at(last)))
    return tuple(windows), tuple(faults)


def _ranged(
    timing: Timing, day: date, policy: IntakePolicy
) -> tuple[tuple[TimeWindow, ...], tuple[WindowFault, ...]]:
    """A window from the earliest to the latest moment; dates alone, on one day, are none."""
    first = timing.earliest or Moment(day=day)
    last = timing.latest or Moment(day=first.day)
    if last.day < first.day:
        reason = "La fecha máxima es anterior a la mínima. Corrige una de las dos."
        return (), (WindowFault("date_max", reason),)
    if (last.day - first.day).days > RANGE_DAYS_MAX:
        reason = f"Hay más de {RANGE_DAYS_MAX} días entre la fecha mínima y la máxima. Corrígelas."
        return (), (WindowFault("date_max", reason),)
    has_hours = first.clock_time is not None or last.clock_time not in {None, _DAY_END}
    if first.day == last.day and not has_hours:
        return (), ()
    start = ServiceDay(first.day, policy.zone).at(first.clock_time or policy.workday_start)
    end = ServiceDay(last.day, policy.zone).at(last.clock_time or policy.workday_end)
    if end <= start:
        reason = "La hora máxima no es posterior a la mínima. Corrige una de las dos."
        return (), (WindowFault("date_max", reason),)
    return (TimeWindow(start=start, end=end),), ()
