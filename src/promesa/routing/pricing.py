"""What a stop, a promised window or a vehicle is worth in a plan, in pesos.

Stops and windows are priced by taking the stop out of the plan and putting it back; everything
else stays where it is. A vehicle is priced by planning without it, and one more by planning with
it; both go on from the plan, and are held against the plan searched on for as long, so that a
better plan alone is not told as the vehicle's merit. Where one like it stands idle, one more or one
fewer changes nothing, and nobody searches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from promesa.routing.completing import open_routes
from promesa.routing.insertion import Insertion, find_insertion, spread
from promesa.routing.params import DEFAULT_PARAMS, RoutingParams
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import Plan, Sequences
from promesa.routing.problem import Problem, Stop, Window
from promesa.routing.schedule import make_plan, time_route
from promesa.routing.trial import idle_routes, left_out_clp

# Goes on from given routes; what a plan leaves out has its price.
SearchOn = Callable[[Problem, Sequences], Plan]


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPrice:
    """What a stop of the plan costs.

    Attributes:
        cost_clp: What the plan costs less without it, and without those bound to it.
        vehicle: Id of the vehicle that visits it.
        left_out_clp: What leaving them out would count.
    """

    stop: str
    cost_clp: int
    vehicle: str
    left_out_clp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowPrice:
    """What a stop costs at its cheapest place within a window.

    Attributes:
        cost_clp: Added to the plan without the stop; None where it fits nowhere.
        vehicle: Id of the vehicle that would come.
        start_s: When.
    """

    window: Window
    cost_clp: int | None
    vehicle: str | None
    start_s: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VehiclePrice:
    """What a vehicle is worth.

    Attributes:
        vehicle: Its id; of one more, the one it is like.
        depot: What people call the depot it leaves from.
        worth_clp: What the day costs more without it; of one more, what it costs less with it.
            Stops left out count their price. Below nought the vehicle costs more than it saves.
        left_out_clp: What of it is the price of stops left out; the rest is driven.
        stops: Ids of those that only it can serve: left out without it, or served with one more.
    """

    vehicle: str
    depot: str
    worth_clp: int
    left_out_clp: int
    stops: tuple[str, ...]


def price_stop(
    problem: Problem, plan: Plan, stop: int, params: RoutingParams = DEFAULT_PARAMS
) -> StopPrice | None:
    """What a stop costs in the plan; None where the plan leaves it out (see ``explain``)."""
    unit = problem.bound_to(stop)
    for route in plan.routes:
        if stop not in route.stops:
            continue
        rest = _without(route.sequence, unit)
        rest_clp = time_route(problem, route.vehicle, rest).cost_clp if rest else 0
        return StopPrice(
            stop=problem.stops[stop].id,
            cost_clp=route.cost_clp - rest_clp,
            vehicle=problem.vehicles[route.vehicle].id,
            left_out_clp=left_out_clp(problem, unit, params),
        )
    return None


def price_windows(
    problem: Problem, plan: Plan, stop: int, windows: Sequence[Window]
) -> tuple[WindowPrice, ...]:
    """What the stop would cost in each of the windows, its own put aside."""
    unit = problem.bound_to(stop)
    sequences = {
        route.vehicle: rest for route in plan.routes if (rest := _without(route.sequence, unit))
    }
    routes = open_routes(problem, sequences)
    return tuple(_in_window(problem, routes, stop, window) for window in windows)


def price_vehicle(
    problem: Problem,
    plan: Plan,
    vehicle: int,
    search_on: SearchOn,
    params: RoutingParams = DEFAULT_PARAMS,
) -> VehiclePrice:
    """What the day would cost more without the vehicle; nothing where the plan does without it."""
    if _is_spare(problem, plan, vehicle):
        return _worthless(problem, vehicle)
    base = _better(problem, plan, search_on, params)
    if _is_spare(problem, base, vehicle):
        return _worthless(problem, vehicle)
    sequences = {route.vehicle: route.sequence for route in base.routes}
    own = sequences.pop(vehicle, ())
    others = [
        *(OpenRoute(vehicle=v, stops=stops) for v, stops in sequences.items()),
        *idle_routes(problem, [*sequences, vehicle]),
    ]
    handed = spread(problem, others, [stop for stop in own if stop >= 0])
    start = {route.vehicle: route.stops for route in handed.routes if route.stops}
    smaller, moved = _with_fleet(problem, start, _all_but(problem, vehicle))
    without = make_plan(smaller, moved)
    if smaller.vehicles:
        without = _better(smaller, without, search_on, params)
    return _vehicle_price(problem, vehicle, more=base, less=without, params=params)


def price_one_more(
    problem: Problem, plan: Plan, search_on: SearchOn, params: RoutingParams = DEFAULT_PARAMS
) -> tuple[VehiclePrice, ...]:
    """What one more vehicle would save from each depot, the best first.

    It is like the one of that depot that costs least to send.
    """
    asked = list(_one_a_depot(problem))
    if all(_has_idle(problem, plan, like) for like in asked):
        return _best_first(_worthless(problem, like) for like in asked)
    base = _better(problem, plan, search_on, params)
    start = {route.vehicle: route.sequence for route in base.routes}
    found = []
    for like in asked:
        if _has_idle(problem, plan, like) or _has_idle(problem, base, like):
            found.append(_worthless(problem, like))
            continue
        more = replace(problem.vehicles[like], id=_ONE_MORE)
        wider = replace(problem, vehicles=(*problem.vehicles, more))
        grown = _better(wider, make_plan(wider, start), search_on, params)
        found.append(_vehicle_price(problem, like, more=grown, less=base, params=params))
    return _best_first(found)


def _best_first(prices: Iterable[VehiclePrice]) -> tuple[VehiclePrice, ...]:
    return tuple(sorted(prices, key=lambda price: (-price.worth_clp, price.depot)))


def _is_spare(problem: Problem, plan: Plan, vehicle: int) -> bool:
    """Whether the plan is the same without it: it stands idle, or one like it does."""
    if all(route.vehicle != vehicle for route in plan.routes):
        return True
    is_named = problem.vehicles[vehicle].id in problem.named_vehicles()
    return not is_named and _has_idle(problem, plan, vehicle)


def _has_idle(problem: Problem, plan: Plan, like: int) -> bool:
    """Whether a vehicle like that one stands idle, that no stop names."""
    busy = {route.vehicle for route in plan.routes}
    kind, named = replace(problem.vehicles[like], id=""), problem.named_vehicles()
    return any(
        number not in busy and van.id not in named and replace(van, id="") == kind
        for number, van in enumerate(problem.vehicles)
    )


def _worthless(problem: Problem, vehicle: int) -> VehiclePrice:
    van = problem.vehicles[vehicle]
    depot = problem.depots[van.start_depot].label
    return VehiclePrice(vehicle=van.id, depot=depot, worth_clp=0, left_out_clp=0, stops=())


# No vehicle of a fleet is called so.
_ONE_MORE = "+1"


def _vehicle_price(
    problem: Problem, vehicle: int, *, more: Plan, less: Plan, params: RoutingParams
) -> VehiclePrice:
    """What the plan with more vehicles is better by than the one with less."""
    van = problem.vehicles[vehicle]
    lost = sorted(set(less.unserved) - set(more.unserved))
    return VehiclePrice(
        vehicle=van.id,
        depot=problem.depots[van.start_depot].label,
        worth_clp=_total_clp(problem, less, params) - _total_clp(problem, more, params),
        left_out_clp=left_out_clp(problem, less.unserved, params)
        - left_out_clp(problem, more.unserved, params),
        stops=tuple(problem.stops[stop].id for stop in lost),
    )


def _better(problem: Problem, plan: Plan, search_on: SearchOn, params: RoutingParams) -> Plan:
    """What searching on from the plan found, or the plan itself where that is no better."""
    found = search_on(problem, {route.vehicle: route.sequence for route in plan.routes})
    return min(plan, found, key=lambda each: _total_clp(problem, each, params))


def _total_clp(problem: Problem, plan: Plan, params: RoutingParams) -> int:
    return plan.cost_clp + left_out_clp(problem, plan.unserved, params)


def _all_but(problem: Problem, vehicle: int) -> list[int]:
    return [number for number in range(len(problem.vehicles)) if number != vehicle]


def _with_fleet(
    problem: Problem, sequences: Sequences, vehicles: Sequence[int]
) -> tuple[Problem, Sequences]:
    """The day with these vehicles alone, and the sequences by their new numbers.

    Nobody may visit a stop that names another vehicle as its only one.
    """
    number = {vehicle: place for place, vehicle in enumerate(vehicles)}
    fleet = tuple(problem.vehicles[vehicle] for vehicle in vehicles)
    moved = {number[vehicle]: stops for vehicle, stops in sequences.items()}
    ids = frozenset(van.id for van in fleet)
    stops = tuple(
        stop
        if stop.pinned_vehicle is None or stop.pinned_vehicle in ids
        else replace(stop, pinned_vehicle=None, excluded_vehicles=ids)
        for stop in problem.stops
    )
    return replace(problem, vehicles=fleet, stops=stops), moved


def _one_a_depot(problem: Problem) -> Iterator[int]:
    for depot in range(len(problem.depots)):
        own = [n for n, van in enumerate(problem.vehicles) if van.start_depot == depot]
        if own:
            yield min(own, key=lambda number: (problem.vehicles[number].fixed_cost_clp, number))


def _without(sequence: Sequence[int], unit: Sequence[int]) -> tuple[int, ...]:
    """The sequence without these stops, and without a trip that they alone made."""
    kept = [step for step in sequence if step not in unit]
    while kept and kept[-1] < 0:
        kept.pop()
    found: list[int] = []
    for step in kept:
        if step >= 0 or (found and found[-1] >= 0):
            found.append(step)
    return tuple(found)


def _in_window(
    problem: Problem, routes: Sequence[OpenRoute], stop: int, window: Window
) -> WindowPrice:
    asked = replace(problem.stops[stop], windows=(window,), promised=())
    stops: list[Stop] = list(problem.stops)
    stops[stop] = asked
    day = replace(problem, stops=tuple(stops))
    found: Insertion | None = find_insertion(day, routes, stop)
    if found is None:
        return WindowPrice(window=window, cost_clp=None, vehicle=None, start_s=None)
    visit = next(visit for visit in found.timed.visits if visit.stop == stop)
    return WindowPrice(
        window=window,
        cost_clp=found.added_cost_clp,
        vehicle=problem.vehicles[found.timed.vehicle].id,
        start_s=visit.start_s,
    )
