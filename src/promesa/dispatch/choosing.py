"""Which vans take the stops of one that cannot: as few as can, those on the road and spare ones.

Van by van, whoever keeps most promises for the least; going to fetch the parcels is part of its
price. Promises are kept with room for doubt first, then narrowly, then late. Nobody else's is
broken for it. Pure and bound to the processor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from promesa.dispatch.foresight import foresee_as_it_is
from promesa.dispatch.situation import RestOfDay, RouteNow, Situation, rest_of_day
from promesa.dispatch.streets import DayStreets
from promesa.dispatch.transfers import may_leave, transfer_of
from promesa.domain.route import PlannedStop, RouteState
from promesa.kernel.errors import ConflictError
from promesa.kernel.geo import distance_m
from promesa.routing.loads import trips_of
from promesa.routing.params import UNSERVED_PRICE_CLP
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import RELOAD
from promesa.routing.problem import LAST_S, Problem, Window
from promesa.routing.replan.rescue import HandedOut, Taker, hand_out
from promesa.routing.schedule import time_route
from promesa.tracking.travel import TravelTimes

# The vans whose remaining stops are nearest; more of them hardly ever take a stop more.
ROUTES_TRIED = 6
# The nearest spare vans; alike as they mostly are, more of them offer nothing new.
SPARES_TRIED = 3
# How much later than expected an arrival may be one time in ten, by how far off it is: what the
# spread of tracking's estimates comes to over an hour or two.
DOUBT_SHARE = 0.25
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
    """A stop and the route that takes it.

    Attributes:
        after_stop_id: Which stop it is visited right after; None where it costs least.
        is_first: Whether it is visited before all that is not begun.
        after_reload: Whether the van comes back to load between that stop and this one.
    """

    stop_id: UUID
    to_route_id: UUID
    after_stop_id: UUID | None = None
    is_first: bool = False
    after_reload: bool = False

    @property
    def is_placed(self) -> bool:
        """Whether it says where in the route."""
        return self.is_first or self.after_stop_id is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Who takes what.

    Attributes:
        costs_clp: What each taking van drives and works more for it, by route id.
    """

    moves: tuple[Move, ...] = ()
    costs_clp: Mapping[UUID, int] | None = None


def taking_routes(
    situation: Situation, giving: RouteNow, streets: DayStreets
) -> list[list[RouteNow]]:
    """Routes that could take stops, by the streets they go by, the giving van's own first.

    In each those nearest to the giving van first; then spare vans.
    """
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

    nearest = sorted(others, key=away_m)
    groups = []
    for group in streets.apart(nearest, first=giving.vehicle):
        on_the_road = [now for now in group if not now.is_spare]
        spare = [now for now in group if now.is_spare]
        groups.append([*on_the_road[:ROUTES_TRIED], *spare[:SPARES_TRIED]])
    return groups


def spread_out(
    situation: Situation, giving: RouteNow, streets: DayStreets, travel: TravelTimes
) -> Choice:
    """Where the giving van's open stops go, as far as somebody can take them.

    Who goes by the same streets takes first what it can.
    """
    left = [stop for stop in giving.open_stops if may_leave(situation, giving, stop)]
    moves: list[Move] = []
    costs_clp: dict[UUID, int] = {}
    for takers in taking_routes(situation, giving, streets):
        if not left:
            break
        rest = _met_on_the_way(situation, giving, left, takers, streets)
        found = _spread(situation, rest, left, takers, travel)
        taken = {move.stop_id for move in found.moves}
        left = [stop for stop in left if stop.stop_id not in taken]
        moves += found.moves
        costs_clp.update(found.costs_clp or {})
    return Choice(moves=tuple(moves), costs_clp=costs_clp)


def _met_on_the_way(
    situation: Situation,
    giving: RouteNow,
    given: Sequence[PlannedStop],
    takers: Sequence[RouteNow],
    streets: DayStreets,
) -> RestOfDay:
    """The day of those who take, each of whom could fetch what is given."""
    met = {
        taker.route.id: [
            transfer.position
            for stop in given
            if (transfer := transfer_of(giving, stop, taker)) is not None
        ]
        for taker in takers
    }
    return rest_of_day(situation, takers, streets, givers=[giving], met=met)


def _spread(
    situation: Situation,
    rest: RestOfDay,
    given: Sequence[PlannedStop],
    takers: Sequence[RouteNow],
    travel: TravelTimes,
) -> Choice:
    """Which of the given stops each of them takes."""
    slacks = {
        stop_id: slack_s
        for number, taker in enumerate(takers)
        for stop_id, slack_s in slacks_of(situation, rest, number, taker, travel).items()
    }
    wanted = frozenset(stop.stop_id for stop in given)
    takes = [_taker(rest, number, taker) for number, taker in enumerate(takers)]
    left = [rest.index_of(stop.stop_id) for stop in given]
    done = HandedOut(left=left)
    for problem in patience(situation, rest, wanted, slacks):
        done = hand_out(problem, takes, left, UNSERVED_PRICE_CLP, done)
    moves = []
    for number, stops in done.taken.items():
        for stop in stops:
            stop_id = rest.stop_ids[stop]
            assert stop_id is not None, "only stops are handed out"
            moves.append(Move(stop_id=stop_id, to_route_id=takers[number].route.id))
    costs_clp = {takers[number].route.id: cost for number, cost in done.costs_clp.items()}
    return Choice(moves=tuple(moves), costs_clp=costs_clp)


def _taker(rest: RestOfDay, number: int, now: RouteNow) -> Taker:
    """The van as it goes on, and as it would if it met who gives."""
    return Taker(
        now=OpenRoute(vehicle=number, stops=as_it_is(rest, number, now), start=rest.starts[number]),
        opened=(with_meetings(rest, number, now),),
        # What leaves the depot for this alone pays its day; what waits there costs nothing.
        fixed_clp=rest.problem.vehicles[number].fixed_cost_clp,
    )


def slacks_of(
    situation: Situation, rest: RestOfDay, number: int, now: RouteNow, travel: TravelTimes
) -> dict[UUID, int]:
    """By how much tracking's latest arrival exceeds the schedule's, for each stop of a route.

    With windows shortened by it, what the schedule calls in time is what tracking calls safe.
    """
    if not now.open_stops:
        return {}
    timed = time_route(rest.problem, number, as_it_is(rest, number, now), rest.starts[number])
    scheduled = {rest.stop_ids[visit.stop]: visit.arrival_s for visit in timed.visits}
    arrivals = foresee_as_it_is(situation, now, travel).arrivals
    return {
        stop_id: max(0, situation.day.second_of(arrival.p90) - scheduled[stop_id])
        for stop_id, arrival in arrivals.items()
        if stop_id in scheduled
    }


def as_it_is(rest: RestOfDay, number: int, now: RouteNow) -> tuple[int, ...]:
    """The route's own visits and returns, with the meetings it has to go to anyway."""
    pending = {
        transfer.position
        for stop in now.open_stops
        if (transfer := now.pending_transfer(stop)) is not None
    }
    meetings = [
        index
        for index in rest.meetings[number]
        if rest.points[rest.problem.stops[index].location] in pending
    ]
    return _met_after_begun(rest, now, meetings)


def with_meetings(rest: RestOfDay, number: int, now: RouteNow) -> OpenRoute:
    """The route when it meets whom it has to, after what is begun and before all else.

    What is fetched there is handed over before the van comes back to load, for want of room.
    """
    begun = sum(1 for stop in now.open_stops if now.has_begun(stop))
    meetings = rest.meetings[number]
    stops = _met_after_begun(rest, now, meetings)
    first_trip = len(trips_of(stops)[0])
    return OpenRoute(
        vehicle=number,
        stops=stops,
        start=rest.starts[number],
        frozen=begun + len(meetings),
        fixed_last=len(stops) - first_trip if meetings else 0,
    )


def _met_after_begun(rest: RestOfDay, now: RouteNow, meetings: Sequence[int]) -> tuple[int, ...]:
    own = [RELOAD if each is None else rest.index_of(each.stop_id) for each in now.open_steps]
    begun = sum(1 for stop in now.open_stops if now.has_begun(stop))
    return (*own[:begun], *meetings, *own[begun:])


def patience(
    situation: Situation,
    rest: RestOfDay,
    wanted: frozenset[UUID],
    slacks: Mapping[UUID, int],
) -> list[Problem]:
    """The problem asked three times: promises of the wanted stops with room, narrowly, or late.

    Late is never early: who comes before the window waits for it, and that counts in the shift.
    """
    present_s = situation.day.second_of(situation.now)

    def with_room(window: Window) -> Window:
        span_s = max(0, window.end_s - present_s)
        end_s = present_s + int(span_s / (1 + DOUBT_SHARE))
        return replace(window, end_s=max(window.start_s, min(window.end_s, end_s)))

    def told(window: Window) -> Window:
        return window

    def late(window: Window) -> Window:
        return replace(window, end_s=LAST_S)

    problems = []
    for change in (with_room, told, late):
        stops = []
        for stop, stop_id in zip(rest.problem.stops, rest.stop_ids, strict=True):
            windows = stop.windows
            if stop_id in wanted:
                windows = tuple(map(change, windows))
            elif stop_id is not None:
                windows = tuple(_shortened(each, slacks.get(stop_id, 0)) for each in windows)
            stops.append(replace(stop, windows=windows))
        problems.append(replace(rest.problem, stops=tuple(stops)))
    return problems


def _shortened(window: Window, slack_s: int) -> Window:
    return replace(window, end_s=max(window.start_s, window.end_s - slack_s))
