"""The coming days of one tenant as they are in memory: what was read, and where each stop is.

Nothing here reads storage. The one writer of the board changes it, in place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from promesa.domain.fleet import Depot, Driver, Load, Shift, Vehicle
from promesa.kernel.geo import Position
from promesa.kernel.serviceday import ServiceDay
from promesa.promising.calibration import NO_OUTCOMES, Calibration, Outcome
from promesa.promising.day_book import BookedStop, DayBook, make_book
from promesa.promising.fleet_outlook import FleetPast, hours_of, loads_of, vans_of
from promesa.promising.offers import OfferTerms
from promesa.promising.quoting import Place, Snapshot, make_snapshot
from promesa.promising.repository import DayOutlook, DueStop, Reservation, Ways
from promesa.promising.shift_days import ShiftDay, open_depots

# Doors of one depot asked for how far off they are.
STEM_DOORS_MAX = 60

DayKey = tuple[UUID, date]
Booked = tuple[DayKey, BookedStop]


@dataclass(slots=True, kw_only=True)
class ComingDays:
    """What was read, and is changed by the one writer alone.

    Attributes:
        day: On which it was read.
        shift_days: Days of depots that one of ``shifts`` is of.
        able: Depots with vans on a day, of days that were asked for.
        places: The book that each stop is in.
    """

    day: date
    terms: OfferTerms
    quote_key: bytes
    depots: tuple[Depot, ...]
    past: FleetPast
    shifts: tuple[Shift, ...]
    shift_days: frozenset[ShiftDay]
    drivers: Mapping[UUID, Driver]
    vehicles: Mapping[UUID, Vehicle]
    largest: Load
    archived: frozenset[UUID] = frozenset()
    calibration: Calibration = NO_OUTCOMES
    outcomes: tuple[Outcome, ...] = ()
    books: dict[DayKey, DayBook] = field(default_factory=dict)
    places: dict[UUID, DayKey] = field(default_factory=dict)
    able: dict[date, tuple[Depot, ...]] = field(default_factory=dict)

    def put(self, stop_id: UUID, booked: Booked | None) -> None:
        """The stop where it is now, and nowhere else; None takes it away."""
        before = self.places.pop(stop_id, None)
        if before is not None and before in self.books:
            self.books[before] = self.books[before].without(stop_id)
        if booked is not None:
            key, stop = booked
            book = self.books.get(key) or DayBook(depot_id=key[0], date=key[1])
            self.books[key] = book.with_stop(stop)
            self.places[stop_id] = key

    def put_all(self, several: Sequence[Booked]) -> None:
        """Stops of books that nothing was in yet."""
        by_day: dict[DayKey, list[BookedStop]] = {}
        for key, stop in several:
            by_day.setdefault(key, []).append(stop)
        for key, stops in by_day.items():
            self.books[key] = make_book(key[0], key[1], stops)
            self.places |= {stop.id: key for stop in stops}

    def due(self, due: DueStop | None, ways: Ways) -> Booked | None:
        """A promise as a stop of its day; None where no depot serves it, or nothing is due."""
        if due is None:
            return None
        day = ServiceDay.of(due.window.start, self.terms.zone)
        depot_id = self._depot_of(due, day.date, ways)
        if depot_id is None:
            return None
        stop = BookedStop(
            id=due.order_id,
            position=due.position,
            start_s=day.second_of(due.window.start),
            end_s=day.second_of(due.window.end),
            service_s=due.service_s,
            load=self._load_of(due.load),
            is_named=due.is_named,
        )
        return (depot_id, day.date), stop

    def held(self, reservation: Reservation) -> Booked:
        """A place that is held as a stop of its day."""
        day = ServiceDay(reservation.date, self.terms.zone)
        stop = BookedStop(
            id=reservation.id,
            position=reservation.position,
            start_s=day.second_of(reservation.window.start),
            end_s=day.second_of(reservation.window.end),
            service_s=reservation.service_s,
            load=self._load_of(
                Load(
                    parcels=reservation.parcels,
                    weight_g=reservation.weight_g,
                    volume_ml=reservation.volume_ml,
                )
            ),
        )
        return (reservation.depot_id, reservation.date), stop

    def closed(self) -> dict[DayKey, int]:
        """How many are promised for each date that is closed, of each depot."""
        last = self.day + timedelta(days=self.terms.horizon_days)
        keys = [
            (depot.id, day)
            for day in sorted(self.terms.closed)
            if self.day <= day <= last
            for depot in self.depots
        ]
        return {key: len(self.books[key]) if key in self.books else 0 for key in keys}

    def fleet_past(self, ways: Ways) -> FleetPast:
        """What is past, with the hours, loads and number of the vans that are known now."""
        stems = self._stems(ways)
        return replace(
            self.past,
            hours=hours_of(self.shifts, self.drivers, stems, self.terms.zone),
            loads=loads_of(self.shifts, self.vehicles, stems),
            vans=vans_of(self.shifts),
        )

    def snapshot_of(self, outlooks: Sequence[DayOutlook]) -> Snapshot:
        """What a quote reads."""
        pairs = []
        for outlook in outlooks:
            key = outlook.depot_id, outlook.date
            book = self.books.get(key) or DayBook(depot_id=key[0], date=key[1])
            pairs.append((book, outlook))
        return make_snapshot(
            terms=self.terms,
            places=[Place(depot_id=depot.id, position=depot.position) for depot in self.depots],
            days=pairs,
            calibration=self.calibration,
        )

    def _depot_of(self, due: DueStop, day: date, ways: Ways) -> UUID | None:
        """The order's own depot, else the nearest with vans that day, as quotes are for.

        None where there is no depot at all.
        """
        if due.depot_id is not None or not self.depots:
            return due.depot_id
        able = self._able(day)
        if len(able) == 1 or due.position is None:
            return able[0].id
        return nearest_depot(able, due.position, ways).id

    def _able(self, day: date) -> Sequence[Depot]:
        """Depots with vans that day; all of them where none has any."""
        if day not in self.able:
            known = open_depots((depot.id for depot in self.depots), [day], self.shift_days)
            some = tuple(depot for depot in self.depots if depot.id in known)
            self.able[day] = some or self.depots
        return self.able[day]

    def _load_of(self, said: Load) -> Load:
        """What was said of an order's parcels; of a usual order where nothing was."""
        usual = self.past.usual_load
        return Load(
            parcels=said.parcels or max(1, usual.parcels),
            weight_g=said.weight_g or usual.weight_g,
            volume_ml=said.volume_ml or usual.volume_ml,
        )

    def _stems(self, ways: Ways) -> dict[UUID, float]:
        """How far each depot's doors are, as far as any is known."""
        stems: dict[UUID, float] = {}
        for depot in self.depots:
            doors = [
                stop.position
                for key, book in sorted(self.books.items(), key=lambda item: item[0][1])
                if key[0] == depot.id
                for stop in book.stops.values()
                if stop.position is not None
            ]
            step = max(1, len(doors) // STEM_DOORS_MAX)
            some = doors[::step][:STEM_DOORS_MAX]
            if some:
                stems[depot.id] = sum(ways.leg_s(depot.position, door) for door in some) / len(some)
        return stems


def nearest_depot(depots: Sequence[Depot], position: Position, ways: Ways) -> Depot:
    """By road."""
    return min(depots, key=lambda depot: (ways.leg_s(depot.position, position), depot.id))
