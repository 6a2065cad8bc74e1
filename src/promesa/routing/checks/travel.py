"""Each leg takes the time the roads give it at its own hour."""

from __future__ import annotations

from collections.abc import Iterator

from promesa.routing.checks.case import Case
from promesa.routing.checks.violation import Rule, Violation
from promesa.routing.matrix import NEVER_S


def violations(case: Case) -> Iterator[Violation]:
    """Legs without a way, and arrivals the roads do not give."""
    for origin, destination, left_s, arrival_s, step in case.legs:
        is_open = step is None and case.home is None
        leg_s = 0 if is_open else case.problem.travel.travel_s(origin, destination, left_s)
        name = step.name if step else "el CD"
        stop = step.stop if step else None
        if leg_s >= NEVER_S:
            yield case.broken(Rule.UNREACHABLE, 1, "tramos", f"no hay camino a {name}.", stop)
        wrong_s = abs(arrival_s - left_s - leg_s)
        if wrong_s > 0 and is_open:
            sentence = f"termina {wrong_s} s lejos de dejar su última parada."
            yield case.broken(Rule.TRAVEL_TIME, wrong_s, "s", sentence)
        elif wrong_s > 0:
            sentence = f"la llegada a {name} difiere {wrong_s} s del viaje real."
            yield case.broken(Rule.TRAVEL_TIME, wrong_s, "s", sentence, stop)
