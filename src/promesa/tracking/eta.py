"""When the van will be at each remaining stop: a middle and the two ends of an honest range.

The mean is the planned leg, slowed as the hour and this route's own pace say, or longer where a
street on it was marked since, plus service and
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
from promesa.tracking.resting import taken_after
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
# Less than this is now; its square would be zero to divide by.
SOON_S = 0.001
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
        delay_s: Expected arrival at the next stop minus the one its route planned first, so that
            no change makes a late van punctual; negative when ahead.
    """

    arrivals: Mapping[UUID, Arrival]
    basis: Basis
    delay_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VanPlace:
    """Where the van was seen, fresh enough to count, and its road time to the next stop."""

    position: Position
    road_s: float


class _Lead:
    """Seconds from now as a mean and a variance, walked along the stops; one walker, no copies."""

    __slots__ = ("mean_s", "own_var")

    def __init__(self, mean_s: float = 0.0) -> None:
        self.mean_s = mean_s
        self.own_var = 0.0

    def add(self, seconds: float, cv: float) -> None:
        """Something that lasts so long, give or take, independently of the rest."""
        self.mean_s += seconds
        self.own_var += (cv * seconds) ** 2

    def wait(self, seconds: float) -> None:
        """Waiting for a window swallows as much of the spread as it lasts."""
        if seconds > 0.0:
            self.mean_s += seconds
            self.own_var = max(0.0, math.sqrt(self.own_var) - seconds) ** 2

    @property
    def variance(self) -> float:
        """With what the whole day shares: a slow day is slow everywhere."""
        return self.own_var + (DAY_CV_ASSUMED * self.mean_s) ** 2


def estimate(
    route: TrackedRoute, van: VanPlace | None, travel: TravelTimes, now: datetime
) -> Estimates:
    """Arrivals at every open stop. O(stops); asks the roads only for pairs no plan foresaw."""
    stops = route.open_stops
    if not stops:
        return Estimates(arrivals={}, basis=_basis(route, van), delay_s=0)
    pace = observed_pace(route)
    lead = _lead_to_first(route, van, pace, travel, now)
    arrivals: dict[UUID, Arrival] = {}
    floor_s = (0.0, 0.0, 0.0)
    before: TrackedStop | None = None
    for stop in stops:
        if before is not None:
            leg_s = _leg_s(before, stop, travel, now) * _hour_factor(stop, lead, travel, now)
            marked_s = _marked_s(before.position, stop, lead, travel, now)
            lead.add(max(leg_s, marked_s) * pace.travel, LEG_CV_ASSUMED)
        lead.mean_s += _rest_left_s(route, stop, before, now)
        # Never before the stop before it, which three separate quantiles would allow.
        found_s = lognormal_quantiles_s(lead.mean_s, lead.variance)
        floor_s = _later(floor_s, found_s)
        # Only at the first can the van be now: one it arrived at and left is visited in its turn.
        there_since = _there_since(stop) if before is None else None
        arrivals[stop.stop_id] = _arrival(there_since, floor_s, now)
        _serve(stop, there_since, lead, pace, now)
        before = stop
    delay = arrivals[stops[0].stop_id].p50 - (stops[0].first_arrival or stops[0].planned_arrival)
    return Estimates(
        arrivals=arrivals, basis=_basis(route, van), delay_s=int(delay.total_seconds())
    )


def lognormal_quantiles_s(mean_s: float, variance: float) -> tuple[float, float, float]:
    """The 10th, 50th and 90th percentile of a lognormal with this mean and variance."""
    if mean_s < SOON_S:
        return 0.0, 0.0, 0.0
    sigma_squared = math.log1p(variance / mean_s**2)
    median_s = mean_s / math.exp(sigma_squared / 2)
    spread = math.exp(Z_90 * math.sqrt(sigma_squared))
    return median_s / spread, median_s, median_s * spread


def _rest_left_s(
    route: TrackedRoute, stop: TrackedStop, before: TrackedStop | None, now: datetime
) -> float:
    """The colación before the stop; on the way there it is taken to be had as soon as can be."""
    if stop.rest is None or stop.state is StopState.ARRIVED:
        return 0.0
    lasts_s = (stop.rest.end - stop.rest.start).total_seconds()
    if before is not None:
        return lasts_s
    closed_at = None if route.last_closed is None else route.last_closed.closed_at
    taken = taken_after(stop.rest, closed_at)
    return min(lasts_s, max(0.0, (taken.end - now).total_seconds()))


def _basis(route: TrackedRoute, van: VanPlace | None) -> Basis:
    if not route.is_under_way:
        return Basis.PLAN
    return Basis.LAST_EVENT if van is None else Basis.POSITION


def _lead_to_first(
    route: TrackedRoute, van: VanPlace | None, pace: Pace, travel: TravelTimes, now: datetime
) -> _Lead:
    """Seconds until the van is at the first open stop."""
    first = route.open_stops[0]
    lead = _Lead()
    if route.is_broken_down:
        lead.add(BREAKDOWN_S_ASSUMED, LEG_CV_ASSUMED)
    if first.state is StopState.ARRIVED:
        return lead
    if not route.is_under_way:
        lead.mean_s += max(0.0, (route.planned_start - now).total_seconds())
        marked_s = _marked_s(route.depot, first, lead, travel, now)
        lead.add(max(first.leg_duration_s, marked_s), LEG_CV_ASSUMED)
    elif van is not None:
        lead.add(max(0.0, van.road_s) * pace.travel, LEG_CV_ASSUMED)
    else:
        _add_unseen_leg(lead, route, pace, travel, now)
    return lead


def _add_unseen_leg(
    lead: _Lead, route: TrackedRoute, pace: Pace, travel: TravelTimes, now: datetime
) -> None:
    """The van is taken to have left the last closed stop, or the depot, when that was told."""
    first, last = route.open_stops[0], route.last_closed
    left_at = route.started_at if last is None else last.closed_at
    leg_s = float(first.leg_duration_s if last is None else _leg_s(last, first, travel, now))
    place = route.depot if last is None else last.position
    leg_s = max(leg_s, _marked_s(place, first, lead, travel, now))
    silent_s = max(0.0, (now - (left_at or now)).total_seconds())
    lead.add(max(REST_S_MIN, leg_s * pace.travel - silent_s), LEG_CV_ASSUMED)
    lead.own_var += (SILENCE_CV_ASSUMED * min(silent_s, leg_s)) ** 2


def _leg_s(before: TrackedStop, after: TrackedStop, travel: TravelTimes, now: datetime) -> int:
    """As planned when the plan has that leg; asked of the roads when it has not."""
    if after.sequence == before.sequence + 1:
        return after.leg_duration_s
    if after.reload is None:
        return travel.leg_s(before.position, after.position, now)
    depot = after.reload.position
    there_s = travel.leg_s(before.position, depot, now) + round(after.reload.loading_s)
    return there_s + travel.leg_s(depot, after.position, now)


def _marked_s(
    place: Position | None, after: TrackedStop, lead: _Lead, travel: TravelTimes, now: datetime
) -> float:
    """The leg at its hour on the streets marked by now, never less than the unmarked; else 0.

    A plan made since has the mark in its leg: the longer of the two counts it once.
    """
    at = now + timedelta(seconds=lead.mean_s)
    if place is None:
        return 0.0
    if after.reload is None:
        return travel.marked_leg_s(place, after.position, at) or 0.0
    depot = after.reload.position
    there_s = travel.marked_leg_s(place, depot, at)
    on_s = travel.marked_leg_s(depot, after.position, at)
    if there_s is None and on_s is None:
        return 0.0
    there_s = travel.leg_s(place, depot, at) if there_s is None else there_s
    on_s = travel.leg_s(depot, after.position, at) if on_s is None else on_s
    return there_s + after.reload.loading_s + on_s


def _hour_factor(stop: TrackedStop, lead: _Lead, travel: TravelTimes, now: datetime) -> float:
    """The hour it is driven in against the hour it was planned for; mostly they are the same."""
    driven_at = now + timedelta(seconds=lead.mean_s)
    planned_at = stop.planned_arrival
    if driven_at.hour == planned_at.hour and driven_at.date() == planned_at.date():
        return 1.0
    return travel.slowness(driven_at) / travel.slowness(planned_at)


def _later(
    one: tuple[float, float, float], other: tuple[float, float, float]
) -> tuple[float, float, float]:
    return max(one[0], other[0]), max(one[1], other[1]), max(one[2], other[2])


def _there_since(stop: TrackedStop) -> datetime | None:
    return stop.arrived_at if stop.state is StopState.ARRIVED else None


def _arrival(
    there_since: datetime | None, found_s: tuple[float, float, float], now: datetime
) -> Arrival:
    """A van that is there has arrived, and that is no estimate."""
    if there_since is not None:
        return Arrival(p10=there_since, p50=there_since, p90=there_since)
    p10_s, p50_s, p90_s = found_s
    return Arrival(
        p10=now + timedelta(seconds=p10_s),
        p50=now + timedelta(seconds=p50_s),
        p90=now + timedelta(seconds=p90_s),
    )


def _serve(
    stop: TrackedStop, there_since: datetime | None, lead: _Lead, pace: Pace, now: datetime
) -> None:
    """Waits for the window and serves; a visit under way has part of it behind it."""
    service_s = stop.service_time_s * pace.service
    if there_since is not None:
        begun_at = service_opens_at(stop, there_since)
        lead.wait((begun_at - now).total_seconds())
        served_s = max(0.0, (now - begun_at).total_seconds())
        service_s = max(REST_S_MIN, service_s - served_s)
    elif stop.windows:
        arrival = now + timedelta(seconds=lead.mean_s)
        lead.wait((service_opens_at(stop, arrival) - arrival).total_seconds())
    lead.add(service_s, SERVICE_CV_ASSUMED)
