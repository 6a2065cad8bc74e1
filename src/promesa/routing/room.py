"""Where along a route one more stop would fit: worked out once, then asked for many stops.

A first look, as if the driver took no break. It never lets in what breaks a limit by more, and
whoever inserts times the route in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from promesa.domain.fleet import Load
from promesa.kernel.units import HOUR_S, KM_M
from promesa.routing.breaks import first_departures
from promesa.routing.course import Leg, Start, course_of, drive, serve
from promesa.routing.deadlines import latest_arrival, latest_departure
from promesa.routing.departure import earliest_trail
from promesa.routing.loads import loads_along
from promesa.routing.problem import NOTHING, Problem, Stop

# Where neither hours nor kilometres cost anything the shorter way still comes first.
SECOND_CLP = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What a route knows of its positions, one number each.

    Attributes:
        places: Where it stands before each, as rows of the matrix.
        following: The place after each; None where the route would end there.
        left_s: When it leaves that place.
        reached_s: When it reaches the following one now.
        latest_s: When it must, at the latest.
        waits_after_s: What it waits from there on.
        peak_before: The most aboard up to there, of what leaves the depot.
        peak_after: The most aboard from there on.
    """

    places: list[int]
    following: list[int | None]
    left_s: list[int]
    reached_s: list[int]
    latest_s: list[int]
    waits_after_s: list[int]
    peak_before: list[Load]
    peak_after: list[Load]


class Room:
    """What a route can still take without making anyone later, O(n) to make and to ask.

    Positions count stops and returns to the depot alike.
    """

    def __init__(
        self, problem: Problem, vehicle: int, sequence: Sequence[int], start: Start | None
    ) -> None:
        self._problem = problem
        self._vehicle = problem.vehicles[vehicle]
        course = course_of(problem, vehicle, sequence, start)
        first = first_departures(problem, vehicle, start)
        # Leaving as early as it can: what matters is whether the stop fits.
        now = earliest_trail(course, first)
        free = drive(course, min(first)) if course.breaks else now
        self._steps = course.steps
        self._places = [course.origin, *(step.location for step in course.steps)]
        self._home = course.home
        self._left_s = [free.departure_s, *(leg.departure_s for leg in free.legs)]
        self._reached_s = [*(leg.arrival_s for leg in free.legs), free.end_s]
        end_s = max(problem.limit_s(vehicle), now.end_s)
        self._latest_s = self._latest_arrivals(now.legs, end_s)
        waits = [leg.start_s - leg.arrival_s for leg in free.legs]
        self._waits_after_s = [*list(accumulate(reversed(waits), initial=0))[::-1]]
        aboard = NOTHING if start is None else start.aboard
        loads = loads_along(problem, course.sequence, aboard)
        self._trips = len(loads)
        # Position by position, trip after trip: a stop put before a return is of the trip before.
        self._peak_before = [peak for trip in loads for peak in accumulate(trip, Load.peak)]
        self._peak_after = [
            peak for trip in loads for peak in list(accumulate(reversed(trip), Load.peak))[::-1]
        ]

    def positions(self, stop: Stop, tried: Iterable[int]) -> Iterator[tuple[float, int]]:
        """Those of the positions that load and time allow, each with a rough cost in CLP."""
        if self._trips == 1 and not self._has_load(stop):
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
            reached_s = leg.departure_s
            following = self._following(position)
            if following is not None:
                reached_s += travel.travel_s(stop.location, following, leg.departure_s)
            if reached_s <= self._latest_s[position] and self._holds(stop, position):
                delay_s = reached_s - self._reached_s[position]
                yield self._rough_clp(stop, position, delay_s), position

    def labels(self) -> Labels:
        """All it knows, for who asks many routes at once."""
        count = len(self._steps) + 1
        return Labels(
            places=self._places[:count],
            following=[self._following(position) for position in range(count)],
            left_s=self._left_s[:count],
            reached_s=self._reached_s[:count],
            latest_s=self._latest_s[:count],
            waits_after_s=self._waits_after_s[:count],
            peak_before=self._peak_before[:count],
            peak_after=self._peak_after[:count],
        )

    def _following(self, position: int) -> int | None:
        """The place after the position; None where the route would end there."""
        return self._places[position + 1] if position < len(self._steps) else self._home

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
        place, following = self._places[position], self._following(position)
        left_s, way = self._left_s[position], self._problem.travel.distance_m
        added_m = way(place, stop.location, left_s)
        if following is not None:
            added_m += way(stop.location, following, left_s) - way(place, following, left_s)
        longer_s = max(0, delay_s - self._waits_after_s[position])
        rough_clp = longer_s * self._vehicle.hour_cost_clp / HOUR_S
        return rough_clp + added_m * self._vehicle.km_cost_clp / KM_M + delay_s * SECOND_CLP

    def _latest_arrivals(self, legs: Sequence[Leg], end_s: int) -> list[int]:
        """When each step and the end must be reached at the latest, so that nobody gets later."""
        latest_s = [end_s]
        for number in range(len(self._steps) - 1, -1, -1):
            step, following = self._steps[number], self._following(number + 1)
            leave_s = latest_s[-1]
            if following is not None:
                leave_s = latest_departure(
                    self._problem.travel,
                    step.location,
                    following,
                    from_s=legs[number].departure_s,
                    due_s=leave_s,
                )
            latest_s.append(latest_arrival(step, legs[number], leave_s))
        return latest_s[::-1]
