"""What a recipient may do from the tracking page, and until when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import ClassVar
from uuid import UUID

from promesa.dispatch import rescheduling
from promesa.dispatch.delivery_days import DaysToChoose
from promesa.dispatch.repository import DispatchStore
from promesa.dispatch.rescheduling import journal_of
from promesa.domain.order import ORDER, Order, OrderState
from promesa.domain.person import Person
from promesa.kernel.errors import ConflictError, InvalidError
from promesa.kernel.ids import derived_id
from promesa.notify.declining import DECLINABLE
from promesa.notify.repository import Channel
from promesa.orders.desk import Author, Desk
from promesa.orders.reading import get_own_order
from promesa.orders.reviews import UNDER_WAY

INSTRUCTIONS_LENGTH_MAX = 300
COMMENT_LENGTH_MAX = 500
SCORE_MIN, SCORE_MAX = 1, 5
# Days offered to choose from; a longer list decides nothing on a phone.
DATES_OFFERED = 5

_S = OrderState
# Once the van is on the road another day would waste the way: then the safe place helps.
MOVABLE = UNDER_WAY - {_S.OUT_FOR_DELIVERY}
# The parcel is with us after a visit: what is not wanted any more goes back to its sender.
_TRIED = frozenset({_S.DELIVERY_FAILED})
_RATEABLE = frozenset({_S.DELIVERED, _S.PARTIALLY_DELIVERED})


class TooLateError(ConflictError):
    """The delivery is too far for what the recipient asks."""

    code: ClassVar[str] = "too_late_for_this"
    message: ClassVar[str] = "Ya no se puede cambiar por aquí. Llama a la tienda si es urgente."


class DateNotOfferedError(InvalidError):
    """The day is none of those offered."""

    code: ClassVar[str] = "date_not_offered"
    message: ClassVar[str] = "Ese día no hay reparto. Elige una de las fechas que te mostramos."


class TextNotUsableError(InvalidError):
    """The text is empty or too long, or the score is out of range."""

    code: ClassVar[str] = "text_not_usable"
    message: ClassVar[str] = "Escribe algo más corto, sin dejarlo vacío."


class AlreadyRatedError(ConflictError):
    """One rating per order."""

    code: ClassVar[str] = "already_rated"
    message: ClassVar[str] = "Ya recibimos tu evaluación. Gracias."


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientOptions:
    """What the page offers now."""

    can_instruct: bool
    can_choose_safe_place: bool
    can_reschedule: bool
    can_cancel: bool
    can_send_back: bool
    can_rate: bool
    can_correct: bool
    dates: tuple[date, ...]


def options_of(
    order: Order, *, today: date, is_rated: bool = False, days: DaysToChoose | None = None
) -> RecipientOptions:
    """What the recipient of ``order`` may do on ``today``; ``days`` None is any usual one."""
    can_reschedule = order.state in MOVABLE and ORDER.allows(order.state, _S.RESCHEDULED)
    return RecipientOptions(
        can_instruct=order.state in UNDER_WAY,
        can_choose_safe_place=order.state in UNDER_WAY and not order.requires_pin,
        can_reschedule=can_reschedule,
        can_cancel=order.state in MOVABLE - _TRIED and ORDER.allows(order.state, _S.CANCELLED),
        can_send_back=order.state in _TRIED,
        can_rate=order.state in _RATEABLE and not is_rated,
        can_correct=order.state in MOVABLE,
        dates=offered_dates(order, days or DaysToChoose.after(today)) if can_reschedule else (),
    )


def offered_dates(order: Order, days: DaysToChoose) -> tuple[date, ...]:
    """The next days of delivery, but for the one the order is meant for already."""
    is_tried = order.state is _S.DELIVERY_FAILED
    others = (day for day in days.next_days() if is_tried or day != order.date)
    return tuple(islice(others, DATES_OFFERED))


async def leave_instructions(
    tx: DispatchStore, order: Order, text: str, *, desk: Desk, author: Author
) -> None:
    """Keeps with the person what the driver should know.

    Raises:
        TooLateError, TextNotUsableError: It can no longer help, or there is nothing to read.
    """
    order = await get_own_order(tx, order.id, author.actor)
    if order.state not in UNDER_WAY:
        raise TooLateError(state=order.state.value)
    person = await tx.people.get(order.recipient_id)
    clean = _clean(text, INSTRUCTIONS_LENGTH_MAX)
    await tx.people.put(replace(person, instructions=clean))
    journal = journal_of(tx, order, f"instructions {clean}", desk=desk, author=author)
    await journal.of_order(order, "order.instructions_left")


async def choose_safe_place(
    tx: DispatchStore,
    order: Order,
    *,
    receiver: str | None = None,
    place: str | None = None,
    desk: Desk,
    author: Author,
) -> None:
    """Keeps with the person who may receive, or where to leave it.

    Raises:
        TooLateError, TextNotUsableError: It can no longer help, or there is nothing to read.
    """
    order = await get_own_order(tx, order.id, author.actor)
    if order.state not in UNDER_WAY or order.requires_pin:
        raise TooLateError(state=order.state.value)
    said = [f"Recibe {receiver.strip()}" if receiver else "", (place or "").strip()]
    clean = _clean(" · ".join(part for part in said if part), INSTRUCTIONS_LENGTH_MAX)
    person = await tx.people.get(order.recipient_id)
    await tx.people.put(replace(person, safe_place=clean))
    journal = journal_of(tx, order, f"safe place {clean}", desk=desk, author=author)
    await journal.of_order(order, "order.safe_place_chosen")


async def choose_date(
    tx: DispatchStore,
    order: Order,
    day: date,
    *,
    days: DaysToChoose | None = None,
    desk: Desk,
    author: Author,
) -> Order:
    """Puts the order on one of the days offered.

    Raises:
        TooLateError, DateNotOfferedError: The van is on its way, or there is no delivery then.
    """
    order = await get_own_order(tx, order.id, author.actor)
    options = options_of(order, today=desk.today(), days=days)
    if not options.can_reschedule:
        raise TooLateError(state=order.state.value)
    if day not in options.dates:
        raise DateNotOfferedError(date=day.isoformat())
    return await rescheduling.reschedule(
        tx, order.id, day=day, cause="rescheduled_by_recipient", desk=desk, author=author
    )


async def call_off(tx: DispatchStore, order: Order, *, desk: Desk, author: Author) -> Order:
    """Calls the order off while it is not on the road.

    Raises:
        TooLateError: It is.
    """
    order = await get_own_order(tx, order.id, author.actor)
    if not options_of(order, today=desk.today()).can_cancel:
        raise TooLateError(state=order.state.value)
    return await rescheduling.cancel(
        tx, order.id, cause="cancelled_by_recipient", desk=desk, author=author
    )


async def send_back(tx: DispatchStore, order: Order, *, desk: Desk, author: Author) -> Order:
    """Sends it back to the shop after a visit that failed.

    Raises:
        TooLateError: No visit failed, or another day is chosen already.
    """
    order = await get_own_order(tx, order.id, author.actor)
    if not options_of(order, today=desk.today()).can_send_back:
        raise TooLateError(state=order.state.value)
    return await rescheduling.start_return(
        tx, order.id, cause="returned_by_recipient", desk=desk, author=author
    )


async def rate(
    tx: DispatchStore,
    order: Order,
    score: int,
    *,
    comment: str | None = None,
    desk: Desk,
    author: Author,
) -> None:
    """Keeps how the delivery was, once; the comment is kept with the person who wrote it.

    Raises:
        TooLateError, TextNotUsableError, AlreadyRatedError: Nothing to rate, or rated.
    """
    order = await get_own_order(tx, order.id, author.actor)
    if order.state not in _RATEABLE:
        raise TooLateError("Podrás evaluar cuando hayas recibido tu pedido.")
    if not SCORE_MIN <= score <= SCORE_MAX:
        raise TextNotUsableError("Elige de 1 a 5.")
    cause = replace(
        journal_of(tx, order, "rating", desk=desk, author=author),
        cause_id=derived_id("rating", order.id),
    )
    data: dict[str, object] = {"score": score}
    if comment and comment.strip():
        comment_id = comment_id_of(order.id)
        data["comment_id"] = str(comment_id)
        text = comment.strip()[:COMMENT_LENGTH_MAX]
        await tx.people.put(Person(id=comment_id, instructions=text))
    if not await cause.of_cause(("order", order.id), "order.rated", data, order_id=order.id):
        raise AlreadyRatedError


def comment_id_of(order_id: UUID) -> UUID:
    """Under which id the people store keeps the words of a rating."""
    return derived_id("rating comment", order_id)


async def decline_messages(
    tx: DispatchStore, order: Order, channels: frozenset[Channel], *, desk: Desk, author: Author
) -> None:
    """Keeps by which channels the recipient wants to hear nothing more; none means all again.

    The event names channels only: the addresses stay with the person.
    """
    order = await get_own_order(tx, order.id, author.actor)
    person = await tx.people.get(order.recipient_id)
    told = sorted(channel.value for channel in channels & DECLINABLE)
    await tx.declined.save(person, channels & DECLINABLE, desk.clock.now())
    journal = journal_of(tx, order, f"declined {told}", desk=desk, author=author)
    await journal.of_order(order, "order.messages_declined", {"channels": told})


def _clean(text: str, length_max: int) -> str:
    clean = " ".join(text.split())
    if not clean or len(clean) > length_max:
        raise TextNotUsableError
    return clean
