"""Work that does not belong in a request: plans in another process, and what time brings about."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Mapping
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID

import structlog

from promesa.dispatch import plan_desk
from promesa.domain.actor import Actor
from promesa.domain.fleet import VehicleKind
from promesa.kernel.clock import stopwatch_s
from promesa.kernel.errors import PromesaError
from promesa.planning.day_plan import DayPlan, plan_day
from promesa.planning.inputs import DayInputs
from promesa.planning.repository import PlanRecord
from promesa.planning.road_tables import contents_of
from promesa.roads.charge_tables import charge_contents, parse_charges
from promesa.roads.city import City, ensure_built
from promesa.roads.network import RoadNetwork
from promesa.roads.overlay import LiveOverlay, LiveSpeed
from promesa.routing.budget import Budget
from promesa.routing.engine.warm import warm
from promesa.runtime.access import system_actor
from promesa.runtime.background import finished

if TYPE_CHECKING:
    from promesa.runtime.platform import Platform

_log = structlog.get_logger(__name__)
NO_TABLES: Mapping[str, bytes] = MappingProxyType({})
PLANNER_FELL = "El planificador se detuvo. Vuelve a planificar; si se repite, avisa a soporte."
# The worker process loads the city once; its memory is its own.
_worker_roads: list[RoadNetwork] = []
# The folder it was loaded from, and the roads under the tolls and zones asked for last.
_worker_folders: list[Path] = []
_worker_charged: dict[frozenset[tuple[str, bytes]], RoadNetwork] = {}


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
    _worker_folders.append(ensure_built(Path(city_directory)))
    warm()


def warm_up(executor: Executor) -> None:
    """Has the worker start and load the city now, beside whatever comes before the first plan."""
    executor.submit(_count_cities)


def _count_cities() -> int:
    """The least a worker can do; by then its initializer has run."""
    return len(_worker_roads)


def plan_in_worker(
    inputs: DayInputs,
    iterations: int,
    seed: int,
    live: tuple[LiveSpeed, ...] = (),
    tables: Mapping[str, bytes] = NO_TABLES,
) -> DayPlan:
    """Makes a plan in the worker process, on the streets as they are known to be.

    ``tables`` are the operator's own tolls and zones, by the names of their files.
    """
    roads = _roads_for(inputs, tables).with_live(LiveOverlay(live))
    return plan_day(inputs, roads, limit=Budget(iterations=iterations), seed=seed)


def _roads_for(inputs: DayInputs, tables: Mapping[str, bytes]) -> RoadNetwork:
    """The streets of whoever drives that day, under the tables; kept for the next plan."""
    working = {shift.vehicle_id for shift in inputs.shifts}
    kinds = {vehicle.kind for vehicle in inputs.vehicles if vehicle.id in working}
    if kinds == {VehicleKind.BICYCLE}:
        return RoadNetwork.load_bicycles(_worker_folders[0])
    if not tables:
        return _worker_roads[0]
    key = frozenset(tables.items())
    if key not in _worker_charged:
        contents = charge_contents(_worker_folders[0]) | dict(tables)
        _worker_charged.clear()
        _worker_charged[key] = _worker_roads[0].with_charges(parse_charges(contents))
    return _worker_charged[key]


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
        tables = contents_of(await tx.road_tables.list())
        await plan_desk.start_plan(tx, plan_id, inputs, actor=actor, clock=clock)
    started_s = stopwatch_s()
    live = platform.traffic.of(tenant_id).roads.live.speeds
    made = await _in_worker(platform.executor, plan, inputs, live, tables)
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
    executor: Executor,
    plan: PlanRecord,
    inputs: DayInputs,
    live: tuple[LiveSpeed, ...],
    tables: Mapping[str, bytes],
) -> DayPlan:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(
        executor, plan_in_worker, inputs, plan.iterations, plan.seed, live, tables
    )
