"""Making and releasing an order's promises; the first is immutable, each later one is new."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from promesa.domain.order import Order
from promesa.domain.promise import Promise, PromiseFate
from promesa.kernel.timewindow import TimeWindow
from promesa.orders.desk import Author, order_event
from promesa.orders.repository import EventRepository, PromiseRepository


class PromiseStore(Protocol):
    """What promises need kept."""

    @property
    def events(self) -> EventRepository: ...
    @property
    def promises(self) -> PromiseRepository: ...


async def promise_window(
    tx: PromiseStore,
    order: Order,
    window: TimeWindow,
    *,
    cause: str,
    now: datetime,
    author: Author,
) -> Promise | None:
    """Tells the recipient a window: the next version, and the one before is released.

    Returns:
        The new version; None when the open promise already says this window.
    """
    versions = (await tx.promises.list_of([order.id])).get(order.id, [])
    if versions and versions[-1].fate is PromiseFate.OPEN and versions[-1].window == window:
        return None
    await _release(tx, order, versions, now=now, author=author)
    return await _make(tx, order, window, len(versions) + 1, cause=cause, now=now, author=author)


async def promise_first_window(
    tx: PromiseStore,
    order: Order,
    window: TimeWindow,
    *,
    cause: str,
    now: datetime,
    author: Author,
) -> Promise:
    """Tells the recipient of a new order its first window, which is never changed."""
    return await _make(tx, order, window, 1, cause=cause, now=now, author=author)


async def release_promise(tx: PromiseStore, order: Order, *, now: datetime, author: Author) -> None:
    """Closes the open promise because something else was asked for; without one, does nothing."""
    versions = (await tx.promises.list_of([order.id])).get(order.id, [])
    await _release(tx, order, versions, now=now, author=author)


async def _release(
    tx: PromiseStore, order: Order, versions: list[Promise], *, now: datetime, author: Author
) -> None:
    for promise in versions:
        if promise.fate is not PromiseFate.OPEN:
            continue
        # A window that went by without a delivery was broken before anybody asked for another.
        fate = PromiseFate.BROKEN if now > promise.window.end else PromiseFate.RELEASED
        await tx.promises.save(replace(promise, fate=fate))
        data: dict[str, object] = {"version": promise.version, "fate": fate.value}
        turn = str(promise.version)
        await tx.events.record(
            order_event("promise.closed", order, author=author, now=now, data=data, turn=turn)
        )


async def _make(
    tx: PromiseStore,
    order: Order,
    window: TimeWindow,
    version: int,
    *,
    cause: str,
    now: datetime,
    author: Author,
) -> Promise:
    promise = Promise(order_id=order.id, version=version, window=window, made_at=now, cause=cause)
    await tx.promises.add(promise)
    data: dict[str, object] = {
        "version": version,
        "start": window.start.isoformat(),
        "end": window.end.isoformat(),
        "cause": cause,
    }
    await tx.events.record(
        order_event("promise.made", order, author=author, now=now, data=data, turn=str(version))
    )
    return promise
