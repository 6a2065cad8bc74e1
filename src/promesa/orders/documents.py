"""Rows with one document number become one order with several items.

A document with a fault in any of its rows is left out whole: half an order is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from promesa.domain.order import RouteTerms
from promesa.domain.parcel import Item
from promesa.kernel.errors import FieldFault
from promesa.orders.desk import IntakePolicy
from promesa.orders.drafts import OrderDraft, ParcelDraft, RecipientDraft
from promesa.orders.headers import Column
from promesa.orders.layouts import Layout, LoadScope
from promesa.orders.rows import ReadRow
from promesa.orders.text import words_of
from promesa.orders.validation import PARCELS_MAX, checked
from promesa.orders.windows import windows_of

_PLACE = re.compile(r"\[\d+\]")
_COLUMNS_OF_PATHS = {
    "recipient.name": Column.RECIPIENT_NAME.value,
    "items.name": Column.ITEM.value,
    "items.code": Column.ITEM_CODE.value,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The rows of one document number, and what they make: an order, or faults."""

    rows: tuple[ReadRow, ...]
    draft: OrderDraft
    faults: tuple[FieldFault, ...]


def grouped(rows: Iterable[ReadRow]) -> list[tuple[ReadRow, ...]]:
    """Rows by document number, in order of appearance; rows without one stand alone."""
    groups: dict[str, list[ReadRow]] = {}
    for row in rows:
        groups.setdefault(row.reference or f"\0{row.line}", []).append(row)
    return [tuple(group) for group in groups.values()]


def make_document(
    rows: tuple[ReadRow, ...],
    layout: Layout,
    *,
    policy: IntakePolicy,
    default_day: date,
    merchant_id: UUID | None = None,
) -> Document:
    """The order that the rows of one document ask for, with everything that is wrong."""
    head = rows[0]
    day = head.timing.date or default_day
    windows, window_faults = windows_of(head.timing, day, policy)
    parcels, parcel_faults = _parcels(rows, layout)
    draft = OrderDraft(
        reference=head.reference,
        merchant_id=merchant_id,
        date=day,
        recipient=_recipient(rows),
        address=_first_text(rows, Column.ADDRESS),
        unit=_first_text(rows, Column.UNIT),
        comuna=_first_text(rows, Column.COMUNA),
        position=next((row.position for row in rows if row.position), None),
        windows=windows,
        parcels=parcels,
        items=_items(rows),
        service_time_s=_largest(row.service_time_s for row in rows),
        skills=frozenset().union(*(row.skills for row in rows)),
        terms=_terms(rows),
        cod_clp=_largest(row.cod_clp for row in rows),
        instructions=_first_text(rows, Column.INSTRUCTIONS),
        product_class=_first_text(rows, Column.PRODUCT_CLASS),
        tags={name: text for row in reversed(rows) for name, text in row.tags.items()},
        row=head.line,
    )
    clean, found = checked(draft, policy.zone)
    # Parcels share the cells of their row: what is wrong with each of them is told once.
    draft_faults = dict.fromkeys(replace(each, field=_column_of(each.field)) for each in found)
    faults = [
        *(fault for row in rows for fault in row.faults),
        *(
            FieldFault(row=head.line, field=each.field, reason=each.reason)
            for each in window_faults
        ),
        *parcel_faults,
        *_contradictions(rows),
    ]
    told = {(fault.row, fault.field) for fault in faults}
    faults.extend(each for each in draft_faults if not _is_told(each, told))
    return Document(rows=rows, draft=clean, faults=_with_companions(rows, faults))


def _terms(rows: Sequence[ReadRow]) -> RouteTerms:
    ranks = [row.bond_rank for row in rows if row.bond_rank is not None]
    return RouteTerms(
        bond=_first_text(rows, Column.BOND) or None,
        bond_rank=min(ranks, default=None),
        leave_out_price_clp=_largest(row.leave_out_price_clp for row in rows),
        only_vehicle=_first_text(rows, Column.ONLY_VEHICLE) or None,
        never_vehicles=frozenset().union(*(row.never_vehicles for row in rows)),
    )


def _column_of(path: str) -> str:
    """The column a sheet has for a field of an order, which is named by its path."""
    return _COLUMNS_OF_PATHS.get(_PLACE.sub("", path), path.rpartition(".")[2])


def _is_told(fault: FieldFault, told: set[tuple[int | None, str]]) -> bool:
    """Whether the cell's own fault already says it; a bad coordinate also leaves no address."""
    if fault.field == "address" and fault.code == "missing":
        return bool({(fault.row, "lat"), (fault.row, "lon"), (fault.row, "address")} & told)
    return (fault.row, fault.field) in told


def _recipient(rows: Sequence[ReadRow]) -> RecipientDraft:
    name = _first_text(rows, Column.RECIPIENT_NAME)
    title = _first_text(rows, Column.TITLE)
    if name is None and title is not None and title != rows[0].reference:
        name = title
    return RecipientDraft(
        name=name,
        rut=_first_text(rows, Column.RUT),
        phone=_first_text(rows, Column.PHONE),
        email=_first_text(rows, Column.EMAIL),
    )


def _first_text(rows: Iterable[ReadRow], column: Column) -> str | None:
    return next((row.texts[column] for row in rows if row.texts.get(column)), None)


def _largest(values: Iterable[int | None]) -> int | None:
    return max((value for value in values if value is not None), default=None)


def _items(rows: Iterable[ReadRow]) -> tuple[Item, ...]:
    return tuple(
        Item(
            name=row.texts.get(Column.ITEM) or row.texts[Column.ITEM_CODE],
            code=row.texts.get(Column.ITEM_CODE),
            quantity=1 if row.quantity is None else row.quantity,
        )
        for row in rows
        if row.texts.get(Column.ITEM) or row.texts.get(Column.ITEM_CODE)
    )


def _parcels(
    rows: Sequence[ReadRow], layout: Layout
) -> tuple[tuple[ParcelDraft, ...], list[FieldFault]]:
    """As many parcels as told, one when nothing is; weight and volume are shared out."""
    counts = [row.parcels for row in rows]
    count = _total(counts, LoadScope.DOCUMENT)
    if count is not None and not 1 <= count <= PARCELS_MAX:
        reason = f"Los bultos van de 1 a {PARCELS_MAX}. Corrige la cantidad."
        return (), [FieldFault(row=rows[0].line, field="parcels", reason=reason)]
    number = 1 if count is None else count
    weights = _shares(_total([row.weight_g for row in rows], layout.load_scope), number)
    volumes = _shares(_total([row.volume_ml for row in rows], layout.load_scope), number)
    return tuple(
        ParcelDraft(weight_g=weight_g, volume_ml=volume_ml)
        for weight_g, volume_ml in zip(weights, volumes, strict=True)
    ), []


def _total(values: Sequence[int | None], scope: LoadScope) -> int | None:
    """What rows add up to; one value repeated on each row of a document is told once."""
    told = [value for value in values if value is not None]
    if not told:
        return None
    if scope is LoadScope.DOCUMENT and len(set(told)) == 1:
        return told[0]
    return sum(told)


def _shares(total: int | None, count: int) -> list[int | None]:
    """The total in ``count`` whole shares that add up to it."""
    if total is None:
        return [None] * count
    each, rest = divmod(total, count)
    return [each + (1 if place < rest else 0) for place in range(count)]


def _contradictions(rows: Sequence[ReadRow]) -> list[FieldFault]:
    """Rows that repeat a document number with another address or date."""
    head, faults = rows[0], []
    for row in rows[1:]:
        address, first = row.texts.get(Column.ADDRESS), head.texts.get(Column.ADDRESS)
        if address and first and words_of(address) != words_of(first):
            faults.append(_contradiction(row, head, "address", "otra dirección"))
        if row.timing.date and head.timing.date and row.timing.date != head.timing.date:
            faults.append(_contradiction(row, head, "date", "otra fecha"))
    return faults


def _contradiction(row: ReadRow, head: ReadRow, field: str, what: str) -> FieldFault:
    return FieldFault(
        row=row.line,
        field=field,
        code="contradiction",
        reason=(
            f"Repite el documento de la fila {head.line} con {what}. "
            "Usa otro número, o los mismos datos."
        ),
    )


def _with_companions(
    rows: Sequence[ReadRow], faults: Sequence[FieldFault]
) -> tuple[FieldFault, ...]:
    """The faults, and for each good row of a faulty document why it was left out as well."""
    if not faults:
        return ()
    faulty = sorted({fault.row for fault in faults if fault.row is not None})
    companions = [
        FieldFault(
            row=row.line,
            field="reference",
            code="same_document",
            reason=f"Es del mismo documento que la fila {faulty[0]}, que tiene un error. "
            "Corrige esa fila.",
        )
        for row in rows
        if row.line not in faulty
    ]
    told = [replace(fault, row=fault.row or rows[0].line) for fault in faults]
    return tuple(sorted([*told, *companions], key=lambda fault: (fault.row or 0, fault.field)))
