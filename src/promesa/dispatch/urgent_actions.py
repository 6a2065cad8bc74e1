"""An order that has just come in goes into a route on the road, and out of it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from promesa.dispatch.choosing import MoveNotPossibleError
from promesa.dispatch.journal import Journal
from promesa.dispatch.moving import Rerouted
from promesa.dispatch.plan_desk import merchant_places
from promesa.dispatch.release import Release, schedule, stop_id_of, stop_type_of
from promesa.dispatch.repository import DispatchStore
from promesa.dispatch.route_actions import send_out
from promesa.dispatch.route_closing import BEFORE_START, ROUTE_CAUSE, cancel_route
from promesa.dispatch.route_over import RouteOverError
from promesa.dispatch.situation import RouteNow, Situation
from promesa.dispatch.spare_vans import open_route
from promesa.dispatch.urgent_day import Urgent
from promesa.dispatch.versions import find_open_stop, lock_stop, republish, withdraw
from promesa.domain.actor import Actor, Permission
from promesa.domain.custody import HolderKind
from promesa.domain.fleet import Depot
from promesa.domain.leg import LegKind
from promesa.domain.order import ORDER, Order, OrderState
from promesa.domain.parcel import ParcelState
from promesa.domain.promise import windows_to_keep, windows_told
from promesa.domain.route import OVER, Route
from promesa.domain.stop import Stop, StopState
from promesa.kernel.errors import ConflictError
from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.planning.due import is_due, is_plannable
from promesa.planning.inputs import place_of

CAUSE = "urgent"
# Of one order: a day of scans and calls has some fifty.
STORY_MAX = 10_000
_ABOARD = frozenset({ParcelState.LOADED, ParcelState.IN_TRANSIT, ParcelState.RETURN_IN_TRANSIT})


class OrderNotWaitingError(ConflictError):
    """The order has a route, is of another day, or its place is not sure."""

    code: ClassVar[str] = "order_not_waiting"
    message: ClassVar[str] = (
        "Este pedido no espera ruta hoy: ya tiene una, es de otro día o su dirección no está "
        "confirmada."
    )


class InsertionTooLateError(ConflictError):
    """The van has its parcels or is on its way there: it is not taken out any more."""

    code: ClassVar[str] = "insertion_too_late"
    message: ClassVar[str] = "El furgón ya tiene sus bultos o ya va para allá. Ya no se deshace."


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who does it, and with what."""

    actor: Actor
    release: Release
    request_id: str | None = None


async def gather_urgent(
    tx: DispatchStore, situation: Situation, order_id: UUID
) -> tuple[Situation, Urgent]:
    """The order as it waits, and the day that knows it.

    Raises:
        OrderNotWaitingError: It does not wait for a route of this day.
    """
    order = await tx.orders.get(order_id)
    if order.date != situation.day.date or not is_plannable(order):
        raise OrderNotWaitingError
    if await find_open_stop(tx, order.id) is not None:
        raise OrderNotWaitingError
    place = place_of(order, await _places(tx, order))
    if place is None:
        raise OrderNotWaitingError(
            "No sabemos dónde está el comercio. Agrega su posición en Comercios."
        )
    waiting_id = derived_id("waiting", order.id)
    holder_id, depot = await _where(tx, situation, order)
    urgent = Urgent(
        order=order,
        stop=Stop(
            id=derived_id(waiting_id, "stop"),
            order_id=order.id,
            route_id=waiting_id,
            type=stop_type_of(order),
            position=place,
            attempt=order.attempts + 1,
        ),
        depot=depot,
        holder_id=holder_id,
        waits_with=await _waiting_with(tx, order),
    )
    told = await tx.promises.list_of([order.id])
    knowing = replace(
        situation,
        orders={**situation.orders, order.id: order},
        promised={**situation.promised, **windows_to_keep(told, situation.day)},
        told={**situation.told, **windows_told(told)},
    )
    return knowing, urgent


def bound_to(situation: Situation, urgent: Urgent, route_id: UUID) -> Urgent:
    """The same, its visit with the id it has on that route.

    Another one after each version of the route: a visit that was taken out is not begun anew.
    """
    versions = {now.route.id: now.route.version for now in situation.routes}
    stop_id = derived_id(stop_id_of(urgent.order, route_id), CAUSE, versions.get(route_id))
    return replace(urgent, stop=replace(urgent.stop, id=stop_id))


async def insert_order(
    tx: DispatchStore, situation: Situation, urgent: Urgent, new: Rerouted, hand: Hand
) -> Route:
    """Publishes the route with the order in it; its recipient is told. ``new`` is place_urgent's.

    Raises:
        MoveNotPossibleError: Something changed meanwhile.
        OrderNotWaitingError: The order got a route meanwhile.
    """
    hand.actor.require(Permission.DISPATCH)
    now = situation.get_route(new.route_id)
    route = await open_route(tx, now) if now.is_spare else await _locked(tx, now)
    order = await tx.orders.get(urgent.order.id)
    if not is_plannable(order) or await find_open_stop(tx, order.id) is not None:
        raise OrderNotWaitingError
    journal = _journal(tx, order, "insert", hand).on_route(route.id)
    planned = next(stop for stop in new.stops if stop.stop_id == urgent.stop.id)
    await schedule(
        journal,
        route,
        order,
        stop_id=planned.stop_id,
        arrival=planned.arrival,
        release=hand.release,
    )
    if now.is_under_way and urgent.holder_id is not None:
        # Its parcels travel already, so that no scan of theirs will say that it is out.
        stop = await tx.routes.get_stop(planned.stop_id)
        await send_out(journal, stop, await tx.orders.get(order.id))
    return await republish(journal, route, new.stops, cause=CAUSE, timing=new.timing)


async def is_inserted(tx: DispatchStore, order_id: UUID, route_id: UUID) -> bool:
    """Whether the order is on the route since the version before this moment: asked twice."""
    stop = await find_open_stop(tx, order_id)
    if stop is None or stop.route_id != route_id:
        return False
    route = await tx.routes.get(route_id)
    return (await tx.routes.get_version(route_id, route.version)).cause == CAUSE


async def take_out(
    tx: DispatchStore, situation: Situation, order_id: UUID, new: Rerouted | None, hand: Hand
) -> Order:
    """Takes the order off its route again, where it waits for one as before. Twice is once.

    ``new`` is place_without's: when the route changed meanwhile, the others keep their hours. A
    spare van that was sent out for this order alone is spare again.

    Raises:
        OrderNotWaitingError: It is on no route, and does not wait for one.
        InsertionTooLateError: The van has its parcels, or is on the way to it.
    """
    hand.actor.require(Permission.DISPATCH)
    found = await find_open_stop(tx, order_id)
    # Held first, and read after that: its driver, or who takes it out too, may have been quicker.
    held = None if found is None else await lock_stop(tx, found.id)
    order = await tx.orders.get(order_id)
    if held is None or held[1].state is StopState.CLOSED:
        if is_plannable(order):
            return order
        raise OrderNotWaitingError("Este pedido no está en ninguna ruta.")
    route, stop = held
    has_begun = stop.state in {StopState.EN_ROUTE, StopState.ARRIVED}
    is_aboard = any(parcel.state in _ABOARD for parcel in order.parcels)
    is_returning = order.state is OrderState.RETURNING
    before = await _state_before(tx, order)
    may_wait = is_returning or ORDER.allows(order.state, before)
    if has_begun or is_aboard or not may_wait:
        raise InsertionTooLateError
    journal = _journal(tx, order, "take out", hand)
    if new is not None and situation.get_route(new.route_id).route == route:
        await withdraw(journal, order, cause=CAUSE, rest=new.stops, timing=new.timing)
    else:
        await withdraw(journal, order, cause=CAUSE)
    await _spare_again(journal, route)
    if is_returning:
        return order
    waiting = replace(order, state=ORDER.step(order.state, before))
    await tx.orders.save(waiting)
    return waiting


async def _state_before(tx: DispatchStore, order: Order) -> OrderState:
    """How the order waited when it was put on its route."""
    story = await tx.events.list_of_order(order.id, limit=STORY_MAX)
    was = [event.data.get("was") for event in story if event.type == "order.scheduled"]
    known = was[-1] if was else None
    return OrderState.CONFIRMED if known is None else OrderState(str(known))


async def _spare_again(journal: Journal, route: Route) -> None:
    """A van that nobody planned, that has not left and has nothing to do any more."""
    tx = journal.tx
    is_planned = (await tx.routes.get_version(route.id, 1)).cause != CAUSE
    if is_planned or route.state not in BEFORE_START:
        return
    stops = await tx.routes.list_stops(route.id)
    if all(stop.state is StopState.CLOSED for stop in stops):
        await cancel_route(journal, await tx.routes.get(route.id), cause=ROUTE_CAUSE)


async def _places(tx: DispatchStore, order: Order) -> Mapping[UUID, Position]:
    if order.leg.kind is LegKind.DELIVERY:
        return {}
    return await merchant_places(tx, {order.merchant_id})


async def _where(
    tx: DispatchStore, situation: Situation, order: Order
) -> tuple[UUID | None, Depot | None]:
    """The route that has its parcels aboard, and the depot where they lie, as far as known."""
    last = await tx.custody.last_entries([parcel.id for parcel in order.parcels])
    holders = [entry.holder for entry in last.values()]
    routes = {now.route.id for now in situation.routes}
    aboard = any(parcel.state in _ABOARD for parcel in order.parcels)
    for holder in holders:
        if aboard and holder.kind is HolderKind.ROUTE and holder.id in routes:
            return holder.id, None
    depots = {depot.id: depot for depot in await tx.fleet.list_depots()}
    seen = [holder.id for holder in holders if holder.kind is HolderKind.DEPOT]
    for depot_id in (*seen, order.depot_id):
        if depot_id in depots:
            return None, depots[depot_id]
    return None, next(iter(depots.values())) if len(depots) == 1 else None


async def _waiting_with(tx: DispatchStore, order: Order) -> tuple[str, ...]:
    """The references of others that it goes with and that have no route either."""
    if order.terms.bond is None:
        return ()
    bound = [
        other
        for other in await tx.orders.list_due(order.date)
        if other.id != order.id
        and other.merchant_id == order.merchant_id
        and other.terms.bond == order.terms.bond
        and is_due(other)
    ]
    return tuple(
        sorted([other.reference for other in bound if await find_open_stop(tx, other.id) is None])
    )


async def _locked(tx: DispatchStore, now: RouteNow) -> Route:
    route = await tx.routes.lock(now.route.id)
    if route.state in OVER:
        raise RouteOverError(state=route.state.value)
    if route.version != now.route.version:
        raise MoveNotPossibleError("La ruta cambió mientras la mirabas. Revisa de nuevo.")
    return route


def _journal(tx: DispatchStore, order: Order, what: str, hand: Hand) -> Journal:
    now = hand.release.clock.now()
    return Journal(
        tx=tx,
        cause_id=derived_id(what, order.id, order.version, now.isoformat()),
        actor=hand.actor,
        occurred_at=now,
        recorded_at=now,
        request_id=hand.request_id,
    )
