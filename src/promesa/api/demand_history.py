"""Demand history: what is known of each comuna, files that bring more, and undoing them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, Router, delete, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from promesa.api.decoding import View
from promesa.api.demand_events import writer_of
from promesa.api.demand_views import authors_shown
from promesa.api.exports import TableFormat, table_response
from promesa.api.imports import FORM_BYTES_MAX, refuse_large
from promesa.dispatch import demand_desk
from promesa.dispatch.delivery_days import rule_over_time
from promesa.dispatch.demand_desk import IMPORTS_LISTED_MAX, KnownDemand, Replaced
from promesa.dispatch.history_sheet import (
    LEFT_OUT_TOLD_MAX,
    HistoryReading,
    KnownPlaces,
    read_history,
)
from promesa.domain.actor import Permission
from promesa.kernel.errors import FieldFault
from promesa.orders.sheets import FILE_BYTES_MAX
from promesa.planning.demand.delivery_rule import DeliveryRule
from promesa.planning.demand.history import COMUNA_UNKNOWN, HistoryImport
from promesa.planning.demand.lead_time import (
    LeadTimeSource,
    lead_time_of,
)
from promesa.roads.territory import Comuna
from promesa.routing.words import list_words
from promesa.runtime.forecasting import today
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore
from promesa.runtime.tables import Sheet, write_csv

COLUMNS = ("fecha", "comuna", "pedidos", "bodega", "clase", "hora")
# Where a file named series that are no comunas: under that heading an import takes their names.
SERIES_COLUMNS = ("fecha", "series", *COLUMNS[2:])
_EXAMPLE = (
    ("02/11/2026", "Ñuñoa", 31, "", "", ""),
    ("02/11/2026", "Providencia", 44, "", "", ""),
    ("03/11/2026", "Ñuñoa", 28, "", "", ""),
)


class HistoryForm(msgspec.Struct, frozen=True, kw_only=True):
    """A file of history."""

    file: UploadFile


class ComunaHistoryView(View):
    """What is known of a comuna; days without orders count where own orders are taken in."""

    comuna: str
    days: int
    days_from_files: int
    since: date
    until: date
    orders: int
    orders_a_day: float


class LeadTimeView(View):
    """The share of orders delivered after each number of working days, from 0 on.

    ``learnt`` comes from so many own ``orders``; ``cut_off`` is the rule, for want of them.
    """

    depot: str
    depot_name: str
    product_class: str
    shares: list[float]
    mean_days: float
    source: LeadTimeSource
    orders: int


class HistoryView(View):
    """The history that a forecast begins with; ``own`` days are those of own orders."""

    orders: int
    days: int
    since: date | None
    until: date | None
    own_since: date | None
    own_until: date | None
    comunas: list[ComunaHistoryView]
    lead_times: list[LeadTimeView]


class RejectedView(View):
    """What is wrong in a row, and the row as it came, while the file is at hand.

    ``cells`` stand under the ``columns`` of its file; rows of a file kept before have neither, and
    one whose cells stand elsewhere has none.
    """

    row: int | None
    field: str
    reason: str
    written: str
    cells: list[str]


class HistoryImportView(View):
    """A file of history; ``id`` is null while it was only looked at.

    ``is_wide`` of a file at hand: a column per comuna, so that what is accepted and rejected are
    its cells, not its rows.
    """

    id: UUID | None
    filename: str
    imported_at: datetime
    imported_by: str | None
    accepted: int
    orders: int
    comunas: int | None
    first_day: date | None
    last_day: date | None
    rejected_rows: int
    rejected: list[RejectedView]
    columns: list[str]
    is_wide: bool
    notes: list[str]
    is_undone: bool


class HistoryImportList(View):
    """The newest files, those undone too."""

    items: list[HistoryImportView]


@get("/v1/demand/history", access=Permission.READ_OPERATION, summary="Demand history")
async def see_history(platform: Platform, caller: Caller) -> HistoryView:
    """What is known of each comuna in the last four years, and how long orders take."""
    async with platform.transaction(caller.tenant_id) as tx:
        known = await demand_desk.load_demand(tx, today=today(platform))
        rule = await rule_over_time(tx)
        depots = {each.code: each.name for each in await tx.fleet.list_depots()}
    return await asyncio.to_thread(_view, known, rule, today(platform), depots)


@post(
    "/v1/demand/history/imports",
    access=Permission.PLAN,
    summary="Import demand history",
    dto=None,
    status_code=200,
    guards=[refuse_large],
    request_max_body_size=FILE_BYTES_MAX + FORM_BYTES_MAX,
)
async def import_history(
    data: Annotated[HistoryForm, Body(media_type=RequestEncodingType.MULTI_PART)],
    platform: Platform,
    caller: Caller,
    *,
    dry_run: bool = False,
) -> HistoryImportView:
    """Takes the good rows of a CSV or XLSX in; with ``dry_run`` only says what it would do."""
    content = await data.file.read()
    writer = writer_of(platform, caller)
    async with platform.transaction(caller.tenant_id) as tx:
        depots = await demand_desk.depot_codes(tx)
    territory = platform.city.territory
    places = KnownPlaces(
        comuna_of=lambda name: _name_of(territory.exact(name)),
        nearest=lambda name: _name_of(territory.find(name)),
        depots=depots,
        today=today(platform),
    )
    # Some seconds for a large file, which no connection waits for.
    reading = await asyncio.to_thread(read_history, content, places)
    if dry_run:
        async with platform.transaction(caller.tenant_id) as tx:
            replaced = await demand_desk.replaced_by(tx, reading)
        return _preview(reading, data.file.filename, writer.now, replaced)
    async with platform.transaction(caller.tenant_id) as tx:
        batch = await demand_desk.accept_history(
            tx, reading, filename=data.file.filename, writer=writer
        )
        await platform.record(
            tx,
            caller,
            "demand.history_imported",
            subject=("demand_import", batch.id),
            data={"accepted": batch.accepted, "rejected": len(reading.left_out)},
        )
        (view,) = await _view_imports(tx, caller, [batch])
    return msgspec.structs.replace(
        view,
        rejected_rows=len(reading.left_out),
        rejected=_rejected(reading),
        columns=list(reading.columns),
        is_wide=reading.is_wide,
        notes=list(reading.notes),
    )


@get("/v1/demand/history/imports", access=Permission.READ_OPERATION, summary="Files of history")
async def list_imports(platform: Platform, caller: Caller) -> HistoryImportList:
    """The newest files, those undone too."""
    async with platform.transaction(caller.tenant_id) as tx:
        batches = await tx.demand_history.list_imports(limit=IMPORTS_LISTED_MAX)
        return HistoryImportList(items=await _view_imports(tx, caller, batches))


@delete(
    "/v1/demand/history/imports/{history_id:uuid}",
    access=Permission.PLAN,
    summary="Undo an import of history",
)
async def undo_import(history_id: UUID, platform: Platform, caller: Caller) -> None:
    """Its rows count no more; undoing twice changes nothing."""
    async with platform.transaction(caller.tenant_id) as tx:
        batch = await demand_desk.undo_import(tx, history_id, writer_of(platform, caller))
        await _note(platform, tx, caller, batch)


@post(
    "/v1/demand/history/imports/{history_id:uuid}/restore",
    access=Permission.PLAN,
    status_code=200,
    summary="Bring an undone import back",
)
async def redo_import(history_id: UUID, platform: Platform, caller: Caller) -> HistoryImportView:
    """Its rows count again."""
    async with platform.transaction(caller.tenant_id) as tx:
        batch = await demand_desk.redo_import(tx, history_id)
        await _note(platform, tx, caller, batch)
        (view,) = await _view_imports(tx, caller, [batch])
        return view


@get(
    "/v1/demand/history/template.csv",
    access=Permission.READ_OPERATION,
    summary="A file of history to begin with",
)
async def get_template() -> Response[bytes]:
    """The columns with three rows as an example; bodega, clase and hora may be left out."""
    return Response(
        write_csv(Sheet(title="Historia", columns=COLUMNS, rows=_EXAMPLE)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="ejemplo-historia.csv"'},
    )


@get(
    "/v1/exports/demand-history/{kind:str}",
    access=Permission.READ_OPERATION,
    summary="Demand history as a table",
)
async def export_history(kind: TableFormat, platform: Platform, caller: Caller) -> Response[bytes]:
    """The counts of the last four years, as an import takes them."""
    async with platform.transaction(caller.tenant_id) as tx:
        known = await demand_desk.load_demand(tx, today=today(platform))
    rows = [
        (
            each.day,
            each.key.comuna,
            each.orders,
            each.key.depot,
            each.key.product_class,
            each.hour,
        )
        for each in known.history.counts
    ]
    exact = platform.city.territory.exact
    names = {each.key.comuna for each in known.history.counts} - {COMUNA_UNKNOWN}
    are_comunas = all(exact(name) is not None for name in names)
    columns = COLUMNS if are_comunas else SERIES_COLUMNS
    return await table_response(
        kind, "historia-demanda", [Sheet(title="Historia", columns=columns, rows=rows)]
    )


def _name_of(comuna: Comuna | None) -> str | None:
    return comuna.name if comuna else None


def _view(
    known: KnownDemand, rule: DeliveryRule, today: date, depots: Mapping[str, str]
) -> HistoryView:
    comunas = known.history.by_comuna()
    own = known.history.own_days
    days = {each.day for each in known.history.counts}
    return HistoryView(
        orders=sum(each.orders for each in comunas),
        days=len(days),
        since=min(days, default=None),
        until=max(days, default=None),
        own_since=own[0] if own else None,
        own_until=own[1] if own else None,
        comunas=[
            msgspec.convert(each, ComunaHistoryView, from_attributes=True) for each in comunas
        ],
        lead_times=_lead_times(known, rule, today, depots),
    )


def _lead_times(
    known: KnownDemand, rule: DeliveryRule, today: date, depots: Mapping[str, str]
) -> list[LeadTimeView]:
    """One for each depot and class that own orders have; ``depots`` are their names by code."""
    groups = sorted({(flow.key.depot, flow.key.product_class) for flow in known.flows})
    views = []
    for depot, product_class in groups:
        flows = [
            flow
            for flow in known.flows
            if (flow.key.depot, flow.key.product_class) == (depot, product_class)
        ]
        lead_time = lead_time_of(flows, rule.is_open, today=today, rule=rule.cut_off)
        views.append(
            LeadTimeView(
                depot=depot,
                depot_name=depots.get(depot, depot),
                product_class=product_class,
                shares=list(lead_time.shares),
                mean_days=lead_time.mean_days,
                source=lead_time.source,
                orders=lead_time.orders,
            )
        )
    return views


def _preview(
    reading: HistoryReading, filename: str, now: datetime, replaced: Replaced
) -> HistoryImportView:
    counts = [count for _, count in reading.counts]
    return HistoryImportView(
        id=None,
        filename=filename,
        imported_at=now,
        imported_by=None,
        accepted=len(counts),
        orders=sum(count.orders for count in counts),
        comunas=len({count.key.comuna for count in counts}),
        first_day=min((count.day for count in counts), default=None),
        last_day=max((count.day for count in counts), default=None),
        rejected_rows=len(reading.left_out),
        rejected=_rejected(reading),
        columns=list(reading.columns),
        is_wide=reading.is_wide,
        notes=[*_replacing(replaced), *reading.notes],
        is_undone=False,
    )


def _replacing(replaced: Replaced) -> list[str]:
    """What other files told until now; undoing this one brings it back."""
    if not replaced.days:
        return []
    days = len({day for _, day in replaced.days})
    comunas = len({comuna for comuna, _ in replaced.days})
    told = f"{days} {'día' if days == 1 else 'días'} de {comunas} "
    told += "comuna" if comunas == 1 else "comunas"
    lost = f", con {list_words([str(part) for part in replaced.lost])}" if replaced.lost else ""
    without = ", que este no trae" if replaced.lost else ""
    told += f" que ya traía otro archivo{lost}{without}"
    return [f"Reemplaza {told}; si se deshace, vuelve lo de antes."]


def _rejected(reading: HistoryReading) -> list[RejectedView]:
    return [
        _rejected_row(fault, each.written, each.cells)
        for each in reading.left_out[:LEFT_OUT_TOLD_MAX]
        for fault in each.faults
    ]


def _rejected_row(fault: FieldFault, written: str = "", cells: Sequence[str] = ()) -> RejectedView:
    return RejectedView(
        row=fault.row, field=fault.field, reason=fault.reason, written=written, cells=list(cells)
    )


async def _view_imports(
    tx: PlatformStore, caller: Caller, batches: list[HistoryImport]
) -> list[HistoryImportView]:
    authors = await authors_shown(tx, caller, [batch.imported_by for batch in batches])
    return [
        HistoryImportView(
            id=batch.id,
            filename=batch.filename,
            imported_at=batch.imported_at,
            imported_by=authors.get(batch.imported_by),
            accepted=batch.accepted,
            orders=batch.orders,
            comunas=None,
            first_day=batch.first_day,
            last_day=batch.last_day,
            rejected_rows=len({fault.row for fault in batch.rejected}),
            rejected=[_rejected_row(fault) for fault in batch.rejected],
            columns=[],
            is_wide=False,
            notes=[],
            is_undone=batch.undone_at is not None,
        )
        for batch in batches
    ]


async def _note(
    platform: Platform, tx: PlatformStore, caller: Caller, batch: HistoryImport
) -> None:
    told: dict[str, Any] = {"is_undone": batch.undone_at is not None}
    subject = ("demand_import", batch.id)
    await platform.record(tx, caller, "demand.history_undone", subject=subject, data=told)


router = Router(
    path="",
    route_handlers=[
        see_history,
        import_history,
        list_imports,
        undo_import,
        redo_import,
        get_template,
        export_history,
    ],
    tags=["demand"],
)
