"""What happens after a commit: events get their numbers, are reacted to, and are told.

Reactions are done in number order, each page of events in one transaction with the cursor that
says how far they came: a kill at any moment loses none and repeats none. Listeners get what the
log says, after the commit. One pump runs per process; a lock in the database keeps reactions to
one of them at a time. A mistake that one tenant's events bring out holds up no other tenant.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from uuid import UUID

import structlog

from promesa.domain.events import Event, LogState
from promesa.kernel.clock import Clock
from promesa.kernel.errors import PromesaError, UnavailableError
from promesa.runtime.background import finished, keep_running
from promesa.runtime.reacting import EVENTS_PER_TRANSACTION, REACTIONS_READER, Page, Reactor
from promesa.runtime.repository import DatabasePort

# Another process may have committed: without a wake-up we look again after this long.
LOOK_AGAIN_S = 1.0
# A database that was away comes back; until then we ask once a second.
AFTER_FAULT_S = 1.0

Tell = Callable[[UUID, list[Event]], Awaitable[None]]
Send = Callable[[UUID], Coroutine[None, None, int]]

_log = structlog.get_logger(__name__)


class Pump:
    """Moves events from the log to reactions, listeners and channels.

    Args:
        reactor: Does what follows from events.
        tell: Told of numbered events of a tenant, once per process, in order.
        send: Sends what is due of a tenant; returns how many messages it handled.
    """

    def __init__(
        self,
        database: DatabasePort,
        clock: Clock,
        *,
        reactor: Reactor,
        tell: Tell,
        send: Send,
    ) -> None:
        self._database = database
        self._clock = clock
        self._reactor = reactor
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
        """One pass over the tenants with something in their logs; returns how much was done."""
        done = await self._database.number_events()
        if self._is_at_end and not done:
            return 0
        self._is_at_end = True
        for log in await self._list_logs():
            told = self._told.get(log.tenant_id, 0)
            # An event that failed waits for its next try.
            is_held = self._reactor.is_held(log.tenant_id)
            if is_held or log.last_number > min(told, log.reached):
                done += await self._alone(log.tenant_id, self._round_of(log.tenant_id))
        return done

    async def _round_of(self, tenant_id: UUID) -> int:
        if tenant_id not in self._told:
            await self._begin(tenant_id, from_start=True)
        was_held = self._reactor.is_held(tenant_id)
        page = await self._reactor.react_to_page(tenant_id)
        self._note_end(page.events if page else [])
        done = 0
        if page and page.events:
            # What a reaction made is numbered before what is made of it: a message is
            # queued before it is sent, in the log as well.
            done += len(page.events) + await self._database.number_events()
        if was_held or self._reactor.is_held(tenant_id):
            self._is_at_end = False
            done += not self._reactor.is_waiting(tenant_id)
        return done + await self._tell_page(tenant_id, page)

    async def _send_due(self) -> int:
        due = [log.tenant_id for log in await self._list_logs() if log.is_message_due]
        return sum([await self._alone(tenant_id, self._send(tenant_id)) for tenant_id in due])

    async def _list_logs(self) -> list[LogState]:
        """All operators in one question: only who has something to do is visited."""
        directory = self._database.directory
        return await directory.list_logs(REACTIONS_READER, self._clock.now())

    async def _begin(self, tenant_id: UUID, *, from_start: bool = False) -> None:
        if from_start:
            self._told[tenant_id] = 0
            return
        async with self._database.transaction(tenant_id) as tx:
            self._told[tenant_id] = await tx.cursors.last_number()

    async def _tell_page(self, tenant_id: UUID, page: Page | None) -> int:
        """Tells what was just reacted to, or, where that is something else, what it reads."""
        events = page.events if page else []
        is_read = page is None or self._reactor.is_held(tenant_id)
        if is_read or (page and self._told[tenant_id] != page.after):
            async with self._database.transaction(tenant_id) as tx:
                events = await tx.events.list_after(
                    self._told[tenant_id], limit=EVENTS_PER_TRANSACTION
                )
            self._note_end(events)
        if events:
            told = self._told[tenant_id]
            self._told[tenant_id] = events[-1].number or told
            try:
                await self._tell(tenant_id, events)
            except UnavailableError:
                self._told[tenant_id] = told
                raise
        return len(events)

    async def _alone(self, tenant_id: UUID, work: Coroutine[None, None, int]) -> int:
        """Does one tenant's share; what goes wrong in it is logged, and the other tenants go on.

        Raises:
            UnavailableError: The database answers nobody.
        """
        task = await finished(work)
        fault = task.exception()
        if fault is None:
            return task.result()
        if isinstance(fault, UnavailableError):
            await self._database.ping()
        _log.error("pump_fell", tenant_id=str(tenant_id), exc_info=fault)
        return 0

    def _note_end(self, events: list[Event]) -> None:
        self._is_at_end = self._is_at_end and len(events) < EVENTS_PER_TRANSACTION
