"""Topics to live listeners inside this process: a dict of bounded queues, and nothing else.

A listener that does not keep up loses its queue and is told to resume from the event log, which
is the truth; so no slow browser can hold memory or slow a writer.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

# A browser that is 256 messages behind does better by asking for a snapshot.
QUEUE_MESSAGES_MAX = 256


class Listener:
    """One open stream: a bounded queue of ready bytes."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUE_MESSAGES_MAX)
        self.has_overflowed = False

    def offer(self, message: bytes | None) -> None:
        """Hands over a message; when the queue is full, marks the listener as overflowed."""
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            self.has_overflowed = True


class Hub:
    """Publishes bytes to whoever listens to a topic now."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = defaultdict(set)
        self._is_closed = False

    @property
    def listeners_count(self) -> int:
        """Open streams."""
        return sum(len(group) for group in self._listeners.values())

    def publish(self, topic: str, message: bytes) -> None:
        """Offers ``message`` to every listener of ``topic``; never waits."""
        for listener in self._listeners.get(topic, ()):
            listener.offer(message)

    @contextmanager
    def listen(self, *topics: str) -> Iterator[Listener]:
        """A listener of ``topics`` for as long as the block lasts; forgets empty topics."""
        listener = Listener()
        if self._is_closed:
            listener.offer(None)
        for topic in topics:
            self._listeners[topic].add(listener)
        try:
            yield listener
        finally:
            for topic in topics:
                self._listeners[topic].discard(listener)
                if not self._listeners[topic]:
                    del self._listeners[topic]

    def close(self) -> None:
        """Ends every stream: the server drains."""
        self._is_closed = True
        for group in self._listeners.values():
            for listener in group:
                listener.has_overflowed = True
                listener.offer(None)
