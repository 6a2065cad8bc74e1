"""Where along a route one more stop would fit: worked out once, then asked for many stops.

A first look with room for a second's error where speeds change. It never lets in what breaks a
limit by more, and whoever inserts times the route in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from promesa.domain.fleet import Load
from promesa.routing.plan import PlannedRoute, Visit
from promesa.routing.problem import Problem, Stop
from promesa.routing.schedule import HOUR_S, KM_M, Start, depot_start, serve, time_route

# Steps towards the last second at which one can leave; each leaves about a tenth of the error,
# for the hour changes a leg by less than that share of the time it shifts.
DEPARTURE_STEPS = 3
# Where neither hours nor kilometres cost anything the shorter way still comes first.
SECOND_CLP = 1e-6


class Room:
    """What a route can still take without making anyone later, O(n) to make and to ask."""

    def __init__(
        self, problem: Problem, vehicle: int, stops: Sequence[int], start: Start | None
    ) -> None:
        self._problem = problem
        self._vehicle = problem.vehicles[vehicle]
        begin = start or depot_start(problem, vehicle)
        # Leaving as early as it can: what matters is whether the stop fits.
        early = time_route(problem, vehicle, stops, begin)
        visited = [problem.stops[stop] for stop in stops]
        home = problem.end_location(vehicle)
        self._places = [begin.location, *(stop.location for stop in visited), home]
        self._left_s = [begin.ready_s, *(visit.departure_s for visit in early.visits)]
        self._reached_s = [*(visit.arrival_s for visit in early.visits), early.end_s]
        end_s = max(problem.latest_s(vehicle), early.end_s)
        self._latest_s = self._latest_arrivals(early, visited, end_s)
        waits = [visit.waiting_s for visit in early.visits]
        self._waits_after_s = [*list(accumulate(reversed(waits), initial=0))[::-1]]
        loads = [early.load_start, *(visit.load_after for visit in early.visits)]
        self._peak_before = list(accumulate(loads, Load.peak))
        self._peak_after = list(accumulate(reversed(loads), Load.peak))[::-1]

    def positions(self, stop: Stop, tried: Iterable[int]) -> Iterator[tuple[float, int]]:
        """Those of the positions that load and time allow, each with a rough cost in CLP."""
        if not self._has_load(stop):
            return
        close_s = max((window.end_s for window in stop.windows), default=None)
        travel = self._problem.travel
        for position in tried:
            place, left_s = self._places[position], self._left_s[position]
            if close_s is not None and left_s > close_s:
                continue
            leg = serve(stop, left_s + travel.travel_s(place, stop.location, left_s))
            if leg.lateness_s or leg.departure_s > self._latest_s[position]:
                continue
            following = self._places[position + 1]
            onward_s = travel.travel_s(stop.location, following, leg.departure_s)
            reached_s = leg.departure_s + onward_s
            if reached_s <= self._latest_s[position] and self._holds(stop, position):
                delay_s = reached_s - self._reached_s[position]
                yield self._rough_clp(stop, position, delay_s), position

    def _has_load(self, stop: Stop) -> bool:
        """Whether any position can do: all deliveries are aboard at first, all pickups at last."""
        capacity = self._vehicle.capacity
        at_first, at_last = self._peak_before[0], self._peak_after[-1]
        return (at_first + stop.delivered).fits_in(capacity) and (at_last + stop.picked_up).fits_in(
            capacity
        )

    def _holds(self, stop: Stop, position: int) -> bool:
        """Whether the load allows it: its delivery is aboard before it, its pickup after it."""
        capacity = self._vehicle.capacity
        return (self._peak_before[position] + stop.delivered).fits_in(capacity) and (
            self._peak_after[position] + stop.picked_up
        ).fits_in(capacity)

    def _rough_clp(self, stop: Stop, position: int, delay_s: int) -> float:
        """Kilometres of the detour, and the hours that no later wait swallows."""
        place, following = self._places[position], self._places[position + 1]
        left_s, way = self._left_s[position], self._problem.travel.distance_m
        added_m = way(place, stop.location, left_s) + way(stop.location, following, left_s)
        added_m -= way(place, following, left_s)
        longer_s = max(0, delay_s - self._waits_after_s[position])
        rough_clp = longer_s * self._vehicle.hour_cost_clp / HOUR_S
        return rough_clp + added_m * self._vehicle.km_cost_clp / KM_M + delay_s * SECOND_CLP

    def _latest_arrivals(
        self, early: PlannedRoute, visited: Sequence[Stop], end_s: int
    ) -> list[int]:
        """When each stop and the end must be reached at the latest, so that nobody gets later."""
        latest_s = [end_s]
        for place in range(len(visited) - 1, -1, -1):
            origin, destination = self._places[place + 1], self._places[place + 2]
            leave_s = self._latest_departure(origin, destination, latest_s[-1])
            latest_s.append(_latest_arrival(visited[place], early.visits[place], leave_s))
        return latest_s[::-1]

    def _latest_departure(self, origin: int, destination: int, due_s: int) -> int:
        """The last second at which one leaves and still arrives by ``due_s``."""
        travel_s = self._problem.travel.travel_s
        leave_s = due_s
        for _ in range(DEPARTURE_STEPS):
            over_s = leave_s + travel_s(origin, destination, leave_s) - due_s
            if not over_s:
                break
            leave_s -= over_s
        return leave_s


def _latest_arrival(stop: Stop, visit: Visit, leave_s: int) -> int:
    """The last arrival that still leaves in time; as early as now is always good enough."""
    start_s = leave_s - stop.service_time_s
    if not stop.windows:
        return max(visit.arrival_s, start_s)
    ends = [min(start_s, w.end_s) for w in stop.windows if w.start_s <= start_s]
    return max([visit.arrival_s, *ends])
