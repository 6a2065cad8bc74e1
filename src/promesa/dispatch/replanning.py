"""The rest of the day planned anew, calmly: a list of changes that a dispatcher accepts.

What a van has aboard stays in it, the visit its driver is on stays first, and no more stops move
than allowed. What is said of promises is what tracking will say once a change is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from promesa.dispatch.choosing import as_it_is, slacks_of
from promesa.dispatch.foresight import foresee_as_it_is
from promesa.dispatch.helpless import HelplessRoute, WhyHelpless, find_helpless, worst_first
from promesa.dispatch.proposed_changes import ProposedChange, Teller, harmed_by
from promesa.dispatch.replan_words import found_words, gains_words, kept_words
from promesa.dispatch.situation import RestOfDay, RouteNow, Situation, rest_of_day
from promesa.dispatch.streets import DayStreets
from promesa.dispatch.transfers import may_carry, may_leave, transfer_of
from promesa.domain.route import OVER
from promesa.planning.terms import bonds_of
from promesa.routing.loads import trips_of
from promesa.routing.placing import OpenRoute
from promesa.routing.problem import Bond, Stop
from promesa.routing.replan.params import Disruption, ReplanParams
from promesa.routing.replan.replanning import Replanned, replan
from promesa.routing.replan.rest import Rest
from promesa.routing.replan.rest import rest_of as rest_under_way
from promesa.routing.watching import Watch, between, unwatched
from promesa.tracking.travel import TravelTimes

# The shares of the waiting after which the roads are known, and the changes found (measured on a
# day of 588 stops).
ROADS_SHARE, FOUND_SHARE = 0.1, 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much of a day may change, and how long to look.

    Attributes:
        route_id: The only route whose stops may move or change order; None for all.
        is_thorough: Whether to search beyond single moves.
    """

    most: Disruption
    route_id: UUID | None = None
    is_thorough: bool = False

    def covers(self, route_id: UUID) -> bool:
        """Whether stops of the route may move."""
        return self.route_id in {None, route_id}


class Finder(Protocol):
    """What looks beyond the calm levels; of several ways the dispatcher gets the best."""

    def __call__(
        self, rest: Rest, params: ReplanParams, *, among: Iterable[int], watch: Watch
    ) -> tuple[Replanned, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReplan:
    """What to change in the rest of the day; nothing is decided yet.

    Attributes:
        stops: Open stops of the routes that may change.
        at_risk: How many of them are not safe as the day goes.
        helpless: Routes in trouble that none of the changes helps, the worst first.
        is_harm_limited: Whether changes were left out that harm more promises than may be harmed.
    """

    sentence: str
    stops: int
    at_risk: int
    changes: tuple[ProposedChange, ...]
    helpless: tuple[HelplessRoute, ...] = ()
    is_harm_limited: bool = False


def replan_day(
    situation: Situation,
    streets: DayStreets,
    travel: TravelTimes,
    extent: Extent,
    *,
    find: Finder | None = None,
    watch: Watch = unwatched,
) -> DayReplan:
    """The changes worth making now, within the limits. Pure, CPU-bound.

    No stop changes between a bicycle and a motor vehicle: each group has its own changes, and what
    one of them moves is no longer allowed to the next.

    Args:
        situation: The day as it stands.
        streets: The map.
        travel: What tracking expects of legs.
        extent: How much may change.
        find: None for the calm levels; the full search brings its compiler along.
        watch: Told how far it is; once it says no, nothing is answered.
    """
    going = [now for now in situation.routes if _is_open(now) and now.open_stops]
    asked = [now for now in going if extent.covers(now.route.id)]
    kept = [now for now in asked if not streets.know(now.vehicle)]
    standing = [now for now in situation.routes if _stands(now) and extent.covers(now.route.id)]
    stuck = [
        *_stuck(situation, standing, travel, WhyHelpless.BROKEN_DOWN),
        *_stuck(situation, kept, travel, WhyHelpless.NO_STREETS),
    ]
    groups = [group for group in streets.apart(going) if any(now in group for now in asked)]
    done = DayReplan(
        sentence=_sentence((), kept), stops=0, at_risk=0, changes=(), helpless=worst_first(stuck)
    )
    for number, routes in enumerate(groups):
        share = between(watch, number / len(groups), (number + 1) / len(groups))
        left = replace(extent, most=_left_of(extent.most, done.changes))
        rest = rest_of_day(situation, routes, streets)
        found = _replan_group(situation, rest, travel, left, find=find, watch=share)
        if found is None:
            return DayReplan(sentence=_sentence((), kept), stops=0, at_risk=0, changes=())
        changes = (*done.changes, *_numbered_after(done.changes, found.changes))
        done = DayReplan(
            sentence=_sentence(changes, kept),
            stops=done.stops + found.stops,
            at_risk=done.at_risk + found.at_risk,
            changes=changes,
            helpless=worst_first([*done.helpless, *found.helpless]),
            is_harm_limited=done.is_harm_limited or found.is_harm_limited,
        )
    return done


def _replan_group(
    situation: Situation,
    rest: RestOfDay,
    travel: TravelTimes,
    extent: Extent,
    *,
    find: Finder | None,
    watch: Watch,
) -> DayReplan | None:
    """The changes to these routes; None once nobody waits for them."""
    routes = rest.routes
    under_way = _under_way(situation, rest, travel)
    among = [n for n, now in enumerate(routes) if extent.covers(now.route.id)]
    params = ReplanParams(most=extent.most)
    if not watch(ROADS_SHARE):
        return None
    looked = between(watch, ROADS_SHARE, FOUND_SHARE)
    if find is None:
        ways: tuple[Replanned, ...] = (replan(under_way, params, among=among, watch=looked),)
    else:
        ways = find(under_way, params, among=among, watch=looked)
    if not watch(FOUND_SHARE):
        return None
    tellers = [Teller(situation, rest, way, travel) for way in ways]
    calm = [(each, each.calm(extent.most.windows_max)) for each in tellers]
    teller, changes = max(calm, key=lambda each: _worth(each[1]))
    return DayReplan(
        sentence=_sentence(changes, ()),
        stops=sum(len(routes[number].open_stops) for number in among),
        at_risk=tellers[0].at_risk(among),
        changes=changes,
        helpless=tellers[0].helpless(among, under_way.problem, changes),
        is_harm_limited=teller.is_held_back(changes),
    )


def _stuck(
    situation: Situation, routes: Iterable[RouteNow], travel: TravelTimes, why: WhyHelpless
) -> list[HelplessRoute]:
    seen = ((now, foresee_as_it_is(situation, now, travel)) for now in routes)
    found = (find_helpless(situation, now, each.risks, why, {}) for now, each in seen)
    return [each for each in found if each is not None]


def _left_of(most: Disruption, changes: Sequence[ProposedChange]) -> Disruption:
    """What may still change once these have."""
    moved = sum(len(change.moves) for change in changes)
    harmed = len(harmed_by(changes))
    return replace(
        most,
        stops_max=max(0, most.stops_max - moved),
        windows_max=max(0, most.windows_max - harmed),
    )


def _numbered_after(
    before: Sequence[ProposedChange], changes: Sequence[ProposedChange]
) -> Iterable[ProposedChange]:
    first = 1 + max((change.number for change in before), default=-1)
    for change in changes:
        needs = frozenset(first + number for number in change.needs)
        yield replace(change, number=first + change.number, needs=needs)


def _worth(changes: tuple[ProposedChange, ...]) -> tuple[int, int]:
    """Promises first, as a dispatcher would choose; then pesos."""
    return sum(each.gains for each in changes), sum(each.saves_clp for each in changes)


def _is_open(now: RouteNow) -> bool:
    return not (now.is_spare or now.route.is_broken_down or now.route.state in OVER)


def _stands(now: RouteNow) -> bool:
    return now.route.is_broken_down and now.route.state not in OVER


def _under_way(situation: Situation, rest: RestOfDay, travel: TravelTimes) -> Rest:
    """The problem with what may not change vans bound to its own.

    Windows end earlier by tracking's doubt, so that who is in time is safe on Hoy.
    """
    routes = rest.routes
    problem = rest.problem
    stops: list[Stop] = list(problem.stops)
    for number, now in enumerate(routes):
        slacks = slacks_of(situation, rest, number, now, travel)
        for planned in now.open_stops:
            index = rest.index_of(planned.stop_id)
            stops[index] = _doubted(stops[index], slacks.get(planned.stop_id, 0))
            own = problem.vehicles[number].id
            if now.has_begun(planned) or not may_leave(situation, now, planned):
                stops[index] = replace(stops[index], pinned_vehicle=own)
                continue
            # Nobody drives to another van for a parcel, unless that one stands.
            order = situation.orders[planned.order_id]
            far = frozenset(
                problem.vehicles[other].id
                for other, taker in enumerate(routes)
                if other != number
                and (
                    transfer_of(now, planned, taker) is not None
                    or not may_carry(taker.vehicle, order)
                )
            )
            shut_out = stops[index].excluded_vehicles
            stops[index] = replace(stops[index], excluded_vehicles=far | shut_out)
    open_routes = tuple(
        OpenRoute(
            vehicle=number,
            stops=as_it_is(rest, number, now),
            start=rest.starts[number],
            frozen=sum(now.has_begun(stop) for stop in now.open_stops) + len(rest.meetings[number]),
        )
        for number, now in enumerate(routes)
    )
    bonds = _bonds(situation, rest, open_routes)
    day = replace(problem, stops=tuple(stops), bonds=bonds)
    waiting = frozenset(rest.index_of(stop_id) for now in routes for stop_id in now.waiting)
    at_depot = frozenset(number for number, now in enumerate(routes) if not now.is_under_way)
    return rest_under_way(day, open_routes, waiting=waiting, at_depot=at_depot)


def _bonds(
    situation: Situation, rest: RestOfDay, routes: tuple[OpenRoute, ...]
) -> tuple[Bond, ...]:
    """Orders that go together, where they do so now: what a person parted stays parted."""
    orders = [situation.orders[stop.order_id] for now in rest.routes for stop in now.open_stops]
    place = {
        stop: (route.vehicle, trip, number)
        for route in routes
        for trip, stops in enumerate(trips_of(route.stops))
        for number, stop in enumerate(stops)
    }
    kept = []
    for bond in bonds_of([(order.merchant_id, order.terms) for order in orders]):
        places = [place[stop] for stop in bond.stops]
        is_ordered = not bond.in_order or places == sorted(places)
        if is_ordered and len({(vehicle, trip) for vehicle, trip, _ in places}) == 1:
            kept.append(bond)
    return tuple(kept)


def _doubted(stop: Stop, slack_s: int) -> Stop:
    windows = tuple(
        replace(window, end_s=max(window.start_s, window.end_s - slack_s))
        for window in stop.windows
    )
    return replace(stop, windows=windows)


def _sentence(changes: Sequence[ProposedChange], kept: Sequence[RouteNow]) -> str:
    saves = sum(change.saves for change in changes)
    saves_s = sum(change.saves_s for change in changes)
    told = found_words(len(changes), gains_words(saves, saves_s, harmed_by(changes).values()))
    return kept_words(told, [now.route.code for now in kept])
