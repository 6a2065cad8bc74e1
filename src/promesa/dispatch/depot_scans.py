"""Scans at a depot: received, put beside a van, counted back in, missed, or given to the sender."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import msgspec

from promesa.dispatch.barcodes import find_parcel
from promesa.dispatch.endings import give_back
from promesa.dispatch.handover import HandOver, extend_chains, stepped, with_parcels
from promesa.dispatch.journal import Journal
from promesa.dispatch.phone import (
    Barcode,
    EventResult,
    EventStatus,
    Instant,
    believed_instant,
    read_event,
)
from promesa.dispatch.refusals import (
    BarcodeUnknownError,
    DepotUnknownError,
    ParcelAlreadyScannedError,
    ParcelOnAnotherRouteError,
    ParcelStateError,
    PhoneEventRefusedError,
)
from promesa.dispatch.repository import DispatchStore
from promesa.dispatch.surplus import (
    ParcelToldDeliveredError,
    note_other_route,
    note_unusable,
)
from promesa.domain.actor import Actor, Permission
from promesa.domain.custody import Holder, HolderKind
from promesa.domain.events import Event
from promesa.domain.order import Order, OrderState
from promesa.domain.parcel import HANDED_OVER, Parcel, ParcelState
from promesa.domain.stop import StopState
from promesa.kernel.clock import Clock


class ScanKind(StrEnum):
    """What a scan says."""

    RECEIVED = "received"
    STAGED = "staged"
    RETURNED = "returned"
    MISSING = "missing"
    RETURNED_TO_SENDER = "returned_to_sender"


class DepotScan(msgspec.Struct, frozen=True, kw_only=True):
    """One scan; ``id`` is the scanner's.

    Attributes:
        route_id: Whose load is checked: a parcel of another route is refused. Or whose return is
            counted: one of another route is counted in and told to be surplus.
    """

    id: UUID
    barcode: Barcode
    depot_id: UUID
    occurred_at: Instant
    kind: ScanKind
    route_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scan:
    journal: Journal
    scan: DepotScan
    notes: dict[str, object]


# From the road a parcel comes back; from anywhere else it comes in.
_FROM_THE_ROAD = frozenset(
    {ParcelState.LOADED, ParcelState.IN_TRANSIT, ParcelState.RETURN_IN_TRANSIT}
)
_MAY_COME_BACK = _FROM_THE_ROAD | {ParcelState.DAMAGED, ParcelState.MISSING}
_IN_VAN = frozenset({ParcelState.LOADED, ParcelState.IN_TRANSIT})
# Read twice, or read by a device that is set up wrong: no parcel too many.
_NOT_SURPLUS = (ParcelAlreadyScannedError, DepotUnknownError)


async def apply_depot_scan(
    tx: DispatchStore,
    raw: Mapping[str, object],
    *,
    actor: Actor,
    clock: Clock,
    request_id: str | None = None,
) -> EventResult:
    """Applies one scan, once; one call, one transaction.

    Raises:
        ForbiddenError: The actor does not work in a depot.
    """
    actor.require(Permission.SCAN_AT_DEPOT)
    try:
        scan: DepotScan = read_event(raw, DepotScan)
    except PhoneEventRefusedError as error:
        return _refused(str(raw.get("id", ""))[:64], error)
    now = clock.now()
    at, notes = believed_instant(scan.occurred_at, now)
    journal = Journal(
        tx=tx,
        cause_id=scan.id,
        actor=actor,
        occurred_at=at,
        recorded_at=now,
        request_id=request_id,
    )
    earlier = await tx.events.find(scan.id)
    if earlier is not None:
        return _answer_again(scan, earlier)
    try:
        await _apply(_Scan(journal=journal, scan=scan, notes=notes))
    except PhoneEventRefusedError as error:
        data: dict[str, object] = {
            "code": error.code,
            "type": f"scan.{scan.kind.value}",
            "detail": error.sentence,
        }
        await journal.of_cause(("depot", scan.depot_id), "device.event_refused", data | notes)
        if scan.kind is ScanKind.RETURNED and not isinstance(error, _NOT_SURPLUS):
            found = await _find(tx, scan)
            await note_unusable(journal, scan.route_id, found, scan.barcode)
        return _refused(str(scan.id), error)
    return EventResult(id=str(scan.id), status=EventStatus.ACCEPTED)


async def _apply(scene: _Scan) -> None:
    if scene.scan.depot_id not in {d.id for d in await scene.journal.tx.fleet.list_depots()}:
        raise DepotUnknownError
    scan = scene.scan
    order, parcel = await find_parcel(scene.journal.tx, scan.barcode, route_id=scan.route_id)
    changed = await _APPLY[scene.scan.kind](scene, order, parcel)
    await scene.journal.tx.orders.save(changed)


async def _receive(scene: _Scan, order: Order, parcel: Parcel) -> Order:
    if parcel.state in HANDED_OVER:
        raise ParcelToldDeliveredError(state=parcel.state.value)
    is_back = parcel.state in _FROM_THE_ROAD
    what = HandOver(
        state=ParcelState.RETURNED_TO_DEPOT if is_back else ParcelState.RECEIVED_AT_DEPOT,
        holder=Holder(kind=HolderKind.DEPOT, id=scene.scan.depot_id),
        event_type="parcel.returned_to_depot" if is_back else "parcel.received",
        data={"depot_id": str(scene.scan.depot_id)},
    )
    return await _move(scene, order, parcel, what)


async def _return(scene: _Scan, order: Order, parcel: Parcel) -> Order:
    """Counts a parcel back in; one that never left is not taken for one that came back."""
    if parcel.state is ParcelState.RETURNED_TO_DEPOT:
        raise ParcelAlreadyScannedError(state=parcel.state.value)
    if parcel.state in HANDED_OVER:
        raise ParcelToldDeliveredError(state=parcel.state.value)
    if parcel.state not in _MAY_COME_BACK:
        raise ParcelStateError("Este bulto no salió a ruta.", state=parcel.state.value)
    if scene.scan.route_id is not None:
        await note_other_route(scene.journal, scene.scan.route_id, parcel)
    what = HandOver(
        state=ParcelState.RETURNED_TO_DEPOT,
        holder=Holder(kind=HolderKind.DEPOT, id=scene.scan.depot_id),
        event_type="parcel.returned_to_depot",
        data={"depot_id": str(scene.scan.depot_id)},
    )
    return await _move(scene, order, parcel, what)


async def _miss(scene: _Scan, order: Order, parcel: Parcel) -> Order:
    """Nobody finds it: from now on nobody is known to hold it. A later scan finds it again."""
    what = HandOver(
        state=ParcelState.MISSING,
        holder=Holder(kind=HolderKind.UNKNOWN, id=scene.scan.depot_id),
        event_type="parcel.missing",
        data={"where": "depot", "depot_id": str(scene.scan.depot_id)},
    )
    return await _move(scene, order, parcel, what)


async def _stage(scene: _Scan, order: Order, parcel: Parcel) -> Order:
    await _require_of_route(scene, order)
    if parcel.state in _IN_VAN:
        raise ParcelAlreadyScannedError("Este bulto ya está en el furgón.")
    what = HandOver(
        state=ParcelState.STAGED,
        holder=Holder(kind=HolderKind.DEPOT, id=scene.scan.depot_id),
        event_type="parcel.handed_over",
        data={"depot_id": str(scene.scan.depot_id)},
    )
    return await _move(scene, order, parcel, what)


async def _require_of_route(scene: _Scan, order: Order) -> None:
    """A load check takes the parcels of one route alone."""
    wanted = scene.scan.route_id
    if wanted is None:
        return
    tx = scene.journal.tx
    for stop in await tx.routes.list_stops_of_order(order.id):
        if stop.state is StopState.CLOSED:
            continue
        if stop.route_id == wanted:
            return
        route = await tx.routes.get(stop.route_id)
        raise ParcelOnAnotherRouteError(f"Este bulto va en {route.code}. No lo cargues aquí.")
    raise ParcelOnAnotherRouteError("Este bulto no va en ninguna ruta de hoy. Déjalo en el CD.")


async def _give_back(scene: _Scan, order: Order, parcel: Parcel) -> Order:
    if order.state not in {OrderState.RETURNING, OrderState.CANCELLED}:
        raise ParcelStateError("Este pedido no está en devolución.", state=order.state.value)
    stepped(parcel, ParcelState.RETURNED_TO_SENDER)
    data: dict[str, object] = {"state": ParcelState.RETURNED_TO_SENDER.value, "scan": True}
    subject = ("parcel", parcel.id)
    await scene.journal.of_cause(
        subject, "parcel.handed_over", data | scene.notes, order_id=order.id
    )
    return await give_back(scene.journal, order, {parcel.id})


async def _move(scene: _Scan, order: Order, parcel: Parcel, what: HandOver) -> Order:
    if parcel.state is what.state:
        raise ParcelAlreadyScannedError(state=parcel.state.value)
    moved = stepped(parcel, what.state)
    await scene.journal.of_cause(
        ("parcel", parcel.id), what.event_type, what.told() | scene.notes, order_id=order.id
    )
    await extend_chains(scene.journal, {parcel.id: scene.scan.id}, what)
    return with_parcels(order, [moved])


async def _find(tx: DispatchStore, scan: DepotScan) -> tuple[Order, Parcel] | None:
    try:
        return await find_parcel(tx, scan.barcode, route_id=scan.route_id)
    except BarcodeUnknownError:
        return None


_APPLY: dict[ScanKind, Callable[[_Scan, Order, Parcel], Awaitable[Order]]] = {
    ScanKind.RECEIVED: _receive,
    ScanKind.STAGED: _stage,
    ScanKind.RETURNED: _return,
    ScanKind.MISSING: _miss,
    ScanKind.RETURNED_TO_SENDER: _give_back,
}


def _answer_again(scan: DepotScan, earlier: Event) -> EventResult:
    if earlier.type != "device.event_refused":
        return EventResult(id=str(scan.id), status=EventStatus.DUPLICATE)
    return EventResult(
        id=str(scan.id),
        status=EventStatus.REFUSED,
        code=str(earlier.data.get("code")),
        detail=str(earlier.data.get("detail")),
    )


def _refused(scan_id: str, error: PhoneEventRefusedError) -> EventResult:
    return EventResult(
        id=scan_id, status=EventStatus.REFUSED, code=error.code, detail=error.sentence
    )
