"""Squaring a route that is back (rendir): parcels counted in, cash counted, by the warehouse.

A driver's word brings nothing back: a parcel is in the depot once the depot has scanned it, and
cash is what somebody counted. Both may differ from what was told, and then it is said why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from promesa.dispatch.cash import Cash, cash_of
from promesa.dispatch.journal import Journal
from promesa.dispatch.refusals import ParcelsNotBackError
from promesa.dispatch.repository import DispatchStore
from promesa.dispatch.surplus import Surplus, list_surplus
from promesa.domain.actor import Actor, Permission
from promesa.domain.events import Event
from promesa.domain.order import Order
from promesa.domain.parcel import Parcel, ParcelState
from promesa.domain.person import Person
from promesa.domain.route import ROUTE, Route, RouteState
from promesa.domain.stop import StopDoubt
from promesa.kernel.clock import Clock
from promesa.kernel.errors import ConflictError, InvalidError
from promesa.kernel.ids import Ids

SQUARED = "route.reconciled"
COUNTED_LATER = "route.cash_counted"
_ON_THE_VAN_STILL = frozenset(
    {
        ParcelState.LOADED,
        ParcelState.IN_TRANSIT,
        ParcelState.RETURN_IN_TRANSIT,
        ParcelState.DAMAGED,
    }
)
# Where only cash that was told later can still be counted.
_OVER = frozenset({RouteState.RECONCILED, RouteState.CANCELLED})


class RouteNotBackError(ConflictError):
    """A route is squared when it is back."""

    code: ClassVar[str] = "route_not_back"
    message: ClassVar[str] = "Esta ruta aún no vuelve. Ciérrala antes de rendirla."


class CountNoteMissingError(InvalidError):
    """Another amount was counted than the driver told, and nobody says why."""

    code: ClassVar[str] = "count_note_missing"
    message: ClassVar[str] = (
        "Lo contado no es lo que el conductor dijo haber cobrado. Escribe por qué en la nota."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a route has to square.

    Attributes:
        aboard: Parcels that nobody scanned back, with their orders; those that the driver says to
            have left at the depot are in return_in_transit.
        surplus: Parcels that came back with it and should not.
        note_ids: Person records that keep why counted cash differed.
    """

    route: Route
    aboard: tuple[tuple[Order, Parcel], ...]
    returned: int
    cash: Cash
    surplus: tuple[Surplus, ...] = ()
    note_ids: tuple[UUID, ...] = ()


async def read_account(tx: DispatchStore, route_id: UUID, told: Iterable[Event]) -> Account:
    """What the route has to square; ``told`` are the events of the route."""
    told = list(told)
    route = await tx.routes.get(route_id)
    orders = await _orders_of(tx, route_id)
    notes = [e.data.get("note_id") for e in told if e.type in {SQUARED, COUNTED_LATER}]
    return Account(
        route=route,
        aboard=await list_aboard(tx, route_id, orders),
        returned=count_returned(orders),
        cash=cash_of(route, await tx.routes.list_stops(route_id), orders),
        surplus=list_surplus(told),
        note_ids=tuple(UUID(note) for note in notes if isinstance(note, str)),
    )


async def list_aboard(
    tx: DispatchStore, route_id: UUID, orders: Iterable[Order]
) -> tuple[tuple[Order, Parcel], ...]:
    """Parcels that the van still has: by whose hands they are in, for a damaged one may be here."""
    found = [
        (order, parcel)
        for order in orders
        for parcel in order.parcels
        if parcel.state in _ON_THE_VAN_STILL
    ]
    last = await tx.custody.last_entries([parcel.id for _, parcel in found])
    return tuple(
        (order, parcel)
        for order, parcel in found
        if parcel.id in last and last[parcel.id].holder.id == route_id
    )


def count_returned(orders: Iterable[Order]) -> int:
    """Parcels that came back to the depot."""
    return sum(
        parcel.state is ParcelState.RETURNED_TO_DEPOT
        for order in orders
        for parcel in order.parcels
    )


async def square(
    tx: DispatchStore,
    route_id: UUID,
    *,
    counted_clp: int,
    note: str | None = None,
    actor: Actor,
    clock: Clock,
    ids: Ids,
    request_id: str | None = None,
) -> Route:
    """Squares the route with the cash that was counted; twice is once.

    Of a route that was squared before, or called off, what was collected and told later is counted.

    Raises:
        RouteNotBackError: It is not back.
        ParcelsNotBackError: Parcels are still aboard.
        CountNoteMissingError: The cash differs from what was told, without a note.
    """
    actor.require(Permission.SCAN_AT_DEPOT)
    route = await tx.routes.lock(route_id)
    orders = await _orders_of(tx, route_id)
    stops = await tx.routes.list_stops(route_id)
    cash = cash_of(route, stops, orders)
    is_over = route.state in _OVER
    if route.state is RouteState.RECONCILED and cash.to_count_clp == 0:
        return route
    if route.state is not RouteState.FINISHED and not (is_over and cash.to_count_clp):
        raise RouteNotBackError(state=route.state.value)
    if not is_over:
        await _require_empty(tx, route_id, orders)
    if counted_clp != cash.to_count_clp and not (note or "").strip():
        raise CountNoteMissingError(told_clp=cash.to_count_clp, counted_clp=counted_clp)
    now = clock.now()
    journal = Journal(
        tx=tx,
        cause_id=ids.next(),
        actor=actor,
        occurred_at=now,
        recorded_at=now,
        request_id=request_id,
    ).on_route(route.id)
    squared = replace(
        route,
        state=route.state if is_over else ROUTE.step(route.state, RouteState.RECONCILED),
        cash_told_clp=cash.told_clp,
        cash_counted_clp=(route.cash_counted_clp or 0) + counted_clp,
    )
    data = await _counted(journal, route, cash, counted_clp, note)
    if is_over:
        await journal.of_route(squared, COUNTED_LATER, data)
    else:
        await journal.of_route(squared, SQUARED, {"returned": count_returned(orders)} | data)
    await tx.routes.save(squared)
    for stop in stops:
        # Who counts the money has seen what is too much or too little.
        if stop.doubt is StopDoubt.CASH_DIFFERS:
            await tx.routes.put_stop(replace(stop, doubt=None))
    return squared


async def _require_empty(tx: DispatchStore, route_id: UUID, orders: Iterable[Order]) -> None:
    if count := len(await list_aboard(tx, route_id, orders)):
        missing = "Falta 1 bulto" if count == 1 else f"Faltan {count} bultos"
        raise ParcelsNotBackError(f"{missing} por devolver en el CD.", count=count)


async def _counted(
    journal: Journal, route: Route, cash: Cash, counted_clp: int, note: str | None
) -> dict[str, object]:
    """Both amounts; what was written about them is kept as words are, with a person."""
    data: dict[str, object] = {
        "cash_told_clp": cash.to_count_clp,
        "cash_counted_clp": counted_clp,
    }
    if (note or "").strip():
        note_id = journal.event_id("note", route.id)
        await journal.tx.people.put(Person(id=note_id, instructions=(note or "").strip()))
        data["note_id"] = str(note_id)
    return data


async def _orders_of(tx: DispatchStore, route_id: UUID) -> list[Order]:
    stops = await tx.routes.list_stops(route_id)
    return await tx.orders.get_many(list(dict.fromkeys(stop.order_id for stop in stops)))
