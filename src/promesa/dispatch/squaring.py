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
from promesa.domain.stop import Stop, StopDoubt
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
    now = clock.now()
    journal = Journal(
        tx=tx,
        cause_id=ids.next(),
        actor=actor,
        occurred_at=now,
        recorded_at=now,
        request_id=request_id,
    ).on_route(route.id)
    orders, stops = await _orders_of(tx, route_id), await tx.routes.list_stops(route_id)
    count = _Count(
        journal=journal,
        route=route,
        orders=orders,
        stops=stops,
        cash=cash_of(route, stops, orders),
        counted_clp=counted_clp,
        note=(note or "").strip(),
    )
    if route.state is RouteState.FINISHED:
        return await _square_returned(count)
    if route.state in _OVER and count.cash.to_count_clp:
        return await _count_later(count)
    if route.state is RouteState.RECONCILED:
        return route
    raise RouteNotBackError(state=route.state.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    """What somebody counted, of a route that nobody else holds meanwhile."""

    journal: Journal
    route: Route
    orders: list[Order]
    stops: list[Stop]
    cash: Cash
    counted_clp: int
    note: str


async def _square_returned(count: _Count) -> Route:
    """The route is back: with nothing left aboard it is squared."""
    await _require_empty(count.journal.tx, count.route.id, count.orders)
    data = {"returned": count_returned(count.orders)} | await _told(count)
    state = ROUTE.step(count.route.state, RouteState.RECONCILED)
    return await _keep(count, replace(count.route, state=state), SQUARED, data)


async def _count_later(count: _Count) -> Route:
    """The route was over: what was collected and told since is counted beside the first count."""
    return await _keep(count, count.route, COUNTED_LATER, await _told(count))


async def _keep(count: _Count, route: Route, event_type: str, data: dict[str, object]) -> Route:
    counted = replace(
        route,
        cash_told_clp=count.cash.told_clp,
        cash_counted_clp=(route.cash_counted_clp or 0) + count.counted_clp,
    )
    await count.journal.of_route(counted, event_type, data)
    await count.journal.tx.routes.save(counted)
    for stop in count.stops:
        # Who counts the money has seen what is too much or too little.
        if stop.doubt is StopDoubt.CASH_DIFFERS:
            await count.journal.tx.routes.put_stop(replace(stop, doubt=None))
    return counted


async def _require_empty(tx: DispatchStore, route_id: UUID, orders: Iterable[Order]) -> None:
    if count := len(await list_aboard(tx, route_id, orders)):
        missing = "Falta 1 bulto" if count == 1 else f"Faltan {count} bultos"
        raise ParcelsNotBackError(f"{missing} por devolver en el CD.", count=count)


async def _told(count: _Count) -> dict[str, object]:
    """Both amounts; what was written about them is kept as words are, with a person.

    Raises:
        CountNoteMissingError: They differ, and nobody says why.
    """
    told_clp, counted_clp = count.cash.to_count_clp, count.counted_clp
    if counted_clp != told_clp and not count.note:
        raise CountNoteMissingError(told_clp=told_clp, counted_clp=counted_clp)
    data: dict[str, object] = {"cash_told_clp": told_clp, "cash_counted_clp": counted_clp}
    if count.note:
        note_id = count.journal.event_id("note", count.route.id)
        await count.journal.tx.people.put(Person(id=note_id, instructions=count.note))
        data["note_id"] = str(note_id)
    return data


async def _orders_of(tx: DispatchStore, route_id: UUID) -> list[Order]:
    stops = await tx.routes.list_stops(route_id)
    return await tx.orders.get_many(list(dict.fromkeys(stop.order_id for stop in stops)))
