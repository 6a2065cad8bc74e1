"""From an address to a position, by a chain: given, learnt, the city's index, an outside service.

Every position carries its level, score and uncertainty; what is too uncertain goes to review and
onto no route. Events carry the level and metres, never the address.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from promesa.domain.order import ORDER, Order, OrderState
from promesa.domain.place import PlaceLevel, Placement, PlaceSource
from promesa.kernel.geo import Position
from promesa.orders.desk import Author, Desk, order_event
from promesa.orders.door_points import DoorStore, find_learnt_placement
from promesa.orders.geocoding import AddressQuery, Territory
from promesa.orders.repository import EventRepository
from promesa.orders.text import words_of

# A pin that a sender's system put, as good as the pin: a house front.
GIVEN_UNCERTAINTY_M = 30.0
# Where the pin contradicts the comuna one of them is wrong, and we do not know which.
CONTRADICTED_UNCERTAINTY_M = 2_000.0
CONTRADICTED_SCORE = 0.2
# The published borders of comunas are simplified one by one: tolerate about 300 m.
BORDER_TOLERANCE_DEG = 0.003
# One degree of latitude; the last decimal that was written bounds what the pin can mean.
METRES_PER_DEGREE = 111_195.0
DECIMALS_MAX = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorQuery:
    """What is known of where an order goes."""

    address: str | None
    comuna: str | None = None
    given: Position | None = None


class AddressStore(DoorStore, Protocol):
    """What addressing needs kept."""

    @property
    def events(self) -> EventRepository: ...


async def find_placement(tx: DoorStore, query: DoorQuery, *, desk: Desk) -> Placement | None:
    """The best placement the chain has; None when nothing is known of the address."""
    return on_map(await _best_placement(tx, query, desk=desk), query.comuna, desk=desk)


def on_map(placement: Placement | None, comuna: str | None, *, desk: Desk) -> Placement | None:
    """The placement, marked when our map does not reach it or lacks the comuna told."""
    if placement is None or desk.coverage is None:
        return placement
    told = comuna or placement.comuna
    return replace(placement, is_outside=not desk.coverage.covers(placement.position, told))


async def _best_placement(tx: DoorStore, query: DoorQuery, *, desk: Desk) -> Placement | None:
    if query.given is not None:
        return given_placement(query.given, query.comuna, desk.territory)
    if not query.address:
        return None
    learnt = await find_learnt_placement(tx, query.address, query.comuna)
    if learnt and learnt.is_routable:
        return learnt
    found = await desk.geocoder.locate(AddressQuery(line=query.address, comuna=query.comuna))
    if found and found.comuna and query.comuna is None:
        learnt = await find_learnt_placement(tx, query.address, found.comuna)
    known = [learnt, _doubted(found, query.comuna, desk.territory)]
    return min(
        (placement for placement in known if placement is not None),
        key=lambda placement: placement.uncertainty_m,
        default=None,
    )


def _doubted(
    found: Placement | None, comuna: str | None, territory: Territory | None
) -> Placement | None:
    """An outside service's answer counts for little where it lies in another comuna."""
    if found is None or found.source is not PlaceSource.EXTERNAL or not comuna or not territory:
        return found
    if _lies_in(found.position, comuna, territory):
        return found
    uncertainty_m = max(found.uncertainty_m, CONTRADICTED_UNCERTAINTY_M)
    return replace(found, score=CONTRADICTED_SCORE, uncertainty_m=uncertainty_m)


def given_placement(
    position: Position, comuna: str | None, territory: Territory | None
) -> Placement:
    """A pin that came with the order, doubted when it lies in another comuna than the one told."""
    uncertainty_m = max(GIVEN_UNCERTAINTY_M, _rounding_m(position))
    placement = Placement(
        position=position,
        level=PlaceLevel.GIVEN,
        score=1.0,
        uncertainty_m=uncertainty_m,
        source=PlaceSource.GIVEN,
        comuna=comuna or (territory.comuna_of(position) if territory else None),
    )
    if comuna and territory and not _lies_in(position, comuna, territory):
        return replace(
            placement, score=CONTRADICTED_SCORE, uncertainty_m=CONTRADICTED_UNCERTAINTY_M
        )
    return placement


def _rounding_m(position: Position) -> float:
    """Half of what the last written decimal means on the ground."""
    decimals = max(_decimals(position.lon), _decimals(position.lat))
    return float(METRES_PER_DEGREE * 10**-decimals / 2)


def _decimals(degrees: float) -> int:
    return len(f"{degrees:.{DECIMALS_MAX}f}".rstrip("0").partition(".")[2])


def _lies_in(position: Position, comuna: str, territory: Territory) -> bool:
    """Whether it lies in the comuna, or a short way from its border; unknown counts as yes."""
    steps = (0.0, BORDER_TOLERANCE_DEG, -BORDER_TOLERANCE_DEG)
    around = [
        territory.comuna_of(Position(lon=position.lon + east, lat=position.lat + north))
        for east in steps
        for north in steps
    ]
    names = [words_of(name) for name in around if name is not None]
    return not names or words_of(comuna) in names


def settled(order: Order, placement: Placement | None) -> Order:
    """The order with its placement and the state that follows: on the map, or in review."""
    comuna = order.comuna or (placement.comuna if placement else None)
    moved = replace(order, placement=placement, comuna=comuna)
    if placement is None or not placement.is_routable:
        return _in_state(moved, OrderState.ADDRESS_REVIEW)
    if order.state is OrderState.RESCHEDULED:
        return moved
    return _in_state(moved, OrderState.CONFIRMED)


def _in_state(order: Order, state: OrderState) -> Order:
    if order.state is state:
        return order
    return replace(order, state=ORDER.step(order.state, state))


async def record_placement(tx: AddressStore, order: Order, *, desk: Desk, author: Author) -> None:
    """Records where the order is now, and that it waits for review when it does."""
    now, placement = desk.clock.now(), order.placement
    data: dict[str, object] = {
        "level": placement.level.value if placement else PlaceLevel.NONE.value,
        "uncertainty_m": round(placement.uncertainty_m) if placement else None,
    }
    if placement is not None and placement.is_outside:
        data["is_outside"] = True
    if placement is not None:
        told = {**data, "source": placement.source.value}
        await tx.events.record(
            order_event("order.placed_on_map", order, author=author, now=now, data=told)
        )
    if order.state is OrderState.ADDRESS_REVIEW:
        await tx.events.record(
            order_event("order.sent_to_review", order, author=author, now=now, data=data)
        )
