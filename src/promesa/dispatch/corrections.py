"""A recipient asks to correct the address; a person of the torre takes what was asked or declines.

Nothing moves by itself. An order on no route waits under review until somebody answers; one on a
route stays there as it is. What was asked is kept with the person, sealed, and no event quotes it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from promesa.dispatch.customer_actions import (
    INSTRUCTIONS_LENGTH_MAX,
    MOVABLE,
    TextNotUsableError,
    TooLateError,
)
from promesa.dispatch.repository import DispatchStore
from promesa.dispatch.rescheduling import journal_of
from promesa.domain.order import ORDER, Order, OrderState
from promesa.domain.person import Correction, Person
from promesa.domain.place import PlaceLevel
from promesa.kernel.errors import ConflictError, InvalidError
from promesa.kernel.geo import Position, distance_m
from promesa.orders.addressing import settled
from promesa.orders.changing import OFF_ROUTE
from promesa.orders.desk import Author, Desk
from promesa.orders.drafts import KEEP, OrderChange
from promesa.orders.reading import get_own_order
from promesa.orders.text import tidy
from promesa.orders.validation import position_fault

ASKED, SETTLED = "order.correction_asked", "order.correction_settled"
TAKEN, DECLINED = "taken", "declined"
ADDRESS_LENGTH_MAX = 200
UNIT_LENGTH_MAX = 60
# A link in the wrong hands must not keep the torre busy.
CORRECTIONS_MAX = 3
# Further than across a comuna it is another delivery, with another price: the shop decides.
PIN_MOVE_M_MAX = 5_000.0
_KNOWN = frozenset({PlaceLevel.HOUSE, PlaceLevel.GIVEN, PlaceLevel.STREET})


class CorrectionsUsedUpError(ConflictError):
    """The recipient asked as often as it may."""

    code: ClassVar[str] = "corrections_used_up"
    message: ClassVar[str] = (
        f"Ya pediste {CORRECTIONS_MAX} correcciones de este pedido. Para otra, habla con la tienda."
    )


class NothingToCorrectError(InvalidError):
    """What is asked is what is known."""

    code: ClassVar[str] = "nothing_to_correct"
    message: ClassVar[str] = "No cambiaste nada: así es como tenemos tu dirección."


class PinTooFarError(InvalidError):
    """The pin lies too far from the address, or nowhere."""

    code: ClassVar[str] = "pin_too_far"
    message: ClassVar[str] = (
        "El pin queda a más de 5 km de tu dirección. Para ir tan lejos, habla con la tienda."
    )


class NoCorrectionError(ConflictError):
    """Nobody asks for a correction, or somebody answered it already."""

    code: ClassVar[str] = "no_correction"
    message: ClassVar[str] = "Este pedido no tiene una corrección por responder. Recarga la lista."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the recipient typed: the whole address as it should be."""

    address: str
    unit: str | None = None
    reference: str | None = None
    position: Position | None = None


async def ask_correction(
    tx: DispatchStore, order: Order, wish: Wish, *, desk: Desk, author: Author
) -> None:
    """Keeps with the person how the address should be; a later wish replaces an open one.

    Raises:
        TooLateError: The van is on its way, or it is over.
        CorrectionsUsedUpError: It was asked too often.
        TextNotUsableError, PinTooFarError, NothingToCorrectError: It cannot be meant so.
    """
    order = await get_own_order(tx, order.id, author.actor)
    if order.state not in MOVABLE:
        raise TooLateError(state=order.state.value)
    facts = await tx.events.list_of_order(order.id)
    if sum(fact.type == ASKED for fact in facts) >= CORRECTIONS_MAX:
        raise CorrectionsUsedUpError
    person, now = await tx.people.get(order.recipient_id), desk.clock.now()
    _check_pin(order, wish.position)
    correction = Correction(
        address_line=_clean(wish.address, ADDRESS_LENGTH_MAX),
        unit=_clean(wish.unit, UNIT_LENGTH_MAX) if (wish.unit or "").strip() else None,
        reference=_clean(wish.reference, INSTRUCTIONS_LENGTH_MAX)
        if (wish.reference or "").strip()
        else None,
        position=wish.position,
    )
    fields = corrected_fields(person, correction)
    if not fields:
        raise NothingToCorrectError
    await tx.people.put(replace(person, correction=correction))
    is_held = order.state in OFF_ROUTE and order.state is not OrderState.ADDRESS_REVIEW
    state = ORDER.step(order.state, OrderState.ADDRESS_REVIEW) if is_held else order.state
    await tx.orders.save(replace(order, correction_asked_at=now, state=state))
    journal = journal_of(tx, order, "correction", desk=desk, author=author)
    await journal.of_order(order, ASKED, {"fields": fields})
    if is_held:
        await journal.of_order(order, "order.sent_to_review", {"cause": "correction_asked"})


def corrected_fields(person: Person, correction: Correction) -> list[str]:
    """Names of what the correction says otherwise than we know it."""
    said = {
        "address": correction.address_line != person.address_line,
        "unit": correction.unit != person.unit,
        "instructions": correction.reference not in {None, person.instructions},
        "position": correction.position is not None,
    }
    return sorted(name for name, is_new in said.items() if is_new)


async def get_correction(tx: DispatchStore, order: Order) -> Correction:
    """What the recipient asks for.

    Raises:
        NoCorrectionError: Nothing, or nothing any more.
    """
    person = await tx.people.get(order.recipient_id)
    if order.correction_asked_at is None or person.correction is None:
        raise NoCorrectionError
    return person.correction


def change_of_correction(correction: Correction, pin: Position | None) -> OrderChange:
    """The change that takes it; ``pin`` is where the person of the torre puts the door instead."""
    return OrderChange(
        address=correction.address_line,
        unit=correction.unit,
        instructions=correction.reference or KEEP,
        position=pin or correction.position or KEEP,
    )


async def settle_correction(
    tx: DispatchStore, order: Order, decision: str, *, desk: Desk, author: Author
) -> None:
    """Writes down what was decided; what was taken stands in the order already, with its yes.

    Raises:
        NoCorrectionError: Somebody else decided meanwhile.
    """
    order = await tx.orders.get(order.id)
    if order.correction_asked_at is None:
        raise NoCorrectionError
    person = await tx.people.get(order.recipient_id)
    await tx.people.put(replace(person, correction=None))
    open_again, placement = replace(order, correction_asked_at=None), order.placement
    if decision == TAKEN and placement is not None:
        placement = replace(placement, confirmed_by=author.actor.id)
        open_again = replace(open_again, placement=placement)
    if order.state is OrderState.ADDRESS_REVIEW:
        open_again = settled(open_again, placement)
    await tx.orders.save(open_again)
    journal = journal_of(tx, order, "correction settled", desk=desk, author=author)
    await journal.of_order(order, SETTLED, {"decision": decision})
    if decision == TAKEN and placement is not None:
        told: dict[str, object] = {
            "uncertainty_m": round(placement.uncertainty_m),
            "scope": "correction",
        }
        await journal.of_order(order, "order.address_confirmed", told)


def _check_pin(order: Order, pin: Position | None) -> None:
    if pin is None:
        return
    if position_fault(pin.lon, pin.lat):
        raise PinTooFarError("El pin no está en Chile. Ponlo en tu puerta.")
    known = order.placement
    if known is None or known.level not in _KNOWN or known.is_outside:
        return
    if distance_m(known.position, pin) > max(PIN_MOVE_M_MAX, known.uncertainty_m):
        raise PinTooFarError


def _clean(text: str | None, length_max: int) -> str:
    clean = tidy(text or "")
    if not clean or len(clean) > length_max:
        raise TextNotUsableError
    return clean
