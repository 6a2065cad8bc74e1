"""Where deliveries to an address really happened, learnt one proof at a time.

A phone's fix at the door errs by tens of metres and now and then by a block, so a new one moves
the point by a share that shrinks and is never pulled further than a few times what we already
doubt: a running estimate that a stray fix cannot drag away, as a median cannot be.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from promesa.domain.order import Order
from promesa.domain.place import PlaceLevel, Placement, PlaceSource
from promesa.kernel.geo import Position, between, distance_m
from promesa.orders.address_key import address_key
from promesa.orders.repository import DoorPoint, DoorPointRepository, PeopleRepository

# One fix at one door: a phone between buildings (van Diggelen and Enge 2015 measured 4.9 m in
# the open; between facades 5 to 10 times that), plus the pavement where the driver stands.
FIRST_UNCERTAINTY_M = 60.0
UNCERTAINTY_M_MIN = 15.0
UNCERTAINTY_M_CEILING = 400.0
# The uncertainty holds the door nine times of ten, so it tracks the 0.9 quantile of distances.
QUANTILE = 0.9
# A fix further than this many uncertainties counts as being exactly that far.
PULL_MAX = 3.0
# After this many deliveries old ones fade, so that a door that moved is found again.
MEMORY_DELIVERIES = 20


class DoorStore(Protocol):
    """What learning needs kept."""

    @property
    def people(self) -> PeopleRepository: ...
    @property
    def door_points(self) -> DoorPointRepository: ...


async def learn_door_point(tx: DoorStore, order: Order, position: Position) -> DoorPoint | None:
    """Remembers that a delivery to the order's address happened at ``position``.

    Returns:
        The point as it is now known; None when the order has no address line.
    """
    person = await tx.people.get(order.recipient_id)
    if not person.address_line:
        return None
    key = address_key(person.address_line, order.comuna, salt=await tx.door_points.salt())
    known = await tx.door_points.find(key)
    point = refined(known, position) if known else _first(key, position)
    await tx.door_points.put(point)
    return point


async def find_learnt_placement(tx: DoorStore, line: str, comuna: str | None) -> Placement | None:
    """Where past deliveries to this address happened."""
    salt = await tx.door_points.salt()
    point = await tx.door_points.find(address_key(line, comuna, salt=salt))
    if point is None:
        return None
    return Placement(
        position=point.position,
        level=PlaceLevel.HOUSE,
        score=point.deliveries / (point.deliveries + 1),
        uncertainty_m=point.uncertainty_m,
        source=PlaceSource.LEARNT,
        comuna=comuna,
    )


def refined(point: DoorPoint, position: Position) -> DoorPoint:
    """The point after one more delivery at ``position``."""
    gap_m = distance_m(point.position, position)
    share = 1 / (min(point.deliveries, MEMORY_DELIVERIES) + 1)
    reach_m = PULL_MAX * point.uncertainty_m
    pull = share * min(1.0, reach_m / gap_m) if gap_m > 0 else 0.0
    return replace(
        point,
        position=between(point.position, position, pull),
        uncertainty_m=_next_uncertainty_m(point, gap_m, share),
        deliveries=point.deliveries + 1,
    )


def _next_uncertainty_m(point: DoorPoint, gap_m: float, share: float) -> float:
    """One step of Robbins and Monro (1951, doi 10.1214/aoms/1177729586) to the 0.9 quantile."""
    step_m = 2 * point.uncertainty_m * share
    gain = QUANTILE if gap_m > point.uncertainty_m else QUANTILE - 1
    moved_m = point.uncertainty_m + step_m * gain
    return min(UNCERTAINTY_M_CEILING, max(UNCERTAINTY_M_MIN, moved_m))


def _first(key: bytes, position: Position) -> DoorPoint:
    return DoorPoint(
        address_key=key, position=position, uncertainty_m=FIRST_UNCERTAINTY_M, deliveries=1
    )
