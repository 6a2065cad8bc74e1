"""Reading orders: one with everything about it, and pages of them; a merchant sees its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from promesa.domain.actor import Actor
from promesa.domain.order import Order
from promesa.domain.person import Person
from promesa.domain.promise import Promise
from promesa.kernel.errors import InvalidError, NotFoundError
from promesa.orders.repository import (
    BY_DATE,
    OrderFilter,
    OrderSorting,
    OrdersStore,
    SortValue,
)

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
    next_after: tuple[SortValue, UUID] | None


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
    after: tuple[SortValue, UUID] | None = None,
    sorting: OrderSorting = BY_DATE,
) -> OrderPage:
    """A page of orders, by date and id unless ``sorting`` says otherwise."""
    if not 1 <= limit <= PAGE_ORDERS_MAX:
        raise InvalidError(f"El límite va de 1 a {PAGE_ORDERS_MAX}.", limit=limit)
    orders = await tx.orders.list_page(
        _own(where, actor), limit=limit + 1, after=after, sorting=sorting
    )
    shown = orders[:limit]
    last = shown[-1].id if len(orders) > limit else None
    return OrderPage(
        records=tuple(await records_of(tx, shown)),
        next_after=(await tx.orders.sort_value(last, sorting.by), last) if last else None,
    )


async def count_orders(tx: OrdersStore, where: OrderFilter, *, actor: Actor) -> int:
    """How many orders the list has, over all its pages."""
    return await tx.orders.count(_own(where, actor))


def _own(where: OrderFilter, actor: Actor) -> OrderFilter:
    return where if actor.merchant_id is None else replace(where, merchant_id=actor.merchant_id)


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
