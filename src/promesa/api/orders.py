"""Orders: taken in once however often they are sent, changed, called off, put on another day."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, ClassVar
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, patch, post, put
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import Parameter

from promesa.api.amending import apply_change
from promesa.api.decoding import View, Wire, decode_strictly, find_object
from promesa.api.order_views import OrderView, view_records
from promesa.api.order_wire import NewOrder, OrderBatch, OrderPatch, WindowBody
from promesa.api.pages import (
    PAGE_ITEMS_DEFAULT,
    Cursor,
    CursorError,
    Limit,
    decode_cursor,
    encode_cursor,
)
from promesa.api.quoted_orders import QuotedDraft, QuotedOrders, faults_of_row
from promesa.dispatch import rescheduling
from promesa.domain.access import KeptAnswer
from promesa.domain.actor import Permission
from promesa.domain.order import Order, OrderState
from promesa.kernel.errors import ConflictError, FieldFault, PromesaError
from promesa.kernel.serviceday import ServiceDay
from promesa.orders import intake, reading
from promesa.orders.repository import OrderFilter, OrderSort, OrderSorting, SortValue, SortWay
from promesa.orders.text import tidy
from promesa.orders.validation import CHARS_MAX
from promesa.runtime.delivery_days import intake_desk
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

_SORTED_KINDS: dict[OrderSort, type[Any]] = {
    OrderSort.DATE: date,
    OrderSort.PROMISED: datetime,
    OrderSort.STATE: int,
}

Cause = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[a-z_]+$")]


BY_MERCHANT = "rescheduled_by_merchant"
BY_DISPATCHER = "rescheduled_by_dispatcher"

# Rows of a batch in one transaction: nobody waits longer than for these.
COMMITTED_ROWS = 50


class IdempotencyKeyError(ConflictError):
    """The same key came with another content."""

    code: ClassVar[str] = "idempotency_key_reused"
    message = "Esa Idempotency-Key ya se usó con otro contenido. Usa una nueva."


class OrderList(View):
    """A page of orders, and how many there are over all pages."""

    total: int
    items: list[OrderView]
    next_cursor: str | None


class AcceptedRowView(View):
    """A row that became, or already was, an order; ``index`` counts from 0, as in the list sent."""

    index: int
    id: UUID
    reference: str
    outcome: str


class RejectedRowView(View):
    """One fault of a row that was left out; ``reference`` is what it said, when it said one."""

    index: int
    reference: str | None
    field: str
    reason: str
    code: str


class BatchView(View):
    """What became of each row; a row with several faults is there once for each."""

    accepted: list[AcceptedRowView]
    rejected: list[RejectedRowView]


class CauseBody(Wire):
    """Why, as a code."""

    cause: Cause = "asked_by_merchant"


class RescheduleBody(Wire):
    """To which day, and when on it; without a cause it is who asks."""

    date: date
    window: WindowBody | None = None
    cause: Cause | None = None


@post(
    "/v1/orders",
    access=Permission.WRITE_ORDERS,
    summary="Place an order",
    responses={200: ResponseSpec(OrderView, description="The same order was there already.")},
)
async def place_order(
    data: NewOrder,
    platform: Platform,
    caller: Caller,
    request: Request[Any, Any, Any],
    idempotency_key: Annotated[
        str | None, Parameter(header="Idempotency-Key", max_length=200)
    ] = None,
) -> Response[OrderView]:
    """Takes an order in (201); the same order again is that order (200).

    With an Idempotency-Key the same request gets the same answer.
    """
    digest = hashlib.sha256(await request.body()).digest()
    quotes = await QuotedOrders.open(platform, caller, [data.quote_id])

    async def place(tx: PlatformStore) -> Response[OrderView]:
        kept = await _kept_answer(tx, caller, idempotency_key, digest)
        if kept is not None:
            view = msgspec.json.decode(kept.body, type=OrderView)
            return Response(view, status_code=kept.status, headers={"Idempotent-Replayed": "true"})
        draft, held = await quotes.prepared(tx, data.draft(), data.quote_id)
        desk, author = await intake_desk(platform, tx, caller), platform.author(caller)
        row = await intake.take_order(tx, draft, desk=desk, author=author)
        await quotes.taken(tx, held, row.order.id)
        view = await view_order(platform, tx, caller, row.order.id)
        status = 201 if row.outcome is intake.RowOutcome.CREATED else 200
        if idempotency_key is not None:
            await tx.answers.add(
                KeptAnswer(
                    actor_id=caller.actor.id,
                    key=idempotency_key,
                    request_digest=digest,
                    status=status,
                    body=msgspec.json.encode(view),
                    kept_at=platform.clock.now(),
                )
            )
        return Response(view, status_code=status)

    with quotes.transaction():
        return await platform.attempt(caller.tenant_id, place)


async def _kept_answer(
    tx: PlatformStore, caller: Caller, key: str | None, digest: bytes
) -> KeptAnswer | None:
    if key is None:
        return None
    kept = await tx.answers.find(caller.actor.id, key)
    if kept is not None and kept.request_digest != digest:
        raise IdempotencyKeyError
    return kept


async def view_order(
    platform: Platform, tx: PlatformStore, caller: Caller, order_id: UUID
) -> OrderView:
    """One order as who asks may see it."""
    record = await reading.get_order_record(tx, order_id, caller.actor)
    return (await view_records(platform, tx, caller, [record]))[0]


@put("/v1/orders", access=Permission.WRITE_ORDERS, summary="Add or change orders by reference")
async def upsert_orders(data: OrderBatch, platform: Platform, caller: Caller) -> BatchView:
    """Adds or changes each order on its own: a bad row is reported and the good ones are kept.

    Kept in parts: after a 503 the first ones may be there, and the same batch sent again goes on.
    """
    rows: list[QuotedDraft] = []
    faults: list[FieldFault] = []
    for index, raw in enumerate(data.orders):
        try:
            order = decode_strictly(raw, NewOrder)
            rows.append(QuotedDraft(draft=order.draft(row=index + 1), quote_id=order.quote_id))
        except PromesaError as error:
            faults.extend(faults_of_row(error, index + 1))
    async with platform.transaction(caller.tenant_id) as tx:
        desk = await intake_desk(platform, tx, caller)
    upsert = partial(intake.upsert_orders, desk=desk, author=platform.author(caller))
    quotes = await QuotedOrders.open(platform, caller, [row.quote_id for row in rows])
    accepted: list[AcceptedRowView] = []
    for first in range(0, len(rows), COMMITTED_ROWS):
        part = partial(quotes.upsert, rows=rows[first : first + COMMITTED_ROWS], upsert=upsert)
        with quotes.transaction():
            outcome = await platform.attempt(caller.tenant_id, part)
        accepted += [
            AcceptedRowView(
                index=row.index,
                id=row.order.id,
                reference=row.order.reference,
                outcome=row.outcome.value,
            )
            for row in outcome.accepted
        ]
        faults += outcome.rejected
    in_order = sorted(faults, key=lambda fault: fault.row or 0)
    return BatchView(accepted=accepted, rejected=[_rejected(data, fault) for fault in in_order])


def _rejected(data: OrderBatch, fault: FieldFault) -> RejectedRowView:
    """A fault beside the place and the reference of its row."""
    assert fault.row is not None
    index = fault.row - 1
    reference = (find_object(data.orders[index]) or {}).get("reference")
    return RejectedRowView(
        index=index,
        reference=reference if isinstance(reference, str) else None,
        field=fault.field,
        reason=fault.reason,
        code=fault.code,
    )


@get("/v1/orders", access=Permission.READ_OWN_ORDERS, summary="Orders")
async def list_orders(
    platform: Platform,
    caller: Caller,
    day: Annotated[date | None, Parameter(query="date")] = None,
    states: Annotated[list[OrderState] | None, Parameter(query="state")] = None,
    merchant_id: UUID | None = None,
    import_id: UUID | None = None,
    reference: Annotated[str | None, Parameter(max_length=CHARS_MAX["reference"])] = None,
    q: Annotated[str | None, Parameter(max_length=120)] = None,
    sort: OrderSort = OrderSort.DATE,
    way: SortWay = SortWay.ASCENDING,
    cursor: Cursor = None,
    limit: Limit = PAGE_ITEMS_DEFAULT,
) -> OrderList:
    """A page of orders, by date unless asked otherwise; a merchant sees its own.

    ``reference`` is the whole document number: an order, or one of each merchant that has it.
    ``date`` gives those meant for that day and those that were promised for it and moved away.
    """
    where = OrderFilter(
        day=ServiceDay(day) if day else None,
        states=frozenset(states) if states else None,
        merchant_id=merchant_id,
        import_id=import_id,
        reference=tidy(reference or "") or None,
        text=q or None,
    )
    sorting = OrderSorting(by=sort, way=way)
    after = _after(cursor, sorting)
    async with platform.transaction(caller.tenant_id) as tx:
        page = await reading.list_order_records(
            tx, where, actor=caller.actor, limit=limit, after=after, sorting=sorting
        )
        total = await reading.count_orders(tx, where, actor=caller.actor)
        items = await view_records(platform, tx, caller, list(page.records))
    rest = encode_cursor((sort, way, *page.next_after)) if page.next_after else None
    return OrderList(total=total, items=items, next_cursor=rest)


def _after(cursor: str | None, sorting: OrderSorting) -> tuple[SortValue, UUID] | None:
    """Where the page before ended; a cursor of another sorting would leave orders out."""
    kind = _SORTED_KINDS.get(sorting.by, str)
    found = decode_cursor(cursor, tuple[OrderSort, SortWay, kind, UUID])  # type: ignore[valid-type]
    if found is None:
        return None
    if found[:2] != (sorting.by, sorting.way):
        raise CursorError
    value, order_id = found[2:]
    return value, order_id


@get("/v1/orders/{order_id:uuid}", access=Permission.READ_OWN_ORDERS, summary="An order")
async def get_order(order_id: UUID, platform: Platform, caller: Caller) -> OrderView:
    """One order."""
    async with platform.transaction(caller.tenant_id) as tx:
        return await view_order(platform, tx, caller, order_id)


@patch("/v1/orders/{order_id:uuid}", access=Permission.WRITE_ORDERS, summary="Change an order")
async def change_order(
    order_id: UUID, data: OrderPatch, platform: Platform, caller: Caller
) -> OrderView:
    """Changes what the body names, if nobody changed the order since; on a route too.

    A merchant's key gives it no other day than those on which its orders are taken.
    """
    await apply_change(platform, caller, order_id, data.change(), version=data.version)
    async with platform.transaction(caller.tenant_id) as tx:
        return await view_order(platform, tx, caller, order_id)


@post("/v1/orders/{order_id:uuid}/cancel", access=Permission.WRITE_ORDERS, status_code=200)
async def cancel_order(
    order_id: UUID, platform: Platform, caller: Caller, data: CauseBody | None = None
) -> OrderView:
    """Calls an order off; twice is once."""
    decide = partial(rescheduling.cancel, cause=(data or CauseBody()).cause)
    return await _decided(platform, caller, order_id, decide)


@post("/v1/orders/{order_id:uuid}/reschedule", access=Permission.WRITE_ORDERS, status_code=200)
async def reschedule_order(
    order_id: UUID, data: RescheduleBody, platform: Platform, caller: Caller
) -> OrderView:
    """Puts an order on another day and takes it off its route.

    A merchant's key moves it to days with deliveries whose cut-off has not passed.
    """
    window = data.window.value() if data.window else None
    is_merchant = caller.actor.merchant_id is not None
    cause = BY_MERCHANT if is_merchant else data.cause or BY_DISPATCHER
    decide = partial(rescheduling.reschedule, day=data.date, window=window, cause=cause)
    return await _decided(platform, caller, order_id, decide)


@post("/v1/orders/{order_id:uuid}/return", access=Permission.WRITE_ORDERS, status_code=200)
async def return_order(
    order_id: UUID, data: CauseBody, platform: Platform, caller: Caller
) -> OrderView:
    """Sends an order back to its sender."""
    decide = partial(rescheduling.start_return, cause=data.cause)
    return await _decided(platform, caller, order_id, decide)


async def _decided(
    platform: Platform, caller: Caller, order_id: UUID, decide: Callable[..., Awaitable[Order]]
) -> OrderView:
    """The caller's own order after what was decided about it."""

    async def act(tx: PlatformStore) -> OrderView:
        desk = await intake_desk(platform, tx, caller)
        await decide(tx, order_id, desk=desk, author=platform.author(caller))
        return await view_order(platform, tx, caller, order_id)

    return await platform.attempt(caller.tenant_id, act)


router = Router(
    path="",
    route_handlers=[
        place_order,
        upsert_orders,
        list_orders,
        get_order,
        change_order,
        cancel_order,
        reschedule_order,
        return_order,
    ],
    tags=["orders"],
)
