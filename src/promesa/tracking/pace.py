"""How fast today goes against the plan, from what was already driven and served on this route."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from promesa.tracking.tracked import TrackedRoute, TrackedStop

# The plan's word counts as much as this much observed time; assumed.
PRIOR_TRAVEL_S = 1800.0
PRIOR_SERVICE_S = 1800.0
# Beyond these the observation is a lunch break or a forgotten tap, not a pace.
RATIO_MIN = 0.7
RATIO_MAX = 1.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Observed time over planned time; 1.0 is as planned, 1.3 takes a third longer."""

    travel: float = 1.0
    service: float = 1.0


def observed_pace(route: TrackedRoute) -> Pace:
    """The pace of the closed stops, drawn towards the plan while there are few.

    A leg counts when the stops at both its ends have their times and followed each other as
    planned.
    """
    planned_travel_s = actual_travel_s = planned_service_s = actual_service_s = 0.0
    left_at: datetime | None = route.started_at
    left_sequence = 0
    for stop in route.stops:
        if stop.arrived_at is None or stop.closed_at is None:
            left_at = None
            continue
        if left_at is not None and (not left_sequence or stop.sequence == left_sequence + 1):
            planned_travel_s += stop.leg_duration_s
            driven = stop.arrived_at - left_at - _rested(route, left_at, stop.arrived_at)
            actual_travel_s += max(0.0, driven.total_seconds())
        planned_service_s += stop.service_time_s
        actual_service_s += _served_s(stop, stop.arrived_at, stop.closed_at)
        left_at, left_sequence = stop.closed_at, stop.sequence
    return Pace(
        travel=_ratio(actual_travel_s, planned_travel_s, PRIOR_TRAVEL_S),
        service=_ratio(actual_service_s, planned_service_s, PRIOR_SERVICE_S),
    )


def service_opens_at(stop: TrackedStop, arrival: datetime) -> datetime:
    """When service begins for who arrives then: at once, or when the next window opens."""
    open_at = [max(arrival, window.start) for window in stop.windows if arrival <= window.end]
    return min(open_at, default=arrival)


def _served_s(stop: TrackedStop, arrived_at: datetime, closed_at: datetime) -> float:
    """Without the wait for the window to open."""
    begun_at = min(service_opens_at(stop, arrived_at), closed_at)
    return max(timedelta(0), closed_at - begun_at).total_seconds()


def _rested(route: TrackedRoute, start: datetime, end: datetime) -> timedelta:
    """How long of that span the driver said to have rested."""
    return sum(
        (
            max(timedelta(), min(end, rest.end) - max(start, rest.start))
            for rest in route.rested
            if rest.end is not None
        ),
        timedelta(),
    )


def _ratio(actual_s: float, planned_s: float, prior_s: float) -> float:
    return min(RATIO_MAX, max(RATIO_MIN, (actual_s + prior_s) / (planned_s + prior_s)))
