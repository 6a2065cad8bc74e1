"""How routes look from the torre: a line each, or whole with their stops."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from promesa.api.decoding import View
from promesa.api.order_views import EtaView, WindowView, people_shown, window_view
from promesa.domain.person import Person
from promesa.domain.promise import PromiseRisk
from promesa.domain.route import (
    OVER,
    PlannedStop,
    RouteBreak,
    RouteReload,
    RouteRest,
    RouteVersion,
)
from promesa.domain.stop import Outcome, Stop, StopState
from promesa.runtime.fleet_watch import WatchedRoute, read_watched
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore
from promesa.tracking.intake import RefusedFix
from promesa.tracking.resting import breaks_to_come, rests_at
from promesa.tracking.risk import worst_risk
from promesa.tracking.snapshot import RouteSnapshot


class DriverName(View):
    """Who drives."""

    id: UUID
    code: str
    name: str | None


class VanName(View):
    """With what."""

    id: UUID
    code: str
    plate: str


class DepotName(View):
    """From where."""

    id: UUID
    name: str
    position: tuple[float, float]


class RefusedFixView(View):
    """A position that came and was not believed: which hour it told, when it came, and why."""

    at: datetime
    heard_at: datetime
    code: str
    sentence: str


def refused_view(refused: RefusedFix | None) -> RefusedFixView | None:
    """The same for the screens."""
    if refused is None:
        return None
    return RefusedFixView(
        at=refused.at,
        heard_at=refused.heard_at,
        code=refused.code.value,
        sentence=refused.sentence,
    )


class RouteSummary(View):
    """A route in a line.

    ``end`` is the plan's return, ``expected_end`` the one now estimated; null when all is closed,
    and of a broken-down van, since nobody knows. ``delay_s`` is how much later than its route first
    planned it the van reaches its next stop. ``refused_fix`` is the last position, while none
    was believed since.
    """

    id: UUID
    code: str
    date: date
    state: str
    version: int
    acknowledged_version: int
    driver: DriverName
    vehicle: VanName
    depot: DepotName
    start: datetime
    end: datetime
    expected_end: datetime | None
    stops_total: int
    stops_closed: int
    stops_failed: int
    risk: str
    at_risk: int
    late: int
    delay_s: int
    cod_due_clp: int
    cash_told_clp: int | None
    cash_counted_clp: int | None
    is_broken_down: bool
    position: tuple[float, float] | None
    heading_deg: float | None
    last_fix_at: datetime | None
    basis: str | None
    refused_fix: RefusedFixView | None


class RestView(View):
    """A rest the driver told; `end` is when it is due while it goes on.

    One that ended as `is_short` does not count: the colación is still to be had.
    """

    start: datetime
    end: datetime
    is_over: bool
    is_short: bool


class ReloadView(View):
    """A return to the depot for the next load; ``order_id`` is the first order after it."""

    arrival: datetime
    departure: datetime
    order_id: UUID


def rest_views(version: RouteVersion, rests: Sequence[RouteRest], now: datetime) -> list[RestView]:
    """When the driver rested."""
    return [
        RestView(start=seen.start, end=seen.end, is_over=seen.is_over, is_short=seen.is_short)
        for seen in rests_at(version, rests, now)
    ]


def break_views(breaks: Sequence[RouteBreak]) -> list[WindowView]:
    """When the driver has their colación."""
    return [WindowView(start=each.start, end=each.end) for each in breaks]


def reload_views(reloads: Sequence[RouteReload]) -> list[ReloadView]:
    """When the van loads again."""
    return [
        ReloadView(arrival=each.arrival, departure=each.departure, order_id=each.order_id)
        for each in reloads
    ]


class RouteList(View):
    """The routes of a day by code."""

    items: list[RouteSummary]


class RouteStopView(View):
    """A stop of a route."""

    stop_id: UUID
    order_id: UUID
    reference: str
    sequence: int
    type: str
    state: str
    outcome: str | None
    reason: str | None
    address: str | None
    unit: str | None
    comuna: str | None
    recipient: str | None
    position: tuple[float, float]
    placement_level: str | None
    uncertainty_m: float | None
    confirmed_by: UUID | None
    window: WindowView | None
    planned_arrival: datetime
    eta: EtaView | None
    arrived_at: datetime | None
    closed_at: datetime | None
    risk: str
    parcels: int
    cod_clp: int | None


class VersionView(View):
    """A published version; it never changes."""

    number: int
    published_at: datetime
    cause: str
    stops: int
    distance_m: int


class RouteView(View):
    """A route whole."""

    summary: RouteSummary
    geometry: str
    breaks: list[WindowView]
    rests: list[RestView]
    reloads: list[ReloadView]
    stops: list[RouteStopView]
    versions: list[VersionView]


async def list_summaries(platform: Platform, caller: Caller, day: date) -> RouteList:
    """The routes of a day; of today with what is known this minute.

    A spare van whose stops went back is none: it waits as before it was sent out.
    """
    watch = await platform.ready_watch(caller.tenant_id)
    async with platform.transaction(caller.tenant_id) as tx:
        names = await FleetNames.read(tx, caller)
        if day == watch.day:
            return RouteList(
                items=[
                    summary_of(
                        item,
                        watch.picture(item.route.id),
                        names,
                        watch.find_refused(item.route.driver_id),
                    )
                    for item in watch.routes()
                    if not item.is_called_off
                ]
            )
        unwatched = [await read_watched(tx, route) for route in await tx.routes.list_of(day)]
    return RouteList(
        items=[summary_of(item, None, names) for item in unwatched if not item.is_called_off]
    )


async def view_route(platform: Platform, caller: Caller, route_id: UUID) -> RouteView:
    """One route with its stops and versions."""
    watch = await platform.ready_watch(caller.tenant_id)
    async with platform.transaction(caller.tenant_id) as tx:
        route = await tx.routes.get(route_id)
        watched = await read_watched(tx, route)
        seen = watch.picture(route_id)
        names = await FleetNames.read(tx, caller)
        recipients = [order.recipient_id for order in watched.orders.values()]
        people = await people_shown(tx, caller, recipients)
        versions = await tx.routes.list_versions(route_id)
    stops = [
        _stop(watched, planned, seen, people.get(watched.orders[planned.order_id].recipient_id))
        for planned in watched.planned
        if planned.order_id in watched.orders
    ]
    return RouteView(
        summary=summary_of(watched, seen, names, watch.find_refused(route.driver_id)),
        geometry=watched.version.geometry,
        breaks=break_views(breaks_to_come(watched.version, watched.route.rests)),
        rests=rest_views(watched.version, watched.route.rests, platform.clock.now()),
        reloads=reload_views(watched.version.reloads),
        stops=stops,
        versions=[_version(version) for version in versions],
    )


class FleetNames:
    """Names of drivers, vans and depots, read once for many routes."""

    def __init__(
        self,
        drivers: dict[UUID, DriverName],
        vans: dict[UUID, VanName],
        depots: dict[UUID, DepotName],
    ) -> None:
        self.drivers = drivers
        self.vans = vans
        self.depots = depots

    @classmethod
    async def read(cls, tx: PlatformStore, caller: Caller) -> FleetNames:
        """All of the tenant; an operator has hundreds at most."""
        drivers = await tx.fleet.list_drivers()
        people = await people_shown(tx, caller, [driver.person_id for driver in drivers])
        return cls(
            {
                item.id: DriverName(
                    id=item.id,
                    code=item.code,
                    name=people[item.person_id].name if item.person_id in people else None,
                )
                for item in drivers
            },
            {
                item.id: VanName(id=item.id, code=item.code, plate=item.plate)
                for item in await tx.fleet.list_vehicles()
            },
            {
                item.id: DepotName(
                    id=item.id, name=item.name, position=(item.position.lon, item.position.lat)
                )
                for item in await tx.fleet.list_depots()
            },
        )


def summary_of(
    watched: WatchedRoute,
    seen: RouteSnapshot | None,
    names: FleetNames,
    refused: RefusedFix | None = None,
) -> RouteSummary:
    """A route in a line."""
    route, version = watched.route, watched.version
    stops = list(watched.stops.values())
    risks = list(seen.risks.values()) if seen else [unwatched_risk(watched, stop) for stop in stops]
    open_orders = {stop.order_id for stop in stops if stop.state is not StopState.CLOSED}
    fix = seen.fix if seen else None
    return RouteSummary(
        id=route.id,
        code=route.code,
        date=route.date,
        state=route.state.value,
        version=route.version,
        acknowledged_version=route.acknowledged_version,
        driver=names.drivers[route.driver_id],
        vehicle=names.vans[route.vehicle_id],
        depot=names.depots[route.depot_id],
        start=version.start,
        end=version.end,
        expected_end=_expected_end(watched, seen),
        stops_total=len(watched.planned),
        stops_closed=sum(stop.state is StopState.CLOSED for stop in stops),
        stops_failed=sum(stop.outcome is Outcome.FAILED for stop in stops),
        risk=seen.risk.value if seen else worst_risk(risks).value,
        at_risk=risks.count(PromiseRisk.AT_RISK),
        late=risks.count(PromiseRisk.LATE),
        delay_s=seen.delay_s if seen else 0,
        cod_due_clp=sum(
            order.cod_clp or 0
            for order_id, order in watched.orders.items()
            if order_id in open_orders
        ),
        cash_told_clp=route.cash_told_clp,
        cash_counted_clp=route.cash_counted_clp,
        is_broken_down=route.is_broken_down,
        position=(fix.position.lon, fix.position.lat) if fix else None,
        heading_deg=fix.heading_deg if fix else None,
        last_fix_at=fix.at if fix else None,
        basis=seen.basis.value if seen else None,
        refused_fix=refused_view(refused),
    )


def _expected_end(watched: WatchedRoute, seen: RouteSnapshot | None) -> datetime | None:
    """As much after the last visit to come as planned, but for a colación had before it instead."""
    if seen is None or watched.route.is_broken_down:
        return None
    version = watched.version
    had = len(version.breaks) - len(breaks_to_come(version, watched.route.rests))
    for planned in reversed(watched.planned):
        arrival = seen.find_arrival(planned.stop_id)
        if arrival is not None:
            after = (each for each in version.breaks[:had] if each.start > planned.arrival)
            rested = sum((each.end - each.start for each in after), timedelta())
            return arrival.p50 + (version.end - planned.arrival) - rested
    return None


def unwatched_risk(watched: WatchedRoute, stop: Stop) -> PromiseRisk:
    """How a stop stands that nobody watches: its route is of another day, or over."""
    if stop.state is StopState.CLOSED:
        failed = stop.outcome in {Outcome.FAILED, Outcome.SKIPPED}
        return PromiseRisk.FAILED if failed else PromiseRisk.CLOSED
    return PromiseRisk.CLOSED if watched.route.state in OVER else PromiseRisk.ON_TIME


def _stop(
    watched: WatchedRoute, planned: PlannedStop, seen: RouteSnapshot | None, person: Person | None
) -> RouteStopView:
    stop: Stop = watched.stops[planned.stop_id]
    order = watched.orders[planned.order_id]
    promise = watched.promises.get(order.id)
    placement = order.placement
    risk = seen.risks.get(stop.id, PromiseRisk.ON_TIME) if seen else unwatched_risk(watched, stop)
    return RouteStopView(
        stop_id=stop.id,
        order_id=order.id,
        reference=order.reference,
        sequence=planned.sequence,
        type=stop.type.value,
        state=stop.state.value,
        outcome=stop.outcome.value if stop.outcome else None,
        reason=stop.reason,
        address=person.address_line if person else None,
        unit=person.unit if person else None,
        recipient=person.name if person else None,
        comuna=order.comuna,
        position=(stop.position.lon, stop.position.lat),
        placement_level=placement.level.value if placement else None,
        uncertainty_m=placement.uncertainty_m if placement else None,
        confirmed_by=placement.confirmed_by if placement else None,
        window=window_view(promise.window) if promise else None,
        planned_arrival=planned.arrival,
        eta=_eta(seen, stop),
        arrived_at=stop.arrived_at,
        closed_at=stop.closed_at,
        risk=risk.value,
        parcels=len(order.parcels),
        cod_clp=order.cod_clp,
    )


def _eta(seen: RouteSnapshot | None, stop: Stop) -> EtaView | None:
    arrival = seen.find_arrival(stop.id) if seen else None
    if arrival is None or seen is None:
        return None
    return EtaView(p10=arrival.p10, p50=arrival.p50, p90=arrival.p90, basis=seen.basis.value)


def _version(version: RouteVersion) -> VersionView:
    return VersionView(
        number=version.number,
        published_at=version.published_at,
        cause=version.cause,
        stops=len(version.stops),
        distance_m=version.distance_m,
    )
