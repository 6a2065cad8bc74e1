"""Rehearsals run beside requests, each in a process of its own that ends with it."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from promesa.dispatch.capacity_desk import list_driven
from promesa.dispatch.rehearsal_desk import gather_rehearsal, keep_rehearsal
from promesa.kernel.errors import ConflictError, UnavailableError
from promesa.planning.capacity.scenarios import Scenarios
from promesa.promising.rehearsal.case import RehearsalCase
from promesa.promising.rehearsal.making import Asked, make_rehearsal, require_asked
from promesa.promising.rehearsal.of_board import RehearsalInputs, order_scenarios, surroundings
from promesa.promising.rehearsal.outcome import Rehearsal
from promesa.promising.rehearsal.repository import RehearsalRecord
from promesa.promising.rehearsal.run import RehearsalStoppedError
from promesa.runtime.background import finished
from promesa.runtime.forecasting import today
from promesa.runtime.one_thread import limit_threads
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.rehearsal_states import Rehearsing
from promesa.runtime.rehearsal_worker import run_rehearsal
from promesa.runtime.slips import Slip, fault_sentence, slip_torn_up

REHEARSAL_FELL = "El ensayo se detuvo. Vuelve a pedirlo; si se repite, avisa a soporte."


class NothingToRehearseError(ConflictError):
    """There is no forecast, or no fleet to drive it with."""

    code: ClassVar[str] = "rehearsal_without_board"
    message: ClassVar[str] = (
        "Todavía no hay qué ensayar: hacen falta un pronóstico, un CD y vehículos."
    )


class RehearsalRunningError(ConflictError):
    """One is being run already."""

    code: ClassVar[str] = "rehearsal_running"
    message: ClassVar[str] = "Ya hay un ensayo en marcha. Espera a que termine, o cancélalo."


class RehearsalsFullError(UnavailableError):
    """As many of other operators run as the machine bears."""

    code: ClassVar[str] = "rehearsals_full"
    message: ClassVar[str] = (
        "Hay otros ensayos en marcha en este servidor. Espera unos minutos y vuelve a pedirlo."
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Foreseen:
    """The days there are to rehearse."""

    outlook_id: UUID
    inputs: RehearsalInputs
    orders: Scenarios

    def name_of(self, first: date, last: date) -> str:
        """The first event of those days; empty without one."""
        named = zip(self.orders.days, self.orders.events, strict=True)
        return next((name for day, name in named if name and first <= day <= last), "")


async def foresee(platform: Platform, tenant_id: UUID) -> Foreseen | None:
    """What can be rehearsed; None without a forecast or a fleet."""
    async with platform.transaction(tenant_id) as tx:
        record = await platform.newest_outlooks.find(tx)
        if record is None:
            return None
        now, day, boards = platform.clock.now(), today(platform), platform.capacity_boards
        driven = await boards.driven(tenant_id, day, lambda: list_driven(tx, today=day))
        inputs = await gather_rehearsal(tx, record, today=day, now=now, driven=driven)
    made = await platform.capacity_boards.case(tenant_id, inputs.board, platform.city)
    if made.case is None:
        return None
    orders = await asyncio.to_thread(order_scenarios, inputs.board, made)
    return Foreseen(outlook_id=record.id, inputs=inputs, orders=orders)


async def ask_rehearsal(platform: Platform, caller: Caller, asked: Asked) -> None:
    """Begins one, unless another runs.

    Raises:
        RehearsalRunningError: Another does.
        RehearsalsFullError: Too many of other operators do.
        NothingToRehearseError: There is no forecast or no fleet.
        RehearsalInvalidError: It cannot be as asked.
    """
    state = platform.rehearsings.of(caller.tenant_id)
    _require_free(platform, state)
    foreseen = await _rehearsable(platform, caller, asked)
    # Another may have been asked for while the forecast was read.
    _require_free(platform, state)
    state.slip, state.failure = Slip.made(), None
    state.asked = asked
    state.name = foreseen.name_of(asked.first, asked.last)
    platform.spawn(_run(platform, caller, asked, foreseen, state))


def _require_free(platform: Platform, state: Rehearsing) -> None:
    if state.slip is not None:
        raise RehearsalRunningError
    if platform.rehearsings.are_full:
        raise RehearsalsFullError


async def _rehearsable(platform: Platform, caller: Caller, asked: Asked) -> Foreseen:
    foreseen = await foresee(platform, caller.tenant_id)
    if foreseen is None:
        raise NothingToRehearseError
    require_asked(asked, foreseen.orders)
    return foreseen


def cancel_rehearsal(platform: Platform, tenant_id: UUID) -> None:
    """Ends the one that runs; without one nothing happens."""
    state = platform.rehearsings.of(tenant_id)
    if state.slip is not None:
        state.slip.tear_up()


async def remove_rehearsal(platform: Platform, caller: Caller, rehearsal_id: UUID) -> bool:
    """Deletes one that was kept; whether there was one of that id."""
    async with platform.transaction(caller.tenant_id) as tx:
        if not await tx.rehearsals.remove(rehearsal_id):
            return False
        subject = ("rehearsal", rehearsal_id)
        await platform.record(tx, caller, "capacity.rehearsal_removed", subject=subject)
    state = platform.rehearsings.of(caller.tenant_id)
    if state.newest == rehearsal_id:
        state.newest = None
    return True


async def _run(
    platform: Platform, caller: Caller, asked: Asked, foreseen: Foreseen, state: Rehearsing
) -> None:
    assert state.slip is not None, "it was asked for"
    with slip_torn_up(state):
        task = await finished(_run_one(platform, caller, asked, foreseen, state))
        fault = None if task.cancelled() else task.exception()
        # Who cancelled knows why nothing came of it.
        if fault is not None and not isinstance(fault, RehearsalStoppedError):
            state.failure = fault_sentence(fault, event="rehearsal_fell", fell=REHEARSAL_FELL)


async def _run_one(
    platform: Platform, caller: Caller, asked: Asked, foreseen: Foreseen, state: Rehearsing
) -> None:
    assert state.slip is not None, "it was asked for"
    board = foreseen.inputs.board
    made = await platform.capacity_boards.case(caller.tenant_id, board, platform.city)
    if made.case is None:
        raise NothingToRehearseError
    around = await asyncio.to_thread(surroundings, foreseen.inputs, made.case, made, platform.city)
    case = await asyncio.to_thread(make_rehearsal, asked, around)
    done = await _in_process(case, state.name, asked, state.slip)
    if not state.slip.is_wanted:
        raise RehearsalStoppedError
    record = RehearsalRecord(
        id=platform.ids.next(),
        made_at=platform.clock.now(),
        author_id=caller.actor.id,
        outlook_id=foreseen.outlook_id,
        rehearsal=done,
    )
    async with platform.transaction(caller.tenant_id) as tx:
        await keep_rehearsal(tx, record)
        await platform.record(
            tx,
            caller,
            "capacity.rehearsed",
            subject=("rehearsal", record.id),
            data={
                "first": done.first.isoformat(),
                "last": done.last.isoformat(),
                "size": done.size.value,
                "ways": len(done.results),
            },
        )
    state.newest = record.id


async def _in_process(case: RehearsalCase, name: str, asked: Asked, slip: Slip) -> Rehearsal:
    executor = ProcessPoolExecutor(
        max_workers=1,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=limit_threads,
    )
    try:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(executor, run_rehearsal, case, name, asked.size, slip)
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
