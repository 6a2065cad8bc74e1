"""Where an event or a correction may hold: what an operator's own demand is told by."""

from __future__ import annotations

from datetime import timedelta

from litestar import Router, get

from promesa.api.decoding import View
from promesa.dispatch.demand_desk import MERCHANT_DAYS
from promesa.domain.actor import Permission
from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.text import bare
from promesa.runtime.forecasting import today
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore


class DemandDepotView(View):
    """A depot as a scope names it."""

    code: str
    name: str


class DemandPlacesView(View):
    """Comunas that had orders, depots, and product classes that orders had; each by name."""

    comunas: list[str]
    depots: list[DemandDepotView]
    product_classes: list[str]


@get(
    "/v1/demand/places",
    access=Permission.READ_OPERATION,
    summary="Comunas, depots and classes of one's demand",
)
async def list_places(platform: Platform, caller: Caller) -> DemandPlacesView:
    """What a scope may be chosen from; any other comuna of Chile is taken too."""
    async with platform.transaction(caller.tenant_id) as tx:
        depots = await tx.fleet.list_depots()
        record = await platform.newest_outlooks.find(tx)
        keys = record.outlook.series if record else ()
        comunas = {key.comuna for key in keys} or await _comunas(platform, tx)
    return DemandPlacesView(
        comunas=sorted(comunas, key=bare),
        depots=[DemandDepotView(code=depot.code, name=depot.name) for depot in depots],
        product_classes=sorted({key.product_class for key in keys} - {""}),
    )


async def _comunas(platform: Platform, tx: PlatformStore) -> set[str]:
    """Before the first forecast: those of files, and those that orders of the last year went to."""
    day = ServiceDay(today(platform))
    since = ServiceDay(day.date - timedelta(days=MERCHANT_DAYS)).start
    own = await tx.demand_history.list_merchant_comunas(since, day.end)
    return set(await tx.demand_history.list_comunas()).union(*own.values())


router = Router(path="", route_handlers=[list_places], tags=["demand"])
