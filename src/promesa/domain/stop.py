"""A stop (parada): one visit. Its state and its outcome are two things: closed is not succeeded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from promesa.domain.machine import Machine
from promesa.kernel.geo import Position


class StopType(StrEnum):
    """What the visit is for."""

    DELIVERY = "delivery"
    PICKUP = "pickup"
    RETURN = "return"
    EXCHANGE = "exchange"
    DEPOT = "depot"
    BREAK = "break"


class StopState(StrEnum):
    """How far the visit is."""

    PENDING = "pending"
    NEXT = "next"
    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a closed visit ended."""

    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


# Closed without anybody at the door.
UNVISITED = frozenset({Outcome.SKIPPED, Outcome.CANCELLED})


class StopDoubt(StrEnum):
    """What about a visit waits for a person."""

    CASH_DIFFERS = "cash_differs"
    DELIVERY_DISPUTED = "delivery_disputed"


_S = StopState
STOP = Machine(
    "stop",
    {
        _S.PENDING: frozenset({_S.NEXT, _S.EN_ROUTE, _S.ARRIVED, _S.CLOSED}),
        _S.NEXT: frozenset({_S.PENDING, _S.EN_ROUTE, _S.ARRIVED, _S.CLOSED}),
        _S.EN_ROUTE: frozenset({_S.PENDING, _S.ARRIVED, _S.CLOSED}),
        _S.ARRIVED: frozenset({_S.CLOSED, _S.PENDING}),
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One visit to one order's place on one route; it keeps its id when the route is re-planned.

    Attributes:
        attempt: 1 for the first visit to this order.
        reason: A code of reasons.REASONS, for a stop that failed.
        arrived_at: By the device or by the geofence, whichever came first.
        cod_collected_clp: What the driver says to have received; None when nothing was said.
        doubt: What about the visit nobody has decided yet.
    """

    id: UUID
    order_id: UUID
    route_id: UUID
    type: StopType
    position: Position
    attempt: int = 1
    state: StopState = StopState.PENDING
    outcome: Outcome | None = None
    reason: str | None = None
    arrived_at: datetime | None = None
    closed_at: datetime | None = None
    cod_collected_clp: int | None = None
    doubt: StopDoubt | None = None
