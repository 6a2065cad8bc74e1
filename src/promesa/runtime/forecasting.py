"""Forecasts made beside requests: each morning, and whenever what they rest on is changed.

Each is made in a process of its own, which ends with it: a server that forecasts once a day need
not keep the forests in memory.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import partial
from importlib import import_module
from typing import Any
from uuid import UUID

from promesa.dispatch.forecast_desk import gather_outlook, keep_outlook
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.forecast.forecast import HISTORY_DAYS_MIN, HistoryTooShortError
from promesa.planning.forecast.outlook import Outlook, OutlookInputs
from promesa.runtime.access import system_actor
from promesa.runtime.background import finished
from promesa.runtime.forecast_states import Forecasting
from promesa.runtime.one_thread import limit_threads
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.slips import Slip, fault_sentence, slip_torn_up
from promesa.runtime.who_serves import who_serves

# By its name, since who only serves must not load the forests.
WORKER = "promesa.runtime.forecast_worker"
SEED = 1
FORECAST_FELL = "El pronóstico se detuvo. Vuelve a pedirlo; si se repite, avisa a soporte."


def today(platform: Platform) -> date:
    """The service day that is under way."""
    return ServiceDay.of(platform.clock.now()).date


def ask_forecast(platform: Platform, tenant_id: UUID) -> None:
    """Has a forecast made; one that is being made is followed by another."""
    state = platform.forecastings.of(tenant_id)
    if state.slip is not None:
        state.is_asked = True
        return
    state.slip = Slip.made()
    platform.spawn(_make(platform, tenant_id, state))


async def forecast_of_the_day(platform: Platform, tenant_id: UUID) -> None:
    """Asks for a forecast once a service day, also over restarts; called again and again."""
    state, day = platform.forecastings.of(tenant_id), today(platform)
    if state.tried_on == day:
        return
    state.tried_on = day
    async with platform.transaction(tenant_id) as tx:
        newest = await platform.newest_outlooks.find(tx)
    if newest is None or newest.origin < day - timedelta(days=1):
        ask_forecast(platform, tenant_id)


async def _make(platform: Platform, tenant_id: UUID, state: Forecasting) -> None:
    assert state.slip is not None
    with slip_torn_up(state):
        while True:
            state.is_asked, state.tried_on = False, today(platform)
            task = await finished(_make_one(platform, tenant_id, state.slip))
            fault = task.exception()
            state.failure = (
                None
                if fault is None
                else fault_sentence(fault, event="forecast_fell", fell=FORECAST_FELL)
            )
            if not state.is_asked:
                return


async def _make_one(platform: Platform, tenant_id: UUID, slip: Slip) -> None:
    async with platform.transaction(tenant_id) as tx:
        serve = partial(who_serves, platform, tenant_id)
        inputs = await gather_outlook(tx, today=today(platform), serve=serve)
    days = {day for counts in inputs.counts.values() for day in counts}
    if len(days) < HISTORY_DAYS_MIN:
        raise HistoryTooShortError(days=len(days))
    made = await _in_process(inputs, slip)
    async with platform.transaction(tenant_id) as tx:
        now, record_id = platform.clock.now(), platform.ids.next()
        await keep_outlook(tx, made, record_id=record_id, now=now)
        await platform.record(
            tx,
            Caller(actor=system_actor(tenant_id)),
            "demand.forecast_made",
            subject=("demand_forecast", record_id),
            data={"origin": made.origin.isoformat()},
        )


async def _in_process(inputs: OutlookInputs, slip: Slip) -> Outlook:
    executor = ProcessPoolExecutor(
        max_workers=1,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=limit_threads,
    )
    try:
        loop = asyncio.get_running_loop()
        made: Outlook = await loop.run_in_executor(executor, in_worker, inputs, SEED, slip)
        return made
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def in_worker(*arguments: Any) -> Any:
    """What the worker's module answers; the forests are loaded with it."""
    return import_module(WORKER).look_ahead(*arguments)
