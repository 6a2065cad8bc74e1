"""How long a driver is on the road, and from leaving to being back."""

from __future__ import annotations

from collections.abc import Iterator

from promesa.routing.checks.case import Case
from promesa.routing.checks.violation import Rule, Violation


def violations(case: Case) -> Iterator[Violation]:
    """Driving and duty over their most, driving noted wrong."""
    van, route = case.vehicle, case.route
    driving_s = sum(arrival_s - left_s for _, _, left_s, arrival_s, _ in case.legs)
    if driving_s != route.driving_s:
        wrong_s = abs(driving_s - route.driving_s)
        sentence = f"el manejo anotado difiere {wrong_s} s."
        yield case.broken(Rule.DRIVING_WRONG, wrong_s, "s", sentence)
    if van.driving_max_s is not None and driving_s > van.driving_max_s:
        over_s = driving_s - van.driving_max_s
        sentence = f"maneja {over_s} s más de lo permitido."
        yield case.broken(Rule.DRIVING_MAX, over_s, "s", sentence)
    duty_s = route.end_s - route.departure_s
    if van.duty_max_s is not None and duty_s > van.duty_max_s:
        over_s = duty_s - van.duty_max_s
        sentence = f"está en ruta {over_s} s más de lo permitido."
        yield case.broken(Rule.DUTY_MAX, over_s, "s", sentence)
