"""Taking orders in: one, or a batch by reference; the same order twice is one order.

Nobody commits here. A draft with faults changes nothing; in a batch the good rows go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from promesa.domain.leg import LegKind
from promesa.domain.order import Order, OrderState
from promesa.domain.place import Placement
from promesa.kernel.clock import pause_s
from promesa.kernel.errors import ConflictError, FieldFault, ForbiddenError
from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.orders.addressing import DoorQuery, find_placement, record_placement, settled
from promesa.orders.barcodes import require_free_barcodes, take_barcodes
from promesa.orders.changing import change_by_draft, is_silent, revise_by_draft
from promesa.orders.desk import Author, Desk, order_event
from promesa.orders.drafts import OrderDraft, change_of
from promesa.orders.faults import OrderCancelledError, OrderInvalidError, ReferenceTakenError
from promesa.orders.known import Known
from promesa.orders.loads import load_faults
from promesa.orders.making import in_order, make_barcodes, make_order, promised_window
from promesa.orders.promises import promise_first_window
from promesa.orders.repository import OrdersStore
from promesa.orders.validation import checked, day_fault, past_fault

# Rows taken in between two turns of the event loop: a large batch lets others through.
TURN_ROWS = 50
FIRST_PROMISE_CAUSE = "order_confirmed"
INACTIVE = FieldFault(
    field="merchant_id",
    code="merchant_inactive",
    reason="El comercio está archivado y no entran pedidos nuevos. Se reactiva en Equipo.",
)


class RowOutcome(StrEnum):
    """What a row of a batch did."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedRow:
    """A row that became, or already was, an order.

    Attributes:
        index: Place in the batch, from 0.
    """

    index: int
    order: Order
    outcome: RowOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenDraft:
    """A draft without faults, whose it is, and the order it made before."""

    draft: OrderDraft
    merchant_id: UUID
    known: Order | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOutcome:
    """What a batch did, row by row."""

    accepted: tuple[AcceptedRow, ...]
    rejected: tuple[FieldFault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderstoodRow:
    """A good draft as it was understood: where and when it goes.

    Attributes:
        windows: Empty when any hour of work of the day will do.
    """

    draft: OrderDraft
    placement: Placement | None
    date: date
    windows: tuple[TimeWindow, ...]

    @classmethod
    def of(cls, draft: OrderDraft, order: Order) -> UnderstoodRow:
        """The draft as the order that it made, or would."""
        return cls(draft=draft, placement=order.placement, date=order.date, windows=order.windows)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchExamination:
    """What a batch would do: each good draft as understood, and the faults of the rest."""

    understood: tuple[UnderstoodRow, ...]
    rejected: tuple[FieldFault, ...]


async def place_order(
    tx: OrdersStore,
    draft: OrderDraft,
    *,
    desk: Desk,
    author: Author,
    import_id: UUID | None = None,
) -> Order:
    """The order of ``take_order``, whichever of the two it was."""
    return (await take_order(tx, draft, desk=desk, author=author, import_id=import_id)).order


async def take_order(
    tx: OrdersStore,
    draft: OrderDraft,
    *,
    desk: Desk,
    author: Author,
    import_id: UUID | None = None,
) -> AcceptedRow:
    """Makes an order of a draft, or finds the one that the same draft made before.

    Raises:
        OrderInvalidError: The draft has faults, all of them in its details.
        OrderCancelledError: That order was called off.
        ReferenceTakenError: The reference belongs to an order with another content.
    """
    known = Known(tx, author.actor.merchant_id)
    taken = await _accepted_draft(known, draft, desk=desk, author=author)
    before = taken.known
    if before is None:
        try:
            order = await _add(tx, taken, desk=desk, author=author, import_id=import_id)
        except ConflictError:
            # Somebody sent it at the same moment, and was first.
            before = await known.read_again(taken.merchant_id, taken.draft.reference)
            if before is None:
                raise
        else:
            return AcceptedRow(index=0, order=order, outcome=RowOutcome.CREATED)
    await _require_same(tx, before, taken.draft)
    return AcceptedRow(index=0, order=before, outcome=RowOutcome.UNCHANGED)


async def _require_same(tx: OrdersStore, known: Order, draft: OrderDraft) -> None:
    """A draft may repeat the order that is there, and not change it."""
    if known.state is OrderState.CANCELLED:
        raise OrderCancelledError(reference=draft.reference)
    if not await is_silent(tx, known, change_of(draft)):
        raise ReferenceTakenError(reference=draft.reference)


async def upsert_orders(
    tx: OrdersStore,
    drafts: Sequence[OrderDraft],
    *,
    desk: Desk,
    author: Author,
    import_id: UUID | None = None,
) -> BatchOutcome:
    """Makes or changes an order per draft, by merchant and reference; faulty rows are data.

    Rows are written in the order of their references, whatever the order they came in, so that
    two batches of the same orders never wait for each other.
    """
    accepted: list[AcceptedRow] = []
    rejected: list[FieldFault] = []
    known = Known(tx, author.actor.merchant_id)
    rows = sorted(enumerate(drafts), key=lambda row: (known.place(row[1]), row[0]))
    for turn, (index, draft) in enumerate(rows):
        if turn % TURN_ROWS == 0:
            await pause_s(0)
            await known.read_orders(draft for _, draft in rows[turn : turn + TURN_ROWS])
        try:
            order, outcome = await _upsert(
                tx, draft, known, desk=desk, author=author, import_id=import_id
            )
        except (OrderInvalidError, ConflictError) as error:
            rejected.extend(_faults_of(error, draft.row if draft.row is not None else index + 1))
        else:
            known.note(order)
            accepted.append(AcceptedRow(index=index, order=order, outcome=outcome))
    return BatchOutcome(
        accepted=tuple(sorted(accepted, key=lambda row: row.index)),
        rejected=tuple(sorted(rejected, key=lambda fault: fault.row or 0)),
    )


async def examine_orders(
    tx: OrdersStore, drafts: Sequence[OrderDraft], *, desk: Desk, author: Author
) -> BatchExamination:
    """What ``upsert_orders`` would take and refuse, by the same rules; nothing is kept."""
    understood: list[UnderstoodRow] = []
    rejected: list[FieldFault] = []
    known = Known(tx, author.actor.merchant_id)
    for index, draft in enumerate(drafts):
        if index % TURN_ROWS == 0:
            await pause_s(0)
            await known.read_orders(drafts[index : index + TURN_ROWS])
        try:
            taken = await _accepted_draft(known, draft, desk=desk, author=author)
            row = await _examine(tx, draft, taken, desk=desk)
        except (OrderInvalidError, ConflictError) as error:
            rejected.extend(_faults_of(error, draft.row if draft.row is not None else index + 1))
        else:
            understood.append(row)
    return BatchExamination(understood=tuple(understood), rejected=tuple(rejected))


async def _examine(
    tx: OrdersStore, draft: OrderDraft, taken: TakenDraft, *, desk: Desk
) -> UnderstoodRow:
    """Where and when the order would be."""
    if taken.known is not None:
        revision = await revise_by_draft(tx, taken.known, taken.draft, desk=desk)
        return UnderstoodRow.of(draft, revision.order)
    barcodes = make_barcodes(taken.draft.parcels, taken.draft.reference)
    await require_free_barcodes(
        tx, taken.merchant_id, barcodes, reference=taken.draft.reference, row=draft.row
    )
    return UnderstoodRow(
        draft=draft,
        placement=await find_placement(tx, _door_of(taken.draft), desk=desk),
        date=_day_of(taken.draft, desk),
        windows=in_order(taken.draft.windows),
    )


async def _upsert(
    tx: OrdersStore,
    draft: OrderDraft,
    known: Known,
    *,
    desk: Desk,
    author: Author,
    import_id: UUID | None,
) -> tuple[Order, RowOutcome]:
    taken = await _accepted_draft(known, draft, desk=desk, author=author)
    try:
        return await _write(tx, taken, desk=desk, author=author, import_id=import_id)
    except ConflictError:
        # Another transaction may have made or changed it since it was read; if so, once more.
        now = await known.read_again(taken.merchant_id, taken.draft.reference)
        if now == taken.known:
            raise
        newer = replace(taken, known=now)
        return await _write(tx, newer, desk=desk, author=author, import_id=import_id)


async def _write(
    tx: OrdersStore, taken: TakenDraft, *, desk: Desk, author: Author, import_id: UUID | None
) -> tuple[Order, RowOutcome]:
    if taken.known is None:
        order = await _add(tx, taken, desk=desk, author=author, import_id=import_id)
        return order, RowOutcome.CREATED
    order = await change_by_draft(tx, taken.known, taken.draft, desk=desk, author=author)
    return order, RowOutcome.UNCHANGED if order == taken.known else RowOutcome.CHANGED


async def _accepted_draft(
    known: Known, draft: OrderDraft, *, desk: Desk, author: Author
) -> TakenDraft:
    """The checked draft, whose it is and the order it made before, or every fault at once."""
    clean, faults = checked(draft, desk.policy.zone)
    merchant_id, merchant_faults = await _merchant_of(known, clean, author)
    before = None
    if merchant_id is not None:
        before = await known.order(merchant_id, clean.reference)
    found = [*faults, *merchant_faults]
    if before is None:
        told = {fault.field for fault in found}
        loads = load_faults(clean.parcels, await known.largest())
        found += [replace(fault, row=clean.row) for fault in loads if fault.field not in told]
    # What was taken in once may be sent again on a later day, as long as its day stays.
    late = None if before else _day_fault(clean, desk)
    if late is not None and not any(fault.field == late.field for fault in found):
        found.append(late)
    if found or merchant_id is None:
        raise OrderInvalidError(faults=tuple(found))
    return TakenDraft(draft=clean, merchant_id=merchant_id, known=before)


def _day_fault(draft: OrderDraft, desk: Desk) -> FieldFault | None:
    """Why the day or the hours of a new order can't be; what was quoted was judged as a quote."""
    day, row = _day_of(draft, desk), draft.row
    if draft.promise_cause is not None:
        return past_fault(day, desk.today(), row=row)
    return day_fault(day, draft.windows, desk, row=row)


async def _merchant_of(
    known: Known, draft: OrderDraft, author: Author
) -> tuple[UUID | None, list[FieldFault]]:
    """Whose order it is; a merchant places its own and nobody else's."""
    own_id = author.actor.merchant_id
    if own_id is not None and draft.merchant_id not in {None, own_id}:
        raise ForbiddenError("Un comercio sólo puede crear pedidos propios.")
    merchant_id = own_id or draft.merchant_id
    if merchant_id is None:
        reason = "Falta el comercio. Elige de quién es el pedido."
        return None, [FieldFault(field="merchant_id", row=draft.row, code="missing", reason=reason)]
    merchant = await known.merchant(merchant_id)
    if merchant is None:
        reason = "El comercio no existe. Elige otro o créalo primero."
        return None, [
            FieldFault(field="merchant_id", row=draft.row, code="not_found", reason=reason)
        ]
    if not merchant.is_active:
        return merchant_id, [replace(INACTIVE, row=draft.row)]
    collects = any(leg.kind is LegKind.COLLECTION for leg in draft.legs)
    if collects and merchant.position is None:
        reason = "El comercio no tiene lugar de retiro. Ponlo en el mapa antes de pedir colecta."
        return merchant_id, [FieldFault(field="legs", row=draft.row, reason=reason)]
    return merchant_id, []


async def _add(
    tx: OrdersStore, taken: TakenDraft, *, desk: Desk, author: Author, import_id: UUID | None
) -> Order:
    """Keeps order, person and first promise, and records what happened.

    The order comes first: when its reference was taken meanwhile, nothing is left behind.
    """
    draft = taken.draft
    recipe = make_order(
        draft,
        order_id=desk.ids.next(),
        person_id=desk.ids.next(),
        merchant_id=taken.merchant_id,
        day=_day_of(draft, desk),
    )
    await take_barcodes(
        tx,
        taken.merchant_id,
        make_barcodes(draft.parcels, draft.reference),
        reference=draft.reference,
        row=draft.row,
    )
    order = settled(recipe.order, await find_placement(tx, _door_of(draft), desk=desk))
    await tx.orders.add(order, import_id=import_id)
    await tx.people.put(recipe.person)
    cause = draft.promise_cause or FIRST_PROMISE_CAUSE
    await _record_placed(tx, order, cause, desk=desk, author=author)
    return order


def _door_of(draft: OrderDraft) -> DoorQuery:
    return DoorQuery(address=draft.address, comuna=draft.comuna, given=draft.position)


def _day_of(draft: OrderDraft, desk: Desk) -> date:
    """The day it is for: as said, else its first window's, else the first there are deliveries on.

    Where nobody says which those are it is the day it comes in on.
    """
    if draft.date is not None:
        return draft.date
    if draft.windows:
        first = min(window.start for window in draft.windows)
        return ServiceDay.of(first, desk.policy.zone).date
    return desk.day_unsaid()


async def _record_placed(
    tx: OrdersStore, order: Order, cause: str, *, desk: Desk, author: Author
) -> None:
    now = desk.clock.now()
    data: dict[str, object] = {
        "reference": order.reference,
        "merchant_id": str(order.merchant_id),
        "date": order.date.isoformat(),
        "parcels": len(order.parcels),
        "parcel_ids": [str(parcel.id) for parcel in order.parcels],
        "source": author.source.value,
    }
    await tx.events.record(order_event("order.placed", order, author=author, now=now, data=data))
    await record_placement(tx, order, desk=desk, author=author)
    window = promised_window(order, desk.policy.workday(order.date))
    await promise_first_window(tx, order, window, cause=cause, now=now, author=author)


def _faults_of(error: OrderInvalidError | ConflictError, row: int) -> list[FieldFault]:
    if isinstance(error, ConflictError):
        return [FieldFault(field="reference", row=row, code=error.code, reason=error.sentence)]
    faults = error.details.get("faults", ())
    assert isinstance(faults, tuple)
    return [replace(fault, row=fault.row or row) for fault in faults]
