"""What names a person. It lives here and in the people store, and nowhere else.

Orders, stops and events carry a person's id. Erasing the person's key erases what is below and
leaves every event and every hash as it was (Ley 21.719).
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from promesa.kernel.geo import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """How a recipient says that the address should be; it waits for a person's answer.

    Attributes:
        reference: How to find the door.
        position: The pin, where the recipient put one.
    """

    address_line: str
    unit: str | None = None
    reference: str | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A recipient, a receiver, a driver or a user of the torre.

    Attributes:
        rut: Chilean tax id as ``12345678-5``, without dots; unknown is None.
        phone: E.164, as ``+56912345678``.
        address_line: Street and number as the sender wrote them, after trimming.
        unit: Flat, house, tower or block.
        instructions: What this person asked of the driver.
        safe_place: Who else may receive, or where to leave it.
        comment: What this person wrote when rating the delivery.
        pin: What the receiver tells the driver of an order that asks for it; made on publishing.
        language: ``es`` or ``en``.
        correction: What this person asks to correct of the address; None when nothing is open.
    """

    id: UUID
    name: str | None = None
    rut: str | None = None
    phone: str | None = None
    email: str | None = None
    address_line: str | None = None
    unit: str | None = None
    instructions: str | None = None
    safe_place: str | None = None
    comment: str | None = None
    pin: str | None = None
    language: str = "es"
    correction: Correction | None = None
