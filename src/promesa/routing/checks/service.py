"""Each service begins when it can, lasts as long as asked, and the vehicle leaves after it."""

from __future__ import annotations

from collections.abc import Iterator

from promesa.routing.checks.case import Case, Step
from promesa.routing.checks.violation import Rule, Violation
from promesa.routing.plan import Visit
from promesa.routing.problem import Stop


def violations(case: Case) -> Iterator[Violation]:
    """Services too short or too long, before arriving, or put off for no reason."""
    for step in case.steps:
        if step.visit is None or step.stop is None:
            continue
        wrong_s = _wrong_s(step, step.visit, step.stop)
        if wrong_s > 0:
            sentence = f"la atención de {step.stop.id} difiere {wrong_s} s de la pedida."
            yield case.broken(Rule.SERVICE_TIME, wrong_s, "s", sentence, step.stop)


def _wrong_s(step: Step, visit: Visit, stop: Stop) -> int:
    done_s = visit.start_s + stop.service_time_s
    leaves_s = max([done_s, *(pause.end_s for pause in step.after)])
    ready_s = max([visit.arrival_s, *(pause.end_s for pause in step.before)])
    idle_s = max(0, visit.start_s - _first_instant_s(stop, ready_s))
    return abs(visit.departure_s - leaves_s) + max(0, visit.arrival_s - visit.start_s) + idle_s


def _first_instant_s(stop: Stop, ready_s: int) -> int:
    """When service can begin: at once, or at the next opening; at once after the last close."""
    openings = [max(ready_s, w.start_s) for w in stop.windows if ready_s <= w.end_s]
    return min(openings, default=ready_s)
