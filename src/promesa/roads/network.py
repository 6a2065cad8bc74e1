"""Travel times and paths between positions, by the half hour of departure.

Matrix and path weigh the same edges in the same integer ticks, so they agree to the second. A
position that no street is near stays unreachable: it is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.errors import InvalidError
from promesa.kernel.geo import Position
from promesa.roads.charges import Charges, ChargeTables
from promesa.roads.conditions import Conditions, Now
from promesa.roads.gate_tolls import tolls_between
from promesa.roads.graph import RoadGraph
from promesa.roads.hierarchy import UNREACHABLE_TICKS, Arcs, Hierarchy, Metric, build_hierarchy
from promesa.roads.learnt import LearntSpeeds
from promesa.roads.learnt_file import find_learnt
from promesa.roads.overlay import NO_LIVE_SPEEDS, LiveOverlay
from promesa.roads.pairs import Anchors, PairTicks, best_pairs, loop_edges
from promesa.roads.places import Places
from promesa.roads.profiles import SpeedTable
from promesa.roads.row_kit import arcs_with_places, make_slice_kit
from promesa.roads.row_worker import RowFinder
from promesa.roads.shapes import joined_geometry, length_along_m
from promesa.roads.signs import Signs
from promesa.roads.snapping import Kerb, Plane, Snap, Snapper
from promesa.roads.traffic import (
    free_flow_s,
    seconds_of,
)
from promesa.roads.trees import sums_along_trees, tolls_along
from promesa.roads.vehicles import BICYCLE, VAN, Vehicle, VehicleKind

UNREACHABLE = -1
# 12,000 points would be a matrix of 576 MB; larger ones go to a file (see disk_matrix).
MATRIX_POINTS_MAX = 12_000
_GRAPH_FILE = "graph.npz"
_HIERARCHY_FOLDER = "hierarchy"
SPEEDS_FILE = "speeds.toml"
BICYCLES_FOLDER = "bicycles"
BICYCLE_SPEEDS_FILE = "speeds_bicycle.toml"
# Rows of points worked on at once: bounds memory, and lets other threads in between.
_ROWS_PER_CHUNK = 64
# Beyond so many points a node for each place, which takes 0.3 s to set up, halves the searches.
_PAIRS_POINTS_MAX = 128

RowsReport = Callable[[int], None]


class UnreachableError(InvalidError):
    """No street leads from the one position to the other, or none is near."""

    code = "roads_unreachable"
    message = "No hay camino entre esos puntos en el mapa. Revisa la posición o amplía el extracto."


class VehicleNotServedError(InvalidError):
    """Bicycles have roads of their own, which this city was built without."""

    code = "roads_vehicle_not_served"
    message = "Esta red no es para ese vehículo. Arma la ciudad con: promesa roads build --bicycles"


class TooManyPointsError(InvalidError):
    """A matrix of so many points would not fit in memory."""

    code = "roads_too_many_points"
    message = f"Son demasiados puntos para una matriz: el máximo es {MATRIX_POINTS_MAX}."


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadPath:
    """The fastest way from one position to another.

    Attributes:
        edges: Edge ids of the graph in driving order, the first and last driven in part.
        toll_clp: What gates and zones of known price cost on the way.
    """

    duration_s: int
    distance_m: int
    geometry: tuple[Position, ...]
    edges: tuple[int, ...]
    toll_clp: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadMatrix:
    """Times, and metres along those same fastest paths.

    Attributes:
        duration_s: int32, [n, n], seconds, row = origin, UNREACHABLE where no street is near.
        distance_m: int32, [n, n], metres, the same way round.
        toll_clp: int32, [n, n], what gates and zones of known price cost on the way.
    """

    duration_s: NDArray[np.int32]
    distance_m: NDArray[np.int32]
    toll_clp: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAndColumn:
    """One more point of a matrix.

    Attributes:
        row_s: int32, [n], seconds from it to every earlier point, UNREACHABLE where no way leads.
        column_s: int32, [n], seconds from every earlier point to it.
        places: The earlier points and this one, for the next.
    """

    row_s: NDArray[np.int32]
    column_s: NDArray[np.int32]
    places: Places


class RoadNetwork:
    """The roads of one city, at the speeds of its table and of what is known right now.

    Immutable but for the metrics it keeps and for ``set_live``, which the one writer of live
    traffic calls; every question is answered from one overlay, the one it began with.
    """

    def __init__(self, graph: RoadGraph, conditions: Conditions) -> None:
        self.graph = graph
        self.plane = Plane(float(np.median(graph.lats)))
        self._conditions = conditions

    @classmethod
    def load(cls, city_dir: Path) -> RoadNetwork:
        """Reads what ``save_network`` wrote; under a second for a large city."""
        own_speeds = city_dir / SPEEDS_FILE
        table = SpeedTable.load(own_speeds if own_speeds.exists() else None)
        return cls._loaded(city_dir, table, VAN)

    @classmethod
    def load_bicycles(cls, city_dir: Path) -> RoadNetwork:
        """Reads the streets and paths of bicycles, if the city was built with them.

        Raises:
            VehicleNotServedError: It was not.
        """
        folder = city_dir / BICYCLES_FOLDER
        if not folder.exists():
            raise VehicleNotServedError(vehiculo=VehicleKind.BICYCLE.name)
        own_speeds = city_dir / BICYCLE_SPEEDS_FILE
        own = own_speeds if own_speeds.exists() else None
        return cls._loaded(folder, SpeedTable.load(own, BICYCLE_SPEEDS_FILE), BICYCLE)

    @classmethod
    def _loaded(cls, folder: Path, table: SpeedTable, vehicle: Vehicle) -> RoadNetwork:
        graph = RoadGraph.load(folder / _GRAPH_FILE)
        conditions = Conditions(
            table=table,
            hierarchy=Hierarchy.load(graph, folder / _HIERARCHY_FOLDER),
            now=Now(NO_LIVE_SPEEDS),
            snapper=Snapper(graph, Plane(float(np.median(graph.lats)))),
            vehicle=vehicle,
            signs=Signs(graph, vehicle),
            learnt=find_learnt(folder, graph),
        )
        return cls(graph, conditions)

    def _under(self, **changes: Any) -> RoadNetwork:
        """The same streets under other conditions."""
        return RoadNetwork(self.graph, replace(self._conditions, **changes))

    def _otherwise(self, **changes: Any) -> RoadNetwork:
        """The same streets under conditions that ask for metrics of their own."""
        return self._under(hierarchy=self._conditions.hierarchy.without_metrics(), **changes)

    @property
    def table(self) -> SpeedTable:
        """The speeds of the half hours, under what is known right now."""
        return self._conditions.table

    @property
    def learnt(self) -> LearntSpeeds | None:
        """What the fleet's traces taught, over the table and under what is known right now."""
        return self._conditions.learnt

    @property
    def live(self) -> LiveOverlay:
        """What is known of the streets right now."""
        return self._conditions.now.overlay

    @property
    def arcs(self) -> Arcs:
        """The turns in the order they are contracted, for searches elsewhere."""
        return self._conditions.hierarchy.arcs

    def set_live(self, overlay: LiveOverlay) -> None:
        """Lays ``overlay`` over the table in place of the one before, for whoever asks next.

        For the one writer of live traffic. The first question in a half hour it touches takes
        0.1 s more.
        """
        self._conditions.now.overlay = overlay

    def with_live(self, overlay: LiveOverlay) -> RoadNetwork:
        """The same roads under another overlay: what would be if this street were closed."""
        return self._under(now=Now(overlay))

    def with_table(self, table: SpeedTable) -> RoadNetwork:
        """The same roads and the same live traffic at the speeds of another table."""
        return self._otherwise(table=table)

    def with_vehicle(self, vehicle: Vehicle) -> RoadNetwork:
        """The same roads and traffic for another vehicle: what is closed to it is unreachable.

        Raises:
            VehicleNotServedError: A bicycle among motor vehicles, or the other way round.
        """
        if (vehicle.kind == VehicleKind.BICYCLE) != (self.vehicle.kind == VehicleKind.BICYCLE):
            raise VehicleNotServedError(vehiculo=vehicle.kind.name)
        if vehicle == self.vehicle:
            return self
        return self._otherwise(vehicle=vehicle, signs=Signs(self.graph, vehicle))

    def with_charges(self, tables: ChargeTables) -> RoadNetwork:
        """The same network with the toll gates and restricted zones of a city."""
        return self._otherwise(charges=Charges(self.graph, self.plane, tables))

    @property
    def charges(self) -> Charges | None:
        """The toll gates and restricted zones, if the city has any."""
        return self._conditions.charges

    def with_kerb(self, kerb: Kerb) -> RoadNetwork:
        """The same network, with stops reached from their own side of the street where told."""
        return self._under(kerb=kerb)

    @property
    def vehicle(self) -> Vehicle:
        """Who drives."""
        return self._conditions.vehicle

    def with_learnt(self, learnt: LearntSpeeds | None) -> RoadNetwork:
        """The same roads and the same live traffic under another version of what was learnt."""
        return self._otherwise(learnt=learnt)

    def snap(self, position: Position) -> Snap | None:
        """The place on the street nearest to ``position``; None when none is near enough."""
        return self._snapped([position])[0]

    def places(self, points: Sequence[Position]) -> Places:
        """The points put on streets, for asking more than once; some 20 ms for 1,000."""
        return Places.of(self._snapped(points))

    def _snapped(self, points: Sequence[Position]) -> list[Snap | None]:
        return self._conditions.snapper.snap_all(points, self._conditions.kerb)

    def can_stop(self, position: Position) -> bool:
        """Whether ``snap`` would find a place; three times as fast, for lists of orders."""
        return bool(
            self._conditions.snapper.can_stop(np.array([position.lon]), np.array([position.lat]))[0]
        )

    def metric(self, departure: datetime | None) -> Metric:
        """Shortest times at the half hour of ``departure``, live traffic included where it holds.

        None means a usual working hour, without anything live.
        """
        return self._conditions.metric(self.graph, departure)

    def special(self, departure: datetime | None) -> Hashable:
        """Equal for half hours in which the same is live, closed by zones and paid at gates."""
        return self._conditions.special(departure)

    def tolls(
        self,
        points: Sequence[Position],
        departure: datetime | None,
        seconds: NDArray[np.int32],
    ) -> NDArray[np.int32] | None:
        """What gates and zones cost on the ways of a matrix of these points, pesos; None for none.

        int32, [n, n], row = origin; ``seconds`` is what ``matrix`` gave. 2 ms a gate and hour.
        """
        charges = self._conditions.charged(departure)
        if not charges:
            return None
        metric, places = self.metric(departure), self._checked_places(points)
        return tolls_between(self.graph, metric, places, charges, seconds)

    def length_metric(self) -> Metric:
        """Shortest ways in millimetres, for matching traces."""
        return self._conditions.hierarchy.length_metric()

    def free_flow_mps(self) -> NDArray[np.float64]:
        """float64, [segment], metres per second on an empty road, signs included."""
        speeds: NDArray[np.float64] = self.graph.segment_length_m / free_flow_s(
            self.graph, self._conditions.table
        )
        return speeds

    def matrix(
        self,
        points: Sequence[Position],
        departure: datetime | None,
        on_rows: RowsReport = lambda _: None,
    ) -> NDArray[np.int32]:
        """Durations between all points: int32, [n, n], seconds, row = origin.

        UNREACHABLE (-1) where no way leads; 0 on the diagonal where a street is near. Some 5 ms a
        point in a large city. ``on_rows`` is told how many rows each step has finished.

        Raises:
            TooManyPointsError: More than MATRIX_POINTS_MAX.
        """
        count = len(points)
        result = np.full((count, count), UNREACHABLE, dtype=np.int32)
        if count <= _PAIRS_POINTS_MAX:
            anchors, metric = self._anchors(points, departure)
            for rows, pairs in self._chunks(anchors, metric):
                result[np.ix_(rows.point, anchors.point)] = _seconds(pairs)
                on_rows(len(rows.point))
            return result
        finder = self._row_finder(points, departure)
        for first in range(0, count, _ROWS_PER_CHUNK):
            after = min(first + _ROWS_PER_CHUNK, count)
            result[first:after] = finder.rows(first, after, count)
            on_rows(after - first)
        return result

    def _row_finder(self, points: Sequence[Position], departure: datetime | None) -> RowFinder:
        places = self._checked_places(points)
        kit = make_slice_kit(self.graph, self.metric(departure), places)
        return RowFinder(kit, arcs_with_places(self.arcs, places).topology())

    def row_and_column(
        self, places: Places, point: Position, departure: datetime | None
    ) -> RowAndColumn:
        """What a matrix of ``places`` needs to hold one more point: two searches each way.

        Some 30 ms for 5,000 places in a large city; 0.2 s more when it is the first question of
        its half hour.
        """
        metric = self.metric(departure)
        new = self.places([point])
        before, after = Anchors.of(metric, places), Anchors.of(metric, new)
        row_s, column_s = (np.full(places.count, UNREACHABLE, np.int32) for _ in range(2))
        if len(new.point):
            # The new point's own number is taken among the earlier ones: it comes after them.
            after = replace(after, point=after.point + places.count)
            there = best_pairs(self.graph, metric, after, before)
            back = best_pairs(self.graph, metric, before, after)
            row_s[before.point] = _seconds(there)[0]
            column_s[before.point] = _seconds(back)[:, 0]
        return RowAndColumn(row_s=row_s, column_s=column_s, places=places.followed_by(new))

    def matrix_with_distances(
        self,
        points: Sequence[Position],
        departure: datetime | None,
        on_rows: RowsReport = lambda _: None,
    ) -> RoadMatrix:
        """Durations, and metres and tolls along those same paths; 15 ms a point and direction.

        Raises:
            TooManyPointsError: More than MATRIX_POINTS_MAX.
        """
        anchors, metric = self._anchors(points, departure)
        duration_s = np.full((len(points), len(points)), UNREACHABLE, dtype=np.int32)
        distance_m, toll_clp = duration_s.copy(), duration_s.copy()
        charges = self._conditions.charged(departure)
        for rows, pairs in self._chunks(anchors, metric):
            spot = np.ix_(rows.point, anchors.point)
            duration_s[spot] = _seconds(pairs)
            sums = sums_along_trees(self.graph, metric, rows, anchors, pairs, charges=charges)
            distance_m[spot] = np.where(pairs.is_reachable, np.rint(sums.metres), UNREACHABLE)
            toll_clp[spot] = np.where(pairs.is_reachable, np.rint(sums.toll_clp), UNREACHABLE)
            on_rows(len(rows.point))
        return RoadMatrix(duration_s=duration_s, distance_m=distance_m, toll_clp=toll_clp)

    def path(self, origin: Position, destination: Position, departure: datetime | None) -> RoadPath:
        """The fastest path.

        Raises:
            UnreachableError: No street is near one of the two.
        """
        anchors, metric = self._anchors([origin, destination], departure)
        pairs = best_pairs(self.graph, metric, anchors.chosen(slice(0, 1)), anchors)
        if len(anchors.point) < 2 or not pairs.is_reachable[0, 1]:
            raise UnreachableError(
                desde=(origin.lon, origin.lat), hasta=(destination.lon, destination.lat)
            )
        start, end = int(pairs.origin_side[0, 1]), int(pairs.destination_side[0, 1])
        edges = self._edges(metric, anchors, (start, end), is_loop=bool(pairs.is_loop[0, 1]))
        fractions = float(anchors.fraction[0, start]), float(anchors.fraction[1, end])
        return RoadPath(
            duration_s=int(seconds_of(pairs.ticks[0, 1])),
            distance_m=round(length_along_m(self.graph, edges, fractions)),
            geometry=joined_geometry(self.graph, edges, fractions),
            edges=tuple(edges),
            toll_clp=round(tolls_along(edges, fractions, self._conditions.charged(departure))),
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
        metric = self.metric(departure)
        return Anchors.of(metric, self._checked_places(points)), metric

    def _checked_places(self, points: Sequence[Position]) -> Places:
        if len(points) > MATRIX_POINTS_MAX:
            raise TooManyPointsError(puntos=len(points))
        return self.places(points)

    def _chunks(self, anchors: Anchors, metric: Metric) -> Iterator[tuple[Anchors, PairTicks]]:
        for first in range(0, len(anchors.point), _ROWS_PER_CHUNK):
            rows = anchors.chosen(slice(first, first + _ROWS_PER_CHUNK))
            yield rows, best_pairs(self.graph, metric, rows, anchors)


def _seconds(pairs: PairTicks) -> NDArray[np.int64]:
    return np.where(pairs.ticks < UNREACHABLE_TICKS, seconds_of(pairs.ticks), UNREACHABLE)


def save_network(graph: RoadGraph, city_dir: Path) -> None:
    """Writes the graph and its hierarchy where ``RoadNetwork.load`` finds them."""
    graph.save(city_dir / _GRAPH_FILE)
    build_hierarchy(graph, city_dir / _HIERARCHY_FOLDER)
