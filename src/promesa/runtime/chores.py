"""What time brings about: a delay is told before it is asked for, old answers are forgotten.

Chores run by themselves while the platform serves; a simulation calls ``do_chores`` by hand.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import structlog

from promesa.dispatch.delays import Delay, taken_back, tell_back_on_time, tell_delay
from promesa.domain.promise import PromiseRisk
from promesa.domain.stop import StopState
from promesa.kernel.clock import pause_s
from promesa.kernel.errors import PromesaError
from promesa.kernel.serviceday import ServiceDay
from promesa.notify.delay import expected_window, is_worth_telling
from promesa.promising.alarm import AlarmState
from promesa.promising.reserving import release_expired
from promesa.runtime.access import system_actor
from promesa.runtime.background import finished
from promesa.runtime.demand_calendar import calendar_of_the_year
from promesa.runtime.fleet_watch import FleetWatch, WatchedRoute
from promesa.runtime.forecasting import forecast_of_the_day
from promesa.runtime.live import fact_topic, plain_frame
from promesa.runtime.promise_alarms import change_of
from promesa.runtime.reacting import count_parked
from promesa.runtime.warming import warm_boards
from promesa.tracking.risk import window_risk

if TYPE_CHECKING:
    from promesa.runtime.platform import Platform

# Estimates move slowly; a person is told within half a minute of our knowing.
CHORES_GAP_S = 10.0
# The rest of a long shift; the network keeps the metrics of 16 hours.
HOURS_WARM = 12
# Stripe keeps idempotency keys at least 24 h; a retry after a weekend is a new request.
ANSWERS_KEPT_FOR = timedelta(hours=48)

_log = structlog.get_logger(__name__)


async def run_chores(platform: Platform) -> None:
    """Does the chores of every tenant, again and again."""
    while True:
        try:
            await warm_roads(platform)
            await chores_of_all(platform)
            platform.metrics.parked.set(await count_parked(platform.database))
            show_alarms(platform)
        except PromesaError as error:
            _log.warning("chores_wait", code=error.code)
        await pause_s(CHORES_GAP_S)


async def chores_of_all(platform: Platform) -> None:
    """Does the chores of every tenant once; what goes wrong in one's is logged, others go on."""
    for tenant in await platform.directory.list_tenants():
        task = await finished(_chores_of(platform, tenant.id))
        fault = task.exception()
        if isinstance(fault, PromesaError):
            _log.warning("chores_wait", tenant_id=str(tenant.id), code=fault.code)
        elif fault is not None:
            _log.error("chores_fell", tenant_id=str(tenant.id), exc_info=fault)


async def _chores_of(platform: Platform, tenant_id: UUID) -> None:
    await (await platform.ready_watch(tenant_id)).refresh()
    await do_chores(platform, tenant_id)
    await calendar_of_the_year(platform, tenant_id)
    await forecast_of_the_day(platform, tenant_id)
    await tell_alarm(platform, tenant_id)
    # Beside the others: a delay is not told later because streets are measured.
    platform.spawn(warm_boards(platform, tenant_id))


async def tell_alarm(platform: Platform, tenant_id: UUID) -> bool:
    """Records that the alarm of promises began or ended; looks once an hour. Whether it did."""
    alarms, now = platform.promise_alarms, platform.clock.now()
    if alarms.is_done(tenant_id, now):
        return False
    async with platform.transaction(tenant_id) as tx:
        look = await alarms.look(tx, now)
        if not look.is_to_tell:
            return False
        change = change_of(look, tenant_id, now)
        is_new = await tx.events.record(change)
    alarms.note_told(tenant_id, change)
    return is_new


def show_alarms(platform: Platform) -> None:
    """Counts in the metrics the operators whose promises drift, either way."""
    for state in AlarmState:
        if state.is_ringing:
            drifting = platform.promise_alarms.count(state)
            platform.metrics.drifting.labels(state.value).set(drifting)


async def warm_roads(platform: Platform) -> None:
    """Makes ready the hours that estimates will ask for, in a thread: each takes 0.1 s once.

    Those of the city's streets, anew after a night's learning; the streets of an operator with
    tolls or zones of its own are made ready when an estimate first asks.
    """
    now = platform.clock.now()
    for hour in range(HOURS_WARM):
        await asyncio.to_thread(platform.travel.slowness, now + timedelta(hours=hour))


async def do_chores(platform: Platform, tenant_id: UUID) -> int:
    """Tells delays that became certain, and those that are over; returns how many of both."""
    watch = await platform.ready_watch(tenant_id)
    now, actor, told = platform.clock.now(), system_actor(tenant_id), 0
    for watched in watch.routes():
        for delay in _delays(watch, watched):
            async with platform.transaction(tenant_id) as tx:
                promise = await tell_delay(tx, delay, actor=actor, now=now)
            told += promise is not None
        day = ServiceDay(watched.route.date)
        for order_id in _back_on_time(watch, watched, day, now):
            async with platform.transaction(tenant_id) as tx:
                promise = await tell_back_on_time(
                    tx, order_id, watched.route.id, day=day, actor=actor, now=now
                )
            told += promise is not None
    await keep_estimates(platform, watch)
    await give_back_places(platform, tenant_id)
    await forget_answers(platform, tenant_id)
    platform.hub.publish(fact_topic(tenant_id), plain_frame("day", {}))
    return told


async def keep_estimates(platform: Platform, watch: FleetWatch) -> None:
    """Keeps what is said of arrivals at a horizon, also of vans that report no position."""
    watch.snapshot()
    due = watch.due_estimates()
    if due:
        async with platform.database.transaction(watch.tenant_id) as tx:
            await tx.estimates.add(due)
        watch.note_kept(due)


async def give_back_places(platform: Platform, tenant_id: UUID) -> int:
    """Releases the places of accepted quotes whose order never came; returns how many."""
    async with platform.transaction(tenant_id) as tx:
        actor = system_actor(tenant_id)
        return await release_expired(tx, now=platform.clock.now(), actor=actor)


async def forget_answers(platform: Platform, tenant_id: UUID) -> int:
    """Forgets what was answered to repeated requests long ago; returns how many answers."""
    async with platform.database.transaction(tenant_id) as tx:
        return await tx.answers.remove_before(platform.clock.now() - ANSWERS_KEPT_FOR)


def _delays(watch: FleetWatch, watched: WatchedRoute) -> Iterator[Delay]:
    """Stops of a van on the road whose newest promise will not be kept."""
    # By the window told last, not the one that counts: nobody is told the same delay twice.
    seen = watch.snapshot().find_route(watched.route.id)
    if seen is None or not seen.is_under_way:
        return
    for planned in watched.planned:
        arrival = seen.find_arrival(planned.stop_id)
        promise = watched.promises.get(planned.order_id)
        is_late = seen.risks.get(planned.stop_id) is PromiseRisk.LATE
        if arrival is None or promise is None or not is_late:
            continue
        window = expected_window(arrival.p10, arrival.p90)
        if is_worth_telling(promise.window, window):
            yield Delay(
                order_id=planned.order_id,
                route_id=watched.route.id,
                window=window,
                is_broken_down=watched.route.is_broken_down or planned.transfer is not None,
            )


def _back_on_time(
    watch: FleetWatch, watched: WatchedRoute, day: ServiceDay, now: datetime
) -> Iterator[UUID]:
    """Orders told a delay that will be there, nine times in ten, as promised before.

    Only of a van that drives: a spare one that has still to leave may not.
    """
    seen = watch.picture(watched.route.id)
    if seen is None or not seen.is_under_way or seen.is_broken_down:
        return
    for planned in watched.planned:
        stop, arrival = watched.stops[planned.stop_id], seen.find_arrival(planned.stop_id)
        window = taken_back(watched.told.get(planned.order_id, []), day)
        if arrival is None or window is None or stop.state is StopState.ARRIVED:
            continue
        risk = window_risk(window, arrival, arrived_at=None, now=now)
        if risk is PromiseRisk.ON_TIME:
            yield planned.order_id
