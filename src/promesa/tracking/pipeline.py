"""The steps from what is new to what readers see, in order. Each is pure but for asking the roads.

To add a step, write it as a function of a track and its context and put it in one of the lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from promesa.domain.promise import PromiseRisk
from promesa.domain.stop import Outcome, StopState
from promesa.kernel.geo import Position, distance_m
from promesa.tracking.eta import Arrival, Estimates, VanPlace, estimate
from promesa.tracking.geofence import Crossing, CrossingKind, FenceState, watch
from promesa.tracking.progress import Progress, locate
from promesa.tracking.repository import Fix
from promesa.tracking.risk import stop_risk, worst_risk
from promesa.tracking.snapshot import RouteSnapshot
from promesa.tracking.tracked import (
    MEETING_SERVICE_TIME_S,
    TrackedReload,
    TrackedRoute,
    TrackedStop,
)
from promesa.tracking.travel import TravelTimes

# Older than this a position says less than the last thing the driver did.
FIX_AGE_FRESH = timedelta(minutes=3)
# A phone reports every 5 to 15 s; asking the roads each time would tell nothing new.
ROAD_ASK_GAP = timedelta(seconds=20)
# A yard with its docks, and how far off a phone's position may be there; assumed.
AT_DEPOT_M = 250.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadAnswer:
    """What the roads said last: seconds from the van to a stop, and when that was."""

    stop_id: UUID
    at: datetime
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTrack:
    """A followed route with everything the steps remember of it."""

    route: TrackedRoute
    fix: Fix | None = None
    fence: FenceState = field(default_factory=FenceState)
    progress: Progress | None = None
    road: RoadAnswer | None = None
    estimates: Estimates | None = None
    risks: Mapping[UUID, PromiseRisk] = field(default_factory=dict)
    crossings: tuple[Crossing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is new: a live position, or None when only time passed or a fact came in."""

    now: datetime
    travel: TravelTimes
    fix: Fix | None = None


Step = Callable[[RouteTrack, Context], RouteTrack]


def take_fix(track: RouteTrack, context: Context) -> RouteTrack:
    """The new position is the van's."""
    return replace(track, fix=context.fix or track.fix, crossings=())


def cross_fences(track: RouteTrack, context: Context) -> RouteTrack:
    """Arrivals and departures the new position shows; an arrival is a state of its stop."""
    if context.fix is None:
        return track
    fence, crossings = watch(track.route, track.fence, context.fix)
    route = track.route
    for crossing in crossings:
        stop = route.find_stop(crossing.stop_id)
        if stop is not None and crossing.kind is CrossingKind.ARRIVED:
            route = route.with_stop(replace(stop, state=StopState.ARRIVED, arrived_at=crossing.at))
    return replace(track, route=route, fence=fence, crossings=crossings)


def find_progress(track: RouteTrack, context: Context) -> RouteTrack:
    """Where on the way the van is; unknown without a fresh position."""
    fix = _fresh_fix(track, context.now)
    return replace(track, progress=None if fix is None else locate(track.route, fix.position))


def ask_roads(track: RouteTrack, context: Context) -> RouteTrack:
    """The way from the van to its next stop, asked anew when the last answer is old."""
    fix, target = _fresh_fix(track, context.now), track.route.next_stop
    if fix is None or target is None or target.state is StopState.ARRIVED:
        return replace(track, road=None)
    if not track.route.is_under_way:
        return replace(track, road=None)
    known = track.road
    is_known = known is not None and known.stop_id == target.stop_id
    if known is not None and is_known and fix.at - known.at < ROAD_ASK_GAP:
        return track
    seconds = _road_s(track.route, fix.position, target, context)
    return replace(track, road=RoadAnswer(stop_id=target.stop_id, at=fix.at, seconds=seconds))


def _road_s(route: TrackedRoute, place: Position, target: TrackedStop, context: Context) -> float:
    """The way to the next stop; who has parcels to fetch or to load first goes there before."""
    seconds, leg_s = 0.0, context.travel.leg_s
    # A visit already begun stays first; the meetings come after it.
    is_begun = target.state is StopState.EN_ROUTE
    for meeting in () if is_begun else route.meetings:
        seconds += leg_s(place, meeting, context.now) + MEETING_SERVICE_TIME_S
        place = meeting
    if target.reload is not None and not is_begun:
        depot = target.reload.position
        seconds += leg_s(place, depot, context.now)
        seconds += _loading_left_s(route, target.reload, place, context)
        place = depot
    return seconds + leg_s(place, target.position, context.now)


def _loading_left_s(
    route: TrackedRoute, reload: TrackedReload, place: Position, context: Context
) -> float:
    """All of the loading; who stands at the depot has loaded since it could be back there."""
    last = route.last_closed
    is_there = distance_m(place, reload.position) <= AT_DEPOT_M
    if not is_there or last is None or last.closed_at is None:
        return reload.loading_s
    back_s = context.travel.leg_s(last.position, reload.position, context.now)
    loaded_s = (context.now - last.closed_at).total_seconds() - back_s
    return min(reload.loading_s, max(0.0, reload.loading_s - loaded_s))


def estimate_arrivals(track: RouteTrack, context: Context) -> RouteTrack:
    """Arrivals at the open stops, from the position if there is one."""
    van = None
    if track.road is not None and track.fix is not None:
        driven_s = (context.now - track.road.at).total_seconds()
        van = VanPlace(position=track.fix.position, road_s=track.road.seconds - driven_s)
    estimates = estimate(track.route, van, context.travel, context.now)
    return replace(track, estimates=estimates)


def judge_risks(track: RouteTrack, context: Context) -> RouteTrack:
    """How each promise stands by these arrivals."""
    route = track.route
    arrivals: Mapping[UUID, Arrival] = {} if track.estimates is None else track.estimates.arrivals
    risks = {
        stop.stop_id: stop_risk(
            stop,
            arrivals.get(stop.stop_id),
            context.now,
            is_broken_down=route.is_broken_down,
        )
        for stop in route.stops
    }
    return replace(track, risks=risks)


# Each position of a batch goes through the first steps, since a fence may be crossed between two;
# only the last one is worth estimating from.
FIX_STEPS: tuple[Step, ...] = (take_fix, cross_fences)
VIEW_STEPS: tuple[Step, ...] = (find_progress, ask_roads, estimate_arrivals, judge_risks)


def foresee(route: TrackedRoute, fix: Fix | None, context: Context) -> RouteTrack:
    """A route nobody drives yet, judged by the very steps that judge those that are driven."""
    track = RouteTrack(route=route, fix=fix)
    for step in (ask_roads, estimate_arrivals, judge_risks):
        track = step(track, context)
    return track


def absorb(track: RouteTrack, context: Context) -> RouteTrack:
    """The track after a position that others follow; its view is the one before."""
    for step in FIX_STEPS:
        track = step(track, context)
    return track


def advance(track: RouteTrack, context: Context) -> RouteTrack:
    """The track after every step."""
    track = absorb(track, context)
    for step in VIEW_STEPS:
        track = step(track, context)
    return track


def picture(track: RouteTrack, now: datetime) -> RouteSnapshot:
    """What readers see of a track that went through the steps.

    Raises:
        ValueError: It did not.
    """
    if track.estimates is None:
        raise ValueError("a track is shown after its steps")
    route, estimates = track.route, track.estimates
    closed = [stop for stop in route.stops if not stop.is_open]
    target = route.next_stop
    return RouteSnapshot(
        route_id=route.route_id,
        driver_id=route.driver_id,
        version=route.version,
        computed_at=now,
        basis=estimates.basis,
        is_under_way=route.is_under_way,
        is_broken_down=route.is_broken_down,
        fix=track.fix,
        progress=track.progress,
        next_stop_id=None if target is None else target.stop_id,
        arrivals=MappingProxyType(dict(estimates.arrivals)),
        risks=MappingProxyType(dict(track.risks)),
        risk=worst_risk(track.risks.values()),
        delay_s=estimates.delay_s,
        stops_total=len(route.stops),
        stops_closed=len(closed),
        stops_failed=sum(stop.outcome is Outcome.FAILED for stop in closed),
    )


def _fresh_fix(track: RouteTrack, now: datetime) -> Fix | None:
    fix = track.fix
    return fix if fix is not None and now - fix.at <= FIX_AGE_FRESH else None
