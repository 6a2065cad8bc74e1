"""A problem as solvers know it that take one time per pair and no breaks.

Times are the mean over the shift; a break is taken off the end of the shift, as planners do who
have no other way. The checker then judges what comes back by the hour and with the breaks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from promesa.routing.problem import Problem, Stop, Vehicle

_Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flat:
    """Depots first, then stops, all by place.

    Attributes:
        metres: int64, [place, place]; what driving costs.
        seconds: int64, [place, place].
        demand: int64, [place], nought at depots; so is ``service_s``.
        window_s: int64, [place, 2], the shift where a stop has none.
        vans: How many vehicles each depot has.
    """

    metres: _Ints
    seconds: _Ints
    demand: _Ints
    service_s: _Ints
    window_s: _Ints
    vans: tuple[int, ...]
    capacity: int
    fixed_cost: int
    shift_s: tuple[int, int]

    @property
    def depots(self) -> int:
        """How many places are depots."""
        return len(self.vans)

    @property
    def stops(self) -> range:
        """Places that are stops."""
        return range(self.depots, len(self.demand))

    def part(self, places: _Ints, vans: tuple[int, ...]) -> Flat:
        """Only some of the stops, in that order, with other vans at the same depots."""
        kept = np.concatenate([np.arange(self.depots), places])
        pairs = np.ix_(kept, kept)
        return Flat(
            metres=self.metres[pairs],
            seconds=self.seconds[pairs],
            demand=self.demand[kept],
            service_s=self.service_s[kept],
            window_s=self.window_s[kept],
            vans=vans,
            capacity=self.capacity,
            fixed_cost=self.fixed_cost,
            shift_s=self.shift_s,
        )


def flat(problem: Problem) -> Flat:
    """The problem with averaged times.

    Raises:
        ValueError: Vehicles differ by more than their depot, or stops have what is not known
            here. Only benchmark instances come here.
        MatrixTooLargeError: There are too many places to store every pair.
    """
    van = _only_van(problem)
    rest_s = sum(each.duration_s for each in van.breaks)
    shift_s = van.shift_start_s, van.shift_end_s - rest_s
    stops = problem.stops
    places = [depot.location for depot in problem.depots] + [stop.location for stop in stops]
    span = {"start_s": van.shift_start_s, "end_s": van.shift_end_s}
    nothing = [0] * len(problem.depots)
    return Flat(
        metres=_of(problem.travel.static_metres(**span), places),
        seconds=_of(problem.travel.static_seconds(**span), places),
        demand=np.array([*nothing, *(stop.delivered.parcels for stop in stops)]),
        service_s=np.array([*nothing, *(stop.service_time_s for stop in stops)]),
        window_s=np.array(
            [*(shift_s for _ in nothing), *(_window(stop, shift_s) for stop in stops)]
        ),
        vans=tuple(
            sum(each.start_depot == depot for each in problem.vehicles)
            for depot in range(len(problem.depots))
        ),
        capacity=van.capacity.parcels,
        fixed_cost=van.fixed_cost_clp,
        shift_s=shift_s,
    )


def _only_van(problem: Problem) -> Vehicle:
    first = problem.vehicles[0]
    alike = {
        (van.capacity, van.shift_start_s, van.shift_end_s, van.fixed_cost_clp, van.breaks)
        for van in problem.vehicles
    }
    is_closed = all(van.start_depot == van.end_depot for van in problem.vehicles)
    has_one_window = all(len(stop.windows) <= 1 for stop in problem.stops)
    if len(alike) > 1 or not is_closed or not has_one_window or first.hour_cost_clp:
        raise ValueError("the peers are given alike vans, one window a stop and no hourly cost")
    return first


def _of(pairs: _Ints, places: list[int]) -> _Ints:
    if places == list(range(len(pairs))):
        return pairs
    return pairs[np.ix_(places, places)]


def _window(stop: Stop, shift_s: tuple[int, int]) -> tuple[int, int]:
    if not stop.windows:
        return shift_s
    window = stop.windows[0]
    return max(window.start_s, shift_s[0]), min(window.end_s, shift_s[1])
