"""Who may visit whom, and how many stops a vehicle makes."""

from __future__ import annotations

from collections.abc import Iterator

from promesa.routing.checks.case import Case
from promesa.routing.checks.violation import Rule, Violation


def violations(case: Case) -> Iterator[Violation]:
    """Skills missing, pins and exclusions broken, stops too many."""
    vehicle = case.vehicle
    for _, stop in case.visits:
        missing = sorted(set(stop.skills).difference(vehicle.skills))
        if missing:
            sentence = f"le falta {', '.join(missing)} para {stop.id}."
            yield case.broken(Rule.SKILL_MISSING, len(missing), "habilidades", sentence, stop)
        if stop.pinned_vehicle not in {None, vehicle.id}:
            sentence = f"{stop.id} está fijada a {stop.pinned_vehicle}."
            yield case.broken(Rule.PIN_BROKEN, 1, "paradas", sentence, stop)
        if vehicle.id in stop.excluded_vehicles:
            sentence = f"no debe atender {stop.id}."
            yield case.broken(Rule.EXCLUDED, 1, "paradas", sentence, stop)
    limit = vehicle.stops_max
    if limit is not None and len(case.visits) > limit:
        sentence = f"hace {len(case.visits)} paradas y su máximo es {limit}."
        yield case.broken(Rule.STOPS_MAX, len(case.visits) - limit, "paradas", sentence)
