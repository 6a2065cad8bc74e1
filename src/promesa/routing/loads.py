"""What is aboard along a route, trip by trip, with what bonds carry from stop to stop."""

from __future__ import annotations

from collections.abc import Sequence

from promesa.domain.fleet import Load
from promesa.routing.plan import RELOAD
from promesa.routing.problem import NOTHING, Problem


def trips_of(sequence: Sequence[int]) -> list[tuple[int, ...]]:
    """The stops of each trip of a sequence."""
    trips: list[list[int]] = [[]]
    for step in sequence:
        if step == RELOAD:
            trips.append([])
        else:
            trips[-1].append(step)
    return [tuple(trip) for trip in trips]


def loads_along(
    problem: Problem, sequence: Sequence[int], aboard: Load = NOTHING
) -> list[list[Load]]:
    """Per trip: what is aboard on leaving the depot, then after each stop.

    Args:
        problem: The day.
        sequence: Stops, RELOAD between trips.
        aboard: What the first trip carries besides.
    """
    return [
        _loads(problem, trip, NOTHING if number else aboard)
        for number, trip in enumerate(trips_of(sequence))
    ]


def _loads(problem: Problem, trip: Sequence[int], besides: Load) -> list[Load]:
    stops = problem.stops
    loads = [besides.plus_all([stops[index].delivered for index in trip])]
    for index in trip:
        stop = stops[index]
        after = loads[-1].exchanged(stop.delivered, stop.picked_up)
        bond = problem.bond_of.get(index)
        if bond is not None and bond.carried != NOTHING:
            if index == bond.stops[0]:
                after += bond.carried
            if index == bond.stops[-1]:
                after -= bond.carried
        loads.append(after)
    return loads
