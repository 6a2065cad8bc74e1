"""What taking orders in works with, wired once: clock, ids, geocoder, territory and policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from promesa.domain.actor import Actor
from promesa.domain.events import Event
from promesa.domain.order import Order
from promesa.kernel.clock import Clock
from promesa.kernel.geo import Position
from promesa.kernel.ids import Ids, derived_id
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.orders.drafts import OrderSource
from promesa.orders.geocoding import Coverage, Geocoder, Territory


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakePolicy:
    """How an operator takes orders in.

    Attributes:
        workday_start: What is promised when no window was asked for begins here.
        workday_end: And ends here.
    """

    zone: str = SANTIAGO
    workday_start: time = time(9, 0)
    workday_end: time = time(21, 0)

    def workday(self, day: date) -> TimeWindow:
        """From the first to the last hour of work of ``day``."""
        service_day = ServiceDay(day, self.zone)
        return TimeWindow(
            start=service_day.at(self.workday_start), end=service_day.at(self.workday_end)
        )


class DeliveryDays(Protocol):
    """On which days an operator delivers."""

    def is_open(self, day: date) -> bool:
        """Whether anything is delivered on a day."""
        ...

    def first_day(self, now: datetime) -> date:
        """The first open day that something handed in now is delivered on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The tools of intake; one per tenant and process. Without a coverage no place is outside.

    Attributes:
        days: What a merchant's own system is held to; None where people of the operator decide.
    """

    clock: Clock
    ids: Ids
    geocoder: Geocoder
    policy: IntakePolicy = IntakePolicy()
    territory: Territory | None = None
    coverage: Coverage | None = None
    days: DeliveryDays | None = None

    def today(self) -> date:
        """The service day it is now."""
        return ServiceDay.of(self.clock.now(), self.policy.zone).date

    def day_unsaid(self) -> date:
        """Of an order that names no day: today, or the first that a merchant's may be for."""
        return self.today() if self.days is None else self.days.first_day(self.clock.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """In whose name things happen: who, by which request, by which way."""

    actor: Actor
    request_id: str | None = None
    source: OrderSource = OrderSource.API


def order_event(
    kind: str,
    order: Order,
    *,
    author: Author,
    now: datetime,
    data: dict[str, object] | None = None,
    position: Position | None = None,
    turn: str = "",
) -> Event:
    """A fact about an order; the same fact about the same version has the same id.

    ``turn`` tells apart two facts of one type about one version.
    """
    return Event(
        id=derived_id(order.id, kind, order.version, turn, now.isoformat()),
        type=kind,
        subject_kind="order",
        subject_id=order.id,
        occurred_at=now,
        recorded_at=now,
        actor=author.actor,
        position=position,
        data=data or {},
        request_id=author.request_id,
        order_id=order.id,
    )
