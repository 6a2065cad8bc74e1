"""One stop more in a route under way, driven from where it comes in until nothing changes.

What is before stays; once a later stop is left at the second it is left now, what follows stays
too. Exact, for routes on their way in one trip and without a break; others are timed in full.
"""

from __future__ import annotations

from dataclasses import dataclass

from promesa.routing.course import serve
from promesa.routing.limits import Excess, excess_of
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import RELOAD, PlannedRoute
from promesa.routing.problem import Problem
from promesa.routing.schedule import running_cost_clp, time_route


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A route as it is driven now, with its sums up to each position.

    Attributes:
        metres: int per position, driven before the leg that begins there.
        tolls_clp: Likewise, paid at gates.
        lateness_s: Likewise, late until there.
    """

    route: OpenRoute
    now: PlannedRoute
    excess: Excess
    metres: tuple[int, ...]
    tolls_clp: tuple[int, ...]
    lateness_s: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detour:
    """A stop at one position of a route.

    Attributes:
        added_s: Seconds at the wheel and at the door.
        start_s: When its service begins.
    """

    position: int
    added_cost_clp: int
    added_s: int
    start_s: int


def is_plain(problem: Problem, route: OpenRoute) -> bool:
    """Whether a detour can be priced here."""
    van = problem.vehicles[route.vehicle]
    # Another trip may hold what the load of this one forbids: that is looked at in full.
    is_one_trip = van.trips_max == 1 and RELOAD not in route.stops
    return route.start is not None and not van.breaks and is_one_trip


def hold(problem: Problem, route: OpenRoute) -> Held:
    """The route timed, once for all that is asked later."""
    now = time_route(problem, route.vehicle, route.stops, route.start)
    metres, tolls_clp, lateness_s = [0], [0], [0]
    start = route.start
    place = problem.start_location(route.vehicle) if start is None else start.location
    left_s = now.departure_s
    for visit in now.visits:
        to = problem.stops[visit.stop].location
        metres.append(metres[-1] + problem.travel.distance_m(place, to, left_s))
        tolls_clp.append(tolls_clp[-1] + problem.travel.toll_clp(place, to, left_s))
        lateness_s.append(lateness_s[-1] + visit.lateness_s)
        place, left_s = to, visit.departure_s
    return Held(
        route=route,
        now=now,
        excess=excess_of(problem, now, start),
        metres=tuple(metres),
        tolls_clp=tuple(tolls_clp),
        lateness_s=tuple(lateness_s),
    )


def detour(problem: Problem, held: Held, stop: int, position: int) -> Detour | None:
    """What the stop adds there; None if it breaks what the route keeps now. Loads not judged."""
    now, start, travel = held.now, held.route.start, problem.travel
    assert start is not None, "only a route under way makes a detour"
    place, left_s = start.location, start.ready_s
    if position:
        before = now.visits[position - 1]
        place, left_s = problem.stops[before.stop].location, before.departure_s
    visit = problem.stops[stop]
    leg = serve(visit, left_s + travel.travel_s(place, visit.location, left_s))
    driving_s = leg.arrival_s - left_s
    legs = [(place, visit.location, left_s)]
    late_s = held.lateness_s[position] + leg.lateness_s
    begun_s = leg.start_s
    place, left_s = visit.location, leg.departure_s
    number, was_s, end_s, is_same = position, 0, now.end_s, False
    for number in range(position, len(now.visits)):
        old = now.visits[number]
        following = problem.stops[old.stop]
        leg = serve(following, left_s + travel.travel_s(place, following.location, left_s))
        driving_s += leg.arrival_s - left_s
        old_left_s = start.ready_s if number == 0 else now.visits[number - 1].departure_s
        was_s += old.arrival_s - old_left_s
        legs.append((place, following.location, left_s))
        late_s += leg.lateness_s
        place, left_s = following.location, leg.departure_s
        if left_s == old.departure_s:
            is_same = True
            break
    metres, toll_clp = held.metres[position], held.tolls_clp[position]
    if is_same:
        metres += now.distance_m - held.metres[number + 1]
        toll_clp += now.toll_clp - held.tolls_clp[number + 1]
        late_s += held.lateness_s[-1] - held.lateness_s[number + 1]
    else:
        home = problem.end_location(now.vehicle)
        end_s = left_s
        if home is not None:
            end_s += travel.travel_s(place, home, left_s)
            legs.append((place, home, left_s))
            was_s += now.end_s - (now.visits[-1].departure_s if now.visits else start.ready_s)
        driving_s += end_s - left_s
    return _priced(problem, held, visit.service_time_s, _Driven(
        position=position, start_s=begun_s, end_s=end_s, late_s=late_s,
        metres=metres + sum(travel.distance_m(*leg) for leg in legs),
        toll_clp=toll_clp + sum(travel.toll_clp(*leg) for leg in legs),
        added_s=driving_s - was_s,
    ))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Driven:
    position: int
    start_s: int
    end_s: int
    late_s: int
    metres: int
    toll_clp: int
    added_s: int


def _priced(problem: Problem, held: Held, service_s: int, driven: _Driven) -> Detour | None:
    now, start = held.now, held.route.start
    assert start is not None, "only a route under way makes a detour"
    van = problem.vehicles[now.vehicle]
    overtime_s = max(0, driven.end_s - problem.latest_s(now.vehicle))
    allowed_s = problem.limit_s(now.vehicle) - problem.latest_s(now.vehicle)
    wheel_s = start.driven_s + now.driving_s + driven.added_s
    duty_s = start.on_duty_s + driven.end_s - start.ready_s
    after = Excess(
        lateness_s=driven.late_s,
        overtime_s=max(0, overtime_s - allowed_s),
        driving_s=0 if van.driving_max_s is None else max(0, wheel_s - van.driving_max_s),
        duty_s=0 if van.duty_max_s is None else max(0, duty_s - van.duty_max_s),
    )
    if not after.is_within(held.excess):
        return None
    cost_clp = running_cost_clp(
        van,
        duration_s=driven.end_s - start.ready_s,
        distance_m=driven.metres,
        overtime_s=overtime_s,
    )
    return Detour(
        position=driven.position,
        added_cost_clp=cost_clp + driven.toll_clp - now.cost_clp,
        added_s=driven.added_s + service_s,
        start_s=driven.start_s,
    )
