"""The cash of a route: what was due, what its driver told, and what the warehouse counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from promesa.domain.order import Order
from promesa.domain.route import Route
from promesa.domain.stop import Outcome, Stop, StopType

_HANDED_OVER = frozenset({Outcome.SUCCEEDED, Outcome.PARTIAL})
_AT_SELLER = frozenset({StopType.PICKUP, StopType.RETURN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cash:
    """Chilean pesos.

    Attributes:
        due_clp: Of every delivery that was made.
        told_clp: What the driver said to have received; what was due where nobody said otherwise.
        settled_clp: The part of ``told_clp`` that somebody counted already.
        counted_clp: What was found then; None before anybody counted.
    """

    due_clp: int
    told_clp: int
    settled_clp: int
    counted_clp: int | None

    @property
    def to_count_clp(self) -> int:
        """What the warehouse should find when it counts now."""
        return self.told_clp - self.settled_clp

    @property
    def difference_clp(self) -> int | None:
        """Found less told, of what was counted; negative when it fell short."""
        return None if self.counted_clp is None else self.counted_clp - self.settled_clp


def is_handed_over(stop: Stop) -> bool:
    """Whether something was left at a recipient's door, so that cash may have been paid."""
    return stop.outcome in _HANDED_OVER and stop.type not in _AT_SELLER


def cash_of(route: Route, stops: Iterable[Stop], orders: Iterable[Order]) -> Cash:
    """The cash of a route's visits."""
    due_clp = {order.id: order.cod_clp or 0 for order in orders}
    made = [stop for stop in stops if is_handed_over(stop)]
    return Cash(
        due_clp=sum(due_clp.get(stop.order_id, 0) for stop in made),
        told_clp=sum(
            due_clp.get(stop.order_id, 0)
            if stop.cod_collected_clp is None
            else stop.cod_collected_clp
            for stop in made
        ),
        settled_clp=route.cash_told_clp or 0,
        counted_clp=route.cash_counted_clp,
    )
