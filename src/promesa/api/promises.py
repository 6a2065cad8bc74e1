"""Promises at a checkout: quoted from memory, accepted for an order to come, given back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, delete, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import Parameter

from promesa.api.decoding import View, Wire
from promesa.api.errors import PROBLEM_MEDIA_TYPE, Problem
from promesa.api.order_wire import Lat, Lon, ParcelBody, Parcels, Short, Text, parcels_of
from promesa.domain.actor import Permission
from promesa.domain.order import SERVICE_TIME_S_DEFAULT
from promesa.kernel.errors import ForbiddenError
from promesa.kernel.geo import Position
from promesa.orders.faults import OrderInvalidError
from promesa.orders.intake import INACTIVE
from promesa.orders.loads import load_faults, load_of
from promesa.orders.validation import SERVICE_TIME_S_MAX
from promesa.promising.choice import Prices, choose
from promesa.promising.offers import HORIZON_DAYS_MAX, OFFERED_WINDOWS_MAX
from promesa.promising.quoting import Offer, Quotation, Wanted, quote
from promesa.promising.repository import Reservation
from promesa.promising.reserving import (
    QuoteExpiredError,
    QuoteOvertakenError,
    accept,
)
from promesa.promising.tickets import MARK_BYTES, TICKET_CHARS_MAX, make_ticket
from promesa.runtime.lead_times import UsualArrival
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.promise_board import PromiseBoard
from promesa.runtime.quote_places import find_place
from promesa.runtime.quotes import (
    QuoteSpentError,
    desk_of,
    find_usual_arrival,
    give_back,
    require_unspent,
    ticket_of,
)

NOT_READY = {
    503: ResponseSpec(
        Problem,
        description="`promises_not_ready`: the coming days are being read. Ask again in a moment.",
        media_type=PROBLEM_MEDIA_TYPE,
        generate_examples=False,
    )
}
QuoteId = Annotated[str, Parameter(min_length=1, max_length=TICKET_CHARS_MAX)]

NO_VANS = (
    "No sabemos con qué vehículos se reparte esos días. Carga los turnos en Capacidad, Turnos, y "
    "vuelve a cotizar."
)
NOTHING_SURE = (
    "Ningún horario de los próximos días llega a la seguridad pedida. Agrega vehículos, amplía el "
    "plazo o acepta menos seguridad en la oferta."
)
CLOSED = "No hay días de reparto en el plazo que se ofrece. Revisa los días y el plazo."
# The same to a shop, which can do nothing about vans or terms.
SHOP_WAITS = (
    "Por ahora no hay horarios que se puedan asegurar para ese lugar. Muestra otra forma de "
    "entrega, o vuelve a cotizar más tarde."
)
SHOP_CLOSED = (
    "En los próximos días no hay reparto. Muestra otra forma de entrega, o vuelve a cotizar más "
    "tarde."
)


class NoteCode(StrEnum):
    """Why nothing can be offered."""

    NO_VANS = "no_vans"
    NOTHING_SURE = "nothing_sure"
    CLOSED = "closed"


_NOTES = {
    NoteCode.NO_VANS: (NO_VANS, SHOP_WAITS),
    NoteCode.NOTHING_SURE: (NOTHING_SURE, SHOP_WAITS),
    NoteCode.CLOSED: (CLOSED, SHOP_CLOSED),
}


# What a checkout shows; every further day costs a tenth of a millisecond.
WINDOWS_SHOWN = 12
WINDOWS_ASKED_MAX = HORIZON_DAYS_MAX * OFFERED_WINDOWS_MAX


class QuoteBody(Wire):
    """What is to be delivered; a position, an address or at least a comuna is needed.

    Days are looked at until there are `windows_min` windows and no later day can be the one to
    show first.
    """

    position: tuple[Lon, Lat] | None = None
    address: Text | None = None
    comuna: Short | None = None
    parcels: Parcels = msgspec.field(default_factory=list[ParcelBody])
    service_time_s: Annotated[int, msgspec.Meta(ge=0, le=SERVICE_TIME_S_MAX)] | None = None
    merchant_id: UUID | None = None
    windows_min: Annotated[int, msgspec.Meta(ge=1, le=WINDOWS_ASKED_MAX)] = WINDOWS_SHOWN


class QuotedWindowView(View):
    """A window that can honestly be offered.

    `date` is its day where it is delivered; instants are UTC. `p_kept` is the probability that it
    is kept, `price_clp` what the buyer pays for it. `days` counts from today. `is_shown` marks the
    one to show first by the operator's two prices. Send `quote_id` back to accept it.
    """

    quote_id: str
    name: str
    date: date
    start: datetime
    end: datetime
    p_kept: float
    price_clp: int
    days: int
    is_shown: bool


class UsualArrivalView(View):
    """By when an order placed now usually arrives, from how long deliveries took.

    `p_kept` of them arrive by the end of `by`. It rests on `deliveries` of the newest, and on
    `lane_deliveries` to this comuna. It knows nothing of vans, and cannot be accepted. `drift` is
    `worse` or `better` where the last weeks took longer or shorter than those before, else `calm`
    or `unknown`.
    """

    by: date
    days: int
    p_kept: float
    deliveries: int
    lane_deliveries: int
    drift: str


class QuoteView(View):
    """What can be offered for the place, until when, and on what that rests.

    `place` says how finely it was found: `given` as sent, `address` by its number, `street`, or
    `comuna` alone; the door is within `uncertainty_m` nine times of ten. `outcomes` is on how many
    past promises the probabilities rest; with 0 they are the model's own. `unsure` windows were
    looked at and are less sure than the operator asks; of `unknown_days` nobody planned vehicles.
    `note` says what to do where nothing can be offered, `note_code` the same in a word. There
    `usual_arrival` says by when such orders arrive, if enough were delivered to tell.
    """

    windows: list[QuotedWindowView]
    expires_at: datetime
    place: str
    uncertainty_m: float | None
    comuna: str | None
    outcomes: int
    unsure: int
    unknown_days: list[date]
    note: str | None
    note_code: NoteCode | None
    usual_arrival: UsualArrivalView | None


class ReservationView(View):
    """A place that is held until `expires_at`, or that `order_id` took; `date` is its local day."""

    id: UUID
    date: date
    start: datetime
    end: datetime
    p_kept: float
    price_clp: int
    expires_at: datetime
    order_id: UUID | None


class AcceptView(View):
    """What became of the acceptance.

    `state` is `held`; or `taken`, when an order has used the quote already; or `requoted`: the
    quote ran out, its window filled up or its order was called off, nothing is held, and `windows`
    are what can be offered now. `reason` says which.
    """

    state: str
    reservation: ReservationView | None
    windows: list[QuotedWindowView]
    reason: str | None


@post(
    "/v1/promises/quote",
    access=Permission.WRITE_ORDERS,
    status_code=200,
    summary="Quote delivery windows",
    responses=NOT_READY,
)
async def quote_windows(data: QuoteBody, platform: Platform, caller: Caller) -> QuoteView:
    """The windows that can honestly be promised for a place, with their probability and price.

    It commits to nothing and keeps nothing: ask as often as a checkout is looked at.
    """
    own_id = caller.actor.merchant_id
    if own_id is not None and data.merchant_id not in {None, own_id}:
        raise ForbiddenError("Un comercio sólo puede cotizar para sus propios pedidos.")
    board = await platform.ready_board(caller.tenant_id)
    merchant_id = own_id or data.merchant_id
    if merchant_id in board.archived:
        raise OrderInvalidError(faults=(INACTIVE,))
    given = Position(lon=data.position[0], lat=data.position[1]) if data.position else None
    place = await find_place(platform, position=given, address=data.address, comuna=data.comuna)
    parcels = parcels_of(data.parcels)
    faults = tuple(load_faults(parcels, board.largest))
    if faults:
        raise OrderInvalidError(faults=faults)
    service_s = data.service_time_s
    wanted = Wanted(
        position=place.position,
        service_s=SERVICE_TIME_S_DEFAULT if service_s is None else service_s,
        comuna=place.comuna,
        merchant_id=merchant_id,
        load=load_of(parcels),
    )
    found, windows, until = _quoted(board, platform, wanted, data.windows_min)
    arrival, code = None, _note_code(found)
    if not found.offers:
        arrival = await find_usual_arrival(board, platform, caller.tenant_id, place)
    return QuoteView(
        windows=windows,
        expires_at=until,
        place=place.level,
        uncertainty_m=place.uncertainty_m,
        comuna=place.comuna,
        outcomes=found.outcomes,
        unsure=found.unsure,
        unknown_days=list(found.unknown_days),
        note=None if code is None else _NOTES[code][own_id is not None],
        note_code=code,
        usual_arrival=None if arrival is None else _arrival(arrival),
    )


@post(
    "/v1/promises/{quote_id:str}/accept",
    access=Permission.WRITE_ORDERS,
    status_code=200,
    summary="Accept a quote",
    responses=NOT_READY,
)
async def accept_quote(quote_id: QuoteId, platform: Platform, caller: Caller) -> AcceptView:
    """Holds the place of a quoted window for an order to come; twice is one reservation.

    Each quote serves one order: of one that an order has used the answer says so. A quote that ran
    out is held at its window's odds of now, if they suffice and it is no dearer; otherwise nothing
    is held and the answer has what can be offered instead.
    """
    board = await platform.ready_board(caller.tenant_id)
    ticket = ticket_of(board, caller, quote_id)
    try:
        with board.holding() as holding:
            desk = desk_of(holding, platform, caller)
            async with platform.transaction(caller.tenant_id) as tx:
                held = await accept(
                    tx,
                    quote_id,
                    ticket,
                    desk=desk,
                    held_max=platform.settings.promises.held_max,
                )
                await require_unspent(tx, held)
    except (QuoteExpiredError, QuoteOvertakenError, QuoteSpentError) as error:
        _, windows, _ = _quoted(board, platform, ticket.wanted, WINDOWS_SHOWN)
        return AcceptView(
            state="requoted", reservation=None, windows=windows, reason=error.sentence
        )
    state = "held" if held.order_id is None else "taken"
    return AcceptView(state=state, reservation=_view(held), windows=[], reason=None)


@delete(
    "/v1/promises/{quote_id:str}",
    access=Permission.WRITE_ORDERS,
    summary="Give a held place back",
    responses=NOT_READY,
)
async def release_quote(quote_id: QuoteId, platform: Platform, caller: Caller) -> None:
    """Gives the place of an accepted quote back; twice, or never accepted, is as once.

    What an order took stays (409): cancel the order.
    """
    board = await platform.ready_board(caller.tenant_id)
    ticket_of(board, caller, quote_id)
    with board.holding() as holding:
        desk = desk_of(holding, platform, caller)
        async with platform.transaction(caller.tenant_id) as tx:
            await give_back(tx, quote_id, desk=desk)


def _quoted(
    board: PromiseBoard, platform: Platform, wanted: Wanted, enough: int
) -> tuple[Quotation, list[QuotedWindowView], datetime]:
    """What can be offered now, each window with its ticket, and until when it stands."""
    snapshot, now = board.snapshot, platform.clock.now()
    terms = snapshot.terms
    found = quote(snapshot, wanted, board.ways, now, enough=enough)
    prices = Prices(day_later_clp=terms.day_later_clp, broken_clp=terms.broken_clp)
    shown = choose(found.offers, prices)
    mark = platform.ids.secret_bytes(MARK_BYTES)
    views = []
    for offer in found.offers:
        signed = make_ticket(
            offer, wanted, now=now, minutes=terms.quote_min, mark=mark, key=board.quote_key
        )
        views.append(_window(offer, signed, is_shown=offer is shown))
    return found, views, now + timedelta(minutes=terms.quote_min)


def _arrival(usual: UsualArrival) -> UsualArrivalView:
    return UsualArrivalView(
        by=usual.by,
        days=usual.days,
        p_kept=round(usual.share, 4),
        deliveries=usual.deliveries,
        lane_deliveries=usual.lane_deliveries,
        drift=usual.drift.value,
    )


def _window(offer: Offer, quote_id: str, *, is_shown: bool) -> QuotedWindowView:
    return QuotedWindowView(
        quote_id=quote_id,
        name=offer.name,
        date=offer.date,
        start=offer.window.start,
        end=offer.window.end,
        p_kept=offer.p_kept,
        price_clp=offer.price_clp,
        days=offer.days,
        is_shown=is_shown,
    )


def _view(held: Reservation) -> ReservationView:
    return ReservationView(
        id=held.id,
        date=held.date,
        start=held.window.start,
        end=held.window.end,
        p_kept=held.p_kept,
        price_clp=held.price_clp,
        expires_at=held.expires_at,
        order_id=held.order_id,
    )


def _note_code(found: Quotation) -> NoteCode | None:
    """Why nothing can be offered; None where something can."""
    if found.offers:
        return None
    if found.unsure:
        return NoteCode.NOTHING_SURE
    return NoteCode.NO_VANS if found.unknown_days else NoteCode.CLOSED


router = Router(
    path="", route_handlers=[quote_windows, accept_quote, release_quote], tags=["promises"]
)
