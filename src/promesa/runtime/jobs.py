"""Work that does not belong in a request: plans and new plans for the rest of a day, elsewhere."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog

from promesa.dispatch import plan_desk
from promesa.domain.actor import Actor
from promesa.domain.route import OVER
from promesa.kernel.clock import stopwatch_s
from promesa.kernel.errors import PromesaError
from promesa.planning.repository import DayPlan, PlanRecord
from promesa.planning.road_tables import contents_of
from promesa.runtime.access import system_actor
from promesa.runtime.background import finished
from promesa.runtime.searches import Search
from promesa.runtime.slips import Errand, Slip

if TYPE_CHECKING:
    from promesa.runtime.platform import Platform

_log = structlog.get_logger(__name__)
PLANNER_FELL = "El planificador se detuvo. Vuelve a planificar; si se repite, avisa a soporte."
SEARCH_FELL = "El planificador se detuvo. Busca de nuevo; si se repite, avisa a soporte."
# The module the worker process runs: by its name, since who only serves must not load the search.
WORKER = "promesa.runtime.planner_worker"


def make_executor(city_directory: str) -> Executor:
    """A process of its own for plans; it loads the city when it is first asked."""
    return ProcessPoolExecutor(
        max_workers=1,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=in_worker,
        initargs=("prepare", city_directory),
    )


def warm_up(executor: Executor) -> None:
    """Has the worker start and load the city now, beside whatever comes before the first plan."""
    executor.submit(in_worker, "count_cities")


def in_worker(function: str, *arguments: object) -> Any:
    """What a function of the worker's module answers; the search is loaded with it."""
    return getattr(import_module(WORKER), function)(*arguments)


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
    sentence = fault.sentence if isinstance(fault, PromesaError) else PLANNER_FELL
    async with platform.transaction(actor.tenant_id) as tx:
        return await plan_desk.fail_plan(tx, plan_id, sentence, actor=actor, clock=platform.clock)


async def _make_plan(platform: Platform, plan_id: UUID, actor: Actor) -> PlanRecord:
    tenant_id, clock = actor.tenant_id, platform.clock
    async with platform.transaction(tenant_id) as tx:
        plan = await tx.plans.get(plan_id)
        inputs = await plan_desk.gather_day(tx, plan.date, now=clock.now(), balance=plan.balance)
        routes = await tx.routes.list_of(plan.date)
        inputs = replace(inputs, routes_open=sum(route.state not in OVER for route in routes))
        await plan_desk.start_plan(tx, plan_id, inputs, actor=actor, clock=clock)
    started_s = stopwatch_s()
    slip = platform.plan_slips[plan_id] = Slip.made()
    try:
        with slip.shown():
            errand = await _errand(platform, tenant_id, slip)
            made: DayPlan = await _ask(platform, "plan", inputs, plan.iterations, plan.seed, errand)
    finally:
        del platform.plan_slips[plan_id]
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


async def answer(platform: Platform, search: Search, function: str, *arguments: object) -> None:
    """Has the worker answer what was asked of the day, on its streets as they are now."""
    task = await finished(_find(platform, search, function, *arguments))
    fault = None if task.cancelled() else task.exception()
    if fault is None:
        search.end(None if task.cancelled() else task.result())
        return
    if not isinstance(fault, PromesaError):
        _log.error("search_fell", function=function, exc_info=fault)
    search.end(None, fault.sentence if isinstance(fault, PromesaError) else SEARCH_FELL)


async def _find(platform: Platform, search: Search, function: str, *arguments: object) -> Any:
    errand = await _errand(platform, search.tenant_id, search.slip)
    return await _ask(platform, function, search.day, *arguments, errand)


async def _errand(platform: Platform, tenant_id: UUID, slip: Slip) -> Errand:
    """On the streets as they are now, under the operator's own tolls and zones."""
    async with platform.transaction(tenant_id) as tx:
        tables = contents_of(await tx.road_tables.list())
    live = platform.traffic.of(tenant_id).roads.live.speeds
    return Errand(slip=slip, center=platform.city.center, live=live, tables=tables)


async def _ask(platform: Platform, function: str, *arguments: object) -> Any:
    """A worker that died is followed by one other, however many had asked it."""
    loop, executor = asyncio.get_running_loop(), platform.executor
    try:
        return await loop.run_in_executor(executor, in_worker, function, *arguments)
    except BrokenExecutor:
        if platform.executor is executor:
            platform.executor = make_executor(platform.city_directory)
        raise
