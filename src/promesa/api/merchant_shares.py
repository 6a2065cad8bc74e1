"""What each merchant brings: the part of the orders that an uplift of its own multiplies."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

from litestar import Router, get

from promesa.api.decoding import View
from promesa.dispatch.demand_desk import MERCHANT_DAYS, load_demand, newest_orders
from promesa.domain.actor import Permission
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.demand.merchant_shares import SHARE_WEEKS, merchant_share
from promesa.runtime.forecasting import today
from promesa.runtime.platform import Caller, Platform


class MerchantShareView(View):
    """Which part of the orders of the comunas it ships to a merchant brings, from 0 to 1."""

    merchant_id: UUID
    share: float


class MerchantShareList(View):
    """Of the newest ``weeks``; a merchant without orders in them is not there."""

    weeks: int
    items: list[MerchantShareView]


@get(
    "/v1/demand/merchant-shares",
    access=Permission.READ_OPERATION,
    summary="What each merchant brings of the orders",
)
async def list_merchant_shares(platform: Platform, caller: Caller) -> MerchantShareList:
    """As a forecast made now would take them, of events without comunas, depots or classes."""
    day = today(platform)
    async with platform.transaction(caller.tenant_id) as tx:
        demand = await load_demand(tx, today=day, days=SHARE_WEEKS * 7)
        counts = await asyncio.to_thread(demand.history.panel)
        newest = await newest_orders(tx, counts, today=day)
        since = ServiceDay(day - timedelta(days=MERCHANT_DAYS)).start
        comunas = await tx.demand_history.list_merchant_comunas(since, ServiceDay(day).start)
    found = {
        merchant_id: merchant_share(
            newest.own, newest.known, merchant_ids=[merchant_id], comunas=where
        )
        for merchant_id, where in comunas.items()
    }
    return MerchantShareList(
        weeks=SHARE_WEEKS,
        items=[
            MerchantShareView(merchant_id=merchant_id, share=share.whole)
            for merchant_id, share in sorted(found.items())
            if share is not None
        ],
    )


router = Router(path="", route_handlers=[list_merchant_shares], tags=["demand"])
