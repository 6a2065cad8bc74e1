"""What is known of the streets right now: three sources behind one port, and who is believed.

The fleet's own traces (live_fleet), what a dispatcher draws (traffic marks) and a feed of segment
speeds (speed_feed) each answer with SegmentSpeed values; what lays them over the table is not
this file's business. Where no source speaks the table stands alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from promesa.kernel.errors import InvalidError

CLOSED_KPH = 0.0
# Slower than this for a whole edge is a van that stands, not a street.
SPEED_KPH_MIN = 1.0
SPEED_KPH_MAX = 130.0
DISPATCHER = "dispatcher"
FLEET = "fleet"
# Two words told within so many seconds are of one age: then more passes count (assumed).
SAME_AGE_S = 300


class SegmentSpeedError(InvalidError):
    """A segment speed is out of range, or its span is empty or has no offset."""

    code: ClassVar[str] = "roads_segment_speed"
    message: ClassVar[str] = (
        "Ese dato de tránsito no sirve: revisa la velocidad y desde cuándo hasta cuándo."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentSpeed:
    """How fast one direction of a segment is driven for a while, or that it is closed.

    Attributes:
        edge: The segment in its direction of travel; a street closed both ways is two of these.
        speed_kph: Its traffic light included; SPEED_KPH_MIN to SPEED_KPH_MAX, or CLOSED_KPH.
        start: Aware instant it holds from.
        end: Aware instant it no longer holds at.
        source: DISPATCHER, FLEET or the name of a feed.
        told_at: When it was measured or drawn.
        passes: How many vehicles it stands on; 1 where nobody says.

    Raises:
        SegmentSpeedError: One of them is out of its range.
    """

    edge: int
    speed_kph: float
    start: datetime
    end: datetime
    source: str
    told_at: datetime
    passes: int = 1

    def __post_init__(self) -> None:
        instants = (self.start, self.end, self.told_at)
        is_aware = all(instant.tzinfo is not None for instant in instants)
        is_speed = self.is_closed or SPEED_KPH_MIN <= self.speed_kph <= SPEED_KPH_MAX
        if not (is_aware and is_speed and self.edge >= 0 and self.start < self.end):
            raise SegmentSpeedError(tramo=self.edge, velocidad_kph=self.speed_kph)

    @property
    def is_closed(self) -> bool:
        """Whether nobody may enter it."""
        return self.speed_kph == CLOSED_KPH


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


def _rank(speed: SegmentSpeed) -> tuple[bool, int, int, float, str]:
    """The greater is believed; the last two only keep the order of sources out of it."""
    told_s = speed.told_at.timestamp()
    is_persons_closure = speed.source == DISPATCHER and speed.is_closed
    return is_persons_closure, int(told_s // SAME_AGE_S), speed.passes, told_s, speed.source
