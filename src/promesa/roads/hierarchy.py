"""The customizable contraction hierarchy: shortest times over the graph's turns, very fast.

Dibbelt, Strasser and Wagner 2016, doi 10.1145/2886843, as RoutingKit implements it. A node of the
hierarchy is an edge of the road graph, an arc is a turn. This file alone knows pyroutingkit; it
checks every id, because the library does not.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pyroutingkit
from numpy.typing import NDArray

from promesa.roads.graph import RoadGraph
from promesa.roads.profiles import SpeedTable
from promesa.roads.traffic import TrafficSlice, TravelTimes, travel_times

UNREACHABLE_TICKS = int(pyroutingkit.INF_WEIGHT)
# A metric of a large city takes about 10 MB; a day of work asks for a dozen hours.
METRICS_KEPT_MAX = 16
# So many origins at once keep a matrix as fast as all at once, and let others in between.
ORIGINS_PER_CALL = 32


def build_hierarchy(graph: RoadGraph, folder: Path) -> None:
    """Orders the graph by nested dissection and saves the order; 3 s for a large city."""
    middle = (graph.segment_first[:-1] + graph.segment_first[1:] - 1) // 2
    topology = pyroutingkit.CCHTopology()
    topology.build(
        graph.turn_from,
        graph.turn_to,
        graph.lats[middle][graph.edge_segment].astype(np.float32),
        graph.lons[middle][graph.edge_segment].astype(np.float32),
        graph.edge_count,
    )
    folder.mkdir(parents=True, exist_ok=True)
    topology.save(str(folder))


class Metric:
    """Shortest times in one slice of traffic; every question is answered in ticks."""

    def __init__(self, topology: Any, times: TravelTimes, lock: Lock) -> None:
        self.times = times
        self._lock = lock
        self._edge_count = len(times.edge_ticks)
        self._metric = pyroutingkit.CCHMetric(topology)
        self._metric.customize(times.turn_ticks)

    def ticks_between(
        self, origins: NDArray[np.uint32], destinations: NDArray[np.uint32]
    ) -> NDArray[np.int64]:
        """int64, [origin, destination], from the start of an edge to the start of another."""
        self._check(origins)
        self._check(destinations)
        rows = []
        for first in range(0, len(origins), ORIGINS_PER_CALL):
            with self._lock:
                rows.append(
                    self._metric.distances_many_to_many(
                        origins[first : first + ORIGINS_PER_CALL], destinations
                    )
                )
        return np.concatenate(rows).astype(np.int64)

    def edges_between(self, origin: int, destination: int) -> tuple[int, list[int]]:
        """Ticks from the start of ``origin`` to that of ``destination``, and the edges, both in."""
        self._check(np.array([origin, destination], dtype=np.int64))
        with self._lock:
            ticks, edges, _ = self._metric.query(origin, destination)
        return int(ticks), [int(edge) for edge in edges]

    def _check(self, edges: NDArray[Any]) -> None:
        if len(edges) and not (edges.min() >= 0 and edges.max() < self._edge_count):
            raise IndexError("an edge id is outside the graph")


class Hierarchy:
    """The order of the graph, and the metrics of the hours asked for so far."""

    def __init__(self, graph: RoadGraph, table: SpeedTable, folder: Path) -> None:
        """Loads what ``build_hierarchy`` saved."""
        self._graph = graph
        self._table = table
        self._lock = Lock()
        self._topology = pyroutingkit.CCHTopology()
        self._topology.load(str(folder))
        self._lengths: Metric | None = None
        self._metrics: OrderedDict[TrafficSlice, Metric] = OrderedDict()

    def length_metric(self) -> Metric:
        """Millimetres in place of ticks: the shortest ways, whatever the hour."""
        if self._lengths is None:
            graph = self._graph
            length_mm = np.rint(graph.segment_length_m[graph.edge_segment] * 1000)
            length_mm = np.maximum(1, length_mm).astype(np.int64)
            turn_mm = length_mm[graph.turn_from].astype(np.uint32)
            lengths = TravelTimes(edge_ticks=length_mm, turn_ticks=turn_mm)
            self._lengths = Metric(self._topology, lengths, self._lock)
        return self._lengths

    def metric(self, traffic_slice: TrafficSlice) -> Metric:
        """The metric of a slice: made in about 0.1 s when first asked for, then kept."""
        metric = self._metrics.get(traffic_slice)
        if metric is None:
            times = travel_times(self._graph, self._table, traffic_slice)
            metric = Metric(self._topology, times, self._lock)
        self._metrics[traffic_slice] = metric
        self._metrics.move_to_end(traffic_slice)
        while len(self._metrics) > METRICS_KEPT_MAX:
            self._metrics.popitem(last=False)
        return metric
