"""Each service begins within one of its windows."""

from __future__ import annotations

from collections.abc import Iterator

from promesa.routing.checks.case import Case
from promesa.routing.checks.violation import Rule, Violation


def violations(case: Case) -> Iterator[Violation]:
    """Services that begin in none of their windows, by how far from the nearest."""
    for visit, stop in case.visits:
        misses_s = [
            max(window.start_s - visit.start_s, visit.start_s - window.end_s, 0)
            for window in stop.windows
        ]
        if misses_s and min(misses_s) > 0:
            sentence = f"atiende {stop.id} a {min(misses_s)} s de su ventana."
            yield case.broken(Rule.WINDOW_MISSED, min(misses_s), "s", sentence, stop)
