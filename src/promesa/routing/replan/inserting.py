"""The first level: stops that nobody visits go into the published routes, whose order stays.

Promises first: what fits in no window is asked again at any hour, as long as windows may be
touched. What fits nowhere is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from promesa.routing.insertion import spread
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import Sequences
from promesa.routing.problem import LAST_S, Problem
from promesa.routing.replan.ledger import left_out
from promesa.routing.replan.params import ReplanParams
from promesa.routing.replan.rescue import HandedOut, Taker, hand_out, opening_cost_clp, openings
from promesa.routing.replan.rest import Rest, open_from

# Vans that come to a meeting for the least; more of them hardly ever take a stop more.
TAKERS_TRIED = 12
# Vans that wait without a stop; alike as they mostly are, more of them offer nothing new.
WAITING_TRIED = 4
# Places in its route at which a van may go there.
OPENINGS_TRIED = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inserted:
    """A day with its loose stops put in.

    Attributes:
        rest: The same, but that stops served late are bound to no window any more.
    """

    rest: Rest
    sequences: Sequences


def insert_loose(rest: Rest, params: ReplanParams) -> Inserted:
    """Puts in what fits within the limits of change."""
    fetched = _most_urgent(rest, params.most.stops_max)
    new = [stop for stop in rest.loose if stop not in rest.fetched]
    takers = _takers(rest) if fetched else []
    done = hand_out(rest.problem, takers, fetched, params.unserved_price_clp)
    routes = _spread(rest, _merged(rest.routes, takers, done), new)
    late = [stop for stop in left_out(rest, _sequences(routes)) if stop in {*fetched, *new}]
    late = [stop for stop in late if rest.problem.stops[stop].windows][: params.most.windows_max]
    if not late:
        return Inserted(rest=rest, sequences=_sequences(routes))
    relaxed = replace(rest, problem=_at_any_hour(rest.problem, late))
    if takers:
        done.left = [stop for stop in done.left if stop in late]
        done.routes = {
            number: open_from(routes[taker.now.vehicle], rest.meeting_of[taker.now.vehicle])
            for number, taker in enumerate(takers)
            if number in done.routes
        }
        # A route that took new stops meanwhile is as it is now.
        grown = [
            taker if number in done.routes else _reopened(relaxed, routes[taker.now.vehicle])
            for number, taker in enumerate(takers)
        ]
        done = hand_out(relaxed.problem, grown, done.left, params.unserved_price_clp, done)
        routes = _merged(routes, grown, done)
    again = [stop for stop in late if stop not in rest.fetched]
    routes = _spread(relaxed, routes, again)
    still = set(left_out(relaxed, _sequences(routes)))
    served = [stop for stop in late if stop not in still]
    kept = replace(rest, problem=_at_any_hour(rest.problem, served))
    return Inserted(rest=kept, sequences=_sequences(routes))


def _most_urgent(rest: Rest, most: int) -> list[int]:
    """Stops to fetch, those promised first before the others, as many as may move."""
    fetched = [stop for stop in rest.loose if stop in rest.fetched]
    if len(fetched) <= most:
        return fetched

    def due_s(stop: int) -> tuple[int, int]:
        told = rest.told.get(stop)
        return (max(window.end_s for window in told) if told else LAST_S), stop

    return sorted(sorted(fetched, key=due_s)[:most])


def _takers(rest: Rest) -> list[Taker]:
    """The vans with a way to the meeting, the cheapest first; those that wait are all tried."""
    found, waiting = [], []
    for vehicle in rest.meeting_of:
        taker = _reopened(rest, rest.routes[vehicle])
        costs = [opening_cost_clp(rest.problem, taker.now, opened) for opened in taker.opened]
        cheapest = min((cost for cost in costs if cost is not None), default=None)
        if cheapest is None:
            continue
        if rest.routes[vehicle].stops:
            found.append((cheapest, vehicle, taker))
        else:
            waiting.append(taker)
    nearest = sorted(found, key=lambda each: each[:2])[:TAKERS_TRIED]
    return [*(taker for _, _, taker in nearest), *waiting[:WAITING_TRIED]]


def _reopened(rest: Rest, route: OpenRoute) -> Taker:
    meeting = rest.meeting_of[route.vehicle]
    return Taker(now=route, opened=openings(rest.problem, route, meeting, OPENINGS_TRIED))


def _merged(
    routes: Sequence[OpenRoute], takers: Sequence[Taker], done: HandedOut
) -> list[OpenRoute]:
    """The routes with what was handed out, frozen as before."""
    merged = list(routes)
    for number, taken in done.routes.items():
        vehicle = takers[number].now.vehicle
        merged[vehicle] = replace(merged[vehicle], stops=taken.stops)
    return merged


def _spread(rest: Rest, routes: list[OpenRoute], stops: Sequence[int]) -> list[OpenRoute]:
    """The routes with those put in that fit: first what no van has to come back for."""
    waiting = [stop for stop in stops if stop in rest.waiting]
    others = [stop for stop in stops if stop not in rest.waiting]
    able = [route for route in routes if route.vehicle not in rest.gone]
    grown = _grown(rest.problem, routes, able, others)
    if not waiting:
        return grown
    loading = [
        replace(route, frozen=places.start)
        for each in able
        if (
            places := rest.places_for(
                waiting[0], (route := grown[each.vehicle]).vehicle, route.stops
            )
        )
    ]
    return _grown(rest.problem, grown, loading, waiting)


def _grown(
    problem: Problem, routes: list[OpenRoute], able: Sequence[OpenRoute], stops: Sequence[int]
) -> list[OpenRoute]:
    if not stops:
        return routes
    grown = {route.vehicle: route.stops for route in spread(problem, able, stops).routes}
    return [replace(route, stops=grown.get(route.vehicle, route.stops)) for route in routes]


def _at_any_hour(problem: Problem, late: Sequence[int]) -> Problem:
    stops = list(problem.stops)
    for stop in late:
        stops[stop] = replace(stops[stop], windows=())
    return replace(problem, stops=tuple(stops))


def _sequences(routes: Sequence[OpenRoute]) -> Sequences:
    return {route.vehicle: route.stops for route in routes}
