"""What a stop, a promised window or a vehicle is worth in a plan, in pesos.

Stops and windows are priced by taking the stop out of the plan and putting it back; everything
else stays where it is. A vehicle is priced by planning without it, and one more by planning with
it; both go on from the plan, and are held against the plan searched on for as long, so that a
better plan alone is not told as the vehicle's merit. Where one like it stands idle, one more or one
fewer changes nothing, and nobody searches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from promesa.routing.completing import open_routes
from promesa.routing.insertion import Insertion, find_insertion, spread
from promesa.routing.params import DEFAULT_PARAMS, RoutingParams
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import Plan, Sequences
from promesa.routing.problem import Problem, Stop, Window
from promesa.routing.schedule import make_plan
from promesa.routing.trial import idle_routes, left_out_clp

# Goes on from given routes; what a plan leaves out has its price.
SearchOn = Callable[[Problem, Sequences], Plan]
# A plan with the metres and tolls that it really drives, where the travel times come without.
Measure = Callable[[Problem, Plan], Plan]


def as_timed(problem: Problem, plan: Plan) -> Plan:
    """The travel times have their metres."""
    del problem
    return plan


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPrice:
    """What a stop of the plan costs.

    Attributes:
        cost_clp: What the plan costs less without it, and without those bound to it.
        duration_s: What the vehicle works less, on the road, at doors and waiting.
        distance_m: What it drives less.
        vehicle: Id of the vehicle that visits it.
        left_out_clp: What leaving them out would count.
    """

    stop: str
    cost_clp: int
    duration_s: int
    distance_m: int
    vehicle: str
    left_out_clp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowPrice:
    """What a stop costs at its cheapest place within a window.

    Attributes:
        cost_clp: Added to the plan without the stop; None where it fits nowhere.
        duration_s: What the vehicle works more.
        distance_m: What it drives more.
        vehicle: Id of the vehicle that would come.
        start_s: When.
    """

    window: Window
    cost_clp: int | None
    duration_s: int
    distance_m: int
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
        duration_s: What all vehicles work more without it.
        distance_m: What they drive more.
        stops: Ids of those that only it can serve: left out without it, or served with one more.
    """

    vehicle: str
    depot: str
    worth_clp: int
    left_out_clp: int
    duration_s: int
    distance_m: int
    stops: tuple[str, ...]


def price_stop(
    problem: Problem,
    plan: Plan,
    stop: int,
    params: RoutingParams = DEFAULT_PARAMS,
    measure: Measure = as_timed,
) -> StopPrice | None:
    """What a stop costs in the plan; None where the plan leaves it out (see ``explain``)."""
    unit = problem.bound_to(stop)
    for route in plan.routes:
        if stop not in route.stops:
            continue
        rest = _without(route.sequence, unit)
        work = _work(problem, route.vehicle, route.sequence, rest, measure)
        return StopPrice(
            stop=problem.stops[stop].id,
            cost_clp=work.cost_clp,
            duration_s=work.duration_s,
            distance_m=work.distance_m,
            vehicle=problem.vehicles[route.vehicle].id,
            left_out_clp=left_out_clp(problem, unit, params),
        )
    return None


def price_windows(
    problem: Problem,
    plan: Plan,
    stop: int,
    windows: Sequence[Window],
    measure: Measure = as_timed,
) -> tuple[WindowPrice, ...]:
    """What the stop would cost in each of the windows, its own put aside.

    The cheapest place is sought at the soonest; where the hours of another of the windows, within
    this one, are cheaper to drive in, it costs what that one does.
    """
    unit = problem.bound_to(stop)
    sequences = {
        route.vehicle: rest for route in plan.routes if (rest := _without(route.sequence, unit))
    }
    routes = open_routes(problem, sequences)
    priced = [_in_window(problem, routes, stop, window, measure) for window in windows]
    return tuple(_cheapest_within(each, priced) for each in priced)


def _cheapest_within(wide: WindowPrice, priced: Sequence[WindowPrice]) -> WindowPrice:
    """The window at the price of the cheapest that lies within it; its own where none is less."""
    window, best = wide.window, wide
    for each in priced:
        is_within = window.start_s <= each.window.start_s and each.window.end_s <= window.end_s
        if not is_within or each.cost_clp is None:
            continue
        if best.cost_clp is None or each.cost_clp < best.cost_clp:
            best = each
    return replace(best, window=window)


def price_vehicle(
    problem: Problem,
    plan: Plan,
    vehicle: int,
    search_on: SearchOn,
    params: RoutingParams = DEFAULT_PARAMS,
) -> VehiclePrice:
    """What the day would cost more without the vehicle; nothing where the plan does without it."""
    return _Fleet(problem, plan, search_on, params).one_less(vehicle)


def price_one_more(
    problem: Problem, plan: Plan, search_on: SearchOn, params: RoutingParams = DEFAULT_PARAMS
) -> tuple[VehiclePrice, ...]:
    """What one more vehicle would save from each depot, the best first.

    It is like the one of that depot that costs least to send.
    """
    fleet = _Fleet(problem, plan, search_on, params)
    found = [fleet.one_more(like) for like in _one_a_depot(problem)]
    return tuple(sorted(found, key=lambda price: (-price.worth_clp, price.depot)))


def price_less_and_more(
    problem: Problem,
    plan: Plan,
    vehicle: int,
    search_on: SearchOn,
    *,
    params: RoutingParams = DEFAULT_PARAMS,
    measure: Measure = as_timed,
) -> tuple[VehiclePrice, VehiclePrice]:
    """What the day costs more without the vehicle, and less with one more like it.

    Three searches at most: the first is of the plan as it is.
    """
    fleet = _Fleet(problem, plan, search_on, params, measure)
    return fleet.one_less(vehicle), fleet.one_more(vehicle)


# No vehicle of a fleet is called so.
_ONE_MORE = "+1"


class _Fleet:
    """A day's plan searched on, and what it would be with another fleet.

    Who stands idle is worth nothing, nor is one more or one fewer like it: nobody searches then.
    """

    def __init__(
        self,
        problem: Problem,
        plan: Plan,
        search_on: SearchOn,
        params: RoutingParams,
        measure: Measure = as_timed,
    ) -> None:
        self._problem = problem
        self._plan = plan
        self._search_on = search_on
        self._params = params
        self._measure = measure
        self._named = problem.named_vehicles()
        # Each of them goes on from the plan as it is, and is searched for as long.
        self._routes = {route.vehicle: route.sequence for route in plan.routes}

    @cached_property
    def _base(self) -> Plan:
        """The plan as it is, searched on."""
        return self._measure(self._problem, self._better(self._problem, self._plan))

    def one_less(self, vehicle: int) -> VehiclePrice:
        """Its stops are handed to the others first."""
        if self._does_without(self._plan, vehicle) or self._does_without(self._base, vehicle):
            return self._worthless(vehicle)
        problem, sequences = self._problem, dict(self._routes)
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
            without = self._measure(smaller, self._better(smaller, without))
        return self._price(vehicle, more=self._base, less=without)

    def one_more(self, like: int) -> VehiclePrice:
        """A vehicle beside those that are there, like one of them."""
        if self._has_idle(self._plan, like) or self._has_idle(self._base, like):
            return self._worthless(like)
        problem = self._problem
        more = replace(problem.vehicles[like], id=_ONE_MORE)
        wider = replace(problem, vehicles=(*problem.vehicles, more))
        grown = self._better(wider, make_plan(wider, self._routes))
        return self._price(like, more=self._measure(wider, grown), less=self._base)

    def _does_without(self, plan: Plan, vehicle: int) -> bool:
        """Whether the plan is the same without it: it stands idle, or one like it does."""
        if all(route.vehicle != vehicle for route in plan.routes):
            return True
        is_named = self._problem.vehicles[vehicle].id in self._named
        return not is_named and self._has_idle(plan, vehicle)

    def _has_idle(self, plan: Plan, like: int) -> bool:
        """Whether a vehicle like that one stands idle, that no stop names."""
        busy = {route.vehicle for route in plan.routes}
        kind = replace(self._problem.vehicles[like], id="")
        return any(
            number not in busy and van.id not in self._named and replace(van, id="") == kind
            for number, van in enumerate(self._problem.vehicles)
        )

    def _worthless(self, vehicle: int) -> VehiclePrice:
        van = self._problem.vehicles[vehicle]
        return VehiclePrice(
            vehicle=van.id,
            depot=self._problem.depots[van.start_depot].label,
            worth_clp=0,
            left_out_clp=0,
            duration_s=0,
            distance_m=0,
            stops=(),
        )

    def _better(self, problem: Problem, plan: Plan) -> Plan:
        """What searching on from the plan found, or the plan itself where that is no better."""
        found = self._search_on(problem, {route.vehicle: route.sequence for route in plan.routes})
        return min(plan, found, key=lambda each: _total_clp(problem, each, self._params))

    def _price(self, vehicle: int, *, more: Plan, less: Plan) -> VehiclePrice:
        """What the plan with more vehicles is better by than the one with less."""
        problem, params = self._problem, self._params
        van = problem.vehicles[vehicle]
        lost = sorted(set(less.unserved) - set(more.unserved))
        without, with_it = _work_of(less), _work_of(more)
        return VehiclePrice(
            vehicle=van.id,
            depot=problem.depots[van.start_depot].label,
            worth_clp=_total_clp(problem, less, params) - _total_clp(problem, more, params),
            left_out_clp=left_out_clp(problem, less.unserved, params)
            - left_out_clp(problem, more.unserved, params),
            duration_s=without.duration_s - with_it.duration_s,
            distance_m=without.distance_m - with_it.distance_m,
            stops=tuple(problem.stops[stop].id for stop in lost),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What routes come to."""

    cost_clp: int
    duration_s: int
    distance_m: int


def _work_of(plan: Plan) -> _Work:
    return _Work(
        cost_clp=plan.cost_clp,
        duration_s=sum(route.end_s - route.departure_s for route in plan.routes),
        distance_m=sum(route.distance_m for route in plan.routes),
    )


def _work(
    problem: Problem,
    vehicle: int,
    sequence: Sequence[int],
    rest: Sequence[int],
    measure: Measure,
) -> _Work:
    """What the vehicle's route comes to more than with only the rest of its stops."""
    whole, bare = (
        _work_of(measure(problem, make_plan(problem, {vehicle: tuple(stops)})))
        for stops in (sequence, rest)
    )
    return _Work(
        cost_clp=whole.cost_clp - bare.cost_clp,
        duration_s=whole.duration_s - bare.duration_s,
        distance_m=whole.distance_m - bare.distance_m,
    )


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
    problem: Problem, routes: Sequence[OpenRoute], stop: int, window: Window, measure: Measure
) -> WindowPrice:
    asked = replace(problem.stops[stop], windows=(window,), promised=())
    stops: list[Stop] = list(problem.stops)
    stops[stop] = asked
    day = replace(problem, stops=tuple(stops))
    found: Insertion | None = find_insertion(day, routes, stop)
    if found is None:
        return WindowPrice(
            window=window, cost_clp=None, duration_s=0, distance_m=0, vehicle=None, start_s=None
        )
    timed = found.timed
    work = _work(day, timed.vehicle, timed.sequence, routes[found.route].stops, measure)
    visit = next(visit for visit in timed.visits if visit.stop == stop)
    return WindowPrice(
        window=window,
        cost_clp=work.cost_clp,
        duration_s=work.duration_s,
        distance_m=work.distance_m,
        vehicle=problem.vehicles[timed.vehicle].id,
        start_s=visit.start_s,
    )
