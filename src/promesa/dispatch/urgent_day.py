"""The rest of the day of the vans that could take an order, each as it would go on to take it.

A van on the road goes back for the parcels before anything else, or loads them when it comes back
to load: both are looked at. One that has not left loads them with the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from promesa.dispatch.choosing import Move, as_it_is, patience, slacks_of, with_meetings
from promesa.dispatch.foresight import foresee_as_it_is
from promesa.dispatch.moving import Placed
from promesa.dispatch.proposals import LaterStop, foresee_placed, list_later
from promesa.dispatch.situation import RestOfDay, RouteNow, Situation, rest_of_day
from promesa.dispatch.streets import DayStreets
from promesa.domain.fleet import Depot
from promesa.domain.order import Order
from promesa.domain.promise import PromiseRisk
from promesa.domain.route import PlannedStop, Transfer
from promesa.domain.stop import Stop, StopType
from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.units import MINUTE_S
from promesa.planning.terms import bonds_of
from promesa.routing.course import Start
from promesa.routing.limits import excess_of
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import RELOAD
from promesa.routing.problem import Bond, Problem
from promesa.routing.replan.places import LivePlaces
from promesa.routing.replan.rescue import opening_cost_clp
from promesa.routing.schedule import time_route
from promesa.tracking.travel import TravelTimes


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """An order without a route.

    Attributes:
        stop: Its visit, of no route yet.
        depot: Where its parcels are; None where nobody knows, then they are looked for in the
            taking van's own.
        holder_id: The route whose van has them aboard; no other van can take it then.
        waits_with: References of the others it must go with that have no route yet.
    """

    order: Order
    stop: Stop
    depot: Depot | None = None
    holder_id: UUID | None = None
    waits_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentPlace:
    """A van that could take it, and the best place in its route.

    Attributes:
        depot: Which depot it goes back to for the parcels; None where it need not.
        fetches_at: When it comes there.
        is_aboard: Whether the van has the parcels already: it stays in then.
        after_reload: Whether it loads them there when it comes back to load, not before all else.
        after: Which stop it is visited right after; None where it is the first to come.
        before: The one after it.
        added_s: Seconds the van works more.
        lost: Promises of others that are safe now and are not then.
        stops_max: The most its van makes in a day, which this stop is beyond; None where it is not.
        later: Others that are noticeably later for it.
    """

    route_id: UUID
    code: str
    plate: str
    is_spare: bool
    is_under_way: bool
    depot: str | None
    fetches_at: datetime | None
    after_reload: bool
    is_aboard: bool
    after: UUID | None
    before: UUID | None
    arrival: datetime
    latest: datetime
    risk: PromiseRisk
    added_cost_clp: int
    added_s: int
    back_at: datetime
    shift_end: datetime
    lost: int
    stops_max: int | None
    later: tuple[LaterStop, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a van would come by the parcels.

    Attributes:
        number: Of the van among those looked at.
        opened: Its route as it would go for them, still without the order.
        there: Where it fetches them before anything else; None where it need not.
        after_reload: Whether it loads them when it comes back to load.
        is_new_trip: Whether it comes back for them alone: no return is planned.
    """

    number: int
    opened: OpenRoute
    there: Transfer | None = None
    after_reload: bool = False
    is_new_trip: bool = False


class UrgentDay:
    """The rest of the day of those vans, each as it would go on to take the order."""

    def __init__(
        self,
        situation: Situation,
        urgent: Urgent,
        takers: Sequence[RouteNow],
        streets: DayStreets,
        travel: TravelTimes,
    ) -> None:
        self._situation, self._urgent, self._takers = situation, urgent, takers
        self._travel = travel
        fetched = [fetching(urgent, now) for now in takers]
        met = {
            now.route.id: [there.position]
            for now, there in zip(takers, fetched, strict=True)
            if there is not None
        }
        waiting = _waiting(urgent, takers[0])
        rest = rest_of_day(situation, takers, streets, givers=[waiting], met=met)
        problem = replace(rest.problem, bonds=_bonds(situation, rest, urgent))
        self.rest: RestOfDay = replace(rest, problem=problem)
        self.own = self.rest.index_of(urgent.stop.id)
        at_once = [
            Way(number=number, opened=with_meetings(self.rest, number, now), there=there)
            for number, (now, there) in enumerate(zip(takers, fetched, strict=True))
        ]
        later = [self._after_reload(number, now) for number, now in enumerate(takers)]
        self.ways = [*at_once, *(way for way in later if way is not None)]

    @property
    def is_shut(self) -> bool:
        """Whether none of them has a way to the door."""
        problem = self.rest.problem
        ids = {van.id for van in problem.vehicles[: len(self._takers)]}
        return ids <= problem.stops[self.own].excluded_vehicles

    def way_of(self, move: Move) -> Way:
        """How the first of the vans would come by the parcels of a move."""
        later = [way for way in self.ways if way.after_reload and move.after_reload]
        return (*later, *self.ways)[0]

    def ranked(self) -> list[tuple[Way, tuple[int, ...]]]:
        """Ways with the positions to look at: where all promises are kept first, then by cost.

        Last those of vans that make their most stops already, which a person may exceed.
        """
        slacks = {
            stop_id: slack_s
            for number, now in enumerate(self._takers)
            for stop_id, slack_s in slacks_of(
                self._situation, self.rest, number, now, self._travel
            ).items()
        }
        wanted = frozenset({self._urgent.stop.id})
        kept = patience(self._situation, self.rest, wanted, slacks)
        asked = [(problem, True) for problem in kept] + [(self._at_any_hour(), False)]
        every = list(range(len(self.ways)))
        full = [n for n in every if self._takers[self.ways[n].number].stops_left == 0]
        steps = [(problem, is_kept, every) for problem, is_kept in asked]
        steps += [(_of_any_number(problem), is_kept, full) for problem, is_kept in asked if full]
        ranked: dict[int, tuple[int, ...]] = {}
        for problem, is_kept, among in steps:
            for index, position in self._best(problem, [n for n in among if n not in ranked]):
                way = self.ways[index]
                last = way.opened.places.stop - 1
                is_free = not is_kept and self.own not in problem.bond_of and not way.is_new_trip
                ranked[index] = tuple({position, last}) if is_free else (position,)
        return [(self.ways[index], positions) for index, positions in ranked.items()]

    def _after_reload(self, number: int, now: RouteNow) -> Way | None:
        """Loading the parcels on coming back; None where they lie elsewhere, or it may not."""
        urgent, stops = self._urgent, as_it_is(self.rest, number, now)
        is_at_home = urgent.depot is None or urgent.depot.id == now.depot.id
        is_to_load = urgent.stop.type is not StopType.PICKUP and urgent.holder_id is None
        if not is_at_home or not is_to_load or now.is_spare:
            return None
        start = self.rest.starts[number]
        if RELOAD in stops:
            if not now.is_under_way:
                # Who has not left may put it anywhere as it is.
                return None
            opened = OpenRoute(
                vehicle=number, stops=stops, start=start, frozen=stops.index(RELOAD) + 1
            )
            return Way(number=number, opened=opened, after_reload=True)
        if not stops or now.trip >= now.vehicle.trips_max:
            return None
        opened = OpenRoute(
            vehicle=number, stops=(*stops, RELOAD), start=start, frozen=len(stops) + 1
        )
        return Way(number=number, opened=opened, after_reload=True, is_new_trip=True)

    def _at_any_hour(self) -> Problem:
        """The day as if nobody had been promised an hour: what that breaks is said, van by van."""
        stops = tuple(replace(stop, windows=()) for stop in self.rest.problem.stops)
        return replace(self.rest.problem, stops=stops)

    def _best(self, problem: Problem, left: Sequence[int]) -> list[tuple[int, int]]:
        """Those of the ways left that are possible, with their best positions, cheapest first."""
        found = [
            (cost_clp, index, len(self.ways[index].opened.stops))
            for index in left
            if self.ways[index].is_new_trip
            and (cost_clp := self._new_trip_clp(self.ways[index], problem)) is not None
        ]
        opening = {
            index: cost
            for index in left
            if not self.ways[index].is_new_trip
            and (cost := self._opening_clp(self.ways[index], problem)) is not None
        }
        if opening:
            indexes = list(opening)
            live = LivePlaces(problem, [self.ways[index].opened for index in indexes])
            for each in live.best(self.own, len(indexes)):
                index = indexes[each.route]
                found.append((opening[index] + each.added_cost_clp, index, each.position))
        return [(index, position) for _, index, position in sorted(found)]

    def _opening_clp(self, way: Way, problem: Problem) -> int | None:
        """What going for the parcels costs; None where it breaks a promise or the shift."""
        fixed_clp = problem.vehicles[way.number].fixed_cost_clp
        if way.there is None:
            return fixed_clp
        added_clp = opening_cost_clp(problem, self._as_it_is(way.number), way.opened)
        return None if added_clp is None else fixed_clp + added_clp

    def _new_trip_clp(self, way: Way, problem: Problem) -> int | None:
        """What coming back for them at the end costs; None where it breaks what it keeps now."""
        day, now = self._problem_of(way, problem), self._as_it_is(way.number)
        if not day.allows(vehicle=way.number, stop=self.own) or self.own in day.bond_of:
            return None
        before = time_route(day, now.vehicle, now.stops, now.start)
        after = time_route(day, now.vehicle, (*way.opened.stops, self.own), now.start)
        was = excess_of(day, before, now.start)
        if not excess_of(day, after, now.start).is_within(was):
            return None
        return after.cost_clp - before.cost_clp

    def _problem_of(self, way: Way, problem: Problem) -> Problem:
        """The day in which the van may come back once more where its way says so."""
        if not way.is_new_trip:
            return problem
        vehicles = list(problem.vehicles)
        van = vehicles[way.number]
        vehicles[way.number] = replace(van, trips_max=van.trips_max + 1)
        return replace(problem, vehicles=tuple(vehicles))

    def _as_it_is(self, number: int) -> OpenRoute:
        return OpenRoute(
            vehicle=number,
            stops=as_it_is(self.rest, number, self._takers[number]),
            start=self.rest.starts[number],
        )

    def place(self, way: Way, positions: Iterable[int]) -> UrgentPlace:
        """What it comes to at the best of the positions, as tracking would see it."""
        found = [self._place(way, position) for position in positions]
        return min(found, key=lambda each: (each.lost, each.added_cost_clp))

    def _place(self, way: Way, position: int) -> UrgentPlace:
        number, opened, there = way.number, way.opened, way.there
        now, problem = self._takers[number], self.rest.problem
        placed = self.placed(way, (*opened.stops[:position], self.own, *opened.stops[position:]))
        ahead = foresee_placed(self._situation, placed, self._travel)
        was = foresee_as_it_is(self._situation, now, self._travel)
        timed = placed.timed
        order = [self.rest.stop_ids[stop] for stop in timed.stops]
        here = order.index(self._urgent.stop.id)
        depot = now.depot.name if way.after_reload else there.from_code if there else None
        present = self._as_it_is(number)
        before = time_route(problem, number, present.stops, present.start)
        is_idle = not before.visits
        arrival = ahead.arrivals[self._urgent.stop.id]
        day = self._situation.day
        return UrgentPlace(
            route_id=now.route.id,
            code=now.route.code,
            plate=now.vehicle.plate,
            is_spare=now.is_spare,
            is_under_way=now.is_under_way,
            depot=depot,
            fetches_at=_fetched_at(day, way, placed, here),
            after_reload=way.after_reload or opened.stops[:position][-1:] == (RELOAD,),
            is_aboard=self._urgent.holder_id is not None,
            after=next((each for each in reversed(order[:here]) if each is not None), None),
            before=next((each for each in order[here + 1 :] if each is not None), None),
            arrival=arrival.p50,
            latest=arrival.p90,
            risk=ahead.risks[self._urgent.stop.id],
            added_cost_clp=timed.cost_clp
            + problem.vehicles[number].fixed_cost_clp
            - (0 if is_idle else before.cost_clp),
            added_s=timed.end_s
            - timed.departure_s
            - (0 if is_idle else before.end_s - before.departure_s),
            back_at=day.instant_at(timed.end_s),
            shift_end=now.shift_end,
            lost=sum(
                risk is PromiseRisk.ON_TIME and ahead.risks.get(stop_id) is not risk
                for stop_id, risk in was.risks.items()
            ),
            stops_max=now.vehicle.stops_max if now.stops_left == 0 else None,
            later=tuple(list_later(self._situation, placed, ahead, self._travel)),
        )

    def placed(self, way: Way, stops: tuple[int, ...]) -> Placed:
        """A van's route with these stops, timed; who waits at a depot leaves as late as it may."""
        number, there = way.number, way.there
        now = self._takers[number]
        rest = replace(self.rest, problem=self._problem_of(way, self.rest.problem))
        if now.is_spare:
            start = _last_start(rest.problem, number, stops, rest.starts[number])
            starts = (*rest.starts[:number], start, *rest.starts[number + 1 :])
            leaves_at = self._situation.day.instant_at(start.ready_s)
            rest = replace(rest, starts=starts)
            now = replace(now, version=replace(now.version, start=leaves_at))
        stop = replace(self._urgent.stop, route_id=now.route.id)
        pending = {each.stop_id: each.transfer for each in now.open_stops if each.transfer}
        return Placed(
            now=now,
            after=replace(now, stops={**now.stops, stop.id: stop}),
            rest=rest,
            timed=time_route(rest.problem, number, stops, rest.starts[number]),
            transfers=pending if there is None else {**pending, stop.id: there},
            added=frozenset({stop.id}),
            removed=frozenset(),
        )


def _last_start(problem: Problem, number: int, stops: tuple[int, ...], soonest: Start) -> Start:
    """The last minute at which it leaves and ends no later, with no promise or break the worse."""
    timed = time_route(problem, number, stops, soonest)
    kept = timed.end_s, timed.lateness_s, timed.breaks_missed
    # Leaving later never means arriving earlier: what holds of a minute holds of those before it.
    low, high = 0, max(0, timed.visits[0].start_s - soonest.ready_s) // MINUTE_S + 1
    while high - low > 1:
        middle = (low + high) // 2
        start = replace(soonest, ready_s=soonest.ready_s + middle * MINUTE_S)
        later = time_route(problem, number, stops, start)
        found = later.end_s, later.lateness_s, later.breaks_missed
        is_kept = all(one <= other for one, other in zip(found, kept, strict=True))
        low, high = (middle, high) if is_kept else (low, middle)
    return replace(soonest, ready_s=soonest.ready_s + low * MINUTE_S)


def _of_any_number(problem: Problem) -> Problem:
    """The day as if every van might make as many stops as fit."""
    vehicles = tuple(replace(van, stops_max=None) for van in problem.vehicles)
    return replace(problem, vehicles=vehicles)


def _fetched_at(day: ServiceDay, way: Way, placed: Placed, here: int) -> datetime | None:
    """When the van comes for the parcels; ``here`` is the visit they are for."""
    timed, day_at = placed.timed, day.instant_at
    if way.after_reload:
        loads = [each.arrival_s for each in timed.reloads if each.visit <= here]
        return day_at(loads[-1]) if loads else None
    met = [v.arrival_s for v in timed.visits if placed.rest.stop_ids[v.stop] is None]
    return day_at(max(met)) if way.there and met else None


def fetching(urgent: Urgent, now: RouteNow) -> Transfer | None:
    """Where the van fetches the parcels; None where they come aboard with its load, or at a door.

    A colecta fetches nothing, and who has the parcels aboard need not go for them.
    """
    depot = urgent.depot or now.depot
    is_with_load = not now.is_under_way and depot.id == now.depot.id
    if urgent.stop.type is StopType.PICKUP or urgent.holder_id is not None or is_with_load:
        return None
    return Transfer(from_route_id=None, from_code=depot.name, position=depot.position)


def _bonds(situation: Situation, rest: RestOfDay, urgent: Urgent) -> tuple[Bond, ...]:
    """What binds it to stops of the one route that may take it: they may go in an order."""
    if urgent.order.terms.bond is None:
        return ()
    planned = [stop for now in rest.routes for stop in now.open_stops]
    orders = [situation.orders[stop.order_id] for stop in planned]
    own = rest.index_of(urgent.stop.id)
    bonds = bonds_of([(order.merchant_id, order.terms) for order in orders])
    return tuple(bond for bond in bonds if own in bond.stops)


def _waiting(urgent: Urgent, like: RouteNow) -> RouteNow:
    """A route that nobody drives, with the order's visit in it, so that the day knows its door."""
    at = like.version.start
    planned = PlannedStop(
        stop_id=urgent.stop.id,
        order_id=urgent.order.id,
        sequence=1,
        arrival=at,
        departure=at,
        leg_duration_s=0,
        leg_distance_m=0,
    )
    return replace(
        like,
        route=replace(like.route, id=urgent.stop.route_id),
        version=replace(like.version, stops=(planned,), reloads=()),
        stops={urgent.stop.id: urgent.stop},
        fix=None,
        fetched=frozenset(),
        is_spare=True,
    )
