"""Plans a day: orders and shifts in, timed routes and the reasons of who is left out.

Pure and bound to the processor: made to be run in an executor, with picklable inputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from promesa.domain.route import RouteBreak, RouteReload
from promesa.kernel.geo import Position
from promesa.kernel.polyline import encode_polyline
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.inputs import DayInputs, DayProblem, build_problem
from promesa.planning.repository import DayPlan, PlanRoute, PlanVisit, UnservedOrder
from promesa.planning.travel import DayRoads, Driven, Way
from promesa.routing.budget import Limit
from promesa.routing.explain import explain
from promesa.routing.params import DEFAULT_PARAMS, RoutingParams
from promesa.routing.parts.workers import ALONE, Workers
from promesa.routing.plan import PlannedRoute, Reload
from promesa.routing.solver import solve


def plan_day(
    inputs: DayInputs,
    roads: DayRoads,
    *,
    limit: Limit,
    seed: int,
    params: RoutingParams = DEFAULT_PARAMS,
    workers: Workers = ALONE,
) -> DayPlan:
    """Plans the day; the same inputs, seed and number of iterations give the same plan.

    How many ``workers`` there are decides how soon a big day is planned, and nothing else.
    """
    if not inputs.orders or not inputs.shifts:
        return _empty(inputs)
    day = build_problem(inputs, roads)
    if not day.orders or not day.crews.shifts:
        return _empty(inputs)
    found = solve(day.problem, limit, seed, params, workers)
    driven = day.day_map.driven(day.problem, found, day.crews.profiles)
    routes = tuple(
        _route(day, route, inputs, ways)
        for route, ways in zip(driven.plan.routes, driven.ways, strict=True)
    )
    unserved = (*_left_out(day, driven, params), *_homeless(day))
    return DayPlan(
        routes=routes,
        unserved=unserved,
        cost_clp=driven.plan.cost_clp,
        notes=(*_notes(inputs, len(unserved)), *_apart(day)),
    )


def _empty(inputs: DayInputs) -> DayPlan:
    """Nothing to plan, or nobody to drive it."""
    unserved = tuple(
        UnservedOrder(
            order_id=order.id,
            code="no_shift",
            sentence="No hay turnos libres este día. Agrega un turno y planifica de nuevo.",
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
    return tuple(notes)


def _apart(day: DayProblem) -> tuple[str, ...]:
    if not day.apart:
        return ()
    count = len(day.apart)
    turns = "1 turno en bicicleta quedó" if count == 1 else f"{count} turnos en bicicleta quedaron"
    return (f"{turns} sin ruta: las bicicletas se planifican en un día sin vehículos con motor.",)


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
        sentence = why.sentence
        for other in driven.problem.bound_to(stop):
            # Stops go by the order's id; people know its reference.
            sentence = sentence.replace(str(day.orders[other].id), day.orders[other].reference)
        yield UnservedOrder(
            order_id=day.orders[stop].id,
            code=why.cause.value,
            sentence=sentence,
            cost_clp=why.insertion_cost_clp,
        )


def _homeless(day: DayProblem) -> Iterator[UnservedOrder]:
    for order in day.homeless:
        yield UnservedOrder(
            order_id=order.id,
            code="merchant_place_unknown",
            sentence="No sabemos dónde está el comercio. Agrega su posición en Comercios.",
        )
