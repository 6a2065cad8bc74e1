"""An order that has just come in: the best places for it in a day that is being driven.

Its parcels lie in a depot, so a van on the road goes back for them before anything else; one that
has not left loads them with the rest. What is said of promises is what tracking will say then.
Pure and bound to the processor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from promesa.dispatch.choosing import (
    SPARES_TRIED,
    Move,
    as_it_is,
    patience,
    slacks_of,
    with_meetings,
)
from promesa.dispatch.foresight import foresee_as_it_is
from promesa.dispatch.moving import (
    MoveNotPossibleError,
    Placed,
    Rerouted,
    drawn,
    with_placed,
)
from promesa.dispatch.proposals import LaterStop, foresee_placed, list_later
from promesa.dispatch.situation import RestOfDay, RouteNow, Situation, rest_of_day
from promesa.dispatch.streets import DayStreets
from promesa.dispatch.transfers import may_carry
from promesa.dispatch.urgent_words import nobody, parted, shut_out, unfit
from promesa.domain.fleet import Depot
from promesa.domain.order import Order
from promesa.domain.promise import PromiseRisk
from promesa.domain.route import OVER, PlannedStop, Transfer
from promesa.domain.stop import Stop, StopType
from promesa.kernel.geo import distance_m
from promesa.planning.terms import bonds_of
from promesa.routing.placing import OpenRoute
from promesa.routing.problem import Bond, Problem
from promesa.routing.replan.places import LivePlaces, PricedPlace
from promesa.routing.replan.rescue import opening_cost_clp
from promesa.routing.schedule import time_route
from promesa.routing.watching import Watch, between, unwatched
from promesa.tracking.travel import TravelTimes

PLACES_MAX = 10
# Vans whose ways come nearest to the door; a day of 600 orders has fewer.
VANS_TRIED = 40
# The share of the waiting after which the roads between all of them are known (measured).
ROADS_SHARE = 0.6


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
        fetches_at: When it is there.
        is_aboard: Whether the van has the parcels already: it stays in then.
        after: Which stop it is visited right after; None where it is the first to come.
        before: The one after it.
        added_s: Seconds the van works more.
        lost: Promises of others that are safe now and are not then.
        later: Others that are noticeably later for it.
    """

    route_id: UUID
    code: str
    plate: str
    is_spare: bool
    is_under_way: bool
    depot: str | None
    fetches_at: datetime | None
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
    later: tuple[LaterStop, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentPlaces:
    """Where it could go, the best first; nothing is decided yet.

    Attributes:
        tried: How many vans were looked at.
        sentence: Why there is none.
    """

    order_id: UUID
    tried: int
    sentence: str | None
    places: tuple[UrgentPlace, ...]


def find_places(
    situation: Situation,
    urgent: Urgent,
    streets: DayStreets,
    travel: TravelTimes,
    *,
    watch: Watch = unwatched,
) -> UrgentPlaces:
    """The ten best places: nobody else's promise lost first, then its own kept, then the price."""
    able = [now for now in _takers(situation, urgent) if streets.know(now.vehicle)]
    takers = _nearest([now for now in able if _has_room(now, urgent.order)])
    nowhere = UrgentPlaces(order_id=urgent.order.id, tried=len(able), sentence=None, places=())
    if urgent.waits_with:
        return replace(nowhere, tried=0, sentence=parted(urgent.waits_with))
    if not takers:
        return replace(nowhere, sentence=_why_none(situation, able, urgent))
    groups, places, is_shut = streets.apart(takers), [], True
    for number, group in enumerate(groups):
        share = between(watch, number / len(groups), (number + 1) / len(groups))
        day = _Day(situation, urgent, group, streets, travel)
        found = _places_among(day, share)
        if found is None:
            return nowhere
        places += found
        is_shut &= day.is_shut
    places = sorted(places, key=_by_promise)[:PLACES_MAX]
    return UrgentPlaces(
        order_id=urgent.order.id,
        tried=len(takers),
        sentence=None if places else _why_none(situation, able, urgent, is_shut=is_shut),
        places=tuple(places),
    )


def _places_among(day: _Day, watch: Watch) -> list[UrgentPlace] | None:
    """The best places among those who go by the same streets; None once nobody waits for them."""
    if not watch(ROADS_SHARE):
        return None
    told = between(watch, ROADS_SHARE, 1.0)
    places: list[UrgentPlace] = []
    for done, (number, positions) in enumerate(day.ranked()[:PLACES_MAX]):
        if not told(done / PLACES_MAX):
            break
        places.append(day.place(number, positions))
    return places


def _why_none(
    situation: Situation, able: Sequence[RouteNow], urgent: Urgent, *, is_shut: bool = False
) -> str:
    """``able`` are those who may take it and whose times are known."""
    holder_id = urgent.holder_id
    if not able:
        has_times = not _takers(situation, urgent)
        return nobody(situation, urgent.order, holder_id=holder_id, has_times=has_times)
    if is_shut:
        return shut_out([now.vehicle for now in able])
    must_fetch = any(fetching(urgent, now) for now in able)
    return unfit(able, urgent.order, is_held=holder_id is not None, must_fetch=must_fetch)


def place_urgent(
    situation: Situation, urgent: Urgent, move: Move, streets: DayStreets, travel: TravelTimes
) -> Rerouted:
    """The new plan of the route that takes it, where somebody chose.

    Raises:
        MoveNotPossibleError: The van is gone, or the stop it should stand after is; or others
            that it goes with wait too.
    """
    if urgent.waits_with:
        raise MoveNotPossibleError(parted(urgent.waits_with))
    takers = [now for now in _takers(situation, urgent) if now.route.id == move.to_route_id]
    if not takers or not streets.know(takers[0].vehicle):
        raise MoveNotPossibleError("Ese vehículo ya no puede tomarlo. Revisa de nuevo.")
    day = _Day(situation, urgent, takers, streets, travel)
    route = with_placed(day.rest, takers[0], day.opened[0], [move])
    return drawn(situation, day.placed(0, route.stops), streets)


def place_without(situation: Situation, order_id: UUID, streets: DayStreets) -> Rerouted | None:
    """The new plan of its route without the order; None where it is on none that goes on."""
    for now in situation.routes:
        for planned in now.open_stops:
            if planned.order_id == order_id:
                return _without(situation, now, planned, streets)
    return None


def _without(
    situation: Situation, now: RouteNow, gone: PlannedStop, streets: DayStreets
) -> Rerouted | None:
    removed = frozenset({gone.stop_id})
    kept = now.without(removed)
    if not kept.open_stops:
        return None
    rest = rest_of_day(situation, [kept], streets)
    placed = Placed(
        now=now,
        after=kept,
        rest=rest,
        timed=time_route(rest.problem, 0, as_it_is(rest, 0, kept), rest.starts[0]),
        transfers={each.stop_id: each.transfer for each in kept.open_stops if each.transfer},
        added=frozenset(),
        removed=removed,
    )
    return drawn(situation, placed, streets)


def fetching(urgent: Urgent, now: RouteNow) -> Transfer | None:
    """Where the van fetches the parcels; None where they come aboard with its load, or at a door.

    A colecta fetches nothing, and who has the parcels aboard need not go for them.
    """
    depot = urgent.depot or now.depot
    is_with_load = not now.is_under_way and depot.id == now.depot.id
    if urgent.stop.type is StopType.PICKUP or urgent.holder_id is not None or is_with_load:
        return None
    return Transfer(from_route_id=None, from_code=depot.name, position=depot.position)


def _takers(situation: Situation, urgent: Urgent) -> list[RouteNow]:
    """Vans that could take it, those that come nearest to the door first.

    Where others that it must go with are on a route, only that one can.
    """
    bound = _bound_routes(situation, urgent.order)
    able = [
        now
        for now in situation.routes
        if now.route.state not in OVER
        and not now.route.is_broken_down
        and urgent.holder_id in {None, now.route.id}
        and may_carry(now.vehicle, urgent.order)
        and (not bound or now.route.id in bound)
    ]

    def away_m(now: RouteNow) -> tuple[float, str]:
        places = [now.place, *(now.stops[stop.stop_id].position for stop in now.open_stops)]
        return min(distance_m(urgent.stop.position, place) for place in places), now.route.code

    return sorted(able, key=away_m)


def _bound_routes(situation: Situation, order: Order) -> frozenset[UUID]:
    """The routes of the open stops that it is bound to."""
    if order.terms.bond is None:
        return frozenset()
    return frozenset(
        now.route.id
        for now in situation.routes
        for stop in now.open_stops
        if situation.orders[stop.order_id].merchant_id == order.merchant_id
        and situation.orders[stop.order_id].terms.bond == order.terms.bond
    )


def _bonds(situation: Situation, rest: RestOfDay, urgent: Urgent) -> tuple[Bond, ...]:
    """What binds it to stops of the one route that may take it: they may go in an order."""
    if urgent.order.terms.bond is None:
        return ()
    planned = [stop for now in rest.routes for stop in now.open_stops]
    orders = [situation.orders[stop.order_id] for stop in planned]
    own = rest.index_of(urgent.stop.id)
    bonds = bonds_of([(order.merchant_id, order.terms) for order in orders])
    return tuple(bond for bond in bonds if own in bond.stops)


def _has_room(now: RouteNow, order: Order) -> bool:
    """Whether the van has what the order asks for and would hold it, were it empty."""
    return order.skills <= now.vehicle.skills and order.load.fits_in(now.vehicle.capacity)


def _nearest(takers: Sequence[RouteNow]) -> list[RouteNow]:
    on_the_road = [now for now in takers if not now.is_spare]
    spare = [now for now in takers if now.is_spare]
    return [*on_the_road[:VANS_TRIED], *spare[:SPARES_TRIED]]


class _Day:
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
        self._fetching = [fetching(urgent, now) for now in takers]
        met = {
            now.route.id: [there.position]
            for now, there in zip(takers, self._fetching, strict=True)
            if there is not None
        }
        waiting = _waiting(urgent, takers[0])
        rest = rest_of_day(situation, takers, streets, givers=[waiting], met=met)
        problem = replace(rest.problem, bonds=_bonds(situation, rest, urgent))
        self.rest: RestOfDay = replace(rest, problem=problem)
        self.own = self.rest.index_of(urgent.stop.id)
        own = [[self.rest.index_of(s.stop_id) for s in now.open_stops] for now in takers]
        self.opened = [
            with_meetings(self.rest, number, now, own[number]) for number, now in enumerate(takers)
        ]

    @property
    def is_shut(self) -> bool:
        """Whether none of them has a way to the door."""
        problem = self.rest.problem
        ids = {van.id for van in problem.vehicles[: len(self._takers)]}
        return ids <= problem.stops[self.own].excluded_vehicles

    def ranked(self) -> list[tuple[int, tuple[int, ...]]]:
        """Vans with the positions to look at: those who keep all promises first, then by cost."""
        slacks = {
            stop_id: slack_s
            for number, now in enumerate(self._takers)
            for stop_id, slack_s in slacks_of(
                self._situation, self.rest, number, now, self._travel
            ).items()
        }
        wanted = frozenset({self._urgent.stop.id})
        kept = patience(self._situation, self.rest, wanted, slacks)
        ranked: dict[int, tuple[int, ...]] = {}
        for problem in (*kept, self._at_any_hour()):
            is_kept = problem in kept
            for number, position in self._best(problem, [*ranked]):
                last = len(self.opened[number].stops)
                is_free = not is_kept and self.own not in problem.bond_of
                ranked[number] = tuple({position, last}) if is_free else (position,)
        return list(ranked.items())

    def _at_any_hour(self) -> Problem:
        """The day as if nobody had been promised an hour: what that breaks is said, van by van."""
        stops = tuple(replace(stop, windows=()) for stop in self.rest.problem.stops)
        return replace(self.rest.problem, stops=stops)

    def _best(self, problem: Problem, known: Sequence[int]) -> list[tuple[int, int]]:
        """Vans not known yet with their best positions, the cheapest first."""
        opening = {
            number: cost
            for number in range(len(self._takers))
            if number not in known and (cost := self._opening_clp(number, problem)) is not None
        }
        if not opening:
            return []
        numbers = list(opening)
        live = LivePlaces(problem, [self.opened[number] for number in numbers])
        found = [
            (opening[numbers[place.route]] + place.added_cost_clp, numbers[place.route], place)
            for place in live.best(self.own, len(numbers))
        ]
        return [(number, place.position) for _, number, place in sorted(found, key=_by_cost)]

    def _opening_clp(self, number: int, problem: Problem) -> int | None:
        """What going for the parcels costs; None where it breaks a promise or the shift."""
        fixed_clp = problem.vehicles[number].fixed_cost_clp
        if self._fetching[number] is None:
            return fixed_clp
        added_clp = opening_cost_clp(problem, self._as_it_is(number), self.opened[number])
        return None if added_clp is None else fixed_clp + added_clp

    def _as_it_is(self, number: int) -> OpenRoute:
        return OpenRoute(
            vehicle=number,
            stops=as_it_is(self.rest, number, self._takers[number]),
            start=self.rest.starts[number],
        )

    def place(self, number: int, positions: Iterable[int]) -> UrgentPlace:
        """What it comes to at the best of the positions, as tracking would see it."""
        found = [self._place(number, position) for position in positions]
        return min(found, key=lambda each: (each.lost, each.added_cost_clp))

    def _place(self, number: int, position: int) -> UrgentPlace:
        now, opened, problem = self._takers[number], self.opened[number], self.rest.problem
        stops = (*opened.stops[:position], self.own, *opened.stops[position:])
        placed = self.placed(number, stops)
        ahead = foresee_placed(self._situation, placed, self._travel)
        was = foresee_as_it_is(self._situation, now, self._travel)
        order = [self.rest.stop_ids[stop] for stop in stops]
        here = order.index(self._urgent.stop.id)
        timed, there = placed.timed, self._fetching[number]
        met_s = [
            visit.arrival_s for visit in timed.visits if order[stops.index(visit.stop)] is None
        ]
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
            depot=there.from_code if there else None,
            fetches_at=day.instant_at(max(met_s)) if there and met_s else None,
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
            later=tuple(list_later(self._situation, placed, ahead, self._travel)),
        )

    def placed(self, number: int, stops: tuple[int, ...]) -> Placed:
        """A van's route with these stops, timed."""
        now, there = self._takers[number], self._fetching[number]
        stop = replace(self._urgent.stop, route_id=now.route.id)
        pending = {each.stop_id: each.transfer for each in now.open_stops if each.transfer}
        return Placed(
            now=now,
            after=replace(now, stops={**now.stops, stop.id: stop}),
            rest=self.rest,
            timed=time_route(self.rest.problem, number, stops, self.rest.starts[number]),
            transfers=pending if there is None else {**pending, stop.id: there},
            added=frozenset({stop.id}),
            removed=frozenset(),
        )


def _by_cost(found: tuple[int, int, PricedPlace]) -> tuple[int, int]:
    return found[:2]


def _by_promise(place: UrgentPlace) -> tuple[int, bool, int, str]:
    """Nobody else's promise first, then its own, then the price."""
    is_late = place.risk is PromiseRisk.LATE
    return place.lost, is_late, place.added_cost_clp, place.code


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
        version=replace(like.version, stops=(planned,)),
        stops={urgent.stop.id: urgent.stop},
        fix=None,
        fetched=frozenset(),
        is_spare=True,
    )
