"""Today in one look: are the promises safe, which are not, what to look at, where everything is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post

from promesa.analytics.headline import (
    FORMULA,
    PromiseNow,
    Standing,
    make_headline,
    standing_of,
    standing_promise,
)
from promesa.api.decoding import View, Wire
from promesa.api.etags import answer_tagged
from promesa.api.order_views import WindowView, people_shown, window_view
from promesa.api.route_views import FleetNames, RouteSummary, summary_of
from promesa.dispatch.day import close_day
from promesa.dispatch.sights import DayException, RouteSight
from promesa.dispatch.triggers import list_exceptions
from promesa.domain.actor import Permission
from promesa.domain.order import Order, OrderState
from promesa.domain.promise import Promise, PromiseRisk
from promesa.domain.stop import StopState
from promesa.orders.repository import OrderFilter
from promesa.runtime.fleet_watch import FleetWatch, WatchedRoute
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

WAITING_ORDERS_MAX = 500
_WAITING = frozenset({OrderState.ADDRESS_REVIEW, OrderState.CONFIRMED, OrderState.RESCHEDULED})


class HeadlineView(View):
    """The first line: counts and the sentence."""

    promises: int
    safe: int
    at_risk: int
    broken: int
    sentence: str
    formula: str


class ActionView(View):
    """What one key does about it."""

    kind: str
    label: str


class ExceptionView(View):
    """A line of what to look at."""

    key: str
    kind: str
    risk: str
    title: str
    count_label: str
    why: str
    proposal: str
    in_play: int
    route_id: UUID | None
    order_id: UUID | None
    action: ActionView | None


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
    stops: list[LaneStop]


class WaitingView(View):
    """What waits for a person."""

    address_reviews: int
    unplanned: int
    failed_stops: int


class DayView(View):
    """The day as it stands."""

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


class PromiseRow(View):
    """A promise behind a number."""

    order_id: UUID
    reference: str
    route_code: str | None
    window: WindowView
    first_window: WindowView
    expected_at: datetime | None
    standing: str
    fate: str


class PromiseRows(View):
    """The rows of a number, and how it is counted."""

    formula: str
    items: list[PromiseRow]


class CloseBody(Wire):
    """Which day is over."""

    date: dt.date


class DayClosingView(View):
    """What closing the day did."""

    still_driving: list[UUID]
    cancelled: list[UUID]
    settled: list[UUID]
    moved: list[UUID]


class _Known:
    """Today's promises with their risk, gathered once for the numbers and their rows."""

    def __init__(
        self, watch: FleetWatch, waiting: list[Order], told: dict[UUID, list[Promise]]
    ) -> None:
        self.watch = watch
        self.waiting = waiting
        self._told = told

    def promises(self) -> Iterable[tuple[Order, WatchedRoute | None, list[Promise], PromiseNow]]:
        """Each promise of today once, on a route or waiting for one."""
        day, seen = self.watch.day, self.watch.snapshot()
        carried: set[UUID] = set()
        for watched in self.watch.routes():
            picture = seen.find_route(watched.route.id)
            for stop in watched.stops.values():
                order = watched.orders.get(stop.order_id)
                versions = watched.told.get(stop.order_id, [])
                standing = standing_promise(versions)
                if order is None or standing is None or order.id in carried:
                    continue
                carried.add(order.id)
                risk = picture.risks.get(stop.id) if picture else None
                now = PromiseNow(order_id=order.id, promise=standing, risk=risk)
                yield order, watched, versions, now
        for order in self.waiting:
            versions = self._told.get(order.id, [])
            standing = standing_promise(versions)
            if standing is not None and order.id not in carried and order.date == day:
                now = PromiseNow(order_id=order.id, promise=standing, risk=PromiseRisk.AT_RISK)
                yield order, None, versions, now


async def _know(tx: PlatformStore, watch: FleetWatch) -> _Known:
    waiting = await tx.orders.list_page(
        OrderFilter(date=watch.day, states=_WAITING), limit=WAITING_ORDERS_MAX
    )
    told = await tx.promises.list_of([order.id for order in waiting])
    return _Known(watch, waiting, told)


@get("/v1/day", access=Permission.READ_OPERATION, summary="Today in one look")
async def get_day(
    platform: Platform, caller: Caller, request: Request[Any, Any, Any]
) -> Response[DayView]:
    """Promises, what to look at, and every van's line; with ETag for those who poll."""
    watch = await platform.ready_watch(caller.tenant_id)
    tenant = await platform.tenant(caller.tenant_id)
    async with platform.transaction(caller.tenant_id) as tx:
        known = await _know(tx, watch)
        names = await FleetNames.read(tx, caller)
        sights = await _sights(tx, caller, watch)
    now = platform.clock.now()
    found = make_headline(item[3] for item in known.promises())
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
        legend=_legend(watch),
        exceptions=[_exception(item) for item in list_exceptions(sights, known.waiting, now=now)],
        lanes=[_lane(watch, item, names) for item in watch.routes()],
        waiting=_waiting(known),
    )
    return answer_tagged(request, view)


async def _sights(tx: PlatformStore, caller: Caller, watch: FleetWatch) -> list[RouteSight]:
    seen = watch.snapshot()
    nexts = {
        item.next_stop_id: route_id
        for route_id, item in seen.routes.items()
        if item.next_stop_id is not None
    }
    streets = await _streets(tx, caller, watch, nexts)
    return [
        RouteSight(
            route=item.route,
            version=item.version,
            stops=item.stops,
            seen=seen.find_route(item.route.id),
            promised={key: promise.window for key, promise in item.promises.items()},
            streets=streets,
        )
        for item in watch.routes()
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


def _legend(watch: FleetWatch) -> dict[str, int]:
    counts = dict.fromkeys((risk.value for risk in PromiseRisk), 0)
    for item in watch.snapshot().routes.values():
        for risk in item.risks.values():
            counts[risk.value] += 1
    return counts


def _exception(item: DayException) -> ExceptionView:
    action = item.action
    return ExceptionView(
        key=item.key,
        kind=item.kind.value,
        risk=item.risk.value,
        title=item.title,
        count_label=item.count_label,
        why=item.why,
        proposal=item.proposal,
        in_play=item.in_play,
        route_id=item.route_id,
        order_id=item.order_id,
        action=ActionView(kind=action.kind.value, label=action.label) if action else None,
    )


def _lane(watch: FleetWatch, watched: WatchedRoute, names: FleetNames) -> LaneView:
    seen = watch.picture(watched.route.id)
    stops = []
    for planned in watched.planned:
        stop = watched.stops[planned.stop_id]
        arrival = seen.find_arrival(stop.id) if seen else None
        at = stop.closed_at or (arrival.p50 if arrival else planned.arrival)
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
    ends_at = max([watched.version.end, *(stop.at for stop in stops)])
    return LaneView(summary=summary_of(watched, seen, names), ends_at=ends_at, stops=stops)


def _waiting(known: _Known) -> WaitingView:
    states = [order.state for order in known.waiting]
    return WaitingView(
        address_reviews=states.count(OrderState.ADDRESS_REVIEW),
        unplanned=len(states) - states.count(OrderState.ADDRESS_REVIEW),
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
    seen = watch.snapshot()
    points, geometries = [], {}
    for watched in watch.routes():
        picture = seen.find_route(watched.route.id)
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


@get("/v1/day/promises", access=Permission.READ_OPERATION, summary="The rows behind a number")
async def list_promises(
    platform: Platform, caller: Caller, standing: Standing | None = None
) -> PromiseRows:
    """Today's promises that stand so, with the formula of the count."""
    watch = await platform.ready_watch(caller.tenant_id)
    async with platform.transaction(caller.tenant_id) as tx:
        known = await _know(tx, watch)
    items = []
    for order, watched, versions, now in known.promises():
        stands = standing_of(now)
        if standing is not None and stands is not standing:
            continue
        here = watch.find_order(order.id)
        items.append(
            PromiseRow(
                order_id=order.id,
                reference=order.reference,
                route_code=watched.route.code if watched else None,
                window=window_view(now.promise.window),
                first_window=window_view(versions[0].window),
                expected_at=here.eta.p50 if here and here.eta else None,
                standing=stands.value,
                fate=now.promise.fate.value,
            )
        )
    items.sort(key=lambda row: (row.window.end, row.reference))
    return PromiseRows(formula=FORMULA, items=items)


@post("/v1/day/close", access=Permission.DISPATCH, status_code=200, summary="Close a day")
async def close(data: CloseBody, platform: Platform, caller: Caller) -> DayClosingView:
    """Every order of the day ends, waits for a person, or has another day and promise."""
    async with platform.transaction(caller.tenant_id) as tx:
        done = await close_day(tx, data.date, actor=caller.actor, clock=platform.clock)
    return DayClosingView(
        still_driving=list(done.still_driving),
        cancelled=list(done.cancelled),
        settled=list(done.settled),
        moved=list(done.moved),
    )


router = Router(path="", route_handlers=[get_day, get_stops, list_promises, close], tags=["day"])
