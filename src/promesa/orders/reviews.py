"""The review queue: positions too uncertain for a route wait here for a person's yes or pin.

The yes keeps its author on the placement, so it shows on the stop; one yes may cover a file.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from promesa.domain.actor import Actor
from promesa.domain.order import Order, OrderState
from promesa.domain.place import PlaceLevel, Placement, PlaceSource
from promesa.kernel.errors import ConflictError, FieldFault, InvalidError
from promesa.kernel.geo import Position
from promesa.orders.addressing import on_map, settled
from promesa.orders.changing import OFF_ROUTE
from promesa.orders.desk import Author, Desk, order_event
from promesa.orders.faults import OrderInvalidError, OrderOnRouteError
from promesa.orders.reading import OrderRecord, get_own_order, records_of
from promesa.orders.repository import OrderFilter, OrdersStore
from promesa.orders.validation import position_fault

# A person looking at the map puts a pin on the house, not on its door.
PIN_UNCERTAINTY_M = 15.0
# What one transaction accepts; a file has at most 50,000 rows, a day in one city far fewer.
BATCH_ORDERS_MAX = 10_000
_PAGE_ORDERS = 500
_UNDER_REVIEW = OrderState.ADDRESS_REVIEW
TAKEN_BACK_CAUSE = "yes_taken_back"
# Once it is over a correction helps nobody.
UNDER_WAY = frozenset(
    {
        OrderState.CONFIRMED,
        OrderState.ADDRESS_REVIEW,
        OrderState.SCHEDULED,
        OrderState.IN_PREPARATION,
        OrderState.READY_FOR_DISPATCH,
        OrderState.OUT_FOR_DELIVERY,
        OrderState.DELIVERY_FAILED,
        OrderState.RESCHEDULED,
    }
)


class CorrectionOpenError(ConflictError):
    """The recipient asked to correct this address, and nobody answered yet."""

    code = "correction_open"
    message = "El destinatario pidió corregir esta dirección: toma lo que pide o déjala como está."


class NothingPlacedError(InvalidError):
    """There is no position to say yes to."""

    code = "nothing_placed"
    message = "No encontramos esta dirección. Pon el pin en el mapa o corrige la dirección."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewScope:
    """Which waiting orders are meant; what is None narrows nothing.

    Attributes:
        order_ids: Chosen one by one, so that each was seen.
        seen_ids: Those of them that are renamed, and that a person compared and chose.
    """

    day: date | None = None
    import_id: UUID | None = None
    order_ids: tuple[UUID, ...] | None = None
    seen_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewQueue:
    """What waits.

    Attributes:
        records: The first ones: those whose recipient asked for a correction, then the others,
            each by date and id.
        total: How many wait in all.
        street_level: How many of them one yes would cover.
        renamed: What it leaves out unless a person chooses it: at street level, and the map writes
            the street otherwise. The first ``limit`` of ``renamed_total``.
        median_uncertainty_m: Of those; None when there are none.
        by_kind: All of them by what is the matter: ``correction``, ``outside``, or the level.
    """

    records: tuple[OrderRecord, ...]
    total: int
    street_level: int
    renamed: tuple[OrderRecord, ...]
    renamed_total: int
    median_uncertainty_m: int | None
    by_kind: dict[str, int]

    @property
    def offer(self) -> str | None:
        """The yes that one button gives, as a sentence."""
        return batch_sentence(self.street_level, self.median_uncertainty_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAcceptance:
    """What one yes covered."""

    accepted: int
    median_uncertainty_m: int | None
    order_ids: tuple[UUID, ...]

    @property
    def sentence(self) -> str | None:
        """What was said yes to."""
        return batch_sentence(self.accepted, self.median_uncertainty_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class YesTakenBack:
    """What became of a yes that was taken back.

    Attributes:
        reopened: How many wait for a look again.
        kept: How many keep the yes, because they went on meanwhile: to a route, mostly.
    """

    reopened: int
    kept: int


async def list_reviews(
    tx: OrdersStore, scope: ReviewScope, *, actor: Actor, limit: int
) -> ReviewQueue:
    """The orders of ``scope`` that wait for a look."""
    corrected = await _all_of(tx, _corrected(scope, actor))
    asked = {order.id for order in corrected}
    under_review = await _waiting(tx, scope, actor)
    waiting = [*corrected, *(order for order in under_review if order.id not in asked)]
    at_street = [order for order in waiting if _is_at(order, PlaceLevel.STREET)]
    covered = [order for order in at_street if not _is_renamed(order)]
    renamed = [order for order in at_street if _is_renamed(order)]
    return ReviewQueue(
        records=tuple(await records_of(tx, waiting[:limit])),
        total=len(waiting),
        street_level=len(covered),
        renamed=tuple(await records_of(tx, renamed[:limit])),
        renamed_total=len(renamed),
        median_uncertainty_m=_median_m(covered),
        by_kind=dict(sorted(Counter(_kind_of(order) for order in waiting).items())),
    )


async def count_reviews(tx: OrdersStore, *, actor: Actor) -> int:
    """How many orders of all days wait for a look: as many as the whole queue."""
    everything = ReviewScope()
    elsewhere = replace(_corrected(everything, actor), states=UNDER_WAY - {_UNDER_REVIEW})
    under_review = _scoped(everything, actor, frozenset({_UNDER_REVIEW}))
    return await tx.orders.count(under_review) + await tx.orders.count(elsewhere)


async def set_pin(
    tx: OrdersStore, order_id: UUID, position: Position, *, desk: Desk, author: Author
) -> Order:
    """Puts an order where a person says it is.

    Raises:
        OrderInvalidError: The position is not in Chile.
        OrderOnRouteError: It is on a route.
    """
    order = await get_own_order(tx, order_id, author.actor)
    if reason := position_fault(position.lon, position.lat):
        raise OrderInvalidError(faults=(FieldFault(field="position", reason=reason),))
    placement = Placement(
        position=position,
        level=PlaceLevel.HOUSE,
        score=1.0,
        uncertainty_m=PIN_UNCERTAINTY_M,
        source=PlaceSource.PERSON,
        comuna=order.comuna,
        confirmed_by=author.actor.id,
    )
    seen = on_map(placement, order.comuna, desk=desk)
    assert seen is not None
    return await _confirm(tx, order, seen, scope="pin", desk=desk, author=author)


async def accept_position(tx: OrdersStore, order_id: UUID, *, desk: Desk, author: Author) -> Order:
    """Says yes to the position an order has; said twice, the first yes stays.

    Raises:
        NothingPlacedError: It has none.
        OrderOnRouteError: It is on a route.
    """
    order = await get_own_order(tx, order_id, author.actor)
    if order.correction_asked_at is not None:
        raise CorrectionOpenError
    if order.placement is None:
        raise NothingPlacedError
    if order.placement.confirmed_by is not None:
        return order
    placement = replace(order.placement, confirmed_by=author.actor.id)
    return await _confirm(tx, order, placement, scope="one", desk=desk, author=author)


async def accept_batch(
    tx: OrdersStore, scope: ReviewScope, *, level: PlaceLevel, desk: Desk, author: Author
) -> BatchAcceptance:
    """One yes for every waiting order of ``scope`` whose position is of ``level``.

    Whose street the map writes otherwise is left out, unless it was chosen by itself.

    Raises:
        InvalidError: The level says too little to drive by: house, given and street do.
    """
    if level not in {PlaceLevel.STREET, PlaceLevel.GIVEN, PlaceLevel.HOUSE}:
        raise InvalidError(
            "Sólo se aceptan en bloque puntos dados y posiciones a nivel calle o número."
        )
    waiting = await _waiting(tx, scope, author.actor)
    seen = {*(scope.order_ids or ()), *scope.seen_ids}
    covered = [
        order
        for order in waiting
        if _is_at(order, level) and (order.id in seen or not _is_renamed(order))
    ]
    word = "file" if scope.import_id else "selection" if scope.order_ids else "day"
    for order in covered:
        assert order.placement is not None
        placement = replace(order.placement, confirmed_by=author.actor.id)
        await _confirm(
            tx, order, placement, scope=f"{word}:{len(covered)}", desk=desk, author=author
        )
    return BatchAcceptance(
        accepted=len(covered),
        median_uncertainty_m=_median_m(covered),
        order_ids=tuple(order.id for order in covered),
    )


async def take_back_yes(
    tx: OrdersStore, order_ids: Sequence[UUID], *, desk: Desk, author: Author
) -> YesTakenBack:
    """Undoes the yes to these positions: they wait for a look again, where they were.

    A pin that a person put, and an order that went on since, stay as they are.

    Raises:
        NotFoundError: One is not there, or not for this actor to know of.
    """
    reopened = 0
    wanted = sorted(set(order_ids))
    for order_id in wanted:
        order = await get_own_order(tx, order_id, author.actor)
        placement = order.placement
        if placement is None or not _is_only_a_yes(order):
            continue
        waits = settled(order, replace(placement, confirmed_by=None))
        if waits.state is not OrderState.ADDRESS_REVIEW:
            continue
        await tx.orders.save(waits)
        await _record_reopened(tx, order_id, desk=desk, author=author)
        reopened += 1
    return YesTakenBack(reopened=reopened, kept=len(wanted) - reopened)


def _is_only_a_yes(order: Order) -> bool:
    """Whether nothing came of it since a person said yes to its position."""
    placement = order.placement
    return (
        order.state is OrderState.CONFIRMED
        and placement is not None
        and placement.confirmed_by is not None
        and placement.source is not PlaceSource.PERSON
    )


async def _record_reopened(tx: OrdersStore, order_id: UUID, *, desk: Desk, author: Author) -> None:
    order = await tx.orders.get(order_id)
    assert order.placement is not None
    data: dict[str, object] = {
        "level": order.placement.level.value,
        "uncertainty_m": round(order.placement.uncertainty_m),
        "cause": TAKEN_BACK_CAUSE,
    }
    if order.placement.is_outside:
        data["is_outside"] = True
    now = desk.clock.now()
    await tx.events.record(
        order_event("order.sent_to_review", order, author=author, now=now, data=data)
    )


def batch_sentence(count: int, median_uncertainty_m: int | None) -> str | None:
    """As ``aceptar 312 direcciones a nivel calle, ±180 m mediana``."""
    if not count:
        return None
    noun = "dirección" if count == 1 else "direcciones"
    return f"aceptar {count} {noun} a nivel calle, ±{median_uncertainty_m} m mediana"


async def _waiting(tx: OrdersStore, scope: ReviewScope, actor: Actor) -> list[Order]:
    """Every waiting order of the scope that the actor may see, by date and id."""
    where = _scoped(scope, actor, frozenset({_UNDER_REVIEW}))
    found = await _all_of(tx, where)
    if scope.order_ids is not None:
        wanted = set(scope.order_ids)
        found = [order for order in found if order.id in wanted]
    return found


def _corrected(scope: ReviewScope, actor: Actor) -> OrderFilter:
    """Orders under way whose recipient asks to correct the address, on a route or not."""
    return replace(_scoped(scope, actor, UNDER_WAY), is_correction_asked=True)


def _scoped(scope: ReviewScope, actor: Actor, states: frozenset[OrderState]) -> OrderFilter:
    return OrderFilter(
        date=scope.day,
        states=states,
        merchant_id=actor.merchant_id,
        import_id=scope.import_id,
    )


async def _all_of(tx: OrdersStore, where: OrderFilter) -> list[Order]:
    found: list[Order] = []
    after: tuple[date, UUID] | None = None
    while len(found) < BATCH_ORDERS_MAX:
        page = await tx.orders.list_page(where, limit=_PAGE_ORDERS, after=after)
        found.extend(page)
        if len(page) < _PAGE_ORDERS:
            break
        after = (page[-1].date, page[-1].id)
    return found


def _is_at(order: Order, level: PlaceLevel) -> bool:
    """Whether a yes for many covers it; outside our map each one is looked at."""
    placement = order.placement
    if placement is None or order.correction_asked_at is not None:
        return False
    return placement.level is level and not placement.is_outside


def _is_renamed(order: Order) -> bool:
    return order.placement is not None and order.placement.is_renamed


def _kind_of(order: Order) -> str:
    """What a person has to look at, one thing an order: the first that matters."""
    if order.correction_asked_at is not None:
        return "correction"
    if order.placement is None:
        return PlaceLevel.NONE.value
    return "outside" if order.placement.is_outside else order.placement.level.value


def _median_m(orders: Sequence[Order]) -> int | None:
    metres = [order.placement.uncertainty_m for order in orders if order.placement is not None]
    return round(statistics.median(metres)) if metres else None


async def _confirm(
    tx: OrdersStore,
    order: Order,
    placement: Placement,
    *,
    scope: str,
    desk: Desk,
    author: Author,
) -> Order:
    if order.correction_asked_at is not None:
        raise CorrectionOpenError
    if order.state not in OFF_ROUTE:
        raise OrderOnRouteError(state=order.state.value)
    await tx.orders.save(settled(order, placement))
    confirmed = await tx.orders.get(order.id)
    now = desk.clock.now()
    data: dict[str, object] = {"uncertainty_m": round(placement.uncertainty_m), "scope": scope}
    await tx.events.record(
        order_event("order.address_confirmed", confirmed, author=author, now=now, data=data)
    )
    if placement.source is PlaceSource.PERSON:
        told: dict[str, object] = {
            "level": placement.level.value,
            "uncertainty_m": round(placement.uncertainty_m),
            "source": placement.source.value,
        }
        await tx.events.record(
            order_event("order.placed_on_map", confirmed, author=author, now=now, data=told)
        )
    return confirmed
