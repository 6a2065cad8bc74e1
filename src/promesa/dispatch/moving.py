"""Stops move from one van to another: what to propose, and the new versions once decided.

Insertion at the cheapest place, in routes whose begun stops stay frozen, breaking no promise that
holds now. Pure and bound to the processor: made to be run in an executor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import ClassVar
from uuid import UUID

from promesa.dispatch.situation import RestOfDay, RouteNow, Situation, rest_of_day
from promesa.dispatch.versions import Timing
from promesa.domain.route import PlannedStop, RouteState
from promesa.kernel.errors import ConflictError
from promesa.kernel.geo import Position, distance_m
from promesa.kernel.polyline import encode_polyline
from promesa.planning.travel import Roads
from promesa.routing.insertion import OpenRoute, Spread, spread
from promesa.routing.plan import PlannedRoute
from promesa.routing.schedule import time_route

# The vans whose remaining stops are nearest; more of them hardly ever take a stop more.
ROUTES_TRIED = 6
_OPEN = frozenset(
    {
        RouteState.PUBLISHED,
        RouteState.LOADING,
        RouteState.LOADED,
        RouteState.STARTED,
        RouteState.PAUSED,
    }
)


class MoveNotPossibleError(ConflictError):
    """The stop fits into the other route at no place, or may not leave its own."""

    code: ClassVar[str] = "move_not_possible"
    message: ClassVar[str] = "Esa parada no cabe en la otra ruta. Prueba con otra."


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A stop and the route that takes it."""

    stop_id: UUID
    to_route_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerouted:
    """A route as it will be: the past as it was, then the stops still to visit.

    Attributes:
        added: Stops it takes from others.
        removed: Stops it gives away.
    """

    route_id: UUID
    stops: tuple[PlannedStop, ...]
    timing: Timing
    added: frozenset[UUID]
    removed: frozenset[UUID]


def taking_routes(situation: Situation, giving: RouteNow) -> list[RouteNow]:
    """Routes that could take stops, those nearest to the giving van first."""
    others = [
        now
        for now in situation.routes
        if now.route.id != giving.route.id
        and now.route.state in _OPEN
        and not now.route.is_broken_down
    ]

    def away_m(now: RouteNow) -> tuple[float, str]:
        places = [now.place, *(now.stops[stop.stop_id].position for stop in now.open_stops)]
        return min(distance_m(giving.place, place) for place in places), now.route.code

    return sorted(others, key=away_m)[:ROUTES_TRIED]


def spread_out(situation: Situation, giving: RouteNow, roads: Roads) -> list[Move]:
    """Where the giving van's open stops go: first those whose promise can be kept, then others."""
    takers = taking_routes(situation, giving)
    wanted = [stop.stop_id for stop in giving.open_stops]
    if not takers or not wanted:
        return []
    met = [giving.place]
    bound = rest_of_day(situation, [*takers, giving], met, roads)
    kept = _spread(bound, giving, wanted)
    moves = _moves(bound, kept)
    late = [stop for stop in wanted if stop not in {move.stop_id for move in moves}]
    if not late:
        return moves
    loose = rest_of_day(situation, [*takers, giving], met, roads, unbound=frozenset(late))
    again = spread(
        loose.problem,
        [replace(route, frozen=min(route.frozen, len(route.stops))) for route in kept.routes],
        [loose.index_of(stop) for stop in late],
    )
    return [*moves, *_moves(loose, again)]


def place_moves(situation: Situation, moves: Sequence[Move], roads: Roads) -> list[Rerouted]:
    """The new plans of every route the moves touch, by code.

    Raises:
        MoveNotPossibleError: A stop is not open, or does not fit where it should go.
    """
    givers = _givers(situation, moves)
    touched = {move.to_route_id for move in moves} | {now.route.id for now in givers}
    for route_id in touched:
        if not any(now.route.id == route_id for now in situation.routes):
            raise MoveNotPossibleError("Esa ruta ya terminó o no es de este día.")
    changing = sorted(
        (situation.get_route(route_id) for route_id in touched), key=lambda now: now.route.code
    )
    return [_rerouted(situation, now, moves, givers, roads) for now in changing]


def _givers(situation: Situation, moves: Sequence[Move]) -> list[RouteNow]:
    givers: dict[UUID, RouteNow] = {}
    for move in moves:
        giver = situation.find_route_of(move.stop_id)
        if giver is None:
            raise MoveNotPossibleError("Esa parada ya se cerró o no es de este día.")
        if giver.route.id == move.to_route_id:
            raise MoveNotPossibleError("Esa parada ya está en esa ruta.")
        givers[giver.route.id] = giver
    return list(givers.values())


def needs_meeting(giving: RouteNow, taking: RouteNow) -> bool:
    """Whether the parcels must be fetched from the other van: not while both stand in one depot."""
    is_in_depot = not giving.is_under_way and not taking.is_under_way
    return not (is_in_depot and giving.depot.id == taking.depot.id)


def _spread(rest: RestOfDay, giving: RouteNow, wanted: Sequence[UUID]) -> Spread:
    """Offers the stops to every van that can come to the meeting without breaking a promise."""
    offered = []
    for number, now in enumerate(rest.routes):
        if now.route.id == giving.route.id:
            continue
        own = [rest.index_of(stop.stop_id) for stop in now.open_stops]
        met = rest.meetings[number] if needs_meeting(giving, now) else ()
        route = _with_meetings(rest, number, now, own, met)
        before = time_route(rest.problem, number, own, rest.starts[number])
        after = time_route(rest.problem, number, route.stops, rest.starts[number])
        if after.lateness_s > before.lateness_s or after.overtime_s > before.overtime_s:
            continue
        offered.append(route)
    return spread(rest.problem, offered, [rest.index_of(stop) for stop in wanted])


def _with_meetings(
    rest: RestOfDay, number: int, now: RouteNow, own: Sequence[int], meetings: Sequence[int]
) -> OpenRoute:
    begun = sum(1 for stop in now.open_stops if now.has_begun(stop))
    return OpenRoute(
        vehicle=number,
        stops=(*own[:begun], *meetings, *own[begun:]),
        start=rest.starts[number],
        frozen=begun + len(meetings),
    )


def _moves(rest: RestOfDay, result: Spread) -> list[Move]:
    moves = []
    for insertion in result.insertions:
        stop_id = rest.stop_ids[insertion.stop]
        vehicle = result.routes[insertion.route].vehicle
        if stop_id is not None:
            moves.append(Move(stop_id=stop_id, to_route_id=rest.routes[vehicle].route.id))
    return moves


def _rerouted(
    situation: Situation,
    now: RouteNow,
    moves: Sequence[Move],
    givers: Sequence[RouteNow],
    roads: Roads,
) -> Rerouted:
    added = [move.stop_id for move in moves if move.to_route_id == now.route.id]
    removed = frozenset(
        move.stop_id for move in moves if situation.find_route_of(move.stop_id) == now
    )
    sources = [
        giver
        for giver in givers
        if giver.route.id != now.route.id and not giver.stops.keys().isdisjoint(added)
    ]
    met = _by_nearness(now, [giver.place for giver in sources if needs_meeting(giver, now)])
    rest = rest_of_day(situation, [now, *sources], met, roads, unbound=frozenset(added))
    own = [rest.index_of(s.stop_id) for s in now.open_stops if s.stop_id not in removed]
    route = _with_meetings(rest, 0, _without(now, removed), own, rest.meetings[0])
    # Where windows let it, the stop goes where its promise is kept; otherwise where it is cheapest.
    tight = rest_of_day(situation, [now, *sources], met, roads)
    kept = spread(tight.problem, [route], [tight.index_of(stop) for stop in added])
    loose = spread(rest.problem, kept.routes, kept.left)
    if loose.left:
        raise MoveNotPossibleError
    timed = time_route(tight.problem, 0, loose.routes[0].stops, tight.starts[0])
    return Rerouted(
        route_id=now.route.id,
        stops=(*now.closed_stops, *planned_stops(situation, tight, timed, roads)),
        timing=timing_of(situation, now, tight, timed, roads),
        added=frozenset(added),
        removed=removed,
    )


def _by_nearness(now: RouteNow, places: Sequence[Position]) -> list[Position]:
    """The places in the order a van reaches them that always goes to the nearest one left."""
    here, left, ordered = now.place, list(dict.fromkeys(places)), []
    while left:
        here = min(left, key=lambda place: distance_m(here, place))
        left.remove(here)
        ordered.append(here)
    return ordered


def _without(now: RouteNow, removed: frozenset[UUID]) -> RouteNow:
    return replace(now, stops={key: s for key, s in now.stops.items() if key not in removed})


def planned_stops(
    situation: Situation, rest: RestOfDay, timed: PlannedRoute, roads: Roads
) -> list[PlannedStop]:
    """The visits with their times; a meeting is no stop, its way and time lie in the next leg."""
    planned: list[PlannedStop] = []
    left_s, place, metres = timed.departure_s, rest.points[rest.starts[0].location], 0
    for visit in timed.visits:
        to = rest.points[rest.problem.stops[visit.stop].location]
        metres += roads.path(place, to, situation.now).distance_m if place != to else 0
        place = to
        stop_id = rest.stop_ids[visit.stop]
        if stop_id is None:
            continue
        planned.append(
            PlannedStop(
                stop_id=stop_id,
                order_id=next(
                    now.stops[stop_id].order_id for now in rest.routes if stop_id in now.stops
                ),
                sequence=0,
                arrival=situation.day.instant_at(visit.arrival_s),
                departure=situation.day.instant_at(visit.departure_s),
                leg_duration_s=visit.arrival_s - left_s,
                leg_distance_m=metres,
            )
        )
        left_s, metres = visit.departure_s, 0
    return planned


def timing_of(
    situation: Situation, now: RouteNow, rest: RestOfDay, timed: PlannedRoute, roads: Roads
) -> Timing:
    """The whole way on the map: what was driven as planned, then what is to come."""
    done = [now.depot.position, *(now.stops[s.stop_id].position for s in now.closed_stops)]
    coming = [
        rest.points[rest.starts[0].location],
        *(rest.points[rest.problem.stops[visit.stop].location] for visit in timed.visits),
        now.depot.position,
    ]
    places = [*done, *coming] if now.is_under_way else coming
    ways = [roads.path(a, b, situation.now) for a, b in pairwise(places) if a != b]
    end = situation.day.instant_at(timed.end_s)
    return Timing(
        end=end,
        distance_m=sum(way.distance_m for way in ways),
        duration_s=int((end - now.version.start).total_seconds()),
        geometry=encode_polyline(point for way in ways for point in way.geometry),
    )
