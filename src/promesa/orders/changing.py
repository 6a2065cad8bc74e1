"""Changing an order, calling it off, and putting it on another day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from promesa.domain.order import NO_TERMS, ORDER, ORDER_OVER, Order, OrderState
from promesa.domain.person import Person
from promesa.kernel.errors import FieldFault
from promesa.kernel.timewindow import TimeWindow
from promesa.orders.addressing import DoorQuery, find_placement, record_placement, settled
from promesa.orders.barcodes import require_free_barcodes, take_barcodes
from promesa.orders.desk import Author, Desk, order_event
from promesa.orders.drafts import (
    KEEP,
    Keep,
    OrderChange,
    OrderDraft,
    RecipientDraft,
    change_of,
)
from promesa.orders.faults import (
    OrderEndedError,
    OrderInvalidError,
    OrderOnRouteError,
    OrderVersionError,
)
from promesa.orders.loads import largest_load, load_faults
from promesa.orders.making import (
    PLANNED_FIELDS,
    WHEN_FIELDS,
    WHERE_FIELDS,
    changed,
    promised_window,
)
from promesa.orders.promises import promise_window, release_promise
from promesa.orders.reading import get_own_order
from promesa.orders.repository import OrdersStore
from promesa.orders.validation import checked, closed_fault, day_fault, over_fault, past_fault

T = TypeVar("T")
CHANGED_CAUSE = "changed_by_sender"
OFF_ROUTE = frozenset(
    {OrderState.DRAFT, OrderState.CONFIRMED, OrderState.ADDRESS_REVIEW, OrderState.RESCHEDULED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """An order as a change would leave it; nothing is written yet.

    Attributes:
        before: As it was read; so is ``person_before``.
        fields: Names of the fields that are different.
    """

    before: Order
    order: Order
    person_before: Person
    person: Person
    fields: frozenset[str]

    @property
    def touches_plan(self) -> bool:
        """Whether a route that was made for the order no longer fits it."""
        return bool(self.fields & PLANNED_FIELDS)


async def change_order(
    tx: OrdersStore,
    order_id: UUID,
    change: OrderChange,
    *,
    version: int,
    desk: Desk,
    author: Author,
) -> Order:
    """Changes what ``change`` names; ``version`` is the one the author was looking at.

    Raises:
        OrderVersionError: It is no longer that version.
        OrderInvalidError: The result would have faults.
        OrderOnRouteError, OrderEndedError: It is too late for this change.
    """
    order = await get_own_order(tx, order_id, author.actor)
    if order.version != version:
        raise OrderVersionError(version=order.version)
    return await apply_change(tx, order, change, desk=desk, author=author)


async def apply_change(
    tx: OrdersStore, order: Order, change: OrderChange, *, desk: Desk, author: Author
) -> Order:
    """Changes an order that was read in this transaction; nothing new, nothing happens."""
    revision = await revise(tx, order, change, desk=desk)
    if not revision.fields:
        return order
    _require_off_route(revision)
    return await keep_revision(tx, revision, desk=desk, author=author)


async def revise(tx: OrdersStore, order: Order, change: OrderChange, *, desk: Desk) -> Revision:
    """The order as ``change`` would leave it, at the place its new address or pin says.

    Raises:
        OrderInvalidError: The result would have faults.
        OrderEndedError: Nothing of it changes any more.
    """
    person = await tx.people.get(order.recipient_id)
    clean = _clean_change(order, change, zone=desk.policy.zone)
    new_order, new_person, fields = changed(order, person, clean)
    if fields and order.state in ORDER_OVER:
        raise OrderEndedError(state=order.state.value)
    if when := _when_fault(new_order, fields, desk):
        raise OrderInvalidError(faults=(when,))
    if "parcels" in fields:
        parcels = _said(clean.parcels) or ()
        heavy = tuple(load_faults(parcels, largest_load(await tx.fleet.list_vehicles())))
        if heavy:
            raise OrderInvalidError(faults=heavy)
        barcodes = [parcel.barcode for parcel in new_order.parcels]
        await require_free_barcodes(tx, order.merchant_id, barcodes, reference=order.reference)
    if fields & WHERE_FIELDS:
        new_order = await _moved(tx, new_order, new_person, clean, desk=desk)
    return Revision(
        before=order, order=new_order, person_before=person, person=new_person, fields=fields
    )


async def keep_revision(
    tx: OrdersStore, revision: Revision, *, desk: Desk, author: Author
) -> Order:
    """Writes a revision whose order was read in this version; the caller cared for its route."""
    if "parcels" in revision.fields:
        order = revision.order
        barcodes = [parcel.barcode for parcel in order.parcels]
        await take_barcodes(tx, order.merchant_id, barcodes, reference=order.reference)
    # The order first: one that changed since is refused before anything of the person is kept.
    await tx.orders.save(revision.order)
    if revision.person != revision.person_before:
        await tx.people.put(revision.person)
    kept = await tx.orders.get(revision.order.id)
    await _record_change(tx, kept, revision.fields, desk=desk, author=author)
    return kept


async def change_by_draft(
    tx: OrdersStore, order: Order, draft: OrderDraft, *, desk: Desk, author: Author
) -> Order:
    """Changes an order to what a draft of the same reference says, where it says something."""
    revision = await revise_by_draft(tx, order, draft, desk=desk)
    if not revision.fields:
        return order
    return await keep_revision(tx, revision, desk=desk, author=author)


async def revise_by_draft(
    tx: OrdersStore, order: Order, draft: OrderDraft, *, desk: Desk
) -> Revision:
    """The order as a draft of the same reference would leave it; nothing is written.

    A pin that a person put right outlives the sender's, as long as the address is the same.

    Raises:
        OrderInvalidError: The result would have faults.
        OrderOnRouteError, OrderEndedError: It is too late for this change.
    """
    change = change_of(draft)
    if order.placement and order.placement.confirmed_by is not None:
        person = await tx.people.get(order.recipient_id)
        if change.address in {KEEP, person.address_line}:
            change = replace(change, position=KEEP)
    revision = await revise(tx, order, change, desk=desk)
    _require_off_route(revision)
    return revision


async def is_silent(tx: OrdersStore, order: Order, change: OrderChange) -> bool:
    """Whether ``change`` says nothing that the order does not already say."""
    person = await tx.people.get(order.recipient_id)
    return not changed(order, person, change)[2]


async def cancel_order(
    tx: OrdersStore, order_id: UUID, *, cause: str, desk: Desk, author: Author
) -> Order:
    """Calls an order off and releases its promise; called off twice is called off once.

    Raises:
        TransitionError: Its state does not allow it any more.
    """
    order = await get_own_order(tx, order_id, author.actor)
    if order.state is OrderState.CANCELLED:
        return order
    state = ORDER.step(order.state, OrderState.CANCELLED)
    now = desk.clock.now()
    await tx.orders.save(replace(order, state=state))
    kept = await tx.orders.get(order_id)
    await tx.events.record(
        order_event("order.cancelled", kept, author=author, now=now, data={"cause": cause})
    )
    await release_promise(tx, kept, now=now, author=author)
    return kept


async def reschedule_order(
    tx: OrdersStore,
    order_id: UUID,
    *,
    day: date,
    window: TimeWindow | None = None,
    cause: str,
    desk: Desk,
    author: Author,
) -> Order:
    """Puts an order on another day with a new promise; the caller takes it off its route first.

    ``window`` is what is promised on that day; None is the whole workday. ``cause`` is a code, as
    ``rescheduled_by_recipient``.

    Raises:
        OrderInvalidError: The day is over, or the window is not on it.
        TransitionError: Its state does not allow it.
    """
    order = await get_own_order(tx, order_id, author.actor)
    moved = replace(order, date=day, windows=(window,) if window else ())
    _require_sound(moved, desk=desk)
    stays = order.state in {OrderState.DRAFT, OrderState.ADDRESS_REVIEW}
    state = order.state if stays else ORDER.step(order.state, OrderState.RESCHEDULED)
    now = desk.clock.now()
    await tx.orders.save(replace(moved, state=state))
    kept = await tx.orders.get(order_id)
    data: dict[str, object] = {
        "date": day.isoformat(),
        "by": author.actor.kind.value,
        "cause": cause,
    }
    await tx.events.record(
        order_event("order.rescheduled", kept, author=author, now=now, data=data)
    )
    told = window or desk.policy.workday(day)
    await promise_window(tx, kept, told, cause=cause, now=now, author=author)
    return kept


def _require_off_route(revision: Revision) -> None:
    if revision.before.state not in OFF_ROUTE and revision.touches_plan:
        raise OrderOnRouteError(fields=", ".join(sorted(revision.fields & PLANNED_FIELDS)))


def _require_sound(order: Order, *, desk: Desk) -> None:
    if fault := past_fault(order.date, desk.today()) or _unoffered_fault(order.date, desk):
        raise OrderInvalidError(faults=(fault,))
    draft = OrderDraft(
        reference=order.reference, address="·", date=order.date, windows=order.windows
    )
    _, faults = checked(draft, desk.policy.zone)
    if faults:
        raise OrderInvalidError(faults=faults)


def _when_fault(order: Order, fields: frozenset[str], desk: Desk) -> FieldFault | None:
    """Why an order can't get another day or other hours: as when it is placed.

    On a day that stays, hours are looked at alone: a dispatcher may have put it there.
    """
    if "date" in fields:
        return day_fault(order.date, order.windows, desk)
    if "windows" not in fields or desk.days is None:
        return None
    return over_fault(order.windows, desk.policy.workday(order.date), desk.clock.now())


def _unoffered_fault(day: date, desk: Desk) -> FieldFault | None:
    """Why a merchant's system can't move an order to ``day``; people of the operator may."""
    if desk.days is None:
        return None
    first = desk.days.first_day(desk.clock.now())
    if day >= first:
        return closed_fault(day, desk.days)
    reason = f"Para ese día ya pasó la hora de corte. Elige desde el {first:%d-%m-%Y}."
    return FieldFault(field="date", reason=reason, code="cut_off")


def _clean_change(order: Order, change: OrderChange, *, zone: str) -> OrderChange:
    """The change with its texts tidied and its identities canonical, or every fault of it."""
    draft, faults = checked(_as_draft(order, change), zone)
    if faults:
        # A change names the recipient's fields beside the others.
        flat = [replace(f, field=f.field.removeprefix("recipient.")) for f in faults]
        raise OrderInvalidError(faults=tuple(flat))
    recipient = draft.recipient
    return replace(
        change,
        name=_cleaned(change.name, recipient.name),
        rut=_cleaned(change.rut, recipient.rut),
        phone=_cleaned(change.phone, recipient.phone),
        email=_cleaned(change.email, recipient.email),
        address=_cleaned(change.address, draft.address),
        unit=_cleaned(change.unit, draft.unit),
        comuna=_cleaned(change.comuna, draft.comuna),
        instructions=_cleaned(change.instructions, draft.instructions),
        product_class=_cleaned(change.product_class, draft.product_class),
    )


def _as_draft(order: Order, change: OrderChange) -> OrderDraft:
    """What the change says, as a draft that can be checked; a placeholder where it says nothing."""
    has_place = isinstance(change.address, Keep)
    return OrderDraft(
        reference=order.reference,
        date=_said(change.date) or order.date,
        recipient=RecipientDraft(
            name=_said(change.name),
            rut=_said(change.rut),
            phone=_said(change.phone),
            email=_said(change.email),
        ),
        address="·" if has_place else _said(change.address),
        unit=_said(change.unit),
        comuna=_said(change.comuna),
        position=_said(change.position),
        windows=order.windows if isinstance(change.windows, Keep) else change.windows,
        parcels=_said(change.parcels) or (),
        items=_said(change.items) or (),
        service_time_s=_said(change.service_time_s),
        skills=_said(change.skills) or frozenset(),
        terms=_said(change.terms) or NO_TERMS,
        cod_clp=_said(change.cod_clp),
        instructions=_said(change.instructions),
        product_class=_said(change.product_class),
        tags=_said(change.tags) or {},
    )


def _said(value: T | Keep) -> T | None:
    return None if isinstance(value, Keep) else value


def _cleaned(before: str | Keep | None, after: str | None) -> str | Keep | None:
    return KEEP if isinstance(before, Keep) else after


async def _moved(
    tx: OrdersStore, order: Order, person: Person, change: OrderChange, *, desk: Desk
) -> Order:
    """The order at the place that its new address or pin says; on a route its state stays."""
    query = DoorQuery(
        address=person.address_line, comuna=order.comuna, given=_said(change.position)
    )
    placement = await find_placement(tx, query, desk=desk)
    if order.state in OFF_ROUTE:
        return settled(order, placement)
    return replace(order, placement=placement)


async def _record_change(
    tx: OrdersStore, order: Order, fields: frozenset[str], *, desk: Desk, author: Author
) -> None:
    now = desk.clock.now()
    data: dict[str, object] = {"fields": sorted(fields)}
    await tx.events.record(order_event("order.changed", order, author=author, now=now, data=data))
    if fields & WHERE_FIELDS:
        await record_placement(tx, order, desk=desk, author=author)
    if fields & WHEN_FIELDS:
        window = promised_window(order, desk.policy.workday(order.date))
        await promise_window(tx, order, window, cause=CHANGED_CAUSE, now=now, author=author)
