"""What stood in the log before the server fell and what stands there after: nothing lost or twice.

The day goes on between the two looks, so there may be more afterwards, and never less.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from promesa.domain.events import Event
from promesa.runtime.repository import PlatformStore

PLACED, DELIVERED, CLOSED = "order.placed", "order.delivered", "stop.closed"
COUNTED = frozenset({PLACED, DELIVERED, CLOSED})
# The evening before and the night after belong to the day that is looked at.
AROUND = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """What the log says at one moment.

    Attributes:
        facts: How many events have a number.
        counted: Events of the kinds that are counted one by one.
    """

    facts: int
    counted: tuple[Event, ...]

    def of(self, kind: str) -> list[UUID]:
        """Orders or stops that this happened to, once for each time it did."""
        return [event.subject_id for event in self.counted if event.type == kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two looks at one log.

    Attributes:
        lost: Events that were there and are not any more.
        doubled: Orders placed or delivered, and stops closed, more than once.
        away_s: How long nobody answered.
        was_killed: Whether the database was killed, too (kill -9).
    """

    orders: int
    deliveries: int
    facts: int
    lost: int
    doubled: int
    away_s: float
    was_killed: bool


async def recount(tx: PlatformStore, now: datetime) -> Recount:
    """Looks at the log of the days around ``now``."""
    counted = await tx.events.list_between(now - AROUND, now + AROUND, types=COUNTED)
    return Recount(facts=await tx.cursors.last_number(), counted=tuple(counted))


def compare(before: Recount, after: Recount, *, away_s: float, was_killed: bool) -> Comparison:
    """What became of what was there before."""
    known = {event.id for event in after.counted}
    lost = sum(event.id not in known for event in before.counted)
    counts = [Counter(after.of(kind)) for kind in sorted(COUNTED)]
    return Comparison(
        orders=len(set(after.of(PLACED))),
        deliveries=len(set(after.of(DELIVERED))),
        facts=after.facts,
        lost=lost + max(0, before.facts - after.facts),
        doubled=sum(times > 1 for count in counts for times in count.values()),
        away_s=away_s,
        was_killed=was_killed,
    )
