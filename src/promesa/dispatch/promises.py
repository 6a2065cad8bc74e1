"""Promises of orders in motion: the fate of those told, and a new version of what is told next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from promesa.dispatch.journal import Journal
from promesa.domain.order import Order
from promesa.domain.promise import Promise, PromiseFate, judge
from promesa.kernel.timewindow import TimeWindow

Verdict = Callable[[Promise], PromiseFate]


def delivered_at(instant: datetime) -> Verdict:
    """Judges by the instant of delivery."""
    return lambda promise: judge(promise, instant)


def always(fate: PromiseFate) -> Verdict:
    """The same fate for each open version."""
    return lambda _: fate


async def close_promises(journal: Journal, order: Order, verdict: Verdict) -> None:
    """Gives each open version of the order its fate, and records it."""
    kept = await journal.tx.promises.list_of([order.id])
    for promise in kept.get(order.id, []):
        if promise.fate is not PromiseFate.OPEN:
            continue
        fate = verdict(promise)
        await journal.tx.promises.save(replace(promise, fate=fate))
        data: dict[str, object] = {"version": promise.version, "fate": fate.value}
        await journal.of_promise(order.id, "promise.closed", data)


async def make_promise(
    journal: Journal, order: Order, window: TimeWindow, *, cause: str
) -> Promise:
    """Tells the recipient a window as a new version; the first one stays as it was."""
    kept = await journal.tx.promises.list_of([order.id])
    promise = Promise(
        order_id=order.id,
        version=len(kept.get(order.id, [])) + 1,
        window=window,
        made_at=journal.recorded_at,
        cause=cause,
    )
    await journal.tx.promises.add(promise)
    data: dict[str, object] = {
        "version": promise.version,
        "start": window.start.isoformat(),
        "end": window.end.isoformat(),
        "cause": cause,
    }
    await journal.of_promise(order.id, "promise.made", data)
    return promise
