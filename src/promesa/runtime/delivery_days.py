"""On which days an order may be delivered, for who may not decide it: merchants and recipients."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from promesa.dispatch.delivery_days import DaysToChoose, delivery_rule, intake_rule
from promesa.domain.fleet import Load
from promesa.domain.order import Order
from promesa.kernel.serviceday import ServiceDay
from promesa.orders.desk import Desk
from promesa.promising.quoting import Wanted, quote
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore


async def intake_desk(platform: Platform, tx: PlatformStore, caller: Caller) -> Desk:
    """The tools of intake; a merchant's own orders keep to the days that are taken."""
    desk = platform.desk()
    if caller.actor.merchant_id is None:
        return desk
    return replace(desk, days=await intake_rule(tx))


async def moving_desk(platform: Platform, tx: PlatformStore, caller: Caller) -> Desk:
    """The same for moving an order: to the days that a checkout is offered."""
    desk = platform.desk()
    if caller.actor.merchant_id is None:
        return desk
    return replace(desk, days=await delivery_rule(tx))


async def days_to_choose(platform: Platform, tx: PlatformStore, order: Order) -> DaysToChoose:
    """What who waits for the order may choose from.

    Full days are known once somebody quoted on this day: no page waits for the books to be read.
    """
    rule, now = await delivery_rule(tx), platform.clock.now()
    # Even an operator who promises the same day moves nothing to a day whose vans are out.
    first = max(rule.first_day(now), ServiceDay.of(now, rule.zone).date + timedelta(days=1))
    return DaysToChoose(rule=rule, first=first, full=_full_days(platform, tx, order))


def _full_days(platform: Platform, tx: PlatformStore, order: Order) -> frozenset[date]:
    """Days with known vans on which no window is as sure as the operator asks."""
    board = platform.boards.get(tx.tenant_id)
    if board is None or not board.is_current or order.placement is None:
        return frozenset()
    wanted = Wanted(
        position=order.placement.position,
        service_s=order.service_time_s,
        load=Load().plus_all([parcel.load for parcel in order.parcels]),
    )
    now, terms = platform.clock.now(), board.snapshot.terms
    found = quote(board.snapshot, wanted, board.ways, now)
    last = ServiceDay.of(now, terms.zone).date + timedelta(days=terms.horizon_days)
    asked = set(terms.delivery_days(terms.first_day(now), last))
    return frozenset(asked - {offer.date for offer in found.offers} - set(found.unknown_days))
