"""Spreadsheets: looked at first, then taken in; good rows are kept and bad ones explained."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.handlers import BaseRouteHandler
from litestar.params import Body

from promesa.api.decoding import View
from promesa.api.errors import BodyTooLargeError
from promesa.api.order_views import WindowView, window_view
from promesa.domain.actor import Permission
from promesa.kernel.errors import FieldFault
from promesa.orders import importing
from promesa.orders.drafts import OrderSource
from promesa.orders.importing import ImportReport, PreviewRow
from promesa.orders.rejected_csv import rejected_csv
from promesa.orders.repository import ImportBatch
from promesa.orders.sheet_reading import read_orders
from promesa.orders.sheets import FILE_BYTES_MAX, SheetError, require_size
from promesa.orders.template import example_rows, template_columns
from promesa.runtime.delivery_days import intake_desk
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.tables import XLSX_TYPE, Sheet, write_xlsx

# The form around the file: names, boundaries.
FORM_BYTES_MAX = 100_000


class ImportForm(msgspec.Struct, frozen=True, kw_only=True):
    """A file, whose orders it has, and their day where rows say none."""

    file: UploadFile
    merchant_id: UUID | None = None
    date: dt.date | None = None


class PreviewRowView(View):
    """A row as it was understood; ``is_outside`` is a place that our map does not reach.

    ``street`` is how the map writes the street, where that is not what was written. ``merged_rows``
    with the same number are one order of so many ``parcels``.
    """

    row: int
    reference: str
    address: str | None
    comuna: str | None
    street: str | None
    level: str | None
    uncertainty_m: int | None
    position: tuple[float, float] | None
    is_outside: bool
    date: dt.date | None
    windows: list[WindowView]
    status: str
    doubt: str | None
    warning: str | None
    merged_rows: int
    parcels: int


class DayCount(View):
    """How many orders of a file are for one day."""

    date: dt.date
    orders: int


class ImportView(View):
    """What an import did, or would do.

    ``doubts`` counts the doubtful by why they are; ``undated`` those whose row names no day;
    ``beyond_hours`` those whose windows lie outside the hours of the vans.
    """

    id: UUID | None
    layout: str
    accepted: int
    unchanged: int
    doubtful: int
    rejected: list[FieldFault]
    rows: list[PreviewRowView]
    by_level: dict[str, int]
    by_day: list[DayCount]
    outside: int
    median_uncertainty_m: int | None
    notes: list[str]
    doubts: dict[str, int]
    undated: int
    beyond_hours: int


class ImportBatchView(View):
    """An import that was done."""

    id: UUID
    filename: str
    layout: str
    imported_at: datetime
    accepted: int
    rejected: list[FieldFault]


class BatchList(View):
    """The newest imports."""

    items: list[ImportBatchView]


async def _view(platform: Platform, report: ImportReport) -> ImportView:
    streets = await asyncio.to_thread(_streets_of, platform, report.rows)
    return ImportView(
        id=report.id,
        layout=report.layout,
        accepted=report.accepted,
        unchanged=report.unchanged,
        doubtful=report.doubtful,
        rejected=list(report.rejected),
        rows=[
            PreviewRowView(
                row=row.row,
                reference=row.reference,
                address=row.address,
                comuna=row.comuna,
                street=streets.get(row.row),
                level=row.placement.level.value if row.placement else None,
                uncertainty_m=round(row.placement.uncertainty_m) if row.placement else None,
                position=(row.placement.position.lon, row.placement.position.lat)
                if row.placement
                else None,
                is_outside=row.placement is not None and row.placement.is_outside,
                date=row.date,
                windows=[window_view(window) for window in row.windows],
                status=row.status.value,
                doubt=row.doubt.value if row.doubt else None,
                warning=row.warning,
                merged_rows=row.merged_rows,
                parcels=row.parcels,
            )
            for row in report.rows
        ],
        by_level=report.by_level,
        by_day=[DayCount(date=day, orders=orders) for day, orders in report.by_day.items()],
        outside=report.outside,
        median_uncertainty_m=report.median_uncertainty_m,
        notes=list(report.notes),
        doubts={reason.value: count for reason, count in sorted(report.doubts.items())},
        undated=report.undated,
        beyond_hours=report.beyond_hours,
    )


def _streets_of(platform: Platform, rows: Sequence[PreviewRow]) -> dict[int, str]:
    """How the map writes the streets written otherwise, by row; found again, as kept nowhere."""
    found: dict[int, str] = {}
    for row in rows:
        if row.placement is None or not row.placement.is_renamed or not row.address:
            continue
        street = platform.city.addresses.geocode(row.address, row.comuna).street
        if street:
            found[row.row] = street
    return found


def _view_batch(batch: ImportBatch) -> ImportBatchView:
    return ImportBatchView(
        id=batch.id,
        filename=batch.filename,
        layout=batch.layout,
        imported_at=batch.imported_at,
        accepted=batch.accepted,
        rejected=list(batch.rejected),
    )


def refuse_large(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard: a file that is announced as too large is not waited for.

    Raises:
        BodyTooLargeError: Says its size and what is taken.
    """
    told = connection.headers.get("content-length", "")
    size_bytes = int(told) if told.isascii() and told.isdigit() else 0
    if size_bytes > FILE_BYTES_MAX + FORM_BYTES_MAX:
        try:
            require_size(size_bytes)
        except SheetError as error:
            raise BodyTooLargeError(error.sentence) from error


@post(
    "/v1/imports",
    access=Permission.WRITE_ORDERS,
    summary="Import a spreadsheet",
    dto=None,
    status_code=200,
    guards=[refuse_large],
    request_max_body_size=FILE_BYTES_MAX + FORM_BYTES_MAX,
)
async def import_file(
    data: Annotated[ImportForm, Body(media_type=RequestEncodingType.MULTI_PART)],
    platform: Platform,
    caller: Caller,
    *,
    dry_run: bool = False,
) -> ImportView:
    """Takes the good rows of a CSV or XLSX in; with ``dry_run`` only says what it would do."""
    content = await data.file.read()
    async with platform.transaction(caller.tenant_id) as tx:
        desk = await intake_desk(platform, tx, caller)
    reading = await asyncio.to_thread(
        read_orders,
        content,
        policy=desk.policy,
        default_day=data.date or desk.day_unsaid(),
        merchant_id=caller.actor.merchant_id or data.merchant_id,
    )
    author = platform.author(caller, OrderSource.IMPORT)
    async with platform.transaction(caller.tenant_id) as tx:
        if data.merchant_id is not None:
            await tx.access.get_merchant(data.merchant_id)
        if dry_run:
            report = await importing.preview_import(tx, reading, desk=desk, author=author)
        else:
            report = await importing.accept_import(
                tx, reading, filename=data.file.filename, desk=desk, author=author
            )
    return await _view(platform, report)


@get(
    "/v1/imports/template.xlsx",
    access=Permission.WRITE_ORDERS,
    summary="A sheet to begin with",
)
async def get_template(platform: Platform) -> Response[bytes]:
    """Our columns with two orders as examples, and on a second page what each column takes."""
    columns = template_columns()
    sheets = [
        Sheet(
            title="Pedidos",
            columns=[column.header for column in columns],
            rows=example_rows(platform.desk().today()),
        ),
        Sheet(
            title="Qué va en cada columna",
            columns=["columna", "qué acepta"],
            rows=[(column.header, column.accepts) for column in columns],
        ),
    ]
    return Response(
        await asyncio.to_thread(write_xlsx, sheets),
        media_type=XLSX_TYPE,
        headers={"Content-Disposition": 'attachment; filename="plantilla-pedidos.xlsx"'},
    )


@get("/v1/imports", access=Permission.WRITE_ORDERS, summary="Newest imports")
async def list_imports(platform: Platform, caller: Caller) -> BatchList:
    """The newest imports of who asks; of everybody for the torre."""
    async with platform.transaction(caller.tenant_id) as tx:
        batches = await importing.list_imports(tx, caller.actor)
    return BatchList(items=[_view_batch(batch) for batch in batches])


@get("/v1/imports/{import_id:uuid}", access=Permission.WRITE_ORDERS, summary="An import")
async def get_import(import_id: UUID, platform: Platform, caller: Caller) -> ImportBatchView:
    """One import and its rejected rows."""
    async with platform.transaction(caller.tenant_id) as tx:
        return _view_batch(await importing.get_import(tx, import_id, caller.actor))


@get("/v1/imports/{import_id:uuid}/rejected.csv", access=Permission.WRITE_ORDERS)
async def get_rejected(import_id: UUID, platform: Platform, caller: Caller) -> Response[bytes]:
    """The rejected rows with what to do about each, for a spreadsheet."""
    async with platform.transaction(caller.tenant_id) as tx:
        batch = await importing.get_import(tx, import_id, caller.actor)
    return Response(
        rejected_csv(batch),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="filas-rechazadas.csv"'},
    )


router = Router(
    path="",
    route_handlers=[import_file, get_template, list_imports, get_import, get_rejected],
    tags=["orders"],
)
