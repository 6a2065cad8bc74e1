"""Server-sent events: replay from the log after Last-Event-ID, then live, with a capped life.

The number in each event's id is its place in the log, given in commit order; whoever resumes
after N gets every later fact once. A listener too slow for its queue is cut and resumes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from uuid import UUID

from litestar.response import Stream

from promesa.api.decoding import INTEGER_MAX
from promesa.kernel.clock import stopwatch_s
from promesa.runtime.live import fact_topic, frame_of, order_topic

if TYPE_CHECKING:
    from promesa.domain.actor import Actor
    from promesa.runtime.broadcast import Listener
    from promesa.runtime.platform import Platform

HEARTBEAT_S = 15.0
# A stream ends after half an hour and the browser opens the next: no connection is for ever.
LIFE_S = 1800.0
REPLAY_EVENTS_MAX = 500
NUMBER_DIGITS_MAX = len(str(INTEGER_MAX)) - 1
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
    "Content-Type": "text/event-stream; charset=utf-8",
}
_PING = b": ping\n\n"
_RETRY = b"retry: 2000\n\n"


def open_facts_stream(platform: Platform, actor: Actor, last_event_id: str | None) -> Stream:
    """The operation's stream: facts, positions and changes of the day."""
    return Stream(_facts(platform, actor, _number_in(last_event_id)), headers=_HEADERS)


def open_order_stream(platform: Platform, tenant_id: UUID, order_id: UUID) -> Stream:
    """The recipient's stream: says that something changed, the page then asks what."""
    return Stream(_order(platform, tenant_id, order_id), headers=_HEADERS)


def _number_in(last_event_id: str | None) -> int | None:
    """The number a browser resumes after; a header of thousands of digits is never made one."""
    if not last_event_id or not last_event_id.isdecimal():
        return None
    return int(last_event_id) if len(last_event_id) <= NUMBER_DIGITS_MAX else INTEGER_MAX


async def _facts(platform: Platform, actor: Actor, after: int | None) -> AsyncIterator[bytes]:
    topic = fact_topic(actor.tenant_id)
    with platform.hub.listen(topic) as listener, platform.metrics.streams.track_inprogress():
        yield _RETRY
        shown = after
        if after is not None:
            async for number, frame in _replay(platform, actor, after):
                shown = number
                yield frame
        async for message in _live(listener):
            fresh = _number_of(message)
            if fresh is not None and shown is not None and fresh <= shown:
                continue
            yield message


async def _replay(platform: Platform, actor: Actor, after: int) -> AsyncIterator[tuple[int, bytes]]:
    """Facts after ``after``; a long absence, or a number to come, gets a word to reload.

    A number that was never given is from another log, as before a backup was put back: what it
    stands for cannot be told, and what comes now must not be taken for known.
    """
    async with platform.transaction(actor.tenant_id) as tx:
        last = await tx.cursors.last_number()
        events = await tx.events.list_after(after, limit=REPLAY_EVENTS_MAX + 1)
    if after > last or len(events) > REPLAY_EVENTS_MAX:
        yield min(after, last), b"event: reload\ndata: {}\n\n"
        return
    for event in events:
        if event.number is not None:
            yield event.number, frame_of(event)


async def _order(platform: Platform, tenant_id: UUID, order_id: UUID) -> AsyncIterator[bytes]:
    with (
        platform.hub.listen(order_topic(tenant_id, order_id)) as listener,
        platform.metrics.streams.track_inprogress(),
    ):
        yield _RETRY
        async for message in _live(listener):
            yield message


async def _live(listener: Listener) -> AsyncIterator[bytes]:
    """Messages as they come, a heartbeat when none does, until the life is over."""
    ends_s = stopwatch_s() + LIFE_S
    while stopwatch_s() < ends_s and not listener.has_overflowed:
        try:
            message = await asyncio.wait_for(listener.queue.get(), HEARTBEAT_S)
        except TimeoutError:
            yield _PING
            continue
        if message is None:
            return
        yield message


def _number_of(frame: bytes) -> int | None:
    """The event number of a frame that has one."""
    if not frame.startswith(b"id: "):
        return None
    return int(frame[4 : frame.index(b"\n")])
