"""Days of promises on quotes that are over, some kept and some not, as tests need them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from promesa.domain.order import OrderState
from promesa.domain.promise import Promise, PromiseFate
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.promising.reserving import QUOTED_CAUSE
from promesa.runtime.repository import PlatformStore
from tests.support.promise_nouns import a_reservation

# Of ten promises one is stated to break.
P_KEPT = 0.9


async def keep_day(
    tx: PlatformStore, like: UUID, day: date, *, late: int, promises: int = 10
) -> None:
    """Puts orders like that one, quoted the day before, of which ``late`` came too late."""
    model = await tx.orders.get(like)
    begin = ServiceDay(day).start
    window = TimeWindow(start=begin + timedelta(hours=9), end=begin + timedelta(hours=21))
    accepted_at = begin - timedelta(hours=12)
    for number in range(promises):
        order_id = derived_id("order", like, day, number)
        await tx.orders.add(
            replace(
                model,
                id=order_id,
                reference=f"P-{day:%m%d}-{number}",
                date=day,
                state=OrderState.DELIVERED,
                parcels=(),
                items=(),
            )
        )
        await tx.reservations.add(
            replace(
                a_reservation(str(order_id), order_id=order_id),
                date=day,
                window=window,
                p_kept=P_KEPT,
                accepted_at=accepted_at,
            )
        )
        await tx.promises.add(
            Promise(
                order_id=order_id,
                version=1,
                window=window,
                made_at=accepted_at,
                cause=QUOTED_CAUSE,
                fate=PromiseFate.LATE if number < late else PromiseFate.KEPT,
            )
        )
