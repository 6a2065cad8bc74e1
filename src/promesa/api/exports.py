"""What is on the screen as a table: orders, routes with their stops, the day's report."""

from __future__ import annotations

import asyncio
import datetime as dt
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, Router, get
from litestar.params import Parameter

from promesa.analytics.reports import REPORT_COLUMNS, ROW_COLUMNS, DayReport, day_report
from promesa.api.order_views import OrderView, view_records
from promesa.api.route_views import RouteStopView, RouteSummary, list_summaries, view_route
from promesa.domain.actor import Permission
from promesa.domain.order import OrderState
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.orders import reading
from promesa.orders.repository import OrderFilter, OrderSort, OrderSorting, SortWay
from promesa.orders.text import tidy
from promesa.orders.validation import CHARS_MAX
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.tables import XLSX_TYPE, Cell, Sheet, write_csv, write_xlsx

# A month of a large operator; more is for the API's pages.
ORDERS_MAX = 20_000
PAGE = 200
_ZONE = ZoneInfo(SANTIAGO)
_SUMMARY = "Informe"

ORDER_COLUMNS = (
    "pedido",
    "comercio",
    "fecha",
    "estado",
    "destinatario",
    "teléfono",
    "dirección",
    "depto",
    "comuna",
    "lat",
    "lon",
    "nivel",
    "prometido desde",
    "prometido hasta",
    "primera promesa desde",
    "primera promesa hasta",
    "ruta",
    "parada",
    "bultos",
    "códigos",
    "por cobrar",
    "intentos",
    "instrucciones",
)
ROUTE_COLUMNS = (
    "ruta",
    "estado",
    "conductor",
    "patente",
    "CD",
    "parada",
    "pedido",
    "tipo",
    "estado de la parada",
    "resultado",
    "motivo",
    "destinatario",
    "dirección",
    "depto",
    "comuna",
    "lat",
    "lon",
    "prometido desde",
    "prometido hasta",
    "llegada del plan",
    "llegó",
    "cerró",
    "bultos",
    "por cobrar",
)


class TableFormat(StrEnum):
    """How a table leaves."""

    CSV = "csv"
    XLSX = "xlsx"


@get(
    "/v1/exports/orders/{kind:str}",
    access=Permission.READ_OWN_ORDERS,
    summary="Orders as a table",
)
async def export_orders(
    kind: TableFormat,
    platform: Platform,
    caller: Caller,
    day: Annotated[dt.date | None, Parameter(query="date")] = None,
    states: Annotated[list[OrderState] | None, Parameter(query="state")] = None,
    merchant_id: UUID | None = None,
    import_id: UUID | None = None,
    reference: Annotated[str | None, Parameter(max_length=CHARS_MAX["reference"])] = None,
    q: Annotated[str | None, Parameter(max_length=120)] = None,
    sort: OrderSort = OrderSort.DATE,
    way: SortWay = SortWay.ASCENDING,
) -> Response[bytes]:
    """The orders of the list with the same filters and sorting; a merchant gets its own."""
    where = OrderFilter(
        day=ServiceDay(day) if day else None,
        states=frozenset(states) if states else None,
        merchant_id=merchant_id,
        import_id=import_id,
        reference=tidy(reference or "") or None,
        text=q or None,
    )
    rows: list[tuple[Cell, ...]] = []
    after = None
    async with platform.transaction(caller.tenant_id) as tx:
        while len(rows) < ORDERS_MAX:
            page = await reading.list_order_records(
                tx,
                where,
                actor=caller.actor,
                limit=PAGE,
                after=after,
                sorting=OrderSorting(by=sort, way=way),
            )
            views = await view_records(platform, tx, caller, list(page.records))
            rows += [_order_cells(view) for view in views]
            after = page.next_after
            if after is None:
                break
    name = f"pedidos-{day.isoformat()}" if day else "pedidos"
    return await table_response(
        kind, name, [Sheet(title="Pedidos", columns=ORDER_COLUMNS, rows=rows)]
    )


def _order_cells(order: OrderView) -> tuple[Cell, ...]:
    told, first, place = order.promise, order.first_promise, order.placement
    return (
        order.reference,
        order.merchant.name,
        order.date.isoformat(),
        order.state,
        order.recipient.name,
        order.recipient.phone,
        order.address,
        order.unit,
        order.comuna,
        place.position[1] if place else None,
        place.position[0] if place else None,
        place.level if place else None,
        local_time(told.window.start) if told else None,
        local_time(told.window.end) if told else None,
        local_time(first.window.start) if first else None,
        local_time(first.window.end) if first else None,
        order.route.code if order.route else None,
        order.route.sequence if order.route else None,
        len(order.parcels),
        " ".join(parcel.barcode for parcel in order.parcels),
        order.cod_clp,
        order.attempts,
        order.instructions,
    )


@get(
    "/v1/exports/routes/{kind:str}",
    access=Permission.READ_OPERATION,
    summary="Routes as a table",
)
async def export_routes(
    kind: TableFormat,
    platform: Platform,
    caller: Caller,
    day: Annotated[dt.date, Parameter(query="date")],
    route_id: UUID | None = None,
) -> Response[bytes]:
    """One line a stop, of every route of a day or of one."""
    summaries = (await list_summaries(platform, caller, day)).items
    wanted = [item for item in summaries if route_id is None or item.id == route_id]
    rows = []
    for summary in wanted:
        route = await view_route(platform, caller, summary.id)
        rows += [_stop_cells(route.summary, stop) for stop in route.stops]
    which = f"-{wanted[0].code}" if route_id and wanted else "s"
    name = f"ruta{which}-{day.isoformat()}"
    return await table_response(
        kind, name, [Sheet(title="Rutas", columns=ROUTE_COLUMNS, rows=rows)]
    )


def _stop_cells(route: RouteSummary, stop: RouteStopView) -> tuple[Cell, ...]:
    return (
        route.code,
        route.state,
        route.driver.name or route.driver.code,
        route.vehicle.plate,
        route.depot.name,
        stop.sequence,
        stop.reference,
        stop.type,
        stop.state,
        stop.outcome,
        stop.reason,
        stop.recipient,
        stop.address,
        stop.unit,
        stop.comuna,
        stop.position[1],
        stop.position[0],
        local_time(stop.window.start) if stop.window else None,
        local_time(stop.window.end) if stop.window else None,
        local_time(stop.planned_arrival),
        local_time(stop.arrived_at),
        local_time(stop.closed_at),
        stop.parcels,
        stop.cod_clp,
    )


@get(
    "/v1/exports/report",
    access=Permission.READ_OPERATION,
    summary="The report as a workbook",
)
async def export_report(
    platform: Platform,
    caller: Caller,
    day: Annotated[dt.date, Parameter(query="date")],
) -> Response[bytes]:
    """A sheet of figures, and one sheet of rows for each."""
    async with platform.transaction(caller.tenant_id) as tx:
        report = await day_report(tx, day, now=platform.clock.now())
    return await table_response(TableFormat.XLSX, f"informe-{day.isoformat()}", _sheets(report))


def _sheets(report: DayReport) -> list[Sheet]:
    figures: list[tuple[Cell, ...]] = [
        (
            item.key,
            item.label,
            item.value,
            item.unit,
            item.numerator,
            item.denominator,
            item.excluded,
            item.in_progress,
            item.formula,
            item.anchor,
        )
        for item in report.indicators
    ]
    details = [
        Sheet(
            title=item.key,
            columns=ROW_COLUMNS,
            rows=[
                (
                    row.subject,
                    str(row.subject_id),
                    row.label,
                    row.numerator,
                    row.denominator,
                    row.note,
                    row.excluded,
                )
                for row in item.rows
            ],
        )
        for item in report.indicators
        if item.rows
    ]
    return [Sheet(title=_SUMMARY, columns=REPORT_COLUMNS, rows=figures), *details]


def local_time(instant: dt.datetime | None) -> str | None:
    """As the clocks of the operation show it."""
    return None if instant is None else f"{instant.astimezone(_ZONE):%Y-%m-%d %H:%M}"


def wall_clock(instant: dt.datetime | None) -> dt.datetime | None:
    """The same as a cell that can be reckoned with: spreadsheets know no zones."""
    if instant is None:
        return None
    return instant.astimezone(_ZONE).replace(second=0, microsecond=0, tzinfo=None)


async def table_response(kind: TableFormat, name: str, sheets: list[Sheet]) -> Response[bytes]:
    """A file to download: as CSV the first sheet, as a workbook all of them."""
    is_csv = kind is TableFormat.CSV
    # A workbook of thousands of rows takes a second of a processor that others wait for.
    content = await asyncio.to_thread(write_csv, sheets[0]) if is_csv else None
    headers: dict[str, Any] = {
        "Content-Disposition": f'attachment; filename="{name}.{kind.value}"',
        "Cache-Control": "no-store",
    }
    return Response(
        content if content is not None else await asyncio.to_thread(write_xlsx, sheets),
        media_type="text/csv; charset=utf-8" if is_csv else XLSX_TYPE,
        headers=headers,
    )


router = Router(
    path="", route_handlers=[export_orders, export_routes, export_report], tags=["exports"]
)
