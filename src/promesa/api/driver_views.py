"""What the driver's phone shows: today's route, whole, so that it works without a signal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

import msgspec

from promesa.api.decoding import View
from promesa.api.order_views import ParcelView, WindowView, window_view
from promesa.api.route_views import (
    RefusedFixView,
    ReloadView,
    RestView,
    break_views,
    reload_views,
    rest_views,
)
from promesa.dispatch.squaring import list_aboard
from promesa.dispatch.transfers import fetched_stops
from promesa.domain.access import Merchant
from promesa.domain.fleet import Depot, Vehicle
from promesa.domain.order import Order
from promesa.domain.parcel import NOT_SCANNED, ParcelState
from promesa.domain.person import Person
from promesa.domain.promise import Promise
from promesa.domain.reasons import REASONS
from promesa.domain.route import PlannedStop, Route, RouteState, RouteVersion
from promesa.domain.stop import Outcome, Stop, StopState, StopType
from promesa.proof.capture import DEFAULT_POLICY, REASONS_WITH_PHOTO, required
from promesa.proof.repository import EvidenceKind
from promesa.runtime.repository import PlatformStore
from promesa.tracking.resting import breaks_to_come


class DriverRef(View):
    """The driver whose phone it is."""

    id: UUID
    code: str
    name: str | None


class VehicleRef(View):
    """The van."""

    id: UUID
    code: str
    plate: str


class DepotRef(View):
    """Where the van leaves from."""

    id: UUID
    name: str
    position: tuple[float, float]


class DriverRouteView(View):
    """The route of the day."""

    id: UUID
    code: str
    date: date
    state: RouteState
    version: int
    acknowledged_version: int
    vehicle: VehicleRef
    depot: DepotRef
    start: datetime
    geometry: str
    breaks: list[WindowView]
    rests: list[RestView]
    reloads: list[ReloadView]
    is_broken_down: bool
    handed_in_at: datetime | None


class RequiredView(View):
    """What a successful hand-over needs."""

    photo: bool
    signature: bool
    receiver: bool
    pin: bool


class TransferView(View):
    """Where this stop's parcels are fetched first: from another van, or from a depot."""

    from_code: str
    is_depot: bool
    position: tuple[float, float]


class DriverStopView(View):
    """A stop with all that the driver needs at the door; at a seller's, name and phone are its.

    ``trip`` is from 1: the van loads again before each other; ``transfer`` says where its parcels
    are fetched, the depot too, as long as they are not aboard.
    """

    stop_id: UUID
    order_id: UUID
    reference: str
    merchant_id: UUID
    merchant: str
    sequence: int
    trip: int
    type: StopType
    state: StopState
    outcome: Outcome | None
    reason: str | None
    address: str | None
    unit: str | None
    comuna: str | None
    position: tuple[float, float]
    placement_level: str | None
    uncertainty_m: float | None
    window: WindowView | None
    planned_arrival: datetime
    name: str | None
    phone: str | None
    instructions: str | None
    safe_place: str | None
    parcels: list[ParcelView]
    cod_clp: int | None
    cod_collected_clp: int | None
    requires: RequiredView
    transfer: TransferView | None


class ReasonView(View):
    """Why a stop may fail."""

    code: str
    label: str
    label_en: str
    requires_photo: bool


class DriverDayView(View):
    """Everything the phone keeps for the day.

    ``left_aboard`` are stops taken off the route, with those of their parcels that the van still
    has: they go back to the depot.
    """

    driver: DriverRef
    now: datetime
    is_simulated: bool
    route: DriverRouteView | None
    stops: list[DriverStopView]
    left_aboard: list[DriverStopView]
    reasons: list[ReasonView]
    refused_fix: RefusedFixView | None


# Where the seller is visited: nobody there was promised a window or owes anything.
_AT_MERCHANT = frozenset({StopType.PICKUP, StopType.RETURN})
_NEEDED_AT_MERCHANT = DEFAULT_POLICY.at_merchant

REASON_VIEWS = [
    ReasonView(
        code=reason.code,
        label=reason.spanish,
        label_en=reason.english,
        requires_photo=reason.code in REASONS_WITH_PHOTO,
    )
    for reason in REASONS.values()
]


async def view_driver_route(
    tx: PlatformStore, route: Route, now: datetime
) -> tuple[DriverRouteView, list[DriverStopView]]:
    """The newest version of a route with its stops."""
    version = await tx.routes.get_version(route.id, route.version)
    shown = await _route_view(tx, route, version, now)
    stops = await _view_stops(tx, route, version.stops)
    if not version.reloads:
        return shown, stops
    trips, depot = version.trips(), shown.depot
    there = TransferView(from_code=depot.name, is_depot=True, position=depot.position)
    return shown, [_of_trip(stop, trips[stop.stop_id], there) for stop in stops]


def _of_trip(stop: DriverStopView, trip: int, depot: TransferView) -> DriverStopView:
    """The same; what it has to load for a later trip is fetched at the depot."""
    states = {ParcelState(parcel.state) for parcel in stop.parcels}
    is_to_load = trip > 1 and stop.type is not StopType.PICKUP
    is_open = stop.state is not StopState.CLOSED and stop.transfer is None
    if is_to_load and is_open and not states.isdisjoint(NOT_SCANNED):
        stop = msgspec.structs.replace(stop, transfer=depot)
    return msgspec.structs.replace(stop, trip=trip)


async def view_left_aboard(tx: PlatformStore, route: Route) -> list[DriverStopView]:
    """Stops taken off the route under way, with the parcels that its driver still has to leave."""
    versions = await tx.routes.list_versions(route.id)
    now = {item.stop_id for item in versions[-1].stops}
    gone = {
        item.stop_id: item
        for version in versions
        for item in version.stops
        if item.stop_id not in now
    }
    views = await _view_stops(tx, route, sorted(gone.values(), key=lambda item: item.sequence))
    orders = await tx.orders.get_many([view.order_id for view in views])
    aboard = {
        parcel.id
        for _, parcel in await list_aboard(tx, route.id, orders)
        if parcel.state is not ParcelState.RETURN_IN_TRANSIT
    }
    kept = [
        msgspec.structs.replace(view, parcels=[p for p in view.parcels if p.id in aboard])
        for view in views
    ]
    return [view for view in kept if view.parcels]


async def _view_stops(
    tx: PlatformStore, route: Route, wanted: Sequence[PlannedStop]
) -> list[DriverStopView]:
    """Those that are stops of the route still, with all that the driver needs."""
    stops = {stop.id: stop for stop in await tx.routes.list_stops(route.id)}
    planned = [item for item in wanted if item.stop_id in stops]
    orders = {order.id: order for order in await tx.orders.get_many([p.order_id for p in planned])}
    people = await tx.people.get_many([order.recipient_id for order in orders.values()])
    merchants = await tx.access.get_merchants([order.merchant_id for order in orders.values()])
    promises = await tx.promises.list_of(list(orders))
    fetched = await fetched_stops(tx.custody, route.id, planned, orders)
    return [
        _stop_view(
            item if item.stop_id not in fetched else replace(item, transfer=None),
            stops[item.stop_id],
            orders[item.order_id],
            _visited(stops[item.stop_id], orders[item.order_id], people, merchants),
            promises.get(item.order_id, []),
        )
        for item in planned
        if item.order_id in orders
    ]


async def _route_view(
    tx: PlatformStore, route: Route, version: RouteVersion, now: datetime
) -> DriverRouteView:
    vehicles: dict[UUID, Vehicle] = {item.id: item for item in await tx.fleet.list_vehicles()}
    depots: dict[UUID, Depot] = {item.id: item for item in await tx.fleet.list_depots()}
    vehicle, depot = vehicles[route.vehicle_id], depots[route.depot_id]
    return DriverRouteView(
        id=route.id,
        code=route.code,
        date=route.date,
        state=route.state,
        version=route.version,
        acknowledged_version=route.acknowledged_version,
        vehicle=VehicleRef(id=vehicle.id, code=vehicle.code, plate=vehicle.plate),
        depot=DepotRef(
            id=depot.id, name=depot.name, position=(depot.position.lon, depot.position.lat)
        ),
        start=version.start,
        geometry=version.geometry,
        breaks=break_views(breaks_to_come(version, route.rests)),
        rests=rest_views(version, route.rests, now),
        reloads=reload_views(version.reloads),
        is_broken_down=route.is_broken_down,
        handed_in_at=route.handed_in_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visited:
    """Whom a stop is at: the recipient, or the seller as a person would be shown."""

    merchant: Merchant
    person: Person


def _visited(
    stop: Stop, order: Order, people: Mapping[UUID, Person], merchants: Mapping[UUID, Merchant]
) -> _Visited:
    merchant = merchants[order.merchant_id]
    person = people.get(order.recipient_id) or Person(id=order.recipient_id)
    if stop.type in _AT_MERCHANT:
        person = Person(
            id=merchant.id,
            name=merchant.name,
            phone=merchant.phone,
            address_line=merchant.address_line,
        )
    return _Visited(merchant=merchant, person=person)


def _stop_view(
    planned: PlannedStop, stop: Stop, order: Order, visited: _Visited, promises: list[Promise]
) -> DriverStopView:
    is_at_door = stop.type not in _AT_MERCHANT
    needed = required(order, outcome=Outcome.SUCCEEDED) if is_at_door else _NEEDED_AT_MERCHANT
    known, placement = visited.person, order.placement if is_at_door else None
    return DriverStopView(
        stop_id=stop.id,
        order_id=order.id,
        reference=order.reference,
        merchant_id=order.merchant_id,
        merchant=visited.merchant.name,
        sequence=planned.sequence,
        trip=1,
        type=stop.type,
        state=stop.state,
        outcome=stop.outcome,
        reason=stop.reason,
        address=known.address_line or (_point_line(order) if is_at_door else None),
        unit=known.unit,
        comuna=order.comuna if is_at_door else None,
        position=(stop.position.lon, stop.position.lat),
        placement_level=placement.level.value if placement else None,
        uncertainty_m=placement.uncertainty_m if placement else None,
        window=window_view(promises[-1].window) if promises and is_at_door else None,
        planned_arrival=planned.arrival,
        name=known.name,
        phone=known.phone,
        instructions=known.instructions,
        safe_place=known.safe_place,
        parcels=[
            ParcelView(
                id=parcel.id,
                barcode=parcel.barcode,
                state=parcel.state.value,
                weight_g=parcel.weight_g,
                volume_ml=parcel.volume_ml,
            )
            for parcel in order.parcels
        ],
        cod_clp=order.cod_clp if is_at_door else None,
        cod_collected_clp=stop.cod_collected_clp,
        requires=RequiredView(
            photo=EvidenceKind.PHOTO in needed,
            signature=EvidenceKind.SIGNATURE in needed,
            receiver=EvidenceKind.RECEIVER in needed,
            pin=EvidenceKind.PIN in needed,
        ),
        transfer=_transfer_view(planned, stop),
    )


def _point_line(order: Order) -> str | None:
    """What a driver can go by where no street was told: the point, as maps take it, and comuna."""
    if order.placement is None:
        return None
    point = order.placement.position
    return ", ".join(filter(None, [f"Punto {point.lat:.5f} {point.lon:.5f}", order.comuna]))


def _transfer_view(planned: PlannedStop, stop: Stop) -> TransferView | None:
    there = planned.transfer
    if there is None or stop.state is StopState.CLOSED:
        return None
    return TransferView(
        from_code=there.from_code,
        is_depot=there.from_route_id is None,
        position=(there.position.lon, there.position.lat),
    )
