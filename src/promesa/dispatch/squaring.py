"""Squaring a route that is back (rendir): parcels counted in, money handed in, by the warehouse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from promesa.dispatch.journal import Journal
from promesa.dispatch.late_visits import TOLD_LATE
from promesa.dispatch.refusals import ParcelsNotBackError
from promesa.dispatch.repository import DispatchStore
from promesa.domain.actor import Actor, Permission
from promesa.domain.events import Event
from promesa.domain.order import Order
from promesa.domain.parcel import Parcel, ParcelState
from promesa.domain.route import ROUTE, Route, RouteState
from promesa.domain.stop import StopDoubt
from promesa.kernel.clock import Clock
from promesa.kernel.errors import ConflictError
from promesa.kernel.ids import Ids

_ON_THE_VAN_STILL = frozenset(
    {
        ParcelState.LOADED,
        ParcelState.IN_TRANSIT,
        ParcelState.RETURN_IN_TRANSIT,
        ParcelState.DAMAGED,
    }
)


class RouteNotBackError(ConflictError):
    """A route is squared when it is back."""

    code: ClassVar[str] = "route_not_back"
    message: ClassVar[str] = "Esta ruta aún no vuelve. Ciérrala antes de rendirla."


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a route has to square.

    Attributes:
        aboard: Parcels that nobody scanned back, with their orders.
        cod_due_clp: Of every order visited; ``cod_collected_clp`` is what the driver declared.
    """

    route: Route
    aboard: tuple[tuple[Order, Parcel], ...]
    returned: int
    cod_due_clp: int
    cod_collected_clp: int


async def read_account(tx: DispatchStore, route_id: UUID, told: Iterable[Event]) -> Account:
    """What the route has to square; ``told`` are the events of the route."""
    route = await tx.routes.get(route_id)
    stops = await tx.routes.list_stops(route_id)
    orders = await tx.orders.get_many([stop.order_id for stop in stops])
    closed = [event for event in told if event.type in {"stop.closed", TOLD_LATE}]
    return Account(
        route=route,
        aboard=await list_aboard(tx, route_id, orders),
        returned=count_returned(orders),
        cod_due_clp=sum(
            _pesos(event, "cod_due_clp") for event in closed if _is_delivery_done(event)
        ),
        cod_collected_clp=sum(_pesos(event, "cod_collected_clp") for event in closed),
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
    account: Account,
    *,
    actor: Actor,
    clock: Clock,
    ids: Ids,
    request_id: str | None = None,
) -> Route:
    """Squares the route; twice is once.

    Raises:
        RouteNotBackError: It is not back.
        ParcelsNotBackError: Parcels are still aboard.
    """
    actor.require(Permission.SCAN_AT_DEPOT)
    route = await tx.routes.lock(account.route.id)
    if route.state is RouteState.RECONCILED:
        return route
    if route.state is not RouteState.FINISHED:
        raise RouteNotBackError(state=route.state.value)
    if account.aboard:
        count = len(account.aboard)
        missing = "Falta 1 bulto" if count == 1 else f"Faltan {count} bultos"
        raise ParcelsNotBackError(f"{missing} por devolver en el CD.", count=count)
    now = clock.now()
    journal = Journal(
        tx=tx,
        cause_id=ids.next(),
        actor=actor,
        occurred_at=now,
        recorded_at=now,
        request_id=request_id,
    ).on_route(route.id)
    squared = replace(route, state=ROUTE.step(route.state, RouteState.RECONCILED))
    await journal.of_route(squared, "route.reconciled", {"returned": account.returned})
    await tx.routes.save(squared)
    for stop in await tx.routes.list_stops(route.id):
        # Who counts the money has seen what is too much or too little.
        if stop.doubt is StopDoubt.CASH_DIFFERS:
            await tx.routes.put_stop(replace(stop, doubt=None))
    return squared


def _is_delivery_done(event: Event) -> bool:
    return event.data.get("outcome") in {"succeeded", "partial"}


def _pesos(event: Event, name: str) -> int:
    value = event.data.get(name)
    return value if isinstance(value, int) else 0
