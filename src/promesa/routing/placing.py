"""The places a stop, or stops bound together, can take in one route, timed in full.

A stop alone is looked at by its room first. Bonds and new trips have none: each place of theirs
is timed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from promesa.routing.course import Start, Trail
from promesa.routing.limits import NO_EXCESS, Excess, excess_of
from promesa.routing.loads import trips_of
from promesa.routing.plan import RELOAD, PlannedRoute
from promesa.routing.problem import Problem
from promesa.routing.room import Room
from promesa.routing.schedule import soonest, time_route

# Positions per route that are timed in full after a first pass over all of them.
TIMED_POSITIONS = 4
# Places for the first of several bound stops from which places for the others are sought.
WIDTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRoute:
    """A route that may take one more stop.

    Attributes:
        stops: RELOAD where it goes back to load.
        start: Where it goes on from when under way; None while it stands at its depot.
        frozen: How many of the first stops and returns stay first.
        fixed_last: How many of the last ones stay last.
    """

    vehicle: int
    stops: tuple[int, ...] = ()
    start: Start | None = None
    frozen: int = 0
    fixed_last: int = 0

    @property
    def places(self) -> range:
        """Positions one more stop may take."""
        return range(self.frozen, len(self.stops) - self.fixed_last + 1)

    @property
    def visits(self) -> int:
        """How many stops it makes."""
        return len(self.stops) - self.stops.count(RELOAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A route with one stop more, or several bound together.

    Attributes:
        position: In the sequence, of the first of them; 0 for first.
        now: The route without.
    """

    position: int
    now: PlannedRoute
    timed: PlannedRoute


def list_places(
    problem: Problem, route: OpenRoute, unit: Sequence[int], room: Room
) -> Iterator[Place]:
    """Places that break nothing new; for a stop alone, the few that seem cheapest.

    Args:
        problem: The day.
        route: Where to.
        unit: The stop, or the stops of a bond that the route has not yet, in the bond's order.
        room: Of the route.
    """
    placing = _Placing(problem, route)
    if len(unit) == 1 and unit[0] not in problem.bond_of:
        yield from placing.alone(unit[0], room)
    else:
        yield from placing.bound(unit)


class _Placing:
    """One route being offered something."""

    def __init__(self, problem: Problem, route: OpenRoute) -> None:
        self._problem = problem
        self._route = route
        self._now = time_route(problem, route.vehicle, route.stops, route.start)
        # Who stands at the depot breaks nothing yet, even if its empty way to another would.
        is_standing = not route.stops and route.start is None
        self._excess = NO_EXCESS if is_standing else excess_of(problem, self._now, route.start)

    def alone(self, stop: int, room: Room) -> Iterator[Place]:
        """Where one stop fits."""
        stops = self._route.stops
        roughs = room.positions(self._problem.stops[stop], self._route.places)
        tried = sorted(roughs) if self._is_strict else nsmallest(TIMED_POSITIONS, roughs)
        found = 0
        for _, position in tried:
            place = self._place((*stops[:position], stop, *stops[position:]), position)
            if place is not None:
                yield place
                found += 1
            if found == TIMED_POSITIONS:
                return
        yield from self._own_trips((stop,))

    def bound(self, unit: Sequence[int]) -> Iterator[Place]:
        """Where stops fit that go together: in one trip, in order if they have one."""
        whole = self._problem.bond_of[unit[0]].stops
        for first, end in self._trips(whole):
            for sequence in self._filled(unit, first, end):
                place = self._place(sequence, sequence.index(unit[0]))
                if place is not None:
                    yield place
        if len(unit) == len(whole):
            yield from self._own_trips(unit)

    @property
    def _is_strict(self) -> bool:
        """Whether there are limits its room does not know, so that offers may come to nothing."""
        van = self._problem.vehicles[self._route.vehicle]
        return bool(van.breaks) or van.driving_max_s is not None or van.duty_max_s is not None

    def _trips(self, whole: Sequence[int]) -> Iterator[tuple[int, int]]:
        """First and last position in each trip that may take them: in theirs if there is one."""
        begin, last = 0, len(self._route.stops) - self._route.fixed_last
        trips = trips_of(self._route.stops)
        own = [trip for trip in trips if any(stop in trip for stop in whole)]
        for trip in trips:
            if not own or trip is own[0]:
                yield max(begin, self._route.frozen), min(begin + len(trip), last)
            begin += len(trip) + 1

    def _filled(self, unit: Sequence[int], first: int, end: int) -> list[tuple[int, ...]]:
        """The likeliest sequences with all of them put in, one after the other."""
        grown = [self._route.stops]
        for number, stop in enumerate(unit):
            wider = {
                (*sequence[:position], stop, *sequence[position:])
                for sequence in grown
                for position in range(first, end + number + 1)
            }
            grown = self._likeliest(wider)
        return grown

    def _likeliest(self, sequences: Iterable[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """Those in time that work least. Loads are judged when all are in."""
        busy = []
        for sequence in filter(self._is_in_order, sequences):
            trail = self._trail(sequence)
            if self._is_in_time(trail):
                waited_s = sum(leg.start_s - leg.arrival_s for leg in trail.legs)
                busy.append((trail.end_s - waited_s, sequence))
        return [sequence for _, sequence in nsmallest(WIDTH, busy)]

    def _is_in_order(self, sequence: Sequence[int]) -> bool:
        for bond in self._problem.bonds:
            if bond.in_order:
                places = [sequence.index(stop) for stop in bond.stops if stop in sequence]
                if places != sorted(places):
                    return False
        return True

    def _own_trips(self, unit: Sequence[int]) -> Iterator[Place]:
        """A trip for them alone, before the others or after them, if one more is allowed."""
        van, stops = self._problem.vehicles[self._route.vehicle], self._route.stops
        if not stops or stops.count(RELOAD) + 1 >= van.trips_max:
            return
        whole = self._problem.bound_to(unit[0])
        orders = [tuple(unit)]
        if len(whole) > 1 and not self._problem.bond_of[unit[0]].in_order:
            orders.append(tuple(reversed(unit)))
        for order in orders:
            for position in self._route.places:
                if position == len(stops):
                    sequence: tuple[int, ...] = (*stops, RELOAD, *order)
                elif position == 0 and self._route.start is None:
                    sequence = (*order, RELOAD, *stops)
                elif stops[position] == RELOAD:
                    sequence = (*stops[:position], RELOAD, *order, *stops[position:])
                else:
                    continue
                place = self._place(sequence, sequence.index(order[0]))
                if place is not None:
                    yield place

    def _trail(self, sequence: Sequence[int]) -> Trail:
        return soonest(self._problem, self._route.vehicle, sequence, self._route.start)

    def _is_in_time(self, trail: Trail) -> bool:
        """What needs no hour of leaving: a cheap first question."""
        limit_s = max(self._problem.limit_s(self._route.vehicle), self._now.end_s)
        return (
            trail.end_s <= limit_s
            and trail.lateness_s <= self._now.lateness_s
            and trail.breaks_missed <= self._now.breaks_missed
        )

    def _place(self, sequence: tuple[int, ...], position: int) -> Place | None:
        """The sequence timed; None if it breaks what the route keeps now."""
        route = self._route
        if self._is_strict and not self._is_in_time(self._trail(sequence)):
            return None
        timed = time_route(self._problem, route.vehicle, sequence, route.start)
        excess: Excess = excess_of(self._problem, timed, route.start)
        if not excess.is_within(self._excess):
            return None
        return Place(position=position, now=self._now, timed=timed)
