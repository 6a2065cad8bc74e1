"""The rest of the day planned anew, calmly: a list of changes that a dispatcher accepts.

What a van has aboard stays in it, the visit its driver is on stays first, and no more stops move
than allowed. What is said of promises is what tracking will say once a change is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from promesa.dispatch.choosing import Move, as_it_is, slacks_of
from promesa.dispatch.foresight import Foreseen, foresee_as_it_is, foresee_route
from promesa.dispatch.helpless import (
    HelplessRoute,
    WhyHelpless,
    count_takers,
    find_helpless,
    worst_first,
)
from promesa.dispatch.moving import breaks_of, planned_stops, reloads_of
from promesa.dispatch.replan_words import change_words, found_words, kept_words
from promesa.dispatch.situation import RestOfDay, RouteNow, Situation, rest_of_day
from promesa.dispatch.streets import DayStreets
from promesa.dispatch.transfers import may_carry, may_leave, transfer_of
from promesa.domain.promise import PromiseRisk
from promesa.domain.route import OVER
from promesa.domain.stop import StopState
from promesa.kernel.units import MINUTE_S
from promesa.planning.terms import bonds_of
from promesa.routing.loads import trips_of
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import RELOAD, Sequences
from promesa.routing.problem import Bond, Problem, Stop
from promesa.routing.replan.changes import Change, ChangeKind
from promesa.routing.replan.ledger import Ledger
from promesa.routing.replan.params import Disruption, ReplanParams
from promesa.routing.replan.repairing import GAIN_MIN_CLP
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
class ProposedChange:
    """One change to the rest of the day.

    Attributes:
        sentence: What to do, and what it saves.
        kind: Whether stops change van or only their order.
        route_id: Of the van that takes them or gets another order.
        from_route_id: Whose they were; None where only the order changes.
        needs: Numbers of the changes it cannot be without.
        saves: Promises that are safe then and are not now; below nought the other way.
        saves_s: Seconds the vans work less, likewise.
        saves_clp: Pesos that driving costs less, likewise.
        windows: Promised windows that no longer hold.
        moves: What accepting it does.
        undo: What takes it back.
    """

    number: int
    sentence: str
    kind: ChangeKind
    route_id: UUID
    code: str
    from_route_id: UUID | None
    from_code: str | None
    needs: frozenset[int]
    saves: int
    saves_s: int
    saves_clp: int
    windows: int
    moves: tuple[Move, ...]
    undo: tuple[Move, ...]

    @property
    def is_worth_telling(self) -> bool:
        """Whether it saves a promise, or a minute or money that a person would notice."""
        is_quicker = self.saves_s >= MINUTE_S and self.saves_clp >= 0
        return self.saves > 0 or is_quicker or self.saves_clp >= GAIN_MIN_CLP


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReplan:
    """What to change in the rest of the day; nothing is decided yet.

    Attributes:
        stops: Open stops of the routes looked at.
        at_risk: How many of them are not safe as the day goes.
        helpless: Routes in trouble that none of the changes helps, the worst first.
    """

    sentence: str
    stops: int
    at_risk: int
    changes: tuple[ProposedChange, ...]
    helpless: tuple[HelplessRoute, ...] = ()


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
    tellers = [_Teller(situation, rest, way, travel) for way in ways]
    changes = max((_calm(each.changes(), extent.most) for each in tellers), key=_worth)
    return DayReplan(
        sentence=_sentence(changes, ()),
        stops=sum(len(now.open_stops) for now in routes),
        at_risk=tellers[0].at_risk,
        changes=changes,
        helpless=tellers[0].helpless(among, under_way.problem, changes),
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
    touched = sum(max(0, change.windows) for change in changes)
    return replace(
        most,
        stops_max=max(0, most.stops_max - moved),
        windows_max=max(0, most.windows_max - touched),
    )


def _numbered_after(
    before: Sequence[ProposedChange], changes: Sequence[ProposedChange]
) -> Iterable[ProposedChange]:
    first = 1 + max((change.number for change in before), default=-1)
    for change in changes:
        needs = frozenset(first + number for number in change.needs)
        yield replace(change, number=first + change.number, needs=needs)


def _calm(changes: tuple[ProposedChange, ...], most: Disruption) -> tuple[ProposedChange, ...]:
    """Without what tracking says would put promises at risk, and what needs it.

    And without what saves nothing that a dispatcher is told of, unless another change needs it.
    """
    left = changes
    while True:
        numbers = {change.number for change in left}
        needed = frozenset[int]().union(*(change.needs for change in left))
        kept = tuple(
            change
            for change in left
            if change.saves >= 0
            and change.windows <= most.windows_max
            and change.needs <= numbers
            and (change.is_worth_telling or change.number in needed)
        )
        if kept == left:
            return left
        left = kept


def _worth(changes: tuple[ProposedChange, ...]) -> tuple[int, int]:
    """Promises first, as a dispatcher would choose; then pesos."""
    return sum(each.saves for each in changes), sum(each.saves_clp for each in changes)


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


class _Teller:
    """Says what each change does to promises, as tracking sees them."""

    def __init__(
        self, situation: Situation, rest: RestOfDay, found: Replanned, travel: TravelTimes
    ) -> None:
        self._situation = situation
        self._rest = rest
        self._found = found
        self._travel = travel
        self._ledger = Ledger(found.rest, ReplanParams())
        self._now = {
            number: foresee_as_it_is(situation, now, travel)
            for number, now in enumerate(rest.routes)
        }
        self._stops = {
            stop.stop_id: now.stops[stop.stop_id] for now in rest.routes for stop in now.open_stops
        }

    @property
    def at_risk(self) -> int:
        """Open stops that are not safe as the day goes."""
        return sum(
            seen.risks.get(stop.stop_id) is not PromiseRisk.ON_TIME
            for number, seen in self._now.items()
            for stop in self._rest.routes[number].open_stops
        )

    def helpless(
        self, among: Iterable[int], problem: Problem, changes: Iterable[ProposedChange]
    ) -> tuple[HelplessRoute, ...]:
        """Of these routes, those in trouble that none of the changes helps."""
        helped = {each.from_route_id or each.route_id for each in changes if each.saves > 0}
        found = []
        for number in among:
            now = self._rest.routes[number]
            if now.route.id in helped:
                continue
            takers = count_takers(self._situation, self._rest, number, problem)
            risks = self._now[number].risks
            found.append(find_helpless(self._situation, now, risks, WhyHelpless.TRIED, takers))
        return tuple(each for each in found if each is not None)

    def changes(self) -> tuple[ProposedChange, ...]:
        """Every change in the dispatcher's words."""
        return tuple(map(self._change, self._found.changes))

    def _change(self, change: Change) -> ProposedChange:
        before = self._found.listed.apply(change.needs)
        after = self._found.listed.apply({*change.needs, change.number})
        touched = sorted(vehicle for vehicle in before if before[vehicle] != after[vehicle])
        was, now = self._risks(touched, before), self._risks(touched, after)
        saves = _safe(now) - _safe(was)
        broken = sum(
            risk is PromiseRisk.LATE and was.get(stop_id) is not PromiseRisk.LATE
            for stop_id, risk in now.items()
        )
        route = self._rest.routes[change.vehicle].route
        giver = None if change.giver is None else self._rest.routes[change.giver].route
        return ProposedChange(
            number=change.number,
            sentence=change_words(change, route.code, giver.code if giver else None, saves),
            kind=change.kind,
            route_id=route.id,
            code=route.code,
            from_route_id=giver.id if giver else None,
            from_code=giver.code if giver else None,
            needs=change.needs,
            saves=saves,
            saves_s=-change.added_s,
            saves_clp=-change.cost_clp,
            windows=broken,
            moves=self._moves(change.stops, after),
            undo=self._moves(change.stops, before),
        )

    def _risks(self, vehicles: Iterable[int], day: Sequences) -> Mapping[UUID, PromiseRisk]:
        risks: dict[UUID, PromiseRisk] = {}
        for vehicle in vehicles:
            is_as_published = day[vehicle] == self._found.rest.routes[vehicle].stops
            seen = self._now[vehicle] if is_as_published else self._foreseen(vehicle, day[vehicle])
            ids = {self._rest.stop_ids[stop] for stop in day[vehicle] if stop != RELOAD}
            risks |= {key: risk for key, risk in seen.risks.items() if key in ids}
        return risks

    def _foreseen(self, vehicle: int, stops: tuple[int, ...]) -> Foreseen:
        now, situation = self._rest.routes[vehicle], self._situation
        timed = self._ledger.entry(vehicle, stops).timed
        if timed is None:
            return Foreseen(arrivals={}, risks={})
        pending = {stop.stop_id: stop.transfer for stop in now.open_stops if stop.transfer}
        planned = planned_stops(situation, self._rest, timed, pending, None)
        ids = {stop.stop_id for stop in planned}
        taken = {
            stop_id: replace(stop, route_id=now.route.id, state=StopState.PENDING, arrived_at=None)
            for stop_id, stop in self._stops.items()
            if stop_id in ids and stop_id not in now.stops
        }
        gone = frozenset(stop.stop_id for stop in now.open_stops if stop.stop_id not in ids)
        kept = now.without(gone)
        after = replace(kept, stops={**kept.stops, **taken})
        reloads = reloads_of(situation, now, self._rest, timed)
        every = [*now.closed_stops, *planned]
        breaks = breaks_of(situation, now, self._rest, timed)
        return foresee_route(situation, after, every, self._travel, reloads=reloads, breaks=breaks)

    def _moves(self, stops: Iterable[int], day: Sequences) -> tuple[Move, ...]:
        """Where each of the stops stands on that day, in the order of their visits."""
        wanted, moves = set(stops), []
        for vehicle, sequence in day.items():
            before: UUID | None = None
            after_reload = False
            for stop in sequence:
                if stop == RELOAD:
                    after_reload = True
                    continue
                stop_id = self._rest.stop_ids[stop]
                if stop_id is None:
                    continue
                if stop in wanted:
                    moves.append(
                        Move(
                            stop_id=stop_id,
                            to_route_id=self._rest.routes[vehicle].route.id,
                            after_stop_id=before,
                            is_first=before is None,
                            after_reload=after_reload,
                        )
                    )
                before, after_reload = stop_id, False
        return tuple(moves)


def _safe(risks: Mapping[UUID, PromiseRisk]) -> int:
    return sum(risk is PromiseRisk.ON_TIME for risk in risks.values())


def _sentence(changes: Sequence[ProposedChange], kept: Sequence[RouteNow]) -> str:
    saves = sum(change.saves for change in changes)
    saves_s = sum(change.saves_s for change in changes)
    told = found_words(len(changes), saves, saves_s)
    return kept_words(told, [now.route.code for now in kept])
