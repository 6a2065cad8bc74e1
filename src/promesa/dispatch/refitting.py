"""A stop that changed finds its place again in its own route, at the expense of no other promise.

The route is timed as it is and with the stop at each place it may take. A route that is late
already may stay so: what counts is that nobody else's window is missed because of the change.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from promesa.dispatch.checking import require_sound
from promesa.dispatch.choosing import MoveNotPossibleError, as_it_is
from promesa.dispatch.moving import Rerouted, planned_stops, timing_of
from promesa.dispatch.situation import RestOfDay, RouteNow, Situation, rest_of_day
from promesa.dispatch.streets import DayStreets
from promesa.domain.route import Transfer
from promesa.routing.limits import is_feasible
from promesa.routing.loads import trips_of
from promesa.routing.plan import PlannedRoute
from promesa.routing.problem import NOTHING
from promesa.routing.schedule import time_route

# A van that comes back after its shift anyway may come back so much later for a wrong door.
OVERTIME_MORE_S_MAX = 600


def refit(before: Situation, after: Situation, stop_id: UUID, streets: DayStreets) -> Rerouted:
    """The stop's route with the stop, as it is in ``after``, where it now costs least.

    Raises:
        MoveNotPossibleError: The stop is not open, or fits nowhere.
    """
    was, now = before.find_route_of(stop_id), after.find_route_of(stop_id)
    if was is None or now is None:
        raise MoveNotPossibleError("Esa parada ya se cerró o no es de este día.")
    present = _timed_as_it_is(before, was, streets)
    rest = rest_of_day(after, [now], streets)
    own = rest.index_of(stop_id)
    others = [stop for stop in as_it_is(rest, 0, now) if stop != own]
    tried = [_with_stop(rest, others, own, place) for place in _places(rest, now, stop_id)]
    fitting = [timed for timed in tried if _is_fair(rest, timed, own, present)]
    if not fitting:
        raise MoveNotPossibleError
    best = min(fitting, key=lambda timed: (_lateness_s(timed, own) > 0, timed.cost_clp))
    require_sound(rest, best, now)
    roads = streets.of(now.vehicle)
    return Rerouted(
        route_id=now.route.id,
        stops=(*now.closed_stops, *planned_stops(after, rest, best, _transfers(now), roads)),
        timing=timing_of(after, now, rest, best, roads),
        added=frozenset({stop_id}),
        removed=frozenset({stop_id}),
    )


class _Present:
    """The route before the change: who is late already, and how late it may come back."""

    def __init__(self, rest: RestOfDay, timed: PlannedRoute) -> None:
        self.late = {rest.stop_ids[visit.stop] for visit in timed.visits if visit.lateness_s > 0}
        limit_s = rest.problem.limit_s(timed.vehicle) - rest.problem.latest_s(timed.vehicle)
        more_s = OVERTIME_MORE_S_MAX if timed.overtime_s else 0
        self.overtime_s_max = max(limit_s, timed.overtime_s + more_s)


def _timed_as_it_is(situation: Situation, now: RouteNow, streets: DayStreets) -> _Present:
    rest = rest_of_day(situation, [now], streets)
    stops = as_it_is(rest, 0, now)
    return _Present(rest, time_route(rest.problem, 0, stops, rest.starts[0]))


def _transfers(now: RouteNow) -> dict[UUID, Transfer]:
    return {stop.stop_id: stop.transfer for stop in now.open_stops if stop.transfer}


def _places(rest: RestOfDay, now: RouteNow, stop_id: UUID) -> range:
    """Where the stop may stand: after what has begun; where it is when it has begun itself.

    After the meetings, too: its own parcels may be among those fetched there.
    """
    begun = [stop.stop_id for stop in now.open_stops if now.has_begun(stop)]
    if stop_id in begun:
        place = begun.index(stop_id)
        return range(place, place + 1)
    met = len(rest.meetings[0])
    return range(len(begun) + met, len(now.open_steps) + met)


def _with_stop(rest: RestOfDay, others: list[int], own: int, place: int) -> PlannedRoute:
    stops = (*others[:place], own, *others[place:])
    return time_route(rest.problem, 0, stops, rest.starts[0])


def _is_fair(rest: RestOfDay, timed: PlannedRoute, own: int, present: _Present) -> bool:
    """Whether nobody else is late who was not, the van can carry it, and is back in time."""
    newly_late = any(
        visit.lateness_s > 0 and visit.stop != own and rest.stop_ids[visit.stop] not in present.late
        for visit in timed.visits
    )
    if newly_late or timed.overtime_s > present.overtime_s_max:
        return False
    if _is_in_another_trip(rest, timed, own):
        return False
    in_time = tuple(replace(visit, lateness_s=0) for visit in timed.visits)
    return is_feasible(rest.problem, replace(timed, overtime_s=0, visits=in_time), rest.starts[0])


def _is_in_another_trip(rest: RestOfDay, timed: PlannedRoute, own: int) -> bool:
    """Whether its parcels lie in the depot then, or go along while the van loads again."""
    now, is_early = rest.routes[0], own in trips_of(timed.sequence)[0]
    if rest.stop_ids[own] in now.waiting:
        return is_early
    is_aboard = now.is_under_way and rest.problem.stops[own].delivered != NOTHING
    goes_first = own in trips_of(as_it_is(rest, 0, now))[0]
    return is_aboard and goes_first and not is_early


def _lateness_s(timed: PlannedRoute, own: int) -> int:
    return next(visit.lateness_s for visit in timed.visits if visit.stop == own)
