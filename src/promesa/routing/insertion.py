"""The cheapest place for a stop in given routes, without breaking what they keep now.

Used to repair a plan, to explain why a stop is left out, to say what one more stop costs, and to
hand the stops of a broken van to the others. Routes under way keep their first stops frozen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from itertools import accumulate

from promesa.routing.plan import PlannedRoute
from promesa.routing.problem import Load, Problem
from promesa.routing.schedule import (
    HOUR_S,
    KM_M,
    Start,
    depot_start,
    is_feasible,
    serve,
    time_route,
)

# Positions per route that are timed in full after a first pass over all of them.
TIMED_POSITIONS = 4


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

    About r·n² leg times for r routes of n stops.
    """
    found = (_into_route(problem, index, route, stop) for index, route in enumerate(routes))
    return tuple(sorted(filter(None, found), key=_by_cost))


def spread(problem: Problem, routes: Sequence[OpenRoute], stops: Iterable[int]) -> Spread:
    """Hands out the stops one by one, first the one that loses most by waiting (regret).

    Potvin and Rousseau (1993), doi 10.1016/0377-2217(93)90221-8.
    """
    current, left, made = list(routes), sorted(set(stops)), []
    offers = {stop: list(list_insertions(problem, current, stop)) for stop in left}
    while True:
        ready = [stop for stop in left if offers[stop]]
        if not ready:
            break
        chosen = max(ready, key=lambda stop: (_regret_clp(offers[stop]), -stop))
        insertion = offers[chosen][0]
        made.append(insertion)
        left.remove(chosen)
        current[insertion.route] = replace(current[insertion.route], stops=insertion.timed.stops)
        for stop in left:
            offers[stop] = _offers_after(problem, current, insertion.route, offers[stop], stop)
    return Spread(routes=tuple(current), insertions=tuple(made), left=tuple(left))


def _by_cost(insertion: Insertion) -> tuple[int, int, int]:
    return insertion.added_cost_clp, insertion.route, insertion.position


# What having no second choice is worth: more than any detour in a city.
_ONLY_CHOICE_CLP = 10_000_000


def _regret_clp(offers: Sequence[Insertion]) -> int:
    if len(offers) == 1:
        return _ONLY_CHOICE_CLP - offers[0].added_cost_clp
    return offers[1].added_cost_clp - offers[0].added_cost_clp


def _offers_after(
    problem: Problem,
    routes: Sequence[OpenRoute],
    changed: int,
    offers: Sequence[Insertion],
    stop: int,
) -> list[Insertion]:
    kept = [offer for offer in offers if offer.route != changed]
    again = _into_route(problem, changed, routes[changed], stop)
    return sorted([*kept, again] if again else kept, key=_by_cost)


def _into_route(problem: Problem, index: int, route: OpenRoute, stop: int) -> Insertion | None:
    vehicle = problem.vehicles[route.vehicle]
    if not problem.allows(vehicle=route.vehicle, stop=stop):
        return None
    if vehicle.stops_max is not None and len(route.stops) >= vehicle.stops_max:
        return None
    now = time_route(problem, route.vehicle, route.stops, route.start)
    before_clp = now.cost_clp if route.stops or route.start else 0
    before_s = now.driving_s if route.stops or route.start else 0
    best: Insertion | None = None
    for _, position in nsmallest(TIMED_POSITIONS, _positions(problem, route, now, stop)):
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


def _positions(
    problem: Problem, route: OpenRoute, now: PlannedRoute, stop: int
) -> Iterator[tuple[float, int]]:
    """Positions that load and time allow, each with a rough cost, by one pass per position."""
    allowed = _positions_for_load(problem, route, now, stop)
    if not allowed:
        return
    vehicle = problem.vehicles[route.vehicle]
    begin = route.start or depot_start(problem, route.vehicle)
    # Times when the vehicle leaves as early as it can: what matters is whether the stop fits.
    early = time_route(problem, route.vehicle, route.stops, begin)
    for position in allowed:
        end = _walk(problem, route, early, stop, position)
        if end is None:
            continue
        end_s, added_m = end
        rough_clp = (end_s - early.end_s) * vehicle.hour_cost_clp / HOUR_S
        rough_clp += added_m * vehicle.km_cost_clp / KM_M
        # Where neither hours nor kilometres cost anything the shorter way still comes first.
        yield rough_clp + (end_s - early.end_s) * 1e-6, position


def _positions_for_load(
    problem: Problem, route: OpenRoute, now: PlannedRoute, stop: int
) -> list[int]:
    """Where the load allows the stop: its delivery is aboard before it, its pickup after it."""
    capacity, added = problem.vehicles[route.vehicle].capacity, problem.stops[stop]
    loads = [now.load_start, *(visit.load_after for visit in now.visits)]
    before = list(accumulate(loads, Load.peak))
    after = list(accumulate(reversed(loads), Load.peak))[::-1]
    return [
        position
        for position in range(route.frozen, len(loads))
        if (before[position] + added.delivered).fits_in(capacity)
        and (after[position] + added.picked_up).fits_in(capacity)
    ]


def _walk(
    problem: Problem, route: OpenRoute, early: PlannedRoute, stop: int, position: int
) -> tuple[int, int] | None:
    """End of the route in seconds and metres added; None if the stop makes anyone later."""
    travel = problem.travel
    place, now_s = _place_before(problem, route, early, position)
    after = [problem.stops[index] for index in route.stops[position:]]
    home = problem.end_location(route.vehicle)
    following = after[0].location if after else home
    added_m = _detour_m(problem, (place, problem.stops[stop].location, following), now_s)
    allowed_late_s = sum(visit.lateness_s for visit in early.visits[position:])
    late_s = 0
    before = (None, *early.visits[position:])
    for visit, was in zip((problem.stops[stop], *after), before, strict=True):
        leg = serve(visit, now_s + travel.travel_s(place, visit.location, now_s))
        late_s += leg.lateness_s
        if late_s > allowed_late_s:
            return None
        place, now_s = visit.location, leg.departure_s
        if was is not None and now_s == was.departure_s:
            # A wait swallowed the delay: from here on nothing changes.
            return early.end_s, added_m
    end_s = now_s + travel.travel_s(place, home, now_s)
    if end_s > max(problem.latest_s(route.vehicle), early.end_s):
        return None
    return end_s, added_m


def _place_before(
    problem: Problem, route: OpenRoute, early: PlannedRoute, position: int
) -> tuple[int, int]:
    """Where the vehicle is before the position, and when it can leave there."""
    if position:
        before = problem.stops[route.stops[position - 1]]
        return before.location, early.visits[position - 1].departure_s
    begin = route.start or depot_start(problem, route.vehicle)
    return begin.location, begin.ready_s


def _detour_m(problem: Problem, places: tuple[int, int, int], now_s: int) -> int:
    before, visit, following = places
    way = problem.travel.distance_m
    direct_m = way(before, following, now_s)
    return way(before, visit, now_s) + way(visit, following, now_s) - direct_m
