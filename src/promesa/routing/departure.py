"""When a route leaves its depot: as late as it can without ending later or serving anyone later.

Waiting at the depot is free. Right because leaving later never means arriving earlier (FIFO);
where times break that rule the earliest departure stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from promesa.routing.breaks import NEVER_AT_S, drive_with_breaks, drives_as_well
from promesa.routing.course import Course, Leg, Trail, drive
from promesa.routing.matrix import Travel
from promesa.routing.problem import Stop

# Steps towards the last second to leave by what one was late; then the span is halved.
_DIRECT_STEPS = 8


def earliest_trail(course: Course, first: Sequence[int]) -> Trail:
    """The course driven so that it ends first, left as early as can be."""
    return drive_with_breaks(course, first) if course.breaks else drive(course, first[0])


def latest_trail(
    course: Course, first: Sequence[int], early: Trail, latest_start_s: int | None
) -> Trail:
    """The course left at the last second at which it still ends as ``early`` does."""
    last_s = early.end_s if latest_start_s is None else latest_start_s
    if course.breaks:
        return _latest_with_breaks(course, first, early, last_s)
    if last_s <= early.departure_s:
        return early
    if not any(leg.start_s > leg.arrival_s for leg in early.legs):
        # Where nobody waits, only roads that get quicker as fast as time passes allow it.
        later = drive(course, early.departure_s + 1)
        if later.end_s > early.end_s or later.lateness_s > early.lateness_s:
            return early
    late = drive(course, min(last_s, _latest_departure_s(course, early)))
    if late.end_s > early.end_s or late.lateness_s > early.lateness_s:
        return early
    return late


def latest_departure(
    travel: Travel, origin: int, destination: int, *, from_s: int, due_s: int
) -> int:
    """The last second at which one leaves and still arrives by ``due_s``.

    Args:
        travel: Times by departure.
        origin: Row of the travel matrix.
        destination: Likewise.
        from_s: A second at which one leaves and arrives in time.
        due_s: When to be there.
    """
    low_s, high_s = from_s, due_s
    probe_s = due_s - travel.travel_s(origin, destination, from_s)
    stride_s = 1
    steps = 0
    while low_s < high_s:
        steps += 1
        probe_s = min(max(probe_s, low_s + 1), high_s)
        if steps > _DIRECT_STEPS:
            probe_s = (low_s + high_s + 1) // 2
        over_s = probe_s + travel.travel_s(origin, destination, probe_s) - due_s
        if over_s <= 0:
            low_s, probe_s, stride_s = probe_s, probe_s + stride_s, 2 * stride_s
        else:
            high_s, probe_s = probe_s - 1, probe_s - over_s
    return low_s


def _latest_departure_s(course: Course, early: Trail) -> int:
    """One pass from the end back to the depot."""
    due_s, following = early.end_s, course.home
    for number in range(len(course.steps) - 1, -1, -1):
        step, leg = course.steps[number], early.legs[number]
        leave_s = due_s
        if following is not None:
            leave_s = latest_departure(
                course.travel, step.location, following, from_s=leg.departure_s, due_s=due_s
            )
        due_s, following = latest_arrival(step, leg, leave_s), step.location
    if following is None:
        return early.departure_s
    return latest_departure(
        course.travel, course.origin, following, from_s=early.departure_s, due_s=due_s
    )


def latest_arrival(step: Stop, leg: Leg, leave_s: int) -> int:
    """The last arrival that still leaves in time; as early as now is always good enough."""
    start_s = leave_s - step.service_time_s
    if not step.windows:
        return max(leg.arrival_s, start_s)
    ends = [min(start_s, w.end_s) for w in step.windows if w.start_s <= start_s]
    return max([leg.arrival_s, *ends])


def _latest_with_breaks(course: Course, first: Sequence[int], early: Trail, last_s: int) -> Trail:
    """The latest departure over the numbers of breaks had before it; fewest where they tie."""
    best_s, best_taken = early.departure_s, None
    for taken, from_s in enumerate(first):
        if from_s == NEVER_AT_S or not drives_as_well(course, _only(first, taken, from_s), early):
            continue
        low_s, high_s = from_s, max(from_s, last_s)
        while low_s < high_s:
            middle_s = (low_s + high_s + 1) // 2
            if drives_as_well(course, _only(first, taken, middle_s), early):
                low_s = middle_s
            else:
                high_s = middle_s - 1
        if best_taken is None or low_s > best_s:
            best_s, best_taken = low_s, taken
    if best_taken is None:
        return early
    return drive_with_breaks(course, _only(first, best_taken, best_s))


def _only(first: Sequence[int], taken: int, departure_s: int) -> list[int]:
    """Leaving then, with so many breaks had."""
    return [departure_s if number == taken else NEVER_AT_S for number in range(len(first))]
