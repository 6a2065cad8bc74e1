"""A route under way as the independent checker judges it: a day of one van, or of two.

What it drives until it comes back to load is one route, and all that follows another that leaves
the depot: so each return stands where the checker looks for it. The checker does the arithmetic.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from promesa.domain.fleet import Load
from promesa.routing.checker import check
from promesa.routing.checks.violation import Rule, Violation
from promesa.routing.course import Start
from promesa.routing.plan import Plan, PlannedRoute
from promesa.routing.problem import LAST_S, Depot, Problem, Vehicle

# What no decision of a person makes right. Promises, hours and colaciones are theirs to break, and
# what driving costs from an instant on is reckoned otherwise than a whole day.
RULES = frozenset(
    {
        Rule.STOP_UNKNOWN,
        Rule.STOP_REPEATED,
        Rule.SKILL_MISSING,
        Rule.PIN_BROKEN,
        Rule.EXCLUDED,
        Rule.BOND_SPLIT,
        Rule.BOND_ORDER,
        Rule.CAPACITY,
        Rule.LOAD_WRONG,
        Rule.TRIPS_MAX,
        Rule.RELOAD_WRONG,
        Rule.SHIFT_START,
        Rule.TRAVEL_TIME,
        Rule.UNREACHABLE,
        Rule.SERVICE_TIME,
        Rule.BREAK_WRONG,
    }
)


def judge(
    problem: Problem, route: PlannedRoute, start: Start, aboard: Collection[int] = ()
) -> tuple[Violation, ...]:
    """Every violation of RULES by a route timed from ``start``.

    Args:
        problem: The day.
        route: The route.
        start: Where it goes on from.
        aboard: Stops that it visits before it loads again, where nobody decides otherwise.
    """
    van = problem.vehicles[route.vehicle]
    # What it carries besides is no stop's: the checker judges the room that is left, and the rest.
    route, room = _without(route, start.aboard), van.capacity.less(start.aboard)
    here = Depot(id=f"{van.id} en ruta", location=start.location, close_s=LAST_S)
    leaving = replace(
        van,
        start_depot=len(problem.depots),
        capacity=room,
        shift_start_s=start.ready_s,
        latest_start_s=None,
    )
    vans, routes = [leaving], [replace(route, vehicle=0)]
    if route.reloads:
        first = replace(leaving, end_depot=van.start_depot, trips_max=1)
        vans, routes = [first, _loaded(van, route)], _split(route)
    day = replace(problem, depots=(*problem.depots, here), vehicles=tuple(vans))
    visited = {visit.stop for each in routes for visit in each.visits}
    plan = Plan(
        routes=tuple(routes),
        unserved=tuple(stop for stop in range(len(problem.stops)) if stop not in visited),
        cost_clp=0,
        iterations=0,
        seed=0,
    )
    found = tuple(each for each in check(day, plan) if each.rule in RULES)
    return (*found, *_carried_too_long(problem, route, aboard))


def _without(route: PlannedRoute, aboard: Load) -> PlannedRoute:
    """The route with what it carries besides taken off its loads, until it loads again."""
    first = route.reloads[0].visit if route.reloads else len(route.visits)
    visits = (
        replace(visit, load_after=visit.load_after - aboard) if number < first else visit
        for number, visit in enumerate(route.visits)
    )
    return replace(route, load_start=route.load_start - aboard, visits=tuple(visits))


def _carried_too_long(
    problem: Problem, route: PlannedRoute, aboard: Collection[int]
) -> Iterator[Violation]:
    first = route.reloads[0].visit if route.reloads else len(route.visits)
    name = problem.vehicles[route.vehicle].id
    for visit in route.visits[first:]:
        if visit.stop in aboard:
            stop = problem.stops[visit.stop].id
            yield Violation(
                rule=Rule.RELOAD_WRONG,
                amount=1,
                unit="paradas",
                sentence=f"{name}: tiene a bordo los bultos de {stop} y vuelve a cargar antes.",
                vehicle=name,
                stop=stop,
            )


def _loaded(van: Vehicle, route: PlannedRoute) -> Vehicle:
    """The van once it has loaded: no sooner than its loading takes."""
    loaded_s = route.reloads[0].arrival_s + van.loading_time_s
    return replace(
        van,
        shift_start_s=loaded_s,
        shift_end_s=max(van.shift_end_s, loaded_s + 1),
        latest_start_s=None,
        trips_max=max(1, van.trips_max - 1),
    )


def _split(route: PlannedRoute) -> list[PlannedRoute]:
    """Until it is back to load for the first time, and from then on."""
    reload, *others = route.reloads
    first = replace(
        route,
        vehicle=0,
        visits=route.visits[: reload.visit],
        end_s=reload.arrival_s,
        pauses=tuple(pause for pause in route.pauses if pause.visit < reload.visit),
        reloads=(),
    )
    then = replace(
        route,
        vehicle=1,
        visits=route.visits[reload.visit :],
        departure_s=reload.departure_s,
        load_start=reload.load_start,
        pauses=tuple(
            replace(pause, visit=pause.visit - reload.visit)
            for pause in route.pauses
            if pause.visit > reload.visit or (pause.visit == reload.visit and not pause.is_at_depot)
        ),
        reloads=tuple(replace(each, visit=each.visit - reload.visit) for each in others),
    )
    return [first, then]
