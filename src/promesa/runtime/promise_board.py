"""What quotes read: the coming days of one tenant, kept in memory and moved by what is committed.

One writer, immutable snapshots: a quote asks nothing of the database. What a fact touches is read
from storage after it was committed, so that a kill loses nothing and repeats nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from promesa.domain.events import Event
from promesa.domain.fleet import Depot, Load
from promesa.kernel.clock import Clock
from promesa.kernel.errors import UnavailableError
from promesa.kernel.geo import Position
from promesa.promising.calibration import Outcome
from promesa.promising.fleet_outlook import outlooks_of
from promesa.promising.quoting import Snapshot
from promesa.promising.repository import DayOutlook, Reservation, Ways
from promesa.runtime.lead_times import LeadTimes
from promesa.runtime.promise_days import Booked, ComingDays, nearest_depot
from promesa.runtime.promise_reading import DaysReader
from promesa.runtime.repository import PlatformStore

# What will still come changes with the clock; a minute of a peak is a hundredth of a day.
OUTLOOKS_GAP = timedelta(minutes=1)
# Routes that end and promises that are kept teach during the day too; facts alone do not bring it.
READ_FOR = timedelta(hours=1)
_MOVING = ("order.", "promise.", "reservation.")
_REDOING = frozenset(
    {
        "fleet.changed",
        "merchant.changed",
        "promise.terms_changed",
        "demand.overridden",
        "demand.override_withdrawn",
        # Days of rest are rows of the calendar.
        "demand.event_saved",
        "demand.event_removed",
        "demand.calendar_brought",
    }
)

# What stands or falls with everything that was read, lead times included.
_ANEW = frozenset({"demand.forecast_made", "demand.history_imported", "demand.history_undone"})


class BoardEmptyError(UnavailableError):
    """The coming days were not read yet."""

    code: ClassVar[str] = "promises_not_ready"
    message = "Todavía se están leyendo los próximos días. Intenta de nuevo en un momento."


class Holding:
    """The board, for who accepts: what it holds is let go of should its transaction fail."""

    def __init__(self, board: PromiseBoard) -> None:
        self.board = board
        self.held: list[UUID] = []

    @property
    def snapshot(self) -> Snapshot:
        """The coming days now, with all that was held until now."""
        return self.board.snapshot

    @property
    def ways(self) -> Ways:
        """Road times."""
        return self.board.ways

    def hold(self, reservation: Reservation) -> None:
        """Counts the place from now on."""
        if self.board.hold(reservation):
            self.held.append(reservation.id)


class PromiseBoard:
    """The coming days of one tenant."""

    def __init__(self, tenant_id: UUID, reader: DaysReader) -> None:
        self.tenant_id = tenant_id
        self.lead_times = LeadTimes()
        self._reader = reader
        self._clock: Clock = reader.clock
        # Places counted in memory whose transaction is still under way.
        self._pending: dict[UUID, Reservation] = {}
        self._known: ComingDays | None = None
        self._snapshot: Snapshot | None = None
        self._outlooks: list[DayOutlook] = []
        self._outlooks_at: datetime | None = None
        self._read_at: datetime | None = None
        self._loading = asyncio.Lock()

    @property
    def is_current(self) -> bool:
        """Whether today's coming days have been read, and all they rest on within the hour."""
        if self._known is None or self._read_at is None or self._known.day != self._reader.today:
            return False
        return timedelta(0) <= self._clock.now() - self._read_at < READ_FOR

    @property
    def ways(self) -> Ways:
        """Road times."""
        return self._reader.ways

    @property
    def quote_key(self) -> bytes:
        """What the tenant's quotes are signed with."""
        return self._read.quote_key

    @property
    def depots(self) -> tuple[Depot, ...]:
        """Where vans leave from, known ones or not."""
        return self._read.depots

    def nearest_depot(self, position: Position) -> Depot | None:
        """By road; None where there is no depot at all."""
        return nearest_depot(self.depots, position, self.ways) if self.depots else None

    @property
    def largest(self) -> Load:
        """The most that one vehicle carries."""
        return self._read.largest

    @property
    def archived(self) -> frozenset[UUID]:
        """Merchants whose orders are not taken any more."""
        return self._read.archived

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What was stated and what became of it, as of this morning."""
        return self._read.outcomes

    @property
    def snapshot(self) -> Snapshot:
        """What a quote reads; made anew when something moved or a minute went by.

        Raises:
            BoardEmptyError: Nothing was read yet.
        """
        known, now = self._read, self._clock.now()
        if self._outlooks_at is None or now - self._outlooks_at >= OUTLOOKS_GAP:
            # A quote of just before the cut-off stands for its minutes.
            first = known.terms.first_day(now - timedelta(minutes=known.terms.quote_min))
            last = known.day + timedelta(days=known.terms.horizon_days)
            days = list(known.terms.delivery_days(first, last))
            self._outlooks = outlooks_of(known.past, known.terms, days, now)
            self._outlooks_at, self._snapshot = now, None
        if self._snapshot is None:
            self._snapshot = known.snapshot_of(self._outlooks)
        return self._snapshot

    async def load(self, tx: PlatformStore) -> None:
        """Reads everything anew; who comes second waits for the first."""
        async with self._loading:
            if self.is_current:
                return
            self._known = await self._read_anew(tx)

    @contextmanager
    def holding(self) -> Iterator[Holding]:
        """What is accepted inside counts at once, for others too; not any more if it fails."""
        holding, is_kept = Holding(self), False
        try:
            yield holding
            is_kept = True
        finally:
            for reservation_id in holding.held:
                self._pending.pop(reservation_id, None)
                if not is_kept:
                    self._put(reservation_id, None)

    def hold(self, reservation: Reservation) -> bool:
        """Counts a place before its transaction ends; False where it is counted already."""
        known = self._read
        if reservation.id in known.places:
            return False
        self._pending[reservation.id] = reservation
        self._put(reservation.id, known.held(reservation))
        return True

    def is_touched_by(self, events: Iterable[Event]) -> bool:
        """Whether any of them moves what quotes read, or what is being read right now."""
        if self._known is None and not self._loading.locked():
            return False
        told = (event.type for event in events)
        return any(kind in _REDOING | _ANEW or kind.startswith(_MOVING) for kind in told)

    async def apply(self, tx: PlatformStore, events: Sequence[Event]) -> None:
        """Reads what the events touched; a change of fleet or terms reads both anew.

        A new forecast or history reads everything anew, as does the first fact after an hour.
        """
        async with self._loading:
            is_over = not self.is_current or any(event.type in _ANEW for event in events)
            known = None if is_over else self._known
            if known is not None and any(event.type in _REDOING for event in events):
                known = await self._reader.reread(tx, known)
                self._outlooks_at = self._snapshot = None
            if known is None:
                known = await self._read_anew(tx)
            else:
                await self._apply(tx, known, events)
            self._known = known

    async def _read_anew(self, tx: PlatformStore) -> ComingDays:
        self._read_at, self.lead_times = self._clock.now(), LeadTimes()
        known = await self._reader.read(tx, self._pending)
        self._outlooks_at = self._snapshot = None
        return known

    async def _apply(self, tx: PlatformStore, known: ComingDays, events: Sequence[Event]) -> None:
        orders = {event.order_id: None for event in events if event.order_id is not None}
        held = [event.subject_id for event in events if event.subject_kind == "reservation"]
        if orders:
            due = {s.order_id: s for s in await tx.promise_history.list_due_of(list(orders))}
            for order_id in orders:
                known.put(order_id, known.due(due.get(order_id), self.ways))
        if held:
            now = self._clock.now()
            for reservation in await tx.reservations.list_of(held):
                stop = known.held(reservation) if reservation.is_standing(now) else None
                known.put(reservation.id, stop)
        self._snapshot = None

    @property
    def _read(self) -> ComingDays:
        if self._known is None:
            raise BoardEmptyError
        return self._known

    def _put(self, stop_id: UUID, booked: Booked | None) -> None:
        self._read.put(stop_id, booked)
        self._snapshot = None
