"""Judges what a solver found: our times, our independent checker, the instance's own cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from benchmarks.peers.peer import Route
from promesa.routing.checker import check
from promesa.routing.checks.violation import Rule
from promesa.routing.instances.instance import Instance
from promesa.routing.problem import Problem
from promesa.routing.schedule import make_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the plan costs and what it breaks.

    Attributes:
        late: Visits that begin after their window, at the hour's own times.
        broken: Violations of every rule, windows included, by the rule's name.
    """

    cost: float
    routes: int
    unserved: int
    late: int
    broken: dict[str, int]

    @property
    def is_kept(self) -> bool:
        """Whether everybody is served and no rule is broken."""
        return not self.unserved and not self.broken


def judge(instance: Instance, routes: Sequence[Route]) -> Verdict:
    """Times the routes by the hour (vans leave as late as they can) and checks them."""
    problem, dealt = _dealt(instance, routes)
    plan = make_plan(problem, dealt)
    broken = Counter(violation.rule for violation in check(problem, plan))
    if instance.vehicles_max is not None and len(plan.routes) > instance.vehicles_max:
        broken[Rule.VEHICLE_UNKNOWN] += len(plan.routes) - instance.vehicles_max
    return Verdict(
        cost=instance.cost_of(plan),
        routes=len(plan.routes),
        unserved=len(plan.unserved),
        late=broken[Rule.WINDOW_MISSED],
        broken={str(rule): count for rule, count in sorted(broken.items()) if count},
    )


def _dealt(
    instance: Instance, routes: Sequence[Route]
) -> tuple[Problem, dict[int, tuple[int, ...]]]:
    """A van of its depot for every route, else one of another depot.

    Where the instance does not limit its fleet, vans are added; elsewhere the shortest routes
    are left without one, and their stops unserved.
    """
    problem = instance.problem
    free: dict[int, list[int]] = defaultdict(list)
    for index, van in enumerate(problem.vehicles):
        free[van.start_depot].append(index)
    dealt: dict[int, tuple[int, ...]] = {}
    without = []
    for route in sorted(routes, key=lambda route: -len(route.stops)):
        if free[route.depot]:
            dealt[free[route.depot].pop(0)] = route.stops
        else:
            without.append(route)
    spare = [index for vans in free.values() for index in vans]
    for route in without:
        if spare:
            dealt[spare.pop(0)] = route.stops
        elif instance.vehicles_max is None:
            index = len(problem.vehicles)
            van = next(each for each in problem.vehicles if each.start_depot == route.depot)
            added = replace(van, id=f"V{index + 1}+")
            problem = replace(problem, vehicles=(*problem.vehicles, added))
            dealt[index] = route.stops
    return problem, dealt
