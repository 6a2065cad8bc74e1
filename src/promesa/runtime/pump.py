"""What happens after a commit: events get their numbers, are reacted to, and are told.

Reactions are done in number order, each page of events in one transaction with the cursor that
says how far they came: a kill at any moment loses none and repeats none. Listeners get what the
log says, after the commit. One pump runs per process; a lock in the database keeps reactions to
one of them at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID

import structlog

from promesa.domain.events import Event
from promesa.kernel.errors import PromesaError
from promesa.runtime.repository import DatabasePort, PlatformStore

# Another process may have committed: without a wake-up we look again after this long.
LOOK_AGAIN_S = 1.0
EVENTS_PER_TRANSACTION = 200
# A database that was away comes back; until then we ask once a second.
AFTER_FAULT_S = 1.0
REACTIONS_READER = "reactions"

React = Callable[[PlatformStore, Event], Awaitable[None]]
Tell = Callable[[UUID, list[Event]], Awaitable[None]]
Send = Callable[[UUID], Awaitable[int]]

_log = structlog.get_logger(__name__)


class Pump:
    """Moves events from the log to reactions, listeners and channels.

    Args:
        react: Handles one event inside the transaction that advances the cursor.
        tell: Told of numbered events of a tenant, once per process, in order.
        send: Sends what is due of a tenant; returns how many messages it handled.
    """

    def __init__(self, database: DatabasePort, *, react: React, tell: Tell, send: Send) -> None:
        self._database = database
        self._react = react
        self._tell = tell
        self._send = send
        self._told: dict[UUID, int] = {}
        self._woken = asyncio.Event()
        self._turn = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_woken(self) -> bool:
        """Whether something was committed since the pump last looked."""
        return self._woken.is_set()

    def wake(self) -> None:
        """Says that something was committed."""
        self._woken.set()

    async def start(self) -> None:
        """Begins to run in the background; what is in the log already counts as told."""
        for tenant in await self._database.directory.list_tenants():
            await self._begin(tenant.id)
        self._task = asyncio.create_task(self._run(), name="pump")

    async def stop(self) -> None:
        """Ends after the round it is in."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def settle(self) -> None:
        """Runs until nothing is left to number, react to, tell or send now."""
        async with self._turn:
            self._woken.clear()
            while await self._round():
                pass

    async def _run(self) -> None:
        while True:
            try:
                await self.settle()
            except PromesaError as error:
                _log.warning("pump_waits", code=error.code)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), AFTER_FAULT_S)
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), LOOK_AGAIN_S)

    async def _round(self) -> int:
        """One pass over all tenants; returns how much was done."""
        done = await self._database.number_events()
        for tenant in await self._database.directory.list_tenants():
            if tenant.id not in self._told:
                await self._begin(tenant.id, from_start=True)
            reacted = await self._react_to_page(tenant.id)
            if reacted:
                # What a reaction made is numbered before what is made of it: a message is
                # queued before it is sent, in the log as well.
                reacted += await self._database.number_events()
            done += reacted
            done += await self._tell_page(tenant.id)
            done += await self._send(tenant.id)
        return done

    async def _begin(self, tenant_id: UUID, *, from_start: bool = False) -> None:
        if from_start:
            self._told[tenant_id] = 0
            return
        async with self._database.transaction(tenant_id) as tx:
            self._told[tenant_id] = await tx.cursors.last_number()

    async def _react_to_page(self, tenant_id: UUID) -> int:
        async with self._database.transaction(tenant_id) as tx:
            position = await tx.cursors.position(REACTIONS_READER)
            events = await tx.events.list_after(position, limit=EVENTS_PER_TRANSACTION)
            for event in events:
                await self._react(tx, event)
            if events:
                await tx.cursors.advance(REACTIONS_READER, events[-1].number or position)
        return len(events)

    async def _tell_page(self, tenant_id: UUID) -> int:
        async with self._database.transaction(tenant_id) as tx:
            events = await tx.events.list_after(self._told[tenant_id], limit=EVENTS_PER_TRANSACTION)
        if events:
            self._told[tenant_id] = events[-1].number or self._told[tenant_id]
            await self._tell(tenant_id, events)
        return len(events)
