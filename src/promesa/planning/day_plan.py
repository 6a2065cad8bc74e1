"""Plans a day: orders and shifts in, timed routes and the reasons of who is left out.

Pure and bound to the processor: made to be run in an executor, with picklable inputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from promesa.domain.route import RouteBreak, RouteReload
from promesa.kernel.geo import Position
from promesa.kernel.polyline import encode_polyline
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.inputs import DayInputs, DayProblem, bicycle_shifts, build_problem
from promesa.planning.own_times import at_own_times
from promesa.planning.profiles import profile_of
from promesa.planning.repository import DayPlan, PlanRoute, PlanVisit, UnservedOrder, WayIn
from promesa.planning.travel import DayRoads, Driven, Way
from promesa.routing.budget import Limit
from promesa.routing.completing import completed
from promesa.routing.engine.flatten import NO_CHANGES
from promesa.routing.explain import explain
from promesa.routing.explanation import Cause
from promesa.routing.params import DEFAULT_PARAMS, RoutingParams
from promesa.routing.parts.workers import ALONE, Workers
from promesa.routing.plan import Plan, PlannedRoute, Reload, Sequences
from promesa.routing.problem import Problem
from promesa.routing.schedule import make_plan
from promesa.routing.solver import improve, solve


def plan_day(
    inputs: DayInputs,
    roads: DayRoads,
    *,
    limit: Limit,
    seed: int,
    params: RoutingParams = DEFAULT_PARAMS,
    bicycles: DayRoads | None = None,
    workers: Workers = ALONE,
) -> DayPlan:
    """Plans the day; the same inputs, seed and number of iterations give the same plan.

    Bicycles take first what they can, on streets of their own, and the others do the rest.

    Args:
        inputs: What the day is made of.
        roads: Of motor vehicles.
        limit: How long each search may go on: one, and one for each kind of a mixed day.
        seed: Of the searches.
        params: Their settings.
        bicycles: Of bicycles; None where the city has none, and shifts on them stay at home.
        workers: They decide how soon a big day is planned, and nothing else; what each kind of a
            mixed day searches on, it searches in this process.
    """
    if not inputs.orders or not inputs.shifts:
        return _empty(inputs)
    riding = bicycle_shifts(inputs)
    driving = tuple(shift for shift in inputs.shifts if shift not in riding)
    settings = _Settings(limit=limit, seed=seed, params=params, workers=workers)
    parts, left, notes = [], inputs.orders, []
    if riding and bicycles is not None:
        by_bicycle = replace(inputs, shifts=riding)
        parts.append(_planned(by_bicycle, bicycles, settings))
        ridden = {visit.order_id for route in parts[-1].routes for visit in route.visits}
        left = tuple(order for order in inputs.orders if order.id not in ridden)
    elif riding:
        notes.append(_no_bicycles(len(riding)))
    if driving and left:
        parts.append(_planned(replace(inputs, shifts=driving, orders=left), roads, settings))
    if not parts:
        nobody = _empty(inputs)
        return replace(nobody, notes=(*nobody.notes, *notes))
    routes = tuple(route for part in parts for route in part.routes)
    unserved = _still_left(parts, inputs)
    return DayPlan(
        routes=routes,
        unserved=unserved,
        cost_clp=sum(route.cost_clp for route in routes),
        notes=(*_notes(inputs, len(unserved)), *notes),
    )


def count_searches(inputs: DayInputs, *, has_bicycle_roads: bool) -> int:
    """How many searches follow each other at most, for a bar that goes once from end to end."""
    seen = {each.id: profile_of(each.kind, each.size) for each in inputs.vehicles}
    riding = bicycle_shifts(inputs)
    driving = [shift for shift in inputs.shifts if shift not in riding]
    count = 0
    for shifts in (riding if has_bicycle_roads else (), driving):
        kinds = len({seen[shift.vehicle_id] for shift in shifts if shift.vehicle_id in seen})
        count += kinds if kinds < 2 else 1 + kinds
    return max(1, count)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    """How the searches of a day go."""

    limit: Limit
    seed: int
    params: RoutingParams
    workers: Workers

    def search(self, problem: Problem) -> Plan:
        """What is found from nothing."""
        return solve(problem, self.limit, self.seed, self.params, self.workers)

    def search_on(self, problem: Problem, start: Sequences) -> Plan:
        """What is found going on from given routes."""
        found = improve(problem, start, NO_CHANGES, self.limit, seed=self.seed, params=self.params)
        return found.plan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What was planned together."""

    routes: tuple[PlanRoute, ...]
    unserved: tuple[UnservedOrder, ...]


def _planned(inputs: DayInputs, roads: DayRoads, settings: _Settings) -> _Part:
    day = build_problem(inputs, roads)
    if not day.orders or not day.crews.shifts:
        return _Part(routes=(), unserved=_empty(inputs).unserved)
    found = completed(day.problem, settings.search(day.problem), settings.params)
    if len(day.day_map.own) == 1:
        driven = day.day_map.driven(day.problem, found, day.crews.profiles)
        together, routes = driven, tuple(_routes(day, driven, inputs))
    else:
        profiles = day.crews.profiles
        own = at_own_times(day.problem, day.day_map, profiles, found, settings.search_on)
        pieces = [each.day_map.driven(each.problem, each.plan, profiles) for each in own]
        routes = tuple(route for piece in pieces for route in _routes(day, piece, inputs))
        sequences = {r.vehicle: r.sequence for piece in pieces for r in piece.plan.routes}
        together = day.day_map.driven(day.problem, make_plan(day.problem, sequences), profiles)
    left_out = _left_out(day, together, settings.params)
    return _Part(routes=routes, unserved=(*left_out, *_homeless(day)))


def _still_left(parts: Sequence[_Part], inputs: DayInputs) -> tuple[UnservedOrder, ...]:
    """Whom the last could not take, each with the reason of who might have."""
    named = {order.id for order in inputs.orders if order.terms.only_vehicle is not None}
    first = {left.order_id: left for left in parts[0].unserved if left.order_id in named}
    return tuple(
        first.get(left.order_id, left) if left.code == Cause.SKILL_MISSING.value else left
        for left in parts[-1].unserved
    )


def _no_bicycles(count: int) -> str:
    turns = "1 turno en bicicleta quedó" if count == 1 else f"{count} turnos en bicicleta quedaron"
    return f"{turns} sin ruta: esta ciudad se armó sin la red de bicicletas."


_NO_SHIFT = "No hay turnos libres este día. Agrega un turno y planifica de nuevo."
_ALL_BUSY = (
    "No quedan turnos libres: los vehículos del día ya tienen ruta. Prueba con Insertar, o agrega "
    "un turno y planifica de nuevo."
)
_FREE_ONES_ONLY = (
    "Sólo se miraron los vehículos sin ruta; si lo puede llevar uno que ya tiene, lo dice Insertar."
)


def _empty(inputs: DayInputs) -> DayPlan:
    """Nothing to plan, or nobody to drive it."""
    unserved = tuple(
        UnservedOrder(
            order_id=order.id,
            code="no_shift",
            sentence=_ALL_BUSY if inputs.routes_open else _NO_SHIFT,
        )
        for order in inputs.orders
    )
    return DayPlan(routes=(), unserved=unserved, cost_clp=0, notes=_notes(inputs, len(unserved)))


def _notes(inputs: DayInputs, unserved: int) -> tuple[str, ...]:
    notes = []
    if inputs.left_for_review:
        count = len(inputs.left_for_review)
        notes.append(
            "1 pedido quedó fuera: su dirección espera revisión."
            if count == 1
            else f"{count} pedidos quedaron fuera: su dirección espera revisión."
        )
    if unserved:
        notes.append(
            "1 pedido no cabe en las rutas del día."
            if unserved == 1
            else f"{unserved} pedidos no caben en las rutas del día."
        )
        if inputs.routes_open:
            notes.append(_FREE_ONES_ONLY)
    return tuple(notes)


def _routes(day: DayProblem, driven: Driven, inputs: DayInputs) -> Iterator[PlanRoute]:
    for route, ways in zip(driven.plan.routes, driven.ways, strict=True):
        yield _route(day, route, inputs, ways)


def _route(
    day: DayProblem, route: PlannedRoute, inputs: DayInputs, ways: Sequence[Way | None]
) -> PlanRoute:
    shift = day.crews.shifts[route.vehicle]
    return PlanRoute(
        shift_id=shift.id,
        vehicle_id=shift.vehicle_id,
        driver_id=shift.driver_id,
        depot_id=shift.depot_id,
        start=inputs.day.instant_at(route.departure_s),
        end=inputs.day.instant_at(route.end_s),
        visits=tuple(_visits(day, route, inputs.day, ways)),
        distance_m=route.distance_m,
        duration_s=route.end_s - route.departure_s,
        geometry=encode_polyline(_points(ways)),
        cost_clp=route.cost_clp,
        breaks=tuple(
            RouteBreak(
                start=inputs.day.instant_at(pause.start_s), end=inputs.day.instant_at(pause.end_s)
            )
            for pause in route.pauses
        ),
        reloads=tuple(_reload(day, route, reload, inputs.day) for reload in route.reloads),
        overtime_s=route.overtime_s,
        toll_clp=route.toll_clp,
    )


def _reload(
    day: DayProblem, route: PlannedRoute, reload: Reload, service_day: ServiceDay
) -> RouteReload:
    return RouteReload(
        arrival=service_day.instant_at(reload.arrival_s),
        departure=service_day.instant_at(reload.departure_s),
        order_id=day.orders[route.visits[reload.visit].stop].id,
    )


def _visits(
    day: DayProblem, route: PlannedRoute, service_day: ServiceDay, ways: Sequence[Way | None]
) -> Iterator[PlanVisit]:
    left_s, legs = route.departure_s, iter(ways)
    reloading = {reload.visit for reload in route.reloads}
    for number, visit in enumerate(route.visits):
        # Who goes back to load drives two legs to the next door.
        driven = [next(legs) for _ in range(1 + (number in reloading))]
        yield PlanVisit(
            order_id=day.orders[visit.stop].id,
            arrival=service_day.instant_at(visit.arrival_s),
            departure=service_day.instant_at(visit.departure_s),
            leg_duration_s=visit.arrival_s - left_s,
            leg_distance_m=sum(way.distance_m for way in driven if way is not None),
        )
        left_s = visit.departure_s


def _points(ways: Sequence[Way | None]) -> Iterator[Position]:
    """The whole way; where two legs meet the point stands once."""
    last: Position | None = None
    for way in ways:
        for point in () if way is None else way.geometry:
            if point != last:
                yield point
            last = point


def _left_out(day: DayProblem, driven: Driven, params: RoutingParams) -> Iterator[UnservedOrder]:
    explanations = explain(driven.problem, driven.plan, params)
    for stop, why in zip(driven.plan.unserved, explanations, strict=True):
        names = {
            str(day.orders[other].id): day.orders[other].reference
            for other in driven.problem.bound_to(stop)
        }
        yield UnservedOrder(
            order_id=day.orders[stop].id,
            code=why.cause.value,
            sentence=_named(why.sentence, names),
            cost_clp=why.insertion_cost_clp,
            options=tuple(
                WayIn(
                    remedy=option.remedy.value,
                    sentence=_capital(_named(option.sentence, names)),
                    cost_clp=option.cost_clp,
                )
                for option in why.options
            ),
        )


def _named(sentence: str, names: Mapping[str, str]) -> str:
    """Stops go by the order's id; people know its reference."""
    for key, name in names.items():
        sentence = sentence.replace(key, name)
    return sentence


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _homeless(day: DayProblem) -> Iterator[UnservedOrder]:
    for order in day.homeless:
        yield UnservedOrder(
            order_id=order.id,
            code="merchant_place_unknown",
            sentence="No sabemos dónde está el comercio. Agrega su posición en Comercios.",
        )
