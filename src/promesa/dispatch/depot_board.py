"""What a depot has to count on a day: each route's parcels, where each is, and what must come back.

Reads only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from promesa.dispatch.cash import cash_of, is_handed_over
from promesa.dispatch.day import orders_of
from promesa.dispatch.repository import DispatchStore
from promesa.domain.order import ORDER_OVER, Order
from promesa.domain.parcel import Parcel, ParcelState
from promesa.domain.route import OVER, Route, RouteState
from promesa.domain.stop import Outcome, Stop, StopState, StopType

_P = ParcelState


class Stage(StrEnum):
    """Where a parcel is, as a warehouse counts."""

    EXPECTED = "expected"
    IN_DEPOT = "in_depot"
    STAGED = "staged"
    ABOARD = "aboard"
    DELIVERED = "delivered"
    BACK = "back"
    MISSING = "missing"
    APART = "apart"


_STAGES: dict[ParcelState, Stage] = {
    _P.ANNOUNCED: Stage.EXPECTED,
    _P.RECEIVED_AT_DEPOT: Stage.IN_DEPOT,
    _P.SORTED: Stage.IN_DEPOT,
    _P.FOUND: Stage.IN_DEPOT,
    _P.STAGED: Stage.STAGED,
    _P.LOADED: Stage.ABOARD,
    _P.IN_TRANSIT: Stage.ABOARD,
    _P.RETURN_IN_TRANSIT: Stage.ABOARD,
    _P.DELIVERED: Stage.DELIVERED,
    _P.LEFT_SAFE_PLACE: Stage.DELIVERED,
    _P.DELIVERED_THIRD_PARTY: Stage.DELIVERED,
    _P.RETURNED_TO_DEPOT: Stage.BACK,
    _P.RETURNED_TO_SENDER: Stage.BACK,
    _P.MISSING: Stage.MISSING,
    _P.UNDER_INVESTIGATION: Stage.MISSING,
    _P.LOST: Stage.MISSING,
    _P.HELD: Stage.APART,
    _P.DAMAGED: Stage.APART,
    _P.DISPOSED: Stage.APART,
}


def stage_of(state: ParcelState) -> Stage:
    """Where a parcel in this state is."""
    return _STAGES[state]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelLine:
    """A parcel as the warehouse looks for it.

    Attributes:
        route: None for an order that is on no route.
        trip: From 1, where its van comes back to load; None where it leaves once.
        must_come_back: Aboard, and its visit is over.
    """

    order: Order
    parcel: Parcel
    stage: Stage
    route: Route | None = None
    sequence: int | None = None
    trip: int | None = None
    must_come_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteLoad:
    """A route's parcels counted by where they are; ``route`` None: those on no route.

    Attributes:
        cash_to_count_clp: What was collected and nobody has counted; 0 while the van drives.
    """

    route: Route | None
    counts: dict[Stage, int]
    to_come_back: int
    total: int
    cash_to_count_clp: int = 0


async def list_lines(tx: DispatchStore, day: date, *, depot_id: UUID) -> list[ParcelLine]:
    """The parcels a depot deals with on a day, by route, stop and barcode; without a route last.

    What is collected at a seller's is not expected in the depot before its van is back. A route
    that was called off counts when it was driven all the same.
    """
    stops = await tx.routes.list_stops_of_day(day)
    driven = {stop.route_id for stop in stops if is_handed_over(stop)}
    known = [
        route
        for route in await tx.routes.list_of(day)
        if route.state is not RouteState.CANCELLED or route.id in driven
    ]
    routes = {route.id: route for route in known if route.depot_id == depot_id}
    elsewhere = {route.id for route in known} - routes.keys()
    versions = (await tx.routes.latest_versions(day)).values()
    places = {
        planned.stop_id: planned.sequence for version in versions for planned in version.stops
    }
    trips = {
        stop_id: trip
        for version in versions
        if version.reloads
        for stop_id, trip in version.trips().items()
    }
    orders = {order.id: order for order in await orders_of(tx, day)}
    absent = sorted({stop.order_id for stop in stops} - orders.keys())
    orders |= {order.id: order for order in await tx.orders.get_many(absent)}
    carried = {stop.order_id for stop in stops if stop.route_id in elsewhere}
    lines = _on_routes(stops, routes, orders, places, trips)
    seen = carried | {line.order.id for line in lines}
    for order in orders.values():
        if order.id not in seen and order.date == day and order.state not in ORDER_OVER:
            lines += [_line(order, parcel) for parcel in order.parcels]
    return sorted(lines, key=_place)


async def list_loads(tx: DispatchStore, day: date, lines: Iterable[ParcelLine]) -> list[RouteLoad]:
    """The lines counted route by route, with the cash that waits to be counted."""
    loads = count_loads(lines)
    visits: dict[UUID, list[Stop]] = {}
    for stop in await tx.routes.list_stops_of_day(day):
        visits.setdefault(stop.route_id, []).append(stop)
    made = [s.order_id for found in visits.values() for s in found if is_handed_over(s)]
    orders = await tx.orders.get_many(list(dict.fromkeys(made)))
    return [
        replace(
            load,
            cash_to_count_clp=cash_of(
                load.route, visits.get(load.route.id, []), orders
            ).to_count_clp,
        )
        if load.route is not None and load.route.state in OVER
        else load
        for load in loads
    ]


def count_loads(lines: Iterable[ParcelLine]) -> list[RouteLoad]:
    """The same lines counted route by route, in their order."""
    found: dict[UUID | None, list[ParcelLine]] = {}
    for line in lines:
        found.setdefault(line.route.id if line.route else None, []).append(line)
    return [
        RouteLoad(
            route=group[0].route,
            counts=dict(Counter(line.stage for line in group)),
            to_come_back=sum(line.must_come_back for line in group),
            total=len(group),
        )
        for group in found.values()
    ]


def _on_routes(
    stops: Iterable[Stop],
    routes: Mapping[UUID, Route],
    orders: Mapping[UUID, Order],
    places: Mapping[UUID, int],
    trips: Mapping[UUID, int],
) -> list[ParcelLine]:
    """One line a parcel, on the route of its open stop, else on that of its last visit."""
    newest: dict[UUID, Stop] = {}
    for stop in stops:
        if stop.route_id not in routes or stop.order_id not in orders:
            continue
        known = newest.get(stop.order_id)
        if known is None or _rank(stop) > _rank(known):
            newest[stop.order_id] = stop
    lines = []
    for stop in newest.values():
        route, order = routes[stop.route_id], orders[stop.order_id]
        is_done = stop.state is StopState.CLOSED or route.state in OVER
        for parcel in order.parcels:
            stage = stage_of(parcel.state)
            if stop.type is StopType.PICKUP and stage is Stage.EXPECTED:
                continue
            if stop.outcome is Outcome.CANCELLED and stage is not Stage.ABOARD:
                continue
            line = _line(order, parcel, route=route, sequence=places.get(stop.id), is_done=is_done)
            lines.append(replace(line, trip=trips.get(stop.id)))
    return lines


def _rank(stop: Stop) -> tuple[bool, int, str]:
    return (stop.state is not StopState.CLOSED, stop.attempt, str(stop.id))


def _line(
    order: Order,
    parcel: Parcel,
    *,
    route: Route | None = None,
    sequence: int | None = None,
    is_done: bool = False,
) -> ParcelLine:
    stage = stage_of(parcel.state)
    return ParcelLine(
        order=order,
        parcel=parcel,
        stage=stage,
        route=route,
        sequence=sequence,
        must_come_back=is_done and stage is Stage.ABOARD,
    )


def _place(line: ParcelLine) -> tuple[bool, str, int, str]:
    code = line.route.code if line.route else ""
    return (line.route is None, code, line.sequence or 0, line.parcel.barcode)
