"""Accepting a quote holds its place until the order comes; what nobody takes is given back.

Nobody commits here. A quote that ran out, or whose window filled up meanwhile, is quoted anew:
it is never taken for what it was.

Whoever judges a place counts it before anything is awaited, so that of two who want the last one
the second sees it gone, in whatever order their transactions end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Protocol
from uuid import UUID

from promesa.domain.actor import Actor
from promesa.domain.events import Event
from promesa.domain.fleet import MEASURES
from promesa.kernel.errors import ConflictError
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.promising.day_book import near_m
from promesa.promising.quoting import Offer, Snapshot, Wanted, requote
from promesa.promising.repository import PromisingStore, Reservation, Ways
from promesa.promising.tickets import Ticket, reservation_id

# The cause of a first promise that a buyer chose among quotes.
QUOTED_CAUSE = "quote_accepted"
# An order so near the quoted place is for that place: a comuna's middle stands for its doors.
ELSEWHERE_M = 5_000.0
# Odds so near each other are the same: a parcel of some grams more changes nothing.
SAME_ODDS = 0.001


class QuoteExpiredError(ConflictError):
    """The quote ran out, and its window can't be had as quoted any more."""

    code: ClassVar[str] = "quote_expired"
    message = "La cotización venció y esa ventana ya no se puede prometer igual. Pide una nueva."


class QuoteOvertakenError(ConflictError):
    """Others took the place while the buyer decided."""

    code: ClassVar[str] = "quote_overtaken"
    message = (
        "Esa ventana se llenó o se cerró mientras decidías. Pide otra cotización y elige una que "
        "quede."
    )


class QuoteTakenError(ConflictError):
    """Another order has this place already."""

    code: ClassVar[str] = "quote_taken"
    message = "Otro pedido ya usó esa cotización. Pide una nueva para este pedido."


class QuoteOutgrownError(ConflictError):
    """The order is farther off, longer or larger than what was quoted, beyond what is sure."""

    code: ClassVar[str] = "quote_outgrown"
    message = (
        "El pedido no es lo que se cotizó (otro lugar, más minutos o más carga) y así esa ventana "
        "no se puede prometer. Cotiza con los datos del pedido."
    )


class TooManyHeldError(ConflictError):
    """A merchant holds as many places without an order as it may."""

    code: ClassVar[str] = "quote_held_max"
    message = (
        "Tienes demasiadas reservas sin pedido, en número o en lo que ocupan de ese día. Envía sus "
        "pedidos o libéralas; las que nadie usa se liberan solas."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLimits:
    """What one merchant may hold without an order.

    Attributes:
        places: How many.
        day_share: Of the hours and of the room of a depot's day; one place more is still held.
    """

    places: int
    day_share: float


class Books(Protocol):
    """The coming days, as who accepts reads and moves them."""

    @property
    def snapshot(self) -> Snapshot:
        """The coming days with all that is held now."""
        ...

    @property
    def ways(self) -> Ways:
        """Road times."""
        ...

    def hold(self, reservation: Reservation) -> None:
        """Counts its place from now on, for everybody who reads."""
        ...


class ReleaseCause(StrEnum):
    """Why a place was given back, or who took it."""

    ASKED = "asked"
    EXPIRED = "expired"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What an acceptance is judged by."""

    books: Books
    now: datetime
    actor: Actor
    request_id: str | None = None


async def accept(
    tx: PromisingStore,
    quote_id: str,
    ticket: Ticket,
    *,
    desk: Desk,
    wanted: Wanted | None = None,
    limits: HoldLimits | None = None,
) -> Reservation:
    """Holds the place of a quote; accepted twice it is one reservation.

    A quote that stands is judged by the cut-off and the windows of when it was made. One that ran
    out is honoured as long as its window is as sure as the operator asks and no dearer; its odds
    are then those of now. ``wanted`` is what the order is that brings the quote; without one,
    its merchant is held to ``limits``. Some more get in where several are accepted at once, as many
    as there are transactions.

    Raises:
        QuoteExpiredError: It ran out, and its window is gone or dearer.
        QuoteOvertakenError: Its window is not sure enough any more.
        QuoteOutgrownError: It would be for what was quoted, and is not for what is wanted.
        TooManyHeldError: The merchant holds as much as ``limits`` let it.
    """
    known = await tx.reservations.find(reservation_id(quote_id))
    is_held = known is not None and known.is_standing(desk.now)
    if known is not None and known.order_id is not None:
        return known
    asked = wanted if wanted is not None and _is_more(wanted, ticket.wanted) else None
    if known is not None and is_held:
        if asked is not None:
            _outgrown(ticket, asked, desk)
        return known
    offer = _still(ticket, desk)
    if limits is not None:
        await _require_room(tx, ticket, offer, limits=limits, desk=desk)
        # Others may have counted theirs meanwhile.
        offer = _still(ticket, desk)
    if asked is not None:
        offer = _outgrown(ticket, asked, desk)
    held = _hold(quote_id, ticket, offer, desk, wanted=asked or ticket.wanted)
    desk.books.hold(held)
    if known is None:
        if not await tx.reservations.add(held):
            again = await tx.reservations.find(held.id)
            assert again is not None, "another transaction has just added it"
            return again
    else:
        await tx.reservations.save(held)
    await _record(
        tx,
        held,
        "reservation.made",
        desk,
        data={
            "start": held.window.start.isoformat(),
            "end": held.window.end.isoformat(),
            "p_kept": held.p_kept,
            "price_clp": held.price_clp,
            "expires_at": held.expires_at.isoformat(),
        },
    )
    return held


async def _require_room(
    tx: PromisingStore, ticket: Ticket, offer: Offer, *, limits: HoldLimits, desk: Desk
) -> None:
    days = desk.books.snapshot.loads[offer.depot_id]
    day = next(day for day in days if day.outlook.date == offer.date)
    held = await tx.reservations.sum_standing(
        ticket.merchant_id, desk.now, depot_id=offer.depot_id, date=offer.date
    )
    most_s, room = limits.day_share * day.capacity_s, day.outlook.load
    fills = [
        name
        for name in MEASURES
        if 0 < limits.day_share * getattr(room, name) <= getattr(held.load, name)
    ]
    if held.count >= limits.places or held.work_s >= most_s or fills:
        raise TooManyHeldError(held=held.count)


async def release(
    tx: PromisingStore, reservation: Reservation, *, cause: ReleaseCause, desk: Desk
) -> Reservation:
    """Gives a place back; twice is once, and what an order took stays taken."""
    if reservation.released_at is not None or reservation.order_id is not None:
        return reservation
    gone = replace(reservation, released_at=desk.now, release_cause=cause.value)
    await tx.reservations.save(gone)
    await _record(tx, gone, "reservation.released", desk, data={"cause": cause.value})
    return gone


async def take(
    tx: PromisingStore, reservation: Reservation, order_id: UUID, *, desk: Desk
) -> Reservation:
    """The order takes the place; the same order again changes nothing.

    Raises:
        QuoteTakenError: Another order has it.
    """
    if reservation.order_id == order_id:
        return reservation
    if reservation.order_id is not None:
        raise QuoteTakenError
    taken = replace(reservation, order_id=order_id)
    await tx.reservations.save(taken)
    data: dict[str, object] = {"cause": ReleaseCause.TAKEN.value, "order_id": str(order_id)}
    await _record(tx, taken, "reservation.released", desk, data=data)
    return taken


async def release_expired(tx: PromisingStore, *, now: datetime, actor: Actor) -> int:
    """Gives back the places that no order took in time; returns how many."""
    expired = await tx.reservations.list_expired(now)
    for reservation in expired:
        gone = replace(reservation, released_at=now, release_cause=ReleaseCause.EXPIRED.value)
        await tx.reservations.save(gone)
        data: dict[str, object] = {"cause": ReleaseCause.EXPIRED.value}
        await tx.events.record(_event(gone, "reservation.released", now, actor, data=data))
    return len(expired)


def _is_more(wanted: Wanted, quoted: Wanted) -> bool:
    """Whether an order is more than what was quoted, beyond what changes nothing.

    Another comuna is another place however near; one that nobody knows says nothing.
    """
    return (
        (wanted.comuna or quoted.comuna) != (quoted.comuna or wanted.comuna)
        or near_m(wanted.position, quoted.position) > ELSEWHERE_M
        or wanted.service_s > quoted.service_s
        # What did not say its parcels was quoted as one that has any.
        or wanted.load.parcels > max(1, quoted.load.parcels)
        or wanted.load.weight_g > quoted.load.weight_g
        or wanted.load.volume_ml > quoted.load.volume_ml
    )


def _outgrown(ticket: Ticket, wanted: Wanted, desk: Desk) -> Offer:
    """The window for what is wanted, if it is as sure as for what was quoted, and no dearer.

    What is held already counts against itself, so that neither may be as sure as is asked: then
    the one must be no less sure than the other.
    """
    offer, quoted = _requoted(ticket, wanted, desk), _requoted(ticket, ticket.wanted, desk)
    if offer is None or quoted is None:
        raise QuoteOutgrownError
    is_worse = not offer.is_sure and offer.p_kept < quoted.p_kept - SAME_ODDS
    if is_worse or offer.price_clp > quoted.price_clp:
        raise QuoteOutgrownError
    return offer


def _requoted(ticket: Ticket, wanted: Wanted, desk: Desk) -> Offer | None:
    is_fresh = desk.now < ticket.expires_at
    return requote(
        desk.books.snapshot,
        wanted,
        ticket.window,
        ways=desk.books.ways,
        now=desk.now,
        quoted_at=ticket.quoted_at if is_fresh else None,
    )


def _still(ticket: Ticket, desk: Desk) -> Offer:
    """The window as it is now, if it may still be had for what was quoted."""
    is_fresh = desk.now < ticket.expires_at
    offer = _requoted(ticket, ticket.wanted, desk)
    if offer is None or not offer.is_sure:
        raise QuoteOvertakenError if is_fresh else QuoteExpiredError
    if not is_fresh and offer.price_clp > ticket.price_clp:
        raise QuoteExpiredError
    return offer


def _hold(
    quote_id: str, ticket: Ticket, offer: Offer, desk: Desk, *, wanted: Wanted
) -> Reservation:
    terms = desk.books.snapshot.terms
    # Within its minutes a quote is what the buyer was told; after them, what is true now.
    is_told = desk.now < ticket.expires_at and wanted == ticket.wanted
    day = ServiceDay.of(ticket.window.start, terms.zone)
    return Reservation(
        id=reservation_id(quote_id),
        merchant_id=ticket.merchant_id,
        depot_id=offer.depot_id,
        date=day.date,
        window=ticket.window,
        position=wanted.position,
        service_s=wanted.service_s,
        work_s=offer.work_s,
        p_kept=ticket.p_kept / 10_000 if is_told else offer.p_kept,
        p_model=ticket.p_model / 10_000 if is_told else offer.p_model,
        price_clp=ticket.price_clp if is_told else min(ticket.price_clp, offer.price_clp),
        quoted_at=ticket.quoted_at,
        accepted_at=desk.now,
        expires_at=desk.now + timedelta(minutes=terms.hold_min),
        parcels=wanted.load.parcels,
        weight_g=wanted.load.weight_g,
        volume_ml=wanted.load.volume_ml,
    )


async def _record(
    tx: PromisingStore,
    reservation: Reservation,
    kind: str,
    desk: Desk,
    *,
    data: dict[str, object],
) -> None:
    event = _event(reservation, kind, desk.now, desk.actor, data=data, request_id=desk.request_id)
    await tx.events.record(event)


def _event(
    reservation: Reservation,
    kind: str,
    now: datetime,
    actor: Actor,
    *,
    data: dict[str, object],
    request_id: str | None = None,
) -> Event:
    return Event(
        id=derived_id(reservation.id, kind, now.isoformat()),
        type=kind,
        subject_kind="reservation",
        subject_id=reservation.id,
        occurred_at=now,
        recorded_at=now,
        actor=actor,
        data=data,
        request_id=request_id,
    )
