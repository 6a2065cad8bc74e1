"""When a route leaves its depot: as late as it can without ending later or serving anyone later.

Waiting at the depot is free. Right because leaving later never means arriving earlier (FIFO);
where times break that rule the earliest departure stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from promesa.routing.breaks import NEVER_AT_S, drive_with_breaks
from promesa.routing.course import Course, Trail, drive
from promesa.routing.deadlines import last_departure, last_departures


def earliest_trail(course: Course, first: Sequence[int]) -> Trail:
    """The course driven so that it ends first, left as early as can be."""
    return drive_with_breaks(course, first) if course.breaks else drive(course, first[0])


def latest_trail(course: Course, first: Sequence[int], early: Trail, last_s: int) -> Trail:
    """The course left at the last second up to ``last_s`` at which it ends as ``early`` does."""
    if course.breaks:
        return _latest_with_breaks(course, first, early, last_s)
    if last_s <= early.departure_s:
        return early
    if not any(leg.start_s > leg.arrival_s for leg in early.legs):
        # Where nobody waits, only roads that get quicker as fast as time passes allow it.
        later = drive(course, early.departure_s + 1)
        if later.end_s > early.end_s or later.lateness_s > early.lateness_s:
            return early
    late = drive(course, min(last_s, last_departure(course, early)))
    if late.end_s > early.end_s or late.lateness_s > early.lateness_s:
        return early
    return late


def _latest_with_breaks(course: Course, first: Sequence[int], early: Trail, last_s: int) -> Trail:
    """The latest departure over the numbers of breaks had before it; fewest where they tie.

    Who is late anyway or misses a break leaves at once: nobody plans such a route.
    """
    if early.lateness_s or early.breaks_missed:
        return early
    lasts = [min(last_s, late_s) for late_s in last_departures(course, first, early.end_s)]
    best_s = max(lasts)
    if best_s < early.departure_s:
        return early
    late = drive_with_breaks(course, _only(first, lasts.index(best_s), best_s))
    return late if late.end_s <= early.end_s and late.lateness_s <= early.lateness_s else early


def _only(first: Sequence[int], taken: int, departure_s: int) -> list[int]:
    """Leaving then, with so many breaks had."""
    return [departure_s if number == taken else NEVER_AT_S for number in range(len(first))]
