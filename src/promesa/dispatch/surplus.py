"""Parcels that come back and should not: another route's, one told delivered, one nobody knows.

The warehouse has it in its hands, so it is shown with the route that brought it, with what to do.
It is named by a scan made while a route's return is counted, or by the route that told of it last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from promesa.dispatch.journal import Journal
from promesa.dispatch.refusals import PhoneEventRefusedError
from promesa.dispatch.repository import DispatchStore
from promesa.domain.custody import HolderKind
from promesa.domain.events import Event
from promesa.domain.order import Order
from promesa.domain.parcel import HANDED_OVER, Parcel
from promesa.domain.person import Person
from promesa.kernel.errors import NotFoundError

SURPLUS = "parcel.surplus"


class SurplusWhy(StrEnum):
    """Why nobody expected it."""

    OTHER_ROUTE = "other_route"
    TOLD_DELIVERED = "told_delivered"
    NOT_OUT = "not_out"
    UNKNOWN = "unknown"


class ParcelToldDeliveredError(PhoneEventRefusedError):
    """A parcel is in the depot though its driver told that it was handed over."""

    code: ClassVar[str] = "parcel_told_delivered"
    message: ClassVar[str] = "El conductor lo dio por entregado. Apártalo y avisa a la torre."


@dataclass(frozen=True, slots=True, kw_only=True)
class Surplus:
    """One such parcel.

    Attributes:
        code_id: The person record that keeps a code nobody knows.
        route_code: Of the route it belongs to, when it is another one.
    """

    why: SurplusWhy
    at: datetime
    parcel_id: UUID | None = None
    order_id: UUID | None = None
    code_id: UUID | None = None
    route_code: str | None = None


async def note_unusable(
    journal: Journal,
    route_id: UUID | None,
    found: tuple[Order, Parcel] | None,
    barcode: str,
) -> None:
    """Tells of a returned parcel that could not be counted in; of no route nothing is told."""
    route_id = route_id or await _route_of_last_visit(journal.tx, found)
    if route_id is None or not await _is_route(journal.tx, route_id):
        return
    journal = journal.on_route(route_id)
    if found is not None:
        _, parcel = found
        is_told = parcel.state in HANDED_OVER
        why = SurplusWhy.TOLD_DELIVERED if is_told else SurplusWhy.NOT_OUT
        await journal.of_parcel(parcel, SURPLUS, {"why": why.value, "state": parcel.state.value})
        return
    # Whatever was read may name somebody, as an identity card does: it is kept as words are.
    code_id = journal.event_id("code", route_id)
    await journal.tx.people.put(Person(id=code_id, instructions=barcode))
    route = await journal.tx.routes.get(route_id)
    data: dict[str, object] = {"why": SurplusWhy.UNKNOWN.value, "code_id": str(code_id)}
    await journal.of_route(route, SURPLUS, data)


async def note_other_route(journal: Journal, route_id: UUID, parcel: Parcel) -> None:
    """Tells of a parcel that is counted in and came with another van than the one that had it."""
    last = (await journal.tx.custody.last_entries([parcel.id])).get(parcel.id)
    if last is None or last.holder.kind is not HolderKind.ROUTE or last.holder.id == route_id:
        return
    if not await _is_route(journal.tx, route_id):
        return
    theirs = await journal.tx.routes.get(last.holder.id)
    data: dict[str, object] = {"why": SurplusWhy.OTHER_ROUTE.value, "route_code": theirs.code}
    await journal.on_route(route_id).of_parcel(parcel, SURPLUS, data)


def list_surplus(told: Iterable[Event]) -> tuple[Surplus, ...]:
    """The surplus parcels of a route by its events, each once, the newest word about it."""
    found: dict[object, Surplus] = {}
    for event in told:
        if event.type != SURPLUS:
            continue
        code_id, route_code = event.data.get("code_id"), event.data.get("route_code")
        is_parcel = event.subject_kind == "parcel"
        surplus = Surplus(
            why=SurplusWhy(str(event.data["why"])),
            at=event.occurred_at,
            parcel_id=event.subject_id if is_parcel else None,
            order_id=event.order_id,
            code_id=UUID(code_id) if isinstance(code_id, str) else None,
            route_code=route_code if isinstance(route_code, str) else None,
        )
        found[surplus.parcel_id or surplus.code_id] = surplus
    return tuple(found.values())


async def _route_of_last_visit(
    tx: DispatchStore, found: tuple[Order, Parcel] | None
) -> UUID | None:
    """Who told that it was handed over has to explain it."""
    if found is None or found[1].state not in HANDED_OVER:
        return None
    closed = [s for s in await tx.routes.list_stops_of_order(found[0].id) if s.closed_at]
    return closed[-1].route_id if closed else None


async def _is_route(tx: DispatchStore, route_id: UUID) -> bool:
    try:
        await tx.routes.get(route_id)
    except NotFoundError:
        return False
    return True
