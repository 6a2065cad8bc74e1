"""The cheapest place for a stop in given routes, without breaking what they keep now.

Used to explain why a stop is left out, to say what one more stop costs, and to
hand the stops of a broken van to the others. Routes under way keep their first stops frozen.
Stops bound together go in together or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest

from promesa.routing.placing import OpenRoute, list_places
from promesa.routing.plan import PlannedRoute
from promesa.routing.problem import Problem
from promesa.routing.room import Room

# Routes that are timed in full for a stop about to be handed out.
TIMED_ROUTES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Insertion:
    """A stop put into a route, with those bound to it.

    Attributes:
        stop: The first of them.
        stops: All that were put in.
        route: Index into the routes that were offered.
        position: In the sequence of the route, of the first of them; 0 for first.
        timed: The route with the stop in it.
    """

    stop: int
    stops: tuple[int, ...]
    route: int
    position: int
    added_cost_clp: int
    added_s: int
    timed: PlannedRoute


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Stops handed out over routes.

    Attributes:
        routes: The routes offered, with what they took.
        insertions: In the order they were made.
        left: Stops that fit nowhere, as offered.
    """

    routes: tuple[OpenRoute, ...]
    insertions: tuple[Insertion, ...]
    left: tuple[int, ...]


def find_insertion(problem: Problem, routes: Sequence[OpenRoute], stop: int) -> Insertion | None:
    """The cheapest insertion of the stop that breaks nothing new, or None."""
    return next(iter(list_insertions(problem, routes, stop)), None)


def list_insertions(
    problem: Problem, routes: Sequence[OpenRoute], stop: int
) -> tuple[Insertion, ...]:
    """The best insertion of the stop into each route that can take it, cheapest first.

    About r·n leg times for r routes of n stops.
    """
    unit = _unit(problem, routes, stop)
    found = (
        _into_route(problem, index, route, unit, _room(problem, route))
        for index, route in enumerate(routes)
        if _may_take(problem, routes, index, unit)
    )
    return tuple(sorted(filter(None, found), key=_by_cost))


def spread(problem: Problem, routes: Sequence[OpenRoute], stops: Iterable[int]) -> Spread:
    """Hands out the stops one by one, first the one that loses most by waiting (regret).

    Compares rough costs, O(r·n) per stop for r routes of n stops, and times in full only what it
    makes. After each insertion a stop tries the two new positions and its best so far; a route
    with no room for it is not asked again, for it only gets fuller.

    Potvin and Rousseau (1993), doi 10.1016/0377-2217(93)90221-8.
    """
    return _Spreading(problem, routes, stops).done()


# A cost in CLP and the position it is for.
_Rough = tuple[float, int]
_Unit = tuple[int, ...]
# What having no second choice is worth: more than any detour in a city.
_ONLY_CHOICE_CLP = 10_000_000


class _Spreading:
    """Routes that fill up while stops are handed out."""

    def __init__(self, problem: Problem, routes: Sequence[OpenRoute], stops: Iterable[int]) -> None:
        self._problem = problem
        self._routes = list(routes)
        self._asked = sorted(set(stops))
        self._left = list(dict.fromkeys(_unit(problem, routes, stop) for stop in self._asked))
        self._rooms = [_room(problem, route) for route in routes]
        self._offers = {unit: self._first_offers(unit) for unit in self._left}

    def done(self) -> Spread:
        """Hands out what fits."""
        made = []
        while ready := [unit for unit in self._left if self._offers[unit]]:
            chosen = max(ready, key=lambda unit: (_regret_clp(self._offers[unit]), -unit[0]))
            insertion = self._best_of(chosen)
            if insertion is None:
                continue
            made.append(insertion)
            self._left.remove(chosen)
            self._take(insertion)
        still = {stop for unit in self._left for stop in unit}
        left = tuple(stop for stop in self._asked if stop in still)
        return Spread(routes=tuple(self._routes), insertions=tuple(made), left=left)

    def _take(self, insertion: Insertion) -> None:
        taker = insertion.route
        before = self._routes[taker]
        self._routes[taker] = replace(before, stops=insertion.timed.sequence)
        self._rooms[taker] = _room(self._problem, self._routes[taker])
        is_one_more = len(self._routes[taker].stops) == len(before.stops) + 1
        for unit in self._left:
            was = self._offers[unit].pop(taker, None)
            if was is None:
                continue
            again = None
            if is_one_more and len(unit) == 1:
                near = _near(was, insertion.position, self._routes[taker].places)
                again = self._offer(taker, unit, near)
            again = again or self._offer(taker, unit, self._routes[taker].places)
            if again is not None:
                self._offers[unit][taker] = again

    def _first_offers(self, unit: _Unit) -> dict[int, _Rough]:
        """The best that each route with room for the unit can do, by route."""
        offers = {}
        for index, route in enumerate(self._routes):
            best = self._offer(index, unit, route.places)
            if best is not None:
                is_leaving = not route.stops and route.start is None
                van = self._problem.vehicles[route.vehicle]
                offers[index] = best[0] + (van.fixed_cost_clp if is_leaving else 0), best[1]
        return offers

    def _offer(self, index: int, unit: _Unit, tried: Iterable[int]) -> _Rough | None:
        """What the route can do at those positions; anywhere, where its room cannot tell."""
        route = self._routes[index]
        if not _may_take(self._problem, self._routes, index, unit):
            return None
        if unit[0] not in self._problem.bond_of:
            visit = self._problem.stops[unit[0]]
            rough = min(self._rooms[index].positions(visit, tried), default=None)
            if rough is not None or self._problem.vehicles[route.vehicle].trips_max == 1:
                return rough
        found = _into_route(self._problem, index, route, unit, self._rooms[index])
        return None if found is None else (found.added_cost_clp, found.position)

    def _best_of(self, unit: _Unit) -> Insertion | None:
        """The cheapest of the offers that seem cheapest; strikes out those that fail."""
        offers, found = self._offers[unit], []
        for index in nsmallest(TIMED_ROUTES, offers, key=lambda route: (offers[route], route)):
            route, room = self._routes[index], self._rooms[index]
            insertion = _into_route(self._problem, index, route, unit, room)
            if insertion is None:
                del offers[index]
            else:
                found.append(insertion)
        return min(found, key=_by_cost, default=None)


def _unit(problem: Problem, routes: Sequence[OpenRoute], stop: int) -> _Unit:
    """The stop with those bound to it that no route has yet."""
    if stop not in problem.bond_of:
        return (stop,)
    taken = {other for route in routes for other in route.stops} - {stop}
    return tuple(other for other in problem.bound_to(stop) if other not in taken)


def _by_cost(insertion: Insertion) -> tuple[int, int, int]:
    return insertion.added_cost_clp, insertion.route, insertion.position


def _regret_clp(offers: Mapping[int, _Rough]) -> float:
    if len(offers) == 1:
        return _ONLY_CHOICE_CLP - min(offers.values())[0]
    (first, _), (second, _) = nsmallest(2, offers.values())
    return second - first


def _room(problem: Problem, route: OpenRoute) -> Room:
    return Room(problem, route.vehicle, route.stops, route.start)


def _near(was: _Rough, position: int, places: range) -> list[int]:
    """The two positions an insertion made, and where the one offered before is now.

    One that was offered in a trip of its own is no position of the route.
    """
    near = {position, position + 1, was[1] + (was[1] > position)}
    return sorted(near.intersection(places))


def _may_take(problem: Problem, routes: Sequence[OpenRoute], index: int, unit: _Unit) -> bool:
    route = routes[index]
    limit = problem.vehicles[route.vehicle].stops_max
    if limit is not None and route.visits + len(unit) > limit:
        return False
    if not problem.allows_all(vehicle=route.vehicle, stops=unit):
        return False
    whole = problem.bound_to(unit[0])
    if len(whole) == len(unit):
        return True
    return all(stop in route.stops or stop in unit for stop in whole)


def _into_route(
    problem: Problem, index: int, route: OpenRoute, unit: _Unit, room: Room
) -> Insertion | None:
    best: Insertion | None = None
    is_standing = not route.stops and route.start is None
    for place in list_places(problem, route, unit, room):
        before_clp = 0 if is_standing else place.now.cost_clp
        before_s = 0 if is_standing else place.now.driving_s
        service_s = sum(problem.stops[stop].service_time_s for stop in unit)
        insertion = Insertion(
            stop=unit[0],
            stops=unit,
            route=index,
            position=place.position,
            added_cost_clp=place.timed.cost_clp - before_clp,
            added_s=place.timed.driving_s - before_s + service_s,
            timed=place.timed,
        )
        if best is None or _by_cost(insertion) < _by_cost(best):
            best = insertion
    return best
