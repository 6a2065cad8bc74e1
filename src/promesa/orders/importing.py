"""Taking a file in: show what it would do, then keep its good rows and what became of the rest."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import PurePath
from uuid import UUID

from promesa.domain.actor import Actor
from promesa.domain.events import Event
from promesa.domain.place import PlaceLevel, Placement
from promesa.kernel.errors import FieldFault, NotFoundError
from promesa.kernel.ids import derived_id
from promesa.kernel.timewindow import TimeWindow
from promesa.orders.desk import Author, Desk
from promesa.orders.intake import (
    AcceptedRow,
    RowOutcome,
    UnderstoodRow,
    examine_orders,
    upsert_orders,
)
from promesa.orders.repository import ImportBatch, OrdersStore
from promesa.orders.sheet_reading import SheetReading
from promesa.orders.text import tidy
from promesa.orders.working_hours import beyond_hours, working_hours

PREVIEW_ROWS_MAX = 500
RECENT_IMPORTS_MAX = 100
FILENAME_CHARS_MAX = 120


class RowStatus(StrEnum):
    """What would become of a row."""

    ACCEPTED = "accepted"
    DOUBTFUL = "doubtful"  # It becomes an order, and its address waits for review.
    REJECTED = "rejected"


class DoubtReason(StrEnum):
    """Why a person has to look at a place."""

    OUTSIDE = "outside"  # Our map does not reach it.
    NOT_FOUND = "not_found"
    GIVEN = "given"  # The point that came with it is coarse, or contradicts the comuna.
    FAR = "far"  # The street or comuna is known, and not the door.


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """One order of a file, or one rejected row; for the eyes of who uploads it, never stored.

    Attributes:
        doubt: Why it is doubtful; None when it is not.
        warning: What the sender should know although the row is kept.
        merged_rows: Rows with the same number that are one order; 1 for a row of its own.
        parcels: Of that order; 0 of a rejected row.
    """

    row: int
    reference: str
    address: str | None
    comuna: str | None
    placement: Placement | None
    status: RowStatus
    date: date | None = None
    windows: tuple[TimeWindow, ...] = ()
    doubt: DoubtReason | None = None
    warning: str | None = None
    merged_rows: int = 1
    parcels: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did, or would do.

    Attributes:
        id: Of the batch; None for a preview.
        accepted: Orders, the doubtful ones included.
        unchanged: How many of them were just so already; a preview does not know.
        rows: The first PREVIEW_ROWS_MAX.
        by_level: Orders by level of their placement, ``none`` included.
        by_day: Orders by the day they are for, in order: a month read as a day shows here.
        outside: Orders whose place our map does not reach; doubtful all of them.
        doubts: Doubtful orders by why they are.
        undated: Orders whose row names no day, so that they are for the sender's.
        beyond_hours: Orders whose windows lie outside the hours of the vans.
    """

    id: UUID | None
    layout: str
    accepted: int
    doubtful: int
    rejected: tuple[FieldFault, ...]
    rows: tuple[PreviewRow, ...]
    by_level: dict[str, int]
    by_day: dict[date, int]
    outside: int
    median_uncertainty_m: int | None
    notes: tuple[str, ...]
    doubts: dict[DoubtReason, int]
    undated: int
    beyond_hours: int
    unchanged: int = 0


async def preview_import(
    tx: OrdersStore, reading: SheetReading, *, desk: Desk, author: Author
) -> ImportReport:
    """What the file would do in the hands of ``author``; nothing is kept."""
    found = await examine_orders(tx, reading.drafts, desk=desk, author=author)
    faults = _all_faults(reading, found.rejected)
    return await _report(tx, None, reading, found.understood, faults, desk=desk)


async def accept_import(
    tx: OrdersStore, reading: SheetReading, *, filename: str, desk: Desk, author: Author
) -> ImportReport:
    """Takes the good rows in, in the transaction given, and keeps what became of the file."""
    import_id = desk.ids.next()
    outcome = await upsert_orders(tx, reading.drafts, desk=desk, author=author, import_id=import_id)
    understood = [
        UnderstoodRow.of(reading.drafts[row.index], row.order) for row in outcome.accepted
    ]
    faults = _all_faults(reading, outcome.rejected)
    report = await _report(tx, import_id, reading, understood, faults, desk=desk)
    batch = _batch_of(
        report, outcome.accepted, reading, filename=filename, desk=desk, author=author
    )
    await tx.imports.add(batch)
    await tx.events.record(_finished(batch, author))
    same = sum(row.outcome is RowOutcome.UNCHANGED for row in outcome.accepted)
    return replace(report, unchanged=same)


async def get_import(tx: OrdersStore, import_id: UUID, actor: Actor) -> ImportBatch:
    """One batch.

    Raises:
        NotFoundError: There is none, or it is not of the orders of the merchant that asks.
    """
    batch = await tx.imports.get(import_id)
    if actor.merchant_id not in {None, batch.merchant_id}:
        raise NotFoundError
    return batch


async def list_imports(tx: OrdersStore, actor: Actor) -> list[ImportBatch]:
    """The newest batches that the actor may see, newest first."""
    return await tx.imports.list_recent(limit=RECENT_IMPORTS_MAX, merchant_id=actor.merchant_id)


def _all_faults(reading: SheetReading, later: Sequence[FieldFault]) -> tuple[FieldFault, ...]:
    """What was wrong in the sheet and what was found out in the database, by row."""
    found = [*reading.faults, *later]
    return tuple(sorted(found, key=lambda fault: (fault.row or 0, fault.field)))


async def _report(
    tx: OrdersStore,
    import_id: UUID | None,
    reading: SheetReading,
    understood: Sequence[UnderstoodRow],
    faults: tuple[FieldFault, ...],
    *,
    desk: Desk,
) -> ImportReport:
    hours = await working_hours(tx.fleet, {row.date for row in understood}, desk=desk)
    zone = desk.policy.zone
    rows = [
        replace(
            _preview_row(row),
            warning=beyond_hours(row.windows, row.date, hours.get(row.date), zone),
            merged_rows=reading.merged.get(row.draft.row or 0, 1),
        )
        for row in understood
    ]
    placements = [row.placement for row in understood]
    metres = [placement.uncertainty_m for placement in placements if placement is not None]
    levels = Counter(
        (placement.level if placement else PlaceLevel.NONE).value for placement in placements
    )
    days = Counter(row.date for row in understood)
    shown = sorted([*rows, *_rejected_preview(reading, faults)], key=lambda row: row.row)
    return ImportReport(
        id=import_id,
        layout=reading.layout,
        accepted=len(rows),
        doubtful=sum(row.status is RowStatus.DOUBTFUL for row in rows),
        rejected=faults,
        rows=tuple(shown[:PREVIEW_ROWS_MAX]),
        by_level=dict(sorted(levels.items())),
        by_day=dict(sorted(days.items())),
        outside=sum(placement is not None and placement.is_outside for placement in placements),
        median_uncertainty_m=round(statistics.median(metres)) if metres else None,
        notes=reading.notes,
        doubts=dict(Counter(row.doubt for row in rows if row.doubt is not None)),
        undated=sum(row.draft.row in reading.undated for row in understood),
        beyond_hours=sum(row.warning is not None for row in rows),
    )


def _preview_row(understood: UnderstoodRow) -> PreviewRow:
    draft, placement = understood.draft, understood.placement
    is_sure = placement is not None and placement.is_routable
    return PreviewRow(
        row=draft.row or 0,
        reference=draft.reference,
        address=draft.address,
        comuna=draft.comuna or (placement.comuna if placement else None),
        placement=placement,
        status=RowStatus.ACCEPTED if is_sure else RowStatus.DOUBTFUL,
        date=understood.date,
        windows=understood.windows,
        doubt=None if is_sure else _doubt_of(placement),
        parcels=len(draft.parcels),
    )


def _doubt_of(placement: Placement | None) -> DoubtReason:
    if placement is None or placement.level is PlaceLevel.NONE:
        return DoubtReason.NOT_FOUND
    if placement.is_outside:
        return DoubtReason.OUTSIDE
    return DoubtReason.GIVEN if placement.level is PlaceLevel.GIVEN else DoubtReason.FAR


def _rejected_preview(reading: SheetReading, faults: Sequence[FieldFault]) -> list[PreviewRow]:
    """One row per rejected line."""
    references = {row["row"]: row for row in reading.rejected_rows}
    drafts = {draft.row: draft for draft in reading.drafts}
    shown = []
    for line in sorted({fault.row for fault in faults if fault.row is not None}):
        known = references.get(str(line), {})
        draft = drafts.get(line)
        shown.append(
            PreviewRow(
                row=line,
                reference=draft.reference if draft else known.get("reference", ""),
                address=draft.address if draft else reading.rejected_addresses.get(line),
                comuna=(draft.comuna if draft else known.get("comuna")) or None,
                placement=None,
                status=RowStatus.REJECTED,
                date=draft.date if draft else None,
                windows=draft.windows if draft else (),
            )
        )
    return shown


def _batch_of(
    report: ImportReport,
    accepted: Sequence[AcceptedRow],
    reading: SheetReading,
    *,
    filename: str,
    desk: Desk,
    author: Author,
) -> ImportBatch:
    assert report.id is not None
    late = {fault.row for fault in report.rejected} - {fault.row for fault in reading.faults}
    late_rows = tuple(
        {"row": str(draft.row), "reference": draft.reference, "comuna": draft.comuna or ""}
        for draft in reading.drafts
        if draft.row in late
    )
    return ImportBatch(
        id=report.id,
        filename=tidy(PurePath(filename.replace("\\", "/")).name)[:FILENAME_CHARS_MAX],
        layout=report.layout,
        imported_at=desk.clock.now(),
        imported_by=author.actor.id,
        merchant_id=author.actor.merchant_id or reading.merchant_id,
        accepted=report.accepted,
        rejected=report.rejected,
        rejected_rows=(*reading.rejected_rows, *late_rows),
        order_ids=tuple(row.order.id for row in accepted),
    )


def _finished(batch: ImportBatch, author: Author) -> Event:
    return Event(
        id=derived_id(batch.id, "import.finished"),
        type="import.finished",
        subject_kind="import",
        subject_id=batch.id,
        occurred_at=batch.imported_at,
        recorded_at=batch.imported_at,
        actor=author.actor,
        request_id=author.request_id,
        data={
            "layout": batch.layout,
            "accepted": batch.accepted,
            "rejected": len({fault.row for fault in batch.rejected}),
        },
    )
