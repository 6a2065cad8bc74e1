"""From a few clicks along a street to the line of that street: the way between them, on the map.

Whoever marks a street clicks at its ends, and the street bends in between. The way is a person's,
not a van's: it may go against the traffic, since in which direction a mark holds is said apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

import numpy as np

from promesa.kernel.geo import Position, distance_m
from promesa.roads.graph import NO_EDGE, RoadGraph, step_lengths_m
from promesa.roads.snapping import Plane, StreetFinder

# Farther off a click is on no street: a map of the whole centre has 10 m a pixel (assumed).
CLICK_M_MAX = 100.0
# Who clicks twice on one street means that one: another is taken where it is so much shorter.
OTHER_STREET_FACTOR = 2.0
# A way so much longer than the line that was drawn is another one: the line stays as it is.
DETOUR_MAX = 3.0
DETOUR_M = 300.0
# A segment and the share of its drawing that lies before the place.
_Spot = tuple[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A line that was drawn, on the streets.

    Attributes:
        places: Along them, the corners drawn included.
        onward: The edges of the blocks between the corners' own, in its direction.
        against: The same the other way.
    """

    places: tuple[Position, ...]
    onward: tuple[int, ...]
    against: tuple[int, ...]


class StreetFollower:
    """Finds the ways between clicks on one network's streets; made in some 0.1 s."""

    def __init__(self, graph: RoadGraph, plane: Plane) -> None:
        self._graph = graph
        every = np.arange(graph.segment_count)
        self._finder = StreetFinder(graph, every, plane)
        first = np.searchsorted(graph.edge_segment, every)
        tail, head = graph.edge_tail[first], graph.edge_head[first]
        is_reverse = graph.edge_is_reverse[first]
        self._edges = list(zip(first.tolist(), graph.edge_twin[first].tolist(), strict=True))
        self._start = np.where(is_reverse, head, tail).tolist()
        self._end = np.where(is_reverse, tail, head).tolist()
        self._length_m: list[float] = graph.segment_length_m.tolist()
        self._at: dict[int, list[int]] = defaultdict(list)
        for segment, ends in enumerate(zip(self._start, self._end, strict=True)):
            for junction in set(ends):
                self._at[junction].append(segment)

    def followed(self, line: Sequence[Position]) -> Followed:
        """The line with the ways of the streets between its corners, where one leads there."""
        spots = self._finder.nearest(line, CLICK_M_MAX)
        places = list(line[:1])
        passed: list[tuple[int, int]] = []
        for (start, origin), (end, destination) in pairwise(zip(line, spots, strict=True)):
            drawn_m = distance_m(start, end)
            way: list[Position] = []
            if origin is not None and destination is not None:
                way_m_max = DETOUR_MAX * drawn_m + DETOUR_M
                way, blocks = self._way(origin[:2], destination[:2], way_m_max)
                passed += blocks
            places += way or [end]
        return Followed(
            places=tuple(p for n, p in enumerate(places) if n == 0 or p != places[n - 1]),
            onward=tuple(e for block in passed for e in self._edges_from(*block, onward=True)),
            against=tuple(e for block in passed for e in self._edges_from(*block, onward=False)),
        )

    def _edges_from(self, segment: int, junction: int, *, onward: bool) -> list[int]:
        """The edge that leaves a junction by a segment, or the one that comes; none for one way."""
        tails = self._graph.edge_tail
        edges = [edge for edge in self._edges[segment] if edge != NO_EDGE]
        return [edge for edge in edges if (int(tails[edge]) == junction) is onward]

    def _way(
        self, origin: _Spot, destination: _Spot, way_m_max: float
    ) -> tuple[list[Position], list[tuple[int, int]]]:
        """The places from one spot to the other, and the blocks between, each with where it begins.

        None where the way is too long.
        """
        (first, leaves), (last, reaches) = origin, destination
        if first == last:
            return self._drawn(first, leaves, reaches), []
        junctions, segments = self._shortest(origin, destination, way_m_max)
        if not junctions:
            return [], []
        blocks = list(zip(segments, junctions, strict=False))
        places = self._drawn(first, leaves, float(junctions[0] == self._end[first]))
        for segment, junction in blocks:
            is_drawn = junction == self._start[segment]
            places += self._drawn(segment, float(not is_drawn), float(is_drawn))
        places += self._drawn(last, float(junctions[-1] == self._end[last]), reaches)
        return places, blocks

    def _shortest(
        self, origin: _Spot, destination: _Spot, way_m_max: float
    ) -> tuple[list[int], list[int]]:
        """The junctions of the way and the segments between them."""
        (first, leaves), (last, reaches) = origin, destination
        names = {int(self._graph.segment_name[segment]) for segment in (first, last)} - {-1}
        goal_m = {
            self._start[last]: reaches * self._length_m[last],
            self._end[last]: (1 - reaches) * self._length_m[last],
        }
        queue = [
            (leaves * self._length_m[first], self._start[first], -1, -1),
            ((1 - leaves) * self._length_m[first], self._end[first], -1, -1),
        ]
        came: dict[int, tuple[int, int]] = {}
        best: tuple[float, int] = (OTHER_STREET_FACTOR * way_m_max, -1)
        while queue:
            cost_m, junction, before, by = heappop(queue)
            if cost_m >= best[0]:
                break
            if junction in came:
                continue
            came[junction] = before, by
            if junction in goal_m:
                best = min(best, (cost_m + goal_m[junction], junction))
            for segment in self._at[junction]:
                is_named = int(self._graph.segment_name[segment]) in names
                more_m = self._length_m[segment] * (1.0 if is_named else OTHER_STREET_FACTOR)
                other = self._start[segment] + self._end[segment] - junction
                if other not in came:
                    heappush(queue, (cost_m + more_m, other, junction, segment))
        return self._traced(came, best[1])

    def _traced(
        self, came: dict[int, tuple[int, int]], junction: int
    ) -> tuple[list[int], list[int]]:
        junctions: list[int] = []
        segments: list[int] = []
        while junction >= 0:
            junctions.append(junction)
            junction, by = came[junction]
            if by >= 0:
                segments.append(by)
        return junctions[::-1], segments[::-1]

    def _drawn(self, segment: int, start: float, end: float) -> list[Position]:
        """The places of a segment between two shares of its drawing, in that order."""
        span = slice(self._graph.segment_first[segment], self._graph.segment_first[segment + 1])
        lons, lats = self._graph.lons[span], self._graph.lats[span]
        along = np.concatenate(([0.0], np.cumsum(step_lengths_m(lons, lats))))
        along /= along[-1] or 1.0
        low, high = min(start, end), max(start, end)
        shares = np.concatenate(([low], along[(along > low) & (along < high)], [high]))
        found = zip(
            np.interp(shares, along, lons).tolist(),
            np.interp(shares, along, lats).tolist(),
            strict=True,
        )
        places = [Position(lon=lon, lat=lat) for lon, lat in found]
        return places if start <= end else places[::-1]
