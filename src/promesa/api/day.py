"""Today in one look: are the promises safe, which are not, what to look at, where everything is."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get

from promesa.analytics.headline import FORMULA, count_shapes, make_headline
from promesa.api.day_promises import Known, know
from promesa.api.decoding import View
from promesa.api.doubts import see_doubts
from promesa.api.etags import answer_tagged
from promesa.api.exception_views import ExceptionView, exception_view
from promesa.api.order_views import WindowView, people_shown
from promesa.api.route_views import (
    FleetNames,
    ReloadView,
    RestView,
    RouteSummary,
    break_views,
    reload_views,
    rest_views,
    summary_of,
)
from promesa.dispatch.sights import DriftSight, RouteSight
from promesa.dispatch.triggers import list_exceptions
from promesa.domain.actor import Permission
from promesa.domain.order import OrderState
from promesa.domain.promise import PromiseRisk
from promesa.domain.stop import StopState
from promesa.kernel.serviceday import ServiceDay
from promesa.orders.reviews import count_reviews
from promesa.promising.alarm import AlarmState
from promesa.runtime.fleet_watch import FleetWatch, WatchedRoute
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.promise_alarms import Look
from promesa.runtime.repository import PlatformStore
from promesa.tracking.resting import breaks_to_come
from promesa.tracking.tracked import breaks_as_expected


class HeadlineView(View):
    """The first line: counts and the sentence."""

    promises: int
    safe: int
    at_risk: int
    broken: int
    sentence: str
    formula: str


class LaneStop(View):
    """A stop on a van's line of the day."""

    stop_id: UUID
    order_id: UUID
    at: datetime
    risk: str
    is_closed: bool


class LaneView(View):
    """One van's day."""

    summary: RouteSummary
    ends_at: datetime
    breaks: list[WindowView]
    rests: list[RestView]
    reloads: list[ReloadView]
    stops: list[LaneStop]


class WaitingView(View):
    """What waits for a person today: all of it, however much; ``review_queue`` is of all days."""

    address_reviews: int
    review_queue: int
    unplanned: int
    failed_stops: int


class DayView(View):
    """The day as it stands. ``legend`` counts the promises of ``headline`` by their shape."""

    date: dt.date
    now: datetime
    is_simulated: bool
    headline: HeadlineView
    legend: dict[str, int]
    exceptions: list[ExceptionView]
    lanes: list[LaneView]
    waiting: WaitingView


class StopPoint(View):
    """A stop on the map."""

    stop_id: UUID
    order_id: UUID
    route_id: UUID
    position: tuple[float, float]
    risk: str
    sequence: int


class DayStops(View):
    """Every stop of today's routes, and the ways of the vans."""

    stops: list[StopPoint]
    geometries: dict[str, str]


@get("/v1/day", access=Permission.READ_OPERATION, summary="Today in one look")
async def get_day(
    platform: Platform, caller: Caller, request: Request[Any, Any, Any]
) -> Response[DayView]:
    """Promises, what to look at, and every van's line; with ETag for those who poll."""
    watch = await platform.ready_watch(caller.tenant_id)
    tenant = await platform.tenant(caller.tenant_id)
    now = platform.clock.now()
    async with platform.transaction(caller.tenant_id) as tx:
        known = await know(tx, watch, now)
        names = await FleetNames.read(tx, caller)
        sights = await _sights(tx, caller, known)
        doubts = await see_doubts(tx, caller)
        review_queue = await count_reviews(tx, actor=caller.actor)
    drift = _drift(platform.promise_alarms.last(caller.tenant_id))
    promises = [item.now for item in known.promises]
    found = make_headline(promises)
    view = DayView(
        date=watch.day,
        now=now,
        is_simulated=tenant.is_simulated,
        headline=HeadlineView(
            promises=found.promises,
            safe=found.safe,
            at_risk=found.at_risk,
            broken=found.broken,
            sentence=found.sentence,
            formula=FORMULA,
        ),
        legend={shape.value: count for shape, count in count_shapes(promises).items()},
        exceptions=[
            exception_view(line)
            for line in list_exceptions(sights, known.waiting, doubts, now=now, drift=drift)
        ],
        lanes=[_lane(known, item, names) for item in watch.routes() if not item.is_called_off],
        waiting=_waiting(known, review_queue),
    )
    return answer_tagged(request, view)


async def _sights(tx: PlatformStore, caller: Caller, known: Known) -> list[RouteSight]:
    nexts = {
        item.next_stop_id: route_id
        for route_id, item in known.pictures.items()
        if item.next_stop_id is not None
    }
    streets = await _streets(tx, caller, known.watch, nexts)
    return [
        RouteSight(
            route=item.route,
            version=item.version,
            stops=item.stops,
            seen=known.pictures.get(item.route.id),
            promised={key: promise.window for key, promise in known.counting(item).items()},
            streets=streets,
            settled=frozenset(
                order.id
                for order in item.orders.values()
                if order.state is not OrderState.DELIVERY_FAILED
            ),
            released=known.released,
        )
        for item in known.watch.routes()
    ]


async def _streets(
    tx: PlatformStore, caller: Caller, watch: FleetWatch, nexts: dict[UUID, UUID]
) -> dict[UUID, str]:
    """The address of each van's next stop, for the sentences."""
    wanted: dict[UUID, UUID] = {}
    for stop_id, route_id in nexts.items():
        watched = watch.find_route(route_id)
        if watched is not None and stop_id in watched.stops:
            order = watched.orders.get(watched.stops[stop_id].order_id)
            if order is not None:
                wanted[stop_id] = order.recipient_id
    people = await people_shown(tx, caller, sorted(set(wanted.values())))
    return {
        stop_id: people[person_id].address_line or ""
        for stop_id, person_id in wanted.items()
        if person_id in people and people[person_id].address_line
    }


def _drift(look: Look | None) -> DriftSight | None:
    drift = None if look is None else look.alarm.drift
    if look is None or drift is None:
        return None
    return DriftSight(
        is_worse=look.alarm.state is AlarmState.WORSE,
        since=ServiceDay(drift.since, look.zone).start,
        promises=drift.promises,
        late=drift.late,
        late_stated=round(drift.late_stated),
    )


def _lane(known: Known, watched: WatchedRoute, names: FleetNames) -> LaneView:
    seen = known.pictures.get(watched.route.id)
    stops, arrivals = [], []
    for planned in watched.planned:
        stop = watched.stops[planned.stop_id]
        arrival = seen.find_arrival(stop.id) if seen else None
        at = stop.closed_at or (arrival.p50 if arrival else planned.arrival)
        arrivals.append((planned.arrival, stop.arrived_at or at))
        risk = seen.risks.get(stop.id, PromiseRisk.ON_TIME) if seen else PromiseRisk.ON_TIME
        stops.append(
            LaneStop(
                stop_id=stop.id,
                order_id=stop.order_id,
                at=at,
                risk=risk.value,
                is_closed=stop.state is StopState.CLOSED,
            )
        )
    closed = [stop.at for stop in stops if stop.is_closed]
    to_come = breaks_to_come(watched.version, watched.route.rests)
    refused = known.watch.find_refused(watched.route.driver_id)
    summary = summary_of(watched, seen, names, refused)
    ends = [watched.version.end, summary.expected_end, *(stop.at for stop in stops)]
    ends_at = max(end for end in ends if end is not None)
    return LaneView(
        summary=summary,
        ends_at=ends_at,
        breaks=break_views(breaks_as_expected(to_come, arrivals, closed)),
        rests=rest_views(watched.version, watched.route.rests, known.now),
        reloads=reload_views(watched.version.reloads),
        stops=stops,
    )


def _waiting(known: Known, review_queue: int) -> WaitingView:
    counts = known.waiting_count
    return WaitingView(
        address_reviews=counts[OrderState.ADDRESS_REVIEW],
        review_queue=review_queue,
        unplanned=counts.total() - counts[OrderState.ADDRESS_REVIEW],
        failed_stops=sum(
            order.state is OrderState.DELIVERY_FAILED
            for item in known.watch.routes()
            for order in item.orders.values()
        ),
    )


@get("/v1/day/stops", access=Permission.READ_OPERATION, summary="Today's stops on the map")
async def get_stops(
    platform: Platform, caller: Caller, request: Request[Any, Any, Any]
) -> Response[DayStops]:
    """Every stop with its risk, and the vans' ways; with ETag."""
    watch = await platform.ready_watch(caller.tenant_id)
    pictures = watch.pictures()
    points, geometries = [], {}
    for watched in watch.routes():
        picture = pictures.get(watched.route.id)
        geometries[str(watched.route.id)] = watched.version.geometry
        for planned in watched.planned:
            stop = watched.stops[planned.stop_id]
            risk = picture.risks.get(stop.id) if picture else None
            points.append(
                StopPoint(
                    stop_id=stop.id,
                    order_id=stop.order_id,
                    route_id=watched.route.id,
                    position=(stop.position.lon, stop.position.lat),
                    risk=(risk or PromiseRisk.ON_TIME).value,
                    sequence=planned.sequence,
                )
            )
    return answer_tagged(request, DayStops(stops=points, geometries=geometries))


router = Router(path="", route_handlers=[get_day, get_stops], tags=["day"])
