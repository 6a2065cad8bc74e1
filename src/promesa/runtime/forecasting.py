"""Forecasts made beside requests: each morning, and whenever what they rest on is changed.

Each is made in a process of its own, which ends with it: a server that forecasts once a day need
not keep the forests in memory.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime, timedelta
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
from promesa.runtime.forecast_states import FORECAST_RESTS_ON, Forecasting
from promesa.runtime.one_thread import limit_threads
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.slips import Slip, fault_sentence, slip_torn_up
from promesa.runtime.who_serves import who_serves

# By its name, since who only serves must not load the forests.
WORKER = "promesa.runtime.forecast_worker"
SEED = 1
# One that fell is tried a few times a day: what made it fall may pass, and each takes minutes.
AGAIN_AFTER = timedelta(hours=4)
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
    """Asks for a forecast where the newest is not of the day, or what it rests on changed since.

    Called again and again, it looks once a service day, and after a while where one fell. What
    changed is read from the log: who was asked for a forecast may have ended before it was kept.
    """
    state, now = platform.forecastings.of(tenant_id), platform.clock.now()
    if not _is_to_look(state, now):
        return
    async with platform.transaction(tenant_id) as tx:
        newest = await platform.newest_outlooks.find(tx)
        is_due = newest is None or newest.origin < today(platform) - timedelta(days=1)
        if newest is not None and not is_due:
            changes = await tx.events.list_between(newest.made_at, now, types=FORECAST_RESTS_ON)
            is_due = bool(changes)
    state.looked_at = now
    if is_due:
        ask_forecast(platform, tenant_id)


def _is_to_look(state: Forecasting, now: datetime) -> bool:
    if state.slip is not None:
        return False
    looked = state.looked_at
    if looked is None or ServiceDay.of(looked).date != ServiceDay.of(now).date:
        return True
    return state.failure is not None and now - looked >= AGAIN_AFTER


async def _make(platform: Platform, tenant_id: UUID, state: Forecasting) -> None:
    assert state.slip is not None
    with slip_torn_up(state):
        while True:
            state.is_asked, state.looked_at = False, platform.clock.now()
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
    # Before anything is read: what changes from here on is not in it.
    now = platform.clock.now()
    async with platform.transaction(tenant_id) as tx:
        serve = partial(who_serves, platform, tenant_id)
        inputs = await gather_outlook(tx, today=today(platform), serve=serve)
    days = {day for counts in inputs.counts.values() for day in counts}
    if len(days) < HISTORY_DAYS_MIN:
        raise HistoryTooShortError(days=len(days))
    made = await _in_process(inputs, slip)
    async with platform.transaction(tenant_id) as tx:
        record_id = platform.ids.next()
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
