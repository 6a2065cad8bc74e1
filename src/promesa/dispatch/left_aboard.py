"""What vans have aboard after the visits they made: colectas, and what nobody took.

It takes the room of what they could still be given, until they come back to the depot. An order
that is still to be visited is none of it: whoever visits it counts what he hands over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from promesa.domain.fleet import Load
from promesa.domain.order import Order
from promesa.domain.parcel import ParcelState
from promesa.domain.stop import Stop, StopState

# A damaged parcel stays with the van.
_ABOARD = frozenset({ParcelState.LOADED, ParcelState.IN_TRANSIT, ParcelState.DAMAGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """A visit that is over.

    Attributes:
        is_of_this_trip: Whether its van has not come back to load since.
    """

    stop: Stop
    is_of_this_trip: bool


def left_aboard(
    visits: Iterable[Visited], to_visit: Iterable[UUID], orders: Mapping[UUID, Order]
) -> Mapping[UUID, Load]:
    """By route id: what is aboard of orders that it was the last to visit.

    Args:
        visits: Of all routes.
        to_visit: Orders with an open stop.
        orders: By id.
    """
    last: dict[UUID, tuple[datetime, Visited]] = {}
    for each in visits:
        at, order_id = each.stop.closed_at, each.stop.order_id
        if each.stop.state is not StopState.CLOSED or at is None:
            continue
        if order_id not in last or last[order_id][0] < at:
            last[order_id] = at, each
    found: dict[UUID, Load] = defaultdict(Load)
    for order_id in last.keys() - set(to_visit):
        _, visited = last[order_id]
        if visited.is_of_this_trip:
            loads = [p.load for p in orders[order_id].parcels if p.state in _ABOARD]
            found[visited.stop.route_id] = found[visited.stop.route_id].plus_all(loads)
    return found
