"""When a vehicle leaves and is back: its shift, its overtime, the hours of its depots."""

from __future__ import annotations

from collections.abc import Iterator

from promesa.routing.checks.case import Case
from promesa.routing.checks.violation import Rule, Violation


def violations(case: Case) -> Iterator[Violation]:
    """Too early, too late to leave, too late to be back, overtime noted wrong."""
    van, route = case.vehicle, case.route
    early_s = max(van.shift_start_s, case.depot.open_s) - route.departure_s
    if early_s > 0:
        sentence = f"sale {early_s} s antes de su jornada."
        yield case.broken(Rule.SHIFT_START, early_s, "s", sentence)
    if van.latest_start_s is not None and route.departure_s > van.latest_start_s:
        late_s = route.departure_s - van.latest_start_s
        sentence = f"sale {late_s} s después de su última hora de salida."
        yield case.broken(Rule.LATEST_START, late_s, "s", sentence)
    shut_s = route.departure_s - case.depot.close_s
    if shut_s > 0:
        sentence = f"sale {shut_s} s después del cierre del CD."
        yield case.broken(Rule.LATEST_START, shut_s, "s", sentence)
    yield from _end(case)
    overtime_s = max(0, route.end_s - regular_end_s(case))
    if overtime_s != route.overtime_s:
        wrong_s = abs(overtime_s - route.overtime_s)
        sentence = f"las horas extra anotadas difieren {wrong_s} s."
        yield case.broken(Rule.OVERTIME_WRONG, wrong_s, "s", sentence)


def regular_end_s(case: Case) -> int:
    """When its shift ends without overtime and with its depot still open."""
    shift_s = case.vehicle.shift_end_s
    return shift_s if case.home is None else min(shift_s, case.home.close_s)


def _end(case: Case) -> Iterator[Violation]:
    van = case.vehicle
    last_s = van.shift_end_s + van.overtime_max_s
    if case.home is not None:
        last_s = min(last_s, case.home.close_s)
    over_s = case.route.end_s - last_s
    if over_s <= 0:
        return
    back = "termina" if case.home is None else "vuelve"
    if van.overtime_max_s:
        sentence = f"{back} {over_s} s después de su última hora extra o del cierre del CD."
        yield case.broken(Rule.OVERTIME, over_s, "s", sentence)
    else:
        sentence = f"{back} {over_s} s después del fin de su jornada."
        yield case.broken(Rule.SHIFT_END, over_s, "s", sentence)
