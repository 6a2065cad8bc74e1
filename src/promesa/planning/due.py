"""What is due on a day: which orders may go onto a route, and which a person must look at first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from promesa.domain.leg import Carrier, LegKind
from promesa.domain.order import ORDER, Order, OrderState

# Legs our own vans drive between a depot and a door; the troncal between depots comes later.
_OUR_LEGS = frozenset({LegKind.COLLECTION, LegKind.DELIVERY, LegKind.RETURN})
# These begin or end at the merchant's place, whatever we know of the recipient's door.
_AT_THE_MERCHANT = frozenset({LegKind.COLLECTION, LegKind.RETURN})


@dataclass(frozen=True, slots=True, kw_only=True)
class DueOrders:
    """Orders of a day, sorted out.

    Attributes:
        plannable: May go onto a route now.
        left_for_review: Would, once a person says yes to their position.
    """

    plannable: tuple[Order, ...]
    left_for_review: tuple[Order, ...]


def sort_out(orders: Iterable[Order]) -> DueOrders:
    """Which may be planned and which wait for a person; the others are not due."""
    due = sorted((order for order in orders if is_due(order)), key=lambda order: order.id)
    return DueOrders(
        plannable=tuple(order for order in due if has_sure_place(order)),
        left_for_review=tuple(order for order in due if not has_sure_place(order)),
    )


def is_plannable(order: Order) -> bool:
    """Whether the order may go onto a route now: due, and its place is sure."""
    return is_due(order) and has_sure_place(order)


def is_due(order: Order) -> bool:
    """Whether a leg of the order waits for a route of ours."""
    if order.leg.kind not in _OUR_LEGS or order.leg.carrier is not Carrier.OWN:
        return False
    if order.state is OrderState.RETURNING:
        return order.leg.kind is LegKind.RETURN
    if order.state is OrderState.DRAFT or not order.is_before_the_road:
        return False
    return ORDER.allows(order.state, OrderState.SCHEDULED)


def has_sure_place(order: Order) -> bool:
    """Whether its position may be driven to without asking anybody."""
    if order.leg.kind in _AT_THE_MERCHANT:
        return True
    if order.state is OrderState.ADDRESS_REVIEW:
        return False
    return order.placement is not None and order.placement.is_routable
