"""What is aboard on each trip: within capacity, and as the plan says.

What is delivered is loaded at the depot, what is picked up comes back to it, and what a bond
carries is aboard from its first stop to its last.
"""

from __future__ import annotations

from collections.abc import Iterator

from promesa.domain.fleet import Load
from promesa.routing.checks.case import Case, Step
from promesa.routing.checks.violation import Rule, Violation

MEASURES = {"parcels": "bultos", "weight_g": "g", "volume_ml": "ml"}


def violations(case: Case) -> Iterator[Violation]:
    """Per measure: the most above capacity, and whether a load is noted wrong."""
    trips = _trips(case)
    for measure, unit in MEASURES.items():
        judged = [_judge(case, trip, measure) for trip in trips]
        over = max(peak for peak, _ in judged) - getattr(case.vehicle.capacity, measure)
        if over > 0:
            sentence = f"lleva {over} {unit} más de lo que carga."
            yield case.broken(Rule.CAPACITY, over, unit, sentence)
        if not all(is_right for _, is_right in judged):
            sentence = f"la carga anotada no cuadra con sus paradas ({unit})."
            yield case.broken(Rule.LOAD_WRONG, 1, unit, sentence)


# What the plan says is aboard at first, and the steps that follow.
_Trip = tuple[Load, list[Step]]


def _trips(case: Case) -> list[_Trip]:
    trips: list[_Trip] = [(case.route.load_start, [])]
    for step in case.steps:
        if step.reload is not None:
            trips.append((step.reload.load_start, []))
        else:
            trips[-1][1].append(step)
    return trips


def _judge(case: Case, trip: _Trip, measure: str) -> tuple[int, bool]:
    """The most aboard at once, and whether all that is noted is right."""
    noted, steps = trip
    aboard = sum(getattr(step.stop.delivered, measure) for step in steps if step.stop)
    peak, is_right = aboard, getattr(noted, measure) == aboard
    for step in steps:
        if step.stop is None or step.visit is None:
            continue
        aboard += getattr(step.stop.picked_up, measure) - getattr(step.stop.delivered, measure)
        for bond in case.problem.bonds:
            if bond.stops[0] == step.visit.stop:
                aboard += getattr(bond.carried, measure)
            if bond.stops[-1] == step.visit.stop:
                aboard -= getattr(bond.carried, measure)
        peak = max(peak, aboard)
        is_right = is_right and getattr(step.visit.load_after, measure) == aboard
    return peak, is_right
