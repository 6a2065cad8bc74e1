"""An order (pedido): what a merchant asked us to bring to a recipient."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from promesa.domain.fleet import Load
from promesa.domain.leg import Leg, LegKind
from promesa.domain.machine import Machine
from promesa.domain.parcel import GONE, Item, Parcel
from promesa.domain.place import Placement
from promesa.kernel.timewindow import TimeWindow

# Ringing, going up and getting a signature: 3 to 5 minutes in the measured metropolitan day.
SERVICE_TIME_S_DEFAULT = 180


class OrderState(StrEnum):
    """Where in its life an order is; the dictionary has the Spanish labels."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    ADDRESS_REVIEW = "address_review"
    SCHEDULED = "scheduled"
    IN_PREPARATION = "in_preparation"
    READY_FOR_DISPATCH = "ready_for_dispatch"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    PARTIALLY_DELIVERED = "partially_delivered"
    DELIVERY_FAILED = "delivery_failed"
    RESCHEDULED = "rescheduled"
    READY_FOR_PICKUP = "ready_for_pickup"
    RETURNING = "returning"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    LOST = "lost"


_S = OrderState
_BEFORE_THE_ROAD = frozenset(
    {_S.CONFIRMED, _S.ADDRESS_REVIEW, _S.SCHEDULED, _S.IN_PREPARATION, _S.READY_FOR_DISPATCH}
)
_AWAY = frozenset({_S.CANCELLED, _S.LOST, _S.RETURNING})

ORDER = Machine(
    "order",
    {
        _S.DRAFT: frozenset({_S.CONFIRMED, _S.ADDRESS_REVIEW, _S.CANCELLED}),
        _S.CONFIRMED: frozenset({_S.ADDRESS_REVIEW, _S.SCHEDULED, _S.RESCHEDULED}) | _AWAY,
        _S.ADDRESS_REVIEW: frozenset({_S.CONFIRMED, _S.SCHEDULED}) | _AWAY,
        _S.SCHEDULED: frozenset(
            {
                _S.CONFIRMED,
                _S.ADDRESS_REVIEW,
                _S.IN_PREPARATION,
                _S.READY_FOR_DISPATCH,
                _S.OUT_FOR_DELIVERY,
                _S.RESCHEDULED,
            }
        )
        | _AWAY,
        _S.IN_PREPARATION: frozenset({_S.READY_FOR_DISPATCH, _S.SCHEDULED, _S.OUT_FOR_DELIVERY})
        | _AWAY,
        _S.READY_FOR_DISPATCH: frozenset(
            {_S.OUT_FOR_DELIVERY, _S.SCHEDULED, _S.RESCHEDULED, _S.DELIVERY_FAILED}
        )
        | _AWAY,
        _S.OUT_FOR_DELIVERY: frozenset(
            {
                _S.DELIVERED,
                _S.PARTIALLY_DELIVERED,
                _S.DELIVERY_FAILED,
                _S.RESCHEDULED,
                _S.RETURNED,
                _S.SCHEDULED,
            }
        )
        | _AWAY,
        _S.PARTIALLY_DELIVERED: frozenset({_S.RESCHEDULED, _S.RETURNING, _S.LOST}),
        _S.DELIVERY_FAILED: frozenset({_S.RESCHEDULED, _S.READY_FOR_PICKUP}) | _AWAY,
        _S.RESCHEDULED: frozenset({_S.SCHEDULED, _S.ADDRESS_REVIEW, _S.RESCHEDULED}) | _AWAY,
        _S.READY_FOR_PICKUP: frozenset({_S.DELIVERED, _S.RETURNING}),
        _S.RETURNING: frozenset({_S.OUT_FOR_DELIVERY, _S.RETURNED, _S.LOST}),
        _S.DELIVERED: frozenset({_S.RETURNING}),
    },
)
# Nothing of it is carried any more, so its labels may be used again.
ORDER_OVER = frozenset({_S.DELIVERED, _S.RETURNED, _S.CANCELLED, _S.LOST})


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTerms:
    """What a plan must keep of an order besides its window, its load and its skills.

    Attributes:
        bond: A word that orders of a day share: one van makes all their visits in one trip, or
            none.
        bond_rank: Which of them comes first; None where any order does.
        leave_out_price_clp: What not serving it that day costs; None for what any order does.
        only_vehicle: Code of the one vehicle that may take it.
        never_vehicles: Codes of vehicles that must not.
    """

    bond: str | None = None
    bond_rank: int | None = None
    leave_out_price_clp: int | None = None
    only_vehicle: str | None = None
    never_vehicles: frozenset[str] = frozenset()


NO_TERMS = RouteTerms()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to bring, to whom (by person id), where, when and how.

    Attributes:
        reference: The merchant's own number, unique per merchant.
        date: Service date it is meant for.
        windows: When it may be delivered; empty means any time of the day.
        recipient_id: Key into the people store, where name, phone and address line are.
        placement: Where the door is; None until an address is found.
        skills: What the vehicle must be able to do.
        cod_clp: Cash on delivery; None when nothing is to be paid.
        requires_pin: Whether the receiver must tell a code.
        attempts: Closed delivery attempts so far.
        product_class: What sort of goods it is, in small letters; it parts the series of demand.
        tags: Columns we do not know, kept as they came; never personal.
        legs: The way, in order; the current one is ``legs[leg_index]``.
        correction_asked_at: When the recipient asked to correct the address; None when that was
            answered, or never asked.
    """

    id: UUID
    merchant_id: UUID
    reference: str
    state: OrderState
    date: date
    recipient_id: UUID
    comuna: str | None
    placement: Placement | None = None
    windows: tuple[TimeWindow, ...] = ()
    service_time_s: int = SERVICE_TIME_S_DEFAULT
    skills: frozenset[str] = frozenset()
    terms: RouteTerms = NO_TERMS
    cod_clp: int | None = None
    requires_pin: bool = False
    depot_id: UUID | None = None
    parcels: tuple[Parcel, ...] = ()
    items: tuple[Item, ...] = ()
    product_class: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    legs: tuple[Leg, ...] = (Leg(kind=LegKind.DELIVERY),)
    leg_index: int = 0
    attempts: int = 0
    version: int = 1
    correction_asked_at: datetime | None = None

    @property
    def load(self) -> Load:
        """What its parcels take of a vehicle together."""
        return sum((parcel.load for parcel in self.parcels), Load())

    @property
    def leg(self) -> Leg:
        """The leg it is on."""
        return self.legs[self.leg_index]

    @property
    def is_left_behind(self) -> bool:
        """Whether no van has anything of it: every parcel was declared missing."""
        return bool(self.parcels) and all(parcel.state in GONE for parcel in self.parcels)

    @property
    def is_before_the_road(self) -> bool:
        """Whether it still waits for a route to start."""
        return self.state in _BEFORE_THE_ROAD | {_S.RESCHEDULED, _S.DRAFT}
