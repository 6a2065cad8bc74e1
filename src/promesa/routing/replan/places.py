"""The best places for one more stop in a day of thousands, while a person waits.

What each route knows of its positions is kept in flat arrays; a stop is held against all of them
at once, and only the routes where it seems cheapest are timed in full. A stop that is bound to
others has no such short cut.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from promesa.domain.fleet import MEASURES, Load
from promesa.kernel.units import HOUR_S, KM_M
from promesa.routing.insertion import Insertion, list_insertions
from promesa.routing.placing import TIMED_POSITIONS, OpenRoute
from promesa.routing.problem import LAST_S, Problem, Stop
from promesa.routing.replan.detour import detour, hold, is_plain
from promesa.routing.replan.legs import many_m, many_s
from promesa.routing.room import SECOND_CLP, Room

# Routes timed in full beyond those asked for: a first look may err in their order.
ROUTES_MORE = 4
# Positions of a route that are driven through, as many as an insertion tries.
POSITIONS_TIMED = TIMED_POSITIONS
_NOWHERE = -1
_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]
# One route's share of the arrays: whole numbers, loads, prices.
_Share = tuple[_Ints, _Ints, _Floats]
# Columns of the whole numbers.
PLACE, FOLLOWING, LEFT, REACHED, LATEST, WAITS, POSITION, ROUTE = range(8)


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedPlace:
    """A place for the stop.

    Attributes:
        route: Number of the route that was given.
        position: In its sequence; 0 for first.
        added_s: Seconds at the wheel and at the door.
        start_s: When its service begins.
    """

    route: int
    position: int
    added_cost_clp: int
    added_s: int
    start_s: int


class LivePlaces:
    """The open routes of a day, held in memory; a changed route is put in its old place.

    Args:
        problem: The day; stops asked for later are in its travel.
        routes: Where stops may go.
    """

    def __init__(self, problem: Problem, routes: Iterable[OpenRoute]) -> None:
        self._problem = problem
        self._routes = list(routes)
        self._held = {
            number: hold(problem, route)
            for number, route in enumerate(self._routes)
            if is_plain(problem, route)
        }
        self._shares = [self._share(number) for number in range(len(self._routes))]
        self._join()

    def change(self, number: int, route: OpenRoute) -> None:
        """One route is another now; O(its stops) and one copy of the arrays."""
        self._routes[number] = route
        self._held.pop(number, None)
        if is_plain(self._problem, route):
            self._held[number] = hold(self._problem, route)
        self._shares[number] = self._share(number)
        self._join()

    def with_stop(self, stop: Stop) -> int:
        """The index of one more stop of the day, at a place that its travel has."""
        self._problem = replace(self._problem, stops=(*self._problem.stops, stop))
        return len(self._problem.stops) - 1

    def best(self, stop: int, count: int = 10) -> tuple[PricedPlace, ...]:
        """The best place in each of the routes where it costs least, the cheapest first.

        Prices are exact; which routes are looked at rests on a first look that errs by what speeds
        change while the stop is served. Routes are numbered as they were given.
        """
        if stop in self._problem.bond_of:
            found = list_insertions(self._problem, self._routes, stop)
            return tuple(map(_place_of, found[:count]))
        priced = [
            place
            for number, positions in self._shortlist(stop, count + ROUTES_MORE).items()
            if (place := self._priced(number, positions, stop)) is not None
        ]
        return tuple(sorted(priced, key=_by_cost)[:count])

    def _priced(self, number: int, positions: list[int], stop: int) -> PricedPlace | None:
        """The best of the positions that seem best in a route."""
        route = self._routes[number]
        held = self._held.get(number)
        if held is None:
            found = list_insertions(self._problem, [route], stop)
            return next((replace(_place_of(each), route=number) for each in found), None)
        if held.excess.load or held.excess.faults:
            return None
        tried = [detour(self._problem, held, stop, position) for position in positions]
        places = [
            PricedPlace(
                route=number,
                position=each.position,
                added_cost_clp=each.added_cost_clp,
                added_s=each.added_s,
                start_s=each.start_s,
            )
            for each in tried
            if each is not None
        ]
        return min(places, key=_by_cost, default=None)

    def _shortlist(self, stop: int, count: int) -> dict[int, list[int]]:
        """Positions by number of a route, of the routes with the cheapest ones."""
        clp = self._rough_clp(self._problem.stops[stop])
        able = np.flatnonzero(np.isfinite(clp))
        able = able[np.argsort(clp[able], kind="stable")]
        taken: dict[int, list[int]] = {}
        refused: set[int] = set()
        for number, position in self._whole[able][:, [ROUTE, POSITION]].tolist():
            if number in taken:
                if len(taken[number]) < POSITIONS_TIMED:
                    taken[number].append(position)
            elif len(taken) < count and number not in refused:
                if self._may_take(number, stop):
                    taken[number] = [position]
                else:
                    refused.add(number)
        return taken

    def _may_take(self, number: int, stop: int) -> bool:
        route = self._routes[number]
        limit = self._problem.vehicles[route.vehicle].stops_max
        has_room = limit is None or route.visits < limit
        return has_room and self._problem.allows(vehicle=route.vehicle, stop=stop)

    def _rough_clp(self, stop: Stop) -> _Floats:
        """float64, [position]: what the stop adds there; infinite where it does not fit."""
        whole, travel = self._whole, self._problem.travel
        clp = np.full(len(whole), np.inf)
        alive = np.flatnonzero(self._holds(stop))
        if stop.windows:
            alive = alive[whole[alive, LEFT] <= max(window.end_s for window in stop.windows)]
        place, left_s = whole[alive, PLACE], whole[alive, LEFT]
        here = np.full(len(alive), stop.location, np.int64)
        start_s = _begun_s(stop, left_s + many_s(travel, place, here, left_s))
        done_s = start_s + stop.service_time_s
        is_fit = (start_s < LAST_S) & (done_s <= whole[alive, LATEST])
        alive, done_s, left_s = alive[is_fit], done_s[is_fit], left_s[is_fit]
        place, here = place[is_fit], here[is_fit]
        following = whole[alive, FOLLOWING]
        goes_on = following != _NOWHERE
        after = np.where(goes_on, following, stop.location)
        reached_s = done_s + many_s(travel, here, after, done_s) * goes_on
        added_m = many_m(travel, place, here, left_s)
        added_m += goes_on * many_m(travel, here, after, left_s)
        added_m -= goes_on * many_m(travel, place, after, left_s)
        delay_s = reached_s - whole[alive, REACHED]
        longer_s = np.maximum(0, delay_s - whole[alive, WAITS])
        prices = self._prices[alive]
        rough = longer_s * prices[:, 0] + added_m * prices[:, 1] + delay_s * SECOND_CLP
        rough += prices[:, 2]
        is_on_time = reached_s <= whole[alive, LATEST]
        clp[alive[is_on_time]] = rough[is_on_time]
        return clp

    def _holds(self, stop: Stop) -> NDArray[np.bool_]:
        """Where the load allows it; a van that may go back to load is looked at in full."""
        delivered, picked_up = _amounts(stop.delivered), _amounts(stop.picked_up)
        free = self._free
        fits = (free[:, 0] >= delivered).all(axis=1) & (free[:, 1] >= picked_up).all(axis=1)
        return np.asarray(fits, np.bool_)

    def _share(self, number: int) -> _Share:
        route = self._routes[number]
        van = self._problem.vehicles[route.vehicle]
        room = Room(self._problem, route.vehicle, route.stops, route.start)
        labels, able = room.labels(), slice(route.frozen, route.places.stop)
        columns = [
            labels.places,
            [_NOWHERE if place is None else place for place in labels.following],
            labels.left_s,
            labels.reached_s,
            labels.latest_s,
            labels.waits_after_s,
            range(len(labels.places)),
            [number] * len(labels.places),
        ]
        whole = np.array([list(column) for column in columns], np.int64).T[able]
        holds = _amounts(van.capacity)
        before = np.array([holds - _amounts(load) for load in labels.peak_before[able]])
        after = np.array([holds - _amounts(load) for load in labels.peak_after[able]])
        is_leaving = not route.stops and route.start is None
        prices = np.empty((len(whole), 3))
        prices[:] = (
            van.hour_cost_clp / HOUR_S,
            van.km_cost_clp / KM_M,
            van.fixed_cost_clp if is_leaving else 0,
        )
        if van.trips_max > 1:
            # A trip of its own may hold what none of these can: as much as the empty van.
            before[:], after[:] = holds, holds
        return whole, np.stack([before, after], axis=1), prices

    def _join(self) -> None:
        self._whole = np.concatenate([share[0] for share in self._shares])
        self._free = np.concatenate([share[1] for share in self._shares])
        self._prices = np.concatenate([share[2] for share in self._shares])


def _by_cost(place: PricedPlace) -> tuple[int, int, int]:
    return place.added_cost_clp, place.route, place.position


def _place_of(found: Insertion) -> PricedPlace:
    visit = next(visit for visit in found.timed.visits if visit.stop == found.stop)
    return PricedPlace(
        route=found.route,
        position=found.position,
        added_cost_clp=found.added_cost_clp,
        added_s=found.added_s,
        start_s=visit.start_s,
    )


def _amounts(load: Load) -> _Ints:
    return np.array([getattr(load, measure) for measure in MEASURES], np.int64)


def _begun_s(stop: Stop, arrival_s: _Ints) -> _Ints:
    """When service begins; LAST_S and later where every window has closed."""
    if not stop.windows:
        return arrival_s
    begun_s = np.full(len(arrival_s), 2 * LAST_S, np.int64)
    for window in stop.windows:
        start_s = np.maximum(arrival_s, window.start_s)
        begun_s = np.where(arrival_s <= window.end_s, np.minimum(begun_s, start_s), begun_s)
    return begun_s
