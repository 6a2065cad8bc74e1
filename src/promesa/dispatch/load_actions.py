"""What a driver scans: into the van at the depot, at a seller's door, and back at the depot."""

from __future__ import annotations

from promesa.dispatch.handover import HandOver, extend_chains, hand_over, stepped, with_parcels
from promesa.dispatch.phone import (
    ParcelLoaded,
    ParcelMissing,
    ParcelPickedUp,
    ParcelReturnedToDepot,
)
from promesa.dispatch.refusals import BarcodeUnknownError, ParcelStateError, RouteNotYoursError
from promesa.dispatch.route_actions import send_out
from promesa.dispatch.scene import Scene
from promesa.domain.custody import Holder, HolderKind
from promesa.domain.order import ORDER, Order, OrderState
from promesa.domain.parcel import GONE, Parcel, ParcelState
from promesa.domain.route import UNDER_WAY
from promesa.domain.stop import StopState

_ABOARD = frozenset({ParcelState.LOADED, ParcelState.IN_TRANSIT})
_SEEN_IN_DEPOT = frozenset(
    {
        ParcelState.RETURNED_TO_DEPOT,
        ParcelState.RECEIVED_AT_DEPOT,
        ParcelState.SORTED,
        ParcelState.STAGED,
        ParcelState.RETURNED_TO_SENDER,
    }
)


async def load(scene: Scene) -> None:
    """A parcel goes into the van; once under way it counts as travelling at once."""
    assert isinstance(scene.event, ParcelLoaded)
    order, parcel = await scene.find_parcel(scene.event.barcode)
    if parcel.state in _ABOARD and await is_in_van(scene, parcel):
        raise ParcelStateError("Este bulto ya está cargado.", state=parcel.state.value)
    is_under_way = scene.route.state in UNDER_WAY
    state = ParcelState.IN_TRANSIT if is_under_way else ParcelState.LOADED
    data: dict[str, object] = {"route_id": str(scene.route.id), "is_scanned": True}
    loaded = await _move(scene, order, parcel, _into_van(scene, "parcel.loaded", state, data))
    if is_under_way:
        await _send_out_when_whole(scene, loaded)


async def _send_out_when_whole(scene: Scene, order: Order) -> None:
    """An order that comes aboard on the road is out for delivery once no parcel is waited for."""
    is_whole = all(parcel.state in _ABOARD | GONE for parcel in order.parcels)
    is_aboard = any(parcel.state in _ABOARD for parcel in order.parcels)
    if not (is_whole and is_aboard) or not ORDER.allows(order.state, OrderState.OUT_FOR_DELIVERY):
        return
    for stop, due in await scene.orders_of_stops():
        if due.id == order.id and stop.state is not StopState.CLOSED:
            await send_out(scene.journal, stop, due)


async def declare_missing(scene: Scene) -> None:
    """A due parcel is not there: from now on nobody is known to hold it."""
    assert isinstance(scene.event, ParcelMissing)
    order, parcel = await _find_by_id(scene, scene.event)
    holder = Holder(kind=HolderKind.UNKNOWN, id=scene.route.depot_id)
    is_under_way = scene.route.state in UNDER_WAY
    where = "meeting" if is_under_way else "load_out"
    data: dict[str, object] = {"where": where, "route_id": str(scene.route.id)}
    what = HandOver(
        state=ParcelState.MISSING, holder=holder, event_type="parcel.missing", data=data
    )
    left = await _move(scene, order, parcel, what)
    if is_under_way:
        await _send_out_when_whole(scene, left)


async def pick_up(scene: Scene) -> None:
    """A parcel is taken at a stop of this route and travels with the van."""
    assert isinstance(scene.event, ParcelPickedUp)
    stop = await scene.get_stop(scene.event.stop_id)
    order, parcel = await scene.find_parcel(scene.event.barcode)
    if order.id != stop.order_id:
        raise RouteNotYoursError("Este bulto es de otra parada.")
    if parcel.state in _ABOARD:
        raise ParcelStateError("Este bulto ya está en el furgón.", state=parcel.state.value)
    data: dict[str, object] = {"stop_id": str(stop.id)}
    what = _into_van(scene, "parcel.handed_over", ParcelState.IN_TRANSIT, data)
    await _move(scene, order, parcel, what)


async def return_to_depot(scene: Scene) -> None:
    """The driver says to have left it at the depot: the van answers for it until it is seen there.

    One that the depot scanned before the phone was heard stays where it is.
    """
    assert isinstance(scene.event, ParcelReturnedToDepot)
    order, parcel = await scene.find_parcel(scene.event.barcode)
    is_seen = parcel.state in _SEEN_IN_DEPOT
    left = parcel if is_seen else stepped(parcel, ParcelState.RETURN_IN_TRANSIT)
    data: dict[str, object] = {
        "depot_id": str(scene.route.depot_id),
        "state": left.state.value,
    }
    await scene.record(("parcel", parcel.id), "parcel.left_at_depot", data, order_id=order.id)
    if is_seen:
        return
    if not await is_in_van(scene, parcel):
        # Nobody had seen it go into this van; whoever brings it had it.
        aboard: dict[str, object] = {"route_id": str(scene.route.id), "is_scanned": False}
        await hand_over(
            scene.journal,
            [parcel],
            _into_van(scene, "parcel.loaded", ParcelState.LOADED, aboard),
        )
    await scene.tx.orders.save(with_parcels(order, [left]))


async def is_in_van(scene: Scene, parcel: Parcel) -> bool:
    """Whether this route holds the parcel; it may come from another van that stands."""
    last = (await scene.tx.custody.last_entries([parcel.id])).get(parcel.id)
    return last is not None and last.holder.id == scene.route.id


async def take_over(scene: Scene, order: Order) -> None:
    """Parcels that were last in another van and are handed over from this one were moved."""
    moved = [
        parcel
        for parcel in order.parcels
        if parcel.state in _ABOARD and not await is_in_van(scene, parcel)
    ]
    if not moved:
        return
    data: dict[str, object] = {"route_id": str(scene.route.id), "is_scanned": False}
    await hand_over(
        scene.journal, moved, _into_van(scene, "parcel.loaded", ParcelState.LOADED, data)
    )


def _into_van(
    scene: Scene, event_type: str, state: ParcelState, data: dict[str, object]
) -> HandOver:
    holder = Holder(kind=HolderKind.ROUTE, id=scene.route.id)
    return HandOver(state=state, holder=holder, event_type=event_type, data=data)


async def _move(scene: Scene, order: Order, parcel: Parcel, what: HandOver) -> Order:
    """The phone's own event is the hand-over of this one parcel."""
    moved = stepped(parcel, what.state)
    subject = ("parcel", parcel.id)
    await scene.record(subject, what.event_type, what.told(), order_id=order.id)
    await extend_chains(scene.journal, {parcel.id: scene.journal.cause_id}, what)
    after = with_parcels(order, [moved])
    await scene.tx.orders.save(after)
    return after


async def _find_by_id(scene: Scene, event: ParcelMissing) -> tuple[Order, Parcel]:
    for _, order in await scene.orders_of_stops():
        for parcel in order.parcels:
            if parcel.id == event.parcel_id:
                return order, parcel
    raise BarcodeUnknownError
