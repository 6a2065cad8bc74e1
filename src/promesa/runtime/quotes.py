"""Quotes on a running platform: asked of memory, accepted in a transaction, brought by an order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from promesa.domain.fleet import Load
from promesa.kernel.errors import FieldFault, InvalidError
from promesa.kernel.geo import Position
from promesa.kernel.serviceday import ServiceDay
from promesa.orders.drafts import OrderDraft
from promesa.orders.faults import OrderInvalidError
from promesa.orders.geocoding import AddressQuery
from promesa.planning.demand.history import OrderFlow
from promesa.promising.lead_time_model import Lane
from promesa.promising.quoting import Wanted
from promesa.promising.repository import Reservation
from promesa.promising.reserving import QUOTED_CAUSE, Books, Desk, QuoteTakenError, accept
from promesa.promising.tickets import QuoteUnknownError, Ticket, read_ticket
from promesa.runtime.lead_times import LEARNT_DAYS, UsualArrival, usual_arrival
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.promise_board import Holding, PromiseBoard
from promesa.runtime.repository import PlatformStore


class QuotePlaceError(InvalidError):
    """Nobody knows where that is, or no van gets there."""

    code: ClassVar[str] = "quote_place_unknown"
    message = "No sabemos dónde es eso. Envía la posición, o una comuna del mapa."


class QuoteOutsideError(InvalidError):
    """The place lies outside the map that vans are planned on."""

    code: ClassVar[str] = "quote_outside"
    message = "Ese lugar queda fuera del mapa: no se reparte ahí. Revisa la posición o la comuna."


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a quote is for.

    Attributes:
        level: given, address or comuna: the middle of a comuna stands for any door in it.
    """

    position: Position
    comuna: str | None
    level: str


async def find_place(
    platform: Platform, *, position: Position | None, address: str | None, comuna: str | None
) -> Place:
    """Where it is: as given, by the address, or the middle of the comuna.

    Raises:
        QuotePlaceError: None of them says it.
        QuoteOutsideError: No van can be planned there.
    """
    place = await _named_place(platform, position, address, comuna)
    if place is None:
        raise QuotePlaceError
    if place.level != "comuna" and not platform.city.covers(place.position, comuna):
        raise QuoteOutsideError
    return place


async def _named_place(
    platform: Platform, position: Position | None, address: str | None, comuna: str | None
) -> Place | None:
    if position is not None:
        return Place(position=position, comuna=comuna, level="given")
    if address:
        found = await platform.geocoder.locate(AddressQuery(line=address, comuna=comuna))
        if found is not None:
            return Place(position=found.position, comuna=found.comuna or comuna, level="address")
    known = platform.city.territory.exact(comuna) if comuna else None
    if known is None:
        return None
    if known not in platform.city.addresses.comunas:
        raise QuoteOutsideError
    return Place(position=known.centre, comuna=known.name, level="comuna")


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
    held = await accept(tx, quote_id, ticket, desk=desk, wanted=_wanted(draft, ticket))
    if held.order_id is not None:
        had = await tx.orders.get(held.order_id)
        if (had.reference, had.merchant_id) != (draft.reference, owner):
            raise QuoteTakenError
    quoted = replace(draft, windows=(held.window,), date=day, promise_cause=QUOTED_CAUSE)
    return quoted, held


def _wanted(draft: OrderDraft, ticket: Ticket) -> Wanted:
    """What the order is; what it does not say of itself is as it was quoted."""
    quoted = ticket.wanted
    return replace(
        quoted,
        position=draft.position or quoted.position,
        service_s=quoted.service_s if draft.service_time_s is None else draft.service_time_s,
        load=Load(
            weight_g=sum(parcel.weight_g or 0 for parcel in draft.parcels),
            volume_ml=sum(parcel.volume_ml or 0 for parcel in draft.parcels),
        ),
    )


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
