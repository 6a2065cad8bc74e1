"""What tracking knows of a route: the published version joined with where and when its stops are.

Values only. Whoever follows a route builds one of these from storage; each fact that comes in
makes a new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from uuid import UUID

from promesa.domain.fleet import Vehicle
from promesa.domain.order import Order
from promesa.domain.parcel import NOT_SCANNED
from promesa.domain.route import (
    OVER,
    UNDER_WAY,
    PlannedStop,
    Route,
    RouteBreak,
    RouteRest,
    RouteState,
    RouteVersion,
)
from promesa.domain.stop import UNVISITED, Outcome, Stop, StopState, StopType
from promesa.kernel.geo import Position
from promesa.kernel.timewindow import TimeWindow
from promesa.tracking.path import RoutePath, route_path
from promesa.tracking.resting import breaks_had, breaks_to_come

# Where an order has no placement its stop's position is what somebody chose by hand.
UNCERTAINTY_M_DEFAULT = 20.0
# Parcels are found, counted and carried from van to van (assumed).
MEETING_SERVICE_TIME_S = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedReload:
    """A return to the depot that is to come.

    Attributes:
        loading_s: Until it leaves again, a colación had meanwhile included.
    """

    position: Position
    loading_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedStop:
    """A stop of the followed version.

    Attributes:
        windows: When service may begin; a van that is early waits. Empty means any time.
        promise: The window the recipient was told, which risk is judged by.
        uncertainty_m: Of the position; widens the geofence.
        leg_duration_s: As planned, from the stop before (or the depot).
        started_at: When the driver said they were on the way to it.
        first_arrival: As this route planned it first; None where that is not known.
        rest: The colación planned before it, beside the leg; None where there is none.
        reload: The return to load before it, in the leg; None where there is none, or it is over.
    """

    stop_id: UUID
    order_id: UUID
    sequence: int
    position: Position
    uncertainty_m: float
    service_time_s: int
    planned_arrival: datetime
    planned_departure: datetime
    leg_duration_s: int
    leg_distance_m: int
    windows: tuple[TimeWindow, ...] = ()
    promise: TimeWindow | None = None
    state: StopState = StopState.PENDING
    outcome: Outcome | None = None
    started_at: datetime | None = None
    arrived_at: datetime | None = None
    closed_at: datetime | None = None
    first_arrival: datetime | None = None
    rest: RouteBreak | None = None
    reload: TrackedReload | None = None

    @property
    def is_open(self) -> bool:
        """Whether the visit is still to come or under way."""
        return self.state is not StopState.CLOSED


@dataclass(frozen=True, kw_only=True)
class TrackedRoute:
    """A followed route. Without slots, since what is derived of it is computed once and kept.

    Attributes:
        stops: By sequence of the version.
        path: The planned way, for projecting positions.
        meetings: Where other vans hand parcels over before the next stop that is not begun.
        vehicle: Whose streets and times these are; None is a van's.
        rested: When the driver rested, as far as it is over; that is no pace.
        depot: Where it leaves from; None where that is not known.
    """

    route_id: UUID
    driver_id: UUID
    version: int
    state: RouteState
    planned_start: datetime
    path: RoutePath
    stops: tuple[TrackedStop, ...]
    started_at: datetime | None = None
    is_broken_down: bool = False
    meetings: tuple[Position, ...] = ()
    vehicle: Vehicle | None = None
    rested: tuple[RouteRest, ...] = ()
    depot: Position | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether the van has left and is not back."""
        return self.state in UNDER_WAY

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be expected of it."""
        return self.state in OVER

    @cached_property
    def open_stops(self) -> tuple[TrackedStop, ...]:
        """Stops to come in the order they are expected: a visit under way first, then the plan's.

        A driver who goes to another stop than the next says so by starting it or arriving there.
        """
        rest = [stop for stop in self.stops if stop.is_open]
        begun = [s for s in rest if s.state in {StopState.ARRIVED, StopState.EN_ROUTE}]
        if not begun:
            return tuple(rest)
        first = max(begun, key=lambda s: (s.state is StopState.ARRIVED, _begun_at(s)))
        return (first, *(stop for stop in rest if stop is not first))

    @property
    def next_stop(self) -> TrackedStop | None:
        """The stop under way or the first to come."""
        return self.open_stops[0] if self.open_stops else None

    @property
    def errands(self) -> tuple[tuple[Position, ...], TrackedReload | None]:
        """Where it goes before the next stop."""
        return self.meetings, self.next_stop.reload if self.next_stop else None

    @cached_property
    def last_closed(self) -> TrackedStop | None:
        """The stop closed last, by the device's time."""
        closed = [stop for stop in self.stops if stop.closed_at is not None]
        return max(closed, key=_closed_at, default=None)

    def planned_first(self, arrivals: Mapping[UUID, datetime]) -> TrackedRoute:
        """The same route, its delay measured against these, which ``first_arrivals`` found."""
        stops = (replace(each, first_arrival=arrivals.get(each.stop_id)) for each in self.stops)
        return replace(self, stops=tuple(stops))

    def with_stop(self, stop: TrackedStop) -> TrackedRoute:
        """The same route with ``stop`` in the place of its former self."""
        stops = tuple(stop if known.stop_id == stop.stop_id else known for known in self.stops)
        return replace(self, stops=stops)

    def find_stop(self, stop_id: UUID) -> TrackedStop | None:
        """The stop with this id, if it is on the route."""
        return next((stop for stop in self.stops if stop.stop_id == stop_id), None)


def make_tracked_route(
    route: Route,
    version: RouteVersion,
    *,
    depot_position: Position,
    stops: Sequence[Stop],
    orders: Mapping[UUID, Order],
    promises: Mapping[UUID, TimeWindow],
    fetched: frozenset[UUID] = frozenset(),
    vehicle: Vehicle | None = None,
) -> TrackedRoute:
    """Joins a route, its newest version, its stops, and by order id the orders and promises.

    Parcels of the stops in ``fetched`` came from another van and are aboard.

    Planned stops whose Stop or Order is missing are left out: they have moved to another route.
    """
    by_id = {stop.id: stop for stop in stops}
    tracked = tuple(
        _tracked_stop(planned, by_id[planned.stop_id], orders[planned.order_id], promises)
        for planned in sorted(version.stops, key=lambda planned: planned.sequence)
        if planned.stop_id in by_id and planned.order_id in orders
    )
    tracked = _with_rests(tracked, version, route.rests)
    tracked = _with_reloads(
        tracked,
        version,
        trip_of(version, by_id, stops_to_load(stops, orders)),
        depot_position,
        breaks_to_come(version, route.rests),
    )
    path = route_path(
        version.geometry,
        depot_position,
        [stop.position for stop in tracked],
        [stop.leg_distance_m for stop in tracked],
    )
    return TrackedRoute(
        route_id=route.id,
        driver_id=route.driver_id,
        version=version.number,
        state=route.state,
        planned_start=version.start,
        path=path,
        stops=tracked,
        started_at=route.started_at,
        is_broken_down=route.is_broken_down,
        meetings=_meetings(version, by_id, fetched),
        vehicle=vehicle,
        rested=tuple(rest for rest in route.rests if rest.end is not None),
        depot=depot_position,
    )


def first_arrivals(
    versions: Iterable[RouteVersion], known: Mapping[UUID, datetime] = MappingProxyType({})
) -> dict[UUID, datetime]:
    """By stop id, when the first of a route's versions that has the stop plans to be there.

    What ``known`` says was planned before. How late a van is is measured against this: a newer
    version plans from where a late van is, and would call it punctual.
    """
    found = dict(known)
    for version in versions:
        for planned in version.stops:
            found.setdefault(planned.stop_id, planned.arrival)
    return found


def _meetings(
    version: RouteVersion, stops: Mapping[UUID, Stop], fetched: frozenset[UUID]
) -> tuple[Position, ...]:
    """Where parcels of open stops are still to be fetched, each place once."""
    places = [
        planned.transfer.position
        for planned in version.stops
        if planned.transfer is not None
        and planned.stop_id in stops
        and planned.stop_id not in fetched
        and stops[planned.stop_id].state is not StopState.CLOSED
    ]
    return tuple(dict.fromkeys(places))


def _with_rests(
    stops: tuple[TrackedStop, ...], version: RouteVersion, rests: Sequence[RouteRest]
) -> tuple[TrackedStop, ...]:
    """Each break to come at the first stop reached after it; one had while loading is in that leg.

    One being had stands before the first stop that is open.
    """
    waiting = [
        each
        for each in breaks_to_come(version, rests)
        if not any(r.arrival <= each.start and each.end <= r.departure for r in version.reloads)
    ]
    is_resting = bool(rests) and rests[-1].end is None
    found = []
    for stop in stops:
        if is_resting and stop.is_open:
            is_resting = False
            found.append(replace(stop, rest=breaks_had(version, rests)[-1]))
            continue
        is_next = waiting and waiting[0].start <= stop.planned_arrival
        found.append(replace(stop, rest=waiting.pop(0)) if is_next else stop)
    return tuple(found)


def _with_reloads(
    stops: tuple[TrackedStop, ...],
    version: RouteVersion,
    trip: int,
    depot: Position,
    to_come: Sequence[RouteBreak],
) -> tuple[TrackedStop, ...]:
    """Each return to come at the first open stop of the trip it loads for; ``trip`` is under way.

    A colación that was to be had while loading, and was had before, is not had there again.
    """
    had = version.breaks[: len(version.breaks) - len(to_come)]
    if not version.reloads:
        return stops
    trips, found = version.trips(), []
    for stop in stops:
        of_stop = trips[stop.stop_id]
        if of_stop <= trip or not stop.is_open:
            found.append(stop)
            continue
        trip = of_stop
        planned = version.reloads[of_stop - 2]
        lasts = planned.departure - planned.arrival
        for each in had:
            if planned.arrival <= each.start and each.end <= planned.departure:
                lasts -= each.end - each.start
        reload = TrackedReload(position=depot, loading_s=lasts.total_seconds())
        found.append(replace(stop, reload=reload))
    return tuple(found)


def breaks_as_expected(
    breaks: Iterable[RouteBreak],
    arrivals: Sequence[tuple[datetime, datetime]],
    closed: Iterable[datetime] = (),
) -> tuple[RouteBreak, ...]:
    """The breaks moved by as much as the first stop planned after each is late or early.

    ``arrivals`` are planned and expected, in the order of the visits. A break had at a door, on
    arriving, is over when that visit is expected. Nobody rested while a visit was ``closed``: then
    it was between two of them, the nearest that leave room for it.
    """
    over = sorted(closed)
    found = []
    for each in breaks:
        after = (
            expected - max(planned, each.end)
            for planned, expected in arrivals
            if planned >= each.start
        )
        moved = next(after, timedelta())
        found.append(_between(RouteBreak(start=each.start + moved, end=each.end + moved), over))
    return tuple(found)


def _between(rest: RouteBreak, closed: Sequence[datetime]) -> RouteBreak:
    """The break where it overlaps no closing of a visit; after the last one there is room."""
    if not any(rest.start < at < rest.end for at in closed):
        return rest
    lasts = rest.end - rest.start
    starts = [
        min(max(rest.start, before), after - lasts)
        for before, after in pairwise(closed)
        if after - before >= lasts
    ]
    start = min([*starts, closed[-1]], key=lambda begun: abs(begun - rest.start))
    return RouteBreak(start=start, end=start + lasts)


def stops_to_load(stops: Iterable[Stop], orders: Mapping[UUID, Order]) -> frozenset[UUID]:
    """Open stops with a parcel for their van to take along that is in no van yet."""
    return frozenset(
        stop.id
        for stop in stops
        if stop.state is not StopState.CLOSED
        and stop.type is not StopType.PICKUP
        and stop.order_id in orders
        and any(parcel.state in NOT_SCANNED for parcel in orders[stop.order_id].parcels)
    )


def trip_of(version: RouteVersion, stops: Mapping[UUID, Stop], to_load: frozenset[UUID]) -> int:
    """The trip a route is on, from 1: the last whose first visit is begun or over.

    Who is on the way to a visit has loaded for it; what was called off was no visit. What failed
    from afar says nothing of a trip that has stops in ``to_load``.
    """
    if not version.reloads:
        return 1
    trips = version.trips()
    not_loaded = {trips.get(stop_id, 1) for stop_id in stops.keys() & to_load}
    begun = {trips.get(stop_id, 1) for stop_id, stop in stops.items() if _is_begun(stop)}
    unseen = {trips.get(stop_id, 1) for stop_id, stop in stops.items() if _failed_unseen(stop)}
    return max({1, *begun, *(unseen - not_loaded)})


def _is_begun(stop: Stop) -> bool:
    if stop.state is StopState.CLOSED:
        is_visited = stop.outcome not in {*UNVISITED, Outcome.FAILED}
        return stop.arrived_at is not None or is_visited
    return stop.state in {StopState.EN_ROUTE, StopState.ARRIVED}


def _failed_unseen(stop: Stop) -> bool:
    return stop.outcome is Outcome.FAILED and stop.arrived_at is None


def _tracked_stop(
    planned: PlannedStop,
    stop: Stop,
    order: Order,
    promises: Mapping[UUID, TimeWindow],
) -> TrackedStop:
    placement = order.placement
    return TrackedStop(
        stop_id=planned.stop_id,
        order_id=planned.order_id,
        sequence=planned.sequence,
        position=stop.position,
        uncertainty_m=UNCERTAINTY_M_DEFAULT if placement is None else placement.uncertainty_m,
        service_time_s=order.service_time_s,
        planned_arrival=planned.arrival,
        planned_departure=planned.departure,
        leg_duration_s=planned.leg_duration_s,
        leg_distance_m=planned.leg_distance_m,
        windows=order.windows,
        promise=promises.get(planned.order_id),
        state=stop.state,
        outcome=stop.outcome,
        arrived_at=stop.arrived_at,
        closed_at=stop.closed_at,
    )


def _begun_at(stop: TrackedStop) -> datetime:
    return stop.arrived_at or stop.started_at or stop.planned_arrival


def _closed_at(stop: TrackedStop) -> datetime:
    return stop.closed_at or stop.planned_departure
