"""Generated rests of a day: a plan driven until some hour, a van that breaks down, new stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from promesa.routing.budget import Budget
from promesa.routing.course import Start
from promesa.routing.loads import trips_of
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import RELOAD, Plan, PlannedRoute
from promesa.routing.problem import NOTHING, Problem, Stop
from promesa.routing.replan.params import ChangePrices, Disruption, ReplanParams
from promesa.routing.replan.rest import Rest, broken_down, rest_of
from promesa.routing.solver import solve
from tests.support.problems import problems

HOUR_S = 3_600


@st.composite
def rests(draw: st.DrawFn, *, with_breaks: bool = True) -> Rest:
    """A day that goes on, its parcels aboard or not, perhaps without one of its vans."""
    problem = draw(
        problems(
            with_bonds=False,
            with_islands=False,
            with_breaks=with_breaks,
            stops_max=8,
        )
    )
    plan = solve(problem, Budget(iterations=60), draw(st.integers(0, 9)))
    rest = _driven(problem, plan, draw(st.integers(7, 14)) * HOUR_S)
    if draw(st.booleans()):
        aboard = [s for r in rest.routes if r.start is not None for s in trips_of(r.stops)[0]]
        rest = rest_of(rest.problem, rest.routes, aboard=aboard)
    is_broken: bool = draw(st.booleans())
    running = [route.vehicle for route in rest.routes if route.start is not None]
    if running and is_broken:
        vehicle: int = draw(st.sampled_from(running))
        start = rest.routes[vehicle].start
        assert start is not None
        handover_s = draw(st.sampled_from([0, 60, 600]))
        rest = broken_down(rest, vehicle, location=start.location, handover_s=handover_s)
    return rest


@st.composite
def replan_params(draw: st.DrawFn) -> ReplanParams:
    """Prices and limits of change, the extremes among them."""
    price = st.sampled_from([0, 100, 3_000])
    most = st.sampled_from([0, 1, 2, 100])
    return ReplanParams(
        prices=ChangePrices(vehicle_clp=draw(price), order_clp=draw(price), window_clp=draw(price)),
        most=Disruption(stops_max=draw(most), windows_max=draw(most)),
    )


def _driven(problem: Problem, plan: Plan, now_s: int) -> Rest:
    """Everybody as planned until then; who left goes on to the next stop, committed."""
    timed = {route.vehicle: route for route in plan.routes}
    stops: list[Stop] = []
    routes = []
    for vehicle in range(len(problem.vehicles)):
        route = timed.get(vehicle)
        if route is None:
            routes.append(OpenRoute(vehicle=vehicle))
            continue
        has_left = route.departure_s <= now_s
        done = [v for v in route.visits if v.departure_s <= now_s] if has_left else []
        left = route.visits[len(done) :]
        steps: list[int] = []
        for number, visit in enumerate(left, start=len(done)):
            if any(reload.visit == number for reload in route.reloads):
                steps.append(RELOAD)
            steps.append(len(stops))
            stops.append(problem.stops[visit.stop])
        if not has_left:
            routes.append(OpenRoute(vehicle=vehicle, stops=tuple(steps)))
            continue
        start = _left(problem, route, len(done), tuple(steps), stops)
        frozen = min(1, len(steps))
        routes.append(OpenRoute(vehicle=vehicle, stops=tuple(steps), start=start, frozen=frozen))
    stops += [problem.stops[stop] for stop in plan.unserved]
    # What is bound by name to a vehicle stays so; new stops are those the plan left out.
    return rest_of(replace(problem, stops=tuple(stops)), tuple(routes))


def _left(
    problem: Problem, route: PlannedRoute, done: int, steps: tuple[int, ...], stops: Sequence[Stop]
) -> Start:
    """Where it goes on from after so many visits, with what is driven, worked and aboard."""
    if not done:
        return Start(location=problem.start_location(route.vehicle), ready_s=route.departure_s)
    last = route.visits[done - 1]
    returns = {reload.visit: reload for reload in route.reloads}
    left_s, driven_s = route.departure_s, 0
    for number, visit in enumerate(route.visits[:done]):
        reload = returns.get(number)
        if reload is not None:
            driven_s += reload.arrival_s - left_s
            left_s = reload.departure_s
        driven_s += visit.arrival_s - left_s
        left_s = visit.departure_s
    to_come = [stops[stop].delivered for stop in trips_of(steps)[0]]
    return Start(
        location=problem.stops[last.stop].location,
        ready_s=last.departure_s,
        aboard=last.load_after - NOTHING.plus_all(to_come),
        driven_s=driven_s,
        on_duty_s=last.departure_s - route.departure_s,
    )
