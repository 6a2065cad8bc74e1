"""Erasing a person, and with it the words that were left about it.

A driver's note and the words of a rating are kept under ids of their own. The quote that an order
took knows the door: it goes too. Another person who
received the parcel is not erased: that is for that person to ask.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from promesa.dispatch.customer_actions import comment_id_of
from promesa.domain.order import Order
from promesa.orders.repository import OrderFilter
from promesa.proof.repository import EvidenceKind
from promesa.runtime.repository import PlatformStore

# An order brings a person of its own; a few more share one where a sender says so.
ORDERS_MAX = 1_000


async def erase_person(tx: PlatformStore, person_id: UUID) -> None:
    """Erases the key of the person, of the notes about its visits and of what it wrote.

    A person of the torre no longer comes in, and is found by no e-mail; a driver drives no more.

    Raises:
        NotFoundError: There never was such a person.
    """
    await tx.people.get(person_id)
    orders = await tx.orders.list_page(OrderFilter(recipient_id=person_id), limit=ORDERS_MAX)
    for order in orders:
        await _erase_words(tx, order)
    await tx.reservations.remove_of([order.id for order in orders])
    await _shut_out(tx, person_id)
    await tx.people.erase(person_id)


async def _erase_words(tx: PlatformStore, order: Order) -> None:
    """What the recipient wrote and asked, and what was written about its visits."""
    await tx.people.erase(comment_id_of(order.id))
    if order.correction_asked_at is not None:
        await tx.orders.save(replace(order, correction_asked_at=None))
    for fact in await tx.events.list_of_order(order.id):
        if isinstance(note := fact.data.get("note_id"), str):
            await tx.people.erase(UUID(note))
    for piece in await tx.proofs.list_of_order(order.id):
        if piece.kind is EvidenceKind.NOTE and piece.person_id is not None:
            await tx.people.erase(piece.person_id)


async def _shut_out(tx: PlatformStore, person_id: UUID) -> None:
    for user in await tx.access.list_users():
        if user.person_id == person_id:
            await tx.access.put_user(replace(user, email_digest=None, is_active=False))
    for driver in await tx.fleet.list_drivers():
        if driver.person_id == person_id:
            await tx.fleet.put_driver(replace(driver, is_active=False))
