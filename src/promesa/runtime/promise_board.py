"""What quotes read: the coming days of one tenant, kept in memory and moved by what is committed.

One writer, immutable snapshots: a quote asks nothing of the database. What a fact touches is read
from storage after it was committed, so that a kill loses nothing and repeats nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from promesa.domain.events import Event
from promesa.domain.fleet import Depot, Driver, Load, Shift, Vehicle
from promesa.kernel.clock import Clock
from promesa.kernel.errors import UnavailableError
from promesa.kernel.geo import Position
from promesa.kernel.serviceday import ServiceDay
from promesa.orders.loads import largest_load
from promesa.promising.calibration import NO_OUTCOMES, OUTCOMES_FOR, Calibration, Outcome, calibrate
from promesa.promising.coming import WEEKS_MAX, ArrivalBook
from promesa.promising.day_book import BookedStop, DayBook, make_book
from promesa.promising.fleet_outlook import (
    DRIVEN_DAYS,
    FleetHours,
    FleetPast,
    hours_of,
    loads_of,
    outlooks_of,
)
from promesa.promising.offers import OfferTerms
from promesa.promising.quoting import Place, Snapshot, make_snapshot
from promesa.promising.repository import DayOutlook, DrivenWork, DueStop, Reservation, Ways
from promesa.roads.territory import Territory
from promesa.runtime.expected_orders import Serving, read_expected
from promesa.runtime.lead_times import LeadTimes
from promesa.runtime.repository import PlatformStore

# What will still come changes with the clock; a minute of a peak is a hundredth of a day.
OUTLOOKS_GAP = timedelta(minutes=1)
# Routes that end and promises that are kept teach during the day too; facts alone do not bring it.
READ_FOR = timedelta(hours=1)
# Doors of one depot asked for how far off they are.
STEM_DOORS_MAX = 60
_MOVING = ("order.", "promise.", "reservation.")
_REDOING = frozenset(
    {
        "fleet.changed",
        "merchant.changed",
        "promise.terms_changed",
        "demand.overridden",
        "demand.override_withdrawn",
    }
)

# What stands or falls with everything that was read, lead times included.
_ANEW = frozenset({"demand.forecast_made", "demand.history_imported", "demand.history_undone"})

_Key = tuple[UUID, date]


class BoardEmptyError(UnavailableError):
    """The coming days were not read yet."""

    code: ClassVar[str] = "promises_not_ready"
    message = "Todavía se están leyendo los próximos días. Intenta de nuevo en un momento."


@dataclass(slots=True, kw_only=True)
class _Known:
    """What was read, and is changed by the one writer alone."""

    day: date
    terms: OfferTerms
    quote_key: bytes
    depots: tuple[Depot, ...]
    past: FleetPast
    shifts: tuple[Shift, ...]
    drivers: Mapping[UUID, Driver]
    vehicles: Mapping[UUID, Vehicle]
    largest: Load
    archived: frozenset[UUID] = frozenset()
    calibration: Calibration = NO_OUTCOMES
    outcomes: tuple[Outcome, ...] = ()
    books: dict[_Key, DayBook] = field(default_factory=dict)
    places: dict[UUID, _Key] = field(default_factory=dict)


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

    def __init__(self, tenant_id: UUID, ways: Ways, clock: Clock, territory: Territory) -> None:
        self.tenant_id = tenant_id
        self.ways = ways
        self.lead_times = LeadTimes()
        self._clock = clock
        self._territory = territory
        # Places counted in memory whose transaction is still under way.
        self._pending: dict[UUID, Reservation] = {}
        self._known: _Known | None = None
        self._snapshot: Snapshot | None = None
        self._outlooks: list[DayOutlook] = []
        self._outlooks_at: datetime | None = None
        self._read_at: datetime | None = None
        self._loading = asyncio.Lock()

    @property
    def is_current(self) -> bool:
        """Whether today's coming days have been read, and all they rest on within the hour."""
        if self._known is None or self._read_at is None or self._known.day != self._today:
            return False
        return timedelta(0) <= self._clock.now() - self._read_at < READ_FOR

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
        return _nearest(self.depots, position, self.ways) if self.depots else None

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
            self._snapshot = self._make(known)
        return self._snapshot

    async def load(self, tx: PlatformStore) -> None:
        """Reads everything anew; who comes second waits for the first."""
        async with self._loading:
            if self.is_current:
                return
            self._known = await self._read_all(tx)
            self._outlooks_at = self._snapshot = None

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
                    self._put(self._read, reservation_id, None)

    def hold(self, reservation: Reservation) -> bool:
        """Counts a place before its transaction ends; False where it is counted already."""
        known = self._read
        if reservation.id in known.places:
            return False
        self._pending[reservation.id] = reservation
        self._put(known, reservation.id, _held(reservation, known))
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
                known = await self._reread(tx, known)
                self._outlooks_at = self._snapshot = None
            if known is None:
                known = await self._read_all(tx)
                self._outlooks_at = self._snapshot = None
            else:
                await self._apply(tx, known, events)
            self._known = known

    def _serving(self, depots: tuple[Depot, ...], driven: tuple[DrivenWork, ...]) -> Serving:
        return Serving(depots=depots, territory=self._territory, ways=self.ways, driven=driven)

    async def _apply(self, tx: PlatformStore, known: _Known, events: Sequence[Event]) -> None:
        orders = {event.order_id: None for event in events if event.order_id is not None}
        held = [event.subject_id for event in events if event.subject_kind == "reservation"]
        if orders:
            due = {s.order_id: s for s in await tx.promise_history.list_due_of(list(orders))}
            for order_id in orders:
                self._put(known, order_id, self._booked(known, due.get(order_id)))
        if held:
            now = self._clock.now()
            for reservation in await tx.reservations.list_of(held):
                stop = _held(reservation, known) if reservation.is_standing(now) else None
                self._put(known, reservation.id, stop)

    @property
    def _today(self) -> date:
        return ServiceDay.of(self._clock.now()).date

    @property
    def _read(self) -> _Known:
        if self._known is None:
            raise BoardEmptyError
        return self._known

    def _make(self, known: _Known) -> Snapshot:
        pairs = []
        for outlook in self._outlooks:
            key = outlook.depot_id, outlook.date
            book = known.books.get(key) or DayBook(depot_id=key[0], date=key[1])
            pairs.append((book, outlook))
        return make_snapshot(
            terms=known.terms,
            places=_places(known.depots),
            days=pairs,
            calibration=known.calibration,
        )

    def _put(self, known: _Known, stop_id: UUID, put: tuple[_Key, BookedStop] | None) -> None:
        """The stop where it is now, and nowhere else; None takes it away."""
        before = known.places.pop(stop_id, None)
        if before is not None and before in known.books:
            known.books[before] = known.books[before].without(stop_id)
        if put is not None:
            key, stop = put
            book = known.books.get(key) or DayBook(depot_id=key[0], date=key[1])
            known.books[key] = book.with_stop(stop)
            known.places[stop_id] = key
        self._snapshot = None

    def _booked(self, known: _Known, due: DueStop | None) -> tuple[_Key, BookedStop] | None:
        depot_id = self._depot_of(known, due) if due is not None else None
        if due is None or depot_id is None:
            return None
        day = ServiceDay.of(due.window.start, known.terms.zone)
        stop = BookedStop(
            id=due.order_id,
            position=due.position,
            start_s=day.second_of(due.window.start),
            end_s=day.second_of(due.window.end),
            service_s=due.service_s,
            load=_load_of(due.load, known),
        )
        return (depot_id, day.date), stop

    def _depot_of(self, known: _Known, due: DueStop) -> UUID | None:
        """The order's own depot, else the nearest; None where there is no depot at all."""
        if due.depot_id is not None or not known.depots:
            return due.depot_id
        if len(known.depots) == 1 or due.position is None:
            return known.depots[0].id
        return _nearest(known.depots, due.position, self.ways).id

    async def _read_all(self, tx: PlatformStore) -> _Known:
        now, today = self._clock.now(), self._today
        self._read_at, self.lead_times = now, LeadTimes()
        record = await tx.promise_terms.find()
        terms = record.terms if record else OfferTerms()
        depots = tuple(await tx.fleet.list_depots())
        outcomes = tuple(await tx.reservations.list_outcomes(now - OUTCOMES_FOR))
        vehicles = await tx.fleet.list_vehicles()
        known = _Known(
            day=today,
            terms=terms,
            quote_key=await tx.promise_terms.quote_key(),
            depots=depots,
            past=await self._read_past(tx, depots, terms, today),
            shifts=tuple(await tx.promise_history.list_shifts(*_shift_span(today, terms))),
            drivers={driver.id: driver for driver in await tx.fleet.list_drivers()},
            vehicles={vehicle.id: vehicle for vehicle in vehicles},
            largest=largest_load(vehicles),
            archived=await _archived(tx),
            calibration=calibrate(outcomes, terms.zone),
            outcomes=outcomes,
        )
        await self._read_books(tx, known, now)
        known.past = _with_fleet(known, self.ways)
        return known

    async def _reread(self, tx: PlatformStore, known: _Known) -> _Known | None:
        """Fleet and terms as they are now; None where the books are of other days or depots."""
        record = await tx.promise_terms.find()
        terms = record.terms if record else OfferTerms()
        depots = tuple(await tx.fleet.list_depots())
        is_longer = terms.horizon_days > known.terms.horizon_days
        if depots != known.depots or is_longer or known.day != self._today:
            return None
        first, last = _shift_span(known.day, terms)
        known.terms = terms
        vehicles = await tx.fleet.list_vehicles()
        known.vehicles = {vehicle.id: vehicle for vehicle in vehicles}
        known.largest = largest_load(vehicles)
        known.archived = await _archived(tx)
        known.shifts = tuple(await tx.promise_history.list_shifts(first, last))
        known.drivers = {driver.id: driver for driver in await tx.fleet.list_drivers()}
        serving = self._serving(depots, known.past.driven)
        expected = await read_expected(tx, known.day, known.past.arrivals, terms.zone, serving)
        known.past = replace(_with_fleet(known, self.ways), expected=expected)
        return known

    async def _read_past(
        self, tx: PlatformStore, depots: tuple[Depot, ...], terms: OfferTerms, today: date
    ) -> FleetPast:
        first, _ = _shift_span(today, terms)
        history, start = tx.promise_history, ServiceDay(first, terms.zone).start
        arrivals = await history.list_arrivals(
            start, ServiceDay(today, terms.zone).start, terms.zone
        )
        # Days before the first order are no days without orders: the operator was not here yet.
        since = min((row.date for row in arrivals), default=today)
        driven_first = today - timedelta(days=DRIVEN_DAYS)
        book = ArrivalBook.of(arrivals, max(first, since), today, terms.zone)
        driven = tuple(await history.list_driven(driven_first, today - timedelta(days=1)))
        serving = self._serving(depots, driven)
        return FleetPast(
            depots=tuple(depot.id for depot in depots),
            hours={},
            driven=driven,
            arrivals=book,
            expected=await read_expected(tx, today, book, terms.zone, serving),
            usual_load=await history.usual_load(driven_first),
        )

    async def _read_books(self, tx: PlatformStore, known: _Known, now: datetime) -> None:
        zone = known.terms.zone
        start = ServiceDay(known.day, zone).start
        end = ServiceDay(known.day + timedelta(days=known.terms.horizon_days), zone).end
        stops: dict[_Key, list[BookedStop]] = {}
        for due in await tx.promise_history.list_due(start, end):
            put = self._booked(known, due)
            if put is not None:
                stops.setdefault(put[0], []).append(put[1])
        # One that is kept while they are read is in neither of the two that are looked at after.
        pending = dict(self._pending)
        standing = {held.id: held for held in await tx.reservations.list_standing(now)}
        for reservation in (pending | standing | self._pending).values():
            key, stop = _held(reservation, known)
            stops.setdefault(key, []).append(stop)
        for key, several in stops.items():
            known.books[key] = make_book(key[0], key[1], several)
            known.places |= {stop.id: key for stop in several}


async def _archived(tx: PlatformStore) -> frozenset[UUID]:
    merchants = await tx.access.list_merchants()
    return frozenset(merchant.id for merchant in merchants if not merchant.is_active)


def _nearest(depots: Sequence[Depot], position: Position, ways: Ways) -> Depot:
    return min(depots, key=lambda depot: (ways.leg_s(depot.position, position), depot.id))


def _shift_span(today: date, terms: OfferTerms) -> tuple[date, date]:
    """From the weeks that are looked back to until the last day that is offered."""
    return today - timedelta(weeks=WEEKS_MAX + 1), today + timedelta(days=terms.horizon_days)


def _held(reservation: Reservation, known: _Known) -> tuple[_Key, BookedStop]:
    day = ServiceDay(reservation.date, known.terms.zone)
    stop = BookedStop(
        id=reservation.id,
        position=reservation.position,
        start_s=day.second_of(reservation.window.start),
        end_s=day.second_of(reservation.window.end),
        service_s=reservation.service_s,
        load=_load_of(Load(weight_g=reservation.weight_g, volume_ml=reservation.volume_ml), known),
    )
    return (reservation.depot_id, reservation.date), stop


def _load_of(said: Load, known: _Known) -> Load:
    """What was said of an order's parcels; of a usual order where nothing was."""
    usual = known.past.usual_load
    return Load(
        weight_g=said.weight_g or usual.weight_g, volume_ml=said.volume_ml or usual.volume_ml
    )


def _places(depots: Sequence[Depot]) -> list[Place]:
    return [Place(depot_id=depot.id, position=depot.position) for depot in depots]


def _with_fleet(known: _Known, ways: Ways) -> FleetPast:
    loads = loads_of(known.shifts, known.vehicles)
    return replace(known.past, hours=_hours(known, ways), loads=loads)


def _hours(known: _Known, ways: Ways) -> FleetHours:
    """What the shifts serve, less how far each depot's doors are as far as any is known."""
    stems: dict[UUID, float] = {}
    for depot in known.depots:
        doors = [
            stop.position
            for key, book in sorted(known.books.items(), key=lambda item: item[0][1])
            if key[0] == depot.id
            for stop in book.stops.values()
            if stop.position is not None
        ]
        step = max(1, len(doors) // STEM_DOORS_MAX)
        some = doors[::step][:STEM_DOORS_MAX]
        if some:
            stems[depot.id] = sum(ways.leg_s(depot.position, door) for door in some) / len(some)
    return hours_of(known.shifts, known.drivers, stems, known.terms.zone)
