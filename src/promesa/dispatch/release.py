"""A plan becomes routes: each with its first version, its stops, its orders scheduled and told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from promesa.dispatch.journal import Journal
from promesa.dispatch.promises import make_promise
from promesa.dispatch.repository import DispatchStore
from promesa.domain.actor import Actor, Permission
from promesa.domain.leg import LegKind
from promesa.domain.order import ORDER, Order, OrderState
from promesa.domain.route import PlannedStop, Route, RouteState, RouteVersion
from promesa.domain.stop import Stop, StopType
from promesa.kernel.clock import Clock
from promesa.kernel.errors import ConflictError
from promesa.kernel.geo import Position
from promesa.kernel.ids import Ids, derived_id
from promesa.planning.due import is_plannable
from promesa.planning.inputs import place_of
from promesa.planning.repository import PlanRecord, PlanRoute, PlanState, PlanVisit
from promesa.promising.windows import earned_window, is_whole_day

PIN_DIGITS = 4
_TYPE_OF_LEG = {
    LegKind.COLLECTION: StopType.PICKUP,
    LegKind.DELIVERY: StopType.DELIVERY,
    LegKind.RETURN: StopType.RETURN,
}


class PlanNotReadyError(ConflictError):
    """Only a plan that is ready becomes routes."""

    code: ClassVar[str] = "plan_not_ready"
    message: ClassVar[str] = (
        "Esta planificación no está lista. Espera a que termine o planifica de nuevo."
    )


class ShiftTakenError(ConflictError):
    """A shift of the plan has a route already."""

    code: ClassVar[str] = "shift_taken"
    message: ClassVar[str] = "Un turno de esta planificación ya tiene ruta. Vuelve a planificar."


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What publishing works with.

    Attributes:
        places: Where merchants are, for colectas and returns, by merchant id.
        ids: Draws the codes that receivers tell.
    """

    clock: Clock
    ids: Ids
    places: dict[UUID, Position]


def stop_id_of(order: Order, route_id: UUID) -> UUID:
    """The id of the visit a plan makes; it is kept when the stop moves to another route."""
    return derived_id("stop", route_id, order.id, order.leg_index, order.attempts + 1)


def route_id_of(plan: PlanRecord, planned: PlanRoute) -> UUID:
    """The id of the route that a plan makes of a shift."""
    return derived_id("route", plan.id, planned.shift_id)


def route_code(number: int) -> str:
    """What people call the route of that number of its day."""
    return f"R-{number:02d}"


def planned_codes(plan: PlanRecord, existing: Sequence[Route]) -> dict[UUID, str]:
    """What the routes of a plan are called, by shift: as published, or as they would be now.

    ``existing`` are all routes of the plan's day.
    """
    known = {route.id: route.code for route in existing}
    return {
        planned.shift_id: known.get(route_id_of(plan, planned), route_code(number))
        for number, planned in enumerate(plan.routes, start=len(existing) + 1)
    }


def stop_type_of(order: Order) -> StopType:
    """What the visit is for, by the leg the order is on."""
    return _TYPE_OF_LEG[order.leg.kind]


async def publish_plan(
    tx: DispatchStore,
    plan: PlanRecord,
    *,
    actor: Actor,
    release: Release,
    request_id: str | None = None,
) -> list[Route]:
    """Publishes every route of the plan, R-01 onwards; visits of orders gone since are left out.

    Where an order left, the van simply passes: times stay as they were planned. Publishing again
    what was published changes nothing and gives the same routes.

    Raises:
        PlanNotReadyError: The plan is not ready.
        ShiftTakenError: A vehicle or driver of the plan has a route of that day.
    """
    actor.require(Permission.PLAN)
    if plan.state is PlanState.PUBLISHED:
        return [await tx.routes.get(route_id_of(plan, planned)) for planned in plan.routes]
    if plan.state is not PlanState.READY:
        raise PlanNotReadyError(state=plan.state.value)
    existing = await tx.routes.list_of(plan.date)
    _require_free(plan, existing)
    now = release.clock.now()
    journal = Journal(
        tx=tx,
        cause_id=derived_id("publish", plan.id),
        actor=actor,
        occurred_at=now,
        recorded_at=now,
        request_id=request_id,
    )
    codes = planned_codes(plan, existing)
    routes = [
        await _publish_route(journal, plan, planned, codes[planned.shift_id], release)
        for planned in plan.routes
    ]
    await tx.plans.save(replace(plan, state=PlanState.PUBLISHED))
    return routes


def _require_free(plan: PlanRecord, existing: Sequence[Route]) -> None:
    driven = [route for route in existing if route.state is not RouteState.CANCELLED]
    done = {RouteState.FINISHED, RouteState.RECONCILED}
    busy = {
        taken
        for route in driven
        if route.state not in done
        for taken in (route.vehicle_id, route.driver_id)
    }
    if any(planned.vehicle_id in busy or planned.driver_id in busy for planned in plan.routes):
        raise ShiftTakenError


async def _publish_route(
    journal: Journal, plan: PlanRecord, planned: PlanRoute, code: str, release: Release
) -> Route:
    tx = journal.tx
    route = Route(
        id=route_id_of(plan, planned),
        code=code,
        date=plan.date,
        depot_id=planned.depot_id,
        vehicle_id=planned.vehicle_id,
        driver_id=planned.driver_id,
        state=RouteState.PUBLISHED,
        version=1,
    )
    await tx.routes.add(route)
    journal = journal.on_route(route.id)
    orders = await tx.orders.get_many([visit.order_id for visit in planned.visits])
    by_id = {order.id: order for order in orders}
    visits = [
        (by_id[visit.order_id], visit)
        for visit in planned.visits
        if visit.order_id in by_id and _may_go(by_id[visit.order_id], release)
    ]
    stops = []
    for sequence, (order, visit) in enumerate(visits, start=1):
        stop_id = stop_id_of(order, route.id)
        await schedule(
            journal, route, order, stop_id=stop_id, arrival=visit.arrival, release=release
        )
        stops.append(planned_stop(stop_id, visit, sequence))
    version = _first_version(journal, route, planned, stops)
    await tx.routes.add_version(version)
    data: dict[str, object] = {"version": 1, "stops": len(stops), "cause": version.cause}
    await journal.of_route(route, "route.published", data)
    return route


def _may_go(order: Order, release: Release) -> bool:
    return is_plannable(order) and place_of(order, release.places) is not None


def planned_stop(stop_id: UUID, visit: PlanVisit, sequence: int) -> PlannedStop:
    """A visit of a plan as a stop of a version."""
    return PlannedStop(
        stop_id=stop_id,
        order_id=visit.order_id,
        sequence=sequence,
        arrival=visit.arrival,
        departure=visit.departure,
        leg_duration_s=visit.leg_duration_s,
        leg_distance_m=visit.leg_distance_m,
    )


def _first_version(
    journal: Journal, route: Route, planned: PlanRoute, stops: list[PlannedStop]
) -> RouteVersion:
    return RouteVersion(
        route_id=route.id,
        number=1,
        published_at=journal.recorded_at,
        start=planned.start,
        end=planned.end,
        stops=tuple(stops),
        distance_m=planned.distance_m,
        duration_s=planned.duration_s,
        geometry=planned.geometry,
        cause="planned",
        breaks=planned.breaks,
        reloads=planned.reloads,
    )


async def schedule(
    journal: Journal,
    route: Route,
    order: Order,
    *,
    stop_id: UUID,
    arrival: datetime,
    release: Release,
) -> None:
    """Puts the order's visit on the route, and tells its recipient what can be promised now."""
    stop_type = stop_type_of(order)
    place = place_of(order, release.places)
    assert place is not None, "visits without a place were left out"
    await journal.tx.routes.put_stop(
        Stop(
            id=stop_id,
            order_id=order.id,
            route_id=route.id,
            type=stop_type,
            position=place,
            attempt=order.attempts + 1,
        )
    )
    data: dict[str, object] = {
        "route_id": str(route.id),
        "date": route.date.isoformat(),
        "was": order.state.value,
    }
    await journal.of_order(order, "order.scheduled", data)
    if order.state is not OrderState.RETURNING:
        scheduled = replace(order, state=ORDER.step(order.state, OrderState.SCHEDULED))
        await journal.tx.orders.save(scheduled)
    if stop_type is StopType.DELIVERY:
        await _narrow_promise(journal, order, arrival)
        await _make_pin(journal, order, release)


async def _narrow_promise(journal: Journal, order: Order, arrival: datetime) -> None:
    """Who was told a whole day is told a narrower window; the first promise stays for judging."""
    told = (await journal.tx.promises.list_of([order.id])).get(order.id, [])
    if order.windows or (told and not is_whole_day(told[-1].window)):
        return
    window = earned_window(arrival)
    await make_promise(journal, order, window, cause="planned")


async def _make_pin(journal: Journal, order: Order, release: Release) -> None:
    """A code for who asked for one, kept with the person."""
    if not order.requires_pin:
        return
    person = await journal.tx.people.get(order.recipient_id)
    if person.pin is None:
        drawn = int.from_bytes(release.ids.secret_bytes(8)) % 10**PIN_DIGITS
        await journal.tx.people.put(replace(person, pin=f"{drawn:0{PIN_DIGITS}d}"))
