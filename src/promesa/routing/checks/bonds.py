"""Stops bound together: all in one trip of one vehicle and in their order, or none."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from promesa.routing.checks.violation import Rule, Violation
from promesa.routing.plan import Plan
from promesa.routing.problem import Bond, Problem

# Route of the plan and trip of the route, counted from 0.
_Trip = tuple[int, int]


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Bonds whose stops are apart or out of order."""
    if not problem.bonds:
        return
    places: dict[int, tuple[_Trip, int]] = {}
    for number, route in enumerate(plan.routes):
        starts = sorted(reload.visit for reload in route.reloads)
        for place, visit in enumerate(route.visits):
            trip = sum(start <= place for start in starts)
            places[visit.stop] = (number, trip), place
    for bond in problem.bonds:
        yield from _bond(problem, bond, places)


def _bond(
    problem: Problem, bond: Bond, places: dict[int, tuple[_Trip, int]]
) -> Iterator[Violation]:
    found = [places[stop] for stop in bond.stops if stop in places]
    if not found:
        return
    names = ", ".join(problem.stops[stop].id for stop in bond.stops)
    first = problem.stops[bond.stops[0]].id
    trips = [trip for trip, _ in found]
    together = max(trips.count(trip) for trip in trips)
    if together < len(bond.stops):
        yield Violation(
            rule=Rule.BOND_SPLIT,
            amount=len(bond.stops) - together,
            unit="paradas",
            sentence=f"Las paradas {names} van juntas y están separadas.",
            stop=first,
        )
        return
    order = [place for _, place in found]
    wrong = sum(after < before for before, after in itertools.pairwise(order))
    if bond.in_order and wrong:
        yield Violation(
            rule=Rule.BOND_ORDER,
            amount=wrong,
            unit="paradas",
            sentence=f"Las paradas {names} no están en su orden.",
            stop=first,
        )
