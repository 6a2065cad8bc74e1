"""When the van will be at each remaining stop: a middle and the two ends of an honest range.

The mean is the planned leg, slowed as the hour and this route's own pace say, plus service and
waiting for windows. The spread is assumed, not measured (the *_ASSUMED constants below): legs and
services vary independently, the day as a whole varies with them, and their sum is taken as
lognormal with that mean and variance (Fenton's approximation of a sum of lognormals, 1960,
doi:10.1109/TCOM.1960.1097606). It works without any position: `basis` says what it stands on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from promesa.domain.stop import StopState
from promesa.kernel.geo import Position
from promesa.tracking.pace import Pace, observed_pace, service_opens_at
from promesa.tracking.tracked import TrackedRoute, TrackedStop
from promesa.tracking.travel import TravelTimes

LEG_CV_ASSUMED = 0.30
SERVICE_CV_ASSUMED = 0.60
DAY_CV_ASSUMED = 0.10
# With no fresh position the van may be anywhere between: part of the silence is doubt.
SILENCE_CV_ASSUMED = 0.25
# Until a broken van runs again or its parcels move to another; assumed.
BREAKDOWN_S_ASSUMED = 3600.0
# Service or leg that already took longer than expected still takes a little.
REST_S_MIN = 30.0
# The standard normal's 90th percentile.
Z_90 = 1.281_551_565_545


class Basis(StrEnum):
    """What an estimate stands on, surest first."""

    POSITION = "position"
    LAST_EVENT = "last_event"
    PLAN = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Estimated arrival: one in ten comes before ``p10``, half before ``p50``, nine before p90."""

    p10: datetime
    p50: datetime
    p90: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    """Arrivals of the open stops, by stop id, and how late the route is.

    Attributes:
        delay_s: Expected minus planned arrival at the next stop; negative when ahead.
    """

    arrivals: Mapping[UUID, Arrival]
    basis: Basis
    delay_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VanPlace:
    """Where the van was seen, fresh enough to count, and its road time to the next stop."""

    position: Position
    road_s: float


@dataclass(frozen=True, slots=True)
class _Lead:
    """Seconds from now, as a mean and a variance split into what the day shares and what not."""

    mean_s: float
    own_var: float

    def after(self, seconds: float, cv: float) -> _Lead:
        return _Lead(self.mean_s + seconds, self.own_var + (cv * seconds) ** 2)

    def waited(self, seconds: float) -> _Lead:
        """Waiting for a window swallows as much of the spread as it lasts."""
        spread_s = max(0.0, math.sqrt(self.own_var) - seconds)
        return _Lead(self.mean_s + seconds, spread_s**2)

    @property
    def variance(self) -> float:
        return self.own_var + (DAY_CV_ASSUMED * self.mean_s) ** 2


def estimate(
    route: TrackedRoute, van: VanPlace | None, travel: TravelTimes, now: datetime
) -> Estimates:
    """Arrivals at every open stop. O(stops); asks the roads only for pairs no plan foresaw."""
    stops = route.open_stops
    if not stops:
        return Estimates(arrivals={}, basis=_basis(route, van), delay_s=0)
    pace = observed_pace(route)
    slow_now = travel.slowness(now)
    lead = _lead_to_first(route, van, pace, travel, now)
    arrivals: dict[UUID, Arrival] = {}
    floor = Arrival(p10=now, p50=now, p90=now)
    for index, stop in enumerate(stops):
        if index:
            leg_s = _leg_s(stops[index - 1], stop, travel, now)
            slow = travel.slowness(now + timedelta(seconds=lead.mean_s)) or slow_now
            hour = slow / travel.slowness(stop.planned_arrival)
            lead = lead.after(leg_s * pace.travel * hour, LEG_CV_ASSUMED)
        arrival = _arrival(stop, lead, now, floor)
        arrivals[stop.stop_id] = floor = arrival
        lead = _served(stop, lead, pace, now)
    first = stops[0]
    delay = arrivals[first.stop_id].p50 - first.planned_arrival
    return Estimates(
        arrivals=arrivals, basis=_basis(route, van), delay_s=int(delay.total_seconds())
    )


def lognormal_quantiles_s(mean_s: float, variance: float) -> tuple[float, float, float]:
    """The 10th, 50th and 90th percentile of a lognormal with this mean and variance."""
    if mean_s <= 0.0:
        return 0.0, 0.0, 0.0
    sigma_squared = math.log1p(variance / mean_s**2)
    median_s = mean_s / math.exp(sigma_squared / 2)
    spread = math.exp(Z_90 * math.sqrt(sigma_squared))
    return median_s / spread, median_s, median_s * spread


def _basis(route: TrackedRoute, van: VanPlace | None) -> Basis:
    if not route.is_under_way:
        return Basis.PLAN
    return Basis.LAST_EVENT if van is None else Basis.POSITION


def _lead_to_first(
    route: TrackedRoute, van: VanPlace | None, pace: Pace, travel: TravelTimes, now: datetime
) -> _Lead:
    """Seconds until the van is at the first open stop."""
    first = route.open_stops[0]
    stuck_s = BREAKDOWN_S_ASSUMED if route.is_broken_down else 0.0
    start = _Lead(stuck_s, (LEG_CV_ASSUMED * stuck_s) ** 2)
    if first.state is StopState.ARRIVED and first.arrived_at is not None:
        return start
    if not route.is_under_way:
        wait_s = max(0.0, (route.planned_start - now).total_seconds())
        return _Lead(start.mean_s + wait_s, start.own_var).after(
            first.leg_duration_s, LEG_CV_ASSUMED
        )
    if van is not None:
        return start.after(max(0.0, van.road_s) * pace.travel, LEG_CV_ASSUMED)
    return _lead_from_last_event(route, start, pace, travel, now)


def _lead_from_last_event(
    route: TrackedRoute,
    start: _Lead,
    pace: Pace,
    travel: TravelTimes,
    now: datetime,
) -> _Lead:
    """The van is taken to have left the last closed stop, or the depot, when that was told."""
    first, last = route.open_stops[0], route.last_closed
    left_at = route.started_at if last is None else last.closed_at
    leg_s = float(first.leg_duration_s if last is None else _leg_s(last, first, travel, now))
    silent_s = max(0.0, (now - (left_at or now)).total_seconds())
    rest_s = max(REST_S_MIN, leg_s * pace.travel - silent_s)
    lead = start.after(rest_s, LEG_CV_ASSUMED)
    return _Lead(lead.mean_s, lead.own_var + (SILENCE_CV_ASSUMED * min(silent_s, leg_s)) ** 2)


def _leg_s(before: TrackedStop, after: TrackedStop, travel: TravelTimes, now: datetime) -> int:
    """As planned when the plan has that leg; asked of the roads when it has not."""
    if after.sequence == before.sequence + 1:
        return after.leg_duration_s
    return travel.leg_s(before.position, after.position, now)


def _arrival(stop: TrackedStop, lead: _Lead, now: datetime, floor: Arrival) -> Arrival:
    """Never before that of the stop before it, which three separate quantiles would allow."""
    if stop.state is StopState.ARRIVED and stop.arrived_at is not None:
        return Arrival(p10=stop.arrived_at, p50=stop.arrived_at, p90=stop.arrived_at)
    p10_s, p50_s, p90_s = lognormal_quantiles_s(lead.mean_s, lead.variance)
    return Arrival(
        p10=max(floor.p10, now + timedelta(seconds=p10_s)),
        p50=max(floor.p50, now + timedelta(seconds=p50_s)),
        p90=max(floor.p90, now + timedelta(seconds=p90_s)),
    )


def _served(stop: TrackedStop, lead: _Lead, pace: Pace, now: datetime) -> _Lead:
    """After waiting for the window and serving; a visit under way has part of it behind it."""
    service_s = stop.service_time_s * pace.service
    if stop.state is StopState.ARRIVED and stop.arrived_at is not None:
        begun_at = service_opens_at(stop, stop.arrived_at)
        waiting_s = max(0.0, (begun_at - now).total_seconds())
        served_s = max(0.0, (now - begun_at).total_seconds())
        rest_s = max(REST_S_MIN, service_s - served_s)
        return lead.waited(waiting_s).after(rest_s, SERVICE_CV_ASSUMED)
    arrival = now + timedelta(seconds=lead.mean_s)
    waiting_s = (service_opens_at(stop, arrival) - arrival).total_seconds()
    return lead.waited(waiting_s).after(service_s, SERVICE_CV_ASSUMED)
