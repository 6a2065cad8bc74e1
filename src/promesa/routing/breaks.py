"""The breaks of a day put into a course: where each is taken so that the route ends first.

With b breaks taken each step has an earliest departure. A break is taken on arriving, before the
service, or after it; before leaving the depot, or once back. What keeps every window goes before
what is sooner but late; where not all can be kept, those that would be without a break go first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from promesa.routing.course import Course, Leg, Rest, Start, Trail, drive, serve
from promesa.routing.problem import Break, Problem

# An instant that never comes.
NEVER_AT_S = 10**12
# How a departure came about: no break at this step, one on arriving, one after the service.
_NONE, _BEFORE, _AFTER = 0, 1, 2
# Departures of a step by number of breaks taken, and how each came about.
_Row = tuple[list[int], list[int]]
# When a step of the course is done for who arrives then.
_Rule = Callable[[int, int], int]
# By how much a break may make late what is in time without it, the least that can be first;
# assumed: what a recipient hardly notices, and half a break.
LATENESS_S_STEPS = (300, 900)


def rested_s(pause: Break, now_s: int) -> int:
    """When who stops at ``now_s`` has had the break; NEVER_AT_S if it is too late for it."""
    end_s = max(now_s, pause.start_s) + pause.duration_s
    return end_s if end_s <= pause.end_s else NEVER_AT_S


def first_departures(problem: Problem, vehicle: int, start: Start | None) -> list[int]:
    """The earliest departure by number of breaks had by then.

    From the depot those breaks are had before the day's work; under way, from now on and where
    the vehicle stands.
    """
    van = problem.vehicles[vehicle]
    if start is None:
        taken, ready_s, now_s = 0, problem.earliest_s(vehicle), 0
        last_s = problem.latest_start_s(vehicle)
    else:
        taken, ready_s, now_s = start.breaks_taken, start.ready_s, start.ready_s
        last_s = NEVER_AT_S
    first = [NEVER_AT_S] * min(taken, len(van.breaks)) + [ready_s]
    for pause in van.breaks[taken:]:
        now_s = rested_s(pause, now_s)
        left_s = max(now_s, ready_s)
        first.append(left_s if left_s <= last_s else NEVER_AT_S)
        now_s = now_s if left_s <= last_s else NEVER_AT_S
    return first


def drive_with_breaks(course: Course, first: Sequence[int]) -> Trail:
    """The course driven so that it ends first, left with one of the numbers of breaks had.

    On time with all breaks if that can be; else with as few missed as can be, then with as few
    windows broken and as little lateness as is found, then as soon as can be.
    """
    strict = _best_trail(course, first, _in_time(course))
    if strict is not None and not strict.breaks_missed:
        return strict
    soonest = _best_trail(course, first, _at_once(course))
    if soonest is None:
        raise ValueError("no departure that can be")
    return min((soonest, *_keeping(course, first, soonest)), key=_harm)


def _keeping(course: Course, first: Sequence[int], soonest: Trail) -> Iterator[Trail]:
    """Other ways to drive it, for what is in time without a break; each misses no more of them.

    All of that in time; else each by a few minutes late, or as many as can be from the first on.
    Up to ten times the work of one way, where a break makes a promise late.
    """
    alone = drive(course, min(first))
    kept = [not leg.lateness_s for leg in alone.legs]
    if not any(held and leg.lateness_s for held, leg in zip(kept, soonest.legs, strict=True)):
        return

    def find(held: Sequence[bool], late_s: int = 0) -> Trail | None:
        found = _best_trail(course, first, _late_by(course, held, late_s))
        is_worse = found is None or found.breaks_missed > soonest.breaks_missed
        return None if is_worse else found

    whole = find(kept)
    if whole is not None:
        yield whole
        return
    slack = (find(kept, late_s) for late_s in LATENESS_S_STEPS)
    yield from islice((trail for trail in slack if trail is not None), 1)
    # Held fewer, more can be: the largest number of steps is found by halving.
    low, high = 0, len(kept)
    while high - low > 1:
        middle = (low + high) // 2
        found = find([held and number < middle for number, held in enumerate(kept)])
        if found is None:
            high = middle
        else:
            low = middle
            yield found


def _harm(trail: Trail) -> tuple[int, int, int, int]:
    late = sum(leg.lateness_s > 0 for leg in trail.legs)
    return trail.breaks_missed, late, trail.lateness_s, trail.end_s


def departures(course: Course, first: Sequence[int]) -> list[list[int]]:
    """The earliest departure of each step by number of breaks had, all on time."""
    return [done for done, _ in _rows(course, first, _in_time(course))]


def _in_time(course: Course) -> _Rule:
    """A step that begins late is never done."""
    return _late_by(course, [True] * len(course.steps), 0)


def _at_once(course: Course) -> _Rule:
    """A step is done late or not."""
    return _late_by(course, [False] * len(course.steps), 0)


def _late_by(course: Course, kept: Sequence[bool], late_s: int) -> _Rule:
    """A step that is ``kept`` is never done if it begins later than so much after its window."""
    steps = course.steps

    def done_s(number: int, arrival_s: int) -> int:
        leg = serve(steps[number], arrival_s)
        is_given_up = kept[number] and leg.lateness_s > late_s
        return NEVER_AT_S if is_given_up else leg.departure_s

    return done_s


def _best_trail(course: Course, first: Sequence[int], rule: _Rule) -> Trail | None:
    """The way to drive it that misses fewest breaks, ends first, takes fewest under way."""
    rows = _rows(course, first, rule)
    last = rows[-1][0] if rows else list(first)
    ends = [
        (*_end(course, left_s, taken), taken)
        for taken, left_s in enumerate(last)
        if left_s < NEVER_AT_S
    ]
    if not ends:
        return None
    missed, end_s, taken = min(ends)
    return _trail(course, first, rows, taken)._replace(end_s=end_s, breaks_missed=missed)


def _end(course: Course, left_s: int, taken: int) -> tuple[int, int]:
    """How many breaks are missed if the rest of them is taken after coming back, and when."""
    end_s = course.home_s(left_s)
    now_s, missed = end_s, 0
    for pause in course.breaks[taken:]:
        then_s = rested_s(pause, now_s)
        if then_s == NEVER_AT_S:
            missed += 1
        else:
            now_s = then_s
    return missed, end_s


def _rows(course: Course, first: Sequence[int], rule: _Rule) -> list[_Row]:
    """Earliest departures step by step; a later choice only replaces one it is sooner than."""
    travel_s, breaks = course.travel.travel_s, course.breaks
    rows: list[_Row] = []
    place, earlier = course.origin, list(first)
    for number, step in enumerate(course.steps):
        done: list[int] = []
        how: list[int] = []
        came_s = NEVER_AT_S
        for taken, left_s in enumerate(earlier):
            arrival_s = best_s = NEVER_AT_S
            choice = _NONE
            if left_s < NEVER_AT_S:
                arrival_s = left_s + travel_s(place, step.location, left_s)
                best_s = rule(number, arrival_s)
            if taken and came_s < NEVER_AT_S:
                then_s = rested_s(breaks[taken - 1], came_s)
                then_s = rule(number, then_s) if then_s < NEVER_AT_S else then_s
                if then_s < best_s:
                    best_s, choice = then_s, _BEFORE
            if taken and done[-1] < NEVER_AT_S:
                then_s = rested_s(breaks[taken - 1], done[-1])
                if then_s < best_s:
                    best_s, choice = then_s, _AFTER
            done.append(best_s)
            how.append(choice)
            came_s = arrival_s
        rows.append((done, how))
        place, earlier = step.location, done
    return rows


def _trail(course: Course, first: Sequence[int], rows: Sequence[_Row], taken: int) -> Trail:
    """Goes back along the choices from the last step."""
    travel_s, breaks = course.travel.travel_s, course.breaks
    legs: list[Leg] = []
    rests: list[Rest] = []
    for number in range(len(rows) - 1, -1, -1):
        done, how = rows[number]
        step = course.steps[number]
        departure_s = done[taken]
        while how[taken] == _AFTER:
            taken -= 1
            begun_s = max(done[taken], breaks[taken].start_s)
            rests.append(Rest(number, False, begun_s, begun_s + breaks[taken].duration_s))
        is_rested = how[taken] == _BEFORE
        taken -= is_rested
        left_s = rows[number - 1][0][taken] if number else first[taken]
        place = course.steps[number - 1].location if number else course.origin
        arrival_s = ready_s = left_s + travel_s(place, step.location, left_s)
        if is_rested:
            ready_s = rested_s(breaks[taken], arrival_s)
            begun_s = ready_s - breaks[taken].duration_s
            rests.append(Rest(number, True, begun_s, ready_s))
        served = serve(step, ready_s)
        legs.append(Leg(arrival_s, served.start_s, departure_s, served.lateness_s))
    lateness_s = sum(leg.lateness_s for leg in legs)
    return Trail(first[taken], legs[::-1], 0, lateness_s, tuple(rests[::-1]))
