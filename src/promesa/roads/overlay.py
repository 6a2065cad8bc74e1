"""What is known of streets right now, laid over the speed table: slow edges and closed ones.

Feeds propose, one writer applies: whoever collects traces, drawings and feeds makes one LiveOverlay
of them and hands it to the network. Each entry holds for a span and says who told it; outside its
span the table stands alone. Where the entries come from is not this file's business.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.errors import InvalidError
from promesa.roads.graph import RoadGraph
from promesa.roads.profiles import SPEED_KPH_MAX
from promesa.roads.traffic import CLOSED_TICKS, HALF_HOUR_S, TravelTimes, ticks_at

CLOSED_KPH = 0.0
# Slower than this for a whole edge is a van that stands, not a street.
SPEED_KPH_MIN = 1.0
# Every edge of a large city, told by two sources.
LIVE_SPEEDS_MAX = 500_000


class LiveSpeedError(InvalidError):
    """A live speed names an edge that is not there, an impossible speed or an empty span."""

    code: ClassVar[str] = "roads_live_speed"
    message: ClassVar[str] = (
        "Ese dato de tránsito no sirve: revisa el tramo, la velocidad y desde cuándo hasta cuándo."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSpeed:
    """How fast one edge is driven for a while, its traffic light included, or that it is closed.

    Attributes:
        edge: A directed edge of the graph; a street closed both ways is two entries.
        speed_kph: SPEED_KPH_MIN to SPEED_KPH_MAX, or CLOSED_KPH.
        start: Aware instant it holds from.
        end: Aware instant it no longer holds at.
        source: Who says so, one word: "fleet", "dispatcher", the name of a feed.

    Raises:
        LiveSpeedError: One of them is out of its range.
    """

    edge: int
    speed_kph: float
    start: datetime
    end: datetime
    source: str

    def __post_init__(self) -> None:
        is_aware = self.start.tzinfo is not None and self.end.tzinfo is not None
        is_speed = self.is_closed or SPEED_KPH_MIN <= self.speed_kph <= SPEED_KPH_MAX
        if not (is_aware and is_speed and self.edge >= 0 and self.start < self.end):
            raise LiveSpeedError(tramo=self.edge, velocidad_kph=self.speed_kph)

    @property
    def is_closed(self) -> bool:
        """Whether nobody may enter the edge."""
        return self.speed_kph == CLOSED_KPH


@dataclass(frozen=True, slots=True, eq=False)
class HalfHourSpeeds:
    """What an overlay says of one half hour, each edge once.

    Attributes:
        edges: int64, sorted.
        speed_kph: float64, of each edge, CLOSED_KPH where it is closed.
        key: Equal for equal contents, so that a metric is made once.
    """

    edges: NDArray[np.int64]
    speed_kph: NDArray[np.float64]
    key: bytes


@dataclass(frozen=True, slots=True, eq=False)
class LiveOverlay:
    """All live speeds at one moment; a change makes a new overlay.

    An entry counts for every half hour it touches, as a whole: a closure drawn at 9:10 holds for
    the trips of the 9:00 slice, which is what a plan made at 9:10 asks for. Of several entries for
    one edge a closure wins, then the one that comes last.
    """

    speeds: tuple[LiveSpeed, ...] = ()
    _edges: NDArray[np.int64] = field(init=False, repr=False)
    _kph: NDArray[np.float64] = field(init=False, repr=False)
    _half_hours: NDArray[np.int64] = field(init=False, repr=False)
    _known: dict[int, HalfHourSpeeds | None] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.speeds) > LIVE_SPEEDS_MAX:
            raise LiveSpeedError(
                f"Son demasiados datos de tránsito: el máximo es {LIVE_SPEEDS_MAX}.",
                datos=len(self.speeds),
            )
        edges = np.array([speed.edge for speed in self.speeds], dtype=np.int64)
        kph = np.array([speed.speed_kph for speed in self.speeds], dtype=np.float64)
        spans = [(speed.start.timestamp(), speed.end.timestamp()) for speed in self.speeds]
        span_s = np.array(spans, dtype=np.float64).reshape(-1, 2)
        first = np.floor(span_s[:, 0] / HALF_HOUR_S)
        after = np.ceil(span_s[:, 1] / HALF_HOUR_S)
        object.__setattr__(self, "_edges", edges)
        object.__setattr__(self, "_kph", kph)
        object.__setattr__(self, "_half_hours", np.column_stack((first, after)).astype(np.int64))

    def at(self, departure: datetime) -> HalfHourSpeeds | None:
        """What holds for trips that leave in the half hour of ``departure``; None for nothing."""
        half_hour = int(departure.timestamp() // HALF_HOUR_S)
        if half_hour not in self._known:
            self._known[half_hour] = self._during(half_hour)
        return self._known[half_hour]

    def since(self, now: datetime) -> LiveOverlay:
        """The overlay without the entries that are over at ``now``."""
        return LiveOverlay(tuple(speed for speed in self.speeds if speed.end > now))

    def _during(self, half_hour: int) -> HalfHourSpeeds | None:
        first, after = self._half_hours[:, 0], self._half_hours[:, 1]
        rows = np.flatnonzero((first <= half_hour) & (half_hour < after))
        if not len(rows):
            return None
        # Ordered by edge, what is open before what is closed, and then as given: the last stays.
        edges, kph = self._edges[rows], self._kph[rows]
        order = np.lexsort((rows, kph == CLOSED_KPH, edges))
        edges, kph = edges[order], kph[order]
        is_last = np.append(np.diff(edges) != 0, True)
        edges, kph = edges[is_last], kph[is_last]
        return HalfHourSpeeds(edges, kph, edges.tobytes() + kph.tobytes())


NO_LIVE_SPEEDS = LiveOverlay()


def both_ways(graph: RoadGraph, segments: Iterable[int]) -> list[int]:
    """The edges of ``segments`` in both directions, where they have both."""
    wanted = np.isin(graph.edge_segment, np.array(list(segments), dtype=np.int64))
    return [int(edge) for edge in np.flatnonzero(wanted)]


def laid_over(graph: RoadGraph, times: TravelTimes, live: HalfHourSpeeds) -> TravelTimes:
    """The times of a slice with the live speeds in place of its own; O(turns), some 2 ms.

    Raises:
        LiveSpeedError: An edge is not in the graph.
    """
    if live.edges[-1] >= graph.edge_count:
        raise LiveSpeedError(tramo=int(live.edges[-1]))
    is_closed = np.zeros(graph.edge_count, dtype=np.bool_)
    is_closed[live.edges[live.speed_kph == CLOSED_KPH]] = True
    is_slow = live.speed_kph != CLOSED_KPH
    edges, kph = live.edges[is_slow], live.speed_kph[is_slow]
    edge_ticks = times.edge_ticks.copy()
    edge_ticks[edges] = ticks_at(graph.segment_length_m[graph.edge_segment[edges]], kph)
    more_ticks = (edge_ticks - times.edge_ticks)[graph.turn_from]
    turn_ticks = np.minimum(times.turn_ticks + more_ticks, CLOSED_TICKS - 1)
    slow = TravelTimes(
        edge_ticks=edge_ticks,
        turn_ticks=turn_ticks.astype(np.uint32),
        is_closed=times.is_closed,
    )
    return slow.closing(graph, times.is_closed | is_closed)
