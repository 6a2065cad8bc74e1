"""From asking for a plan to having it: what is due is gathered, the search runs elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from promesa.dispatch.repository import DispatchStore
from promesa.domain.actor import Actor, Permission
from promesa.domain.events import Event
from promesa.domain.fleet import Depot, Shift
from promesa.domain.leg import LegKind
from promesa.domain.route import OVER
from promesa.kernel.clock import Clock
from promesa.kernel.errors import InvalidError
from promesa.kernel.geo import Position
from promesa.kernel.ids import Ids, derived_id
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.planning.due import sort_out
from promesa.planning.inputs import DayInputs
from promesa.planning.repository import DayPlan, PlanRecord, PlanState, WorkBalance
from promesa.promising.windows import whole_day
from promesa.routing.budget import PLAN_ITERATIONS, iterations_for

# A quarter of an hour of one core for 600 orders.
ITERATIONS_MAX = 5_000_000
SEED_DEFAULT = 1
# Parcels are sorted and scanned before a van leaves; assumed.
LOADING = timedelta(minutes=30)
# Less than this is no route.
SHIFT_MIN = timedelta(hours=1)


class PlanRequestError(InvalidError):
    """The number of iterations or the seed is out of range."""

    code: ClassVar[str] = "plan_request_invalid"
    message: ClassVar[str] = f"Las iteraciones van de 0 a {ITERATIONS_MAX}; la semilla, desde 0."


async def usual_iterations(tx: DispatchStore, day: date, least: int) -> int:
    """How long to search when nobody says: ``least``, and longer for a day of many orders."""
    orders = sum((await tx.orders.count_by_state(day)).values())
    return min(ITERATIONS_MAX, iterations_for(orders, least))


async def request_plan(
    tx: DispatchStore,
    day: date,
    *,
    actor: Actor,
    clock: Clock,
    ids: Ids,
    iterations: int | None = None,
    seed: int | None = None,
    balance: WorkBalance = WorkBalance.NONE,
) -> PlanRecord:
    """Keeps a plan to be made; whoever runs it calls ``start_plan`` and then ``keep_plan``.

    Raises:
        PlanRequestError: A number is out of range.
    """
    actor.require(Permission.PLAN)
    wanted = PLAN_ITERATIONS if iterations is None else iterations
    drawn = SEED_DEFAULT if seed is None else seed
    if not 0 <= wanted <= ITERATIONS_MAX or drawn < 0:
        raise PlanRequestError
    plan = PlanRecord(
        id=ids.next(),
        date=day,
        state=PlanState.QUEUED,
        seed=drawn,
        iterations=wanted,
        requested_at=clock.now(),
        requested_by=actor.id,
        balance=balance,
    )
    await tx.plans.add(plan)
    return plan


async def gather_day(
    tx: DispatchStore,
    day: date,
    *,
    now: datetime,
    zone: str = SANTIAGO,
    balance: WorkBalance = WorkBalance.NONE,
) -> DayInputs:
    """What there is to plan on ``day``: orders due, and shifts whose van and driver are free.

    A shift that has begun goes on from ``now``, once the van can be loaded.
    """
    due = sort_out(await tx.orders.list_due(day))
    routes = [route for route in await tx.routes.list_of(day) if route.state not in OVER]
    busy = {taken for route in routes for taken in (route.vehicle_id, route.driver_id)}
    service_day = ServiceDay(day, zone)
    depots = {depot.id: depot for depot in await tx.fleet.list_depots()}
    shifts = [
        within_hours(shift, depots[shift.depot_id], service_day)
        for shift in await tx.fleet.list_shifts(day)
    ]
    return DayInputs(
        day=service_day,
        orders=due.plannable,
        shifts=tuple(
            left
            for shift in shifts
            if shift.vehicle_id not in busy and shift.driver_id not in busy
            for left in rest_of(shift, now)
        ),
        vehicles=tuple(await tx.fleet.list_vehicles()),
        depots=tuple(depots.values()),
        drivers=tuple(await tx.fleet.list_drivers()),
        workday=whole_day(day, zone),
        places=await merchant_places(
            tx,
            {
                order.merchant_id
                for order in due.plannable
                if order.leg.kind is not LegKind.DELIVERY
            },
        ),
        left_for_review=tuple(order.id for order in due.left_for_review),
        balance=balance,
    )


def within_hours(shift: Shift, depot: Depot, day: ServiceDay) -> Shift:
    """The part of a shift in which its depot is open; it may be none, which is no route."""
    start, end = shift.start, shift.end
    if depot.opens is not None:
        start = max(start, day.at(depot.opens))
    if depot.closes is not None:
        end = min(end, day.at(depot.closes))
    return replace(shift, start=start, end=end)


def rest_of(shift: Shift, now: datetime) -> tuple[Shift, ...]:
    """What is left of a shift; nothing when it is too little to load and drive."""
    start = max(shift.start, now + LOADING)
    if shift.end - start < SHIFT_MIN:
        return ()
    return (replace(shift, start=start),)


async def merchant_places(tx: DispatchStore, merchant_ids: set[UUID]) -> dict[UUID, Position]:
    """Where those merchants are, as far as it is known."""
    places = {}
    for merchant_id in sorted(merchant_ids):
        merchant = await tx.access.get_merchant(merchant_id)
        if merchant.position is not None:
            places[merchant_id] = merchant.position
    return places


async def start_plan(
    tx: DispatchStore, plan_id: UUID, inputs: DayInputs, *, actor: Actor, clock: Clock
) -> PlanRecord:
    """The search begins."""
    plan = replace(await tx.plans.get(plan_id), state=PlanState.RUNNING)
    await tx.plans.save(plan)
    data: dict[str, object] = {
        "date": plan.date.isoformat(),
        "orders": len(inputs.orders),
        "vehicles": len(inputs.shifts),
    }
    await _record(tx, plan, "plan.started", data, actor=actor, clock=clock)
    return plan


async def keep_plan(
    tx: DispatchStore,
    plan_id: UUID,
    inputs: DayInputs,
    made: DayPlan,
    *,
    actor: Actor,
    clock: Clock,
) -> PlanRecord:
    """The search is over: the plan is ready to be looked at and published."""
    kept = await tx.plans.get(plan_id)
    plan = kept.finished(made, inputs.left_for_review)
    await tx.plans.save(plan)
    data: dict[str, object] = {
        "routes": len(plan.routes),
        "unserved": len(plan.unserved),
        "cost_clp": plan.cost_clp,
    }
    await _record(tx, plan, "plan.finished", data, actor=actor, clock=clock)
    return plan


async def fail_plan(
    tx: DispatchStore, plan_id: UUID, sentence: str, *, actor: Actor, clock: Clock
) -> PlanRecord:
    """The plan could not be made, and says why in a planner's words."""
    plan = replace(await tx.plans.get(plan_id), state=PlanState.FAILED, failure=sentence)
    await tx.plans.save(plan)
    await _record(tx, plan, "plan.failed", {"cause": sentence}, actor=actor, clock=clock)
    return plan


async def _record(
    tx: DispatchStore,
    plan: PlanRecord,
    event_type: str,
    data: dict[str, object],
    *,
    actor: Actor,
    clock: Clock,
) -> None:
    now = clock.now()
    await tx.events.record(
        Event(
            id=derived_id(plan.id, event_type),
            type=event_type,
            subject_kind="plan",
            subject_id=plan.id,
            occurred_at=now,
            recorded_at=now,
            actor=actor,
            data=data,
        )
    )
