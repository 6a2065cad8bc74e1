"""Each stop is visited once or named as left out; each vehicle drives one route at most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from promesa.routing.checks.violation import Rule, Violation
from promesa.routing.plan import Plan
from promesa.routing.problem import Problem


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """What the plan as a whole breaks."""
    yield from _stops(problem, plan)
    yield from _vehicles(problem, plan)


def _stops(problem: Problem, plan: Plan) -> Iterator[Violation]:
    times = Counter(visit.stop for route in plan.routes for visit in route.visits)
    times.update(plan.unserved)
    for index, count in sorted(times.items()):
        if not 0 <= index < len(problem.stops):
            yield Violation(
                rule=Rule.STOP_UNKNOWN,
                amount=count,
                unit="veces",
                sentence=f"La parada número {index} no existe.",
            )
    for index, stop in enumerate(problem.stops):
        if times[index] == 1:
            continue
        is_missing = times[index] == 0
        yield Violation(
            rule=Rule.STOP_MISSING if is_missing else Rule.STOP_REPEATED,
            stop=stop.id,
            amount=abs(times[index] - 1),
            unit="veces",
            sentence=f"La parada {stop.id} aparece {times[index]} veces en vez de una.",
        )


def _vehicles(problem: Problem, plan: Plan) -> Iterator[Violation]:
    for index, count in sorted(Counter(route.vehicle for route in plan.routes).items()):
        if not 0 <= index < len(problem.vehicles):
            yield Violation(
                rule=Rule.VEHICLE_UNKNOWN,
                amount=count,
                unit="rutas",
                sentence=f"El vehículo número {index} no existe.",
            )
        elif count > 1:
            name = problem.vehicles[index].id
            yield Violation(
                rule=Rule.VEHICLE_REPEATED,
                vehicle=name,
                amount=count - 1,
                unit="rutas",
                sentence=f"El vehículo {name} hace {count} rutas a la vez.",
            )
