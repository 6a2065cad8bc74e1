"""What happened on a day, one row per order, stop and route; every indicator is made of these.

From nouns and from the event log. What nobody knows stays None: an unknown position is not a
position outside the fence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from promesa.domain.order import Order, OrderState
from promesa.domain.promise import Promise, PromiseFate, judge
from promesa.domain.stop import Outcome, StopType
from promesa.kernel.timewindow import TimeWindow
from promesa.tracking.repository import ArrivalEstimate


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFact:
    """An order that was due, or moved, on the day.

    Attributes:
        promises: Every window told, by version.
        delivered_at: By the device; None when it was not delivered that day.
        on_attempt: The attempt that delivered it.
        is_complete: Whether every parcel was handed over, none damaged.
        was_tried: Whether a van stood at its door that day.
        is_due: Whether its first promise was for that day.
        messages: Told to its recipient that day.
        has_declined: Whether its recipient asked for silence on a channel that day.
        parcels_damaged: Said to be so that day.
        parcels_lost: Given up that day.
    """

    order_id: UUID
    reference: str
    merchant_id: UUID
    state: OrderState
    promises: tuple[Promise, ...]
    delivered_at: datetime | None
    on_attempt: int | None
    is_complete: bool
    was_tried: bool
    is_due: bool
    cod_due_clp: int | None
    cod_collected_clp: int | None
    rating: int | None
    messages: int
    messages_repeated: int
    has_declined: bool = False
    parcels: int = 0
    parcels_damaged: int = 0
    parcels_lost: int = 0

    @property
    def first_promise(self) -> Promise | None:
        """What was told first; it never changes."""
        return self.promises[0] if self.promises else None

    @property
    def fate_of_first(self) -> PromiseFate | None:
        """How the delivery stands to the first promise; None undelivered or without one."""
        if self.first_promise is None or self.delivered_at is None:
            return None
        return judge(self.first_promise, self.delivered_at)

    def is_open(self, at: datetime | None) -> bool:
        """Whether its first promise may still be kept then; never once the day is over."""
        first = self.first_promise
        return (
            at is not None
            and first is not None
            and self.delivered_at is None
            and first.fate is PromiseFate.OPEN
            and at <= first.window.end
        )

    @property
    def was_released(self) -> bool:
        """Whether the recipient or the sender asked for something else."""
        first = self.first_promise
        return first is not None and first.fate is PromiseFate.RELEASED

    @property
    def shown_window(self) -> TimeWindow | None:
        """The narrower window told last before delivery; None when only a day was told."""
        told = [
            promise
            for promise in self.promises[1:]
            if self.delivered_at is None or promise.made_at <= self.delivered_at
        ]
        return told[-1].window if told else None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopFact:
    """A visit of the day.

    Attributes:
        sequence: As the last version planned it; None when it is in none.
        kinds: Of evidence captured.
        away_m: Where the close was told, from the stop's position; None when nobody knows.
        arrived_by: driver or geofence; None when nobody said.
        estimates: Kept of its arrival, by minutes of horizon; empty when none was, or by now.
    """

    stop_id: UUID
    order_id: UUID
    route_id: UUID
    route_code: str
    reference: str
    type: StopType
    outcome: Outcome | None
    reason: str | None
    attempt: int
    sequence: int | None
    planned_arrival: datetime | None
    arrived_at: datetime | None
    closed_at: datetime | None
    kinds: frozenset[str]
    away_m: float | None
    arrived_by: str | None
    estimates: Mapping[int, ArrivalEstimate] = field(default_factory=dict)

    @property
    def was_visited(self) -> bool:
        """Whether it was closed by a driver, well or badly."""
        return self.outcome in {Outcome.SUCCEEDED, Outcome.PARTIAL, Outcome.FAILED}

    @property
    def dwell_s(self) -> int | None:
        """Seconds at the stop; None when arriving or leaving was not told."""
        if self.arrived_at is None or self.closed_at is None:
            return None
        return max(0, int((self.closed_at - self.arrived_at).total_seconds()))


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFact:
    """A route of the day.

    Attributes:
        distance_m: Of the last published version; nobody reads the odometer.
        on_road_s: From leaving to the last close; None when either is missing.
        shift_s: The driver's shift; None without one.
        cost_clp: Fixed, hours on the road and kilometres; None while it is on the road.
        fill: Largest share of the vehicle's three capacities at departure, 0 to 1; None unknown.
        is_closed: Whether each of its stops is closed.
    """

    route_id: UUID
    code: str
    driver_id: UUID
    is_closed: bool
    distance_m: int
    on_road_s: int | None
    shift_s: int | None
    cost_clp: int | None
    fill: float | None
    parcels_loaded: int
    parcels_scanned: int
    parcels_missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFacts:
    """All of a day.

    Attributes:
        at: The moment it is looked at while it goes on; None when it is over.
    """

    date: date
    orders: tuple[OrderFact, ...]
    stops: tuple[StopFact, ...]
    routes: tuple[RouteFact, ...]
    at: datetime | None = None

    def is_under_way(self, route: RouteFact) -> bool:
        """Whether the van is on the road still: what it spends is not yet what it delivers."""
        return self.at is not None and not route.is_closed and route.on_road_s is not None

    @property
    def open_orders(self) -> int:
        """How many promises of the day have no fate yet."""
        return sum(1 for order in self.orders if order.is_due and order.is_open(self.at))


def is_complete(order: Order) -> bool:
    """Whether each parcel is with the recipient, or where the recipient said."""
    return bool(order.parcels) and order.state is OrderState.DELIVERED
