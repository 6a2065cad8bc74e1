"""Says when a van arrives at a stop and when it leaves, from positions alone.

Hysteresis: the circle to leave is wider than the one to enter, and only who stays for a while
has arrived, so that a van waiting at a red light beside the door, or a jittering position, makes
no arrival. What the driver says in the app comes first; this fills in what was forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from promesa.domain.stop import StopState
from promesa.kernel.geo import distance_m
from promesa.tracking.repository import Fix
from promesa.tracking.tracked import TrackedRoute, TrackedStop

# Where a van can park for a door, assumed; uncertain doors get more, up to the limit.
ENTER_M_MIN = 50.0
UNCERTAINTY_SHARE = 0.5
ENTER_M_MAX = 150.0
ACCURACY_M_GRANTED_MAX = 50.0
# A jitter of GPS beside tall buildings is some 20 m; half as much again keeps it inside.
LEAVE_FACTOR = 1.5
# 0.004 degrees of latitude are 444 m, beyond the widest circle: no need to compute a distance.
FAR_DEG = 0.004
# Longer than most red lights (45 s in the speed table's source), shorter than a hand-over.
DWELL_S_NEXT = 50.0
# A stop out of turn may be beside the way: only a real visit lasts so long.
DWELL_S_OTHER = 150.0


class CrossingKind(StrEnum):
    """Which way the circle was crossed."""

    ARRIVED = "arrived"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A van came to a stop, or went; ``at`` is the instant of the first position that shows it."""

    route_id: UUID
    stop_id: UUID
    order_id: UUID
    kind: CrossingKind
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FenceState:
    """What is remembered between positions.

    Attributes:
        inside_since: Stops the van is in the circle of, and since when.
        arrived: Of these, the ones whose arrival was told.
    """

    inside_since: Mapping[UUID, datetime] = field(default_factory=dict)
    arrived: frozenset[UUID] = frozenset()


def watch(
    route: TrackedRoute, state: FenceState, fix: Fix
) -> tuple[FenceState, tuple[Crossing, ...]]:
    """What ``fix`` adds: arrivals after the dwell, departures when the wider circle is left.

    O(stops of the route).
    """
    if not route.is_under_way:
        return state, ()
    inside: dict[UUID, datetime] = {}
    arrived = set(state.arrived)
    crossings: list[Crossing] = []
    target = route.next_stop
    is_attending = _is_attending(route, state, fix)
    lat = fix.position.lat
    for stop in route.stops:
        if abs(stop.position.lat - lat) > FAR_DEG and stop.stop_id not in state.inside_since:
            continue
        if not stop.is_open and stop.stop_id not in state.arrived:
            continue
        since = state.inside_since.get(stop.stop_id)
        if not _is_inside(stop, fix, was_inside=since is not None):
            if stop.stop_id in arrived:
                arrived.discard(stop.stop_id)
                crossings.append(_crossing(route, stop, CrossingKind.LEFT, fix.at))
            continue
        # Standing for another door says nothing of the one above it: its time begins afterwards.
        is_other = is_attending and stop is not target and stop.stop_id not in arrived
        inside[stop.stop_id] = fix.at if is_other else since or fix.at
        dwell_s = DWELL_S_NEXT if stop is target else DWELL_S_OTHER
        if stop.stop_id not in arrived and _has_dwelt(inside[stop.stop_id], fix, dwell_s):
            arrived.add(stop.stop_id)
            # One whose arrival the driver already told needs no second one, only its departure.
            if stop.is_open and stop.state is not StopState.ARRIVED:
                since_at = inside[stop.stop_id]
                crossings.append(_crossing(route, stop, CrossingKind.ARRIVED, since_at))
    return FenceState(inside_since=inside, arrived=frozenset(arrived)), tuple(crossings)


def enter_radius_m(stop: TrackedStop, accuracy_m: float | None) -> float:
    """Metres from the stop within which a position counts as there."""
    radius_m = min(ENTER_M_MAX, ENTER_M_MIN + UNCERTAINTY_SHARE * stop.uncertainty_m)
    return radius_m + min(ACCURACY_M_GRANTED_MAX, accuracy_m or 0.0)


def _is_attending(route: TrackedRoute, state: FenceState, fix: Fix) -> bool:
    """Whether the van stands at the stop whose turn it is, or still where it arrived before."""
    return any(
        (stop is route.next_stop or stop.stop_id in state.arrived)
        and _is_inside(stop, fix, was_inside=stop.stop_id in state.inside_since)
        for stop in route.stops
    )


def _is_inside(stop: TrackedStop, fix: Fix, *, was_inside: bool) -> bool:
    radius_m = enter_radius_m(stop, fix.accuracy_m)
    if was_inside:
        radius_m *= LEAVE_FACTOR
    return distance_m(stop.position, fix.position) <= radius_m


def _has_dwelt(since: datetime, fix: Fix, dwell_s: float) -> bool:
    return (fix.at - since).total_seconds() >= dwell_s


def _crossing(route: TrackedRoute, stop: TrackedStop, kind: CrossingKind, at: datetime) -> Crossing:
    return Crossing(
        route_id=route.route_id, stop_id=stop.stop_id, order_id=stop.order_id, kind=kind, at=at
    )
