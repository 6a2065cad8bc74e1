"""Plans of a day: asked for, looked at, published."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, Router, get, post
from litestar.params import Parameter

from promesa.api.decoding import INTEGER_MAX, View, Wire
from promesa.api.order_views import WindowView, people_shown, window_view
from promesa.api.route_views import (
    ReloadView,
    RouteList,
    break_views,
    list_summaries,
    reload_views,
)
from promesa.dispatch import plan_desk
from promesa.dispatch.release import Release, planned_codes, publish_plan
from promesa.domain.actor import Permission
from promesa.domain.fleet import Vehicle
from promesa.domain.order import Order, OrderState
from promesa.domain.person import Person
from promesa.domain.promise import Promise
from promesa.planning.due import sort_out
from promesa.planning.repository import (
    PlanRecord,
    PlanRoute,
    PlanState,
    UnservedOrder,
    WorkBalance,
)
from promesa.runtime.jobs import make_plan
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

# Orders that a plan would take and no route has; the torre's badge counts the same.
WITHOUT_ROUTE = frozenset({OrderState.CONFIRMED, OrderState.RESCHEDULED, OrderState.IN_PREPARATION})
# Why an order waits that the plan itself gives no reason for.
LATER = "after_plan"
LATER_SENTENCE = "Quedó sin ruta después de esta planificación."
CAME_LATER = "came_after_plan"
CAME_LATER_SENTENCE = "Llegó después de planificar."
PLACED_LATER = "placed_after_plan"
PLACED_LATER_SENTENCE = "Su dirección quedó confirmada después de planificar."


class NewPlan(Wire):
    """For which day, and how long to search."""

    date: date
    iterations: Annotated[int, msgspec.Meta(ge=0, le=plan_desk.ITERATIONS_MAX)] | None = None
    seed: Annotated[int, msgspec.Meta(ge=0, le=INTEGER_MAX)] | None = None
    balance: WorkBalance = WorkBalance.NONE


class DueView(View):
    """What there is to plan: ``ready`` may go now, ``in_review`` waits for a person's yes.

    ``orders`` are all of the day, those that have a route or are over among them.
    """

    ready: int
    in_review: int
    orders: int


class LoadView(View):
    """What a van would carry."""

    parcels: int
    weight_g: int
    volume_ml: int


class VisitView(View):
    """A stop as the plan times it."""

    order_id: UUID
    reference: str
    address: str | None
    comuna: str | None
    position: tuple[float, float] | None
    arrival: datetime
    departure: datetime
    window: WindowView | None
    is_inside_window: bool | None


class PlanRouteView(View):
    """What one van would drive; ``overtime_s`` is how long after its shift it is back.

    ``code`` is what its route is called; before it is published, what it would be called now.
    """

    code: str
    shift_id: UUID
    vehicle_id: UUID
    vehicle_code: str
    plate: str
    driver_id: UUID
    driver_name: str | None
    depot_id: UUID
    start: datetime
    end: datetime
    distance_m: int
    duration_s: int
    geometry: str
    cost_clp: int
    load: LoadView
    capacity: LoadView
    breaks: list[WindowView]
    reloads: list[ReloadView]
    overtime_s: int
    toll_clp: int
    visits: list[VisitView]


class WayInView(View):
    """One change that would let an order in, and what serving it then adds to the plan."""

    remedy: str
    sentence: str
    cost_clp: int


class UnservedView(View):
    """An order that fits no route, why, and what would let it in; the first is the best."""

    order_id: UUID
    reference: str
    code: str
    sentence: str
    cost_clp: int | None
    options: list[WayInView]


class PlanSummary(View):
    """A plan in a line."""

    id: UUID
    date: date
    state: str
    progress: float
    requested_at: datetime
    cost_clp: int | None
    routes_count: int
    orders_count: int
    unserved_count: int
    failure: str | None
    balance: WorkBalance


class PlanView(View):
    """A plan with its routes; ``unserved`` is what fitted none then, ``waiting`` who waits now."""

    summary: PlanSummary
    routes: list[PlanRouteView]
    unserved: list[UnservedView]
    waiting: list[UnservedView]
    left_for_review: list[UUID]
    notes: list[str]


class PlanList(View):
    """Plans of a day, newest first."""

    items: list[PlanSummary]


def _summary(platform: Platform, plan: PlanRecord) -> PlanSummary:
    slip = platform.plan_slips.get(plan.id)
    return PlanSummary(
        id=plan.id,
        date=plan.date,
        state=plan.state.value,
        progress=plan.progress if slip is None else slip.share,
        requested_at=plan.requested_at,
        cost_clp=plan.cost_clp,
        routes_count=len(plan.routes),
        orders_count=sum(len(route.visits) for route in plan.routes),
        unserved_count=len(plan.unserved),
        failure=plan.failure,
        balance=plan.balance,
    )


@post("/v1/plans", access=Permission.PLAN, summary="Plan a day")
async def add_plan(data: NewPlan, platform: Platform, caller: Caller) -> Response[PlanSummary]:
    """Begins a plan and answers at once; ask again for its progress."""
    async with platform.transaction(caller.tenant_id) as tx:
        iterations = data.iterations
        if iterations is None:
            usual = platform.settings.plan.iterations
            iterations = await plan_desk.usual_iterations(tx, data.date, usual)
        plan = await plan_desk.request_plan(
            tx,
            data.date,
            actor=caller.actor,
            clock=platform.clock,
            ids=platform.ids,
            iterations=iterations,
            seed=data.seed if data.seed is not None else platform.settings.plan.seed,
            balance=data.balance,
        )
    platform.spawn(make_plan(platform, plan.id, caller.actor))
    return Response(_summary(platform, plan), status_code=202)


@get("/v1/plans", access=Permission.READ_OPERATION, summary="Plans of a day")
async def list_plans(
    platform: Platform, caller: Caller, day: Annotated[date, Parameter(query="date")]
) -> PlanList:
    """Plans of a day, newest first."""
    async with platform.transaction(caller.tenant_id) as tx:
        return PlanList(items=[_summary(platform, plan) for plan in await tx.plans.list_of(day)])


@get("/v1/plans/due", access=Permission.READ_OPERATION, summary="What a plan would take")
async def count_due(
    platform: Platform, caller: Caller, day: Annotated[date, Parameter(query="date")]
) -> DueView:
    """How many orders of a day a plan asked for now would take, and how many wait for a person."""
    async with platform.transaction(caller.tenant_id) as tx:
        due = sort_out(await tx.orders.list_due(day))
        orders = sum((await tx.orders.count_by_state(day)).values())
    return DueView(ready=len(due.plannable), in_review=len(due.left_for_review), orders=orders)


@get("/v1/plans/{plan_id:uuid}", access=Permission.READ_OPERATION, summary="A plan")
async def get_plan(plan_id: UUID, platform: Platform, caller: Caller) -> PlanView:
    """A plan with its routes and whoever fits none of them."""
    async with platform.transaction(caller.tenant_id) as tx:
        return await _view(platform, tx, caller, await tx.plans.get(plan_id))


@post("/v1/plans/{plan_id:uuid}/publish", access=Permission.PLAN, status_code=200)
async def publish(plan_id: UUID, platform: Platform, caller: Caller) -> RouteList:
    """Makes routes of the plan; drivers' phones get them at once. Sent twice, it is done once."""
    async with platform.transaction(caller.tenant_id) as tx:
        plan = await tx.plans.lock(plan_id)
        merchants = await tx.access.list_merchants()
        places = {item.id: item.position for item in merchants if item.position is not None}
        await publish_plan(
            tx,
            plan,
            actor=caller.actor,
            release=Release(clock=platform.clock, ids=platform.ids, places=places),
            request_id=caller.request_id,
        )
    await platform.pump.catch_up()
    return await list_summaries(platform, caller, plan.date)


async def _view(
    platform: Platform, tx: PlatformStore, caller: Caller, plan: PlanRecord
) -> PlanView:
    wanted = {visit.order_id for route in plan.routes for visit in route.visits}
    wanted |= {item.order_id for item in plan.unserved}
    orders = {order.id: order for order in await tx.orders.get_many(sorted(wanted))}
    people = await people_shown(tx, caller, [order.recipient_id for order in orders.values()])
    promises = await tx.promises.list_of(sorted(orders))
    vehicles = {vehicle.id: vehicle for vehicle in await tx.fleet.list_vehicles()}
    drivers = {driver.id: driver for driver in await tx.fleet.list_drivers()}
    names = await people_shown(tx, caller, [driver.person_id for driver in drivers.values()])
    known = _Known(orders, people, promises)
    codes = planned_codes(plan, await tx.routes.list_of(plan.date))
    routes = []
    for route in plan.routes:
        driver = drivers.get(route.driver_id)
        person = names.get(driver.person_id) if driver else None
        routes.append(
            known.route(
                route,
                codes[route.shift_id],
                vehicles[route.vehicle_id],
                person.name if person else None,
            )
        )
    waiting = await _waiting(tx, plan, platform.clock.now())
    return PlanView(
        summary=_summary(platform, plan),
        routes=routes,
        waiting=waiting,
        unserved=[
            UnservedView(
                order_id=item.order_id,
                reference=known.reference(item.order_id),
                code=item.code,
                sentence=item.sentence,
                cost_clp=item.cost_clp,
                options=_ways_in(item),
            )
            for item in plan.unserved
        ],
        left_for_review=list(plan.left_for_review),
        notes=list(plan.notes),
    )


def _ways_in(left: UnservedOrder) -> list[WayInView]:
    return [
        WayInView(remedy=way.remedy, sentence=way.sentence, cost_clp=way.cost_clp)
        for way in left.options
    ]


async def _waiting(tx: PlatformStore, plan: PlanRecord, now: datetime) -> list[UnservedView]:
    """Orders of the day without a route as it is now, with the reason the plan gave for some.

    What an unpublished plan has on its routes waits for nothing but its publication.
    """
    is_published = plan.state is PlanState.PUBLISHED
    planned = {visit.order_id for route in plan.routes for visit in route.visits}
    reasons = {item.order_id: item for item in plan.unserved}
    orders = [
        order
        for order in await tx.orders.list_briefs(plan.date, WITHOUT_ROUTE)
        if is_published or order.id not in planned
    ]
    unknown = {order.id for order in orders} - planned - reasons.keys()
    came = await _came_since(tx, plan, now) if unknown else frozenset()
    views = []
    for order in orders:
        known = reasons.get(order.id)
        code, sentence = LATER, LATER_SENTENCE
        if known:
            code, sentence = known.code, known.sentence
        elif order.id in plan.left_for_review:
            code, sentence = PLACED_LATER, PLACED_LATER_SENTENCE
        elif order.id in came and order.id in unknown:
            code, sentence = CAME_LATER, CAME_LATER_SENTENCE
        views.append(
            UnservedView(
                order_id=order.id,
                reference=order.reference,
                code=code,
                sentence=sentence,
                cost_clp=known.cost_clp if known else None,
                options=_ways_in(known) if known else [],
            )
        )
    return sorted(views, key=lambda view: (view.reference, view.order_id))


async def _came_since(tx: PlatformStore, plan: PlanRecord, now: datetime) -> frozenset[UUID]:
    """Orders that did not exist when the plan was asked for."""
    placed = await tx.events.list_between(
        plan.requested_at, now + timedelta(seconds=1), types=frozenset({"order.placed"})
    )
    return frozenset(event.order_id for event in placed if event.order_id is not None)


class _Known:
    """Orders of a plan with what their visits show."""

    def __init__(
        self,
        orders: dict[UUID, Order],
        people: dict[UUID, Person],
        promises: dict[UUID, list[Promise]],
    ) -> None:
        self._orders = orders
        self._people = people
        self._promises = promises

    def reference(self, order_id: UUID) -> str:
        """The order's reference; empty when it is gone."""
        order = self._orders.get(order_id)
        return order.reference if order else ""

    def route(
        self, route: PlanRoute, code: str, vehicle: Vehicle, driver_name: str | None
    ) -> PlanRouteView:
        """One route for the wire."""
        visits = [self._visit(visit) for visit in route.visits if visit.order_id in self._orders]
        loads = [self._orders[v.order_id].load for v in route.visits if v.order_id in self._orders]
        capacity = vehicle.capacity
        return PlanRouteView(
            code=code,
            shift_id=route.shift_id,
            vehicle_id=vehicle.id,
            vehicle_code=vehicle.code,
            plate=vehicle.plate,
            driver_id=route.driver_id,
            driver_name=driver_name,
            depot_id=route.depot_id,
            start=route.start,
            end=route.end,
            distance_m=route.distance_m,
            duration_s=route.duration_s,
            geometry=route.geometry,
            cost_clp=route.cost_clp,
            load=LoadView(
                parcels=sum(load.parcels for load in loads),
                weight_g=sum(load.weight_g for load in loads),
                volume_ml=sum(load.volume_ml for load in loads),
            ),
            capacity=LoadView(
                parcels=capacity.parcels,
                weight_g=capacity.weight_g,
                volume_ml=capacity.volume_ml,
            ),
            breaks=break_views(route.breaks),
            reloads=reload_views(route.reloads),
            overtime_s=route.overtime_s,
            toll_clp=route.toll_clp,
            visits=visits,
        )

    def _visit(self, visit: Any) -> VisitView:
        order = self._orders[visit.order_id]
        person = self._people.get(order.recipient_id)
        told = self._promises.get(order.id, [])
        window = told[-1].window if told else None
        spot = order.placement.position if order.placement else None
        return VisitView(
            order_id=order.id,
            reference=order.reference,
            address=person.address_line if person else None,
            comuna=order.comuna,
            position=(spot.lon, spot.lat) if spot else None,
            arrival=visit.arrival,
            departure=visit.departure,
            window=window_view(window) if window else None,
            is_inside_window=None if window is None else visit.arrival <= window.end,
        )


router = Router(
    path="", route_handlers=[add_plan, list_plans, count_due, get_plan, publish], tags=["plans"]
)
