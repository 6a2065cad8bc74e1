"""What promising needs of others: how much a day can carry, what will still come, what is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from promesa.domain.fleet import NO_LOAD, Load, Shift
from promesa.kernel.geo import Position
from promesa.kernel.timewindow import TimeWindow
from promesa.orders.repository import EventRepository
from promesa.promising.alarm import PromiseDay
from promesa.promising.calibration import Outcome
from promesa.promising.coming import PastArrivals
from promesa.promising.odds import NOTHING, Spread
from promesa.promising.offers import OfferTerms
from promesa.promising.usual_work import UsualWork

HALF_HOURS = 48
HALF_HOUR_S = 1_800


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOutlook:
    """What is known of a depot's day before it comes, but for what is promised already.

    Attributes:
        hours_s: Seconds of vans, own and contracted, in each half hour of the day, less
            colaciones and the way to the first stop and back. 48 of them.
        coming: Orders that will still come in for this day and take what they are offered.
        named: All of the day that say their own day, whatever is offered, in already or not.
        named_share: The part of what is promised that does so.
        weight: How many usual orders one of those still to come is: far ones take more.
        hours_basis: How the hours are known: shifts, past_shifts, plan.
        coming_basis: How the coming orders are known: forecast, past_weeks, none.
        weeks: On how many weeks of the past the coming orders rest; 0 for a forecast.
        load: What the vans of the day carry, all trips together; 0 where one of them does not say.
        first_load: The same with one load each.
        reload_s: Vehicle-seconds that all further loads take: loading, and the ways there and out.
        vans: How many are planned; None where nobody counts them.
    """

    depot_id: UUID
    date: date
    hours_s: tuple[float, ...]
    coming: Spread
    usual: UsualWork
    named: Spread = NOTHING
    named_share: float = 0.0
    weight: float = 1.0
    hours_basis: str = "shifts"
    coming_basis: str = "past_weeks"
    weeks: int = 0
    load: Load = NO_LOAD
    first_load: Load = NO_LOAD
    reload_s: float = 0.0
    vans: int | None = None

    @property
    def capacity_s(self) -> float:
        """Vehicle-seconds of the whole day."""
        return sum(self.hours_s)

    def capacity_between(self, start_s: int, end_s: int) -> float:
        """Vehicle-seconds between two seconds of the day."""
        total = 0.0
        for number in range(max(0, start_s // HALF_HOUR_S), HALF_HOURS):
            low, high = number * HALF_HOUR_S, (number + 1) * HALF_HOUR_S
            if low >= end_s:
                break
            inside = min(high, end_s) - max(low, start_s)
            total += self.hours_s[number] * inside / HALF_HOUR_S
        return total


class Ways(Protocol):
    """Road times of a quote, from what was asked of the streets before: microseconds each."""

    def leg_s(self, origin: Position, destination: Position) -> float:
        """Seconds of driving, at the usual speeds of the day around both."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """A place held for an order to come.

    Attributes:
        id: Made of the quote, so that accepting twice is one reservation.
        merchant_id: Whose order may take it; None where an operator accepted.
        work_s: What it takes of the day's vehicle-seconds.
        p_kept: What was stated.
        p_model: The same before calibration.
        released_at: None while it holds its place.
        release_cause: asked or expired; None before.
        parcels, weight_g, volume_ml: What it fills of a van; 0 where nobody said.
        order_id: The order that took it.
    """

    id: UUID
    merchant_id: UUID | None
    depot_id: UUID
    date: date
    window: TimeWindow
    position: Position
    service_s: int
    work_s: int
    p_kept: float
    p_model: float
    price_clp: int
    quoted_at: datetime
    accepted_at: datetime
    expires_at: datetime
    released_at: datetime | None = None
    release_cause: str | None = None
    order_id: UUID | None = None
    parcels: int = 0
    weight_g: int = 0
    volume_ml: int = 0

    def is_standing(self, now: datetime) -> bool:
        """Whether it holds its place and no order has taken it."""
        return self.released_at is None and self.order_id is None and now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPlaces:
    """What somebody holds without an order.

    Attributes:
        count: Of all depots and days.
        work_s: Of one depot's day, as ``load`` is.
    """

    count: int
    work_s: int
    load: Load


class ReservationRepository(Protocol):
    """Reservations of one tenant."""

    async def add(self, reservation: Reservation) -> bool:
        """Keeps a new one; False when the quote was accepted before."""
        ...

    async def find(self, reservation_id: UUID) -> Reservation | None:
        """The reservation, there or not, held against other writers until the transaction ends."""
        ...

    async def save(self, reservation: Reservation) -> None:
        """Replaces it."""
        ...

    async def list_of(self, reservation_ids: Sequence[UUID]) -> list[Reservation]:
        """Those that exist, by id."""
        ...

    async def list_taken(self, order_ids: Sequence[UUID]) -> dict[UUID, Reservation]:
        """Those that these orders took, by order."""
        ...

    async def remove_of(self, order_ids: Sequence[UUID]) -> int:
        """Forgets those that these orders took; returns how many."""
        ...

    async def remove_before(self, instant: datetime) -> int:
        """Forgets those accepted before it that hold nothing any more; returns how many."""
        ...

    async def sum_standing(
        self, merchant_id: UUID | None, now: datetime, *, depot_id: UUID, date: date
    ) -> HeldPlaces:
        """What a merchant holds without an order; None is the operator itself."""
        ...

    async def list_standing(self, now: datetime) -> list[Reservation]:
        """Those that hold a place, by id."""
        ...

    async def list_expired(self, now: datetime) -> list[Reservation]:
        """Those that no order took in time and nobody released yet, by id."""
        ...

    async def list_outcomes(self, since: datetime) -> list[Outcome]:
        """What was stated and what became of it, oldest first, of quotes accepted since then."""
        ...

    async def list_promise_days(
        self, start: datetime, end: datetime, zone: str
    ) -> list[PromiseDay]:
        """First promises on quotes that came due in [start, end), by day of the zone, oldest first.

        One still open counts as not kept: its hours are over. One let go of counts nowhere.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsRecord:
    """A version of an operator's terms of offer; the first that somebody saved is 1."""

    version: int
    terms: OfferTerms
    saved_at: datetime
    saved_by: UUID


class TermsRepository(Protocol):
    """The terms of offer of one tenant."""

    async def quote_key(self) -> bytes:
        """What the tenant's quotes are signed with; never changes."""
        ...

    async def find(self) -> TermsRecord | None:
        """The newest; None until somebody saved them."""
        ...

    async def list_versions(self, *, limit: int) -> list[TermsRecord]:
        """The newest first."""
        ...

    async def lock(self) -> None:
        """Lets nobody else add a version until the transaction ends."""
        ...

    async def add(self, record: TermsRecord) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DueStop:
    """A promise that still has to be kept, as the books of the coming days count it.

    ``load`` is 0 of a measure that its merchant did not say.
    """

    order_id: UUID
    window: TimeWindow
    position: Position | None
    depot_id: UUID | None
    service_s: int
    load: Load = NO_LOAD


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivenWork:
    """What routes of past days took, of one depot.

    Attributes:
        days: On how many days it had routes.
        travel_s: Of all legs between two stops.
        service_s: Of all visits.
    """

    depot_id: UUID
    days: int
    stops: int
    travel_s: int
    service_s: int


class HistoryRepository(Protocol):
    """What the books of the coming days are made of, of one tenant."""

    async def list_due(self, start: datetime, end: datetime) -> list[DueStop]:
        """Promises open in the span that no delivery has kept yet, by order."""
        ...

    async def list_due_of(self, order_ids: Sequence[UUID]) -> list[DueStop]:
        """The same for these orders, whatever their day."""
        ...

    async def list_arrivals(self, start: datetime, end: datetime, zone: str) -> list[PastArrivals]:
        """How orders came in during the span, by date and hour of the zone."""
        ...

    async def list_comunas(self, since: date) -> list[tuple[str, int]]:
        """Comunas with their orders since a date, the commonest first."""
        ...

    async def usual_load(self, since: date) -> Load:
        """Parcels, weight and volume of an order in the mean since a date; 0 where nobody said."""
        ...

    async def list_shifts(self, first: date, last: date) -> list[Shift]:
        """Shifts of the span, by date, start and id."""
        ...

    async def list_driven(self, first: date, last: date) -> list[DrivenWork]:
        """What routes of the span took, by depot; one that had none is left out."""
        ...


class PromisingStore(Protocol):
    """Everything promising reaches in one transaction."""

    @property
    def events(self) -> EventRepository: ...
    @property
    def reservations(self) -> ReservationRepository: ...
    @property
    def promise_terms(self) -> TermsRepository: ...
    @property
    def promise_history(self) -> HistoryRepository: ...
