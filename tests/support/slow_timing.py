"""The times of a route found by trying everything: every place for every break, every departure.

Slow, and written from the words of the rules alone, so that what is quick can be held against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement
from typing import NamedTuple

from promesa.routing.plan import RELOAD
from promesa.routing.problem import Break, Problem, Window

# Where a break is had: before leaving, at a step (twice a step: on arriving, after), once back.
_Slots = tuple[int, ...]


class Door(NamedTuple):
    """A stop or the depot between trips."""

    location: int
    windows: tuple[Window, ...]
    service_s: int


def earliest_end_s(problem: Problem, vehicle: int, sequence: Sequence[int]) -> int | None:
    """When the route ends first, on time and with all breaks; None if it cannot be."""
    found = [
        _first(problem, vehicle, sequence, slots)
        for slots in _all_slots(problem, vehicle, sequence)
    ]
    return min((end_s for end_s in found if end_s is not None), default=None)


def ends_by(
    problem: Problem, vehicle: int, sequence: Sequence[int], departure_s: int, end_s: int
) -> bool:
    """Whether the route, left then, can end by then, on time and with all breaks."""
    for slots in _all_slots(problem, vehicle, sequence):
        ready_s = _ready_s(problem, vehicle, slots)
        if ready_s is None or ready_s > departure_s:
            continue
        found_s = _end(problem, vehicle, sequence, slots, departure_s)
        if found_s is not None and found_s <= end_s:
            return True
    return False


def _all_slots(problem: Problem, vehicle: int, sequence: Sequence[int]) -> Iterator[_Slots]:
    last = 2 * len(sequence) + 1
    for slots in combinations_with_replacement(
        range(last + 1), len(problem.vehicles[vehicle].breaks)
    ):
        arriving = [slot for slot in slots if slot % 2 == 1 and slot < last]
        # On arriving one break is had, not two.
        if len(set(arriving)) == len(arriving):
            yield slots


def _rest(pause: Break, now_s: int) -> int | None:
    end_s = max(now_s, pause.start_s) + pause.duration_s
    return end_s if end_s <= pause.end_s else None


def _ready_s(problem: Problem, vehicle: int, slots: _Slots) -> int | None:
    """The earliest departure, with the breaks of slot 0 had."""
    van, now_s = problem.vehicles[vehicle], 0
    for slot, pause in zip(slots, van.breaks, strict=True):
        if slot == 0:
            then_s = _rest(pause, now_s)
            if then_s is None:
                return None
            now_s = then_s
    ready_s = max(now_s, van.shift_start_s, problem.depots[van.start_depot].open_s)
    return None if ready_s > last_start_s(problem, vehicle) else ready_s


def last_start_s(problem: Problem, vehicle: int) -> int:
    """The last second at which it may leave: by its own limit, and while its depot is open."""
    van = problem.vehicles[vehicle]
    hours = [problem.depots[van.start_depot].close_s]
    if van.latest_start_s is not None:
        hours.append(van.latest_start_s)
    return min(hours)


def _first(problem: Problem, vehicle: int, sequence: Sequence[int], slots: _Slots) -> int | None:
    ready_s = _ready_s(problem, vehicle, slots)
    return None if ready_s is None else _end(problem, vehicle, sequence, slots, ready_s)


def _end(
    problem: Problem, vehicle: int, sequence: Sequence[int], slots: _Slots, departure_s: int
) -> int | None:
    """When the route ends; None if a window or a break is missed."""
    van = problem.vehicles[vehicle]
    place, now_s = problem.depots[van.start_depot].location, departure_s
    for number, step in enumerate(sequence):
        door = _door(problem, vehicle, step)
        reached_s: int | None = now_s + problem.travel.travel_s(place, door.location, now_s)
        reached_s = _rested(van.breaks, slots, 2 * number + 1, reached_s)
        begun_s = None if reached_s is None else _begin(door, reached_s)
        if begun_s is None:
            return None
        left_s = _rested(van.breaks, slots, 2 * number + 2, begun_s + door.service_s)
        if left_s is None:
            return None
        place, now_s = door.location, left_s
    if van.end_depot is not None:
        now_s += problem.travel.travel_s(place, problem.depots[van.end_depot].location, now_s)
    rested_s = _rested(van.breaks, slots, 2 * len(sequence) + 1, now_s)
    return None if rested_s is None else now_s


def _rested(breaks: Sequence[Break], slots: _Slots, here: int, now_s: int | None) -> int | None:
    for slot, pause in zip(slots, breaks, strict=True):
        if slot == here and now_s is not None:
            now_s = _rest(pause, now_s)
    return now_s


def _door(problem: Problem, vehicle: int, step: int) -> Door:
    if step == RELOAD:
        van = problem.vehicles[vehicle]
        depot = problem.depots[van.start_depot]
        hours = Window(start_s=depot.open_s, end_s=depot.close_s - van.loading_time_s)
        return Door(depot.location, (hours,), van.loading_time_s)
    stop = problem.stops[step]
    return Door(stop.location, stop.windows, stop.service_time_s)


def _begin(door: Door, now_s: int) -> int | None:
    if not door.windows:
        return now_s
    return min((max(now_s, w.start_s) for w in door.windows if now_s <= w.end_s), default=None)
