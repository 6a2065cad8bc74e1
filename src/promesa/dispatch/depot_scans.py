"""Scans at a depot: received, put beside a van, or given back to the sender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import msgspec

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
    ParcelStateError,
    PhoneEventRefusedError,
)
from promesa.dispatch.repository import DispatchStore
from promesa.domain.actor import Actor, Permission
from promesa.domain.custody import Holder, HolderKind
from promesa.domain.events import Event
from promesa.domain.order import Order, OrderState
from promesa.domain.parcel import Parcel, ParcelState
from promesa.kernel.clock import Clock


class ScanKind(StrEnum):
    """What a scan says."""

    RECEIVED = "received"
    STAGED = "staged"
    RETURNED_TO_SENDER = "returned_to_sender"


class DepotScan(msgspec.Struct, frozen=True, kw_only=True):
    """One scan; ``id`` is the scanner's."""

    id: UUID
    barcode: Barcode
    depot_id: UUID
    occurred_at: Instant
    kind: ScanKind


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scan:
    journal: Journal
    scan: DepotScan
    notes: dict[str, object]


# From the road a parcel comes back; from anywhere else it comes in.
_FROM_THE_ROAD = frozenset(
    {ParcelState.LOADED, ParcelState.IN_TRANSIT, ParcelState.RETURN_IN_TRANSIT}
)


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
        return _refused(str(scan.id), error)
    return EventResult(id=str(scan.id), status=EventStatus.ACCEPTED)


async def _apply(scene: _Scan) -> None:
    if scene.scan.depot_id not in {d.id for d in await scene.journal.tx.fleet.list_depots()}:
        raise DepotUnknownError
    order = await scene.journal.tx.orders.find_by_barcode(scene.scan.barcode)
    if order is None:
        raise BarcodeUnknownError
    parcel = next(p for p in order.parcels if p.barcode == scene.scan.barcode)
    if scene.scan.kind is ScanKind.RECEIVED:
        changed = await _receive(scene, order, parcel)
    elif scene.scan.kind is ScanKind.STAGED:
        changed = await _stage(scene, order, parcel)
    else:
        changed = await _give_back(scene, order, parcel)
    await scene.journal.tx.orders.save(changed)


async def _receive(scene: _Scan, order: Order, parcel: Parcel) -> Order:
    is_back = parcel.state in _FROM_THE_ROAD
    what = HandOver(
        state=ParcelState.RETURNED_TO_DEPOT if is_back else ParcelState.RECEIVED_AT_DEPOT,
        holder=Holder(kind=HolderKind.DEPOT, id=scene.scan.depot_id),
        event_type="parcel.returned_to_depot" if is_back else "parcel.received",
        data={"depot_id": str(scene.scan.depot_id)},
    )
    return await _move(scene, order, parcel, what)


async def _stage(scene: _Scan, order: Order, parcel: Parcel) -> Order:
    what = HandOver(
        state=ParcelState.STAGED,
        holder=Holder(kind=HolderKind.DEPOT, id=scene.scan.depot_id),
        event_type="parcel.handed_over",
        data={"depot_id": str(scene.scan.depot_id)},
    )
    return await _move(scene, order, parcel, what)


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
        raise ParcelStateError("Este bulto ya estaba escaneado.", state=parcel.state.value)
    moved = stepped(parcel, what.state)
    await scene.journal.of_cause(
        ("parcel", parcel.id), what.event_type, what.told() | scene.notes, order_id=order.id
    )
    await extend_chains(scene.journal, {parcel.id: scene.scan.id}, what)
    return with_parcels(order, [moved])


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
