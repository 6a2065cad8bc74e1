"""Changes to the rest of a day as a dispatcher is told of them: whom each saves, and whom it harms.

What is said of promises is what tracking will say once a change is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from promesa.dispatch.choosing import Move
from promesa.dispatch.foresight import Foreseen, foresee_as_it_is, foresee_route
from promesa.dispatch.helpless import HelplessRoute, WhyHelpless, count_takers, find_helpless
from promesa.dispatch.moving import breaks_of, planned_stops, reloads_of
from promesa.dispatch.replan_words import change_words, gains_words
from promesa.dispatch.situation import RestOfDay, Situation
from promesa.domain.promise import PromiseRisk
from promesa.domain.stop import StopState
from promesa.kernel.units import MINUTE_S
from promesa.routing.plan import RELOAD, Sequences
from promesa.routing.problem import Problem
from promesa.routing.replan.changes import Change, ChangeKind
from promesa.routing.replan.ledger import Ledger
from promesa.routing.replan.params import COUNT_MAX, ReplanParams
from promesa.routing.replan.repairing import GAIN_MIN_CLP
from promesa.routing.replan.replanning import Replanned
from promesa.tracking.travel import TravelTimes

_RANK = {PromiseRisk.ON_TIME: 0, PromiseRisk.AT_RISK: 1, PromiseRisk.LATE: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmedStop:
    """A stop whose promise is put at risk, or broken, by a change.

    Attributes:
        code: Of the route that visits it then.
    """

    stop_id: UUID
    order_id: UUID
    reference: str
    code: str
    risk_was: PromiseRisk
    risk: PromiseRisk


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedChange:
    """One change to the rest of the day.

    Attributes:
        kind: Whether stops change van or only their order.
        route_id: Of the van that takes them or gets another order.
        from_route_id: Whose they were; None where only the order changes.
        needs: Numbers of the changes it cannot be without.
        saves: Promises that are safe then and are not now.
        harmed: Those that are worse then, whether by it alone or together with the others.
        saves_s: Seconds the vans work less; below nought what they work more.
        saves_clp: Pesos that driving costs less, likewise.
        moves: What accepting it does.
        undo: What takes it back.
    """

    number: int
    kind: ChangeKind
    route_id: UUID
    code: str
    from_route_id: UUID | None
    from_code: str | None
    needs: frozenset[int]
    saves: int
    harmed: tuple[HarmedStop, ...]
    saves_s: int
    saves_clp: int
    moves: tuple[Move, ...]
    undo: tuple[Move, ...]

    @property
    def sentence(self) -> str:
        """What to do, what it saves, and whom it harms."""
        gains = gains_words(self.saves, self.saves_s, [stop.risk for stop in self.harmed])
        return change_words(self.kind, len(self.moves), self.code, self.from_code, gains)

    @property
    def gains(self) -> int:
        """How many more promises are safe then; below nought, fewer."""
        return self.saves - sum(stop.risk_was is PromiseRisk.ON_TIME for stop in self.harmed)

    @property
    def is_worth_telling(self) -> bool:
        """Whether it saves a promise, or a minute or money that a person would notice."""
        is_quicker = self.saves_s >= MINUTE_S and self.saves_clp >= 0
        return self.gains > 0 or is_quicker or self.saves_clp >= GAIN_MIN_CLP


class Teller:
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
        self._ahead: dict[tuple[int, tuple[int, ...]], Foreseen] = {}

    def at_risk(self, among: Iterable[int]) -> int:
        """Open stops of these routes that are not safe as the day goes."""
        return sum(
            self._now[number].risks.get(stop.stop_id) is not PromiseRisk.ON_TIME
            for number in among
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

    def calm(self, harmed_max: int) -> tuple[ProposedChange, ...]:
        """The changes worth making that together harm no more promises than that.

        Each says whom it harms by itself; whom they harm only together, all that touch that van.
        """
        left = tuple(map(self._change, self._found.changes))
        while True:
            told = self._within(_worth_making(left), harmed_max)
            kept = {change.number for change in _worth_making(told)}
            if len(kept) == len(left):
                return told
            left = tuple(change for change in left if change.number in kept)

    def is_held_back(self, told: Iterable[ProposedChange]) -> bool:
        """Whether changes were found that save more than those told, but harm more than may be."""
        saved = sum(change.saves for change in told)
        return self._found.is_held_back or saved < sum(each.saves for each in self.calm(COUNT_MAX))

    def _within(
        self, changes: Sequence[ProposedChange], harmed_max: int
    ) -> tuple[ProposedChange, ...]:
        """Those that gain most within the limit, each with what it needs."""
        told: tuple[ProposedChange, ...] = ()
        for change in sorted(changes, key=lambda each: (*_less(each), each.number)):
            wanted = {each.number for each in told} | _with_needs(change, changes)
            wider = self._together([each for each in changes if each.number in wanted])
            if len(harmed_by(wider)) <= harmed_max:
                told = wider
        return told

    def _together(self, changes: Sequence[ProposedChange]) -> tuple[ProposedChange, ...]:
        """The changes with whom they harm only once all of them are made."""
        day = self._found.listed.apply({change.number for change in changes})
        alone = harmed_by(changes)
        more = [
            stop
            for stop in self._harmed(self._found.rest.published, day)
            if stop.stop_id not in alone
        ]
        return tuple(
            replace(
                change,
                harmed=(
                    *change.harmed,
                    *(stop for stop in more if stop.code in {change.code, change.from_code}),
                ),
            )
            for change in changes
        )

    def _change(self, change: Change) -> ProposedChange:
        before = self._found.listed.apply(change.needs)
        after = self._found.listed.apply({*change.needs, change.number})
        touched = _touched(before, after)
        was, now = self._risks(touched, before), self._risks(touched, after)
        route = self._rest.routes[change.vehicle].route
        giver = None if change.giver is None else self._rest.routes[change.giver].route
        return ProposedChange(
            number=change.number,
            kind=change.kind,
            route_id=route.id,
            code=route.code,
            from_route_id=giver.id if giver else None,
            from_code=giver.code if giver else None,
            needs=change.needs,
            saves=len(_safe(now) - _safe(was)),
            harmed=tuple(self._harmed(before, after)),
            saves_s=-change.added_s,
            saves_clp=-change.cost_clp,
            moves=self._moves(change.stops, after),
            undo=self._moves(change.stops, before),
        )

    def _harmed(self, before: Sequences, after: Sequences) -> Iterator[HarmedStop]:
        """Stops whose promise stands worse, route by route."""
        touched = _touched(before, after)
        was = self._risks(touched, before)
        for vehicle in touched:
            code = self._rest.routes[vehicle].route.code
            for stop_id, risk in self._risks([vehicle], after).items():
                if _RANK[risk] > _RANK[was[stop_id]]:
                    order = self._situation.orders[self._stops[stop_id].order_id]
                    yield HarmedStop(
                        stop_id=stop_id,
                        order_id=order.id,
                        reference=order.reference,
                        code=code,
                        risk_was=was[stop_id],
                        risk=risk,
                    )

    def _risks(self, vehicles: Iterable[int], day: Sequences) -> Mapping[UUID, PromiseRisk]:
        risks: dict[UUID, PromiseRisk] = {}
        for vehicle in vehicles:
            is_as_published = day[vehicle] == self._found.rest.routes[vehicle].stops
            seen = self._now[vehicle] if is_as_published else self._seen(vehicle, day[vehicle])
            ids = {self._rest.stop_ids[stop] for stop in day[vehicle] if stop != RELOAD}
            risks |= {key: risk for key, risk in seen.risks.items() if key in ids}
        return risks

    def _seen(self, vehicle: int, stops: tuple[int, ...]) -> Foreseen:
        found = self._ahead.get((vehicle, stops))
        if found is None:
            found = self._ahead[vehicle, stops] = self._foreseen(vehicle, stops)
        return found

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


def harmed_by(changes: Iterable[ProposedChange]) -> Mapping[UUID, PromiseRisk]:
    """How the promises that the changes harm stand then, at worst, by stop id."""
    risks: dict[UUID, PromiseRisk] = {}
    for stop in (stop for change in changes for stop in change.harmed):
        risks[stop.stop_id] = max(
            stop.risk, risks.get(stop.stop_id, stop.risk), key=_RANK.__getitem__
        )
    return risks


def _worth_making(changes: Sequence[ProposedChange]) -> tuple[ProposedChange, ...]:
    """Without what puts more promises at risk than it saves, and what needs it.

    And without what saves nothing that a dispatcher is told of, unless another change needs it.
    """
    left = tuple(changes)
    while True:
        numbers = {change.number for change in left}
        needed = frozenset[int]().union(*(change.needs for change in left))
        kept = tuple(
            change
            for change in left
            if change.gains >= 0
            and change.needs <= numbers
            and (change.is_worth_telling or change.number in needed)
        )
        if kept == left:
            return left
        left = kept


def _less(change: ProposedChange) -> tuple[int, int]:
    """What gains most promises comes first; then pesos."""
    return -change.gains, -change.saves_clp


def _with_needs(change: ProposedChange, changes: Iterable[ProposedChange]) -> frozenset[int]:
    """Its number and those of all that it cannot be without, nor they."""
    needs = {each.number: each.needs for each in changes}
    found, coming = set[int](), [change.number]
    while coming:
        number = coming.pop()
        if number not in found:
            found.add(number)
            coming += needs[number]
    return frozenset(found)


def _touched(before: Sequences, after: Sequences) -> list[int]:
    return sorted(vehicle for vehicle in before if before[vehicle] != after[vehicle])


def _safe(risks: Mapping[UUID, PromiseRisk]) -> frozenset[UUID]:
    return frozenset(key for key, risk in risks.items() if risk is PromiseRisk.ON_TIME)
