"""An order that has just come in: the best places for it in a day that is being driven.

Its parcels lie in a depot, so a van on the road goes back for them before anything else, or loads
them when it comes back to load; one that has not left loads them with the rest. What is said of
promises is what tracking will say then. Pure and bound to the processor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from promesa.dispatch.choosing import (
    SPARES_TRIED,
    Move,
    MoveNotPossibleError,
    as_it_is,
)
from promesa.dispatch.moving import Placed, Rerouted, drawn, with_placed
from promesa.dispatch.situation import RouteNow, Situation, rest_of_day
from promesa.dispatch.streets import DayStreets
from promesa.dispatch.transfers import could_hold, may_carry
from promesa.dispatch.urgent_day import Urgent, UrgentDay, UrgentPlace, fetching
from promesa.dispatch.urgent_words import nobody, parted, shut_out, unfit
from promesa.domain.order import Order
from promesa.domain.promise import PromiseRisk
from promesa.domain.route import OVER, PlannedStop
from promesa.kernel.geo import distance_m
from promesa.routing.plan import RELOAD
from promesa.routing.schedule import time_route
from promesa.routing.watching import Watch, between, unwatched
from promesa.tracking.travel import TravelTimes

PLACES_MAX = 10
# Vans whose ways come nearest to the door; a day of 600 orders has fewer.
VANS_TRIED = 40
# The share of the waiting after which the roads between all of them are known (measured).
ROADS_SHARE = 0.6


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
    """The ten best places: nobody else's promise lost first, then its own kept, then the price.

    Vans that make their most stops already come after all others.
    """
    able = [now for now in _takers(situation, urgent) if streets.know(now.vehicle)]
    takers = _nearest([now for now in able if could_hold(now.vehicle, urgent.order)])
    nowhere = UrgentPlaces(order_id=urgent.order.id, tried=len(able), sentence=None, places=())
    if urgent.waits_with:
        return replace(nowhere, tried=0, sentence=parted(urgent.waits_with))
    if not takers:
        return replace(nowhere, sentence=_why_none(situation, able, urgent))
    groups, places, is_shut = streets.apart(takers), [], True
    for number, group in enumerate(groups):
        share = between(watch, number / len(groups), (number + 1) / len(groups))
        day = UrgentDay(situation, urgent, group, streets, travel)
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


def _places_among(day: UrgentDay, watch: Watch) -> list[UrgentPlace] | None:
    """The best places among those who go by the same streets; None once nobody waits for them."""
    if not watch(ROADS_SHARE):
        return None
    told = between(watch, ROADS_SHARE, 1.0)
    best: dict[UUID, UrgentPlace] = {}
    for way, positions in day.ranked():
        if len(best) == PLACES_MAX or not told(len(best) / PLACES_MAX):
            break
        place = day.place(way, positions)
        known = best.get(place.route_id, place)
        best[place.route_id] = min(known, place, key=_by_promise)
    return list(best.values())


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
    day = UrgentDay(situation, urgent, takers, streets, travel)
    way = day.way_of(move)
    if move.after_reload and RELOAD not in way.opened.stops:
        raise MoveNotPossibleError("Ese vehículo ya no vuelve a cargar. Revisa de nuevo.")
    # Where it comes back for them, what is frozen ends with that return.
    is_still_after = move.after_reload and not way.after_reload
    route = with_placed(
        day.rest, takers[0], way.opened, [replace(move, after_reload=is_still_after)]
    )
    return drawn(situation, day.placed(way, route.stops), streets)


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


def _nearest(takers: Sequence[RouteNow]) -> list[RouteNow]:
    on_the_road = [now for now in takers if not now.is_spare]
    spare = [now for now in takers if now.is_spare]
    return [*on_the_road[:VANS_TRIED], *spare[:SPARES_TRIED]]


def _by_promise(place: UrgentPlace) -> tuple[bool, int, bool, int, str]:
    """Who may make one more first, nobody else's promise, its own, then the price."""
    is_late, is_beyond = place.risk is PromiseRisk.LATE, place.stops_max is not None
    return is_beyond, place.lost, is_late, place.added_cost_clp, place.code
