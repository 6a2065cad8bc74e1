"""Travel times and paths between positions, by the hour of departure.

Matrix and path weigh the same edges in the same integer ticks, so they agree to the second. A
position that no street is near stays unreachable: it is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.errors import InvalidError
from promesa.kernel.geo import Position
from promesa.kernel.serviceday import SANTIAGO
from promesa.roads.graph import RoadGraph
from promesa.roads.hierarchy import Hierarchy, Metric, build_hierarchy
from promesa.roads.pairs import Anchors, PairTicks, best_pairs, loop_edges
from promesa.roads.profiles import SpeedTable
from promesa.roads.shapes import joined_geometry, length_along_m
from promesa.roads.snapping import Plane, Snap, Snapper
from promesa.roads.traffic import free_flow_s, seconds_of, slice_at
from promesa.roads.trees import metres_along_trees

UNREACHABLE = -1
# 12,000 points would be a matrix of 576 MB; larger days are planned piece by piece.
MATRIX_POINTS_MAX = 12_000
_GRAPH_FILE = "graph.npz"
_HIERARCHY_FOLDER = "hierarchy"
SPEEDS_FILE = "speeds.toml"
# Rows of points worked on at once: bounds memory, and lets other threads in between.
_ROWS_PER_CHUNK = 64

RowsReport = Callable[[int], None]


class UnreachableError(InvalidError):
    """No street leads from the one position to the other, or none is near."""

    code = "roads_unreachable"
    message = "No hay camino entre esos puntos en el mapa. Revisa la posición o amplía el extracto."


class TooManyPointsError(InvalidError):
    """A matrix of so many points would not fit in memory."""

    code = "roads_too_many_points"
    message = f"Son demasiados puntos para una matriz: el máximo es {MATRIX_POINTS_MAX}."


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadPath:
    """The fastest way from one position to another.

    Attributes:
        edges: Edge ids of the graph in driving order, the first and last driven in part.
    """

    duration_s: int
    distance_m: int
    geometry: tuple[Position, ...]
    edges: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadMatrix:
    """Times, and metres along those same fastest paths.

    Attributes:
        duration_s: int32, [n, n], seconds, row = origin, UNREACHABLE where no street is near.
        distance_m: int32, [n, n], metres, the same way round.
    """

    duration_s: NDArray[np.int32]
    distance_m: NDArray[np.int32]


class RoadNetwork:
    """The roads of one city. Immutable but for its cache of hourly metrics."""

    def __init__(
        self, graph: RoadGraph, table: SpeedTable, hierarchy: Hierarchy, *, zone: str = SANTIAGO
    ) -> None:
        self.graph = graph
        self.plane = Plane(float(np.median(graph.lats)))
        self._zone = zone
        self._table = table
        self._hierarchy = hierarchy
        self._snapper = Snapper(graph, self.plane)

    @classmethod
    def load(cls, city_dir: Path) -> RoadNetwork:
        """Reads what ``save_network`` wrote; under a second for a large city."""
        graph = RoadGraph.load(city_dir / _GRAPH_FILE)
        own_speeds = city_dir / SPEEDS_FILE
        table = SpeedTable.load(own_speeds if own_speeds.exists() else None)
        return cls(graph, table, Hierarchy(graph, table, city_dir / _HIERARCHY_FOLDER))

    @property
    def table(self) -> SpeedTable:
        """The speeds of the hours, under what is known right now."""
        return self._table

    def snap(self, position: Position) -> Snap | None:
        """The place on the street nearest to ``position``; None when none is near enough."""
        return self._snapper.snap_all([position])[0]

    def can_stop(self, position: Position) -> bool:
        """Whether ``snap`` would find a place; three times as fast, for lists of orders."""
        return bool(self._snapper.can_stop(np.array([position.lon]), np.array([position.lat]))[0])

    def metric(self, departure: datetime | None) -> Metric:
        """Shortest times at the hour of ``departure``; None means a usual working hour."""
        return self._hierarchy.metric(slice_at(departure, self._zone))

    def length_metric(self) -> Metric:
        """Shortest ways in millimetres, for matching traces."""
        return self._hierarchy.length_metric()

    def free_flow_mps(self) -> NDArray[np.float64]:
        """float64, [segment], metres per second on an empty road, signs included."""
        speeds: NDArray[np.float64] = self.graph.segment_length_m / free_flow_s(
            self.graph, self._table
        )
        return speeds

    def matrix(
        self,
        points: Sequence[Position],
        departure: datetime | None,
        on_rows: RowsReport = lambda _: None,
    ) -> NDArray[np.int32]:
        """Durations between all points: int32, [n, n], seconds, row = origin.

        UNREACHABLE (-1) where no street is near; 0 on the diagonal otherwise. O(n²), about 4 s
        for 1,000 points. ``on_rows`` is told how many rows each step has finished.

        Raises:
            TooManyPointsError: More than MATRIX_POINTS_MAX.
        """
        anchors, metric = self._anchors(points, departure)
        result = np.full((len(points), len(points)), UNREACHABLE, dtype=np.int32)
        for rows, pairs in self._chunks(anchors, metric):
            result[np.ix_(anchors.point[rows], anchors.point)] = seconds_of(pairs.ticks)
            on_rows(len(rows))
        return result

    def matrix_with_distances(
        self,
        points: Sequence[Position],
        departure: datetime | None,
        on_rows: RowsReport = lambda _: None,
    ) -> RoadMatrix:
        """Durations and the metres along those same paths; about 15 ms a point and direction.

        Raises:
            TooManyPointsError: More than MATRIX_POINTS_MAX.
        """
        anchors, metric = self._anchors(points, departure)
        duration_s = np.full((len(points), len(points)), UNREACHABLE, dtype=np.int32)
        distance_m = duration_s.copy()
        for rows, pairs in self._chunks(anchors, metric):
            spot = np.ix_(anchors.point[rows], anchors.point)
            duration_s[spot] = seconds_of(pairs.ticks)
            metres = metres_along_trees(self.graph, metric, anchors, rows, pairs)
            distance_m[spot] = np.rint(metres)
            on_rows(len(rows))
        return RoadMatrix(duration_s=duration_s, distance_m=distance_m)

    def path(self, origin: Position, destination: Position, departure: datetime | None) -> RoadPath:
        """The fastest path.

        Raises:
            UnreachableError: No street is near one of the two.
        """
        anchors, metric = self._anchors([origin, destination], departure)
        if len(anchors.point) < 2:
            raise UnreachableError(
                desde=(origin.lon, origin.lat), hasta=(destination.lon, destination.lat)
            )
        pairs = best_pairs(self.graph, metric, anchors, np.array([0]))
        start, end = int(pairs.origin_side[0, 1]), int(pairs.destination_side[0, 1])
        edges = self._edges(metric, anchors, (start, end), is_loop=bool(pairs.is_loop[0, 1]))
        fractions = float(anchors.fraction[0, start]), float(anchors.fraction[1, end])
        return RoadPath(
            duration_s=int(seconds_of(pairs.ticks[0, 1])),
            distance_m=round(length_along_m(self.graph, edges, fractions)),
            geometry=joined_geometry(self.graph, edges, fractions),
            edges=tuple(edges),
        )

    def _edges(
        self, metric: Metric, anchors: Anchors, sides: tuple[int, int], *, is_loop: bool
    ) -> list[int]:
        first, last = int(anchors.edge[0, sides[0]]), int(anchors.edge[1, sides[1]])
        if is_loop:
            return loop_edges(self.graph, metric, first)[1]
        return metric.edges_between(first, last)[1]

    def _anchors(
        self, points: Sequence[Position], departure: datetime | None
    ) -> tuple[Anchors, Metric]:
        if len(points) > MATRIX_POINTS_MAX:
            raise TooManyPointsError(puntos=len(points))
        metric = self.metric(departure)
        return Anchors.of(metric, self._snapper.snap_all(points)), metric

    def _chunks(
        self, anchors: Anchors, metric: Metric
    ) -> Iterator[tuple[NDArray[np.int64], PairTicks]]:
        for first in range(0, len(anchors.point), _ROWS_PER_CHUNK):
            rows = np.arange(first, min(first + _ROWS_PER_CHUNK, len(anchors.point)))
            yield rows, best_pairs(self.graph, metric, anchors, rows)


def save_network(graph: RoadGraph, city_dir: Path) -> None:
    """Writes the graph and its hierarchy where ``RoadNetwork.load`` finds them."""
    graph.save(city_dir / _GRAPH_FILE)
    build_hierarchy(graph, city_dir / _HIERARCHY_FOLDER)
