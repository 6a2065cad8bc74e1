"""Kilometres, tolls and costs are those of the legs, hours and overtime."""

from __future__ import annotations

from collections.abc import Iterator

from promesa.routing.checks.case import Case
from promesa.routing.checks.shift import regular_end_s
from promesa.routing.checks.violation import Rule, Violation
from promesa.routing.plan import Plan


def violations(case: Case) -> Iterator[Violation]:
    """Distance or cost of a route noted wrong."""
    route, van = case.route, case.vehicle
    metres, tolls_clp = 0, 0
    for origin, destination, left_s, _, step in case.legs:
        if step is not None or case.home is not None:
            metres += case.problem.travel.distance_m(origin, destination, left_s)
            tolls_clp += case.problem.travel.toll_clp(origin, destination, left_s)
    if metres != route.distance_m:
        wrong_m = abs(metres - route.distance_m)
        sentence = f"la distancia anotada difiere {wrong_m} m."
        yield case.broken(Rule.DISTANCE_WRONG, wrong_m, "m", sentence)
    cost_clp = van.fixed_cost_clp
    cost_clp += van.hour_cost_clp * (route.end_s - route.departure_s) // 3_600
    cost_clp += van.km_cost_clp * metres // 1_000
    overtime_s = max(0, route.end_s - regular_end_s(case))
    cost_clp += van.overtime_hour_cost_clp * overtime_s // 3_600
    cost_clp += tolls_clp
    if tolls_clp != route.toll_clp:
        wrong_clp = abs(tolls_clp - route.toll_clp)
        sentence = f"los peajes anotados difieren {wrong_clp} CLP."
        yield case.broken(Rule.COST_WRONG, wrong_clp, "CLP", sentence)
    if cost_clp != route.cost_clp:
        wrong_clp = abs(cost_clp - route.cost_clp)
        sentence = f"el costo anotado difiere {wrong_clp} CLP."
        yield case.broken(Rule.COST_WRONG, wrong_clp, "CLP", sentence)


def of_plan(plan: Plan) -> Iterator[Violation]:
    """The cost of the plan is the sum of its routes."""
    costs_clp = sum(route.cost_clp for route in plan.routes)
    if plan.cost_clp != costs_clp:
        yield Violation(
            rule=Rule.COST_WRONG,
            amount=abs(plan.cost_clp - costs_clp),
            unit="CLP",
            sentence="El costo del plan no es la suma de sus rutas.",
        )
