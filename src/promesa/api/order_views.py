"""How an order looks from outside: one view for the torre and for its merchant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from promesa.api.decoding import View
from promesa.domain.access import Merchant
from promesa.domain.order import Order
from promesa.domain.person import Person
from promesa.domain.place import Placement
from promesa.domain.promise import Promise
from promesa.kernel.timewindow import TimeWindow
from promesa.orders.reading import OrderRecord
from promesa.promising.repository import Reservation
from promesa.runtime.fleet_watch import FleetWatch, OrderNow
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore


class WindowView(View):
    """A span of time."""

    start: datetime
    end: datetime


class RecipientView(View):
    """Who it is for."""

    person_id: UUID
    name: str | None
    rut: str | None
    phone: str | None
    email: str | None


class PlacementView(View):
    """Where the door is and how sure we are; ``level`` street means no house number is known.

    ``is_outside`` is a place that the map of the city does not reach.
    """

    position: tuple[float, float]
    level: str
    uncertainty_m: float
    score: float
    source: str
    confirmed_by: UUID | None
    is_routable: bool
    is_outside: bool


class PromiseView(View):
    """What was told to the recipient; instants are UTC.

    Of one that a buyer chose among quotes, `price_clp` is what was told to be paid for it, and
    `reservation_id` the reservation that accepting the quote named.
    """

    version: int
    window: WindowView
    made_at: datetime
    cause: str
    fate: str
    price_clp: int | None = None
    reservation_id: UUID | None = None


class ParcelView(View):
    """A box."""

    id: UUID
    barcode: str
    state: str
    weight_g: int | None
    volume_ml: int | None


class ItemView(View):
    """A line of what was bought."""

    name: str
    code: str | None
    quantity: int


class LegView(View):
    """A part of the way."""

    kind: str
    carrier: str
    origin_depot_id: UUID | None
    destination_depot_id: UUID | None
    carrier_name: str | None


class TermsView(View):
    """What a route must keep besides window, load and skills."""

    bond: str | None
    bond_rank: int | None
    leave_out_price_clp: int | None
    only_vehicle: str | None
    never_vehicles: list[str]


class MerchantRef(View):
    """Who ships it."""

    id: UUID
    name: str


class EtaView(View):
    """When the van arrives: one in ten before p10, half before p50, nine in ten before p90."""

    p10: datetime
    p50: datetime
    p90: datetime
    basis: str


class OnRouteView(View):
    """The route an order is on today."""

    id: UUID
    code: str
    stop_id: UUID
    sequence: int
    eta: EtaView | None


class OrderView(View):
    """An order with its recipient, place, promise and route."""

    id: UUID
    merchant: MerchantRef
    reference: str
    state: str
    date: date
    recipient: RecipientView
    address: str | None
    unit: str | None
    comuna: str | None
    placement: PlacementView | None
    windows: list[WindowView]
    promise: PromiseView | None
    first_promise: PromiseView | None
    parcels: list[ParcelView]
    items: list[ItemView]
    cod_clp: int | None
    skills: list[str]
    terms: TermsView
    service_time_s: int
    instructions: str | None
    safe_place: str | None
    requires_pin: bool
    product_class: str | None
    tags: dict[str, str]
    legs: list[LegView]
    leg_index: int
    attempts: int
    route: OnRouteView | None
    risk: str | None
    version: int


def window_view(window: TimeWindow) -> WindowView:
    """A window for the wire."""
    return WindowView(start=window.start, end=window.end)


def placement_view(placement: Placement | None) -> PlacementView | None:
    """A placement for the wire."""
    if placement is None:
        return None
    return PlacementView(
        position=(placement.position.lon, placement.position.lat),
        level=placement.level.value,
        uncertainty_m=round(placement.uncertainty_m, 1),
        score=round(placement.score, 3),
        source=placement.source.value,
        confirmed_by=placement.confirmed_by,
        is_routable=placement.is_routable,
        is_outside=placement.is_outside,
    )


def promise_view(promise: Promise, quoted: Reservation | None = None) -> PromiseView:
    """A promise for the wire; ``quoted`` is the place that its order took for the first one."""
    own = quoted if promise.version == 1 else None
    return PromiseView(
        version=promise.version,
        window=window_view(promise.window),
        made_at=promise.made_at,
        cause=promise.cause,
        fate=promise.fate.value,
        price_clp=own.price_clp if own else None,
        reservation_id=own.id if own else None,
    )


def on_route_view(now: OrderNow | None) -> OnRouteView | None:
    """Where an order is on its route."""
    if now is None:
        return None
    eta = now.eta
    return OnRouteView(
        id=now.route_id,
        code=now.route_code,
        stop_id=now.stop_id,
        sequence=now.sequence,
        eta=None
        if eta is None
        else EtaView(p10=eta.p10, p50=eta.p50, p90=eta.p90, basis=eta.basis),
    )


def order_view(
    record: OrderRecord,
    merchant: Merchant | None,
    watch: FleetWatch,
    quoted: Reservation | None = None,
) -> OrderView:
    """One order for the wire."""
    order, person, promises = record.order, record.person, record.promises
    now = watch.find_order(order.id)
    return OrderView(
        id=order.id,
        merchant=MerchantRef(id=order.merchant_id, name=merchant.name if merchant else ""),
        reference=order.reference,
        state=order.state.value,
        date=order.date,
        recipient=RecipientView(
            person_id=person.id,
            name=person.name,
            rut=person.rut,
            phone=person.phone,
            email=person.email,
        ),
        address=person.address_line,
        unit=person.unit,
        comuna=order.comuna,
        placement=placement_view(order.placement),
        windows=[window_view(window) for window in order.windows],
        promise=promise_view(promises[-1], quoted) if promises else None,
        first_promise=promise_view(promises[0], quoted) if promises else None,
        parcels=_parcels(order),
        items=[
            ItemView(name=item.name, code=item.code, quantity=item.quantity) for item in order.items
        ],
        cod_clp=order.cod_clp,
        skills=sorted(order.skills),
        terms=TermsView(
            bond=order.terms.bond,
            bond_rank=order.terms.bond_rank,
            leave_out_price_clp=order.terms.leave_out_price_clp,
            only_vehicle=order.terms.only_vehicle,
            never_vehicles=sorted(order.terms.never_vehicles),
        ),
        service_time_s=order.service_time_s,
        instructions=person.instructions,
        safe_place=person.safe_place,
        requires_pin=order.requires_pin,
        product_class=order.product_class,
        tags=order.tags,
        legs=_legs(order),
        leg_index=order.leg_index,
        attempts=order.attempts,
        route=on_route_view(now),
        risk=now.risk.value if now else None,
        version=order.version,
    )


def _parcels(order: Order) -> list[ParcelView]:
    return [
        ParcelView(
            id=parcel.id,
            barcode=parcel.barcode,
            state=parcel.state.value,
            weight_g=parcel.weight_g,
            volume_ml=parcel.volume_ml,
        )
        for parcel in order.parcels
    ]


def _legs(order: Order) -> list[LegView]:
    return [
        LegView(
            kind=leg.kind.value,
            carrier=leg.carrier.value,
            origin_depot_id=leg.origin_depot_id,
            destination_depot_id=leg.destination_depot_id,
            carrier_name=leg.carrier_name,
        )
        for leg in order.legs
    ]


async def people_shown(
    tx: PlatformStore, caller: Caller, person_ids: Sequence[UUID]
) -> dict[UUID, Person]:
    """People as the caller may read them: none at all for who may not."""
    return await tx.people.get_many(person_ids) if caller.actor.reads_recipients else {}


async def view_records(
    platform: Platform, tx: PlatformStore, caller: Caller, records: list[OrderRecord]
) -> list[OrderView]:
    """Several orders for the wire; who may not read people sees nobody's name or door."""
    merchants = await tx.access.get_merchants(
        sorted({record.order.merchant_id for record in records})
    )
    watch = platform.watch(caller.tenant_id)
    quoted = await tx.reservations.list_taken([record.order.id for record in records])
    if not caller.actor.reads_recipients:
        records = [replace(item, person=Person(id=item.person.id)) for item in records]
    return [
        order_view(
            record,
            merchants.get(record.order.merchant_id),
            watch,
            quoted.get(record.order.id),
        )
        for record in records
    ]
