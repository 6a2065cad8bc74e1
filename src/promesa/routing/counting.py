"""What routes count beside their cost: visits where the driver knows nobody, and uneven work.

Nobody pays these; whoever puts a stop in or leaves it out weighs them as the search does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from promesa.kernel.units import HOUR_S
from promesa.routing.insertion import Insertion
from promesa.routing.plan import PlannedRoute
from promesa.routing.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """An insertion with what it counts.

    Attributes:
        added_clp: What it costs and what it makes the other prices more, rounded.
    """

    insertion: Insertion
    added_clp: int


def count_insertions(
    problem: Problem, routes: Mapping[int, PlannedRoute], found: Collection[Insertion]
) -> tuple[Counted, ...]:
    """The insertions with what each counts, the least first.

    Args:
        problem: The day.
        routes: As they are, by vehicle; who stands is none of them.
        found: Insertions into them, or into vehicles that stand.
    """
    before = _counted_clp(problem, routes.values())
    counted = []
    for insertion in found:
        after = {**routes, insertion.timed.vehicle: insertion.timed}
        more_clp = _counted_clp(problem, after.values()) - before
        counted.append(
            Counted(insertion=insertion, added_clp=round(insertion.added_cost_clp + more_clp))
        )
    return tuple(sorted(counted, key=lambda each: (each.added_clp, each.insertion.timed.vehicle)))


def _counted_clp(problem: Problem, routes: Collection[PlannedRoute]) -> float:
    balance = problem.balance
    stops = [len(route.visits) for route in routes]
    hours = [(route.end_s - route.departure_s) / HOUR_S for route in routes]
    return (
        sum(_unfamiliar_clp(problem, route) for route in routes)
        + balance.stop_price_clp * _uneven(stops)
        + balance.hour_price_clp * _uneven(hours)
    )


def _unfamiliar_clp(problem: Problem, route: PlannedRoute) -> int:
    van = problem.vehicles[route.vehicle]
    if not (van.areas and van.unfamiliar_price_clp):
        return 0
    away = sum(problem.stops[stop].area not in van.areas for stop in route.stops)
    return van.unfamiliar_price_clp * away


def _uneven(amounts: Collection[float]) -> float:
    """The squares of the routes' amounts away from their mean."""
    if not amounts:
        return 0.0
    mean = sum(amounts) / len(amounts)
    return sum((amount - mean) ** 2 for amount in amounts)
