"""Quotes on a running platform: asked of memory, accepted in a transaction, brought by an order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from promesa.domain.order import OrderState
from promesa.kernel.errors import ConflictError, FieldFault
from promesa.kernel.serviceday import ServiceDay
from promesa.orders.drafts import OrderDraft
from promesa.orders.faults import OrderInvalidError
from promesa.orders.loads import load_of
from promesa.planning.demand.history import OrderFlow
from promesa.promising.lead_time_model import Lane
from promesa.promising.quoting import Wanted
from promesa.promising.repository import Reservation
from promesa.promising.reserving import (
    QUOTED_CAUSE,
    Books,
    Desk,
    QuoteTakenError,
    ReleaseCause,
    accept,
    release,
)
from promesa.promising.tickets import QuoteUnknownError, Ticket, read_ticket, reservation_id
from promesa.runtime.lead_times import LEARNT_DAYS, UsualArrival, usual_arrival
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.promise_board import Holding, PromiseBoard
from promesa.runtime.quote_places import COMUNA, Place, QuotePlaceError, find_place
from promesa.runtime.repository import PlatformStore


class QuoteOrderedError(ConflictError):
    """An order took the place: only the order can be called off."""

    code: ClassVar[str] = "quote_ordered"
    message = "Un pedido ya usó esa cotización. Para devolver su lugar, anula el pedido."


class QuoteSpentError(ConflictError):
    """The order that took the quote was called off, and a quote serves one order."""

    code: ClassVar[str] = "quote_spent"
    message = "El pedido de esa cotización se anuló, y cada cotización sirve una vez. Elige otra."


def desk_of(books: Books, platform: Platform, caller: Caller) -> Desk:
    """What an acceptance is judged by, now."""
    return Desk(
        books=books,
        now=platform.clock.now(),
        actor=caller.actor,
        request_id=caller.request_id,
    )


def ticket_of(board: PromiseBoard, caller: Caller, quote_id: str) -> Ticket:
    """What was quoted to who asks.

    Raises:
        QuoteUnknownError: It was not.
    """
    return read_ticket(quote_id, key=board.quote_key, merchant_id=caller.actor.merchant_id)


async def take_quote(
    tx: PlatformStore,
    draft: OrderDraft,
    quote_id: str,
    *,
    holding: Holding,
    platform: Platform,
    caller: Caller,
) -> tuple[OrderDraft, Reservation]:
    """The draft with the window it was quoted, and the place that it will take.

    Raises:
        QuoteUnknownError: The quote is not of who asks, nor of the order's merchant.
        OrderInvalidError: The draft says another day or hours besides.
        QuoteExpiredError: It ran out, and can't be kept any more.
        QuoteOvertakenError: Its window filled up.
        QuoteOutgrownError: The order is more than what was quoted.
        QuotePlaceError, QuoteOutsideError: The order goes where no van can be planned.
        QuoteTakenError: Another order has its place.
    """
    ticket = ticket_of(holding.board, caller, quote_id)
    desk = desk_of(holding, platform, caller)
    day = ServiceDay.of(ticket.window.start, holding.snapshot.terms.zone).date
    owner = caller.actor.merchant_id or draft.merchant_id
    if ticket.merchant_id is not None and ticket.merchant_id != owner:
        raise QuoteUnknownError
    if draft.windows or draft.date not in {None, day}:
        reason = "El pedido trae una cotización y además otra fecha u horario. Deja sólo una."
        raise OrderInvalidError(
            faults=(
                FieldFault(field="quote_id", row=draft.row, code="quote_window", reason=reason),
            )
        )
    wanted = await _wanted(platform, draft, ticket)
    held = await accept(tx, quote_id, ticket, desk=desk, wanted=wanted)
    if held.order_id is not None:
        had = await tx.orders.get(held.order_id)
        if (had.reference, had.merchant_id) != (draft.reference, owner):
            raise QuoteTakenError
    quoted = replace(draft, windows=(held.window,), date=day, promise_cause=QUOTED_CAUSE)
    return quoted, held


async def _wanted(platform: Platform, draft: OrderDraft, ticket: Ticket) -> Wanted:
    """What the order is; what it does not say of itself is as it was quoted.

    One whose address tells no more than the comuna goes where that comuna was quoted; one that
    names neither a comuna nor an address anybody knows says nothing of where it goes.
    """
    quoted = ticket.wanted
    if draft.position or draft.comuna or draft.address:
        place = await _order_place(platform, draft)
        if place is not None and not (place.level == COMUNA and place.comuna == quoted.comuna):
            quoted = replace(quoted, position=place.position, comuna=place.comuna)
    return replace(
        quoted,
        service_s=quoted.service_s if draft.service_time_s is None else draft.service_time_s,
        load=load_of(draft.parcels),
    )


async def _order_place(platform: Platform, draft: OrderDraft) -> Place | None:
    try:
        return await find_place(
            platform, position=draft.position, address=draft.address, comuna=draft.comuna
        )
    except QuotePlaceError:
        if draft.comuna:
            raise
        return None


async def require_unspent(tx: PlatformStore, held: Reservation) -> None:
    """Does nothing as long as the order that took the place, if any, stands.

    Raises:
        QuoteSpentError: It was called off.
    """
    if held.order_id is None:
        return
    order = await tx.orders.get(held.order_id)
    if order.state is OrderState.CANCELLED:
        raise QuoteSpentError


async def give_back(tx: PlatformStore, quote_id: str, *, desk: Desk) -> None:
    """Gives the place of a quote back; twice, never accepted, or its order called off: as once.

    Raises:
        QuoteOrderedError: An order has it.
    """
    held = await tx.reservations.find(reservation_id(quote_id))
    if held is None:
        return
    if held.order_id is not None:
        order = await tx.orders.get(held.order_id)
        if order.state is not OrderState.CANCELLED:
            raise QuoteOrderedError(order_id=order.id)
    await release(tx, held, cause=ReleaseCause.ASKED, desk=desk)


async def find_usual_arrival(
    board: PromiseBoard, platform: Platform, tenant_id: UUID, place: Place
) -> UsualArrival | None:
    """By when an order for the place arrives as surely as is asked; None where nothing tells."""
    depot = board.nearest_depot(place.position)
    if depot is None:
        return None
    terms, depots = board.snapshot.terms, board.depots
    today = ServiceDay.of(platform.clock.now(), terms.zone)

    async def read() -> list[OrderFlow]:
        async with platform.database.transaction(tenant_id) as tx:
            return await tx.demand_history.list_flows(
                ServiceDay(today.date - timedelta(days=LEARNT_DAYS), terms.zone).start,
                today.start,
                zone=terms.zone,
                sole_depot=depots[0].code if len(depots) == 1 else "",
            )

    comuna = platform.city.territory.comuna_at(place.position)
    name = place.comuna or (comuna.name if comuna is not None else "")
    learnt = await board.lead_times.ready(read, today=today.date)
    lane = Lane(name, depot.code)
    return usual_arrival(learnt, lane, share=terms.kept_min, today=today.date)
