"""From a drawn line to the edges it runs along: how marks and feeds name their streets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from promesa.kernel.geo import Position, between, distance_m
from promesa.roads.graph import NO_EDGE, RoadGraph
from promesa.roads.matching import Matcher
from promesa.roads.snapping import Plane, point_along
from promesa.roads.traces import TraceFix

# A line follows a street as a slow van with good reception would.
_STEP_M = 30.0
_STEP_S = 10.0
# An edge counts when the line runs along so much of it.
SHARE_MIN = 0.5
LINE_M_MAX = 50_000.0
# Half a wide avenue and a careless hand: what lies farther off was not drawn (assumed).
ASIDE_M_MAX = 30.0
# Shorter than this is a click with an unsteady hand, not a line.
CLICK_M = 30.0
_STATIONS = (0.1, 0.3, 0.5, 0.7, 0.9)
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
        self._plane = Plane(float(np.median(graph.lats)))

    def find_edges(self, line: Sequence[Position]) -> list[int]:
        """The edges the line runs along for the most part, in its order; none where no street is.

        A line on part of one long block is that block. A line of one position, or of CLICK_M, is
        the street under it.
        """
        driven_m: dict[int, float] = defaultdict(float)
        for drive in self._matcher.match(_walked(line)).drives:
            driven_m[drive.edge] += drive.length_m
        if not driven_m:
            return []
        longest = max(driven_m, key=lambda edge: (driven_m[edge], -edge))
        drawn_m = length_m(line)
        if drawn_m <= CLICK_M:
            return [longest]
        covered = [edge for edge in driven_m if driven_m[edge] >= SHARE_MIN * self._length_m[edge]]
        found = self._along(line, covered)
        if not found and driven_m[longest] >= SHARE_MIN * drawn_m:
            return [longest]
        return found

    def _along(self, line: Sequence[Position], edges: list[int]) -> list[int]:
        """The edges that lie along the line; the rest crosses it, or is a way round it."""
        drawn = shapely.linestrings(self._metres(line))
        return [edge for edge in edges if self._is_along(drawn, edge)]

    def _is_along(self, drawn: object, edge: int) -> bool:
        stations = self._stations(edge)
        places_m = shapely.line_locate_point(drawn, stations)
        is_near = float(np.median(shapely.distance(stations, drawn))) <= ASIDE_M_MAX
        return is_near and float(np.ptp(places_m)) >= SHARE_MIN**2 * float(self._length_m[edge])

    def _stations(self, edge: int) -> NDArray[np.object_]:
        """Points spread evenly along an edge."""
        places = [point_along(self._graph, edge, fraction) for fraction in _STATIONS]
        points: NDArray[np.object_] = shapely.points(self._metres(places))
        return points

    def _metres(self, places: Sequence[Position]) -> NDArray[np.float64]:
        lons = np.array([place.lon for place in places])
        return self._plane.metres(lons, np.array([place.lat for place in places]))

    def gap_m(self, line: Sequence[Position], edges: Sequence[int]) -> float:
        """The longest part of the line, between two of the edges, that none of them runs along."""
        drawn = shapely.linestrings(self._metres(line)) if len(line) > 1 else None
        spans = sorted(self._span_m(drawn, edge) for edge in edges) if drawn is not None else []
        gap_m, covered_m = 0.0, spans[0][1] if spans else 0.0
        for start_m, end_m in spans:
            gap_m = max(gap_m, start_m - covered_m)
            covered_m = max(covered_m, end_m)
        return gap_m

    def _span_m(self, drawn: object, edge: int) -> tuple[float, float]:
        """From where to where on the line an edge lies."""
        ends = [point_along(self._graph, edge, fraction) for fraction in (0.0, *_STATIONS, 1.0)]
        places_m = shapely.line_locate_point(drawn, shapely.points(self._metres(ends)))
        return float(places_m.min()), float(places_m.max())

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

    def find_both_ways(self, line: Sequence[Position]) -> list[int]:
        """The same whichever way the line is drawn: also a one-way street drawn against it."""
        return self.both_ways([*self.find_edges(line), *self.find_edges(line[::-1])])

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
