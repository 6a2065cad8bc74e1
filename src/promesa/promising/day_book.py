"""What is promised for a depot's day, as an immutable book with an index of its doors.

A change makes a new book that shares what stayed, so that who quotes reads one state to its end.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from promesa.domain.fleet import NO_LOAD, Load
from promesa.kernel.geo import EARTH_RADIUS_M, Position

# Some 300 m in Santiago: 5,000 stops in one district alone are thirty to a cell.
CELL_DEGREES = 0.003
# Cells looked at around a door, in rings: ten are 3 km, beyond which a stop is no neighbour.
RINGS_MAX = 10
# A quote looks at so many around its door, of which each window may be visited with some.
NEAR_MAX = 12

# A book of so few stops is read whole: quicker than to look for its cells.
_FEW_STOPS = 60

Cell = tuple[int, int]
Span = tuple[int, int]

# Offsets of the cells at each distance from the one in the middle.
_RINGS = [
    [
        (east, north)
        for east in range(-ring, ring + 1)
        for north in range(-ring, ring + 1)
        if max(abs(east), abs(north)) == ring
    ]
    for ring in range(RINGS_MAX + 1)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedStop:
    """A visit that is promised, or held.

    Attributes:
        id: Of its order, or of its reservation.
        position: None where nobody knows its door yet: it takes time, and is nobody's neighbour.
        start_s: Of its window, seconds since the service day began.
        end_s: The same of its end.
        load: Of its parcels.
        is_named: Whether it came in for this day by its own word, whatever would be offered.
    """

    id: UUID
    position: Position | None
    start_s: int
    end_s: int
    service_s: int
    load: Load = NO_LOAD
    is_named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBook:
    """The promises of one depot and day.

    Attributes:
        stops: By id.
        cells: Those with a position, by the square they are in.
        spans: How many stops and what seconds at doors each window has.
        service_s: Seconds at doors of all.
        load: Of all parcels.
        named: How many of the stops came in for the day by their own word.
    """

    depot_id: UUID
    date: date
    stops: Mapping[UUID, BookedStop] = field(default_factory=dict)
    cells: Mapping[Cell, tuple[BookedStop, ...]] = field(default_factory=dict)
    spans: Mapping[Span, tuple[int, int]] = field(default_factory=dict)
    service_s: int = 0
    load: Load = NO_LOAD
    named: int = 0

    def __len__(self) -> int:
        return len(self.stops)

    def with_stop(self, stop: BookedStop) -> DayBook:
        """The book with the stop, in the place of one with its id."""
        book = self.without(stop.id)
        cells = dict(book.cells)
        if stop.position is not None:
            cell = cell_of(stop.position)
            cells[cell] = (*cells.get(cell, ()), stop)
        return DayBook(
            depot_id=self.depot_id,
            date=self.date,
            stops={**book.stops, stop.id: stop},
            cells=cells,
            spans={**book.spans, _span(stop): _counted(book.spans, stop, 1)},
            service_s=book.service_s + stop.service_s,
            load=book.load + stop.load,
            named=book.named + stop.is_named,
        )

    def without(self, stop_id: UUID) -> DayBook:
        """The book without the stop; the same where it has none of that id."""
        stop = self.stops.get(stop_id)
        if stop is None:
            return self
        cells = dict(self.cells)
        if stop.position is not None:
            cell = cell_of(stop.position)
            rest = tuple(other for other in cells[cell] if other.id != stop_id)
            if rest:
                cells[cell] = rest
            else:
                del cells[cell]
        stops = dict(self.stops)
        del stops[stop_id]
        return DayBook(
            depot_id=self.depot_id,
            date=self.date,
            stops=stops,
            cells=cells,
            spans={**self.spans, _span(stop): _counted(self.spans, stop, -1)},
            service_s=self.service_s - stop.service_s,
            load=self.load - stop.load,
            named=self.named - stop.is_named,
        )

    def inside(self, start_s: int, end_s: int) -> tuple[int, int]:
        """How many stops must be made between two seconds, and their seconds at doors."""
        count = service_s = 0
        for (start, end), (stops, seconds) in self.spans.items():
            if start >= start_s and end <= end_s:
                count += stops
                service_s += seconds
        return count, service_s

    def near(self, position: Position, *, count: int = NEAR_MAX) -> list[BookedStop]:
        """The nearest stops by straight line, nearest first; none beyond the last ring."""
        if len(self.stops) <= _FEW_STOPS:
            found = _gaps(self.cells, self.cells, position)
        else:
            found = []
            x, y = cell_of(position)
            for ring in range(RINGS_MAX + 1):
                around = [(x + east, y + north) for east, north in _RINGS[ring]]
                found += _gaps(self.cells, around, position)
                # What lies in the next ring is farther than this one's width.
                if len(found) >= count and ring > 0:
                    break
        return [stop for _, stop in heapq.nsmallest(count, found, key=_gap)]


def make_book(depot_id: UUID, day: date, stops: Iterable[BookedStop]) -> DayBook:
    """A book of many stops at once."""
    by_id = {stop.id: stop for stop in stops}
    cells: dict[Cell, tuple[BookedStop, ...]] = {}
    spans: dict[Span, tuple[int, int]] = {}
    for stop in by_id.values():
        if stop.position is not None:
            cell = cell_of(stop.position)
            cells[cell] = (*cells.get(cell, ()), stop)
        spans[_span(stop)] = _counted(spans, stop, 1)
    return DayBook(
        depot_id=depot_id,
        date=day,
        stops=by_id,
        cells=cells,
        spans=spans,
        service_s=sum(stop.service_s for stop in by_id.values()),
        load=sum((stop.load for stop in by_id.values()), Load()),
        named=sum(stop.is_named for stop in by_id.values()),
    )


def cell_of(position: Position) -> Cell:
    """The square of the index that a position is in."""
    return math.floor(position.lon / CELL_DEGREES), math.floor(position.lat / CELL_DEGREES)


def near_m(origin: Position, destination: Position) -> float:
    """Metres of a straight line within a city: to a thousandth of the great circle's."""
    north = math.radians(destination.lat - origin.lat)
    east = math.radians(destination.lon - origin.lon) * math.cos(math.radians(origin.lat))
    return EARTH_RADIUS_M * math.hypot(north, east)


def _span(stop: BookedStop) -> Span:
    return stop.start_s, stop.end_s


def _counted(spans: Mapping[Span, tuple[int, int]], stop: BookedStop, sign: int) -> tuple[int, int]:
    count, seconds = spans.get(_span(stop), (0, 0))
    return count + sign, seconds + sign * stop.service_s


def _gap(found: tuple[float, BookedStop]) -> float:
    return found[0]


def _gaps(
    stops: Mapping[Cell, tuple[BookedStop, ...]], cells: Iterable[Cell], position: Position
) -> list[tuple[float, BookedStop]]:
    """The stops of those cells with their distances, as ``near_m`` has them."""
    lon, lat = position.lon, position.lat
    # Half of a quote's time goes by here: what depends on the door alone is worked out once.
    north_m = math.radians(1.0) * EARTH_RADIUS_M
    east_m = north_m * math.cos(math.radians(lat))
    found = []
    for cell in cells:
        for stop in stops.get(cell, ()):
            there = stop.position
            if there is not None:
                gap_m = math.hypot((there.lat - lat) * north_m, (there.lon - lon) * east_m)
                found.append((gap_m, stop))
    return found
