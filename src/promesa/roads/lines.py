"""From a drawn line to the edges it runs along: how marks and feeds name their streets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from promesa.kernel.geo import Position, between, distance_m
from promesa.roads.graph import NO_EDGE, RoadGraph
from promesa.roads.matching import Matcher
from promesa.roads.traces import TraceFix

# A line follows a street as a slow van with good reception would.
_STEP_M = 30.0
_STEP_S = 10.0
# An edge counts when the line runs along so much of it.
SHARE_MIN = 0.5
LINE_M_MAX = 50_000.0
_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Streets:
    """Edges as a person sees them.

    Attributes:
        names: Of the streets, each once, in the order of the line; nameless ones are left out.
        length_m: Of the blocks, each counted once.
        lines: One a block, in the direction of travel.
    """

    names: tuple[str, ...]
    length_m: float
    lines: tuple[tuple[Position, ...], ...]


class LineMatcher:
    """Puts drawn lines on the streets of one network, in the direction they are drawn."""

    def __init__(self, graph: RoadGraph, matcher: Matcher) -> None:
        self._graph = graph
        self._matcher = matcher
        self._length_m = graph.segment_length_m[graph.edge_segment]

    def find_edges(self, line: Sequence[Position]) -> list[int]:
        """The edges the line runs along for the most part, in its order; none where no street is.

        A line shorter than half of any edge it touches is the edge it covers most of. A line of
        one position is the edge nearest to it.
        """
        driven_m: dict[int, float] = defaultdict(float)
        for drive in self._matcher.match(_walked(line)).drives:
            driven_m[drive.edge] += drive.length_m
        share = {edge: metres / self._length_m[edge] for edge, metres in driven_m.items()}
        found = [edge for edge, covered in share.items() if covered >= SHARE_MIN]
        if not found and share:
            return [max(share, key=lambda edge: (share[edge], -edge))]
        return found

    def seen(self, edges: Sequence[int]) -> Streets:
        """The edges for a map and a sentence; of a street in both directions one line is drawn."""
        graph = self._graph
        blocks = {int(graph.edge_segment[edge]): edge for edge in reversed(edges)}
        ordered = [edge for edge in edges if blocks[int(graph.edge_segment[edge])] == edge]
        names = [int(graph.segment_name[graph.edge_segment[edge]]) for edge in ordered]
        return Streets(
            names=tuple(dict.fromkeys(str(graph.names[name]) for name in names if name >= 0)),
            length_m=float(self._length_m[ordered].sum()),
            lines=tuple(self._line(edge) for edge in ordered),
        )

    def _line(self, edge: int) -> tuple[Position, ...]:
        lons, lats = self._graph.points_of(edge)
        pairs = zip(lons.tolist(), lats.tolist(), strict=True)
        return tuple(Position(lon=lon, lat=lat) for lon, lat in pairs)

    def both_ways(self, edges: Sequence[int]) -> list[int]:
        """The edges and those of the same streets the other way, where vans may drive it."""
        twins = [int(self._graph.edge_twin[edge]) for edge in edges]
        every = dict.fromkeys([*edges, *(twin for twin in twins if twin != NO_EDGE)])
        return list(every)


def length_m(line: Sequence[Position]) -> float:
    """Metres along a line."""
    return sum(distance_m(*pair) for pair in pairwise(line))


def _walked(line: Sequence[Position]) -> list[TraceFix]:
    """A fix every _STEP_M along the line, its corners included."""
    places = list(line[:1])
    for start, end in pairwise(line):
        steps = max(1, round(distance_m(start, end) / _STEP_M))
        places.extend(between(start, end, step / steps) for step in range(1, steps + 1))
    return [
        TraceFix(time=_NOON + timedelta(seconds=_STEP_S * number), position=place)
        for number, place in enumerate(places)
    ]
