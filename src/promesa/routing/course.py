"""The way of a route before it is timed, and one drive along it: arrivals, services, the end.

A return to the depot is a step like a stop, whose window are the opening hours and whose service
is the loading. Breaks are not taken here (``breaks``), nor is the hour of leaving chosen
(``departure``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from promesa.domain.fleet import Load
from promesa.routing.matrix import Travel
from promesa.routing.plan import RELOAD
from promesa.routing.problem import NOTHING, Break, Problem, Stop, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where a route already under way goes on from.

    Attributes:
        location: Row of the travel matrix.
        ready_s: When the vehicle can leave there.
        aboard: What it carries besides the deliveries of the stops still to come.
        breaks_taken: How many of its breaks the driver has had.
        driven_s: Seconds on the road until then.
        on_duty_s: Seconds since it left its depot until then.
    """

    location: int
    ready_s: int
    aboard: Load = NOTHING
    breaks_taken: int = 0
    driven_s: int = 0
    on_duty_s: int = 0


class Leg(NamedTuple):
    """One step of the pass along a route: reaching and serving a stop."""

    arrival_s: int
    start_s: int
    departure_s: int
    lateness_s: int


class Rest(NamedTuple):
    """A break taken at a step of the course, before or after what is done there."""

    step: int
    is_before: bool
    start_s: int
    end_s: int


class Trail(NamedTuple):
    """A course as it is driven when it is left at ``departure_s``."""

    departure_s: int
    legs: list[Leg]
    end_s: int
    lateness_s: int
    rests: tuple[Rest, ...] = ()
    breaks_missed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The places a route goes past.

    Attributes:
        steps: Stops and returns to the depot, in order.
        sequence: The same as indexes of stops, RELOAD for a return.
        home: None where it ends at its last step.
        breaks: Those the driver takes that day.
    """

    travel: Travel
    origin: int
    home: int | None
    steps: tuple[Stop, ...]
    sequence: tuple[int, ...]
    breaks: tuple[Break, ...] = ()

    def home_s(self, left_s: int) -> int:
        """When the route ends for who leaves its last step at ``left_s``."""
        if self.home is None:
            return left_s
        place = self.steps[-1].location if self.steps else self.origin
        return left_s + self.travel.travel_s(place, self.home, left_s)


def course_of(
    problem: Problem, vehicle: int, sequence: Sequence[int], start: Start | None
) -> Course:
    """The course of a vehicle past the stops; trips without a stop are left out."""
    steps = sequence if RELOAD not in sequence else without_empty_trips(sequence, start)
    depot = _loading(problem, vehicle) if RELOAD in steps else None
    stops = problem.stops
    return Course(
        travel=problem.travel,
        origin=problem.start_location(vehicle) if start is None else start.location,
        home=problem.end_location(vehicle),
        steps=tuple(depot if step == RELOAD and depot else stops[step] for step in steps),
        sequence=tuple(steps),
        breaks=problem.vehicles[vehicle].breaks,
    )


def without_empty_trips(sequence: Sequence[int], start: Start | None) -> list[int]:
    """Nobody goes back to load for nothing; who is under way may have to load at once.

    Positions in a route are those of the sequence this makes.
    """
    kept: list[int] = []
    for step in sequence:
        is_idle = not kept and start is None if step == RELOAD else False
        if is_idle or (step == RELOAD and kept[-1:] == [RELOAD]):
            continue
        kept.append(step)
    return kept[:-1] if kept[-1:] == [RELOAD] else kept


def serve(stop: Stop, arrival_s: int) -> Leg:
    """When service begins and ends for who arrives at ``arrival_s``.

    It begins on arrival or at the next opening; after the last close it begins at once, late.
    """
    start_s, lateness_s = arrival_s, 0
    windows = stop.windows
    if len(windows) == 1:
        start_s = max(arrival_s, windows[0].start_s)
        lateness_s = max(0, arrival_s - windows[0].end_s)
        start_s = arrival_s if lateness_s else start_s
    elif windows:
        open_s = [max(arrival_s, w.start_s) for w in windows if arrival_s <= w.end_s]
        if open_s:
            start_s = min(open_s)
        else:
            lateness_s = arrival_s - max(w.end_s for w in windows)
    return Leg(arrival_s, start_s, start_s + stop.service_time_s, lateness_s)


def drive(course: Course, departure_s: int) -> Trail:
    """The course left at ``departure_s`` and driven through, no break taken."""
    travel_s = course.travel.travel_s
    place, now_s, lateness_s = course.origin, departure_s, 0
    legs = []
    for step in course.steps:
        leg = serve(step, now_s + travel_s(place, step.location, now_s))
        legs.append(leg)
        lateness_s += leg.lateness_s
        place, now_s = step.location, leg.departure_s
    return Trail(departure_s, legs, course.home_s(now_s), lateness_s)


def _loading(problem: Problem, vehicle: int) -> Stop:
    """The return to the depot: loading begins and ends within its opening hours."""
    van = problem.vehicles[vehicle]
    depot = problem.depots[van.start_depot]
    hours = Window(start_s=depot.open_s, end_s=depot.close_s - van.loading_time_s)
    return Stop(
        id=depot.id,
        location=depot.location,
        windows=(hours,),
        service_time_s=van.loading_time_s,
    )
