"""What planners say instead of the forecast: made with a reason, listed by period, withdrawn."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, Router, get, post

from promesa.api.decoding import View, Wire
from promesa.api.demand_events import Word, period, writer_of
from promesa.api.demand_scope import known_comunas, known_depots
from promesa.api.demand_views import authors_shown
from promesa.api.exports import TableFormat, table_response, wall_clock
from promesa.domain.actor import Permission
from promesa.planning.demand.overrides import (
    OVERRIDES_MAX,
    REASON_CHARS_MAX,
    DemandOverride,
    OverrideContent,
    OverrideInvalidError,
    make_override,
    said_between,
    withdraw_override,
)
from promesa.planning.forecast.forecast import HORIZON_FAR_D
from promesa.planning.forecast.overriding import said_before
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore
from promesa.runtime.tables import HUNDREDTH, WHOLE, Cell, Sheet
from promesa.runtime.who_serves import who_serves

COLUMNS = (
    "desde",
    "hasta",
    "comuna",
    "CD",
    "clase",
    "factor",
    "pedidos al día",
    "motivo",
    "autor",
    "hecha",
    "retirada",
    "retirada por",
)
FORMATS = (*(None,) * 5, HUNDREDTH, WHOLE, *(None,) * 5)
MORE_ROW: list[Cell] = [
    f"Hay más: aquí están las {OVERRIDES_MAX} de días más nuevos. Pide antes por fechas.",
    *(None,) * (len(COLUMNS) - 1),
]


class OverrideBody(Wire):
    """A factor of the forecast, or a number of orders a day; a part left out means every one."""

    start: date
    end: date
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=REASON_CHARS_MAX)]
    comuna: Word | None = None
    depot: Word | None = None
    product_class: Word | None = None
    factor: float | None = None
    orders_a_day: float | None = None


class OverrideView(View):
    """What somebody said, and whether it still stands."""

    id: UUID
    start: date
    end: date
    comuna: str | None
    depot: str | None
    product_class: str | None
    factor: float | None
    orders_a_day: float | None
    reason: str
    author_id: UUID
    author: str | None
    made_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str | None


class OverrideList(View):
    """Overrides of a period, by first day, the last made first; ``has_more``: of earlier days."""

    start: date
    end: date
    items: list[OverrideView]
    has_more: bool


@get("/v1/demand/overrides", access=Permission.READ_OPERATION, summary="Overrides of the forecast")
async def list_overrides(
    platform: Platform,
    caller: Caller,
    start: date | None = None,
    end: date | None = None,
    *,
    withdrawn: bool = False,
) -> OverrideList:
    """Those with a day in the period, the year under way by default; ``withdrawn`` shows those."""
    first, last = period(platform, start, end)
    async with platform.transaction(caller.tenant_id) as tx:
        found = await said_between(tx, first, last, with_withdrawn=withdrawn)
        items = await override_views(tx, caller, found.items)
        return OverrideList(start=first, end=last, items=items, has_more=found.has_more)


@post("/v1/demand/overrides", access=Permission.PLAN, summary="Override the forecast")
async def add_override(data: OverrideBody, platform: Platform, caller: Caller) -> OverrideView:
    """Says something else than the forecast, with a reason; it is judged later."""
    async with platform.transaction(caller.tenant_id) as tx:
        content = await _content(platform, tx, data)
        record = await platform.newest_outlooks.find(tx)
        expected: tuple[float | None, ...] = ()
        if record is not None:
            outlook = record.outlook.reaching(HORIZON_FAR_D)
            depots = await tx.fleet.list_depots()
            comunas = {key.comuna for key in outlook.series}
            serving = await who_serves(platform, tx.tenant_id, comunas, depots)
            expected = await asyncio.to_thread(
                said_before, outlook.forecast(), serving.placed(outlook.series), content
            )
        override = await make_override(tx, content, writer_of(platform, caller), expected)
        await platform.record(
            tx,
            caller,
            "demand.overridden",
            subject=("demand_override", override.id),
            data={
                "start": data.start.isoformat(),
                "end": data.end.isoformat(),
                "factor": data.factor,
                "orders_a_day": data.orders_a_day,
            },
        )
        (view,) = await override_views(tx, caller, [override])
        return view


@post(
    "/v1/demand/overrides/{override_id:uuid}/withdraw",
    access=Permission.PLAN,
    status_code=200,
    summary="Withdraw an override",
)
async def withdraw(override_id: UUID, platform: Platform, caller: Caller) -> OverrideView:
    """The forecast stands again; withdrawing twice changes nothing."""
    writer = writer_of(platform, caller)
    async with platform.transaction(caller.tenant_id) as tx:
        override = await withdraw_override(tx, override_id, writer)
        if override.withdrawn_at == writer.now:
            subject = ("demand_override", override.id)
            await platform.record(tx, caller, "demand.override_withdrawn", subject=subject)
        (view,) = await override_views(tx, caller, [override])
        return view


@get(
    "/v1/exports/demand-overrides/{kind:str}",
    access=Permission.READ_OPERATION,
    summary="Overrides of the forecast as a table",
)
async def export_overrides(
    kind: TableFormat,
    platform: Platform,
    caller: Caller,
    start: date | None = None,
    end: date | None = None,
) -> Response[bytes]:
    """Those of the period, withdrawn ones too: they are judged all the same."""
    first, last = period(platform, start, end)
    async with platform.transaction(caller.tenant_id) as tx:
        found = await said_between(tx, first, last, with_withdrawn=True)
        views = await override_views(tx, caller, found.items)
    sheet = Sheet(
        title="Correcciones",
        columns=COLUMNS,
        rows=[*([MORE_ROW] if found.has_more else []), *(_row(view) for view in views)],
        formats=FORMATS,
    )
    return await table_response(kind, f"correcciones-{first}-{last}", [sheet])


def _row(view: OverrideView) -> list[Cell]:
    return [
        view.start,
        view.end,
        view.comuna,
        view.depot,
        view.product_class,
        view.factor,
        view.orders_a_day,
        view.reason,
        view.author,
        wall_clock(view.made_at),
        wall_clock(view.withdrawn_at),
        view.withdrawn_by,
    ]


async def _content(platform: Platform, tx: PlatformStore, body: OverrideBody) -> OverrideContent:
    """What is said, of a series as it is called.

    Raises:
        OverrideInvalidError: No comuna or depot is called so.
    """
    said_comunas = [body.comuna] if body.comuna else []
    said_depots = [body.depot] if body.depot else []
    comunas, odd_comunas = await known_comunas(platform, tx, said_comunas, "comuna")
    depots, odd_depots = await known_depots(tx, said_depots, "depot")
    if faults := [*odd_comunas, *odd_depots]:
        raise OverrideInvalidError(faults=faults)
    return OverrideContent(
        first_day=body.start,
        last_day=body.end,
        reason=body.reason,
        comuna=next(iter(comunas), None),
        depot=next(iter(depots), None),
        product_class=body.product_class.lower() if body.product_class else None,
        factor=body.factor,
        orders_a_day=body.orders_a_day,
    )


async def override_views(
    tx: PlatformStore, caller: Caller, overrides: Sequence[DemandOverride]
) -> list[OverrideView]:
    """Each with the names of who made and who withdrew it."""
    hands = [hand for each in overrides for hand in (each.author_id, each.withdrawn_by)]
    names = await authors_shown(tx, caller, hands)
    return [
        OverrideView(
            id=each.id,
            start=each.first_day,
            end=each.last_day,
            comuna=each.comuna,
            depot=each.depot,
            product_class=each.product_class,
            factor=each.factor,
            orders_a_day=each.orders_a_day,
            reason=each.reason,
            author_id=each.author_id,
            author=names.get(each.author_id),
            made_at=each.made_at,
            withdrawn_at=each.withdrawn_at,
            withdrawn_by=names.get(each.withdrawn_by) if each.withdrawn_by else None,
        )
        for each in overrides
    ]


router = Router(
    path="",
    route_handlers=[list_overrides, add_override, withdraw, export_overrides],
    tags=["demand"],
)
