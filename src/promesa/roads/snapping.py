"""Puts a position on the nearest street a van can stop in and leave again.

Only streets of the largest strongly connected part count, motorways apart. A position too far
from all of them, or in a district that has no way to them, stays off the network: no guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
import shapely
from numpy.typing import NDArray

from promesa.kernel.geo import EARTH_RADIUS_M, Position
from promesa.roads.graph import NO_EDGE, RoadGraph
from promesa.roads.profiles import AVENUE_CLASSES, CLASS_INDEX, NO_STOPPING_CLASSES

# A house in the country may lie this far from its road; beyond it another district begins.
SNAP_M_MAX = 500.0
# A position nearer to the middle of the street than this does not tell its side: an address known
# to the street alone lies on the middle itself.
KERB_GAP_M_MIN = 4.0
# Long enough for a bearing where the drawing has two points at one place.
_TANGENT_M = 1.0


class Kerb(Enum):
    """On which streets a stop is reached from its own side of the street only.

    ANY suits positions of vans, whose phones err by more than a lane. AVENUES suits stops: nobody
    crosses an avenue with a parcel, and anybody crosses a side street.
    """

    ANY = "any"
    AVENUES = "avenues"
    EVERY = "every"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snap:
    """A position on the network.

    Attributes:
        edges: The directed edges a van there may be on; one on a one-way street or where the
            kerb counts, else two.
        fractions: For each edge, how far along it the place is, 0-1.
        gap_m: From the position asked for to the place on the street.
    """

    position: Position
    edges: tuple[int, ...]
    fractions: tuple[float, ...]
    gap_m: float


class Plane:
    """Metres east and north on a plane that touches the Earth at the city's middle latitude."""

    def __init__(self, lat_0: float) -> None:
        self._north_m = np.radians(1.0) * EARTH_RADIUS_M
        self._east_m = self._north_m * np.cos(np.radians(lat_0))

    def metres(self, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> NDArray[np.float64]:
        """float64, [point, 2], metres east and north."""
        return np.column_stack((lons * self._east_m, lats * self._north_m))

    def position(self, east_m: float, north_m: float) -> Position:
        """The position of a point of the plane."""
        return Position(lon=east_m / self._east_m, lat=north_m / self._north_m)


class StreetFinder:
    """Finds segments near a position; one tree for stops, one more for anything that drives."""

    def __init__(self, graph: RoadGraph, segments: NDArray[np.int64], plane: Plane) -> None:
        """Indexes ``segments`` of ``graph``: O(n log n), some 0.2 s for 60,000."""
        self._plane = plane
        self._segments = segments
        counts = np.diff(graph.segment_first)[segments]
        first = np.concatenate(([0], np.cumsum(counts)))
        points = np.repeat(graph.segment_first[segments] - first[:-1], counts)
        points = points + np.arange(len(points))
        metres = plane.metres(graph.lons[points], graph.lats[points])
        self._lines = shapely.linestrings(metres, indices=np.repeat(np.arange(len(counts)), counts))
        self._tree = shapely.STRtree(self._lines)

    def nearest(
        self, positions: Sequence[Position], gap_m_max: float
    ) -> list[tuple[int, float, float] | None]:
        """For each position the segment, the fraction along its drawing and the gap in metres."""
        found: list[tuple[int, float, float] | None] = [None] * len(positions)
        points = shapely.points(self._metres(positions))
        (asked, lines), gaps_m = self._tree.query_nearest(
            points, max_distance=gap_m_max, return_distance=True
        )
        # At a junction several streets are equally near: the first of the list is always taken.
        for index in np.lexsort((lines, asked))[::-1]:
            row, line = int(asked[index]), int(lines[index])
            fraction = shapely.line_locate_point(self._lines[line], points[row], normalized=True)
            found[row] = int(self._segments[line]), float(fraction), float(gaps_m[index])
        return found

    def gaps_m(
        self, lons: NDArray[np.float64], lats: NDArray[np.float64], gap_m_max: float
    ) -> NDArray[np.float64]:
        """float64, [point]: metres to the nearest segment, infinite beyond ``gap_m_max``."""
        gaps_m = np.full(len(lons), np.inf)
        points = shapely.points(self._plane.metres(lons, lats))
        (asked, _), found_m = self._tree.query_nearest(
            points, max_distance=gap_m_max, return_distance=True, all_matches=False
        )
        gaps_m[asked] = found_m
        return gaps_m

    def within_all(
        self, positions: Sequence[Position], radius_m: NDArray[np.float64], count_max: int
    ) -> list[list[tuple[int, float, float]]]:
        """For each position what is within its radius: segment, fraction and gap, nearest first.

        Args:
            positions: Where to look.
            radius_m: float64, [position].
            count_max: So many of each are kept.
        """
        found: list[list[tuple[int, float, float]]] = [[] for _ in positions]
        points = shapely.points(self._metres(positions))
        asked, lines = self._tree.query(points, predicate="dwithin", distance=radius_m)
        gaps_m = shapely.distance(self._lines[lines], points[asked])
        order = np.lexsort((lines, gaps_m, asked))
        asked, lines, gaps_m = asked[order], lines[order], gaps_m[order]
        rank = np.arange(len(asked)) - np.searchsorted(asked, asked)
        kept = rank < count_max
        asked, lines, gaps_m = asked[kept], lines[kept], gaps_m[kept]
        places = shapely.line_locate_point(self._lines[lines], points[asked], normalized=True)
        rows = zip(asked.tolist(), self._segments[lines].tolist(), places, gaps_m, strict=True)
        for row, segment, fraction, gap_m in rows:
            found[row].append((segment, float(fraction), float(gap_m)))
        return found

    def _metres(self, positions: Sequence[Position]) -> NDArray[np.float64]:
        lons = np.array([position.lon for position in positions], dtype=np.float64)
        lats = np.array([position.lat for position in positions], dtype=np.float64)
        return self._plane.metres(lons, lats)


def stopping_segments(graph: RoadGraph) -> NDArray[np.int64]:
    """Segments a van may stop in: reachable both ways, and no motorway."""
    closed = [CLASS_INDEX[name] for name in sorted(NO_STOPPING_CLASSES)]
    is_main = np.zeros(graph.segment_count, dtype=np.bool_)
    is_main[graph.edge_segment[graph.edge_is_main]] = True
    return np.flatnonzero(is_main & ~np.isin(graph.segment_class, closed))


class Snapper:
    """Puts positions on streets where a van may stop."""

    def __init__(self, graph: RoadGraph, plane: Plane) -> None:
        self._graph = graph
        self._plane = plane
        self._avenues = {CLASS_INDEX[name] for name in AVENUE_CLASSES}
        self._finder = StreetFinder(graph, stopping_segments(graph), plane)
        islands = np.unique(graph.edge_segment[graph.edge_is_island]).astype(np.int64)
        self._islands = StreetFinder(graph, islands, plane)
        self._first_edge = np.searchsorted(graph.edge_segment, np.arange(graph.segment_count))

    def snap_all(self, positions: Sequence[Position], kerb: Kerb = Kerb.ANY) -> list[Snap | None]:
        """One snap a position; None where no street is near or an island's street is nearer."""
        found = self._finder.nearest(positions, SNAP_M_MAX)
        islands = self._islands.nearest(positions, SNAP_M_MAX)
        return [
            None
            if near is None or (island and island[2] < near[2])
            else self._at_kerb(self._snap(*near), position, kerb)
            for near, island, position in zip(found, islands, positions, strict=True)
        ]

    def _at_kerb(self, snap: Snap, position: Position, kerb: Kerb) -> Snap:
        """The snap with just the edge on whose right the position lies, where that counts."""
        if kerb == Kerb.ANY or len(snap.edges) < 2 or snap.gap_m < KERB_GAP_M_MIN:
            return snap
        road_class = self._graph.segment_class[self._graph.edge_segment[snap.edges[0]]]
        if kerb == Kerb.AVENUES and road_class not in self._avenues:
            return snap
        side = 0 if self._is_right(snap.edges[0], snap.fractions[0], position) else 1
        return replace(
            snap, edges=snap.edges[side : side + 1], fractions=snap.fractions[side : side + 1]
        )

    def _is_right(self, edge: int, fraction: float, position: Position) -> bool:
        """Whether the position lies on the right of the edge, where vans drive and stop."""
        line = shapely.linestrings(self._plane.metres(*self._graph.points_of(edge)))
        along_m = fraction * line.length
        ends = shapely.line_interpolate_point(
            line, [max(0.0, along_m - _TANGENT_M), along_m + _TANGENT_M]
        )
        ahead = shapely.get_coordinates(ends[1])[0] - shapely.get_coordinates(ends[0])[0]
        where = self._plane.metres(np.array([position.lon]), np.array([position.lat]))[0]
        aside = where - shapely.get_coordinates(ends[0])[0]
        return bool(ahead[0] * aside[1] - ahead[1] * aside[0] < 0)

    def can_stop(self, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> NDArray[np.bool_]:
        """bool, [point]: which of them ``snap_all`` would put on a street."""
        near_m = self._finder.gaps_m(lons, lats, SNAP_M_MAX)
        island_m = self._islands.gaps_m(lons, lats, SNAP_M_MAX)
        return np.isfinite(near_m) & (island_m >= near_m)

    def _snap(self, segment: int, fraction: float, gap_m: float) -> Snap:
        graph = self._graph
        first = int(self._first_edge[segment])
        pair = (first, int(graph.edge_twin[first]))
        edges = tuple(edge for edge in pair if edge != NO_EDGE and graph.edge_is_main[edge])
        fractions = tuple(1 - fraction if graph.edge_is_reverse[e] else fraction for e in edges)
        return Snap(
            position=point_along(graph, edges[0], fractions[0]),
            edges=edges,
            fractions=fractions,
            gap_m=gap_m,
        )


def point_along(graph: RoadGraph, edge: int, fraction: float) -> Position:
    """The place at ``fraction`` (0-1) of an edge."""
    lons, lats = graph.points_of(edge)
    line = shapely.linestrings(np.column_stack((lons * np.cos(np.radians(lats[0])), lats)))
    point = shapely.line_interpolate_point(line, fraction, normalized=True)
    return Position(lon=point.x / float(np.cos(np.radians(lats[0]))), lat=point.y)


def heading_at(graph: RoadGraph, edge: int, fraction: float) -> float:
    """Degrees clockwise from north in which the edge is driven at ``fraction`` of it."""
    lons, lats = graph.points_of(edge)
    east = np.diff(lons) * np.cos(np.radians(lats[0]))
    north = np.diff(lats)
    along = np.cumsum(np.hypot(east, north))
    step = min(int(np.searchsorted(along, fraction * along[-1])), len(along) - 1)
    return float(np.degrees(np.arctan2(east[step], north[step])) % 360.0)
