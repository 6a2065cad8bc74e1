"""The second level: single stops and short strings move where that pays, few and in bounds.

Each move is judged as it would be driven. It counts its price as a change, must gain something a
person would notice, and is not made where it would pass a limit of changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import nsmallest

from promesa.kernel.units import HOUR_S, KM_M
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import RELOAD, Sequences
from promesa.routing.replan.difference import moved_stops
from promesa.routing.replan.ledger import Ledger
from promesa.routing.room import Room
from promesa.routing.watching import Watch, unwatched

Stops = tuple[int, ...]
# Less is not worth telling a driver.
GAIN_MIN_CLP = 200
# Passes over the routes; more of them found nothing more.
PASSES_MAX = 3
# Stops that move together within their route.
STRING_MAX = 3
# Places looked at in full for each string in its own route, and in each other one.
TIMED_OWN, TIMED_LATE, TIMED_OTHER = 2, 6, 1
# Routes timed in all, the late ones' first: a request with 414 open stops took 5.4 to 5.9 s, beside
# a running simulation (measured).
TIMED_MAX = 4_000
# As slow as a van gets through town, waiting aside.
SLOW_M_S = 2.0
# Other routes looked at for a stop: those where it is cheapest.
ROUTES_TRIED = 4


def repair(
    ledger: Ledger, sequences: Sequences, vehicles: Iterable[int], watch: Watch = unwatched
) -> Sequences:
    """The sequences with what pays moved among the vehicles given; so far, when it is stopped."""
    repairing = _Repairing(ledger, sequences, sorted(vehicles), watch)
    changed = frozenset(vehicles)
    for number in range(PASSES_MAX):
        changed = repairing.improved(changed, number)
    return repairing.sequences


def late_vehicles(ledger: Ledger) -> frozenset[int]:
    """Those that break a promise or come back after hours as published."""
    return frozenset(
        route.vehicle
        for route in ledger.rest.routes
        if (entry := ledger.published(route.vehicle)).broken
        or entry.excess.lateness_s
        or entry.excess.overtime_s
        or (entry.timed is not None and entry.timed.overtime_s)
    )


class _Repairing:
    """Sequences that get better move by move."""

    def __init__(
        self, ledger: Ledger, sequences: Sequences, vehicles: list[int], watch: Watch
    ) -> None:
        self.sequences = dict(sequences)
        self._watch = watch
        self._ledger = ledger
        self._rest = ledger.rest
        self._vehicles = vehicles
        self._was_broken = ledger.broken(ledger.rest.published)
        self._rooms: dict[tuple[int, Stops], Room] = {}
        self._metres: dict[tuple[int, Stops], list[list[int]]] = {}

    def improved(self, vehicles: frozenset[int], number: int) -> frozenset[int]:
        """One pass over the stops of some vehicles, numbered from 0; those whose routes changed."""
        before = dict(self.sequences)
        late_first = sorted(vehicles, key=lambda each: (not self._is_late(each), each))
        for done, vehicle in enumerate(late_first):
            passed = (number + done / len(late_first)) / PASSES_MAX
            for stop in self._movable(vehicle):
                timed = self._ledger.timed / TIMED_MAX
                if timed >= 1.0 or not self._watch(max(timed, passed)):
                    return frozenset()
                if stop in self.sequences[vehicle]:
                    self._move(vehicle, stop)
        return frozenset(v for v, stops in self.sequences.items() if stops != before[v])

    def _movable(self, vehicle: int) -> list[int]:
        frozen = self._rest.routes[vehicle].frozen
        return [
            stop
            for stop in self.sequences[vehicle][frozen:]
            if stop != RELOAD and stop not in self._rest.problem.bond_of
        ]

    def _move(self, vehicle: int, stop: int) -> None:
        """Makes the best move of the stop that is allowed, if one pays."""
        options = [*self._own(vehicle, stop), *self._other(vehicle, stop)]
        for gain_clp, changed in sorted(options, key=lambda option: -option[0]):
            if gain_clp < GAIN_MIN_CLP:
                return
            after = {**self.sequences, **changed}
            if self._is_allowed(after):
                self.sequences = after
                return

    def _is_allowed(self, after: Sequences) -> bool:
        most = self._ledger.params.most
        if len(moved_stops(self._rest, after)) > most.stops_max:
            return False
        broken = self._ledger.broken(after) - self._was_broken
        return len(broken) <= most.windows_max

    def _own(self, vehicle: int, stop: int) -> Iterator[tuple[int, Sequences]]:
        """Other places for the stop, and those right after it, in its own route."""
        stops, ledger = self.sequences[vehicle], self._ledger
        frozen, at = self._rest.routes[vehicle].frozen, stops.index(stop)
        now, is_late = ledger.entry(vehicle, stops), self._is_late(vehicle)
        least_m = 0.0 if is_late else self._metres_worth(vehicle)
        roughs, apart = [], self._rest.meetings | {RELOAD}
        for size in range(1, STRING_MAX + 1):
            string = stops[at : at + size]
            # A string with a meeting or a return in it is not one of visits.
            if len(string) < size or (size > 1 and not apart.isdisjoint(string)):
                break
            ways = self._ways(vehicle, stops)
            saved_m = ways[at][at + 1] + ways[at + size][at + size + 1] - ways[at][at + size + 1]
            for place in (*range(frozen, at), *range(at + size + 1, len(stops) + 1)):
                added_m = ways[place][at + 1] + ways[at + size][place + 1] - ways[place][place + 1]
                is_worth = is_late or saved_m - added_m >= least_m
                if is_worth and self._is_loaded(vehicle, stops, at, size, place):
                    roughs.append((added_m - saved_m, size, place))
        for _, size, place in nsmallest(TIMED_LATE if is_late else TIMED_OWN, roughs):
            moved = self._rest.tidy(vehicle, _with_string_at(stops, at, size, place))
            if ledger.is_sound(vehicle, moved):
                gain_clp = now.count_clp - ledger.entry(vehicle, moved).count_clp
                yield gain_clp, {vehicle: moved}

    def _is_loaded(self, vehicle: int, stops: Stops, at: int, size: int, place: int) -> bool:
        """Whether the string may stand there, as far as loading goes."""
        if RELOAD not in stops:
            return True
        return self._rest.is_in_order(vehicle, _with_string_at(stops, at, size, place))

    def _is_late(self, vehicle: int) -> bool:
        now = self._ledger.entry(vehicle, self.sequences[vehicle])
        return bool(now.broken or now.excess.lateness_s or now.excess.overtime_s)

    def _other(self, vehicle: int, stop: int) -> Iterator[tuple[int, Sequences]]:
        """Places in other routes that may take it and have its parcel, or fetch it."""
        ledger, rest, problem = self._ledger, self._rest, self._rest.problem
        if stop in rest.meetings:
            return
        without = self._without(vehicle, stop)
        if not ledger.is_sound(vehicle, without):
            return
        saved_clp = ledger.entry(vehicle, self.sequences[vehicle]).count_clp
        saved_clp -= ledger.entry(vehicle, without).count_clp
        roughs = []
        for other in self._vehicles:
            if other == vehicle or not problem.allows(vehicle=other, stop=stop):
                continue
            stops = self.sequences[other]
            limit = problem.vehicles[other].stops_max
            if limit is not None and len(stops) - stops.count(RELOAD) >= limit:
                continue
            places = rest.places_for(stop, other, stops)
            room = self._room(rest.open_route(other, stops))
            found = nsmallest(TIMED_OTHER, room.positions(problem.stops[stop], places))
            roughs += [(rough_clp, other, place) for rough_clp, place in found]
        for _, other, place in nsmallest(ROUTES_TRIED, roughs):
            stops = self.sequences[other]
            grown = (*stops[:place], stop, *stops[place:])
            if ledger.is_sound(other, grown):
                added_clp = ledger.entry(other, grown).count_clp
                added_clp -= ledger.entry(other, stops).count_clp
                yield saved_clp - added_clp, {vehicle: without, other: grown}

    def _without(self, vehicle: int, stop: int) -> Stops:
        """The route without the stop, and without a meeting that feeds nobody then."""
        stops = [each for each in self.sequences[vehicle] if each != stop]
        if self._rest.fetched.isdisjoint(stops):
            meeting = self._rest.meeting_of.get(vehicle)
            stops = [each for each in stops if each != meeting]
        return self._rest.tidy(vehicle, stops)

    def _metres_worth(self, vehicle: int) -> float:
        """Fewer metres saved, at a walking pace, are not worth a change of order."""
        van = self._rest.problem.vehicles[vehicle]
        metre_clp = van.km_cost_clp / KM_M + van.hour_cost_clp / HOUR_S / SLOW_M_S
        least_clp = GAIN_MIN_CLP + self._ledger.params.prices.order_clp
        return least_clp / metre_clp if metre_clp else 0.0

    def _ways(self, vehicle: int, stops: Stops) -> list[list[int]]:
        """Metres between the places of a route at one hour: its start, its stops, its end."""
        found = self._metres.get((vehicle, stops))
        if found is None:
            problem, start = self._rest.problem, self._rest.routes[vehicle].start
            depot, end = problem.start_location(vehicle), problem.end_location(vehicle)
            now_s = problem.earliest_s(vehicle) if start is None else start.ready_s
            places = [depot if start is None else start.location]
            places += [depot if s == RELOAD else problem.stops[s].location for s in stops]
            way = problem.travel.distance_m
            found = [[way(a, b, now_s) for b in places] for a in places]
            for place, row in zip(places, found, strict=True):
                row.append(0 if end is None else way(place, end, now_s))
            self._metres[vehicle, stops] = found
        return found

    def _room(self, route: OpenRoute) -> Room:
        key = route.vehicle, route.stops
        found = self._rooms.get(key)
        if found is None:
            found = self._rooms[key] = Room(
                self._rest.problem, route.vehicle, route.stops, route.start
            )
        return found


def _with_string_at(stops: Stops, at: int, size: int, place: int) -> Stops:
    """The string of so many stops at ``at``, put before what stands at ``place`` now."""
    string = stops[at : at + size]
    if place < at:
        return (*stops[:place], *string, *stops[place:at], *stops[at + size :])
    return (*stops[:at], *stops[at + size : place], *string, *stops[place:])
