"""Reacts to the events of one tenant after the other, each page in one transaction.

A mistake of ours in one reaction holds up its tenant for a few seconds and nobody else: it is
tried again, and when it fails each time, that reaction to that event is parked and the events
after it go on. A database that is away is no mistake: everything waits until it is back.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import structlog

import promesa
from promesa.domain.events import Event, ParkedReaction
from promesa.kernel.clock import Clock, stopwatch_s
from promesa.kernel.errors import PromesaError, UnavailableError
from promesa.runtime.background import finished
from promesa.runtime.repository import DatabasePort, PlatformStore

EVENTS_PER_TRANSACTION = 200
REACTIONS_READER = "reactions"
# Waits between the tries: two transactions in each other's way are done in a second, a server
# that restarts in ten. What fails after fifteen seconds fails for ever.
WAITS_S = (1.0, 2.0, 4.0, 8.0)
# Where nothing runs by itself, nobody would come back to try again.
NO_WAITS_S = (0.0,) * len(WAITS_S)

_OUR_CODE = str(Path(promesa.__file__).parent)

Reaction = Callable[[PlatformStore, Event], Awaitable[None]]

_log = structlog.get_logger(__name__)


class Page(NamedTuple):
    """Events reacted to, and the number of the one before them."""

    after: int
    events: list[Event]


class Retried(NamedTuple):
    """How trying the parked reactions again went."""

    done: int
    still: list[ParkedReaction]


@dataclass(slots=True)
class _Doing:
    """What a transaction was at when it fell."""

    first: Event | None = None
    event: Event | None = None
    reaction: str = ""


@dataclass(slots=True, kw_only=True)
class _Trouble:
    """An event that a tenant is held up by.

    Attributes:
        errors: Of the reactions to it that are given up.
    """

    event: Event
    reaction: str
    failures: int
    again_at_s: float
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_waiting(self) -> bool:
        return stopwatch_s() < self.again_at_s

    @property
    def number(self) -> int:
        return self.event.number or 0

    def share_of(self, events: list[Event]) -> list[Event]:
        """What can be reacted to now: those before it, else itself, alone, if it may be tried."""
        before = [event for event in events if (event.number or 0) < self.number]
        return before or ([] if self.is_waiting else events[:1])

    def is_passed_by(self, page: Page) -> bool:
        """Whether the cursor is beyond it; another process may have brought it there."""
        return page.after >= self.number or any(event.id == self.event.id for event in page.events)


class Reactor:
    """Runs the reactions, and parks those that always fail.

    Args:
        reactions: Each by the name it is parked under. One handles an event inside the
            transaction that advances the cursor, and may run again without harm.
        waits_s: Between the tries of a reaction that failed; one more try follows the last.
    """

    def __init__(
        self,
        database: DatabasePort,
        reactions: Mapping[str, Reaction],
        clock: Clock,
        *,
        waits_s: tuple[float, ...] = WAITS_S,
    ) -> None:
        self._database = database
        self._reactions = reactions
        self._clock = clock
        self._waits_s = waits_s
        self._troubles: dict[UUID, _Trouble] = {}

    def is_held(self, tenant_id: UUID) -> bool:
        """Whether an event of this tenant failed and waits to be tried again."""
        return tenant_id in self._troubles

    def is_waiting(self, tenant_id: UUID) -> bool:
        """Whether there is nothing to do for it before a wait is over."""
        trouble = self._troubles.get(tenant_id)
        return trouble is not None and trouble.is_waiting

    async def react_to_page(self, tenant_id: UUID) -> Page | None:
        """The next events, reacted to; None when none could be because of a mistake in one.

        Raises:
            UnavailableError: The database is away; nothing was done.
        """
        doing = _Doing()
        trouble = self._troubles.get(tenant_id)
        task = await finished(self._page(tenant_id, trouble, doing))
        fault = task.exception()
        if fault is None:
            page = task.result()
            if trouble is not None and trouble.is_passed_by(page):
                del self._troubles[tenant_id]
            return page
        if isinstance(fault, UnavailableError) or doing.event is None or doing.first is None:
            raise fault
        if trouble is None or doing.event.id != trouble.event.id:
            trouble = _Trouble(event=doing.event, reaction="", failures=0, again_at_s=0.0)
        self._troubles[tenant_id] = self._failed_again(trouble, doing.reaction, fault)
        # The events before it are waiting for nothing.
        is_first = doing.first.id == doing.event.id
        return None if is_first else await self.react_to_page(tenant_id)

    async def retry(self, tenant_id: UUID) -> Retried:
        """Tries each parked reaction once more; the event's other reactions are not repeated."""
        async with self._database.transaction(tenant_id) as tx:
            parked = await tx.parked.list_all()
        still = []
        for each in parked:
            task = await finished(self._react_again(tenant_id, each))
            fault = task.exception()
            if isinstance(fault, UnavailableError):
                raise fault
            if fault is not None:
                _log.error("reaction_failed", **_told(each), exc_info=fault)
            if fault is not None or not task.result():
                still.append(each)
        return Retried(len(parked) - len(still), still)

    async def _page(self, tenant_id: UUID, trouble: _Trouble | None, doing: _Doing) -> Page:
        async with self._database.transaction(tenant_id) as tx:
            position = await tx.cursors.position(REACTIONS_READER)
            events = await tx.events.list_after(position, limit=EVENTS_PER_TRANSACTION)
            if trouble:
                events = trouble.share_of(events)
            for event in events:
                doing.first = doing.first or event
                await self._react(tx, event, trouble, doing)
            if events:
                await tx.cursors.advance(REACTIONS_READER, events[-1].number or position)
        return Page(position, events)

    async def _react(
        self, tx: PlatformStore, event: Event, trouble: _Trouble | None, doing: _Doing
    ) -> None:
        given_up = trouble.errors if trouble and trouble.event.id == event.id else {}
        for name, react in self._reactions.items():
            doing.event, doing.reaction = event, name
            if name in given_up:
                await tx.parked.put(
                    ParkedReaction(
                        event_id=event.id,
                        reaction=name,
                        number=event.number or 0,
                        error=given_up[name],
                        parked_at=self._clock.now(),
                    )
                )
            else:
                await react(tx, event)

    def _failed_again(self, trouble: _Trouble, reaction: str, fault: BaseException) -> _Trouble:
        """Counts a failure: the next try comes later, after the last one there is none."""
        trouble.failures = trouble.failures + 1 if trouble.reaction == reaction else 1
        trouble.reaction = reaction
        said = {
            "event_id": str(trouble.event.id),
            "event_type": trouble.event.type,
            "reaction": reaction,
            "failures": trouble.failures,
        }
        if trouble.failures > len(self._waits_s):
            trouble.errors[reaction] = describe_fault(fault)
            trouble.again_at_s = 0.0
            _log.error("reaction_parked", **said, exc_info=fault)
        else:
            trouble.again_at_s = stopwatch_s() + self._waits_s[trouble.failures - 1]
            _log.error("reaction_failed", **said, exc_info=fault)
        return trouble

    async def _react_again(self, tenant_id: UUID, parked: ParkedReaction) -> bool:
        """False when the platform no longer has this reaction."""
        if parked.reaction not in self._reactions:
            return False
        async with self._database.transaction(tenant_id) as tx:
            # Whoever removes it reacts: two who try at once react once.
            if await tx.parked.take(parked.event_id, parked.reaction):
                event = await tx.events.find(parked.event_id)
                if event is not None:
                    await self._reactions[parked.reaction](tx, event)
        return True


async def count_parked(database: DatabasePort) -> int:
    """How many reactions are parked, of all tenants."""
    parked = 0
    for tenant in await database.directory.list_tenants():
        async with database.transaction(tenant.id) as tx:
            parked += await tx.parked.count()
    return parked


def describe_fault(fault: BaseException) -> str:
    """The kind of a failure and where in our code it was; its words may name a person."""
    code = fault.code if isinstance(fault, PromesaError) else getattr(fault, "sqlstate", None)
    kind = f"{type(fault).__name__} ({code})" if code else type(fault).__name__
    frames = traceback.extract_tb(fault.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(_OUR_CODE)]
    if not ours:
        return kind
    module = ours[-1].filename.removeprefix(_OUR_CODE).strip(os.sep)
    return f"{kind}, {module}:{ours[-1].lineno}"


def _told(parked: ParkedReaction) -> dict[str, str]:
    return {"event_id": str(parked.event_id), "reaction": parked.reaction}
