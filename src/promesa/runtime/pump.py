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
from typing import NamedTuple
from uuid import UUID

import structlog

from promesa.domain.events import Event
from promesa.kernel.errors import PromesaError
from promesa.runtime.background import keep_running
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


class _Page(NamedTuple):
    """Events reacted to, and the number of the one before them."""

    after: int
    events: list[Event]


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
        # Whether the last round read every log to its end.
        self._is_at_end = False
        self._woken = asyncio.Event()
        self._turn = asyncio.Lock()
        # A channel that answers slowly holds up other sending, and nothing else.
        self._sending = asyncio.Lock()
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
        self._task = asyncio.create_task(keep_running("pump", self._run))

    async def stop(self) -> None:
        """Ends after the round it is in."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def catch_up(self) -> None:
        """Runs until nothing is left to number, react to or tell; waits for no channel."""
        async with self._turn:
            while await self._round():
                pass

    async def settle(self) -> None:
        """Catches up, and sends, until nothing is left to do now."""
        async with self._sending:
            self._woken.clear()
            self._is_at_end = False
            await self.catch_up()
            while await self._send_due():
                await self.catch_up()

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
        if self._is_at_end and not done:
            return 0
        self._is_at_end = True
        for tenant in await self._database.directory.list_tenants():
            if tenant.id not in self._told:
                await self._begin(tenant.id, from_start=True)
            page = await self._react_to_page(tenant.id)
            if page.events:
                # What a reaction made is numbered before what is made of it: a message is
                # queued before it is sent, in the log as well.
                done += await self._database.number_events()
            done += len(page.events) + await self._tell_page(tenant.id, page)
        return done

    async def _send_due(self) -> int:
        tenants = await self._database.directory.list_tenants()
        return sum([await self._send(tenant.id) for tenant in tenants])

    async def _begin(self, tenant_id: UUID, *, from_start: bool = False) -> None:
        if from_start:
            self._told[tenant_id] = 0
            return
        async with self._database.transaction(tenant_id) as tx:
            self._told[tenant_id] = await tx.cursors.last_number()

    async def _react_to_page(self, tenant_id: UUID) -> _Page:
        async with self._database.transaction(tenant_id) as tx:
            position = await tx.cursors.position(REACTIONS_READER)
            events = await tx.events.list_after(position, limit=EVENTS_PER_TRANSACTION)
            for event in events:
                await self._react(tx, event)
            if events:
                await tx.cursors.advance(REACTIONS_READER, events[-1].number or position)
        self._note_end(events)
        return _Page(position, events)

    async def _tell_page(self, tenant_id: UUID, page: _Page) -> int:
        """Tells what was just reacted to, or, where another process reacted, what it reads."""
        events = page.events
        if self._told[tenant_id] != page.after:
            async with self._database.transaction(tenant_id) as tx:
                events = await tx.events.list_after(
                    self._told[tenant_id], limit=EVENTS_PER_TRANSACTION
                )
            self._note_end(events)
        if events:
            self._told[tenant_id] = events[-1].number or self._told[tenant_id]
            await self._tell(tenant_id, events)
        return len(events)

    def _note_end(self, events: list[Event]) -> None:
        self._is_at_end = self._is_at_end and len(events) < EVENTS_PER_TRANSACTION
