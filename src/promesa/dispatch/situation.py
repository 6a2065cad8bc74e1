"""The rest of the day as a routing problem: where each van is, and what it still has to visit.

What was visited is past and not in it. A stop the driver is at, or on the way to, stays first.
What is loaded on coming back to the depot lies there until then. A van that takes parcels from
another one meets it first: that meeting is a visit too, at the place where the other van stands. A
spare van is a route without stops that starts at its depot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from promesa.dispatch.left_aboard import Visited, left_aboard
from promesa.dispatch.streets import DayStreets, SharedTravel
from promesa.domain.fleet import Depot, Driver, Load, Vehicle
from promesa.domain.order import Order
from promesa.domain.route import (
    UNDER_WAY,
    PlannedStop,
    Route,
    RouteBreak,
    RouteVersion,
    Transfer,
)
from promesa.domain.stop import UNVISITED, Stop, StopState, StopType
from promesa.kernel.geo import Position, distance_m
from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.planning.crews import breaks_of, loading_time_of, overtime_of
from promesa.planning.travel import detour_metres
from promesa.routing import problem as engine
from promesa.routing.course import Start
from promesa.routing.matrix import Matrix
from promesa.tracking.repository import Fix
from promesa.tracking.resting import breaks_had, breaks_to_come, taken_after
from promesa.tracking.tracked import MEETING_SERVICE_TIME_S, trip_of

# Vans come back late: hours so long after the shift are told apart too.
OVERTIME_SEEN = timedelta(hours=2)
# Hours that differ by less are one.
ALIKE = 0.01
_BEGUN = frozenset({StopState.EN_ROUTE, StopState.ARRIVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteNow:
    """A route at this instant.

    Attributes:
        stops: Now on the route, by id.
        fix: Where the van was seen last, however long ago; None when nobody knows.
        fetched: Stops whose parcels came from another van and are aboard.
        to_load: Open stops with a parcel that is in no van yet.
        is_spare: Whether it is a van at its depot with no route yet.
        driver: None for one without limits or a colación.
    """

    route: Route
    version: RouteVersion
    stops: Mapping[UUID, Stop]
    vehicle: Vehicle
    depot: Depot
    shift_end: datetime
    fix: Fix | None = None
    fetched: frozenset[UUID] = frozenset()
    to_load: frozenset[UUID] = frozenset()
    is_spare: bool = False
    driver: Driver | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether the van has left the depot."""
        return self.route.state in UNDER_WAY

    @property
    def open_stops(self) -> list[PlannedStop]:
        """Still to be visited, a visit already begun first."""
        rest = [
            planned
            for planned in self.version.stops
            if planned.stop_id in self.stops
            and self.stops[planned.stop_id].state is not StopState.CLOSED
        ]
        return sorted(rest, key=lambda planned: not self.has_begun(planned))

    @property
    def closed_stops(self) -> list[PlannedStop]:
        """Visited, as planned."""
        return [
            planned
            for planned in self.version.stops
            if planned.stop_id in self.stops
            and self.stops[planned.stop_id].state is StopState.CLOSED
        ]

    @property
    def last_closed_at(self) -> datetime | None:
        """When the last visit was over; None before the first."""
        closed = (stop.closed_at for stop in self.stops.values() if stop.closed_at is not None)
        return max(closed, default=None)

    @property
    def stops_left(self) -> int | None:
        """How many more it may be given of the most it makes in a day; None for no limit."""
        most = self.vehicle.stops_max
        if most is None:
            return None
        visited = sum(self.stops[p.stop_id].outcome not in UNVISITED for p in self.closed_stops)
        return max(0, most - visited - len(self.open_stops))

    def pending_transfer(self, planned: PlannedStop) -> Transfer | None:
        """Where the parcels of a stop are still to be fetched."""
        return None if planned.stop_id in self.fetched else planned.transfer

    def without(self, removed: frozenset[UUID]) -> RouteNow:
        """The route once it has given these stops away."""
        return replace(
            self, stops={key: stop for key, stop in self.stops.items() if key not in removed}
        )

    def has_begun(self, planned: PlannedStop) -> bool:
        """Whether the driver is there, or on the way."""
        return self.stops[planned.stop_id].state in _BEGUN

    @property
    def trip(self) -> int:
        """The trip it is on, from 1: whose first visit is begun, or over."""
        return trip_of(self.version, self.stops, self.to_load)

    @property
    def open_steps(self) -> list[PlannedStop | None]:
        """Its open stops, and None where it goes back to load before the next of them."""
        if not self.version.reloads:
            return list(self.open_stops)
        trips, trip, steps = self.version.trips(), self.trip, list[PlannedStop | None]()
        for planned in self.open_stops:
            if trips[planned.stop_id] > trip:
                trip = trips[planned.stop_id]
                steps.append(None)
            steps.append(planned)
        return steps

    @property
    def waiting(self) -> frozenset[UUID]:
        """Open stops whose parcels lie in the depot, for a van on the road to come back for.

        What was scanned into the van for a later trip is aboard already.
        """
        if not self.is_under_way or not self.version.reloads:
            return frozenset()
        trips, trip = self.version.trips(), self.trip
        later = {stop.stop_id for stop in self.open_stops if trips[stop.stop_id] > trip}
        return self.to_load & later

    @property
    def place(self) -> Position:
        """Where the van is, as far as we know: seen, else its last visit, else its depot."""
        if not self.is_under_way:
            return self.depot.position
        arrived = [stop for stop in self.stops.values() if stop.state is StopState.ARRIVED]
        if arrived:
            return arrived[0].position
        if self.fix is not None:
            return self.fix.position
        closed = [stop for stop in self.stops.values() if stop.closed_at is not None]
        latest = max(
            closed, key=lambda stop: (stop.closed_at or self.version.start, stop.id), default=None
        )
        return self.depot.position if latest is None else latest.position


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The routes of a day that may still change.

    Attributes:
        orders: Of the stops, by id.
        promised: The window that counts for each recipient, by order id.
        told: The window each was told last, which may be one we told because we are late.
    """

    now: datetime
    day: ServiceDay
    routes: tuple[RouteNow, ...]
    orders: Mapping[UUID, Order]
    promised: Mapping[UUID, TimeWindow] = field(default_factory=dict)
    told: Mapping[UUID, TimeWindow] = field(default_factory=dict)

    def window_to_keep(self, order_id: UUID) -> TimeWindow | None:
        """The promise that counts, until its window is over: then what was told last."""
        counting = self.promised.get(order_id)
        if counting is not None and counting.end > self.now:
            return counting
        return self.told.get(order_id, counting)

    def get_route(self, route_id: UUID) -> RouteNow:
        """The route with this id."""
        return next(now for now in self.routes if now.route.id == route_id)

    def find_route_of(self, stop_id: UUID) -> RouteNow | None:
        """The route this open stop is on."""
        for now in self.routes:
            if any(planned.stop_id == stop_id for planned in now.open_stops):
                return now
        return None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RestOfDay:
    """A situation as a routing problem.

    Attributes:
        stop_ids: By stop index; None for a meeting with a van that gives.
        meetings: Stop indices of the meetings in their order, by vehicle index.
        starts: By vehicle index.
        points: Of the matrix, by location.
    """

    problem: engine.Problem
    routes: tuple[RouteNow, ...]
    stop_ids: tuple[UUID | None, ...]
    meetings: tuple[tuple[int, ...], ...]
    starts: tuple[Start, ...]
    points: tuple[Position, ...]

    def index_of(self, stop_id: UUID) -> int:
        """The stop's index in the problem."""
        return self.problem.stop_index[str(stop_id)]


def rest_of_day(
    situation: Situation,
    routes: Sequence[RouteNow],
    streets: DayStreets,
    *,
    givers: Sequence[RouteNow] = (),
    met: Mapping[UUID, Sequence[Position]] | None = None,
) -> RestOfDay:
    """The problem of ``routes``, at the times of the slowest of them.

    The stops of ``givers``, who come after them, are in it for one of them to take. Each van meets
    others where it has still to fetch parcels, then at the places in ``met``, by route id.
    """
    every = (*routes, *givers)
    planned = [(number, stop) for number, now in enumerate(every) for stop in now.open_stops]
    stops = [every[number].stops[stop.stop_id] for number, stop in planned]
    places_met = [_places_met(now, (met or {}).get(now.route.id, ())) for now in every]
    depots = dict.fromkeys(now.depot.position for now in every)
    places = [
        *depots,
        *(now.place for now in every),
        *(stop.position for stop in stops),
        *(place for places in places_met for place in places),
    ]
    points = tuple(dict.fromkeys(places))
    location = {point: number for number, point in enumerate(points)}
    vehicles = [now.vehicle for now in routes]
    until = max(situation.now, *(now.shift_end for now in every)) + OVERTIME_SEEN
    travel = streets.between(points, situation.now, vehicles, depots=len(depots), until=until)
    visits = [
        replace(
            _visit(situation, stop, location),
            excluded_vehicles=_shut_out(travel.closed, location[stop.position], number),
        )
        for (number, _), stop in zip(planned, stops, strict=True)
    ]
    aboard = _aboard(situation)
    meetings: list[engine.Stop] = []
    of_route: list[tuple[int, ...]] = []
    for number, places in enumerate(places_met):
        first = len(visits) + len(meetings)
        meetings += [_meeting(f"{number} {n}", location[place]) for n, place in enumerate(places)]
        of_route.append(tuple(range(first, first + len(places))))
    return RestOfDay(
        problem=engine.Problem(
            travel=_matrix(situation, travel, points),
            depots=tuple(
                engine.Depot(
                    id=str(n), location=location[now.depot.position], close_s=engine.LAST_S
                )
                for n, now in enumerate(every)
            ),
            vehicles=tuple(
                _vehicle(n, now, situation, len(places_met[n])) for n, now in enumerate(every)
            ),
            stops=(*visits, *meetings),
        ),
        routes=every,
        stop_ids=(*(stop.id for stop in stops), *(None for _ in meetings)),
        meetings=tuple(of_route),
        starts=tuple(
            _start(now, situation, location[now.place], aboard.get(now.route.id, engine.NOTHING))
            for now in every
        ),
        points=points,
    )


def _matrix(situation: Situation, travel: SharedTravel, points: Sequence[Position]) -> Matrix:
    """The ways at the hours they are driven in; one slice where all hours are alike."""
    metres = detour_metres(points, travel.seconds)
    if all(abs(share - 1.0) < ALIKE for _, share in travel.later):
        return Matrix.of([travel.seconds], [metres])
    is_open = travel.seconds > 0
    # A plan of the evening before: its hours count from the beginning of the day on.
    shares = {max(0, situation.day.second_of(at)): share for at, share in travel.later}
    return Matrix.of(
        [
            np.where(is_open, np.rint(travel.seconds * share), travel.seconds).astype(np.int32)
            for share in shares.values()
        ],
        [metres] * len(shares),
        tuple(shares),
    )


def _shut_out(closed: Sequence[frozenset[int]], point: int, owner: int) -> frozenset[str]:
    """Vehicles that cannot get to a stop; whose it is already goes there all the same."""
    return frozenset(
        str(number) for number, shut in enumerate(closed) if number != owner and point in shut
    )


def _places_met(now: RouteNow, met: Sequence[Position]) -> list[Position]:
    """Where it has still to fetch parcels and where it would, each once, the nearest next."""
    pending = [now.pending_transfer(stop) for stop in now.open_stops]
    left = list(dict.fromkeys([*(each.position for each in pending if each), *met]))
    here, ordered = now.place, []
    while left:
        here = min(left, key=lambda place: distance_m(here, place))
        left.remove(here)
        ordered.append(here)
    return ordered


def _meeting(name: str, location: int) -> engine.Stop:
    return engine.Stop(
        id=f"meeting {name}", location=location, service_time_s=MEETING_SERVICE_TIME_S
    )


def _visit(situation: Situation, stop: Stop, location: Mapping[Position, int]) -> engine.Stop:
    order = situation.orders[stop.order_id]
    is_pickup = stop.type is StopType.PICKUP
    return engine.Stop(
        id=str(stop.id),
        location=location[stop.position],
        delivered=engine.NOTHING if is_pickup else order.load,
        picked_up=order.load if is_pickup else engine.NOTHING,
        windows=_windows(situation, order),
        service_time_s=order.service_time_s,
        skills=order.skills,
    )


def _windows(situation: Situation, order: Order) -> tuple[engine.Window, ...]:
    """What is promised and may still be kept; else the order's own windows; else any time."""
    promised = situation.window_to_keep(order.id)
    windows = order.windows if promised is None else (promised,)
    return tuple(
        engine.Window(
            start_s=max(0, situation.day.second_of(window.start)),
            end_s=situation.day.second_of(window.end),
        )
        for window in windows
        if window.end > situation.day.start
    )


def _vehicle(number: int, now: RouteNow, situation: Situation, meetings: int) -> engine.Vehicle:
    van, day, driver = now.vehicle, situation.day, now.driver
    start_s = max(0, day.second_of(now.version.start))
    end_s = day.second_of(now.shift_end)
    return engine.Vehicle(
        id=str(number),
        start_depot=number,
        end_depot=number,
        capacity=van.capacity,
        shift_start_s=start_s,
        shift_end_s=max(start_s + 1, end_s),
        skills=van.skills,
        fixed_cost_clp=van.cost_fixed_clp if now.is_spare else 0,
        hour_cost_clp=van.cost_per_hour_clp,
        km_cost_clp=van.cost_per_km_clp,
        overtime_max_s=overtime_of(day, driver, now.depot, end_s),
        overtime_hour_cost_clp=(driver.overtime_hour_cost_clp if driver else None) or 0,
        driving_max_s=driver.driving_max_s if driver else None,
        duty_max_s=driver.duty_max_s if driver else None,
        breaks=_breaks(now, situation, start_s),
        # Who was given more than its most keeps them; a meeting is a visit, and no stop.
        stops_max=None
        if now.stops_left is None
        else len(now.open_stops) + now.stops_left + meetings,
        # Only as often as it is to come back anyway: one time more is somebody's decision.
        trips_max=1 + now.open_steps.count(None),
        loading_time_s=loading_time_of(van),
    )


def _breaks(now: RouteNow, situation: Situation, start_s: int) -> tuple[engine.Break, ...]:
    """The colación still to be had: the one of the plan, until it has begun.

    A plan without it has it before leaving, once its first hour is long enough over, or after
    coming back: then it is still due, and comes under way once the route gets too long for that,
    unless its hours are over. Who waits at the depot likewise.
    """
    meal = now.driver.meal_break if now.driver else None
    if meal is None:
        return ()
    found = breaks_of(situation.day, meal, start_s, situation.day.second_of(now.shift_end))
    rests = now.route.rests
    if now.version.breaks or breaks_had(now.version, rests):
        left = breaks_to_come(now.version, rests)
        return () if all(_begun(now, each, situation.now) for each in left) else found
    now_s = situation.day.second_of(situation.now)
    return tuple(
        each
        for each in found
        if each.start_s + each.duration_s > start_s and now_s + each.duration_s <= each.end_s
    )


def begun_breaks(now: RouteNow, at: datetime) -> tuple[RouteBreak, ...]:
    """Those that are over or being had: as the driver told, else as tracking expects them."""
    rests = now.route.rests
    planned = (_begun(now, each, at) for each in breaks_to_come(now.version, rests))
    return (*breaks_had(now.version, rests), *(each for each in planned if each is not None))


def _begun(now: RouteNow, planned: RouteBreak, at: datetime) -> RouteBreak | None:
    """One that nobody told of, where it was had or is; None while other visits come before it."""
    after = (stop for stop in now.version.stops if stop.arrival >= planned.start)
    following = next((stop for stop in after if stop.stop_id in now.stops), None)
    if following in now.open_stops[1:]:
        return None
    is_next = following in now.open_stops
    taken = taken_after(planned, now.last_closed_at if is_next else None)
    return taken if taken.start <= at else None


def _aboard(situation: Situation) -> Mapping[UUID, Load]:
    """What is aboard by route id, besides what each van is still to hand over."""
    visits = [visited for now in situation.routes for visited in _visited(now)]
    to_visit = [stop.order_id for now in situation.routes for stop in now.open_stops]
    return left_aboard(visits, to_visit, situation.orders)


def _visited(now: RouteNow) -> list[Visited]:
    trips = now.version.trips() if now.version.reloads else {}
    return [
        Visited(stop=stop, is_of_this_trip=trips.get(stop.id, now.trip) == now.trip)
        for stop in now.stops.values()
        if stop.state is StopState.CLOSED
    ]


def _start(now: RouteNow, situation: Situation, location: int, aboard: Load) -> Start:
    """A van under way can go on now, once its driver has eaten; another when it was to leave."""
    day = situation.day
    ready_s = max(0, day.second_of(situation.now))
    if not now.is_under_way:
        return Start(location=location, ready_s=max(ready_s, day.second_of(now.version.start)))
    begun = begun_breaks(now, situation.now)
    ready_s = max([ready_s, *(day.second_of(each.end) for each in begun)])
    left_s = day.second_of(now.route.started_at or now.version.start)
    return Start(
        location=location,
        ready_s=ready_s,
        aboard=aboard,
        driven_s=sum(stop.leg_duration_s for stop in now.closed_stops),
        on_duty_s=max(0, ready_s - left_s),
    )
