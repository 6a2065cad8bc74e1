"""Returns to the depot between trips: how many, where in the route, and the loading."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from promesa.routing.checks.case import Case, Step
from promesa.routing.checks.violation import Rule, Violation
from promesa.routing.plan import Reload


def violations(case: Case) -> Iterator[Violation]:
    """Trips too many, returns out of place, loading too short or while the depot is closed."""
    over = len(case.route.reloads) + 1 - case.vehicle.trips_max
    if over > 0:
        sentence = f"hace {len(case.route.reloads) + 1} viajes y su máximo es "
        sentence += f"{case.vehicle.trips_max}."
        yield case.broken(Rule.TRIPS_MAX, over, "viajes", sentence)
    places = [reload.visit for reload in case.route.reloads]
    inside = range(1, len(case.route.visits))
    odd = [place for place in places if place not in inside]
    odd += [after for before, after in itertools.pairwise(places) if after <= before]
    if odd:
        sentence = "vuelve a cargar donde no hay un viaje antes y otro después."
        yield case.broken(Rule.RELOAD_WRONG, len(odd), "viajes", sentence)
    for step in case.steps:
        if step.reload is not None:
            yield from _loading(case, step, step.reload)


def _loading(case: Case, step: Step, reload: Reload) -> Iterator[Violation]:
    ready_s = max([reload.arrival_s, *(pause.end_s for pause in step.before)])
    loaded_s = max(ready_s, case.depot.open_s) + case.vehicle.loading_time_s
    leaves_s = max([loaded_s, *(pause.end_s for pause in step.after)])
    wrong_s = abs(reload.departure_s - leaves_s)
    if wrong_s:
        sentence = f"la carga entre viajes difiere {wrong_s} s de la que corresponde."
        yield case.broken(Rule.RELOAD_WRONG, wrong_s, "s", sentence)
    late_s = loaded_s - case.depot.close_s
    if late_s > 0:
        sentence = f"termina de cargar {late_s} s después del cierre del CD."
        yield case.broken(Rule.RELOAD_WRONG, late_s, "s", sentence)
