"""Gathers the day in which a stop or a vehicle is priced: the routes as they stand, or a plan.

Where a stop or a shift has a route already, the routes of the day count as they stand now, driven
from the morning on as if nothing had happened yet. Before that the plan counts that has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from promesa.dispatch.plan_desk import gather_day, merchant_places, rest_of, within_hours
from promesa.dispatch.release import planned_codes, route_id_of, stop_type_of
from promesa.dispatch.repository import DispatchStore
from promesa.domain.leg import LegKind
from promesa.domain.order import Order
from promesa.domain.promise import counting_promises
from promesa.domain.route import RouteState, RouteVersion
from promesa.domain.stop import Stop
from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.planning.inputs import DayInputs
from promesa.planning.prices import NotPricedError, PlannedDay, PlannedShift
from promesa.planning.repository import PlanRecord, PlanRoute, PlanState

LEFT_OUT = "El plan lo deja fuera: {why} Míralo en Planificación, entre los que no tienen ruta."


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderInDay:
    """An order, and the day in which its visit is priced.

    Attributes:
        promised: The hours promised that day; None where it may come at any.
    """

    day: PlannedDay
    order: Order
    promised: TimeWindow | None


async def gather_order(tx: DispatchStore, order_id: UUID) -> OrderInDay:
    """The day of an order, with the route that has it.

    Raises:
        NotPricedError: No route and no plan of its day has it.
    """
    order = await tx.orders.get(order_id)
    plans = await tx.plans.list_of(order.date)
    day = await _as_it_stands(tx, order.date, plans)
    if day is None or not _has(day.routes, order_id):
        day = await _as_planned(tx, _plan_with(plans, order_id))
    of_the_day = ServiceDay(order.date)
    told = counting_promises(await tx.promises.list_of([order_id]), of_the_day).get(order_id)
    asked = [window for window in order.windows if _is_of(window, of_the_day)]
    promised = told.window if told is not None else next(iter(asked), None)
    if promised is not None and _covers(promised, day.inputs.workday):
        promised = None
    return OrderInDay(day=day, order=order, promised=promised)


async def gather_route(tx: DispatchStore, route_id: UUID) -> tuple[PlannedDay, UUID]:
    """The day of a route as it stands, and the shift that drives it.

    Raises:
        NotPricedError: No plan made the route: it helps out since.
    """
    route = await tx.routes.get(route_id)
    plans = await tx.plans.list_of(route.date)
    made = _made_by(plans).get(route_id)
    day = await _as_it_stands(tx, route.date, plans)
    if made is None or day is None:
        raise NotPricedError("Esta ruta no salió de un plan: no se puede calcular sin él.")
    return day, made[0].shift_id


async def gather_plan(tx: DispatchStore, plan_id: UUID, shift_id: UUID) -> tuple[PlannedDay, UUID]:
    """The day of a plan and one of its shifts; of a published one, its route as it stands.

    Raises:
        NotPricedError: The plan is not ready, or has no such shift.
    """
    plan = await tx.plans.get(plan_id)
    planned = next((route for route in plan.routes if route.shift_id == shift_id), None)
    if planned is None:
        raise NotPricedError
    if plan.state is PlanState.PUBLISHED:
        return await gather_route(tx, route_id_of(plan, planned))
    return await _as_planned(tx, plan), shift_id


def _plan_with(plans: Sequence[PlanRecord], order_id: UUID) -> PlanRecord:
    """The newest plan that is not published yet and has the order on a route."""
    ready = [plan for plan in plans if plan.state is PlanState.READY]
    for plan in ready:
        if any(visit.order_id == order_id for route in plan.routes for visit in route.visits):
            return plan
    for plan in plans:
        for left in plan.unserved:
            if left.order_id == order_id:
                raise NotPricedError(LEFT_OUT.format(why=left.sentence))
    raise NotPricedError


async def _as_planned(tx: DispatchStore, plan: PlanRecord) -> PlannedDay:
    """The day as it was when the plan was asked for, with the orders that it knew."""
    inputs = await gather_day(tx, plan.date, now=plan.requested_at, balance=plan.balance)
    known = {visit.order_id for route in plan.routes for visit in route.visits}
    known |= {left.order_id for left in plan.unserved}
    orders = tuple(order for order in inputs.orders if order.id in known)
    codes = planned_codes(plan, await tx.routes.list_of(plan.date))
    return PlannedDay(
        inputs=replace(inputs, orders=orders),
        routes=tuple(
            PlannedShift(
                shift_id=route.shift_id, code=codes[route.shift_id], trips=_trips_planned(route)
            )
            for route in plan.routes
        ),
    )


async def _as_it_stands(
    tx: DispatchStore, day: date, plans: Sequence[PlanRecord]
) -> PlannedDay | None:
    """The routes that plans of the day made, as they are now; None before the first."""
    made = _made_by(plans)
    routes = [
        route
        for route in await tx.routes.list_of(day)
        if route.id in made and route.state is not RouteState.CANCELLED
    ]
    if not routes:
        return None
    newest = next(plan for plan in plans if plan.state is PlanState.PUBLISHED)
    inputs = await gather_day(tx, day, now=newest.requested_at, balance=newest.balance)
    latest = await tx.routes.latest_versions(day)
    versions = {made[route.id][0].shift_id: latest[route.id] for route in routes}
    codes = {made[route.id][0].shift_id: route.code for route in routes}
    visits = _last_visits(versions.values(), await tx.routes.list_stops_of_day(day))
    standing = tuple(
        PlannedShift(
            shift_id=shift_id, code=codes[shift_id], trips=_trips_standing(version, visits)
        )
        for shift_id, version in versions.items()
    )
    begun = {made[route.id][0].shift_id: made[route.id][1] for route in routes}
    return PlannedDay(inputs=await _with_routes(tx, inputs, begun, visits), routes=standing)


async def _with_routes(
    tx: DispatchStore,
    inputs: DayInputs,
    begun: Mapping[UUID, PlanRecord],
    visits: Mapping[UUID, Stop],
) -> DayInputs:
    """What waits, with what is on routes and the shifts that drive them, each as it was planned."""
    day = inputs.day
    depots = {depot.id: depot for depot in inputs.depots}
    shifts = {shift.id: shift for shift in inputs.shifts}
    for shift in await tx.fleet.list_shifts(day.date):
        plan = begun.get(shift.id)
        if plan is not None and shift.depot_id in depots:
            cut = rest_of(within_hours(shift, depots[shift.depot_id], day), plan.requested_at)
            shifts |= {left.id: left for left in cut}
    driven = await tx.orders.get_many(sorted(visits))
    found = [_on_its_leg(order, visits[order.id]) for order in driven]
    waiting = [order for order in inputs.orders if order.id not in visits]
    merchants = {o.merchant_id for o in found if o.leg.kind is not LegKind.DELIVERY}
    return replace(
        inputs,
        orders=tuple(sorted([*found, *waiting], key=lambda order: order.id)),
        shifts=tuple(shifts.values()),
        places={**inputs.places, **await merchant_places(tx, merchants)},
    )


def _made_by(plans: Sequence[PlanRecord]) -> dict[UUID, tuple[PlanRoute, PlanRecord]]:
    """What was planned, by the route that was published of it."""
    return {
        route_id_of(plan, planned): (planned, plan)
        for plan in plans
        if plan.state is PlanState.PUBLISHED
        for planned in plan.routes
    }


def _trips_planned(route: PlanRoute) -> tuple[tuple[UUID, ...], ...]:
    firsts = {reload.order_id for reload in route.reloads}
    trips: list[list[UUID]] = [[]]
    for visit in route.visits:
        if visit.order_id in firsts:
            trips.append([])
        trips[-1].append(visit.order_id)
    return tuple(tuple(trip) for trip in trips)


def _trips_standing(
    version: RouteVersion, visits: Mapping[UUID, Stop]
) -> tuple[tuple[UUID, ...], ...]:
    trip_of = version.trips()
    trips: dict[int, list[UUID]] = {}
    for planned in sorted(version.stops, key=lambda stop: stop.sequence):
        last = visits.get(planned.order_id)
        if last is not None and last.id == planned.stop_id:
            trips.setdefault(trip_of[planned.stop_id], []).append(planned.order_id)
    return tuple(tuple(trips[number]) for number in sorted(trips))


def _last_visits(versions: Iterable[RouteVersion], stops: Iterable[Stop]) -> dict[UUID, Stop]:
    """The visit of each order that counts: after one that failed there may be another."""
    planned = {stop.stop_id for version in versions for stop in version.stops}
    rising = sorted(
        (stop for stop in stops if stop.id in planned), key=lambda stop: (stop.attempt, stop.id)
    )
    return {stop.order_id: stop for stop in rising}


def _on_its_leg(order: Order, stop: Stop) -> Order:
    """The order as it was before this visit: what is collected goes on to its next leg."""
    ours = (n for n, leg in enumerate(order.legs) if leg.kind is not LegKind.LINEHAUL)
    then = (replace(order, leg_index=number, attempts=stop.attempt - 1) for number in ours)
    return next((each for each in then if stop_type_of(each) is stop.type), order)


def _has(routes: Sequence[PlannedShift], order_id: UUID) -> bool:
    return any(order_id in trip for route in routes for trip in route.trips)


def _is_of(window: TimeWindow, day: ServiceDay) -> bool:
    return window.overlaps(TimeWindow(start=day.start, end=day.end))


def _covers(window: TimeWindow, other: TimeWindow) -> bool:
    return window.start <= other.start and window.end >= other.end
