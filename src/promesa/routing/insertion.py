"""The cheapest place for a stop in given routes, without breaking what they keep now.

Used to repair a plan, to explain why a stop is left out, to say what one more stop costs, and to
hand the stops of a broken van to the others. Routes under way keep their first stops frozen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest

from promesa.routing.plan import PlannedRoute
from promesa.routing.problem import Problem
from promesa.routing.room import Room
from promesa.routing.schedule import Start, is_feasible, time_route

# Positions per route that are timed in full after a first pass over all of them.
TIMED_POSITIONS = 4
# Routes that are timed in full for a stop about to be handed out.
TIMED_ROUTES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRoute:
    """A route that may take one more stop.

    Attributes:
        start: Where it goes on from when under way; None while it stands at its depot.
        frozen: How many of the first stops stay first.
    """

    vehicle: int
    stops: tuple[int, ...] = ()
    start: Start | None = None
    frozen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Insertion:
    """A stop put into a route.

    Attributes:
        route: Index into the routes that were offered.
        position: 0 for first.
        timed: The route with the stop in it.
    """

    stop: int
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
    found = (
        _into_route(problem, index, route, stop, _room(problem, route))
        for index, route in enumerate(routes)
        if _may_take(problem, route, stop)
    )
    return tuple(sorted(filter(None, found), key=_by_cost))


def spread(problem: Problem, routes: Sequence[OpenRoute], stops: Iterable[int]) -> Spread:
    """Hands out the stops one by one, first the one that loses most by waiting (regret).

    Compares rough costs, O(r·n) per stop for r routes of n stops, and times in full only what it
    makes. After each insertion a stop tries the two new positions and its best so far; a route
    with no room for it is not asked again, for it only gets fuller.

    Potvin and Rousseau (1993), doi 10.1016/0377-2217(93)90221-8.
    """
    current, left, made = list(routes), sorted(set(stops)), []
    rooms = [_room(problem, route) for route in current]
    offers = {stop: _rough_offers(problem, current, rooms, stop) for stop in left}
    while True:
        ready = [stop for stop in left if offers[stop]]
        if not ready:
            break
        chosen = max(ready, key=lambda stop: (_regret_clp(offers[stop]), -stop))
        insertion = _best_of(problem, current, rooms, offers[chosen], chosen)
        if insertion is None:
            continue
        made.append(insertion)
        left.remove(chosen)
        taker = insertion.route
        current[taker] = replace(current[taker], stops=insertion.timed.stops)
        rooms[taker] = _room(problem, current[taker])
        for stop in left:
            was = offers[stop].pop(taker, None)
            if was is None:
                continue
            near = _near(was, insertion.position)
            again = _again(problem, current[taker], rooms[taker], stop, near)
            if again is not None:
                offers[stop][taker] = again
    return Spread(routes=tuple(current), insertions=tuple(made), left=tuple(left))


def _by_cost(insertion: Insertion) -> tuple[int, int, int]:
    return insertion.added_cost_clp, insertion.route, insertion.position


# A cost in CLP and the position it is for.
_Rough = tuple[float, int]
# What having no second choice is worth: more than any detour in a city.
_ONLY_CHOICE_CLP = 10_000_000


def _regret_clp(offers: Mapping[int, _Rough]) -> float:
    if len(offers) == 1:
        return _ONLY_CHOICE_CLP - min(offers.values())[0]
    (first, _), (second, _) = nsmallest(2, offers.values())
    return second - first


def _room(problem: Problem, route: OpenRoute) -> Room:
    return Room(problem, route.vehicle, route.stops, route.start)


def _rough_offers(
    problem: Problem, routes: Sequence[OpenRoute], rooms: Sequence[Room], stop: int
) -> dict[int, _Rough]:
    """The best that each route with room for the stop can do, by route."""
    offers = {}
    for index, (route, room) in enumerate(zip(routes, rooms, strict=True)):
        if not _may_take(problem, route, stop):
            continue
        best = min(room.positions(problem.stops[stop], _places(route)), default=None)
        if best is not None:
            is_leaving = not route.stops and route.start is None
            fixed_clp = problem.vehicles[route.vehicle].fixed_cost_clp if is_leaving else 0
            offers[index] = best[0] + fixed_clp, best[1]
    return offers


def _near(was: _Rough, position: int) -> list[int]:
    """The two positions an insertion made, and where the one offered before is now."""
    return sorted({position, position + 1, was[1] + (was[1] > position)})


def _again(
    problem: Problem, route: OpenRoute, room: Room, stop: int, near: Iterable[int]
) -> _Rough | None:
    """The offer of a route that has just taken another stop."""
    if not _may_take(problem, route, stop):
        return None
    visit = problem.stops[stop]
    found = min(room.positions(visit, near), default=None)
    return found or min(room.positions(visit, _places(route)), default=None)


def _places(route: OpenRoute) -> range:
    return range(route.frozen, len(route.stops) + 1)


def _best_of(
    problem: Problem,
    routes: Sequence[OpenRoute],
    rooms: Sequence[Room],
    offers: dict[int, _Rough],
    stop: int,
) -> Insertion | None:
    """The cheapest of the offers that seem cheapest; strikes out those that come to nothing."""
    found = []
    for index in nsmallest(TIMED_ROUTES, offers, key=lambda route: (offers[route], route)):
        insertion = _into_route(problem, index, routes[index], stop, rooms[index])
        if insertion is None:
            del offers[index]
        else:
            found.append(insertion)
    return min(found, key=_by_cost, default=None)


def _may_take(problem: Problem, route: OpenRoute, stop: int) -> bool:
    limit = problem.vehicles[route.vehicle].stops_max
    is_full = limit is not None and len(route.stops) >= limit
    return not is_full and problem.allows(vehicle=route.vehicle, stop=stop)


def _into_route(
    problem: Problem, index: int, route: OpenRoute, stop: int, room: Room
) -> Insertion | None:
    roughs = nsmallest(TIMED_POSITIONS, room.positions(problem.stops[stop], _places(route)))
    if not roughs:
        return None
    now = time_route(problem, route.vehicle, route.stops, route.start)
    before_clp = now.cost_clp if route.stops or route.start else 0
    before_s = now.driving_s if route.stops or route.start else 0
    best: Insertion | None = None
    for _, position in roughs:
        stops = (*route.stops[:position], stop, *route.stops[position:])
        timed = time_route(problem, route.vehicle, stops, route.start)
        if not _breaks_nothing_new(problem, now, timed):
            continue
        insertion = Insertion(
            stop=stop,
            route=index,
            position=position,
            added_cost_clp=timed.cost_clp - before_clp,
            added_s=timed.driving_s - before_s + problem.stops[stop].service_time_s,
            timed=timed,
        )
        if best is None or _by_cost(insertion) < _by_cost(best):
            best = insertion
    return best


def _breaks_nothing_new(problem: Problem, now: PlannedRoute, timed: PlannedRoute) -> bool:
    """A route that is late already may stay as late as it is, and no later."""
    if timed.lateness_s > now.lateness_s or timed.overtime_s > now.overtime_s:
        return False
    on_time = replace(
        timed,
        overtime_s=0,
        visits=tuple(replace(visit, lateness_s=0) for visit in timed.visits),
    )
    return is_feasible(problem, on_time)
