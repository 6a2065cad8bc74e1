"""The warehouse: what is expected, received, loaded and counted back, parcel by parcel.

The account of a route that is back stands in squaring.py.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.params import Parameter

from promesa.api.decoding import View, Wire, find_object
from promesa.dispatch.barcodes import find_parcel
from promesa.dispatch.depot_board import (
    ParcelLine,
    RouteLoad,
    Stage,
    list_lines,
    list_loads,
    stage_of,
)
from promesa.dispatch.depot_scans import apply_depot_scan
from promesa.dispatch.phone import EventResult
from promesa.dispatch.refusals import BarcodeUnknownError, EventUnreadableError
from promesa.domain.actor import Permission
from promesa.domain.stop import StopState
from promesa.kernel.errors import ConflictError, NotFoundError
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

SCANS_MAX = 500
# More than the parcels of the fullest van; a longer list is narrowed by route or stage.
LINES_MAX = 1_000

# Two docks scan parcels of one order at once: whoever came second reads the order again.
SCAN_TRIES_MAX = 5

Day = Annotated[dt.date, Parameter(query="date")]


class ScanBatch(Wire):
    """Scans; each is judged on its own and may come twice."""

    scans: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=SCANS_MAX)]


class ScannedParcel(View):
    """What was scanned: where it belongs and how many of its order are in."""

    barcode: str
    order_id: UUID
    reference: str
    order_state: str
    state: str
    stage: str
    comuna: str | None
    route_id: UUID | None
    route_code: str | None
    sequence: int | None
    trip: int | None
    number: int
    of_order: int


class ScanResultView(View):
    """What became of a scan; ``parcel`` when we know the barcode."""

    id: str
    status: str
    code: str | None
    detail: str | None
    parcel: ScannedParcel | None


class ScanBatchView(View):
    """What became of each, in the order sent."""

    results: list[ScanResultView]


class RouteLoadView(View):
    """A route's parcels by where they are; without id: those on no route."""

    id: UUID | None
    code: str | None
    state: str | None
    driver: str | None
    plate: str | None
    total: int
    expected: int
    in_depot: int
    staged: int
    aboard: int
    delivered: int
    back: int
    missing: int
    apart: int
    to_come_back: int
    handed_in_at: dt.datetime | None
    cash_to_count_clp: int


class BoardView(View):
    """A depot's day."""

    date: dt.date
    depot_id: UUID
    routes: list[RouteLoadView]


class ParcelLineView(View):
    """A parcel to look for; ``trip`` where its van comes back to load."""

    parcel_id: UUID
    barcode: str
    order_id: UUID
    reference: str
    order_state: str
    comuna: str | None
    route_id: UUID | None
    route_code: str | None
    sequence: int | None
    trip: int | None
    state: str
    stage: str
    must_come_back: bool


class ParcelLines(View):
    """Parcels by route, stop and barcode."""

    items: list[ParcelLineView]
    is_cut: bool


@post("/v1/depot/scans", access=Permission.SCAN_AT_DEPOT, status_code=200, summary="Depot scans")
async def take_scans(data: ScanBatch, platform: Platform, caller: Caller) -> ScanBatchView:
    """Scans at a depot, each in a transaction of its own."""
    scans = [find_object(raw) or {} for raw in data.scans]
    return ScanBatchView(results=[await _take(scan, platform, caller) for scan in scans])


async def _take(scan: dict[str, Any], platform: Platform, caller: Caller) -> ScanResultView:
    for _ in range(SCAN_TRIES_MAX - 1):
        with suppress(ConflictError):
            return await _take_once(scan, platform, caller)
    return await _take_once(scan, platform, caller)


async def _take_once(scan: dict[str, Any], platform: Platform, caller: Caller) -> ScanResultView:
    async with platform.transaction(caller.tenant_id) as tx:
        result = await apply_depot_scan(
            tx,
            scan,
            actor=caller.actor,
            clock=platform.clock,
            request_id=caller.request_id,
        )
        return await _view_result(tx, result, scan)


async def _view_result(
    tx: PlatformStore, result: EventResult, scan: dict[str, Any]
) -> ScanResultView:
    is_read = result.code != EventUnreadableError.code
    said = msgspec.convert(scan, _Said) if is_read else None
    return ScanResultView(
        id=result.id,
        status=result.status.value,
        code=result.code,
        detail=result.detail,
        parcel=None if said is None else await _view_scanned(tx, said),
    )


class _Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan that could be read says of its parcel."""

    barcode: str
    route_id: UUID | None = None


async def _view_scanned(tx: PlatformStore, said: _Said) -> ScannedParcel | None:
    try:
        order, parcel = await find_parcel(tx, said.barcode, route_id=said.route_id)
    except BarcodeUnknownError:
        return None
    route, sequence, trip = None, None, None
    for stop in await tx.routes.list_stops_of_order(order.id):
        if stop.state is not StopState.CLOSED:
            route = await tx.routes.get(stop.route_id)
            version = await tx.routes.get_version(route.id, route.version)
            places = {planned.stop_id: planned.sequence for planned in version.stops}
            sequence = places.get(stop.id)
            trip = version.trips().get(stop.id) if version.reloads else None
    return ScannedParcel(
        barcode=parcel.barcode,
        order_id=order.id,
        reference=order.reference,
        order_state=order.state.value,
        state=parcel.state.value,
        stage=stage_of(parcel.state).value,
        comuna=order.comuna,
        route_id=route.id if route else None,
        route_code=route.code if route else None,
        sequence=sequence,
        trip=trip,
        number=order.parcels.index(parcel) + 1,
        of_order=len(order.parcels),
    )


@get("/v1/depot/board", access=Permission.READ_OPERATION, summary="A depot's day")
async def get_board(platform: Platform, caller: Caller, depot_id: UUID, day: Day) -> BoardView:
    """How many parcels of each route are expected, in, loaded, delivered and back."""
    async with platform.transaction(caller.tenant_id) as tx:
        await _require_depot(tx, depot_id)
        loads = await list_loads(tx, day, await list_lines(tx, day, depot_id=depot_id))
        vans = {van.id: van.plate for van in await tx.fleet.list_vehicles()}
        drivers = {driver.id: driver for driver in await tx.fleet.list_drivers()}
        people = await tx.people.get_many([driver.person_id for driver in drivers.values()])
    names = {
        driver.id: people[driver.person_id].name
        if driver.person_id in people and caller.actor.may(Permission.READ_PEOPLE)
        else driver.code
        for driver in drivers.values()
    }
    return BoardView(
        date=day, depot_id=depot_id, routes=[_view_load(load, names, vans) for load in loads]
    )


def _view_load(
    load: RouteLoad, names: dict[UUID, str | None], vans: dict[UUID, str]
) -> RouteLoadView:
    route, counts = load.route, load.counts
    return RouteLoadView(
        id=route.id if route else None,
        code=route.code if route else None,
        state=route.state.value if route else None,
        driver=names.get(route.driver_id) if route else None,
        plate=vans.get(route.vehicle_id) if route else None,
        total=load.total,
        expected=counts.get(Stage.EXPECTED, 0),
        in_depot=counts.get(Stage.IN_DEPOT, 0),
        staged=counts.get(Stage.STAGED, 0),
        aboard=counts.get(Stage.ABOARD, 0),
        delivered=counts.get(Stage.DELIVERED, 0),
        back=counts.get(Stage.BACK, 0),
        missing=counts.get(Stage.MISSING, 0),
        apart=counts.get(Stage.APART, 0),
        to_come_back=load.to_come_back,
        handed_in_at=route.handed_in_at if route else None,
        cash_to_count_clp=load.cash_to_count_clp,
    )


@get("/v1/depot/parcels", access=Permission.READ_OPERATION, summary="A depot's parcels")
async def list_parcels(
    platform: Platform,
    caller: Caller,
    depot_id: UUID,
    day: Day,
    route_id: UUID | None = None,
    stage: Stage | None = None,
) -> ParcelLines:
    """The parcels to look for, of one route or all; cut after a thousand."""
    async with platform.transaction(caller.tenant_id) as tx:
        await _require_depot(tx, depot_id)
        lines = await list_lines(tx, day, depot_id=depot_id)
    wanted = [
        line
        for line in lines
        if (route_id is None or (line.route is not None and line.route.id == route_id))
        and (stage is None or line.stage is stage)
    ]
    return ParcelLines(
        items=[_view_line(line) for line in wanted[:LINES_MAX]], is_cut=len(wanted) > LINES_MAX
    )


def _view_line(line: ParcelLine) -> ParcelLineView:
    return ParcelLineView(
        parcel_id=line.parcel.id,
        barcode=line.parcel.barcode,
        order_id=line.order.id,
        reference=line.order.reference,
        order_state=line.order.state.value,
        comuna=line.order.comuna,
        route_id=line.route.id if line.route else None,
        route_code=line.route.code if line.route else None,
        sequence=line.sequence,
        trip=line.trip,
        state=line.parcel.state.value,
        stage=line.stage.value,
        must_come_back=line.must_come_back,
    )


async def _require_depot(tx: PlatformStore, depot_id: UUID) -> None:
    if depot_id not in {depot.id for depot in await tx.fleet.list_depots()}:
        raise NotFoundError(noun="depot")


router = Router(
    path="",
    route_handlers=[take_scans, get_board, list_parcels],
    tags=["depot"],
)
