"""Stops move from one van to another: the new plan of each route touched, timed and drawn.

Insertion at the cheapest place, in routes whose begun stops stay first and whose other stops keep
their order, breaking no promise that holds now. Pure and bound to the processor: made to be run
in an executor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from uuid import UUID

from promesa.dispatch.checking import require_sound
from promesa.dispatch.choosing import (
    Move,
    MoveNotPossibleError,
    patience,
    slacks_of,
    with_meetings,
)
from promesa.dispatch.situation import (
    RestOfDay,
    RouteNow,
    Situation,
    begun_breaks,
    rest_of_day,
)
from promesa.dispatch.streets import DayStreets
from promesa.dispatch.transfers import transfer_of
from promesa.dispatch.versions import Timing
from promesa.domain.route import PlannedStop, RouteBreak, RouteReload, Transfer
from promesa.domain.stop import StopState
from promesa.kernel.geo import Position
from promesa.kernel.polyline import encode_polyline
from promesa.planning.travel import Roads
from promesa.routing.breaks import first_departures
from promesa.routing.insertion import spread
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import RELOAD, PlannedRoute
from promesa.routing.problem import LAST_S, Problem
from promesa.routing.schedule import time_route
from promesa.tracking.travel import TravelTimes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placed:
    """A route with its visits timed, before its way is drawn on the map.

    Attributes:
        now: As it is.
        after: As it will be: without what it gives away, with what it takes.
        transfers: Where the parcels of each visit are fetched, by stop id.
        added: Stops it takes from others.
        removed: Stops it gives away.
        is_changed: Whether it visits others, or in another order, than it does as it is.
    """

    now: RouteNow
    after: RouteNow
    rest: RestOfDay
    timed: PlannedRoute
    transfers: Mapping[UUID, Transfer]
    added: frozenset[UUID]
    removed: frozenset[UUID]
    is_changed: bool = True


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


def place_moves(
    situation: Situation, moves: Sequence[Move], streets: DayStreets, travel: TravelTimes
) -> list[Rerouted]:
    """The new plans of every route the moves change, by code: none where all is so already.

    Raises:
        MoveNotPossibleError: A stop is not open, or does not fit where it should go.
    """
    placed = time_moves(situation, moves, streets, travel)
    return [drawn(situation, each, streets) for each in placed if each.is_changed]


def time_moves(
    situation: Situation, moves: Sequence[Move], streets: DayStreets, travel: TravelTimes
) -> list[Placed]:
    """The same without the ways on the map, which take most of the time.

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
    placing = _Placing(
        situation=situation, moves=moves, givers=givers, streets=streets, travel=travel
    )
    return [_placed(placing, now) for now in changing]


def _givers(situation: Situation, moves: Sequence[Move]) -> list[RouteNow]:
    givers: dict[UUID, RouteNow] = {}
    for move in moves:
        giver = situation.find_route_of(move.stop_id)
        if giver is None:
            raise MoveNotPossibleError("Esa parada ya se cerró o no es de este día.")
        if giver.route.id == move.to_route_id and not move.is_placed:
            raise MoveNotPossibleError("Esa parada ya está en esa ruta.")
        givers[giver.route.id] = giver
    return list(givers.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placing:
    """What placing the stops of each route stands on."""

    situation: Situation
    moves: Sequence[Move]
    givers: Sequence[RouteNow]
    streets: DayStreets
    travel: TravelTimes


def _placed(placing: _Placing, now: RouteNow) -> Placed:
    situation, moves = placing.situation, placing.moves
    own_ids = {stop.stop_id for stop in now.open_stops}
    there = [move for move in moves if move.to_route_id == now.route.id]
    added = frozenset(move.stop_id for move in there if move.stop_id not in own_ids)
    staying = {move.stop_id for move in there}
    removed = frozenset(
        move.stop_id for move in moves if move.stop_id in own_ids and move.stop_id not in staying
    )
    sources = [
        giver
        for giver in placing.givers
        if giver.route.id != now.route.id and not giver.stops.keys().isdisjoint(added)
    ]
    kept = now.without(removed)
    fetched = {
        stop.stop_id: transfer
        for giver in sources
        for stop in giver.open_stops
        if stop.stop_id in added and (transfer := transfer_of(giver, stop, now)) is not None
    }
    if fetched and now.route.is_broken_down:
        raise MoveNotPossibleError("Ese vehículo está en panne y esos bultos van en otro.")
    met = {now.route.id: [transfer.position for transfer in fetched.values()]}
    rest = rest_of_day(situation, [kept], placing.streets, givers=sources, met=met)
    route = as_it_goes = with_meetings(rest, 0, kept)
    slacks = slacks_of(situation, rest, 0, kept, placing.travel)
    placed = [move for move in there if move.is_placed]
    free = added - {move.stop_id for move in placed}
    if placed:
        route = with_placed(rest, kept, route, placed)
    problems = [*patience(situation, rest, free, slacks), _decided(rest, now, free)]
    stops = _inserted(problems, route, [rest.index_of(stop_id) for stop_id in sorted(free)])
    timed = time_route(rest.problem, 0, stops, rest.starts[0])
    pending = {stop.stop_id: stop.transfer for stop in kept.open_stops if stop.transfer}
    return Placed(
        now=now,
        after=_with_added(kept, sources, added),
        rest=rest,
        timed=timed,
        transfers={**pending, **fetched},
        added=added,
        removed=removed,
        is_changed=bool(added or removed) or stops != as_it_goes.stops,
    )


def _decided(rest: RestOfDay, now: RouteNow, added: frozenset[UUID]) -> Problem:
    """What a person decided: the wanted stops at any time, and no promise shortened for doubt.

    A van may be given more stops than it makes at most.
    A van that stands takes its own stops back whatever the hour: nobody knows when it goes on.
    """
    stops = tuple(
        replace(stop, windows=()) if stop_id in added or now.route.is_broken_down else stop
        for stop, stop_id in zip(rest.problem.stops, rest.stop_ids, strict=True)
    )
    first, *others = rest.problem.vehicles
    vehicles = (replace(first, stops_max=None), *others)
    if now.route.is_broken_down:
        vehicles = (replace(vehicles[0], shift_end_s=LAST_S), *vehicles[1:])
    return replace(rest.problem, stops=stops, vehicles=vehicles)


def with_placed(
    rest: RestOfDay, now: RouteNow, route: OpenRoute, moves: Sequence[Move]
) -> OpenRoute:
    """The route with stops where a person or a plan put them, one after the other.

    Raises:
        MoveNotPossibleError: A visit that has begun would move, or the one before it is gone.
    """
    stops = list(route.stops)
    begun = {rest.index_of(stop.stop_id) for stop in now.open_stops if now.has_begun(stop)}
    own_stops = {stop.stop_id for stop in now.open_stops}
    for move in moves:
        own = rest.index_of(move.stop_id)
        if own in begun:
            raise MoveNotPossibleError("El conductor ya va a esa parada. Revisa de nuevo.")
        if own in stops:
            stops.remove(own)
        place = route.frozen
        if move.after_stop_id is not None:
            before = rest.problem.stop_index.get(str(move.after_stop_id))
            if before in stops:
                place = max(place, stops.index(before) + 1)
            elif move.after_stop_id not in now.stops:
                raise MoveNotPossibleError("La ruta cambió mientras la mirabas. Revisa de nuevo.")
        if move.stop_id not in own_stops:
            place = min(place, len(stops) - route.fixed_last)
        is_waiting = move.stop_id in now.waiting and RELOAD not in stops[:place]
        if RELOAD in stops[place:] and (move.after_reload or is_waiting):
            place = stops.index(RELOAD, place) + 1
        stops.insert(place, own)
    return replace(route, stops=tuple(stops))


def _inserted(
    problems: Sequence[Problem], route: OpenRoute, left: Sequence[int]
) -> tuple[int, ...]:
    """Where promises are kept with room; else narrowly; else late, where it costs least."""
    for problem in problems:
        found = spread(problem, [route], left)
        route, left = found.routes[0], found.left
    if any(not problems[-1].allows(vehicle=route.vehicle, stop=stop) for stop in left):
        raise MoveNotPossibleError(
            "Ese vehículo no puede tomarla: le falta un requisito, o las calles de esa puerta "
            "están cerradas a su tipo."
        )
    if left:
        raise MoveNotPossibleError
    return route.stops


def _with_added(kept: RouteNow, sources: Sequence[RouteNow], added: frozenset[UUID]) -> RouteNow:
    taken = {
        stop_id: replace(stop, route_id=kept.route.id, state=StopState.PENDING, arrived_at=None)
        for giver in sources
        for stop_id, stop in giver.stops.items()
        if stop_id in added
    }
    return replace(kept, stops={**kept.stops, **taken})


def drawn(situation: Situation, placed: Placed, streets: DayStreets) -> Rerouted:
    """The route with its way on the map, once the checker has accepted it.

    Raises:
        MoveNotPossibleError: It breaks what no decision makes right.
    """
    require_sound(placed.rest, placed.timed, placed.now.without(placed.removed))
    roads = streets.of(placed.now.vehicle)
    stops = planned_stops(situation, placed.rest, placed.timed, placed.transfers, roads)
    return Rerouted(
        route_id=placed.now.route.id,
        stops=(*placed.now.closed_stops, *stops),
        timing=timing_of(situation, placed.now, placed.rest, placed.timed, roads),
        added=placed.added,
        removed=placed.removed,
    )


def planned_stops(
    situation: Situation,
    rest: RestOfDay,
    timed: PlannedRoute,
    transfers: Mapping[UUID, Transfer],
    roads: Roads | None,
) -> list[PlannedStop]:
    """The visits with their times; a meeting is no stop, its way and time lie in the next leg.

    Without ``roads`` legs have no metres: enough to judge them, not to publish them.
    """
    planned: list[PlannedStop] = []
    start = rest.starts[timed.vehicle]
    left_s, place, metres = timed.departure_s, rest.points[start.location], 0
    for visit, way in zip(timed.visits, _ways_to(rest, timed), strict=True):
        for to in way:
            if roads is not None and place != to:
                metres += roads.path(place, to, situation.now).distance_m
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
                transfer=transfers.get(stop_id),
            )
        )
        left_s, metres = visit.departure_s, 0
    return planned


def _ways_to(rest: RestOfDay, timed: PlannedRoute) -> Iterator[tuple[Position, ...]]:
    """Where it goes for each visit: there, by way of the depot when it loads before."""
    depot = rest.points[rest.problem.start_location(timed.vehicle)]
    loading = {reload.visit for reload in timed.reloads}
    for number, visit in enumerate(timed.visits):
        door = rest.points[rest.problem.stops[visit.stop].location]
        yield (depot, door) if number in loading else (door,)


def reloads_of(
    situation: Situation, now: RouteNow, rest: RestOfDay, timed: PlannedRoute
) -> tuple[RouteReload, ...]:
    """The returns to load: those made, as planned, and those to come."""
    day = situation.day
    ids = [rest.stop_ids[visit.stop] for visit in timed.visits]
    orders = {
        stop_id: each.stops[stop_id].order_id for each in rest.routes for stop_id in each.stops
    }
    coming = []
    for reload in timed.reloads:
        first = next((each for each in ids[reload.visit :] if each is not None), None)
        if first is not None:
            coming.append(
                RouteReload(
                    arrival=day.instant_at(reload.arrival_s),
                    departure=day.instant_at(reload.departure_s),
                    order_id=orders[first],
                )
            )
    return (*now.version.reloads[: now.trip - 1], *coming)


def timing_of(
    situation: Situation, now: RouteNow, rest: RestOfDay, timed: PlannedRoute, roads: Roads
) -> Timing:
    """The whole way on the map: what was driven as planned, then what is to come."""
    loaded_for = {reload.order_id for reload in now.version.reloads}
    done = [now.depot.position]
    for closed in now.closed_stops:
        done += [now.depot.position] if closed.order_id in loaded_for else []
        done.append(now.stops[closed.stop_id].position)
    coming = [
        rest.points[rest.starts[timed.vehicle].location],
        *(place for way in _ways_to(rest, timed) for place in way),
        now.depot.position,
    ]
    places = [*done, *coming] if now.is_under_way else coming
    ways = [roads.path(a, b, situation.now) for a, b in pairwise(places) if a != b]
    end = situation.day.instant_at(timed.end_s)
    return Timing(
        start=now.version.start,
        end=end,
        distance_m=sum(way.distance_m for way in ways),
        duration_s=int((end - now.version.start).total_seconds()),
        geometry=encode_polyline(point for way in ways for point in way.geometry),
        breaks=breaks_of(situation, now, rest, timed),
        reloads=reloads_of(situation, now, rest, timed),
    )


def breaks_of(
    situation: Situation, now: RouteNow, rest: RestOfDay, timed: PlannedRoute
) -> tuple[RouteBreak, ...] | None:
    """Those that have begun, and those to come where they stand now; None leaves them alone."""
    if not rest.problem.vehicles[timed.vehicle].breaks and not now.route.rests:
        return None
    day = situation.day
    coming = [*_had_first(rest, timed), *((each.start_s, each.end_s) for each in timed.pauses)]
    planned = (
        RouteBreak(start=day.instant_at(start_s), end=day.instant_at(end_s))
        for start_s, end_s in coming
    )
    return (*begun_breaks(now, situation.now), *planned)


def _had_first(rest: RestOfDay, timed: PlannedRoute) -> Iterator[tuple[int, int]]:
    """The breaks had where the van stands, before it drives on: left out, nobody would have them.

    In a depot too: the hour at which the route begins stays as it was.
    """
    start = rest.starts[timed.vehicle]
    ready = first_departures(rest.problem, timed.vehicle, start)
    begun_s = start.ready_s
    for number, pause in enumerate(rest.problem.vehicles[timed.vehicle].breaks, start=1):
        if number >= len(ready) or ready[number] > timed.departure_s:
            return
        begun_s = max(begun_s, pause.start_s)
        yield begun_s, begun_s + pause.duration_s
        begun_s += pause.duration_s
