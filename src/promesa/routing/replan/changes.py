"""A new day as a list of changes, each with its gain, that can be accepted one by one.

A change hands stops from one van to another, or puts the stops of one van in another order. What
stays keeps its order whatever else is accepted. A change that is only sound once others are
accepted names them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from promesa.routing.loads import trips_of
from promesa.routing.plan import RELOAD, Sequences
from promesa.routing.replan.difference import moved_stops, reordered, same_trips
from promesa.routing.replan.ledger import Ledger, left_out

Stops = tuple[int, ...]


class ChangeKind(StrEnum):
    """What kind of change it is."""

    # A van takes stops that nobody had, or those of another.
    TAKE = "take"
    # The stops of one van in another order.
    REORDER = "reorder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing to change.

    Attributes:
        number: Its place in the list, from 0.
        vehicle: Which van takes the stops or gets another order.
        giver: Whose they were; None for new ones.
        stops: Those that move, in the order in which they would be visited.
        needs: Numbers of the changes without which this one cannot be.
        gain_clp: What it saves once ``needs`` are accepted: ways, hours, promises and stops left
            out, less what the changes count.
        cost_clp: What driving costs more; below nought what it costs less.
        added_s: Seconds the vans work more, likewise.
        saves: Promises kept, or stops served, that would not be; below nought those lost.
        windows: Told windows that no longer hold.
    """

    number: int
    kind: ChangeKind
    vehicle: int
    giver: int | None
    stops: Stops
    needs: frozenset[int] = frozenset()
    gain_clp: int = 0
    cost_clp: int = 0
    added_s: int = 0
    saves: int = 0
    windows: int = 0

    @property
    def vehicles(self) -> frozenset[int]:
        """The vans it touches."""
        return frozenset({self.vehicle} if self.giver is None else {self.vehicle, self.giver})


class ChangeList:
    """The changes that lead from the published day to another.

    Args:
        ledger: Of the day.
        wanted: What every change together comes to.
    """

    def __init__(self, ledger: Ledger, wanted: Sequences) -> None:
        self._ledger = ledger
        self._rest = ledger.rest
        self._wanted = {
            route.vehicle: wanted.get(route.vehicle, route.stops) for route in ledger.rest.routes
        }
        self._was_broken = ledger.broken(ledger.rest.published)
        self.changes: tuple[Change, ...] = ()
        self.changes = self._priced(self._listed())

    def apply(self, accepted: Collection[int]) -> Sequences:
        """The day with these changes made and no others."""
        made = [change for change in self.changes if change.number in accepted]
        return self._applied(made)

    def reprice(self, accepted: Collection[int]) -> tuple[Change, ...]:
        """The changes not yet made, with what each gains once those accepted are."""
        left = [change for change in self.changes if change.number not in accepted]
        return tuple(self._repriced(change, accepted) for change in left)

    def within(self, stops_max: int, windows_max: int) -> frozenset[int]:
        """The changes that gain most within the limits, each with those it needs."""
        chosen: frozenset[int] = frozenset()
        for change in sorted(self.changes, key=lambda each: (-each.gain_clp, each.number)):
            wider = chosen | change.needs | {change.number}
            before, after = self.apply(chosen), self.apply(wider)
            if (
                self._is_sound(after)
                and self._ledger.count_clp(after) < self._ledger.count_clp(before)
                and len(moved_stops(self._rest, after)) <= stops_max
                and len(self.touched_windows(after)) <= windows_max
            ):
                chosen = wider
        return chosen

    def touched_windows(self, sequences: Sequences) -> frozenset[int]:
        """Stops whose told window holds as published and no longer does."""
        return self._ledger.broken(sequences) - self._was_broken

    def _listed(self) -> list[Change]:
        found: list[Change] = []
        for route in self._rest.routes:
            vehicle, after = route.vehicle, self._wanted[route.vehicle]
            added: dict[int | None, list[int]] = {}
            for stop in after:
                home = self._rest.home.get(stop)
                if stop != RELOAD and stop not in self._rest.meetings and home != vehicle:
                    added.setdefault(home, []).append(stop)
            for giver, stops in added.items():
                found.append(
                    Change(
                        number=len(found),
                        kind=ChangeKind.TAKE,
                        vehicle=vehicle,
                        giver=giver,
                        stops=tuple(stops),
                    )
                )
            out = reordered(route.stops, after)
            if out:
                found.append(
                    Change(
                        number=len(found),
                        kind=ChangeKind.REORDER,
                        vehicle=vehicle,
                        giver=None,
                        stops=tuple(stop for stop in after if stop in out),
                    )
                )
        return found

    def _priced(self, listed: Sequence[Change]) -> tuple[Change, ...]:
        with_needs = [replace(each, needs=self._needs(each, listed)) for each in listed]
        # Applying needs them all; what each gains is found by applying.
        self.changes = tuple(with_needs)
        return tuple(self._repriced(change, ()) for change in with_needs)

    def _needs(self, change: Change, listed: Sequence[Change]) -> frozenset[int]:
        """As few others as let it stand: none, one, or of all that touch the same vans."""
        if self._stands(change, ()):
            return frozenset()
        others = _linked(change, listed)
        for other in others:
            if self._stands(change, [other]):
                return frozenset({other.number})
        needed = list(others)
        for other in others:
            fewer = [each for each in needed if each is not other]
            if self._stands(change, fewer):
                needed = fewer
        return frozenset(each.number for each in needed)

    def _stands(self, change: Change, others: Sequence[Change]) -> bool:
        """Whether it breaks nothing and gains something once the others are made."""
        after = self._applied([change, *others])
        if not self._is_sound(after):
            return False
        before = self._applied(others)
        return self._ledger.count_clp(after) < self._ledger.count_clp(before)

    def _repriced(self, change: Change, accepted: Collection[int]) -> Change:
        made = {*accepted, *change.needs} - {change.number}
        before, after = self.apply(made), self.apply({*made, change.number})
        ledger, touched = self._ledger, {v for v in before if before[v] != after[v]}
        was = [ledger.entry(vehicle, before[vehicle]) for vehicle in touched]
        now = [ledger.entry(vehicle, after[vehicle]) for vehicle in touched]
        cost_clp = sum(each.cost_clp for each in now) - sum(each.cost_clp for each in was)
        was_s = sum(each.timed.end_s - each.timed.departure_s for each in was if each.timed)
        now_s = sum(each.timed.end_s - each.timed.departure_s for each in now if each.timed)
        was_lost = {*ledger.broken(before), *left_out(self._rest, before)}
        now_lost = {*ledger.broken(after), *left_out(self._rest, after)}
        windows = self.touched_windows(after) - self.touched_windows(before)
        return replace(
            change,
            gain_clp=ledger.count_clp(before) - ledger.count_clp(after),
            cost_clp=cost_clp,
            added_s=now_s - was_s,
            saves=len(was_lost) - len(now_lost),
            windows=len(windows),
        )

    def _is_sound(self, sequences: Sequences) -> bool:
        published = self._rest.published
        return all(
            stops == published[vehicle] or self._ledger.is_sound(vehicle, stops)
            for vehicle, stops in sequences.items()
        )

    def _applied(self, made: Sequence[Change]) -> Sequences:
        taken = {
            stop: each.vehicle
            for each in made
            if each.kind is ChangeKind.TAKE
            for stop in each.stops
        }
        turned = {each.vehicle for each in made if each.kind is ChangeKind.REORDER}
        return {
            route.vehicle: self._sequence(route.vehicle, taken, is_turned=route.vehicle in turned)
            for route in self._rest.routes
        }

    def _sequence(self, vehicle: int, taken: dict[int, int], *, is_turned: bool) -> Stops:
        """What stays in its order, what comes in beside those it was to stand beside."""
        published, wanted = self._rest.routes[vehicle].stops, self._wanted[vehicle]
        if published == wanted:
            return published
        if is_turned or not reordered(published, wanted):
            order = _woven(wanted, published)
        else:
            order = _woven(published, wanted)
        home = self._rest.home
        mine = {stop for stop in order if taken.get(stop, home.get(stop)) == vehicle}
        if not self._rest.fetched.isdisjoint(mine):
            mine.add(self._rest.meeting_of[vehicle])
        return self._rest.tidy(vehicle, (s for s in order if s in mine or s == RELOAD))


def _linked(change: Change, listed: Iterable[Change]) -> list[Change]:
    """Others that touch its vans, or vans those touch, the nearest first."""
    reached, found = set(change.vehicles), []
    others = [each for each in listed if each is not change]
    while near := [each for each in others if not reached.isdisjoint(each.vehicles)]:
        found += near
        others = [each for each in others if each not in near]
        reached.update(*(each.vehicles for each in near))
    return found


def _woven(order: Stops, theirs: Stops) -> list[int]:
    """The order with the stops that ``theirs`` alone has, each behind the one it stands behind.

    They go into the trip that is the same, or into one more that stands where theirs does.
    """
    own, others = set(order), trips_of(theirs)
    woven = [list(trip) for trip in trips_of(order)]
    same = {old: woven[new] for old, new in same_trips(others, trips_of(order)).items()}
    for number, trip in enumerate(others):
        added = [stop for stop in trip if stop not in own]
        if not added:
            continue
        if number not in same:
            same[number] = []
            before = next((same[n] for n in range(number - 1, -1, -1) if n in same), None)
            place = next((n for n, each in enumerate(woven) if each is before), -1) + 1
            woven.insert(place, same[number])
        into = same[number]
        for stop in added:
            ahead = next((s for s in reversed(trip[: trip.index(stop)]) if s in into), None)
            into.insert(0 if ahead is None else into.index(ahead) + 1, stop)
    first, *later = woven
    return [*first, *(step for trip in later for step in (RELOAD, *trip))]
