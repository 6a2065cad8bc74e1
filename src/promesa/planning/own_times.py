"""Each kind of vehicle at its own times, after all kinds were planned at those of the slowest.

What the joint plan gave each kind stays with it, together with what was left out; its routes are
searched on at the times of its own streets. A kind with a route that its streets do not allow
gives up that route and places its stops anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from promesa.planning.travel import DayMap
from promesa.roads.vehicles import Vehicle as Profile
from promesa.routing.limits import is_feasible
from promesa.routing.plan import Plan, Sequences
from promesa.routing.problem import Problem
from promesa.routing.schedule import make_plan

# Goes on from given routes.
SearchOn = Callable[[Problem, Sequences], Plan]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OwnPlan:
    """What one kind drives, with the indexes of the day's vehicles and stops.

    Attributes:
        day_map: At the times of the kind.
    """

    problem: Problem
    day_map: DayMap
    plan: Plan


def at_own_times(
    problem: Problem,
    day_map: DayMap,
    profiles: tuple[Profile, ...],
    joint: Plan,
    search_on: SearchOn,
) -> Iterator[OwnPlan]:
    """The plan of each kind, of those that have vehicles.

    Args:
        problem: The day, at the slowest kind's times.
        day_map: Of its places.
        profiles: Of its vehicles.
        joint: The plan at those times.
        search_on: Searches on; given what the kind may visit, and only that.
    """
    left = set(joint.unserved)
    for profile in dict.fromkeys(profiles):
        own = {n for n, each in enumerate(profiles) if each == profile}
        sequences = {
            route.vehicle: route.sequence for route in joint.routes if route.vehicle in own
        }
        offered = left | {stop for route in sequences.values() for stop in route if stop >= 0}
        kind_map = day_map.driven_by(profile)
        alone = _alone(replace(problem, travel=kind_map.travel), own, offered)
        timed = make_plan(alone, sequences)
        kept = {r.vehicle: r.sequence for r in timed.routes if is_feasible(alone, r)}
        plan = _better(alone, make_plan(alone, kept), search_on)
        left = offered - {stop for route in plan.routes for stop in route.stops}
        yield OwnPlan(problem=alone, day_map=kind_map, plan=plan)


def _better(problem: Problem, plan: Plan, search_on: SearchOn) -> Plan:
    """What the search makes of it, unless that leaves more out or costs more."""
    found = search_on(problem, {route.vehicle: route.sequence for route in plan.routes})
    return min(plan, found, key=lambda each: (len(each.unserved), each.cost_clp))


def _alone(problem: Problem, vehicles: set[int], stops: set[int]) -> Problem:
    """The day with only these stops, and only for these vehicles; the numbers stay."""
    every = frozenset(van.id for van in problem.vehicles)
    others = every - {problem.vehicles[number].id for number in vehicles}
    return replace(
        problem,
        stops=tuple(
            replace(
                stop,
                excluded_vehicles=stop.excluded_vehicles | others if number in stops else every,
                pinned_vehicle=stop.pinned_vehicle if number in stops else None,
            )
            for number, stop in enumerate(problem.stops)
        ),
    )
