"""Judges a plan against its problem, from the beginning, and lists all that is wrong.

Shares no code with what plans, times or explains: it reads the problem and the plan and does its
own arithmetic, so that an error there cannot hide here. It never stops at the first violation.
Each rule has a file in ``checks``.
"""

from __future__ import annotations

from promesa.routing.checks import (
    bonds,
    breaks,
    duty,
    fates,
    loads,
    permissions,
    service,
    shift,
    sums,
    travel,
    trips,
    windows,
)
from promesa.routing.checks.case import Case
from promesa.routing.checks.violation import Violation
from promesa.routing.plan import Plan
from promesa.routing.problem import Problem

_RULES = (permissions, loads, trips, shift, windows, breaks, duty, travel, service, sums)


def check(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    """Every violation of the plan; empty if it keeps all rules."""
    found = [*fates.violations(problem, plan), *bonds.violations(problem, plan)]
    for route in plan.routes:
        if 0 <= route.vehicle < len(problem.vehicles):
            case = Case(problem, route)
            for rule in _RULES:
                found += rule.violations(case)
    return (*found, *sums.of_plan(plan))
