"""Reading orders: one with everything about it, and pages of them; a merchant sees its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from promesa.domain.actor import Actor
from promesa.domain.order import Order
from promesa.domain.person import Person
from promesa.domain.promise import Promise
from promesa.kernel.errors import InvalidError, NotFoundError
from promesa.orders.repository import OrderFilter, OrdersStore

PAGE_ORDERS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRecord:
    """An order with its recipient and what was promised, by version."""

    order: Order
    person: Person
    promises: tuple[Promise, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """Some orders; ``next_after`` continues the list and is None at its end."""

    records: tuple[OrderRecord, ...]
    next_after: tuple[date, UUID] | None


async def get_own_order(tx: OrdersStore, order_id: UUID, actor: Actor) -> Order:
    """The order, if who asks may know of it.

    Raises:
        NotFoundError: There is none, or it is another merchant's or another recipient's.
    """
    order = await tx.orders.get(order_id)
    if actor.merchant_id is not None and order.merchant_id != actor.merchant_id:
        raise NotFoundError
    if actor.order_id is not None and order.id != actor.order_id:
        raise NotFoundError
    return order


async def get_order_record(tx: OrdersStore, order_id: UUID, actor: Actor) -> OrderRecord:
    """One order with everything about it."""
    order = await get_own_order(tx, order_id, actor)
    return (await records_of(tx, [order]))[0]


async def list_order_records(
    tx: OrdersStore,
    where: OrderFilter,
    *,
    actor: Actor,
    limit: int,
    after: tuple[date, UUID] | None = None,
) -> OrderPage:
    """A page of orders by date and id."""
    if not 1 <= limit <= PAGE_ORDERS_MAX:
        raise InvalidError(f"El límite va de 1 a {PAGE_ORDERS_MAX}.", limit=limit)
    if actor.merchant_id is not None:
        where = replace(where, merchant_id=actor.merchant_id)
    orders = await tx.orders.list_page(where, limit=limit + 1, after=after)
    shown = orders[:limit]
    last = shown[-1] if len(orders) > limit else None
    return OrderPage(
        records=tuple(await records_of(tx, shown)),
        next_after=(last.date, last.id) if last else None,
    )


async def records_of(tx: OrdersStore, orders: Sequence[Order]) -> list[OrderRecord]:
    """The orders with recipients and promises, in the order given; two queries for all."""
    people = await tx.people.get_many([order.recipient_id for order in orders])
    promises = await tx.promises.list_of([order.id for order in orders])
    return [
        OrderRecord(
            order=order,
            person=people.get(order.recipient_id) or Person(id=order.recipient_id),
            promises=tuple(promises.get(order.id, ())),
        )
        for order in orders
    ]
