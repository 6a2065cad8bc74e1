"""By when each step of a course must be reached and left, from its end back to the depot.

Right because leaving later never means arriving earlier (FIFO).
"""

from __future__ import annotations

from collections.abc import Sequence

from promesa.routing.breaks import NEVER_AT_S, departures
from promesa.routing.course import Course, Leg, Trail
from promesa.routing.matrix import Travel
from promesa.routing.problem import Break, Stop

# Before any day.
TOO_EARLY_S = -NEVER_AT_S
# Steps towards the last second to leave by what one was late; then the span is halved.
_DIRECT_STEPS = 8


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
    stride_s, steps = 1, 0
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


def latest_arrival(step: Stop, leg: Leg, leave_s: int) -> int:
    """The last arrival that still leaves in time; as early as now is always good enough."""
    return max(leg.arrival_s, _last_arrival(step, leave_s))


def last_departure(course: Course, early: Trail) -> int:
    """The last second to leave without ending after ``early`` or being later than it is."""
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


def last_departures(course: Course, first: Sequence[int], end_s: int) -> list[int]:
    """The same by number of breaks had before leaving, with all the others had and all on time.

    TOO_EARLY_S where that cannot be, from the departures in ``first`` on.
    """
    earliest = [list(first), *departures(course, first)]
    due, following = _due_at_end(course.breaks, end_s), course.home
    for number in range(len(course.steps) - 1, -1, -1):
        step = course.steps[number]
        left = _left_by(course, step.location, following, earliest[number + 1], due)
        due, following = _reached_by(course.breaks, step, left), step.location
    return _driven_off(course, course.origin, following, earliest[0], due)


def _last_arrival(step: Stop, leave_s: int) -> int:
    """The last arrival in a window that leaves in time."""
    start_s = leave_s - step.service_time_s
    if not step.windows:
        return start_s
    ends = [min(start_s, w.end_s) for w in step.windows if w.start_s <= start_s]
    return max(ends, default=TOO_EARLY_S)


def _stop_by(pause: Break, due_s: int) -> int:
    """When to stop at the latest for the break to be over by ``due_s``."""
    start_s = min(due_s, pause.end_s) - pause.duration_s
    return start_s if start_s >= pause.start_s else TOO_EARLY_S


def _due_at_end(breaks: Sequence[Break], end_s: int) -> list[int]:
    """When the route must end by breaks taken, so that the rest of them can be had after it."""
    due = [NEVER_AT_S]
    for pause in reversed(breaks):
        due.append(_stop_by(pause, due[-1]))
    return [min(end_s, due_s) for due_s in reversed(due)]


def _driven_off(
    course: Course, place: int, following: int | None, earliest: Sequence[int], due: Sequence[int]
) -> list[int]:
    """The last second to drive off, by breaks taken; none before the earliest of its own."""
    offs = []
    for from_s, due_s in zip(earliest, due, strict=True):
        way_s = 0
        if following is not None and from_s < NEVER_AT_S:
            way_s = course.travel.travel_s(place, following, from_s)
        if from_s == NEVER_AT_S or from_s + way_s > due_s:
            offs.append(TOO_EARLY_S)
        elif following is None:
            offs.append(due_s)
        else:
            offs.append(
                latest_departure(course.travel, place, following, from_s=from_s, due_s=due_s)
            )
    return offs


def _left_by(
    course: Course, place: int, following: int | None, earliest: Sequence[int], due: Sequence[int]
) -> list[int]:
    """When the work at a step must be done, by breaks taken until then: some follow it there."""
    left = _driven_off(course, place, following, earliest, due)
    for taken in range(len(course.breaks) - 1, -1, -1):
        left[taken] = max(left[taken], _stop_by(course.breaks[taken], left[taken + 1]))
    return left


def _reached_by(breaks: Sequence[Break], step: Stop, left: Sequence[int]) -> list[int]:
    """When a step must be reached, by breaks taken until then: one may come before the work."""
    due = [_last_arrival(step, left_s) for left_s in left]
    rested = [_stop_by(pause, due[taken + 1]) for taken, pause in enumerate(breaks)]
    return [*map(max, due, rested), due[-1]]
