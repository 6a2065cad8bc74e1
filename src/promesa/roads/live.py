"""What is known of the streets right now: three sources behind one port, and who is believed.

The fleet's own traces (live_fleet), what a dispatcher draws (traffic marks) and a feed of segment
speeds (speed_feed) each answer with SegmentSpeed values, which an overlay lays over the table.
Where no source speaks the table stands alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from promesa.roads.overlay import LiveSpeed

DISPATCHER = "dispatcher"
FLEET = "fleet"
# Two words told within so many seconds are of one age: then more passes count (assumed).
SAME_AGE_S = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentSpeed(LiveSpeed):
    """A live speed, and what it stands on: by these one of two words for one street is believed.

    Attributes:
        told_at: When it was measured or drawn.
        passes: How many vehicles it stands on; 1 where nobody says.

    Raises:
        LiveSpeedError: Speed or span is out of its range.
    """

    told_at: datetime
    passes: int = 1


class LiveSource(Protocol):
    """One who knows of streets right now."""

    @property
    def name(self) -> str:
        """As in SegmentSpeed.source."""
        ...

    def speeds(self, now: datetime) -> Sequence[SegmentSpeed]:
        """What it knows at ``now``, and what it knows is to come; waits for nobody."""
        ...


def merged(sources: Iterable[LiveSource], now: datetime) -> tuple[SegmentSpeed, ...]:
    """What all sources say, one word for each edge and moment, by edge and start.

    Of the words that hold at ``now`` for one edge one stays: a person's closure; else the freshest,
    and of those told within SAME_AGE_S the one with the most passes. What is to come later is kept
    beside it, and what is over is dropped.
    """
    told = [speed for source in sources for speed in source.speeds(now) if speed.end > now]
    best: dict[int, SegmentSpeed] = {}
    for speed in told:
        known = best.get(speed.edge)
        if speed.start <= now and (known is None or _rank(speed) > _rank(known)):
            best[speed.edge] = speed
    later = [speed for speed in told if speed.start > now]
    return tuple(sorted([*best.values(), *later], key=lambda speed: (speed.edge, speed.start)))


def _rank(
    speed: SegmentSpeed,
) -> tuple[bool, int, int, float, float, tuple[str, float, float]]:
    """The greater is believed; the last ones keep the order of sources out of it."""
    told_s = speed.told_at.timestamp()
    is_persons_closure = speed.source == DISPATCHER and speed.is_closed
    age = int(told_s // SAME_AGE_S)
    ends_s, starts_s = speed.end.timestamp(), speed.start.timestamp()
    tie = speed.source, ends_s, starts_s
    return is_persons_closure, age, speed.passes, told_s, -speed.speed_kph, tie
