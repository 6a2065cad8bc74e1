"""Work that does not belong in a request: plans in another process, and what time brings about."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import structlog

from promesa.dispatch import plan_desk
from promesa.domain.actor import Actor
from promesa.kernel.clock import stopwatch_s
from promesa.kernel.errors import PromesaError
from promesa.planning.day_plan import DayPlan, plan_day
from promesa.planning.inputs import DayInputs
from promesa.planning.repository import PlanRecord
from promesa.roads.city import City
from promesa.roads.network import RoadNetwork
from promesa.roads.overlay import LiveOverlay, LiveSpeed
from promesa.routing.budget import Budget
from promesa.routing.engine.warm import warm
from promesa.runtime.access import system_actor
from promesa.runtime.background import finished

if TYPE_CHECKING:
    from promesa.runtime.platform import Platform

_log = structlog.get_logger(__name__)
PLANNER_FELL = "El planificador se detuvo. Vuelve a planificar; si se repite, avisa a soporte."
# The worker process loads the city once; its memory is its own.
_worker_roads: list[RoadNetwork] = []


def make_executor(city_directory: str) -> Executor:
    """A process of its own for plans; it loads the city when it is first asked."""
    return ProcessPoolExecutor(
        max_workers=1,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=load_city_in_worker,
        initargs=(city_directory,),
    )


def load_city_in_worker(city_directory: str) -> None:
    """Initializer of the worker process: matrices and searches hold the interpreter there."""
    _worker_roads.append(City.load(Path(city_directory)).network)
    warm()


def warm_up(executor: Executor) -> None:
    """Has the worker start and load the city now, beside whatever comes before the first plan."""
    executor.submit(_count_cities)


def _count_cities() -> int:
    """The least a worker can do; by then its initializer has run."""
    return len(_worker_roads)


def plan_in_worker(
    inputs: DayInputs, iterations: int, seed: int, live: tuple[LiveSpeed, ...] = ()
) -> DayPlan:
    """Makes a plan in the worker process, on the streets as they are known to be."""
    roads = _worker_roads[0].with_live(LiveOverlay(live))
    return plan_day(inputs, roads, limit=Budget(iterations=iterations), seed=seed)


async def make_plan(platform: Platform, plan_id: UUID, actor: Actor) -> PlanRecord:
    """Gathers the day, searches in the worker, and keeps what was found or why not.

    Whatever goes wrong ends the plan: one that stayed queued would fall again at each start.
    """
    task = await finished(_make_plan(platform, plan_id, actor))
    fault = task.exception()
    if fault is None:
        return task.result()
    if not isinstance(fault, PromesaError):
        _log.error("plan_fell", plan_id=str(plan_id), exc_info=fault)
    if isinstance(fault, BrokenExecutor):
        platform.executor = make_executor(platform.city_directory)
    sentence = fault.sentence if isinstance(fault, PromesaError) else PLANNER_FELL
    async with platform.transaction(actor.tenant_id) as tx:
        return await plan_desk.fail_plan(tx, plan_id, sentence, actor=actor, clock=platform.clock)


async def _make_plan(platform: Platform, plan_id: UUID, actor: Actor) -> PlanRecord:
    tenant_id, clock = actor.tenant_id, platform.clock
    async with platform.transaction(tenant_id) as tx:
        plan = await tx.plans.get(plan_id)
        inputs = await plan_desk.gather_day(tx, plan.date, now=clock.now(), balance=plan.balance)
        await plan_desk.start_plan(tx, plan_id, inputs, actor=actor, clock=clock)
    started_s = stopwatch_s()
    live = platform.traffic.of(tenant_id).roads.live.speeds
    made = await _in_worker(platform.executor, inputs, plan, live)
    platform.metrics.plan_duration.observe(stopwatch_s() - started_s)
    async with platform.transaction(tenant_id) as tx:
        return await plan_desk.keep_plan(tx, plan_id, inputs, made, actor=actor, clock=clock)


async def resume_plans(platform: Platform) -> None:
    """Takes up plans that a stop of the server left unfinished; their seed makes them the same."""
    for tenant in await platform.directory.list_tenants():
        async with platform.transaction(tenant.id) as tx:
            unfinished = await tx.plans.list_unfinished()
        for plan in unfinished:
            platform.spawn(make_plan(platform, plan.id, system_actor(tenant.id)))


async def _in_worker(
    executor: Executor, inputs: DayInputs, plan: PlanRecord, live: tuple[LiveSpeed, ...]
) -> DayPlan:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(
        executor, plan_in_worker, inputs, plan.iterations, plan.seed, live
    )
