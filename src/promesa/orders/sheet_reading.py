"""A file of orders read whole: drafts, and what is wrong row by row. No database and no city.

What is kept of a rejected row is its line, document number and comuna: the rest may name a
person, and the file is with who sent it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from promesa.kernel.errors import FieldFault
from promesa.orders.amounts import grams_note
from promesa.orders.desk import IntakePolicy
from promesa.orders.documents import Document, grouped, make_document
from promesa.orders.drafts import OrderDraft
from promesa.orders.headers import Column
from promesa.orders.layouts import LAYOUTS, Layout, find_layout, require_columns
from promesa.orders.opening import open_sheet
from promesa.orders.rows import ReadRow, RowReader, header_texts
from promesa.orders.sheets import SheetError, SheetRow

# Titles and logos stand above the headers of many sheets.
HEADER_ROWS_MAX = 10
WATCHED_ROWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetReading:
    """What a file says, before anything was placed or kept.

    Attributes:
        layout: Name of the layout it is in.
        merchant_id: Whose orders the sender says they are.
        faults: By row and field.
        rejected_rows: Line, document number and comuna of each row left out.
        undated: Lines of the drafts that name no day, and got the sender's.
        rejected_addresses: By line, for the eyes of who sends the file; never kept.
        merged: How many rows each order has that has several, by the line of its first.
        notes: What was left out on purpose.
    """

    layout: str
    merchant_id: UUID | None
    drafts: tuple[OrderDraft, ...]
    faults: tuple[FieldFault, ...]
    rejected_rows: tuple[dict[str, str], ...]
    notes: tuple[str, ...]
    undated: frozenset[int] = frozenset()
    merged: Mapping[int, int] = field(default_factory=dict)
    rejected_addresses: Mapping[int, str] = field(default_factory=dict)


def read_orders(
    content: bytes,
    *,
    policy: IntakePolicy,
    default_day: date,
    merchant_id: UUID | None = None,
    watch: Callable[[float], None] = lambda _: None,
) -> SheetReading:
    """Reads a CSV or XLSX file in any of the four layouts; faulty rows are data.

    Takes about 0.4 ms a row, so a server calls it in a thread. ``watch`` is told the share done.

    Raises:
        SheetError: It is no spreadsheet, or its headers tell no order.
    """
    rows = list(open_sheet(content))
    layout, headers, below = _header_of(rows)
    require_columns(layout, headers)
    if not below:
        raise SheetError("La planilla no tiene filas bajo los encabezados. Agrega los pedidos.")
    reader = RowReader(layout, headers, below)
    read: list[ReadRow] = []
    for row in below:
        read.append(reader.read(row))
        if len(read) % WATCHED_ROWS == 0:
            watch(len(read) / len(below))
    documents = [
        make_document(
            group, layout, policy=policy, default_day=default_day, merchant_id=merchant_id
        )
        for group in grouped(read)
    ]
    faulty = [document for document in documents if document.faults]
    faults = itertools.chain.from_iterable(document.faults for document in faulty)
    return SheetReading(
        layout=layout.name,
        merchant_id=merchant_id,
        drafts=tuple(document.draft for document in documents if not document.faults),
        faults=tuple(sorted(faults, key=lambda fault: (fault.row or 0, fault.field))),
        rejected_rows=tuple(_rejected_rows(faulty)),
        notes=(*reader.notes, *_weight_notes(reader, documents)),
        undated=frozenset(
            document.rows[0].line
            for document in documents
            if not document.faults and document.rows[0].timing.date is None
        ),
        rejected_addresses={
            row.line: address
            for document in faulty
            for row in document.rows
            if (address := row.texts.get(Column.ADDRESS))
        },
        merged={
            document.rows[0].line: len(document.rows)
            for document in documents
            if not document.faults and len(document.rows) > 1
        },
    )


def _header_of(rows: Sequence[SheetRow]) -> tuple[Layout, tuple[str, ...], Sequence[SheetRow]]:
    """The layout, its headers, and the rows below them."""
    for place, row in enumerate(rows[:HEADER_ROWS_MAX]):
        headers = header_texts(row)
        layout = find_layout(headers)
        if layout is not None:
            return layout, headers, rows[place + 1 :]
    names = ", ".join(layout.title for layout in LAYOUTS)
    raise SheetError(
        "No reconocimos los encabezados. Una de las diez primeras filas debe nombrar las columnas, "
        f"con el número de documento y la dirección al menos. Formatos: {names}."
    )


def _weight_notes(reader: RowReader, documents: Iterable[Document]) -> Iterable[str]:
    """Whether a column of kilos looks like one of grams."""
    if header := reader.kilos_header:
        parcels = (parcel for document in documents for parcel in document.draft.parcels)
        weights = [parcel.weight_g for parcel in parcels if parcel.weight_g is not None]
        if note := grams_note(header, weights):
            yield note


def _rejected_rows(documents: Iterable[Document]) -> Iterable[dict[str, str]]:
    for document in documents:
        for row in document.rows:
            yield {
                "row": str(row.line),
                "reference": row.reference,
                "comuna": row.texts.get(Column.COMUNA, ""),
            }
