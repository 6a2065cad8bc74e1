"""The live picture of one tenant's day: routes as tracking follows them, and where orders are.

Routes are read from storage when a fact touches them, so that what is shown is what was
committed; positions go through the tracker. Readers get snapshots and never wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from promesa.dispatch.transfers import fetched_stops
from promesa.domain.events import Event
from promesa.domain.order import Order
from promesa.domain.promise import Promise, PromiseRisk, standing_promise
from promesa.domain.route import UNDER_WAY, PlannedStop, Route, RouteState, RouteVersion
from promesa.domain.stop import Outcome, Stop, StopState
from promesa.kernel.clock import Clock, pause_s
from promesa.kernel.errors import NotFoundError
from promesa.kernel.geo import Position
from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.notify.delay import expected_window
from promesa.runtime.repository import PlatformStore
from promesa.tracking.eta import Arrival
from promesa.tracking.horizons import StopHorizon, estimates_due
from promesa.tracking.intake import RefusedFix
from promesa.tracking.repository import ArrivalEstimate, Fix
from promesa.tracking.risk import counting_risk, worst_risk
from promesa.tracking.service import FixReport, Tracker
from promesa.tracking.snapshot import FleetSnapshot, RouteSnapshot
from promesa.tracking.tracked import TrackedRoute, first_arrivals, make_tracked_route
from promesa.tracking.travel import TravelTimes

# Estimates move with the clock; twice a minute is finer than any window shown.
TICK_GAP_S = 30.0
# Whoever refreshes in the background comes before any reader has to.
REFRESH_GAP_S = 15.0
_RELOADING = ("route.", "stop.", "order.", "promise.")


@dataclass(frozen=True, slots=True, kw_only=True)
class EtaNow:
    """An arrival with what it stands on: position, last_event or plan."""

    p10: datetime
    p50: datetime
    p90: datetime
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderNow:
    """Where an order is on today's routes."""

    order_id: UUID
    route_id: UUID
    route_code: str
    stop: Stop
    stop_id: UUID
    sequence: int
    eta: EtaNow | None
    stops_before: int | None
    risk: PromiseRisk

    @property
    def expected(self) -> TimeWindow | None:
        """The honest range of the estimate, in quarters of an hour; never a minute."""
        return None if self.eta is None else expected_window(self.eta.p10, self.eta.p90)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedRoute:
    """A route of the day with everything the screens ask of it.

    Attributes:
        promises: The newest of each order, by its id.
        told: All of them, by version.
        fetched: Stops whose parcels came from another van and are aboard.
    """

    route: Route
    version: RouteVersion
    stops: dict[UUID, Stop]
    orders: dict[UUID, Order]
    promises: dict[UUID, Promise]
    told: dict[UUID, list[Promise]]
    fetched: frozenset[UUID] = frozenset()

    @property
    def planned(self) -> list[PlannedStop]:
        """Stops of the version that are still on this route, by sequence."""
        return [item for item in self.version.stops if item.stop_id in self.stops]

    @property
    def is_called_off(self) -> bool:
        """Whether it was cancelled and nothing is planned on it: what it had went back."""
        return self.route.state is RouteState.CANCELLED and not self.planned


class FleetWatch:
    """Follows the routes of the day in motion for one tenant."""

    def __init__(self, tenant_id: UUID, travel: TravelTimes, clock: Clock) -> None:
        self.tenant_id = tenant_id
        self._clock = clock
        self._tracker = Tracker(travel, clock)
        self._routes: dict[UUID, WatchedRoute] = {}
        self._tracked: dict[UUID, TrackedRoute] = {}
        # By route: the version up to which it was read, and first_arrivals until then.
        self._first: dict[UUID, tuple[int, dict[UUID, datetime]]] = {}
        self._place_of_order: dict[UUID, tuple[UUID, UUID]] = {}
        self._kept_estimates: set[StopHorizon] = set()
        self._day: date | None = None
        self._loading = asyncio.Lock()
        self._ticked_at: datetime | None = None

    @property
    def day(self) -> date:
        """The service day in motion: after midnight yesterday's, while a van of it is out."""
        now = self._clock.now()
        night = ServiceDay.of_the_night(now)
        if night is not None and night.date == self._day and self._is_any_out():
            return night.date
        return ServiceDay.of(now).date

    def _is_any_out(self) -> bool:
        return any(watched.route.state in UNDER_WAY for watched in self._routes.values())

    @property
    def is_current(self) -> bool:
        """Whether today has been read."""
        return self._day == self.day

    def routes(self) -> list[WatchedRoute]:
        """Today's routes by code."""
        return sorted(self._routes.values(), key=lambda item: item.route.code)

    def find_route(self, route_id: UUID) -> WatchedRoute | None:
        """A route of today."""
        return self._routes.get(route_id)

    def snapshot(self) -> FleetSnapshot:
        """The fleet as last written; brings estimates up to date when they are old."""
        now = self._clock.now()
        if self._ticked_at is None or (now - self._ticked_at).total_seconds() >= TICK_GAP_S:
            self._ticked_at = now
            self._tracker.tick()
        return self._tracker.snapshot()

    def find_refused(self, driver_id: UUID) -> RefusedFix | None:
        """The last position of a driver that was refused, while none was believed since."""
        return self._tracker.find_refused(driver_id)

    async def refresh(self) -> None:
        """Brings estimates up to date before a reader has to, and lets others in between."""
        now = self._clock.now()
        if self._ticked_at is None or (now - self._ticked_at).total_seconds() >= REFRESH_GAP_S:
            self._ticked_at = now
            for _ in self._tracker.ticking():
                await pause_s(0)

    def picture(self, route_id: UUID) -> RouteSnapshot | None:
        """One route as last written, each stop with the risk of the promise that counts.

        Every screen reads this, so that a stop has one shape wherever it is shown. The snapshot
        itself judges by the window told last, which is what a message about a delay goes by.
        """
        seen, watched = self.snapshot().find_route(route_id), self._routes.get(route_id)
        if seen is None or watched is None:
            return seen
        return _judged(watched, seen, self._clock.now())

    def pictures(self) -> dict[UUID, RouteSnapshot]:
        """Every route so, by its id."""
        found = {route_id: self.picture(route_id) for route_id in self._routes}
        return {route_id: seen for route_id, seen in found.items() if seen is not None}

    def find_order(self, order_id: UUID) -> OrderNow | None:
        """Where an order is today; None when it is on no route of today, or was taken off it."""
        place = self._place_of_order.get(order_id)
        watched = None if place is None else self._routes.get(place[0])
        if place is None or watched is None or place[1] not in watched.stops:
            return None
        stop = watched.stops[place[1]]
        if stop.outcome is Outcome.CANCELLED:
            return None
        seen = self.snapshot().find_route(place[0])
        arrival = seen.find_arrival(stop.id) if seen else None
        risk = seen.risks.get(stop.id) if seen else None
        sequence = next((p.sequence for p in watched.planned if p.stop_id == stop.id), 0)
        return OrderNow(
            order_id=order_id,
            route_id=place[0],
            route_code=watched.route.code,
            stop=stop,
            stop_id=stop.id,
            sequence=sequence,
            eta=_eta(arrival, seen),
            stops_before=seen.find_stops_before(stop.id) if seen else None,
            risk=_counting_risk(watched, seen, stop, risk, self._clock.now())
            if seen and risk
            else PromiseRisk.ON_TIME,
        )

    def way_to(self, route_id: UUID, stop_id: UUID) -> list[Position]:
        """The planned way from where the van is to a stop; empty while it is off its way."""
        tracked = self._tracked.get(route_id)
        seen = self.snapshot().find_route(route_id)
        progress = seen.progress if seen else None
        if tracked is None or progress is None or not progress.is_on_route:
            return []
        ahead = (
            tracked.path.between(progress.along_m, along_m)
            for stop, along_m in zip(tracked.stops, tracked.path.stop_along, strict=True)
            if stop.stop_id == stop_id
        )
        return next(ahead, [])

    def due_estimates(self, driver_ids: Collection[UUID] | None = None) -> list[ArrivalEstimate]:
        """Estimates at a horizon that nobody has kept yet; of these drivers, or of all.

        Looks at the pictures as they are: what is due of an old one is of the past.
        """
        seen = self._tracker.snapshot().routes
        return [
            estimate
            for route_id, tracked in self._tracked.items()
            if route_id in seen
            and not tracked.is_over
            and (driver_ids is None or tracked.driver_id in driver_ids)
            for estimate in estimates_due(seen[route_id], self._kept_estimates)
        ]

    def note_kept(self, estimates: Iterable[ArrivalEstimate]) -> None:
        """These are committed, and due no more. After a restart storage knows which were."""
        self._kept_estimates.update((each.stop_id, each.horizon_min) for each in estimates)

    async def load(self, tx: PlatformStore) -> None:
        """Reads the whole day from storage, as after a restart or at midnight.

        Whoever asks meanwhile waits: a day that is half read would be shown as a whole one.
        """
        async with self._loading:
            if self.is_current:
                return
            for route_id in list(self._routes):
                self._forget(route_id)
            self._kept_estimates.clear()
            self._tracker.recall(await tx.tracks.last_fixes())
            day, routes = await _day_in_motion(tx, self._clock.now())
            for route in routes:
                await self._read(tx, route)
            self._day = day

    def is_touched_by(self, events: Iterable[Event]) -> bool:
        """Whether these facts change the picture, or it is of another day anyway."""
        return not self.is_current or bool(self._touched_by(events))

    async def apply(self, tx: PlatformStore, events: Iterable[Event]) -> None:
        """Takes committed facts in order; each route they touch is read once."""
        if not self.is_current:
            # Another may have been reading it already, before these facts were there.
            await self.load(tx)
        for route_id in self._touched_by(events):
            try:
                route = await tx.routes.get(route_id)
            except NotFoundError:
                continue
            if route.date == self._day:
                await self._read(tx, route)

    def _touched_by(self, events: Iterable[Event]) -> dict[UUID, None]:
        touched: dict[UUID, None] = {}
        for event in events:
            is_fetched = event.type == "parcel.loaded" and self._is_fetching(event.route_id)
            if not event.type.startswith(_RELOADING) and not is_fetched:
                continue
            if event.route_id is not None:
                touched[event.route_id] = None
            if event.order_id is not None and event.order_id in self._place_of_order:
                touched[self._place_of_order[event.order_id][0]] = None
        return touched

    def _is_fetching(self, route_id: UUID | None) -> bool:
        """Whether the route has parcels to fetch from another van: each scan may be the last."""
        tracked = None if route_id is None else self._tracked.get(route_id)
        return tracked is not None and bool(tracked.meetings)

    def forget_travel(self) -> None:
        """Estimates from now on ask the streets anew: live traffic changed."""
        self._tracker.forget_travel()

    def ask_ahead(self, gap: timedelta) -> None:
        """Has the roads asked what estimates will ask, away from the event loop."""
        self._tracker.ask_ahead(gap)

    def take_fixes(self, fixes: list[Fix]) -> FixReport:
        """Shows positions to the tracker; what it believed is to be kept by the caller."""
        return self._tracker.apply_fixes(fixes)

    async def _read(self, tx: PlatformStore, route: Route) -> None:
        if route.version == 0:
            return
        watched = await read_watched(tx, route)
        depots = {depot.id: depot for depot in await tx.fleet.list_depots()}
        vehicles = {vehicle.id: vehicle for vehicle in await tx.fleet.list_vehicles()}
        self._forget(route.id, keep_track=True)
        self._routes[route.id] = watched
        for stop in watched.stops.values():
            if stop.outcome is Outcome.CANCELLED:
                # Taken off: another van may have it by now, and that is where it is.
                self._place_of_order.setdefault(stop.order_id, (route.id, stop.id))
            else:
                self._place_of_order[stop.order_id] = (route.id, stop.id)
        tracked = make_tracked_route(
            route,
            watched.version,
            depot_position=depots[route.depot_id].position,
            stops=list(watched.stops.values()),
            orders=watched.orders,
            promises={key: promise.window for key, promise in watched.promises.items()},
            fetched=watched.fetched,
            vehicle=vehicles.get(route.vehicle_id),
        ).planned_first(await self._first_planned(tx, watched.version))
        self._tracked[route.id] = tracked
        self._tracker.follow(tracked)

    async def _first_planned(
        self, tx: PlatformStore, version: RouteVersion
    ) -> dict[UUID, datetime]:
        """When each stop was first planned; older versions are read only if none of them was."""
        number, known = self._first.get(version.route_id, (0, {}))
        if number < version.number:
            newer = [version]
            if number < version.number - 1:
                newer = await tx.routes.list_versions(version.route_id)
            known = first_arrivals(newer, known)
            self._first[version.route_id] = version.number, known
        return known

    def _forget(self, route_id: UUID, *, keep_track: bool = False) -> None:
        self._routes.pop(route_id, None)
        self._tracked.pop(route_id, None)
        gone = [oid for oid, place in self._place_of_order.items() if place[0] == route_id]
        for order_id in gone:
            del self._place_of_order[order_id]
        if not keep_track:
            self._first.pop(route_id, None)
            self._tracker.forget(route_id)


async def _day_in_motion(tx: PlatformStore, now: datetime) -> tuple[date, list[Route]]:
    """Yesterday with its routes while a van of it is out after midnight, else today."""
    night = ServiceDay.of_the_night(now)
    if night is not None:
        routes = await tx.routes.list_of(night.date)
        if any(route.state in UNDER_WAY for route in routes):
            return night.date, routes
    today = ServiceDay.of(now).date
    return today, await tx.routes.list_of(today)


async def read_watched(tx: PlatformStore, route: Route) -> WatchedRoute:
    """A route of any day with what belongs to it."""
    version = await tx.routes.get_version(route.id, route.version)
    stops = {stop.id: stop for stop in await tx.routes.list_stops(route.id)}
    orders = await tx.orders.get_many([stop.order_id for stop in stops.values()])
    told = await tx.promises.list_of([order.id for order in orders])
    by_id = {order.id: order for order in orders}
    return WatchedRoute(
        route=route,
        version=version,
        stops=stops,
        orders=by_id,
        promises={order_id: versions[-1] for order_id, versions in told.items() if versions},
        told=told,
        fetched=await fetched_stops(tx.custody, route.id, version.stops, by_id),
    )


def _judged(watched: WatchedRoute, seen: RouteSnapshot, now: datetime) -> RouteSnapshot:
    risks = {
        stop_id: _counting_risk(watched, seen, watched.stops.get(stop_id), risk, now)
        for stop_id, risk in seen.risks.items()
    }
    return replace(seen, risks=MappingProxyType(risks), risk=worst_risk(risks.values()))


def _counting_risk(
    watched: WatchedRoute,
    seen: RouteSnapshot,
    stop: Stop | None,
    risk: PromiseRisk,
    now: datetime,
) -> PromiseRisk:
    if stop is None or stop.state is StopState.CLOSED:
        return risk
    day = ServiceDay(watched.route.date)
    standing = standing_promise(watched.told.get(stop.order_id, []), day)
    if standing is None:
        return risk
    arrival = seen.find_arrival(stop.id)
    return counting_risk(risk, standing.window, arrival, arrived_at=stop.arrived_at, now=now)


def _eta(arrival: Arrival | None, seen: RouteSnapshot | None) -> EtaNow | None:
    if arrival is None or seen is None:
        return None
    return EtaNow(p10=arrival.p10, p50=arrival.p50, p90=arrival.p90, basis=seen.basis.value)
