"""The forecast an operator looks at: series by comuna, depot and class, and how right it has been.

Plain values throughout, as storage and another process take them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

import numpy as np

from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import days_from
from promesa.planning.demand.series import SEPARATOR, UNSAID, DayCounts, SeriesKey
from promesa.planning.forecast.forecast import (
    HORIZON_D,
    HORIZON_FAR_D,
    Basis,
    EventUsed,
    Forecast,
    ScopedSpread,
)
from promesa.planning.forecast.hours import ASSUMED_HOURS, HourProfile

# Past days shown beside the forecast, and those whose orders are still on their way.
PAST_D = 56
# A day is known when series that bring no more than so much of the whole are not.
UNKNOWN_SHARE_MAX = 0.05

Table = tuple[tuple[float, ...], ...]


def judged_part(comuna: str, depot: str) -> str:
    """What the series of a comuna that name one of its depots are judged under."""
    return SEPARATOR.join((comuna, depot or UNSAID))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Forecast against what came, a series or several, over the last weeks.

    Attributes:
        days: In order.
        expected: Of each day, the mean that was forecast.
        came: Of each day; None where unknown.
        wape: Sum of absolute errors over what came; None where nothing came.
        floor: The same by chance alone.
        inside: Share of days within the interval of 80 %.
    """

    days: tuple[date, ...]
    expected: tuple[float, ...]
    came: tuple[float | None, ...]
    wape: float | None
    floor: float | None
    inside: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Far:
    """The days after those of an outlook, by the structural model alone; tables as there.

    Attributes:
        calibrated: Past forecasts that its intervals were held against; 0 for none.
    """

    days: tuple[date, ...]
    mean: Table
    p10: Table
    p50: Table
    p90: Table
    shared_sd: tuple[float, ...]
    events: tuple[EventUsed, ...]
    calibrated: int
    scoped: tuple[ScopedSpread, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventShare:
    """Which part of the orders a merchant's event to come multiplies; 0 where it brings none."""

    name: str
    start: date
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """A forecast with its series; tables are [series][days].

    Attributes:
        judged: By comuna, and by ``judged_part`` where several depots serve it; empty while the
            history is too short to be held against itself.
        judged_whole: All of them together; None where ``judged`` is empty.
        past: Orders of the last ``PAST_D`` days, None where unknown; [series][days].
        lead_times: By depot, the share delivered after each number of working days; one whose
            deliveries are too few to say it goes by the operator's rule.
        hours: At which hours of a day orders come.
        history_mark, events_mark: Digests of the history and of the past events it was fitted to;
            empty where nobody noted them.
        far: The days after; None for a history too short for them, and once another was made.
    """

    origin: date
    days: tuple[date, ...]
    series: tuple[SeriesKey, ...]
    mean: Table
    p10: Table
    p50: Table
    p90: Table
    shared_sd: tuple[float, ...]
    events: tuple[EventUsed, ...]
    basis: Basis
    judged: Mapping[str, Judged]
    past: tuple[tuple[float | None, ...], ...]
    lead_times: Mapping[str, tuple[float, ...]]
    hours: HourProfile = ASSUMED_HOURS
    judged_whole: Judged | None = None
    history_mark: str = ""
    events_mark: str = ""
    far: Far | None = None
    scoped: tuple[ScopedSpread, ...] = ()
    event_shares: tuple[EventShare, ...] = ()

    def share_of(self, name: str, start: date) -> float | None:
        """The part of the orders that a merchant's event multiplies; None where nobody noted it."""
        shares = (
            each.share for each in self.event_shares if (each.name, each.start) == (name, start)
        )
        return next(shares, None)

    def reaching(self, days: int) -> Outlook:
        """With as many of the far days as ``days`` ahead hold; itself where there are none."""
        far, count = self.far, days - len(self.days)
        if far is None or count <= 0:
            return self
        last = far.days[:count][-1]
        return replace(
            self,
            days=self.days + far.days[:count],
            mean=_joined(self.mean, far.mean, count),
            p10=_joined(self.p10, far.p10, count),
            p50=_joined(self.p50, far.p50, count),
            p90=_joined(self.p90, far.p90, count),
            shared_sd=self.shared_sd + far.shared_sd[:count],
            events=self.events + tuple(used for used in far.events if used.day <= last),
            scoped=self.scoped + tuple(each for each in far.scoped if each.day <= last),
        )

    @property
    def past_days(self) -> tuple[date, ...]:
        """The days of ``past``."""
        width = len(self.past[0]) if self.past else 0
        return days_from(self.origin - timedelta(days=width - 1), width)

    def forecast(self) -> Forecast:
        """As the forecaster made it, to be added up."""
        return Forecast(
            origin=self.origin,
            days=self.days,
            series=tuple(key.text for key in self.series),
            mean=np.array(self.mean).T,
            p10=np.array(self.p10).T,
            p50=np.array(self.p50).T,
            p90=np.array(self.p90).T,
            shared_sd=np.array(self.shared_sd),
            events=self.events,
            basis=self.basis,
            scoped=self.scoped,
            recent=tuple(_a_day(each) for each in self.past),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookRecord:
    """An outlook as it is kept.

    Attributes:
        made_at: When what it is made from was read.
    """

    id: UUID
    made_at: datetime
    origin: date
    outlook: Outlook


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookInputs:
    """What an outlook is made from.

    Attributes:
        counts: Orders by series and day; a day that is absent is unknown.
        until: The last day that is over.
        lead_times, hours: As in ``Outlook``.
        before: The outlook made before, of which what still holds is kept.
    """

    counts: DayCounts
    events: tuple[DemandEvent, ...]
    until: date
    lead_times: Mapping[str, tuple[float, ...]]
    hours: HourProfile = ASSUMED_HOURS
    before: Outlook | None = None
    horizon: int = HORIZON_D
    far_horizon: int = HORIZON_FAR_D


def _a_day(past: Sequence[float | None]) -> float:
    """On average over the days known; 0 without any."""
    known = [orders for orders in past if orders is not None]
    return sum(known) / len(known) if known else 0.0


def _joined(near: Table, far: Table, count: int) -> Table:
    return tuple(one + other[:count] for one, other in zip(near, far, strict=True))
